"""Reading: the days, a day's entries, and what a search finds, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fieldlog.model.errors import NotFound
from fieldlog.model.filing import occurred
from fieldlog.model.state import ENTRIES, State
from fieldlog.store.store import Store

Row = dict[str, Any]


def dates(state: State) -> list[str]:
    """Every production date that is planned or holds an entry, in order."""
    planned = {doc["date"] for doc in state.docs("days")}
    held = {table.removeprefix(ENTRIES) for table in state.entry_tables() if any(state.docs(table))}
    return sorted(planned | held)


def day_doc(state: State, date: str) -> Mapping[str, Any]:
    """The day record of a date; a day that nobody planned has only its date."""
    return next((doc for doc in state.docs("days") if doc["date"] == date), {"date": date})


def code_of(state: State, date: str) -> str:
    """PD14; the date where the day has no number."""
    return str(day_doc(state, date).get("code") or date)


def days(store: Store) -> Iterator[Row]:
    """A row a production day: `id code n date type title entries voices photos`."""
    for date in dates(store.state):
        doc = day_doc(store.state, date)
        held = [_held(store.state, entry) for entry in store.state.docs(ENTRIES + date)]
        yield {
            "id": doc.get("id"), "code": doc.get("code") or date, "n": doc.get("n"), "date": date,
            "type": doc.get("type", "unplanned"), "title": doc.get("title"), "entries": len(held),
            "voices": sum(voices for voices, _ in held), "photos": sum(photos for _, photos in held),
        }  # fmt: skip


def _held(state: State, entry: Mapping[str, Any]) -> tuple[int, int]:
    """Whether an entry is or holds a voice memo, of however many segments, and how many photos it holds."""
    files = [(state.get(record) or {}).get("kind") for record in entry.get("attachments", ())]
    return int("audio" in files or entry["kind"] == "voice"), files.count("photo")


def date_named(state: State, name: str) -> str:
    """The date of a day by its code, its number or its date. Raises `NotFound`."""
    plain = name.strip().casefold()
    for doc in state.docs("days"):
        if plain in {str(doc.get("code") or "").casefold(), str(doc.get("n") or ""), doc["date"]}:
            return str(doc["date"])
    if ENTRIES + plain in state.tables:
        return plain
    raise NotFound(f"There is no production day {name}.")


def day(store: Store, name: str) -> list[Row]:
    """A day's entries in the order in which they occurred."""
    table = store.db.table(ENTRIES + date_named(store.state, name))
    return rows(store.state, (doc for doc in table.all() if _shown(doc)))


def find(store: Store, words: Iterable[str], scope: str = "all") -> list[Row]:
    """Entries that hold all the words, newest production day first and latest first within it."""
    found = (store.state.get(record) for record in store.search.find(words, scope))
    return rows(store.state, (doc for doc in found if doc))[::-1]


def rows(state: State, docs: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Entries as rows, ordered by day, by when they occurred, and by id."""
    keyed = [(state.date(doc["id"]) or "", occurred(doc), doc["id"], doc) for doc in docs]
    codes = {date: code_of(state, date) for date in {key[0] for key in keyed}}
    ordered = sorted(keyed, key=lambda key: key[:3])
    return [row(state, doc, date, codes[date]) for date, _, _, doc in ordered]


def row(state: State, doc: Mapping[str, Any], date: str, code: str) -> Row:
    """One entry: ids written out as the codes people use."""
    return {
        "id": doc["id"], "source_id": doc.get("source_id"), "day": code, "date": date,
        "occurred_at": doc["occurred_at"], "created_at": doc["created_at"],
        "precision": doc.get("precision", "exact"), "kind": doc["kind"],
        "note_type": doc.get("note_type", "none"), "session": _named(state, doc.get("session"), "title"),
        "place": _named(state, doc.get("place"), "name"), "scene": _named(state, doc.get("scene"), "code"),
        "people": [_named(state, who, "code") for who in doc.get("people", ())],
        "codes": [_named(state, code, "code") for code in doc.get("codes", ())],
        "attachments": [_file(state, record) for record in doc.get("attachments", ())],
        "suspect": bool(doc.get("occurred", {}).get("suspect")), "text": doc.get("text", ""),
    }  # fmt: skip


def _named(state: State, record: str | None, name: str) -> str | None:
    doc = state.get(record) if record else None
    return str(doc.get(name) or doc["id"]) if doc else record


def _file(state: State, record: str) -> Row:
    doc = state.get(record) or {}
    return {name: doc.get(name) for name in ("kind", "name", "sha256", "integrity")}


def _shown(doc: Mapping[str, Any]) -> bool:
    return "_deleted" not in doc and "_erased" not in doc
