"""Which second of the sound a moment lies in, with pauses and holes taken out."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldlog.media.sound.heard import Seconds

CHUNK = 2048 / 48_000
AHEAD, NEAR = 2.0, 0.3


def listened(*runs: tuple[float, float], late: float = 0.0) -> Seconds:
    """Sound that came in runs from one clock time to another; every chunk `late` by as much."""
    found, heard = Seconds(), 0.0
    for begins, ends in runs:
        for n in range(round((ends - begins) / CHUNK)):
            heard += CHUNK
            found.heard(begins + (n + 1) * CHUNK + late, heard)
    return found


@given(st.floats(0, 30))
def test_a_moment_lies_in_the_sound_that_was_heard_then(after: float) -> None:
    assert listened((100, 130)).at(100 + after, ahead=AHEAD) == pytest.approx(after, abs=0.05)


@given(st.floats(0, 60), st.floats(1, 20))
def test_a_pause_is_taken_out_and_what_falls_into_it_lies_at_its_edge(after: float, paused: float) -> None:
    found = listened((0, 20), (20 + paused, 60))
    true = after if after < 20 else max(20.0, after - paused)
    assert found.at(after, ahead=AHEAD) == pytest.approx(min(true, 60 - paused), abs=NEAR)


@given(st.floats(0, 1.9))
def test_sound_that_is_late_when_a_touch_is_not_is_waited_for(late: float) -> None:
    found = listened((0, 10))
    assert found.at(10 + late, ahead=AHEAD) == pytest.approx(10 + late, abs=0.05)


@given(st.floats(0, 12))
@example(11.501953125)  # between two of those that came at once
def test_what_came_late_and_all_at_once_is_where_it_belongs(after: float) -> None:
    found = listened((0, 10))
    for n in range(1, round(1.5 / CHUNK) + 1):
        found.heard(11.5 + n / 10_000, 10 + n * CHUNK)
    assert found.at(after, ahead=AHEAD) == pytest.approx(after, abs=NEAR)


def test_a_microphone_that_is_off_or_stays_away_is_no_sound() -> None:
    found = listened((0, 10))
    assert found.at(10.5, ahead=0) == pytest.approx(10, abs=0.05)
    assert found.at(12.1, ahead=AHEAD) == pytest.approx(10, abs=0.05)
    assert found.at(99, ahead=AHEAD) == pytest.approx(10, abs=0.05)


def test_before_the_first_sound_it_is_its_beginning() -> None:
    assert Seconds().at(5, ahead=AHEAD) == 0
    assert listened((10, 11)).at(9, ahead=AHEAD) == 0


def test_of_five_hours_little_is_kept() -> None:
    found = listened((0, 5 * 3600))
    assert len(found._clock) * 16 < 2_000_000
    assert found.at(4 * 3600 + 0.5, ahead=AHEAD) == pytest.approx(4 * 3600 + 0.5, abs=0.05)


@given(st.floats(0, 12))
def test_where_the_pace_was_thought_wrong_it_can_be_put_right(after: float) -> None:
    found = Seconds()
    for n in range(1, 300):
        found.heard(n * CHUNK, n * CHUNK * 44_100 / 48_000)
    found.stretch(48_000 / 44_100)
    assert found.at(after, ahead=AHEAD) == pytest.approx(after, abs=0.05)
