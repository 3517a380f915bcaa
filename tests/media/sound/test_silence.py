"""A stretch made silent is exactly that stretch, and the recording is as long as it was."""

from __future__ import annotations

import pytest

from fieldlog.media.reading import PIECE_BYTES, Held
from fieldlog.media.sound.peaks import Peaks
from fieldlog.media.sound.silence import Silenced
from fieldlog.media.sound.wav import read_plan
from fieldlog.model.errors import NotUnderstood
from tests.fakes.made import riff, tone

ALL = PIECE_BYTES // 2 + 1000
"""More frames than are read in one piece."""


async def silenced(data: bytes, first: int, end: int) -> tuple[bytes, bytes]:
    """The whole WAV, and its peaks."""
    made = Silenced("memo.wav", Held(data), read_plan(Held(data)), first, end)
    return b"".join([piece async for piece in made.chunks()]), made.peaks


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("first", "end"),
    [(0, 1), (0, ALL), (7, 7), (5, 900), (ALL - 1, ALL), (ALL - 100, ALL + 5000), (PIECE_BYTES // 4 - 1, ALL - 9)],
)
async def test_it_is_silent_from_one_frame_up_to_another_and_nowhere_else(
    channels: int, first: int, end: int
) -> None:
    sound = tone(ALL * channels)
    whole, peaks = await silenced(riff(sound, channels=channels), first, end)
    frame = 2 * channels
    at, stop = first * frame, min(end, ALL) * frame
    expected = sound[:at] + bytes(max(0, stop - at)) + sound[stop:] if stop > at else sound
    assert whole == riff(expected, channels=channels)
    told = Peaks(read_plan(Held(whole)).rate, channels)
    told.add(expected)
    assert peaks == told.all()


async def test_of_sound_in_which_zeros_are_no_silence_nothing_is_made_silent() -> None:
    data = riff(tone(50))
    with pytest.raises(NotUnderstood):
        await silenced(data[:34] + b"\x08" + data[35:], 0, 10)
