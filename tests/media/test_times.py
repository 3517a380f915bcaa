"""When a file was made, by all that it says itself: the head of a photo or a recording, and the name."""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from fieldlog.media.boxes import made_at, seconds_of, still_tags
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.reading import Held
from fieldlog.media.sound.wav import MOST_CHUNKS, broadcast_time, read_plan
from fieldlog.media.verdict import Examined, examine
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR
from tests.fakes.made import RATE, Counted, heic, m4a, photo, saved, sine, with_bext

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
ZONE = "Asia/Shanghai"
Row = tuple[str, str, str]


def seen(name: str, data: bytes) -> Examined:
    return examine(name, Held(data), eye=find_eye(), now=NOW)


def first(name: str, data: bytes) -> Row | None:
    """What counts first, on the wall of a study in Shanghai."""
    for when in seen(name, data).told.times:
        if not when.suspect:
            return when.at(ZONE).isoformat(), when.precision, when.source
    return None


HEADS: dict[str, Row] = {
    "IMG_0001.HEIC": ("2025-03-16T16:05:12+08:00", "exact", "exif"),
    "b22_xmp.jpg": ("2025-03-16T16:05:12+09:00", "exact", "xmp"),
    "a14_only_datetime.jpg": ("2025-03-16T16:05:12+08:00", "about", "edited"),
    "a08_dto_with_zone.jpg": ("2025-03-16T16:05:12+01:00", "exact", "exif"),
    "a09_iso_Z.jpg": ("2025-03-16T16:05:12+00:00", "exact", "exif"),
    "a04_off_h.jpg": ("2025-03-16T16:05:12+09:00", "exact", "exif"),
    "a05_off_hh.jpg": ("2025-03-16T16:05:12+09:00", "exact", "exif"),
    "a06_off_Z.jpg": ("2025-03-16T16:05:12+00:00", "exact", "exif"),
    "a15_only_offsettime_mod.jpg": ("2025-03-16T16:05:12+02:00", "exact", "exif"),
    "a10_24h.jpg": ("2025-03-16T00:08:19+08:00", "about", "exif"),
    "w03_bext.wav": ("2025-03-16T16:05:12+08:00", "exact", "sound"),
    "m01.m4a": ("2025-03-16T16:05:12+08:00", "exact", "sound"),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_files_own_head_tells_when_it_was_made(name: str) -> None:
    assert first(name, (CASES / name).read_bytes()) == HEADS[name]


@pytest.mark.parametrize("name", sorted(set(HEADS) - {"a10_24h.jpg"}))
def test_exiftool_reads_the_same_hour_in_it(name: str, tool: Callable[[str], Path]) -> None:
    asked: list[str | Path] = [
        tool("exiftool"),
        "-j",
        "-DateTimeOriginal",
        "-ModifyDate",
        "-CreateDate",
        CASES / name,
    ]
    judge = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)[0]
    told = [value.replace("-", ":").replace("T", " ")[:19] for key, value in judge.items() if key != "SourceFile"]
    (when, *_) = seen(name, (CASES / name).read_bytes()).told.times
    assert when.wall.strftime("%Y:%m:%d %H:%M:%S") == told[0]


NAMES: dict[str, Row] = {
    "PXL_20250316_080512123.jpg": ("2025-03-16T16:05:12.123000+08:00", "exact", "name"),
    "mmexport1742112312000.jpg": ("2025-03-16T16:05:12+08:00", "about", "name"),
    "微信图片_20250316160512.jpg": ("2025-03-16T16:05:12+08:00", "about", "name"),
    "photo 2025-03-16 at 16.05.12.jpg": ("2025-03-16T16:05:12+08:00", "exact", "name"),
    "IMG-20250316-WA0001.jpg": ("2025-03-16T00:00:00+08:00", "day", "name"),
}
PLAIN = saved(Image.new("RGB", (40, 30)), "JPEG")


