"""Heads of photos and recordings, and file names, damaged: no reader falls, and none tells what can't be."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from fieldlog.media.kinds import sniff
from fieldlog.media.photo.exif import read_facts, read_told
from fieldlog.media.reading import Held
from fieldlog.media.safe_names import name_fault
from fieldlog.media.sound.wav import broadcast_time, read_plan, repaired
from fieldlog.media.times import in_order
from fieldlog.media.times_in_names import named_times
from fieldlog.media.verdict import examine
from fieldlog.media.written import When, read_offset, read_wall
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR
from tests.damage import NUMBERS, ODD_TEXT, SIGNS, Fuzz, hurt
from tests.fakes.made import (
    RATE,
    Counted,
    all_of,
    heic,
    m4a,
    photo,
    riff,
    saved,
    sine,
    unfinished_by_iphone,
    with_bext,
)

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
TIFF = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x0132, 2, 20, 26) + bytes(4) + b"2025:03:16 16:05:12\0"
GPS: dict[int, object] = {1: "N", 2: (31, 13, 48), 3: "E", 4: (121, 28, 12), 7: (18, 30, 0), 29: "2025:03:15"}
SMALL = photo(size=(16, 12), gps=GPS, exif={0x9003: "2025:03:16 16:05:12", 0x9011: "+08:00", 0x9291: "123"})
CHANGED: dict[int, object] = {0x0132: "2025:03:16 16:05:12"}
PICTURES = [
    SMALL, TIFF, (CASES / "b22_xmp.jpg").read_bytes()[:2500], heic(TIFF, b"exif:DateTimeOriginal='2025-03-16'"),
    heic(TIFF, b"x", version=2, within=True), saved(Image.new("L", (4, 3)), "TIFF", exif=CHANGED),
    saved(Image.new("L", (4, 3)), "PNG", exif=CHANGED, xmp=b"<xmp:CreateDate>2025-03-16"),
    saved(Image.new("L", (4, 3)), "WEBP", exif={0x0112: 6}), saved(Image.new("P", (4, 3)), "GIF"),
]  # fmt: skip
FMT = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
LONG = b"RF64" + b"\xff" * 4 + b"WAVEds64" + struct.pack("<IQQQI", 28, 200, 80, 40, 0)
WAVS = [
    riff(sine(40)), riff(sine(40), channels=2), riff(sine(40), sizes=(0, 0)),
    *(with_bext(sine(40), "2025-03-16", "16:05:12", behind=behind) for behind in (False, True)),
    (CASES / "w20_adpcm.wav").read_bytes()[:300],
    LONG + b"fmt \x10\0\0\0" + FMT + b"data" + b"\xff" * 4 + sine(40), unfinished_by_iphone(sine(40))[:300],
]  # fmt: skip
M4AS = [
    m4a(), m4a(wide=True), m4a(made=None, seconds=None, track=("2025-03-16", 3.0)),
    (CASES / "m01.m4a").read_bytes()[:3000],
]  # fmt: skip
SOUNDS = [
    b"OggS\0\2" + bytes(22) + b"OpusHead\1\1\x38\1" + bytes(40) + b"OggS\0\4\0\x77\1" + bytes(46),
    b"OggS\0\2" + bytes(22) + b"\1vorbis" + bytes(4) + struct.pack("<BI", 1, 44_100) + bytes(40),
    b"fLaC\0\0\0\x22" + bytes(10) + (44_100 << 44 | 88_200).to_bytes(8, "big") + bytes(40),
    b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\x00" + bytes(32) + b"Xing\0\0\0\1\0\0\0\x4d" + bytes(400),
    b"\xff\xf1\x50\x80\x02\x1f\xfc" * 9, b"#!AMR\n" + (b"\x3c" + bytes(31)) * 5,
]  # fmt: skip
NAMES = """IMG_20250316_160512.jpg|PXL_20250316_080512123.jpg|photo 2025-03-16 at 4.05.12 PM.jpg
微信图片_20250316160512.jpg|mmexport1742112312345.jpg|IMG-20250316-WA0001.jpg|2025年3月16日 下午4时05分.m4a
250316_160512.wav|34-2 T3.wav|Screenshot_2025-03-16-16-05-12-123_com.app.png
录音 2025.03.16 16：05：12+08:00.m4a""".replace("\n", "|").split("|")
NAME = hurt([name.encode() for name in NAMES]).map(lambda name: name.decode(errors="surrogateescape")) | ODD_TEXT


def possible(times: list[When]) -> None:
    for when in in_order(times, NOW):
        assert FIRST_YEAR <= when.wall.year <= LAST_YEAR
        assert when.at("Asia/Shanghai").tzinfo is not None


def examined(data: bytes) -> None:
    """All that is asked of a file that comes in, and that it is not read over and over."""
    counted = Counted(data)
    found = examine("a.bin", counted, now=NOW)
    possible(list(found.told.times))
    assert found.seconds is None or (math.isfinite(found.seconds) and found.seconds >= 0)
    assert found.told.place is None or (abs(found.told.place[0]) <= 90 and abs(found.told.place[1]) <= 180)
    assert counted.reads < 200_000


def test_a_damaged_picture_tells_what_can_be_or_nothing(fuzz: Fuzz) -> None:
    def look(data: bytes) -> None:
        possible(read_told(Held(data), sniff(data[:64], len(data)).mime)[0])
        examined(data)
        facts = read_facts(data)
        assert facts.width > 0
        assert facts.height > 0
        assert 1 <= facts.orientation <= 8

    fuzz(hurt(PICTURES, most=6), look)


def test_a_damaged_wav_is_read_as_far_as_it_has_sound(fuzz: Fuzz) -> None:
    def look(data: bytes) -> None:
        examined(data)
        possible([when] if (when := broadcast_time(Held(data))) else [])
        plan = read_plan(Held(data))
        assert 0 <= plan.data_at <= len(data)
        assert 0 <= plan.data_bytes <= len(data) - plan.data_at
        assert plan.data_bytes % plan.frame_bytes == 0
        whole = all_of(repaired(Held(data), plan))
        assert data[plan.data_at : plan.data_at + plan.data_bytes] in whole
        again = read_plan(Held(whole))
        assert (again.data_bytes, again.fmt) == (plan.data_bytes, plan.fmt)

    fuzz(hurt(WAVS, most=6), look)


def test_a_damaged_head_of_an_m4a_tells_a_length_and_a_time_or_none(fuzz: Fuzz) -> None:
    fuzz(hurt(M4AS, most=6), examined)


def test_a_box_that_says_it_ends_beyond_any_disk_is_cut_off_and_nothing_more() -> None:
    found = examine("a.m4a", Counted(m4a() + b"\0\0\0\1free" + b"\xff" * 8 + bytes(40)), now=NOW)
    assert found.seconds == 2.0


def test_damaged_sound_of_any_other_kind_has_a_length_or_none(fuzz: Fuzz) -> None:
    fuzz(hurt(SOUNDS, most=6), examined)


def test_a_file_may_be_called_anything(fuzz: Fuzz) -> None:
    def look(name: str) -> None:
        possible(named_times(name))
        assert name_fault(name) in ("", "long", "reserved", "forbidden")

    fuzz(NAME, look)


def test_a_tag_may_hold_any_text_for_a_time(fuzz: Fuzz) -> None:
    text = st.lists(
        st.sampled_from(("2025:03:16 16:05:12", "+08:00", "24:08:19", "Z", ".5", *SIGNS, *NUMBERS)), max_size=4
    )

    def look(said: str) -> None:
        possible(
            [when]
            if (when := read_wall(said, "exif", "".join(one for one in said if one in "0123456789")))
            else []
        )
        read_offset(said)

    fuzz(text.map("".join), look)
