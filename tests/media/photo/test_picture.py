"""Pictures: upright, small, and without what they say about the person who took them."""

from __future__ import annotations

import io
import json
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from fieldlog.media.photo import eye, eyes, picture
from fieldlog.media.photo.exif import read_told
from fieldlog.media.reading import Held
from fieldlog.model.errors import NotUnderstood
from tests.fakes.made import UPSET, photo, saved

AT_TEN = "2025:03:07 10:05:00"
NORTH = (IFDRational(31), IFDRational(13), IFDRational(4800, 100))
EAST = (IFDRational(121), IFDRational(28), IFDRational(1200, 100))
FIX: dict[int, object] = {
    1: "N",
    2: NORTH,
    3: "E",
    4: EAST,
    7: (IFDRational(2), IFDRational(4), IFDRational(58)),
    29: "2025:03:07",
}


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel[0] > 150 and pixel[1] < 90 and pixel[2] < 90


def preview(data: bytes, max_side_px: int) -> bytes:
    (one,) = picture.previews(data, (max_side_px,))
    return one


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("side_px", [320, 1600])
def test_a_photo_is_shown_upright_however_the_camera_was_held(orientation: int, side_px: int) -> None:
    data = photo(size=(2400, 1800), orientation=orientation)
    facts = picture.read_facts(data)
    assert (facts.width, facts.height, facts.orientation) == (2400, 1800, orientation)
    shown = opened(preview(data, side_px))
    assert shown.size == (side_px, side_px * 3 // 4)
    right, bottom = shown.width - 1, shown.height - 1
    assert is_red(shown, (shown.width // 8, shown.height // 8))
    assert not any(is_red(shown, corner) for corner in ((right, 0), (0, bottom), (right, bottom)))


def test_both_sizes_are_made_at_once_and_the_same_each_time() -> None:
    data = photo(size=(2400, 1800), orientation=6)
    shown, thumb = picture.previews(data, (1600, 320))
    assert (opened(shown).size, opened(thumb).size) == ((1600, 1200), (320, 240))
    assert picture.previews(data, (1600, 320)) == (shown, thumb)
    assert shown[:2] == b"\xff\xd8"


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(preview(photo(size=(100, 60)), 320)).size == (100, 60)


def test_a_preview_tells_nothing_about_place_time_or_camera(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    private: dict[int, object] = {1: "N", 2: NORTH, 3: "E", 4: EAST}
    original = photo(exif={0x9003: AT_TEN}, gps=private, comment=b"taken by P07")
    for name, data in (("original", original), ("preview", preview(original, 320))):
        (tmp_path / f"{name}.jpg").write_bytes(data)
    asked: list[str | Path] = [
        tool("exiftool"),
        "-j",
        "-a",
        "-G",
        tmp_path / "original.jpg",
        tmp_path / "preview.jpg",
    ]
    tags = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
    said = [
        {tag.partition(":")[2] for tag in one if tag.partition(":")[0] in ("EXIF", "XMP", "IPTC")} for one in tags
    ]
    assert {"DateTimeOriginal", "GPSLatitude", "SerialNumber"} <= said[0]
    assert said[1] == set()
    assert "P07" in tags[0]["File:Comment"]
    assert "File:Comment" not in tags[1]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_any_kind_of_pixel_becomes_a_preview(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "I;16") else "PNG"
    data = saved(Image.new(mode, (500, 400)), kind)
    assert opened(preview(data, 320)).size == (320, 256)


def test_what_is_transparent_is_shown_on_white() -> None:
    data = saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")
    assert opened(preview(data, 320)).getpixel((25, 25)) == (255, 255, 255)


def test_colours_keep_their_profile() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (50, 50)).save(out, "JPEG", icc_profile=profile)
    assert opened(preview(out.getvalue(), 320)).info["icc_profile"] == profile


def test_of_a_photo_cut_off_the_upper_part_is_shown() -> None:
    whole = photo(size=(2400, 1800))
    half = whole[: len(whole) // 2]
    assert picture.fault_of(whole) is None
    assert picture.fault_of(half) == "truncated"
    shown = opened(preview(half, 320))
    assert shown.size == (320, 240)
    assert is_red(shown, (40, 30))
    assert picture.fault_of(half) == "truncated"


def test_what_cannot_be_shown_says_so() -> None:
    for data in (b"", b"not a picture", photo()[:30], saved(Image.effect_noise((90, 90), 50), "PNG")[:900]):
        with pytest.raises(NotUnderstood):
            preview(data, 320)
    with pytest.raises(NotUnderstood):
        picture.read_facts(b"not a picture")


def test_a_few_bytes_that_would_fill_the_memory_are_never_decoded() -> None:
    bomb = saved(Image.new("1", (16_000, 16_000)), "PNG")
    assert picture.fault_of(bomb) == "too-large"
    with pytest.raises(NotUnderstood, match="more pixels"):
        picture.previews(bomb, (1600, 320))
    wider = bomb[:16] + struct.pack(">II", 60_000, 60_000) + bomb[24:]
    assert picture.fault_of(wider) in ("too-large", "undecodable")


def test_a_large_jpeg_is_shown_because_it_is_made_small_while_it_is_read() -> None:
    data = saved(Image.new("L", (12_000, 9_000), 90), "JPEG")
    assert eye.MOST_PIXELS < 12_000 * 9_000
    assert picture.fault_of(data) is None
    assert opened(preview(data, 320)).size == (320, 240)
    out = io.BytesIO()
    Image.new("L", (12_000, 9_000), 90).save(out, "JPEG", progressive=True)
    assert picture.fault_of(out.getvalue()) == "too-large"


def test_rare_formats_are_not_opened() -> None:
    for kind in ("BMP", "TGA", "PPM", "ICO"):
        with pytest.raises(NotUnderstood):
            preview(saved(Image.new("RGB", (32, 32)), kind), 320)


def test_the_time_of_a_photo_is_what_the_camera_wrote(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    data = photo(exif={0x9003: AT_TEN, 0x9011: "+08:00", 0x9291: "073"}, gps=FIX, orientation=6)
    (when, *_), place = read_told(Held(data), "image/jpeg")
    assert (when.at("UTC").isoformat(), when.source) == ("2025-03-07T10:05:00.073000+08:00", "exif")
    assert place == (31.23, 121.47)
    (tmp_path / "a.jpg").write_bytes(data)
    asked: list[str | Path] = [tool("exiftool"), "-j", "-n", tmp_path / "a.jpg"]
    judge = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)[0]
    assert judge["SubSecDateTimeOriginal"] == "2025:03:07 10:05:00.073+08:00"
    assert place == (round(judge["GPSLatitude"], 6), round(judge["GPSLongitude"], 6))


def test_satellites_give_the_zone_that_the_camera_left_out() -> None:
    times, _ = read_told(Held(photo(exif={0x9003: AT_TEN}, gps=FIX)), "image/jpeg")
    assert [(when.at("UTC").isoformat(), when.source) for when in times] == [
        ("2025-03-07T10:05:00+08:00", "exif"), ("2025-03-07T02:04:58+00:00", "gps"),
    ]  # fmt: skip


def test_a_photo_that_says_nothing_has_no_time() -> None:
    data = saved(Image.new("RGB", (40, 30)), "PNG")
    assert picture.read_facts(data) == eye.PictureFacts(width=40, height=30)
    assert read_told(Held(data), "image/png") == ([], None)


def test_a_photo_with_damaged_tags_is_still_a_photo() -> None:
    whole = photo(exif={0x9003: AT_TEN}, gps=FIX)
    start = whole.index(b"Exif\0\0") + 6
    for at in range(start, start + 220):
        damaged = whole[:at] + b"\xff" + whole[at + 1 :]
        try:
            facts = picture.read_facts(damaged)
        except NotUnderstood:
            continue
        assert sorted((facts.width, facts.height)) == [300, 400]
        assert picture.fault_of(damaged) is None


def test_on_the_laptop_there_is_an_eye() -> None:
    assert eyes.find_eye() is picture


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_shown_upright_however_it_is_stored(orientation: int) -> None:
    upright = opened(photo(size=(400, 300))).convert("RGB")
    tags = Image.Exif()
    tags[0x0112] = orientation
    out = io.BytesIO()
    (upright.transpose(UPSET[orientation]) if orientation in UPSET else upright).save(out, "TIFF", exif=tags)
    facts = picture.read_facts(out.getvalue())
    assert (facts.width, facts.height, facts.orientation) == (400, 300, orientation)
    shown = opened(preview(out.getvalue(), 320))
    assert shown.size == (320, 240)
    assert is_red(shown, (40, 30))
    assert not is_red(shown, (280, 30))
