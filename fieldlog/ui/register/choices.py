"""What a window offers to be picked: people, codes, places, figures; each with the words it is called by here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldlog.model.records import StoredEntry, StoredPerson, StoredPlace, StoredSession
from fieldlog.model.register import consent_of
from fieldlog.services.register import lookup
from fieldlog.services.register.lookup import Named

if TYPE_CHECKING:
    from fieldlog.ui.window.window import Window

Doc = Mapping[str, Any]
MANY = 8
FIGURES = ("完播率", "ROI", "CPM", "DAU")
"""Numbers micro-drama people live by, offered until the study has its own."""

UNITS = ("%", "万", "¥", "s", "min", "×")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to pick. `declined` is struck through; `asked` is false where consent to notes is missing."""

    id: str
    words: str
    declined: bool = False
    asked: bool = True


class Picking:
    """Reads the register for one window. Without a study nothing is offered."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def people(self, typed: str) -> list[Choice]:
        """At most eight that what was typed may mean."""
        return self._choices(lookup.people_named, typed)

    def places(self, typed: str) -> list[Choice]:
        return self._choices(lookup.places_named, typed)

    def codes(self, typed: str) -> list[str]:
        """Names of codes: those that what was typed may mean."""
        work = self._window.desk.work
        return [one.code for one in lookup.codes_named(work, typed, MANY)] if work else []

    def present(self) -> list[Choice]:
        """The people of the session that goes on."""
        work, capture = self._window.desk.work, self._window.desk.capture
        if work is None or capture is None:
            return []
        session = work.store.state.read(StoredSession, capture.session_at(capture.now().at))
        ids = dict.fromkeys(map(work.store.state.real, session.people if session else ()))
        return [self.choice(doc) for one in ids if (doc := work.store.state.get(one))]

    def named(self, ids: Iterable[str]) -> list[Choice]:
        """These records, in their order, as far as they are here."""
        work = self._window.desk.work
        return [self.choice(doc) for one in ids if work and (doc := work.store.state.get(one))]

    def choice(self, doc: Doc) -> Choice:
        """A record as it is picked."""
        person, place = StoredPerson.of(doc), StoredPlace.of(doc)
        pairs = (person.pseudonym, person.pseudonym_zh), (place.name, place.name_zh)
        first = -1 if self._window.words.chinese else 1
        name = next((one for pair in pairs for one in pair[::first] if one), "")
        code, consent = person.code, consent_of(doc)
        state, notes = consent["state"], consent["scopes"]["notes"]
        return Choice(
            id=person.id, words=f"{code} {name}".strip() if code != name else name,
            declined=state in ("declined", "withdrawn") or notes == "no",
            asked="consent" not in doc or notes == "yes",
        )  # fmt: skip

    def figures(self) -> list[str]:
        """Names of figures used here, the latest first, and those everybody knows."""
        work = self._window.desk.work
        days = work.store.state.entry_tables()[-7:] if work else []
        entries = [one for day in days for one in work.store.state.each(StoredEntry, day)] if work else []
        latest = sorted((one for one in entries if one.figure), key=lambda one: one.stamp, reverse=True)
        return list(dict.fromkeys([*(str(one.figure.get("name")) for one in latest), *FIGURES]))[:MANY]

    def _choices(self, find: Any, typed: str) -> list[Choice]:
        work = self._window.desk.work
        found: list[Named] = find(work, typed, MANY) if work else []
        return self.named(one.id for one in found)
