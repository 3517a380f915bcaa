"""Times as people write them: on the wall of the study, counted on past midnight by production day."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldlog.model.errors import NotUnderstood

MOST_HOURS = 72
"""A production day's clock counts on to 36:00; one who sleeps little still means a time of it."""

_TYPED = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T]+)?(\d{1,2})\s*[:.]\s*(\d\d)(?:\s*[:.]\s*(\d\d))?")


def moment_typed(typed: str, day: str, zone: str) -> datetime:
    """The moment that "22:05", "25:41", "22:05:17" or "2025-03-16 22:05" means.

    Without a date it is on the production clock of `day` (an ISO date): 25:41 is 01:41 of the next morning.
    Raises `NotUnderstood`.
    """
    found = _TYPED.fullmatch(typed.strip().replace("：", ":"))
    if found is None:
        raise NotUnderstood("A time is written 22:05, 25:41 past midnight, or 2025-03-16 22:05.")
    hours, minutes, seconds = int(found[2]), int(found[3]), int(found[4] or 0)
    if minutes > 59 or seconds > 59 or hours >= (24 if found[1] else MOST_HOURS):
        raise NotUnderstood("A time is written 22:05, 25:41 past midnight, or 2025-03-16 22:05.")
    try:
        begins = date.fromisoformat(found[1] or day)
    except ValueError as why:
        raise NotUnderstood(f"There is no day {found[1]}.") from why
    local = datetime.combine(begins + timedelta(days=hours // 24), time(hours % 24, minutes, seconds))
    return local.replace(tzinfo=ZoneInfo(zone))


def is_exact(typed: str) -> bool:
    """Whether seconds were written."""
    found = _TYPED.fullmatch(typed.strip().replace("：", ":"))
    return bool(found and found[4])


def as_typed(at: datetime, day: str, zone: str) -> str:
    """A moment as one would write it on the production clock of `day`; of another day, with its date."""
    local = at.astimezone(ZoneInfo(zone))
    over = (local.date() - date.fromisoformat(day)).days
    if 0 <= over < MOST_HOURS // 24:
        return f"{local.hour + 24 * over:02d}:{local:%M:%S}"
    return f"{local:%Y-%m-%d %H:%M:%S}"
