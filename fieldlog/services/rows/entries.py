"""Entries as plain rows: one, a day's, what a search finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fieldlog.model import records
from fieldlog.model.errors import NotFound
from fieldlog.model.production_day import in_time
from fieldlog.model.readable import why_unread
from fieldlog.model.records import (
    StoredEntry,
    StoredFile,
    files_of,
    id_of,
    session_of,
)
from fieldlog.model.standing import erased, shown
from fieldlog.model.state import ASIDE, ENTRIES, State
from fieldlog.services.rows.days import Row, code_of, date_named, of_day
from fieldlog.store.store import Store


def entry(store: Store, record: str) -> Row:
    """One entry. Raises `NotFound` where there is none to be seen."""
    doc, date = store.state.get(record) or store.state.part(record), store.state.date(record)
    if doc is None or date is None or erased(doc):
        raise NotFound("This entry is not here any more.")
    return row(store.state, doc, date, code_of(store.state, date))


def day(store: Store, name: str) -> list[Row]:
    """A day's entries in the order in which they occurred."""
    date = date_named(store.state, name)
    found = (doc for doc in store.db.table(ENTRIES + date).all() if shown(doc))
    return rows(store.state, [*found, *store.state.parts(date)])


def part_of_day(store: Store, date: str, start: int, count: int) -> tuple[list[Row], int]:
    """`count` entries of a production date from the `start`th on, in their order, and how many there are.

    A negative `start` counts from the day's end.
    """
    docs = _in_order(store, date)
    first = start if start >= 0 else max(0, len(docs) + start)
    code, called = code_of(store.state, date), _Called(store.state)
    return [row(store.state, doc, date, code, called) for doc in docs[first : first + count]], len(docs)


def place_in_day(store: Store, date: str, record: str) -> int:
    """How many entries of a production date stand before this one. Raises `NotFound` where it is not there."""
    ids = [one for _, one in sorted(map(in_time, of_day(store.state, date)))]
    if record in ids:
        return ids.index(record)
    raise NotFound("This entry is not here any more.")


def first_of_session(store: Store, date: str, session: str) -> str | None:
    """The id of the first entry of a session, filed under this production date; None where it has none."""
    found = [doc for doc in of_day(store.state, date) if session_of(doc) == session]
    return id_of(min(found, key=in_time)) if found else None


def made_during(store: Store, memo: str) -> list[tuple[str, float]]:
    """What was made while a memo ran, by the memo's entry: ids, and seconds into its sound, in that order."""
    date = store.state.date(memo) or ""
    found = [(StoredEntry.of(doc).during, id_of(doc)) for doc in of_day(store.state, date) if doc.get("during")]
    mine = [(float(one.get("at") or 0), record) for one, record in found if one.get("memo") == memo]
    return [(record, at) for at, record in sorted(mine)]


def photos_of(store: Store, date: str, count: int) -> list[str]:
    """The sha256 of the first photos of a production date, at most `count`."""
    found: list[str] = []
    for doc in _in_order(store, date):
        files = (store.state.read(StoredFile, record) for record in files_of(doc))
        found += [one.sha256 for one in files if one and one.kind == "photo" and one.sha256 and one.shown]
        if len(found) >= count:
            break
    return found[:count]


def _in_order(store: Store, date: str) -> list[Mapping[str, Any]]:
    return sorted(of_day(store.state, date), key=in_time)


def find(store: Store, words: Iterable[str], scope: str = "all") -> list[Row]:
    """Entries that hold all the words, newest production day first and latest first within it."""
    found = (store.state.get(record) for record in store.search.find(words, scope))
    return rows(store.state, (doc for doc in found if doc))[::-1]


def rows(state: State, docs: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Entries as rows, ordered by day, by when they occurred, and by id."""
    timed = [(in_time(doc), doc) for doc in docs]
    keyed = [(state.date(record) or "", at, record, doc) for (at, record), doc in timed]
    codes = {date: code_of(state, date) for date in {key[0] for key in keyed}}
    ordered, called = sorted(keyed, key=lambda key: key[:3]), _Called(state)
    return [row(state, doc, date, codes[date], called) for date, _, _, doc in ordered]


class _Called:
    """What people call records, each looked up once for all rows that are made at one time."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: dict[tuple[str, Callable[[Mapping[str, Any]], str]], str] = {}

    def __call__(self, record: str | None, what: Callable[[Mapping[str, Any]], str]) -> str | None:
        """This of it, else its id; None for no record."""
        if not record:
            return record
        if (record, what) not in self._known:
            doc = self._state.get(self._state.real(record))
            self._known[record, what] = what(doc) or id_of(doc) if doc else record
        return self._known[record, what]


def row(state: State, doc: Mapping[str, Any], date: str, code: str, called: _Called | None = None) -> Row:
    """One entry: ids written out as the codes people use. `unread` says why it is shown as far as it can be read;
    it is "" for nearly all. `filled` says that something of it was lost and stands in from an archive's day."""
    one, called = StoredEntry.of(doc), called or _Called(state)
    return {
        "id": one.id, "source_id": one.source_id, "day": code, "date": date,
        "occurred_at": one.occurred_at, "created_at": one.created_at,
        "precision": one.precision, "kind": one.kind, "note_type": one.note_type,
        "session": called(one.session, records.title_of), "session_id": one.session,
        "place": called(one.place, records.name_of), "scene": called(one.scene, records.code_of),
        "people": list(dict.fromkeys(called(who, records.code_of) for who in one.people)),
        "codes": [called(code, records.code_of) for code in one.codes],
        "attachments": [_file(state, record) for record in one.attachments],
        "suspect": one.suspect, "speech": one.speech, "certainty": one.certainty, "take": one.take,
        "count": one.count, "figure": one.figure, "during": one.during, "override": one.override,
        "text": one.text, "unread": why_aside(state, one.id), "filled": one.filled_in,
    }  # fmt: skip


def why_aside(state: State, record: str) -> str:
    """Why an entry can't be read and is set aside; "" for one that can."""
    aside = state.where.get(record) == f"{ASIDE}entry"
    return why_unread("entry", state.raw(record) or {"id": record}) if aside else ""


def set_aside(store: Store) -> int:
    """How many records can't be read: they are kept and carried on, and `verify` names each."""
    return sum(1 for _ in store.state.aside())


def _file(state: State, record: str) -> Row:
    file = state.read(StoredFile, record)
    if file is None:
        return dict.fromkeys(("kind", "name", "sha256", "integrity", "duration"))
    return {
        "kind": file.kind, "name": file.name, "sha256": file.sha256, "integrity": file.integrity,
        "duration": file.duration,
    }  # fmt: skip
