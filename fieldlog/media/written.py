"""Times as files write them: EXIF, XMP, sound and file names. Pure.

Sources: CIPA DC-008 (EXIF) 4.6.5, XMP Part 1 8.2.1.1 (ISO 8601, in parts), EBU Tech 3285 (bext), and what phones
really write: 24:08:19 for eight minutes past midnight, an offset without minutes, or behind the time itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR

Precision = Literal["exact", "minute", "about", "day"]
Origin = Literal["exif", "xmp", "gps", "sound", "name", "edited"]

_WALL = re.compile(
    r"\s*(?P<year>\d{4})[:/._-](?P<month>\d\d?)[:/._-](?P<day>\d\d?)"
    r"(?:[ T]+(?P<hour>\d\d?)(?P<apart>[:._-])(?P<minute>\d\d)"
    r"(?:(?P=apart)(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?(?P<offset>.*)|[ :]*)",
    re.ASCII | re.DOTALL,
)
_OFFSET = re.compile(r"\s*(?:([Zz])|([+-])(\d\d?)(?::?(\d\d))?)[\s\0]*", re.ASCII)
_FARTHEST = timedelta(hours=14)
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class When:
    """When a file says that it was made, and what of it says so.

    `wall` is naive: the clock as written. `offset` is that clock's from UTC, None where it isn't told; `utc` says
    that `wall` is UTC, and no clock on a wall was read. `source`: exif, xmp, gps (the satellites alone), sound (a
    recording's head), name (the file's), edited (EXIF 0x0132, when it was last changed). `suspect` says why it
    can't be believed: "", camera-default or future. Of precision day, `wall` is a midnight that means nothing.
    """

    wall: datetime
    offset: timedelta | None = None
    utc: bool = False
    precision: Precision = "exact"
    source: Origin = "exif"
    suspect: str = ""

    def at(self, zone: str) -> datetime:
        """The aware moment; on the wall of `zone` where the file's own isn't told."""
        if self.utc:
            return self.wall.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        return self.wall.replace(tzinfo=ZoneInfo(zone) if self.offset is None else timezone(self.offset))


def wall_clock(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, *, fraction: str = ""
) -> tuple[datetime, bool] | None:
    """The naive time, and whether it is known only about; None where there is no such time.

    `fraction` are decimal digits of a second, of which three count. Hour 24 is the first hour of the same date:
    so many Androids write it, and nothing says whether they turned the date.
    """
    about = hour == 24
    ms = int(fraction[:3].ljust(3, "0")) if fraction else 0
    try:
        wall = datetime(year, month, day, 0 if about else hour, minute, second, 1000 * ms)  # noqa: DTZ001 (a wall clock)
    except ValueError:
        return None
    return (wall, about) if FIRST_YEAR <= year <= LAST_YEAR else None


def read_wall(text: str, source: Origin, subsec: str = "") -> When | None:
    """A date, or a date and time, with the offset behind it if there is one; None where it is neither.

    `subsec` are the digits of the second where the text has none.
    """
    found = _WALL.fullmatch(text.replace("\0", " "))
    if found is None:
        return None
    parts = [int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    made = wall_clock(*parts, fraction=found["fraction"] or (subsec if found["second"] else ""))
    if made is None:
        return None
    wall, about = made
    precision: Precision = "exact"
    if about or not found["second"]:
        precision = "day" if not found["hour"] else "about" if about else "minute"
    return When(wall=wall, offset=read_offset(found["offset"]), precision=precision, source=source)


def read_offset(text: object) -> timedelta | None:
    """An offset from UTC as EXIF and ISO 8601 write it, and as phones do: +08:00, +0800, +08, +8, Z."""
    found = _OFFSET.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    offset = timedelta(hours=int(found[3] or 0), minutes=int(found[4] or 0))
    if offset > _FARTHEST or int(found[4] or 0) > 59:
        return None
    return -offset if found[2] == "-" else offset


def suspicion(when: When, now: datetime | None) -> str:
    """Why a time can't be believed: "", camera-default or future. `now` is aware, and nothing was made after it.

    Cameras and recorders whose battery ran out begin again in 1970, 1980 or 2000. A person who dates a scan, in
    its name or its XMP, may mean such a year.
    """
    if when.wall.year <= 2000 and when.source in ("exif", "gps", "sound", "edited"):
        return "camera-default"
    offset = timedelta(0) if when.utc else _FARTHEST if when.offset is None else when.offset
    earliest = (when.wall - offset).replace(tzinfo=UTC)
    return "future" if now is not None and earliest > now + _SLACK else ""