@pytest.mark.parametrize("name", NAMES)
def test_of_a_photo_whose_head_says_nothing_the_name_does(name: str) -> None:
    assert first(name, PLAIN) == NAMES[name]


def test_the_head_comes_before_the_name_the_name_before_the_editor_and_a_day_alone_is_last() -> None:
    edited = photo(first={0x0132: "2025:03:18 10:00:00"})
    taken = photo(first={0x0132: "2025:03:18 10:00:00"}, exif={0x9003: "2025:03:16 16:05:12"})
    assert first("IMG_20250317_100000.jpg", taken) == ("2025-03-16T16:05:12+08:00", "exact", "exif")
    assert first("IMG_20250317_100000.jpg", edited) == ("2025-03-17T10:00:00+08:00", "exact", "name")
    assert first("IMG-20250317-WA0001.jpg", edited) == ("2025-03-18T10:00:00+08:00", "about", "edited")
    assert first("IMG-20250317-WA0001.jpg", PLAIN) == ("2025-03-17T00:00:00+08:00", "day", "name")
    assert first("IMG_0001.jpg", PLAIN) is None


def test_a_time_to_come_is_believed_of_nobody() -> None:
    assert first("IMG_20520316_160512.jpg", photo(exif={0x9003: "2052:03:16 16:05:12"})) is None
    assert first("take 3.wav", with_bext(sine(RATE), "2052-03-16", "16:05:12")) is None
    assert first("memo.m4a", m4a(made="2052-03-16", wide=True)) is None


def test_a_picture_tells_its_time_where_nobody_can_look_at_it() -> None:
    data = photo(exif={0x9003: "2025:03:16 16:05:12"})
    assert examine("a.jpg", Held(data), now=NOW).told.times[0].wall.hour == 16
    raw = saved(Image.new("L", (40, 30)), "TIFF", exif={0x0132: "2025:03:16 16:05:12"})
    assert first("a.dng", raw) == ("2025-03-16T16:05:12+08:00", "about", "edited")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "JPEG"])
def test_xmp_is_read_in_whatever_kind_of_picture_it_lies(kind: str) -> None:
    xmp = b"<x:xmpmeta xmlns:xmp='u'><a xmp:CreateDate='2025-03-16T16:05:12+09:00'/></x:xmpmeta>"
    assert first("a", saved(Image.new("RGB", (40, 30)), kind, xmp=xmp)) == (
        "2025-03-16T16:05:12+09:00",
        "exact",
        "xmp",
    )


# -- pictures in boxes


@pytest.mark.parametrize(("version", "within"), [(0, False), (1, False), (2, False), (1, True), (2, True)])
@pytest.mark.parametrize("brand", [b"heic", b"avif"])
def test_exif_and_xmp_are_found_wherever_the_boxes_say(version: int, within: bool, brand: bytes) -> None:
    tags = photo(exif={0x9003: "2025:03:16 16:05:12", 0x9011: "+08:00"}).partition(b"Exif\0\0")[2][:600]
    data = heic(tags, b"<xmp/>", version=version, within=within, brand=brand)
    assert still_tags(Held(data)) == (tags, b"<xmp/>")
    assert first("IMG_0001.HEIC", data) == ("2025-03-16T16:05:12+08:00", "exact", "exif")


