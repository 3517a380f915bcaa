"""Times in file names, as phones, recorders and chats write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fieldlog.media.written import Precision, When, read_offset, wall_clock

_DATE = (
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?P<day>\d\d)|(?P<by>[-_.])(?P<m>\d\d?)(?P=by)(?P<d>\d\d?)"
    r"|年(?P<mm>\d\d?)月(?P<dd>\d\d?)日)"
)
_HALF = r"(?P<before>[上下]午|[AaPp]\.?[Mm]\.?)?"
_TIME = (
    rf"(?:(?P<gap>[-_ .]?(?:at |T|在)?[-_ ]?){_HALF}[ ]?"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<fraction>\d{3})?"
    r"|(?P<h>\d\d?)(?P<apart>[-_.:：꞉∶时h])(?P<mi>\d\d)(?:(?:(?P=apart)|分)(?P<s>\d\d))?)"
    r"(?!\d)(?:[ \u202f]?(?P<after>[AaPp]\.?[Mm]\.?)(?![A-Za-z]))?(?P<offset>Z|[+-]\d\d:?\d\d)?)"
)
_STAMP = re.compile(rf"(?<!\d){_DATE}{_TIME}", re.ASCII)
_DAY = re.compile(rf"(?<!\d){_DATE}(?!\d)", re.ASCII)
_SHORT = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)[-_](\d\d)(\d\d)(\d\d)(?!\d)", re.ASCII)
"""Recorders leave out the century: 250316_160512."""

_COUNTED = re.compile(r"(?<!\d)(\d{13})(?!\d)", re.ASCII)
"""Milliseconds since 1970, as chats name what they save."""

_SAVED = re.compile(
    r"微信|wechat|mmexport|wx_camera|qq|钉钉|飞书|lark|whatsapp|telegram|signal|messenger|fb_img|line_|received"
    r"|(?:photo|video|audio|voice|file)_\d{4}-\d\d-\d\d_",
    re.IGNORECASE,
)
"""Chats, which name a file for when it was sent or saved."""

_IN_UTC = re.compile(r"pxl_", re.IGNORECASE)
"""Pixel phones count in UTC."""


def named_times(name: str) -> list[When]:
    """Every time that a file's name tells, those with an hour first; what can't be is none.

    A chat's is when it was saved: about. Of a day alone the precision is `day`.
    """
    saved, utc = bool(_SAVED.match(name)), bool(_IN_UTC.match(name))
    found = [replace(when, utc=utc or when.utc) for when in (*_stamps(name), *_counted(name))]
    return [replace(when, precision="about") if saved else when for when in found] + list(_days(name))


def _stamps(name: str) -> Iterator[When]:
    for found in _STAMP.finditer(name):
        if not _is_time(found):
            continue
        hour = _hour(int(found["hour"] or found["h"]), found["before"] or found["after"])
        minute, second = int(found["minute"] or found["mi"]), found["second"] or found["s"]
        made = wall_clock(*_date(found), hour, minute, int(second or 0), fraction=found["fraction"] or "")
        if made is not None:
            precision: Precision = "about" if made[1] else "exact" if second else "minute"
            offset = read_offset(found["offset"])
            yield When(wall=made[0], offset=offset, precision=precision, source="name")
    for found in _SHORT.finditer(name):
        year, *rest = map(int, found.groups())
        made = wall_clock(2000 + year, *rest)
        if made is not None:
            yield When(wall=made[0], precision="about", source="name")


def _is_time(found: re.Match[str]) -> bool:
    """Without anything between date and time, only 20250316160512 is one. Without a second, 12-34 is a scene, and
    1.02 a version."""
    if found["second"] or found["s"]:
        return bool(found["second"] or found["gap"])
    half = found["before"] or found["after"]
    return bool(
        found["gap"] and (half or found["apart"] in ":：꞉∶时h" or (found["apart"] == "." and found["h"][1:]))
    )


def _counted(name: str) -> Iterator[When]:
    for found in _COUNTED.finditer(name):
        at = datetime.fromtimestamp(0, tz=UTC) + timedelta(milliseconds=int(found[1]))
        if wall_clock(at.year, at.month, at.day) is not None:
            yield When(wall=at.replace(tzinfo=None), utc=True, precision="about", source="name")


def _days(name: str) -> Iterator[When]:
    for found in _DAY.finditer(name):
        made = wall_clock(*_date(found))
        if made is not None:
            yield When(wall=made[0], precision="day", source="name")


def _date(found: re.Match[str]) -> tuple[int, int, int]:
    month, day = found["month"] or found["m"] or found["mm"], found["day"] or found["d"] or found["dd"]
    return int(found["year"]), int(month), int(day)


def _hour(hour: int, half: str | None) -> int:
    """The hour of the day; 12 and more are told as they are where somebody adds the half all the same."""
    if half is None or not 1 <= hour <= 12:
        return hour
    return hour % 12 + (12 if half[0] in "下Pp" else 0)
