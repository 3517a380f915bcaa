"""Waveforms: one byte for every tenth of a second."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.reading import Held
from fieldlog.media.sound.peaks import Peaks, peaks_of
from fieldlog.media.sound.wav import read_plan
from fieldlog.model.errors import NotUnderstood
from tests.fakes.made import chunked, riff, tone


def slowly(pcm: bytes, rate: int, channels: int) -> bytes:
    """The definition, sample by sample."""
    samples, found, at = array("h", pcm), list[int](), 0
    while at * channels < len(samples):
        ends = (len(found) + 1) * rate // 10
        loudest = max(abs(one) for one in samples[at * channels : ends * channels])
        found.append(min(255, (loudest + 127) >> 7))
        at = ends
    return bytes(found)


@given(
    st.integers(0, 5000),
    st.sampled_from([8000, 11_025, 16_000, 22_050]),
    st.sampled_from([1, 2]),
    st.integers(1, 3000),
)
def test_peaks_are_the_same_however_the_sound_arrives(frames: int, rate: int, channels: int, size: int) -> None:
    pcm = tone(frames * channels)
    collecting = Peaks(rate, channels)
    for chunk in chunked(pcm, size * 2 * channels):
        collecting.add(chunk)
    assert collecting.all() == slowly(pcm, rate, channels)


def test_silence_is_zero_a_whisper_is_not_and_the_loudest_is_255() -> None:
    for sample, byte in ((0, 0), (1, 1), (-1, 1), (128, 1), (129, 2), (32_767, 255), (-32_768, 255)):
        collecting = Peaks(1000, 1)
        collecting.add(array("h", [sample] * 100).tobytes())
        assert collecting.all() == bytes([byte])
        assert collecting.latest == byte


def test_an_hour_is_36_kilobytes_and_never_drifts() -> None:
    collecting = Peaks(11_025, 1)
    for _ in range(3600):
        collecting.add(bytes(2 * 11_025))
    assert len(collecting.all()) == 36_000


def test_a_file_is_read_in_pieces_that_need_not_end_with_a_frame() -> None:
    pcm = tone(300_000)
    data = b"".join((riff(pcm, channels=2)[:44], pcm))
    for shift in (0, 1):
        whole = Held(data[: len(data) - 4 * shift])
        plan = read_plan(whole)
        assert peaks_of(whole, plan) == slowly(pcm[: plan.data_bytes], 16_000, 2)


def test_waveforms_are_not_drawn_of_what_is_not_16_bit() -> None:
    data = bytearray(riff(tone(100)))
    data[34:36] = b"\x08\0"
    with pytest.raises(NotUnderstood):
        peaks_of(Held(bytes(data)), read_plan(Held(bytes(data))))
