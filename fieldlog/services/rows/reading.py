"""Reading: the days, a day's entries, and what a search finds, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fieldlog.model.errors import NotFound
from fieldlog.model.filing import occurred
from fieldlog.model.moment import parse
from fieldlog.model.readable import why_unread
from fieldlog.model.sentence import Sentence
from fieldlog.model.state import ASIDE, ENTRIES, State
from fieldlog.store.store import Store

Row = dict[str, Any]


def dates(state: State) -> list[str]:
    """Every production date that is planned or holds an entry, in order."""
    planned = {doc["date"] for doc in state.docs("days")}
    planned |= {date for kind, doc in state.aside() if kind == "entry" and (date := state.date(doc["id"]))}
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
    return (day_row(store, date) for date in dates(store.state))


def day_row(store: Store, date: str) -> Row:
    """One production date as a row."""
    doc = day_doc(store.state, date)
    held = [_held(store.state, entry) for entry in _of(store.state, date)]
    return {
        "id": doc.get("id"), "code": doc.get("code") or date, "n": doc.get("n"), "date": date,
        "type": doc.get("type", "unplanned"), "title": doc.get("title"), "entries": len(held),
        "voices": sum(voices for voices, _ in held), "photos": sum(photos for _, photos in held),
    }  # fmt: skip


def _held(state: State, entry: Mapping[str, Any]) -> tuple[int, int]:
    """Whether an entry is or holds a voice memo, of however many segments, and how many photos it holds."""
    files = [(state.get(record) or {}).get("kind") for record in entry.get("attachments", ())]
    return int("audio" in files or entry.get("kind") == "voice"), files.count("photo")


def date_named(state: State, name: str) -> str:
    """The date of a day by its code, its number or its date. Raises `NotFound`."""
    plain = name.strip().casefold()
    for doc in state.docs("days"):
        if plain in {str(doc.get("code") or "").casefold(), str(doc.get("n") or ""), doc["date"]}:
            return str(doc["date"])
    if ENTRIES + plain in state.tables or plain in dates(state):
        return plain
    raise NotFound(Sentence("There is no production day {name}.", name=name))


def day(store: Store, name: str) -> list[Row]:
    """A day's entries in the order in which they occurred."""
    date = date_named(store.state, name)
    found = (doc for doc in store.db.table(ENTRIES + date).all() if _shown(doc))
    return rows(store.state, [*found, *store.state.parts(date)])


def part_of_day(store: Store, date: str, start: int, count: int) -> tuple[list[Row], int]:
    """`count` entries of a production date from the `start`th on, in their order, and how many there are.

    A negative `start` counts from the day's end.
    """
    docs = _in_order(store, date)
    first = start if start >= 0 else max(0, len(docs) + start)
    code = code_of(store.state, date)
    return [row(store.state, doc, date, code) for doc in docs[first : first + count]], len(docs)


def place_in_day(store: Store, date: str, record: str) -> int:
    """How many entries of a production date stand before this one. Raises `NotFound` where it is not there."""
    for place, doc in enumerate(_in_order(store, date)):
        if doc["id"] == record:
            return place
    raise NotFound("This entry is not here any more.")


def _in_order(store: Store, date: str) -> list[Mapping[str, Any]]:
    return sorted(_of(store.state, date), key=lambda doc: (occurred(doc), doc["id"]))


def entry(store: Store, record: str) -> Row:
    """One entry. Raises `NotFound` where there is none to be seen."""
    doc, date = store.state.get(record) or store.state.part(record), store.state.date(record)
    if doc is None or date is None or "_erased" in doc:
        raise NotFound("This entry is not here any more.")
    return row(store.state, doc, date, code_of(store.state, date))


def sessions_of(store: Store, date: str) -> list[Row]:
    """A production date's sessions in the order in which they began: `id title type starts ends going_on`."""
    found = [doc for doc in store.state.docs("sessions") if store.state.calendar.sessions.get(doc["id"]) == date]
    return [
        {"id": doc["id"], "title": doc.get("title") or "", "type": doc.get("type", "other"),
         "starts": doc["starts"], "ends": doc.get("ends"), "going_on": not doc.get("ends")}
        for doc in sorted(found, key=lambda doc: parse(doc["starts"]))
    ]  # fmt: skip


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
    """One entry: ids written out as the codes people use. `unread` says why it is shown as far as it can be read;
    it is "" for nearly all. `filled` says that something of it was lost and stands in from an archive's day."""
    return {
        "id": doc["id"], "source_id": doc.get("source_id"), "day": code, "date": date,
        "occurred_at": doc["occurred_at"], "created_at": doc["created_at"],
        "precision": doc.get("precision", "exact"), "kind": doc.get("kind", "jotting"),
        "note_type": doc.get("note_type", "none"), "session": _named(state, doc.get("session"), "title"),
        "session_id": doc.get("session"),
        "place": _named(state, doc.get("place"), "name"), "scene": _named(state, doc.get("scene"), "code"),
        "people": list(dict.fromkeys(_named(state, who, "code") for who in doc.get("people", ()))),
        "codes": [_named(state, code, "code") for code in doc.get("codes", ())],
        "attachments": [_file(state, record) for record in doc.get("attachments", ())],
        "suspect": bool(doc.get("occurred", {}).get("suspect")), "speech": doc.get("speech"),
        "certainty": doc.get("certainty"), "take": doc.get("take"), "count": doc.get("count"),
        **{name: doc.get(name) or {} for name in ("figure", "during", "override")},
        "text": doc.get("text", ""), "unread": why_aside(state, doc["id"]), "filled": "_fills" in doc,
    }  # fmt: skip


def why_aside(state: State, record: str) -> str:
    """Why an entry can't be read and is set aside; "" for one that can."""
    aside = state.where.get(record) == f"{ASIDE}entry"
    return why_unread("entry", state.raw(record) or {"id": record}) if aside else ""


def set_aside(store: Store) -> int:
    """How many records can't be read: they are kept and carried on, and `verify` names each."""
    return sum(1 for _ in store.state.aside())


def _of(state: State, date: str) -> Iterator[Mapping[str, Any]]:
    """The entries of a production date that a person sees, and what can be read of those set aside."""
    yield from state.docs(ENTRIES + date)
    yield from state.parts(date)


def _named(state: State, record: str | None, name: str) -> str | None:
    doc = state.get(state.real(record)) if record else None
    return str(doc.get(name) or doc["id"]) if doc else record


def _file(state: State, record: str) -> Row:
    doc = state.get(record) or {}
    return {name: doc.get(name) for name in ("kind", "name", "sha256", "integrity", "duration")}


def _shown(doc: Mapping[str, Any]) -> bool:
    return "_deleted" not in doc and "_erased" not in doc
