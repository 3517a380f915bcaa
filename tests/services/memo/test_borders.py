"""A memo is kept in segments; whoever listens hears one piece."""

from __future__ import annotations

import math
import sys
from array import array
from itertools import pairwise

import pytest

from fieldlog.media.reading import Held
from fieldlog.media.sound.wav import read_plan
from fieldlog.services.capture.capture import Capture
from fieldlog.services.memo import filing
from fieldlog.services.serving import Serving
from fieldlog.services.study.workspace import Workspace

RATE, SEGMENT = 8000, 8000
PITCH_HZ, LOUD = 441.3, 12_000


def tone(frames: int) -> array[int]:
    """A pure tone: two neighbouring samples of it never differ by more than `STEEPEST`."""
    return array("h", (round(LOUD * math.sin(2 * math.pi * PITCH_HZ * n / RATE)) for n in range(frames)))


STEEPEST = math.ceil(LOUD * 2 * math.pi * PITCH_HZ / RATE) + 1


@pytest.mark.parametrize("chunk", [333, 2048, 7999])
async def test_over_two_borders_every_sample_is_there_once_and_nothing_clicks(work: Workspace, chunk: int) -> None:
    said = tone(round(2.7 * SEGMENT))
    recording = await filing.begin(work, Capture(work), rate=RATE, segment_frames=SEGMENT)
    sound = said.tobytes()
    for at in range(0, len(sound), 2 * chunk):
        recording.push(sound[at : at + 2 * chunk])
        await recording.step()
    filed = await filing.stop(work, recording)
    assert filed is not None
    assert len(filed.entry.attachments) == 3
    heard = await _heard(work, filed.entry.id)
    assert heard == said
    assert max(abs(a - b) for a, b in pairwise(heard)) <= STEEPEST


async def _heard(work: Workspace, entry: str) -> array[int]:
    """What a player gets."""
    served = await Serving(lambda: work).open(f"sound/{entry}")
    try:
        whole = served.read(0, served.size)
    finally:
        served.close()
    plan = read_plan(Held(whole))
    heard = array("h", whole[plan.data_at : plan.data_at + plan.data_bytes])
    if sys.byteorder == "big":
        heard.byteswap()
    return heard
