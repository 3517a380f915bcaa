"""May this be recorded here: what the session allows, and what each of its people agreed to.

Read strictly: what was not said is not agreed. Nothing is decided here; a face asks, and keeps the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fieldlog.model.records import StoredPerson, StoredSession
from fieldlog.model.register import consent_of
from fieldlog.services.study.workspace import Workspace

Medium = Literal["audio", "photo", "notes"]
Kind = Literal["session", "declined", "not-agreed", "minor"]


@dataclass(frozen=True, kw_only=True)
class Objection:
    """Why a medium is not to be recorded now. Only of kind `minor` can't be overridden.

    `person` is the id in the register, `name` the code and pseudonym ("P08 Lei"), `name_zh` the same in
    Chinese; all three are empty where the session itself does not allow it.
    """

    kind: Kind
    person: str = ""
    name: str = ""
    name_zh: str = ""

    @property
    def blocks(self) -> bool:
        """Whether no reason helps."""
        return self.kind == "minor"


def objections(work: Workspace, medium: Medium, session: str | None) -> tuple[Objection, ...]:
    """What speaks against recording `medium` in a session (its id): the session first, then its people in order.

    Without a session nobody is known to be there, and nothing speaks against it.
    """
    stored = work.store.state.read(StoredSession, session)
    if stored is None:
        return ()
    found = [] if medium in stored.may_record else [Objection(kind="session")]
    return (*found, *_of_people(work, medium, stored))


def allowed(session: Mapping[str, Any]) -> tuple[str, ...]:
    """What a session's document lets be recorded. Where nothing was ever said that is notes and no more."""
    return StoredSession.of(session).may_record


def _of_people(work: Workspace, medium: Medium, session: StoredSession) -> Iterator[Objection]:
    for person in dict.fromkeys(map(work.store.state.real, session.people)):
        stored = work.store.state.read(StoredPerson, person) or StoredPerson.of({"id": person})
        kind = _of_person(stored, medium)
        if kind is not None:
            code, name = stored.code or "?", stored.pseudonym
            names = [f"{code} {said}".strip() for said in (name, stored.pseudonym_zh or name)]
            yield Objection(kind=kind, person=person, name=names[0], name_zh=names[1])


def _of_person(person: StoredPerson, medium: Medium) -> Kind | None:
    if person.minor and medium != "notes":
        return "minor"
    consent = consent_of(person.doc)
    state, said = consent["state"], consent["scopes"][medium]
    if state in ("declined", "withdrawn") or said == "no":
        return "declined"
    return None if said == "yes" and state in ("granted", "partly-withdrawn") else "not-agreed"
