"""When and where a picture was taken, from the values its EXIF holds. Pure; nothing is parsed here."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

TAKEN, DIGITIZED = 0x9003, 0x9004
OFFSET_TAKEN, OFFSET_DIGITIZED = 0x9011, 0x9012
SUBSEC_TAKEN, SUBSEC_DIGITIZED = 0x9291, 0x9292
GPS_LAT_REF, GPS_LAT, GPS_LON_REF, GPS_LON, GPS_TIME, GPS_DATE = 1, 2, 3, 4, 7, 29

_WALL = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_QUARTER = timedelta(minutes=15)
_GPS_DELAY = timedelta(minutes=5)
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The fields of `PictureFacts` that tell time."""

    taken: str | None = None
    offset: str | None = None
    subsec: str = ""
    taken_source: Literal["exif", "gps"] | None = None
    offset_source: Literal["exif", "gps"] | None = None
    suspect: str = ""


def taken_by(exif: Mapping[int, object], gps: Mapping[int, object], now: datetime | None) -> Taken:
    """The moment of exposure, else of digitizing, else of the satellite fix.

    `exif` is the IFD 0x8769, `gps` the IFD 0x8825, `now` an aware moment nothing can be later than.
    """
    fix = gps_instant(gps)
    for tag, offset_tag, subsec_tag in (
        (TAKEN, OFFSET_TAKEN, SUBSEC_TAKEN),
        (DIGITIZED, OFFSET_DIGITIZED, SUBSEC_DIGITIZED),
    ):
        wall = _wall(exif.get(tag))
        if wall is None:
            continue
        offset, source = _offset(exif.get(offset_tag)), "exif"
        if offset is None and fix is not None:
            offset, source = offset_from_fix(wall, fix), "gps"
        return Taken(
            taken=wall.isoformat(),
            offset=_written(offset),
            subsec=_digits(exif.get(subsec_tag)),
            taken_source="exif",
            offset_source=None if offset is None else "exif" if source == "exif" else "gps",
            suspect=suspicion(wall, offset, now),
        )
    if fix is None:
        return Taken()
    wall = fix.replace(tzinfo=None)
    return Taken(
        taken=wall.isoformat(timespec="seconds"),
        offset="+00:00",
        taken_source="gps",
        offset_source="gps",
        suspect=suspicion(wall, timedelta(0), now),
    )


def offset_from_fix(wall: datetime, fix: datetime) -> timedelta | None:
    """The zone of a wall clock, given the satellites' UTC: whole quarters of an hour.

    A fix may be some minutes old when the shutter opens; more than five is no evidence.
    """
    apart = wall - fix.replace(tzinfo=None)
    offset = round(apart / _QUARTER) * _QUARTER
    near = abs(apart - offset) <= _GPS_DELAY
    return offset if near and -timedelta(hours=12) <= offset <= timedelta(hours=14) else None


def suspicion(wall: datetime, offset: timedelta | None, now: datetime | None) -> str:
    """Why a picture's time can't be believed: "", camera-default or future.

    Cameras whose battery ran out begin again in 1970, 1980 or 2000; phones don't photograph tomorrow.
    """
    if wall.year <= 2000:
        return "camera-default"
    earliest = wall - (timedelta(hours=14) if offset is None else offset)
    if now is not None and earliest.replace(tzinfo=UTC) > now + _SLACK:
        return "future"
    return ""


def gps_instant(gps: Mapping[int, object]) -> datetime | None:
    """The satellites' UTC, None where date or time is missing or senseless."""
    day, clock = gps.get(GPS_DATE), _numbers(gps.get(GPS_TIME))
    if not isinstance(day, str) or len(clock) != 3:
        return None
    wall = _wall(f"{day.strip(chr(0)).strip()} 00:00:00")
    if wall is None or not (clock[0] < 24 and clock[1] < 60 and clock[2] < 61):
        return None
    return wall.replace(tzinfo=UTC) + timedelta(hours=clock[0], minutes=clock[1], seconds=int(clock[2]))


def gps_place(gps: Mapping[int, object]) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees, six decimals; None where it is missing, senseless or 0, 0."""
    lat = _degrees(gps.get(GPS_LAT), gps.get(GPS_LAT_REF), "S")
    lon = _degrees(gps.get(GPS_LON), gps.get(GPS_LON_REF), "W")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return lat, lon


def _degrees(value: object, ref: object, negative: str) -> float | None:
    parts = _numbers(value)
    if len(parts) != 3:
        return None
    degrees = round(parts[0] + parts[1] / 60 + parts[2] / 3600, 6)
    return -degrees if isinstance(ref, str) and ref.strip("\0 ").upper() == negative else degrees


def _numbers(value: object) -> tuple[float, ...]:
    """EXIF rationals as finite, non-negative numbers; empty where any is not."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return ()
    try:
        numbers = tuple(float(one) for one in value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return ()
    return numbers if all(math.isfinite(one) and one >= 0 for one in numbers) else ()


def _wall(value: object) -> datetime | None:
    found = _WALL.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, found.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (a wall clock, no zone known)
    except ValueError:
        return None


def _offset(value: object) -> timedelta | None:
    found = _OFFSET.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if offset > timedelta(hours=14):
        return None
    return -offset if found[1] == "-" else offset


def _written(offset: timedelta | None) -> str | None:
    if offset is None:
        return None
    return datetime(2000, 1, 1, tzinfo=timezone(offset)).isoformat()[-6:]


def _digits(value: object) -> str:
    text = value.strip("\0 ") if isinstance(value, str) else ""
    return text if text.isascii() and text.isdigit() else ""
