"""The picture of a memo: loud is tall, silence is a line, and any viewer opens it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fieldlog.media.sound.waveform import BAR_PX, BARS, GAP_PX, HEIGHT_PX, bars, picture

LINE_PX = 3
"""How high silence is drawn."""


def opened(levels: list[float]) -> Image.Image:
    image = Image.open(io.BytesIO(picture(levels)))
    image.load()
    return image


def heights(image: Image.Image) -> list[int]:
    """How many pixels of each bar's middle column are to be seen."""
    alpha = image.getchannel("A")
    columns = range(BAR_PX // 2, image.width, BAR_PX + GAP_PX)
    return [sum(alpha.getpixel((x, y)) == 255 for y in range(image.height)) for x in columns]


def test_it_is_a_whole_png_of_white_bars_on_nothing() -> None:
    image = opened(bars([bytes(range(256))]))
    assert (image.format, image.mode) == ("PNG", "LA")
    assert image.size == (BARS * (BAR_PX + GAP_PX), HEIGHT_PX)
    assert image.getchannel("L").getextrema() == (255, 255)
    assert image.getchannel("A").getextrema() == (0, 255)


def test_loud_is_tall_and_silence_is_a_line() -> None:
    image = opened(bars([bytes(480), b"\xff" * 480]))
    found = heights(image)
    assert found[: BARS // 2] == [LINE_PX] * (BARS // 2)
    assert found[BARS // 2 :] == [HEIGHT_PX] * (BARS // 2)


def test_a_memo_without_any_sound_is_a_line_too() -> None:
    for nothing in (list[bytes](), [b""], [bytes(7)]):
        assert heights(opened(bars(nothing))) == [LINE_PX] * BARS


def test_between_the_bars_there_is_nothing_and_they_are_centred() -> None:
    alpha = opened(bars([b"\xff"])).getchannel("A")
    gap = [alpha.getpixel((x, HEIGHT_PX // 2)) for x in range(BAR_PX, BAR_PX + GAP_PX)]
    assert gap == [0] * GAP_PX
    box = opened([0.5]).getchannel("A").getbbox()
    assert box is not None
    assert (box[0], box[1] + box[3], box[2]) == (0, HEIGHT_PX, BAR_PX)


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 120))
def test_the_loudest_moment_is_seen_where_it_was_heard_and_no_bar_is_louder(
    peaks: list[bytes], count: int
) -> None:
    found = bars(peaks, count)
    levels = b"".join(peaks)
    assert len(found) == count
    assert max(found) == pytest.approx((max(levels, default=0) / 255) ** 0.5)
    if levels:
        bar = min(count - 1, levels.index(max(levels)) * count // len(levels))
        assert max(found) in found[bar : bar + 2]


def test_segments_follow_each_other_as_one() -> None:
    whole = bytes(range(200))
    assert bars([whole]) == bars([whole[:77], b"", whole[77:]])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_taller_is_never_quieter(levels: list[float]) -> None:
    found = heights(opened(levels))
    ordered = sorted(zip(levels, found, strict=True))
    assert [tall for _, tall in ordered] == sorted(found)
    assert all(2 <= tall <= HEIGHT_PX for tall in found)
