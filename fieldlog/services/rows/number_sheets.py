"""The numbers of the pictures as tables, for spreadsheets and statistics.

Times are on the production clock, 25:41, and beside it in minutes since the date's midnight, 1541.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fieldlog.archive.day.csv_sheets import guarded, sheet
from fieldlog.services.rows.strips import Bar, Strip
from fieldlog.services.rows.together import Together

DAYS = (
    "day", "date", "type", "title", "call", "wrap", "sessions", "entries", "minutes_observed",
    "minutes_past_midnight", "scenes_planned", "scenes_done",
)  # fmt: skip
TIMES = ("day", "date", "what", "title", "type", "begins", "ends", "begins_minute", "ends_minute", "entries")
PEOPLE = (
    "person",
    "name",
    "name_zh",
    "department",
    "day",
    "date",
    "minutes_together",
    "entries_named",
    "observed",
)


def days_table(strips: Sequence[Strip]) -> bytes:
    """A row a production day, in order."""
    return sheet(DAYS, (
        (one.code, one.date, one.type, guarded(one.title), _clock(one.call), _clock(one.wrap), len(one.sessions),
         one.entries, one.observed, one.overrun, _or_none(one.scenes_scheduled), _or_none(one.scenes_done))
        for one in strips
    ))  # fmt: skip


def times_table(strips: Iterable[Strip]) -> bytes:
    """A row for each session and for what is planned; of days that have `ticks`, also one for each entry."""
    return sheet(TIMES, (row for one in strips for row in _times(one)))


def people_table(together: Together, strips: Sequence[Strip]) -> bytes:
    """A row for each person and day: `observed` is no where nothing says that they were there."""
    return sheet(PEOPLE, (
        (guarded(who.code), guarded(who.name), guarded(who.name_zh), who.group, day.code, day.date, minutes, named,
         "yes" if minutes or named else "no")
        for who in together.people
        for day in strips
        for minutes, named in [
            (together.minutes.get((who.id, day.date), 0), together.named.get((who.id, day.date), 0))
        ]
    ))  # fmt: skip


def _times(one: Strip) -> Iterator[tuple[object, ...]]:
    day = (one.code, one.date)
    for what, minute in (("call", one.call), ("wrap", one.wrap)):
        if minute is not None:
            yield (*day, what, "", "", _clock(minute), _clock(minute), minute, minute, "")
    yield from (_bar(day, "session", bar) for bar in one.sessions)
    yield from (_bar(day, "planned", bar) for bar in one.planned)
    for minute in one.ticks:
        yield (*day, "entry", "", "", _clock(minute), _clock(minute), minute, minute, 1)


def _bar(day: tuple[str, str], what: str, bar: Bar) -> tuple[object, ...]:
    ends = "" if bar.going_on else _clock(bar.ends)
    return (*day, what, guarded(bar.title), bar.type, _clock(bar.begins), ends, bar.begins, bar.ends, bar.entries)


def _clock(minute: int | None) -> str:
    """25:41; what is before the date's midnight behind a minus, and without an end beyond 48:00."""
    if minute is None:
        return ""
    hours, rest = divmod(abs(minute), 60)
    return f"{'' if minute >= 0 else '−'}{hours:02d}:{rest:02d}"


def _or_none(number: int | None) -> object:
    return "" if number is None else number
