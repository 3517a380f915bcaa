"""When what a file holds happened, and who says so: the file itself, its name, or at last its date on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from fieldlog.media.intake import Taken
from fieldlog.media.written import When
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR
from fieldlog.model.production_day import Calendar

UNTRUSTED_TIMES = frozenset({"truncated", "undecodable", "unplayable", "too-large"})
"""A damaged file's own time is kept with it, but does not move an entry into a day; its name's does."""


@dataclass(frozen=True, kw_only=True)
class Dated:
    """`at` is aware. `source` is as of `When`, or file: its date on the disk. `day` is a date (ISO) that holds
    whatever is planned later, where no hour is known."""

    at: datetime
    precision: str
    source: str
    day: str | None = None


def dated(taken: Taken, on_disk: float, calendar: Calendar, now: datetime) -> Dated:
    """When a file that came in happened. `on_disk` is its date there, Unix seconds; `now`, where that can't be."""
    trusted = not UNTRUSTED_TIMES & {taken.examined.verdict, *taken.examined.also}
    for when in taken.examined.told.times:
        if not when.suspect and (trusted or when.source == "name"):
            return _dated(when, calendar)
    return Dated(at=_on_disk(on_disk) or now, precision="about", source="file")


def captured_at(taken: Taken, zone: str) -> tuple[datetime | None, str | None]:
    """When a file says it was made, and what of it says so; on the study's wall where it tells no zone."""
    for when in taken.examined.told.times:
        if not when.suspect and when.precision != "day":
            return when.at(zone), when.source
    return None, None


def hour_of_day(day: date, calendar: Calendar) -> datetime:
    """The moment that stands for a date without an hour: when that day turns."""
    return datetime.combine(day, time(calendar.boundary_hour), ZoneInfo(calendar.zone))


def _dated(when: When, calendar: Calendar) -> Dated:
    if when.precision == "day":
        day = when.wall.date()
        return Dated(at=hour_of_day(day, calendar), precision="day", source=when.source, day=day.isoformat())
    return Dated(at=when.at(calendar.zone), precision=when.precision, source=when.source)


def _on_disk(seconds: float) -> datetime | None:
    try:
        at = datetime.fromtimestamp(int(seconds), tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return at if FIRST_YEAR <= at.year <= LAST_YEAR else None
