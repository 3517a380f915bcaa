"""When a picture was taken, from the values its EXIF and XMP hold, and whether to believe it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.photo.exif_time import (
    CHANGED,
    DIGITIZED,
    GPS_DATE,
    GPS_LAT,
    GPS_LAT_REF,
    GPS_LON,
    GPS_LON_REF,
    GPS_TIME,
    OFFSET_CHANGED,
    OFFSET_DIGITIZED,
    OFFSET_TAKEN,
    SUBSEC_TAKEN,
    TAKEN,
    gps_place,
    taken_by,
)
from fieldlog.media.times import in_order
from fieldlog.media.written import When, read_wall
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR

NOW = datetime(2025, 3, 30, 12, tzinfo=UTC)
ZONE = "Asia/Shanghai"
Tags = dict[int, object]


def fix(clock: tuple[float, ...], day: str = "2025:03:14") -> Tags:
    return {GPS_DATE: day, GPS_TIME: clock}


def told(exif: Tags, gps: Tags | None = None, xmp: bytes = b"", first: Tags | None = None) -> list[When]:
    """What counts first."""
    return list(in_order(taken_by(first or {}, exif, gps or {}, xmp), NOW))


def shown(when: When) -> tuple[str, str, str]:
    return when.at(ZONE).isoformat(), when.precision, when.source


@pytest.mark.parametrize(
    ("wall", "clock", "offset"),
    [
        ("2025:03:15 02:30:00", (18.0, 30.0, 0.0), 8),
        ("2025:03:14 18:28:00", (18.0, 30.0, 0.0), 0),
        ("2025:03:15 00:15:01", (18.0, 30.0, 0.0), 5.75),
        ("2025:03:14 09:00:00", (18.0, 30.0, 0.0), -9.5),
        ("2025:03:15 02:37:30", (18.0, 30.0, 0.0), None),
        ("2025:03:16 18:30:00", (18.0, 30.0, 0.0), None),
    ],
)
def test_the_zone_is_the_distance_from_the_satellites_clock(
    wall: str, clock: tuple[float, ...], offset: float | None
) -> None:
    when = told({TAKEN: wall}, fix(clock))[0]
    assert when.offset == (None if offset is None else timedelta(hours=offset))
    assert when.source == "exif"


def test_the_cameras_own_zone_wins_over_the_satellites() -> None:
    when = told({TAKEN: "2025:03:15 02:30:00", OFFSET_TAKEN: "+09:00"}, fix((18, 30, 0)))[0]
    assert when.offset == timedelta(hours=9)


def test_a_picture_with_nothing_but_a_fix_is_known_about_and_shown_on_the_studys_wall() -> None:
    (when,) = told({}, fix((18, 30, 5.7)))
    assert shown(when) == ("2025-03-15T02:30:05+08:00", "about", "gps")


def test_a_digitised_time_stands_in_for_a_missing_one() -> None:
    assert shown(told({DIGITIZED: "2025:03:15 02:30:00"})[0])[0] == "2025-03-15T02:30:00+08:00"


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("+9", "+09:00"), ("+09", "+09:00"), ("+09:00", "+09:00"), ("+0900", "+09:00"), ("-3:30", "-03:30"),
        ("Z", "+00:00"), ("z ", "+00:00"), ("+05:45\0", "+05:45"), ("+14:00", "+14:00"), ("+15:00", "+08:00"),
        ("+99:00", "+08:00"), ("+01:75", "+08:00"), ("", "+08:00"), ("   :  ", "+08:00"), ("CST", "+08:00"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", [OFFSET_TAKEN, OFFSET_CHANGED, OFFSET_DIGITIZED])
def test_a_zone_is_read_however_a_phone_writes_it_and_in_whichever_tag(tag: int, text: str, ending: str) -> None:
    assert shown(told({TAKEN: "2025:03:16 16:05:12", tag: text})[0])[0] == f"2025-03-16T16:05:12{ending}"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2025:03:16 16:05:12+01:00", ("2025-03-16T16:05:12+01:00", "exact")),
        ("2025:03:16 16:05:12 -0500", ("2025-03-16T16:05:12-05:00", "exact")),
        ("2025-03-16T16:05:12Z", ("2025-03-16T16:05:12+00:00", "exact")),
        ("2025-03-16T16:05-05:00", ("2025-03-16T16:05:00-05:00", "minute")),
        ("2025/03/16 16:05:12.25", ("2025-03-16T16:05:12.250000+08:00", "exact")),
        ("2025:3:6 6:05:12\0", ("2025-03-06T06:05:12+08:00", "exact")),
        ("2025:03:16 24:08:19", ("2025-03-16T00:08:19+08:00", "about")),
        ("2025:03:16 24:00:00", ("2025-03-16T00:00:00+08:00", "about")),
        ("2025:03:16   :  :  ", ("2025-03-16T00:00:00+08:00", "day")),
        ("2025-03-16", ("2025-03-16T00:00:00+08:00", "day")),
    ],
)
def test_a_time_is_read_however_a_phone_writes_it(text: str, right: tuple[str, str]) -> None:
    assert shown(told({TAKEN: text})[0]) == (*right, "exif")


def test_a_zone_within_the_time_wins_over_one_beside_it() -> None:
    found = told({TAKEN: "2025:03:16 16:05:12+01:00", OFFSET_TAKEN: "+09:00"})
    assert shown(found[0])[0] == "2025-03-16T16:05:12+01:00"


def test_parts_of_a_second_are_kept_where_they_are() -> None:
    found = told({TAKEN: "2025:03:16 16:05:12", SUBSEC_TAKEN: "073999 "})
    assert shown(found[0])[0] == "2025-03-16T16:05:12.073000+08:00"


XMP = b"<rdf:Description xmlns:exif='http://ns.adobe.com/exif/1.0/' %s</rdf:Description>"


@pytest.mark.parametrize(
    "said",
    [
        b"><exif:DateTimeOriginal>2025-03-16T16:05:12+09:00</exif:DateTimeOriginal>",
        b"exif:DateTimeOriginal='2025-03-16T16:05:12+09:00' tiff:Make='F'>",
        b'xmp:CreateDate="2025-03-16T16:05:12+09:00">',
        b'photoshop:DateCreated = "2025-03-16T16:05:12+09:00">',
        b'xmp:CreateDate="2025-03-17T01:00:00Z" exif:DateTimeOriginal="2025-03-16T16:05:12+09:00">',
        b'photoshop:DateCreated="2025-03-17" exif:DateTimeOriginal="2025-03-16T16:05:12+09:00">',
    ],
)
def test_xmp_tells_the_time_of_exposure_with_its_own_zone(said: bytes) -> None:
    assert shown(told({}, xmp=XMP % said)[0]) == ("2025-03-16T16:05:12+09:00", "exact", "xmp")


@pytest.mark.parametrize(
    "said", [b"xmp:CreateDate=''>", b"exif:DateTimeOriginal>soon<", b"xmp:CreateDate='2025-99-99'>"]
)
def test_a_senseless_xmp_tells_nothing(said: bytes) -> None:
    assert told({}, xmp=XMP % said) == []


def test_exposure_comes_before_xmp_digitizing_the_fix_and_the_last_change() -> None:
    exif: Tags = {TAKEN: "2025:03:16 16:05:12", DIGITIZED: "2025:03:17 16:05:12"}
    found = told(
        exif, fix((18, 30, 0)), XMP % b"xmp:CreateDate='2025-03-18T10:00:00'>", {CHANGED: "2025:03:19 10:00:00"}
    )
    assert [(when.source, when.wall.day) for when in found] == [
        ("exif", 16), ("xmp", 18), ("exif", 17), ("gps", 14), ("edited", 19),
    ]  # fmt: skip


def test_the_last_change_alone_is_the_editors_time_and_known_only_about() -> None:
    (when,) = told({}, first={CHANGED: "2025:03:16 16:05:12"})
    assert shown(when) == ("2025-03-16T16:05:12+08:00", "about", "edited")


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
def test_a_time_that_cannot_be_is_marked_and_kept(exif: Tags, suspect: str) -> None:
    (when,) = told(exif)
    assert when.suspect == suspect
    (when,) = in_order(taken_by({}, exif, {}), None)
    assert when.suspect == ("" if suspect == "future" else suspect)


def test_what_cannot_be_believed_counts_last() -> None:
    found = told({TAKEN: "2031:03:15 02:30:00"}, xmp=XMP % b"xmp:CreateDate='2025-03-16T16:05:12Z'>")
    assert [when.source for when in found] == ["xmp", "exif"]


@pytest.mark.parametrize(
    "wrong",
    [None, b"2025:03:15 02:30:00", "", "    :  :     :  :  ", "2025:13:40 02:30:00", "0000:00:00 00:00:00", 7,
     "1899:12:31 23:59:59", "2201:01:01 00:00:00", "2025:03:15 25:30:00", "2025:03:15 02:61:00"],
)  # fmt: skip
def test_a_senseless_time_is_none(wrong: object) -> None:
    assert told({TAKEN: wrong, OFFSET_TAKEN: "+99:00", SUBSEC_TAKEN: "x"}) == []


@pytest.mark.parametrize(
    "clock", [(25, 0, 0), (1, 2), (float("nan"), 0, 0), "010203", None, (1, "x", 2), (-1, 0, 0)]
)
def test_a_senseless_fix_is_none(clock: object) -> None:
    assert told({}, {GPS_DATE: "2025:03:14", GPS_TIME: clock}) == []


ODD = st.text(st.sampled_from("0123456789:-/. TZ+\0上午PM"), max_size=32) | st.text(max_size=32)


@given(ODD, ODD, ODD, ODD, st.binary(max_size=80))
def test_nothing_that_a_tag_may_hold_makes_the_reader_fall(a: str, b: str, c: str, d: str, xmp: bytes) -> None:
    exif: Tags = {TAKEN: a, OFFSET_TAKEN: b, SUBSEC_TAKEN: c, DIGITIZED: d}
    for when in told(
        exif, {GPS_DATE: a, GPS_TIME: (1.0, 2.0, 3.0)}, b"xmp:CreateDate='" + a.encode() + xmp, {CHANGED: b}
    ):
        assert FIRST_YEAR <= when.wall.year <= LAST_YEAR
        assert when.at(ZONE).tzinfo is not None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)), st.sampled_from([":", "-", "/"]))  # noqa: DTZ001
def test_every_time_of_three_centuries_is_read_as_it_was_written(wall: datetime, apart: str) -> None:
    found = read_wall(wall.strftime(f"%Y{apart}%m{apart}%d %H:%M:%S.%f").rjust(26, "0"), "exif")
    assert found is not None
    assert found.wall == wall.replace(microsecond=wall.microsecond // 1000 * 1000)


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
        when = told({TAKEN: wall.strftime("%Y:%m:%d %H:%M:%S")}, fix((12, 0, 0)))[0]
        assert when.offset == timedelta(minutes=15 * quarters)
