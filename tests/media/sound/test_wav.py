"""WAV files as recorders leave them: repaired, joined and cut apart to the byte."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.reading import Held
from fieldlog.media.sound.wav import (
    Told,
    WavPlan,
    cuts,
    header,
    joined_header,
    read_plan,
    repaired,
    told_by,
)
from fieldlog.model.errors import NotUnderstood
from tests.fakes.made import RATE, SIDECAR, all_of, riff, sine, tone, unfinished_by_iphone

SOUND = sine(2 * RATE)
TOLD = Told(rate=RATE, channels=1)
DAMAGED = {
    "never given a header": bytes(44) + SOUND,
    "filler and no sizes": unfinished_by_iphone(SOUND),
    "sizes left open": riff(SOUND, sizes=(0xFFFFFFFF, 0xFFFFFFFF)),
    "good": riff(SOUND),
    "header of a full segment": riff(SOUND, sizes=(36 + 9_600_000, 9_600_000)),
    "header of an earlier second": riff(SOUND, sizes=(36 + RATE, RATE)),
    "sizes zero": riff(SOUND, sizes=(0, 0)),
}


def plan_of(data: bytes, told: Told | None = TOLD) -> WavPlan:
    return read_plan(Held(data), told=told)


@pytest.mark.parametrize("shape", DAMAGED)
def test_a_recording_cut_off_in_any_way_is_repaired_byte_for_byte(shape: str) -> None:
    plan = plan_of(DAMAGED[shape])
    assert all_of(repaired(Held(DAMAGED[shape]), plan)) == riff(SOUND)
    assert (plan.seconds, plan.rate, plan.channels, plan.width) == (2.0, RATE, 1, 2)
    assert bool(plan.faults) == (shape != "good")


@pytest.mark.parametrize("shape", DAMAGED)
def test_a_repaired_recording_plays_its_full_length_elsewhere(
    shape: str, tmp_path: Path, tool: Callable[[str], Path]
) -> None:
    made = tmp_path / "repaired.wav"
    made.write_bytes(all_of(repaired(Held(DAMAGED[shape]), plan_of(DAMAGED[shape]))))
    asked: list[str | Path] = [tool("ffprobe"), "-v", "error", "-of", "json", "-show_streams", made]
    told = subprocess.run(asked, capture_output=True, check=True)
    stream = json.loads(told.stdout)["streams"][0]
    assert not told.stderr
    assert (stream["duration_ts"], stream["sample_rate"], stream["channels"]) == (2 * RATE, str(RATE), 1)


def test_the_odd_byte_of_a_frame_cut_in_half_is_dropped() -> None:
    for data, told in ((riff(SOUND[:-1]), None), (bytes(44) + SOUND[:-1], TOLD)):
        plan = plan_of(data, told)
        assert "odd-bytes" in plan.faults
        assert all_of(repaired(Held(data), plan)) == riff(SOUND[:-2])
    raw = read_plan(Held(SOUND[:31_999]), told=TOLD, raw=True)
    assert raw.frames == 15_999


def test_stereo_is_cut_at_a_whole_frame() -> None:
    data = riff(SOUND[:-2], channels=2)
    plan = plan_of(data, None)
    assert plan.data_bytes == len(SOUND) - 4
    assert plan.channels == 2


def test_what_follows_the_sound_is_not_played() -> None:
    listed = struct.pack("<4sI", b"LIST", 10) + b"INFOscene\0"
    whole = riff(SOUND, sizes=(36 + len(SOUND) + len(listed), len(SOUND))) + listed
    plan = plan_of(whole, None)
    assert plan.faults == ()
    assert plan.data_bytes == len(SOUND)
    assert not plan.canonical


def test_a_recording_of_more_than_four_gigabytes_is_read_by_its_long_size() -> None:
    fmt = header(TOLD.fmt, 0)[12:36]
    tail = struct.pack("<4sI", b"LIST", 4) + b"INFO"
    long_size = struct.pack("<4sIQQQI", b"ds64", 28, 0, len(SOUND), 0, 0)
    whole = b"RF64\xff\xff\xff\xffWAVE" + long_size + fmt + b"data\xff\xff\xff\xff" + SOUND + tail
    plan = plan_of(whole, None)
    assert (plan.data_bytes, plan.faults) == (len(SOUND), ())
    assert header(TOLD.fmt, 1 << 33)[40:44] == b"\xff\xff\xff\xff"


def test_without_a_rate_anywhere_nothing_is_guessed() -> None:
    for data in (bytes(44) + SOUND, b"RIFF\0\0\0\0WAVEdata\0\0\0\0" + SOUND, b"RIFF\0\0\0\0WAVE", SOUND):
        with pytest.raises(NotUnderstood):
            plan_of(data, None)
    with pytest.raises(NotUnderstood):
        read_plan(Held(SOUND), raw=True)


def test_a_format_chunk_of_zeros_is_replaced_by_what_the_sidecar_tells() -> None:
    damaged = riff(SOUND)[:20] + bytes(16) + riff(SOUND)[36:]
    assert all_of(repaired(Held(damaged), plan_of(damaged))) == riff(SOUND)


def test_a_sidecar_is_believed_only_where_it_makes_sense() -> None:
    assert told_by(SIDECAR) == Told(rate=16_000, channels=1, width=2)
    assert told_by({"rate": 24_000, "channels": 2}) == Told(rate=24_000, channels=2)
    for wrong in ({}, {"rate": "fast"}, {"rate": 0}, {"rate": 16_000, "channels": 0}, {"rate": 10**9}):
        assert told_by(wrong) is None


def test_a_joined_recording_is_every_sample_of_its_segments_in_order() -> None:
    first, second = tone(4800, 1), tone(1234, 2)
    plans = [plan_of(riff(first)), plan_of(riff(second))]
    joined = joined_header(plans) + first + second
    assert joined == riff(first + second)
    with wave.open(io.BytesIO(joined)) as judge:
        assert judge.readframes(10**6) == first + second
        assert (judge.getframerate(), judge.getnframes()) == (RATE, 6034)


def test_segments_that_differ_are_not_joined() -> None:
    with pytest.raises(NotUnderstood):
        joined_header([plan_of(riff(SOUND)), plan_of(riff(SOUND, rate=44_100))])
    with pytest.raises(NotUnderstood):
        joined_header([])


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6), st.sampled_from([1, 2]))
def test_what_was_joined_is_cut_apart_into_the_same_bytes(frames: list[int], channels: int) -> None:
    segments = [riff(tone(count * channels, seed), channels=channels) for seed, count in enumerate(frames)]
    plans = [plan_of(segment) for segment in segments]
    assert all(plan.canonical for plan in plans)
    sound = b"".join(all_of(repaired(Held(one), plan))[44:] for one, plan in zip(segments, plans, strict=True))
    joined = Held(joined_header(plans) + sound)
    made = cuts(read_plan(joined), frames)
    assert [all_of(cut.of(joined, "segment.wav")) for cut in made] == segments


def test_a_recording_of_another_length_is_not_cut() -> None:
    with pytest.raises(NotUnderstood):
        cuts(plan_of(riff(SOUND)), [100, 200])


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk as RIFF wants it: one of an odd length is padded."""
    return struct.pack("<4sI", name, len(body)) + body + bytes(len(body) & 1)


@pytest.mark.parametrize("before", [b"", b"a", b"abc"])
@pytest.mark.parametrize("behind", [b"", b"INFO", b"INFOx"])
@pytest.mark.parametrize("frames", [6, 7])
def test_chunks_of_an_odd_length_are_padded_wherever_they_stand(before: bytes, behind: bytes, frames: int) -> None:
    fmt, sound = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8), bytes(range(1, frames + 1))
    body = b"WAVE" + (chunk(b"JUNK", before) if before else b"") + chunk(b"fmt ", fmt) + chunk(b"data", sound)
    data = chunk(b"RIFF", body + (chunk(b"LIST", behind) if behind else b""))
    plan = plan_of(data, told=None)
    assert (plan.faults, plan.frames, plan.data_bytes) == ((), frames, frames)
    whole = all_of(repaired(Held(data), plan))
    assert whole == chunk(b"RIFF", b"WAVE" + chunk(b"fmt ", fmt) + chunk(b"data", sound))
