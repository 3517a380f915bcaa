"""When and where a picture was taken, from the values its EXIF and XMP hold. Pure; no file is read here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fieldlog.media.written import When, read_offset, read_wall

CHANGED, TAKEN, DIGITIZED = 0x0132, 0x9003, 0x9004
OFFSET_CHANGED, OFFSET_TAKEN, OFFSET_DIGITIZED = 0x9010, 0x9011, 0x9012
SUBSEC_CHANGED, SUBSEC_TAKEN, SUBSEC_DIGITIZED = 0x9290, 0x9291, 0x9292
GPS_LAT_REF, GPS_LAT, GPS_LON_REF, GPS_LON, GPS_TIME, GPS_DATE = 1, 2, 3, 4, 7, 29

_OFFSETS = (OFFSET_TAKEN, OFFSET_CHANGED, OFFSET_DIGITIZED)
"""A camera has one clock: where a time's own offset is missing, another's tells it."""

_XMP = re.compile(
    rb"\b(exif:DateTimeOriginal|photoshop:DateCreated|(?:xmp|xap):CreateDate)\s*(?:=\s*[\"']|>)\s*([0-9][^\"'<]{3,39})"
)
_XMP_ORDER = (b"exif:DateTimeOriginal", b"photoshop:DateCreated", b"xmp:CreateDate", b"xap:CreateDate")
_QUARTER = timedelta(minutes=15)
_GPS_DELAY = timedelta(minutes=5)


def taken_by(
    first: Mapping[int, object], exif: Mapping[int, object], gps: Mapping[int, object], xmp: bytes = b""
) -> Iterator[When]:
    """Every moment that a picture tells, the most credible first: of exposure, of digitizing, of the satellite
    fix, and at last of the last change, which is known only about.

    `first` is a TIFF block's first directory, `exif` its IFD 0x8769, `gps` its IFD 0x8825, `xmp` an XMP text.
    """
    fix = gps_instant(gps)
    found = [
        _told(exif, TAKEN, SUBSEC_TAKEN),
        *(read_wall(text, "xmp") for text in _in_xmp(xmp)),
        _told(exif, DIGITIZED, SUBSEC_DIGITIZED),
    ]
    for when in found:
        if when is not None:
            yield _with_fix(when, fix)
    if fix is not None:
        yield When(wall=fix.replace(tzinfo=None), utc=True, precision="about", source="gps")
    changed = _told({**first, **exif}, CHANGED, SUBSEC_CHANGED)
    if changed is not None:
        yield replace(changed, source="edited", precision="day" if changed.precision == "day" else "about")


def _told(exif: Mapping[int, object], tag: int, subsec: int) -> When | None:
    """The time of a tag, with the offset that stands in it, or else in a tag of its own."""
    text = exif.get(tag)
    when = read_wall(text, "exif", _digits(exif.get(subsec))) if isinstance(text, str) else None
    if when is None or when.offset is not None:
        return when
    offsets = (read_offset(exif.get(one)) for one in _OFFSETS)
    return replace(when, offset=next((one for one in offsets if one is not None), None))


def _in_xmp(xmp: bytes) -> list[str]:
    """The times of an XMP text, that of exposure first."""
    told = {found[1]: found[2].decode("latin-1") for found in reversed(list(_XMP.finditer(xmp)))}
    return [told[name] for name in _XMP_ORDER if name in told]


def _with_fix(when: When, fix: datetime | None) -> When:
    """The same moment; where its zone isn't told, the satellites may tell it."""
    if fix is None or when.offset is not None or when.precision == "day":
        return when
    return replace(when, offset=offset_from_fix(when.wall, fix))


def offset_from_fix(wall: datetime, fix: datetime) -> timedelta | None:
    """The zone of a wall clock, given the satellites' UTC: whole quarters of an hour.

    A fix may be some minutes old when the shutter opens; more than five is no evidence.
    """
    apart = wall - fix.replace(tzinfo=None)
    offset = round(apart / _QUARTER) * _QUARTER
    near = abs(apart - offset) <= _GPS_DELAY
    return offset if near and -timedelta(hours=12) <= offset <= timedelta(hours=14) else None


def gps_instant(gps: Mapping[int, object]) -> datetime | None:
    """The satellites' UTC, None where date or time is missing or senseless."""
    day, clock = gps.get(GPS_DATE), _numbers(gps.get(GPS_TIME))
    if not isinstance(day, str) or len(clock) != 3:
        return None
    date = read_wall(day, "gps")
    if date is None or date.precision != "day" or not (clock[0] < 24 and clock[1] < 60 and clock[2] < 61):
        return None
    hours, minutes, seconds = int(clock[0]), int(clock[1]), min(int(clock[2]), 59)
    return date.wall.replace(hour=hours, minute=minutes, second=seconds, tzinfo=UTC)


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


def _digits(value: object) -> str:
    text = value.strip("\0 ") if isinstance(value, str) else ""
    return text if text.isascii() and text.isdigit() else ""
