"""What of a study is looked at: all of it, or what has to do with a person, a department, a kind of session, a
place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldlog.model.departments import group_of
from fieldlog.model.production_day import Doc
from fieldlog.model.records import StoredPerson, StoredSession, people_of, place_of, session_of
from fieldlog.model.state import State


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Each of these that is not "" must hold. `person` and `place` are ids, `group` one of eight groups of
    departments, `kind` a type of session.

    A session is of its own people and place. An entry is of its own, and of those of its session; it is of its
    session's kind.
    """

    person: str = ""
    group: str = ""
    kind: str = ""
    place: str = ""

    def keeps_session(self, one: StoredSession, state: State) -> bool:
        """Whether a session is looked at."""
        return self == EVERYTHING or self._keeps(state, one.people, one.type, {one.place})

    def keeps_entry(self, doc: Doc, state: State) -> bool:
        """Whether an entry is looked at."""
        if self == EVERYTHING:
            return True
        session = state.read(StoredSession, session_of(doc) or "")
        if session is None or not session.shown:
            return self._keeps(state, people_of(doc), "", {place_of(doc)})
        both = (*people_of(doc), *session.people)
        return self._keeps(state, both, session.type, {place_of(doc), session.place})

    def _keeps(self, state: State, people: Any, kind: str, places: set[str | None]) -> bool:
        if self.kind and kind != self.kind:
            return False
        if self.place and self.place not in {state.real(one) for one in places if one}:
            return False
        who = {state.real(one) for one in people}
        if self.person and self.person not in who:
            return False
        return not self.group or any(department(state, one) == self.group for one in who)


EVERYTHING = Kept()


def department(state: State, person: str) -> str:
    """The group of a person's department, "" where nobody knows."""
    found = state.read(StoredPerson, person)
    return group_of(found.dept, state.about.groups) if found else ""