def test_what_a_picture_claims_beyond_reason_is_not_read() -> None:
    tags = b"II*\0" + bytes(60)
    for wrong in (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0"):
        data = heic(tags, b"", length=wrong)
        counted = Counted(data)
        assert still_tags(counted) in ((b"", b""), (tags, b""))
        assert counted.taken < 4096
    huge = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + struct.pack(">I4sQ", 1, b"meta", 1 << 62)
    counted = Counted(huge + bytes(100))
    assert still_tags(counted) == (b"", b"")
    assert counted.taken < 4096


# -- recordings


@pytest.mark.parametrize(
    ("day", "clock", "right"),
    [
        ("2025-03-16", "16:05:12", "2025-03-16T16:05:12+08:00"),
        ("2025:03:16", "16-05-12", "2025-03-16T16:05:12+08:00"),
        ("2025_03_16", "16_05_12", "2025-03-16T16:05:12+08:00"),
        ("2025/03/16", "16.05.12", "2025-03-16T16:05:12+08:00"),
        ("2025-03-16", "\0" * 8, None), ("2000-01-01", "00:00:09", None), ("0000-00-00", "00:00:00", None),
        ("\0" * 10, "\0" * 8, None), ("2025-13-16", "16:05:12", None), ("2025-03-16", "31:05:12", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("behind", [False, True], ids=["before the sound", "behind it"])
def test_a_broadcast_wav_tells_when_it_began(day: str, clock: str, right: str | None, behind: bool) -> None:
    found = first("T01.WAV", with_bext(sine(RATE), day, clock, behind=behind))
    exact = found if found and found[1] == "exact" else None
    assert exact == ((right, "exact", "sound") if right else None)


@pytest.mark.parametrize("wide", [False, True], ids=["32 bits", "64 bits"])
def test_an_m4a_tells_when_it_was_made_and_how_long_it_is(wide: bool) -> None:
    data = m4a(made="2025-03-16", seconds=90.5, wide=wide)
    assert first("memo.m4a", data) == ("2025-03-16T08:00:00+08:00", "exact", "sound")
    assert seen("memo.m4a", data).seconds == 90.5


def test_1904_is_no_time_and_an_unknown_length_is_none() -> None:
    assert made_at(Held(m4a(made=None))) is None
    assert first("memo.m4a", m4a(made=None)) is None
    assert seconds_of(Held(m4a(seconds=0))) is None
    assert seconds_of(Held(m4a(seconds=None))) is None


def test_where_the_whole_says_nothing_its_track_does() -> None:
    data = m4a(made=None, seconds=0, track=("2025-03-16", 12.0))
    assert first("memo.m4a", data) == ("2025-03-16T08:00:00+08:00", "exact", "sound")
    assert seen("memo.m4a", data).seconds == 12.0


@pytest.mark.parametrize(("name", "seconds"), [("w20_adpcm.wav", 2.03), ("w03_bext.wav", 2.0), ("m01.m4a", 2.0)])
def test_compressed_sound_has_its_length_too(name: str, seconds: float, tool: Callable[[str], Path]) -> None:
    found = seen(name, (CASES / name).read_bytes())
    assert found.verdict == "ok"
    assert found.seconds == pytest.approx(seconds, abs=0.005)
    asked: list[str | Path] = [
        tool("ffprobe"),
        "-v",
        "error",
        "-show_entries",
        "format=duration",
        "-of",
        "json",
        CASES / name,
    ]
    judge = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
    assert found.seconds == pytest.approx(float(judge["format"]["duration"]), abs=0.005)


@pytest.mark.parametrize(
    ("fmt", "fact", "seconds"),
    [
        (struct.pack("<HHIIHHHH", 0x11, 1, 8000, 4055, 256, 4, 2, 505), None, 505 * 10 / 8000),
        (struct.pack("<HHIIHHHH", 0x11, 1, 8000, 4055, 256, 4, 2, 505), 5000, 5000 / 8000),
        (struct.pack("<HHIIHHHH", 0x11, 1, 8000, 4055, 256, 4, 2, 505), 0xFFFFFFFF, 505 * 10 / 8000),
        (struct.pack("<HHIIHHH", 0x55, 1, 44100, 16000, 1, 0, 0), 88200, 2.0),
        (struct.pack("<HHIIHHH", 0x55, 1, 44100, 1280, 1, 0, 0), None, 2.0),
        (struct.pack("<HHIIHHH", 7, 1, 8000, 8000, 1, 8, 0), None, 2560 / 8000),
    ],
)
def test_the_length_is_that_of_the_blocks_the_samples_or_the_pace(
    fmt: bytes, fact: int | None, seconds: float
) -> None:
    chunks = struct.pack("<4sI", b"fmt ", len(fmt)) + fmt
    chunks += b"" if fact is None else struct.pack("<4sII", b"fact", 4, fact)
    chunks += struct.pack("<4sI", b"data", 2560) + bytes(2560)
    data = struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WAVE") + chunks
    assert read_plan(Held(data)).seconds == pytest.approx(seconds)


def test_a_recording_of_nothing_but_heads_is_given_up() -> None:
    counted = Counted(b"RIFF\0\0\0\0WAVE" + bytes(16 * MOST_CHUNKS))
    assert broadcast_time(counted) is None
    with pytest.raises(NotUnderstood):
        read_plan(counted)
    assert counted.reads < 3 * MOST_CHUNKS


# -- whatever comes in


def sound_and_pictures() -> list[tuple[str, bytes]]:
    tags = photo(exif={0x9003: "2025:03:16 16:05:12", 0x9011: "+08:00"}).partition(b"Exif\0\0")[2][:400]
    return [
        ("a.heic", heic(tags, b"exif:DateTimeOriginal='2025-03-16'", version=1)),
        ("a.jpg", (CASES / "b22_xmp.jpg").read_bytes()[:2500]),
        ("a.tif", saved(Image.new("L", (4, 3)), "TIFF", exif={0x0132: "2025:03:16 16:05:12"})),
        ("a.m4a", m4a(made="2025-03-16", track=("2025-03-16", 3.0))),
        ("a.wav", with_bext(sine(80), "2025-03-16", "16:05:12")),
        ("b.wav", (CASES / "w20_adpcm.wav").read_bytes()[:400]),
    ]


WHOLE = sound_and_pictures()
IN_A_THOUSAND_PIECES = (1974, b"\x0c")
"""Where a picture says of its Exif item that it lies in 3,072 pieces, none of which is there."""


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 2500), st.binary(min_size=1, max_size=9)), max_size=6),
)
@example(next(one for one in WHOLE if one[0] == "a.heic"), [IN_A_THOUSAND_PIECES])
def test_no_damage_makes_the_reader_fall_or_tells_a_time_that_can_not_be(
    whole: tuple[str, bytes], damages: list[tuple[int, bytes]]
) -> None:
    name, data = whole
    for at, wrong in damages:
        at %= len(data)
        data = data[:at] + wrong + data[at + len(wrong) :]
    counted = Counted(data)
    for when in examine(name, counted, now=NOW).told.times:
        assert FIRST_YEAR <= when.wall.year <= LAST_YEAR
        when.at(ZONE)
    assert counted.reads < 3 * len(data) + 1000
    assert counted.taken < 100 * len(data) + (1 << 20)


