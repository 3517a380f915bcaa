"""What the head of a picture says, read without Pillow: of its size the same as with it."""

from __future__ import annotations

import io
from random import Random

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from fieldlog.media.boxes import still_tags
from fieldlog.media.photo import exif, picture
from fieldlog.media.photo.canvas import CanvasEye
from fieldlog.media.photo.eye import PictureFacts
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.reading import Held
from fieldlog.media.verdict import examine
from fieldlog.model.errors import NotUnderstood
from tests.fakes.made import UPSET, bad_files, photo, saved
from tests.media.photo.test_picture import AT_TEN, FIX

TOLD: dict[int, object] = {0x9003: AT_TEN, 0x9011: "+08:00", 0x9291: "073", 0x927C: b"the maker's own"}
BAD = bad_files()
SOUTH_WEST = FIX | {1: "S", 3: "W"}


def tagged(kind: str, orientation: int) -> bytes:
    upright = Image.effect_noise((90, 60), 50).convert("RGB")
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags.get_ifd(0x8769).update(TOLD)
    tags.get_ifd(0x8825).update(FIX)
    out = io.BytesIO()
    (upright.transpose(UPSET[orientation]) if orientation in UPSET else upright).save(out, kind, exif=tags)
    return out.getvalue()


def facts(reader: object, data: bytes) -> PictureFacts | None:
    try:
        return reader.read_facts(data)  # type: ignore[attr-defined, no-any-return]
    except NotUnderstood:
        return None


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_size_and_how_it_was_held_are_read_as_pillow_reads_them(kind: str, orientation: int) -> None:
    found = exif.read_facts(tagged(kind, orientation))
    assert found == picture.read_facts(tagged(kind, orientation))
    assert (found.width, found.height, found.orientation) == (90, 60, orientation)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_are_read_whatever_kind_of_picture_holds_them(kind: str) -> None:
    (when, *_), place = exif.read_told(Held(tagged(kind, 6)), f"image/{kind.lower()}")
    assert when.at("UTC").isoformat() == "2025-03-07T10:05:00.073000+08:00"
    assert place == (31.23, 121.47)


@pytest.mark.parametrize(
    "data",
    [
        photo(),
        photo(progressive=True, orientation=7),
        photo(exif={0x9004: AT_TEN}, gps=FIX),
        photo(exif={0x9003: "2000:01:01 00:00:00"}, gps=SOUTH_WEST),
        photo(exif={0x9003: "2031:01:01 00:00:00"}),
        photo(gps={**FIX, 2: (IFDRational(31), IFDRational(1, 0), IFDRational(3))}),
        saved(Image.new("P", (30, 20)), "GIF"),
        saved(Image.new("RGBA", (30, 20)), "PNG"),
        saved(Image.new("L", (30, 20)), "WEBP"),
        b"\xff\xd8\xff\xe1\0\x02" + photo(orientation=3)[2:],
    ],
)
def test_whatever_is_told_or_left_out_both_say_the_same(data: bytes) -> None:
    assert exif.read_facts(data) == picture.read_facts(data)


def test_where_only_xmp_says_how_a_picture_was_held_that_counts() -> None:
    said = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    plain = saved(Image.effect_noise((90, 60), 50), "JPEG")
    data = plain[:2] + b"\xff\xe1" + (len(said) + 2).to_bytes(2, "big") + said + plain[2:]
    assert exif.read_facts(data) == picture.read_facts(data)
    assert (exif.read_facts(data).width, exif.read_facts(data).orientation) == (60, 6)


@pytest.mark.parametrize("count", range(5))
def test_a_still_picture_whose_table_has_no_room_for_its_own_head_tells_nothing(count: int) -> None:
    class Strict(Held):
        def read(self, at: int, count: int) -> bytes:
            assert count >= 0
            return super().read(at, count)

    kind = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    data = kind + (8 + count).to_bytes(4, "big") + b"meta" + bytes(count)
    assert still_tags(Strict(data)) == (b"", b"")


@pytest.mark.parametrize("name", BAD)
def test_of_bad_files_both_say_the_same(name: str) -> None:
    assert facts(exif, BAD[name]) == facts(picture, BAD[name])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_no_picture_cut_or_damaged_anywhere_makes_the_reader_fall(kind: str) -> None:
    whole, chance = tagged(kind, 6), Random(kind)
    for cut in range(len(whole)):
        facts(exif, whole[:cut])
        exif.read_told(Held(whole[:cut]), f"image/{kind.lower()}")
    for _ in range(2000):
        at = chance.randrange(min(len(whole), 700))
        damaged = whole[:at] + chance.randbytes(2) + whole[at + 2 :]
        facts(exif, damaged)
        exif.read_told(Held(damaged), f"image/{kind.lower()}")


def test_a_jpeg_cut_anywhere_gets_the_same_verdict_from_either() -> None:
    whole, eyes = photo(exif={0x9003: AT_TEN}, gps=FIX), (CanvasEye(), find_eye())
    for cut in range(1, len(whole), 13):
        one, other = (examine("a.jpg", Held(whole[:cut]), eye=eye).verdict for eye in eyes)  # type: ignore[arg-type]
        assert one == other


def test_what_names_the_camera_is_never_read() -> None:
    assert "SERIAL-0001" not in repr((exif.read_facts(photo()), exif.read_told(Held(photo()), "image/jpeg")))
    assert b"SERIAL-0001" in photo()
