"""The true pace of a microphone: found within a second, however unevenly its sound arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.pace import RATES, true_rate

CHUNK = 2048
LISTENED_SECONDS = 0.7
NEVER = 12_345


def arrivals(rate: int, late_ms: list[int]) -> list[tuple[float, int]]:
    """Chunks in the order of their arrival, each as much later than its sound as is said; early is less than 0."""
    times = [(n + 1) * CHUNK / rate + late / 1000 for n, late in enumerate(late_ms)]
    in_order = [max(times[: n + 1]) for n in range(len(times))]
    return [(at, CHUNK) for at in in_order]


def how_many(rate: int) -> int:
    """The chunks that come until more than `LISTENED_SECONDS` lie between the first and the last."""
    return int(LISTENED_SECONDS * rate / CHUNK) + 2


@given(st.data(), st.sampled_from(RATES))
def test_every_devices_rate_is_found_though_its_sound_comes_eight_milliseconds_early_or_late(
    data: st.DataObject, rate: int
) -> None:
    count = how_many(rate)
    late = data.draw(st.lists(st.integers(-8, 8), min_size=count, max_size=count))
    assert true_rate(arrivals(rate, late), default=NEVER) == rate


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("late_ms", [20, 60, 120, 170])
def test_what_waited_at_the_start_and_then_came_all_at_once_does_not_hurry_the_pace(
    rate: int, late_ms: int
) -> None:
    chunk_ms = CHUNK / rate * 1000
    late = [max(0, round(late_ms - n * chunk_ms)) for n in range(how_many(rate))]
    assert true_rate(arrivals(rate, late), default=NEVER) == rate


@pytest.mark.parametrize("rate", RATES)
def test_the_usual_name_of_a_rate_is_found_for_a_crystal_that_is_a_little_off(rate: int) -> None:
    for off in (0.999, 1.001):
        heard = [(n * CHUNK / (rate * off), CHUNK) for n in range(how_many(rate))]
        assert true_rate(heard, default=NEVER) == rate


def test_chunks_may_differ_in_length() -> None:
    total, heard = 0, []
    for n in range(20):
        frames = 1000 + 313 * (n % 4)
        total += frames
        heard.append((total / 44_100, frames))
    assert true_rate(heard, default=NEVER) == 44_100


@given(st.sampled_from(RATES), st.integers(0, 3))
def test_too_few_chunks_tell_nothing(rate: int, count: int) -> None:
    assert true_rate(arrivals(rate, [0] * count), default=NEVER) == NEVER


def test_chunks_that_all_come_at_one_moment_tell_nothing() -> None:
    assert true_rate([(5.0, CHUNK)] * 9, default=NEVER) == NEVER


def test_chunks_without_sound_tell_nothing() -> None:
    assert true_rate([(n / 10, 0) for n in range(9)], default=NEVER) == NEVER
