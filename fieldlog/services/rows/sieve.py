"""What of a study is looked at: all of it, or what has to do with a person, a department, a kind of session, a
place."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

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

    def of(self, state: State) -> Sieve:
        """What tells, for this state, which sessions and entries are looked at."""
        return Sieve(self, state)


EVERYTHING = Kept()


class Sieve:
    """Tells what `kept` keeps of a state, which must not change meanwhile. `everything` saves the asking."""

    def __init__(self, kept: Kept, state: State) -> None:
        self.everything = kept == EVERYTHING
        self._kept, self._state, self._real = kept, state, state.real
        groups = state.about.groups
        found = state.each(StoredPerson) if kept.group else ()
        self._members = {one.id for one in found if group_of(one.dept, groups) == kept.group}
        self._sessions = dict[str, tuple[bool, frozenset[str], bool]]()

    def session(self, one: StoredSession) -> bool:
        """Whether a session is looked at."""
        kind, who, place = self._of(one)
        return kind and place and self._wanted(who)

    def entry(self, doc: Doc) -> bool:
        """Whether an entry is looked at."""
        kind, who, place = self._session(session_of(doc) or "")
        return kind and (place or self._place(place_of(doc))) and self._wanted(who | self._people(people_of(doc)))

    def _session(self, session: str) -> tuple[bool, frozenset[str], bool]:
        """Whether a session's kind and place are what is wanted, and its people; of no session, whether nothing
        is wanted."""
        if session not in self._sessions:
            one = self._state.read(StoredSession, session)
            none = not self._kept.kind, frozenset[str](), not self._kept.place
            self._sessions[session] = self._of(one) if one is not None and one.shown else none
        return self._sessions[session]

    def _of(self, one: StoredSession) -> tuple[bool, frozenset[str], bool]:
        return self._kept.kind in ("", one.type), self._people(one.people), self._place(one.place)

    def _place(self, place: str | None) -> bool:
        return not self._kept.place or (place is not None and self._real(place) == self._kept.place)

    def _people(self, people: Iterable[str]) -> frozenset[str]:
        return frozenset(map(self._real, people))

    def _wanted(self, who: Set[str]) -> bool:
        """Whether the person wanted is among them, and somebody of the department wanted."""
        kept = self._kept
        return (not kept.person or kept.person in who) and (not kept.group or not self._members.isdisjoint(who))
