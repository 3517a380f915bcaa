"""When a picture was taken, and whether to believe it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fieldlog.media.exif_time import (
    DIGITIZED,
    GPS_DATE,
    GPS_LAT,
    GPS_LAT_REF,
    GPS_LON,
    GPS_LON_REF,
    GPS_TIME,
    OFFSET_TAKEN,
    SUBSEC_TAKEN,
    TAKEN,
    gps_place,
    taken_by,
)

NOW = datetime(2025, 3, 30, 12, tzinfo=UTC)


def fix(clock: tuple[float, ...], day: str = "2025:03:14") -> dict[int, object]:
    return {GPS_DATE: day, GPS_TIME: clock}


@pytest.mark.parametrize(
    ("wall", "clock", "offset"),
    [
        ("2025:03:15 02:30:00", (18.0, 30.0, 0.0), "+08:00"),
        ("2025:03:14 18:28:00", (18.0, 30.0, 0.0), "+00:00"),
        ("2025:03:15 00:15:01", (18.0, 30.0, 0.0), "+05:45"),
        ("2025:03:14 09:00:00", (18.0, 30.0, 0.0), "-09:30"),
        ("2025:03:15 02:37:30", (18.0, 30.0, 0.0), None),
        ("2025:03:16 18:30:00", (18.0, 30.0, 0.0), None),
    ],
)
def test_the_zone_is_the_distance_from_the_satellites_clock(
    wall: str, clock: tuple[float, ...], offset: str | None
) -> None:
    taken = taken_by({TAKEN: wall}, fix(clock), NOW)
    assert taken.offset == offset
    assert taken.taken_source == "exif"
    assert taken.offset_source == (None if offset is None else "gps")


def test_the_cameras_own_zone_wins_over_the_satellites() -> None:
    taken = taken_by({TAKEN: "2025:03:15 02:30:00", OFFSET_TAKEN: "+09:00"}, fix((18, 30, 0)), NOW)
    assert (taken.offset, taken.offset_source) == ("+09:00", "exif")


def test_a_picture_with_nothing_but_a_fix_is_told_in_utc() -> None:
    taken = taken_by({}, fix((18, 30, 5.7)), NOW)
    assert (taken.taken, taken.offset) == ("2025-03-14T18:30:05", "+00:00")
    assert (taken.taken_source, taken.offset_source) == ("gps", "gps")


def test_a_digitised_time_stands_in_for_a_missing_one() -> None:
    assert taken_by({DIGITIZED: "2025:03:15 02:30:00"}, {}, NOW).taken == "2025-03-15T02:30:00"


@pytest.mark.parametrize(
    ("exif", "suspect"),
    [
        ({TAKEN: "1980:01:01 00:00:12"}, "camera-default"),
        ({TAKEN: "2000:01:01 09:00:00", OFFSET_TAKEN: "+08:00"}, "camera-default"),
        ({TAKEN: "2025:03:30 20:03:00", OFFSET_TAKEN: "+08:00"}, ""),
        ({TAKEN: "2025:03:30 20:30:00", OFFSET_TAKEN: "+08:00"}, "future"),
        ({TAKEN: "2025:03:31 02:00:00"}, ""),
        ({TAKEN: "2025:03:31 03:00:00"}, "future"),
        ({TAKEN: "2025:03:14 02:00:00"}, ""),
    ],
)
def test_a_time_that_cannot_be_is_marked_and_kept(exif: dict[int, object], suspect: str) -> None:
    taken = taken_by(exif, {}, NOW)
    assert taken.suspect == suspect
    assert taken.taken is not None
    assert taken_by(exif, {}, None).suspect == ("" if suspect == "future" else suspect)


@pytest.mark.parametrize(
    "wrong",
    [None, b"2025:03:15 02:30:00", "", "    :  :     :  :  ", "2025:13:40 02:30:00", "0000:00:00 00:00:00", 7],
)
def test_a_senseless_time_is_none(wrong: object) -> None:
    assert taken_by({TAKEN: wrong, OFFSET_TAKEN: "+99:00", SUBSEC_TAKEN: "x"}, {}, NOW).taken is None


@pytest.mark.parametrize(
    "clock", [(25, 0, 0), (1, 2), (float("nan"), 0, 0), "010203", None, (1, "x", 2), (-1, 0, 0)]
)
def test_a_senseless_fix_is_none(clock: object) -> None:
    assert taken_by({}, {GPS_DATE: "2025:03:14", GPS_TIME: clock}, NOW).taken is None


def test_south_and_west_are_negative_and_nowhere_is_no_place() -> None:
    place: dict[int, object] = {
        GPS_LAT: (33.0, 51.0, 36.0),
        GPS_LAT_REF: "S",
        GPS_LON: (151.0, 12.0, 36.0),
        GPS_LON_REF: "W\0",
    }
    assert gps_place(place) == (-33.86, -151.21)
    assert gps_place(place | {GPS_LAT: (91.0, 0.0, 0.0)}) is None
    assert gps_place(place | {GPS_LON: (float("nan"), 0.0, 0.0)}) is None
    assert gps_place({GPS_LAT: (0.0, 0.0, 0.0), GPS_LON: (0.0, 0.0, 0.0)}) is None
    assert gps_place({}) is None


def test_every_zone_in_use_is_found_from_a_fix_some_minutes_old() -> None:
    instant = datetime(2025, 3, 14, 12, tzinfo=UTC)
    for quarters in range(-48, 57):
        wall = instant + timedelta(minutes=15 * quarters, seconds=200)
        taken = taken_by({TAKEN: wall.strftime("%Y:%m:%d %H:%M:%S")}, fix((12, 0, 0)), NOW)
        hours, minutes = divmod(abs(quarters) * 15, 60)
        assert taken.offset == f"{'-' if quarters < 0 else '+'}{hours:02d}:{minutes:02d}"
