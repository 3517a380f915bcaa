"""When the tests take place: moments at which clocks and calendars do what they seldom do.

All that the tests start, app and browser too, lives at the moment drawn (libfaketime moves wall clock and counters
alike), so no test can depend on the hour, the weekday, the date or the zone of the machine that runs it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
TUESDAY, SUNDAY = 1, 6


def _night(year: int) -> datetime:
    """02:30 in Shanghai on an ordinary Wednesday; the crew is still shooting."""
    first = datetime(year, 6, 1, 18, 30, tzinfo=UTC)
    return first + timedelta(days=(TUESDAY - first.weekday()) % 7)


def _sunday(year: int) -> datetime:
    """14:00 in Shanghai on 31 December, where that is a Sunday."""
    return datetime(year, 12, 31, 6, 0, tzinfo=UTC)


def _new_year(year: int) -> datetime:
    """00:10 in Shanghai on 1 January."""
    return datetime(year, 12, 31, 16, 10, tzinfo=UTC)


def _autumn(year: int) -> datetime:
    """02:30 in Berlin for the first time, in the night in which 02:30 comes twice."""
    return _last_sunday(year, 10).replace(hour=0, minute=30)


def _spring(year: int) -> datetime:
    """03:30 in Berlin, an hour after 01:30: there is no 02:30 in that night."""
    return _last_sunday(year, 3).replace(hour=1, minute=30)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() - SUNDAY) % 7)


MOMENTS: Mapping[str, tuple[Callable[[int], datetime], str]] = {
    "night": (_night, SHANGHAI),
    "sunday": (_sunday, SHANGHAI),
    "new-year": (_new_year, SHANGHAI),
    "autumn": (_autumn, BERLIN),
    "spring": (_spring, BERLIN),
}


def drawn(seed: int) -> str:
    """The name of one moment."""
    return random.Random(seed).choice(sorted(MOMENTS))


def ahead(name: str, now: datetime) -> timedelta:
    """How far the next such moment is from now; never back, for a counter may not run below zero."""
    when = MOMENTS[name][0]
    coming = (when(year) for year in range(now.year, now.year + 12))
    return next(one - now for one in coming if one > now and (name != "sunday" or one.weekday() == SUNDAY))


def environment(name: str) -> dict[str, str]:
    """What takes a process and all it starts to a moment and its zone; empty without libfaketime."""
    moved = ahead_by(ahead(name, datetime.now(UTC)).total_seconds())
    return {**moved, "TZ": MOMENTS[name][1]} if moved else {}


def ahead_by(seconds: float) -> dict[str, str]:
    """What lets a process and all it starts be so much later than we are, who may be moved ourselves.

    Files keep their true times: Python goes by them to tell whether what it compiled is still right.
    """
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        return {}
    already = float(os.environ.get("FAKETIME", "+0s").removesuffix("s"))
    return {"LD_PRELOAD": str(library), "FAKETIME": f"+{already + seconds:.0f}s", "NO_FAKE_STAT": "1"}