@given(st.sampled_from(WHOLE), st.integers(0, 2500))
def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(whole: tuple[str, bytes], cut: int) -> None:
    for when in examine(whole[0], Held(whole[1][:cut]), now=NOW).told.times:
        assert when.wall.year == 2025


@given(st.binary(max_size=600), st.sampled_from(["a.heic", "a.jpg", "a.m4a", "a.wav", "a.png"]))
def test_noise_behind_a_good_beginning_is_noise(noise: bytes, name: str) -> None:
    begins = {
        "a.heic": b"\0\0\0\x10ftypheic\0\0\0\0" + struct.pack(">I", 12 + len(noise)) + b"meta\0\0\0\0",
        "a.jpg": b"\xff\xd8\xff\xe1" + struct.pack(">H", 8 + len(noise)) + b"Exif\0\0",
        "a.png": b"\x89PNG\r\n\x1a\n",
        "a.m4a": b"\0\0\0\x10ftypM4A \0\0\0\0" + struct.pack(">I", 8 + len(noise)) + b"moov",
        "a.wav": b"RIFF\0\0\0\0WAVE",
    }  # fmt: skip
    for when in examine(name, Held(begins[name] + noise), now=NOW).told.times:
        assert FIRST_YEAR <= when.wall.year <= LAST_YEAR
