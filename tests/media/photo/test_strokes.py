"""What is drawn by hand: a file of strokes that comes back, and a copy of the photo with them on it."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from fieldlog.media.photo import picture
from fieldlog.media.photo.strokes import strokes_of, svg_of
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.stroke import Stroke
from tests.fakes.made import photo

tenths = some.integers(-500, 50_000).map(lambda n: n / 10)
colours = some.sampled_from(["#FFFFFF", "#E07A10", "#1E6FD9"])
strokes = some.builds(
    Stroke,
    colour=colours,
    width=some.integers(1, 400).map(lambda n: n / 10),
    points=some.lists(some.tuples(tenths, tenths), min_size=1, max_size=9, unique=True).map(tuple),
)


@given(some.lists(strokes, max_size=5).map(tuple))
def test_strokes_come_back_from_their_file_as_they_were_drawn(drawn: tuple[Stroke, ...]) -> None:
    svg = svg_of(drawn, (1200, 900))
    assert strokes_of(svg) == (drawn, (1200, 900))
    paths = ElementTree.fromstring(svg).findall(".//{http://www.w3.org/2000/svg}path")
    assert [path.get("stroke") for path in paths] == [one.colour for one in drawn]


def test_a_file_of_strokes_holds_no_code_and_a_strange_one_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        svg_of([Stroke(colour='"/><script>', width=1, points=((0, 0),))], (10, 10))
    with pytest.raises(NotUnderstood):
        strokes_of(b"<svg><script>alert(1)</script></svg>")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_drawn_lies_where_it_was_drawn_on_the_upright_picture(orientation: int) -> None:
    data = photo(size=(800, 600), orientation=orientation, exif={0x9003: "2025:03:07 10:05:00"})
    line = Stroke(colour="#1E6FD9", width=20, points=((600, 500), (700, 500), (700, 550)))
    dot = Stroke(colour="#FFFFFF", width=30, points=((400, 100),))
    made = picture.drawn(data, [line, dot], (800, 600))
    with Image.open(io.BytesIO(made)) as shown:
        assert shown.size == (800, 600)
        assert not shown.getexif()
        assert near(shown, (650, 500), (0x1E, 0x6F, 0xD9))
        assert near(shown, (700, 540), (0x1E, 0x6F, 0xD9))
        assert near(shown, (400, 100), (255, 255, 255))
        assert near(shown, (100, 75), (220, 20, 20))
        assert near(shown, (650, 120), (90, 90, 90))


def test_strokes_on_an_empty_page_are_on_white_and_on_a_large_picture_go_small_with_it() -> None:
    with Image.open(io.BytesIO(picture.drawn(None, [], (400, 300)))) as page:
        assert (page.size, page.convert("RGB").getpixel((10, 10))) == ((400, 300), (255, 255, 255))
    line = Stroke(colour="#E07A10", width=80, points=((4000, 3000), (6000, 3000)))
    made = picture.drawn(photo(size=(8192, 6144)), [line], (8192, 6144))
    with Image.open(io.BytesIO(made)) as shown:
        assert shown.size == (4096, 3072)
        assert near(shown, (2500, 1500), (0xE0, 0x7A, 0x10))


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 24 for a, b in zip(pixel, colour, strict=True))
