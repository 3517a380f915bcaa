"""The production days with what they hold, and their sessions, as plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldlog.model.errors import NotFound
from fieldlog.model.moment import parse
from fieldlog.model.records import (
    StoredDay,
    StoredSession,
    date_of,
    files_of,
    id_of,
    kind_of,
)
from fieldlog.model.sentence import Sentence
from fieldlog.model.state import ENTRIES, State
from fieldlog.store.store import Store

Row = dict[str, Any]


def dates(state: State) -> list[str]:
    """Every production date that is planned or holds an entry, in order."""
    planned = {day.date for day in state.each(StoredDay)}
    planned |= {date for kind, doc in state.aside() if kind == "entry" and (date := state.date(id_of(doc)))}
    held = {table.removeprefix(ENTRIES) for table in state.entry_tables() if any(state.docs(table))}
    return sorted(planned | held)


def newest_day(state: State) -> str:
    """The code of the newest day that holds an entry; "" where none does."""
    held = (table.removeprefix(ENTRIES) for table in state.entry_tables() if any(state.docs(table)))
    newest = max(held, default="")
    return code_of(state, newest) if newest else ""


def stored_day(state: State, date: str) -> StoredDay:
    """The day record of a date; a day that nobody planned has only its date, and no id."""
    return StoredDay.of(next((doc for doc in state.docs("days") if date_of(doc) == date), {"date": date}))


def code_of(state: State, date: str) -> str:
    """PD14; the date where the day has no number."""
    return stored_day(state, date).code or date


def days(store: Store) -> Iterator[Row]:
    """A row a production day: `id code n date type title entries voices photos`."""
    return (day_row(store, date) for date in dates(store.state))


def day_row(store: Store, date: str) -> Row:
    """One production date as a row."""
    day = stored_day(store.state, date)
    held = [_held(store.state, entry) for entry in of_day(store.state, date)]
    return {
        "id": day.id or None, "code": day.code or date, "n": day.n, "date": date,
        "type": day.type, "title": day.title, "entries": len(held),
        "voices": sum(voices for voices, _ in held), "photos": sum(photos for _, photos in held),
    }  # fmt: skip


def _held(state: State, entry: Mapping[str, Any]) -> tuple[int, int]:
    """Whether an entry is or holds a voice memo, of however many segments, and how many photos it holds."""
    files = [kind_of(state.get(record) or {}) for record in files_of(entry)]
    return int("audio" in files or kind_of(entry) == "voice"), files.count("photo")


def date_named(state: State, name: str) -> str:
    """The date of a day by its code, its number or its date. Raises `NotFound`."""
    plain = name.strip().casefold()
    for day in state.each(StoredDay):
        if plain in {(day.code or "").casefold(), str(day.n or ""), day.date}:
            return day.date
    if ENTRIES + plain in state.tables or plain in dates(state):
        return plain
    raise NotFound(Sentence("There is no production day {name}.", name=name))


def sessions_of(store: Store, date: str) -> list[Row]:
    """A production date's sessions in the order in which they began: `id title type starts ends going_on`."""
    filed = store.state.calendar.sessions
    found = [StoredSession.of(doc) for doc in store.state.docs("sessions") if filed.get(id_of(doc)) == date]
    return [
        {"id": one.id, "title": one.title, "type": one.type, "starts": one.starts, "ends": one.ends,
         "going_on": not one.ends}
        for one in sorted(found, key=lambda one: parse(one.starts))
    ]  # fmt: skip


def of_day(state: State, date: str) -> Iterator[Mapping[str, Any]]:
    """The entries of a production date that a person sees, and what can be read of those set aside."""
    yield from state.docs(ENTRIES + date)
    yield from state.parts(date)
