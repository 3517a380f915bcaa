"""How times, days, lengths and sizes are said. Times are on the study's wall."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.capture.chips import Chips
from fieldlog.ui.words.words import Words, later

BACKS = (
    (0, later("now")), (15, later("−15 s")), (60, later("−1 min")), (300, later("−5 min")),
    (1800, later("−30 min")),
)  # fmt: skip
"""The back-time chips: seconds, and what they say."""

WEEKDAYS = (
    later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"),
)  # fmt: skip
MONTHS = (
    later("Jan"), later("Feb"), later("Mar"), later("Apr"), later("May"), later("Jun"),
    later("Jul"), later("Aug"), later("Sep"), later("Oct"), later("Nov"), later("Dec"),
)  # fmt: skip

_CLOCK = re.compile(r"(?:(?:(\d+)[:：])?(\d+)[:：])?(\d+(?:[.,]\d+)?)")


def clock_of(seconds: float) -> str:
    """A length: 12:08, or 1:02:08 from an hour on."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def seconds_of(text: str) -> float:
    """Seconds of 1:05, 01:05.5, 1:02:08 or 65. Raises `NotUnderstood`."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise NotUnderstood("A part goes from one time to a later one, like 1:05 to 1:20.")
    hours, minutes, seconds = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds.replace(",", "."))


def date_words(day: str, words: Words) -> str:
    """Sun 16 Mar, or 3月16日 周日."""
    weekday, said = words(WEEKDAYS[date.fromisoformat(day).weekday()]), short_date(day, words)
    return f"{said} {weekday}" if words.chinese else f"{weekday} {said}"


def short_date(day: str, words: Words) -> str:
    """16 Mar, or 3月16日."""
    at = date.fromisoformat(day)
    return f"{at.month}月{at.day}日" if words.chinese else f"{at.day} {words(MONTHS[at.month - 1])}"


def bytes_words(count: int) -> str:
    """12 bytes, 4.2 kB, 31 MB, 7.3 GB."""
    size, units = float(count), ["B", "kB", "MB", "GB"]
    while size >= 999.5 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] in ("B", "MB") or size >= 99.95 else f"{size:.1f} {units[0]}"


def moment_words(at: datetime, zone: str, words: Words) -> str:
    """Sun 16 Mar 23:41, on the study's wall."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_words(local.date().isoformat(), words)} {local:%H:%M}"


def time_words(chips: Chips, day: str, zone: str, words: Words) -> str:
    """What the time chip says: now, −5 min, about −30 min, about Sat 15 Mar 16:00, Sat 15 Mar."""
    if chips.day is not None:
        return date_words(chips.day, words)
    if chips.at is not None:
        clock = ProductionClock(day, zone)
        said = clock.said(chips.at) if clock.counts(chips.at) else moment_words(chips.at, zone, words)
    else:
        seconds = int(chips.back.total_seconds())
        said = words(dict(BACKS).get(seconds, "")) or clock_of(-seconds)
    return words("about {time}", time=said) if chips.precision == "about" else said


def day_of(at: datetime, zone: str) -> str:
    """The ISO date on the wall."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()
