"""What a window offers to be picked: people, codes, places, figures; each with the words it is called by here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldlog.model.records import StoredEntry, StoredPerson, StoredPlace
from fieldlog.model.register import consent_of
from fieldlog.services.register import lookup
from fieldlog.services.register.lookup import Named
from fieldlog.ui.window.journey import Journey

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


class Picking(Journey):
    """Reads the register for one window."""

    def people(self, typed: str) -> list[Choice]:
        """At most eight that what was typed may mean."""
        return self._choices(lookup.people_named, typed)

    def places(self, typed: str) -> list[Choice]:
        return self._choices(lookup.places_named, typed)

    def codes(self, typed: str) -> list[str]:
        """Names of codes: those that what was typed may mean."""
        work = self.work
        return [one.code for one in lookup.codes_named(work, typed, MANY)]

    def present(self) -> list[Choice]:
        """The people of the session that goes on."""
        work, session = self.work, self.session
        ids = dict.fromkeys(map(work.store.state.real, session.people if session else ()))
        return [self.choice(doc) for one in ids if (doc := work.store.state.get(one))]

    def named(self, ids: Iterable[str]) -> list[Choice]:
        """These records, in their order, as far as they are here."""
        return [self.choice(doc) for one in ids if (doc := self.work.store.state.get(one))]

    def choice(self, doc: Doc) -> Choice:
        """A record as it is picked."""
        person, place = StoredPerson.of(doc), StoredPlace.of(doc)
        pairs = (person.pseudonym, person.pseudonym_zh), (place.name, place.name_zh)
        first = -1 if self.words.chinese else 1
        name = next((one for pair in pairs for one in pair[::first] if one), "")
        code, consent = person.code, consent_of(doc)
        state, notes = consent["state"], consent["scopes"]["notes"]
        return Choice(
            id=person.id, words=f"{code} {name}".strip() if code != name else name,
            declined=state in ("declined", "withdrawn") or notes == "no",
            asked="consent" not in doc or notes == "yes",
        )  # fmt: skip

    def called(self, name: str, value: Any) -> str:
        """What the field of a record says that names another record: a code, a title, a file's name."""
        doc = self.work.store.state.get(value) if isinstance(value, str) else None
        if doc is None:
            return str(value)
        if name == "place":
            return self.choice(doc).words
        names = ("code", "title", "name", "kind")
        return next((str(doc[one]) for one in names if doc.get(one)), str(value))

    def figures(self) -> list[str]:
        """Names of figures used here, the latest first, and those everybody knows."""
        state = self.work.store.state
        entries = [one for day in state.entry_tables()[-7:] for one in state.each(StoredEntry, day)]
        latest = sorted((one for one in entries if one.figure), key=lambda one: one.stamp, reverse=True)
        return list(dict.fromkeys([*(str(one.figure.get("name")) for one in latest), *FIGURES]))[:MANY]

    def _choices(self, find: Any, typed: str) -> list[Choice]:
        found: list[Named] = find(self.work, typed, MANY)
        return self.named(one.id for one in found)
