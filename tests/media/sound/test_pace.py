"""The true pace of a microphone: found within a second or three, however unevenly its sound arrives."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.sound.pace import MOST_SECONDS, RATES, Pace, true_rate

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


def held_up(dice: Random, rate: int, seconds: float, *, busy: float, cold: float = 0.0) -> list[tuple[float, int]]:
    """Chunks as a page delivers them that is busy, on average once in `busy` seconds, for 100 to 300 ms.

    What comes meanwhile comes all at once after it; the rest is 10 ms late on average. It may begin `cold`, busy
    for up to so many seconds.
    """
    spells, at = [(0.0, dice.uniform(0, cold))], 0.0
    while at < seconds:
        at += dice.expovariate(1 / busy)
        spells.append((at, at := at + dice.uniform(0.1, 0.3)))
    found: list[tuple[float, int]] = []
    for n in range(int(seconds * rate / CHUNK)):
        due = (n + 1) * CHUNK / rate + dice.expovariate(1 / 0.01)
        for begins, ends in spells:
            due = ends if begins <= due < ends else due
        found.append((round(max(due, found[-1][0] if found else 0.0), 3), CHUNK))
    return found


@pytest.mark.parametrize(
    "came_ms",
    [
        [0, 47, 265, 370, 370, 370, 371, 371, 371, 409, 451, 492, 622, 716],
        [0, 206, 286, 287, 289, 295, 295, 327, 362, 655, 705, 714],
        [0, 42, 167, 327, 351, 352, 352, 356, 365, 406, 450, 546, 614, 661, 748, 750, 753, 769, 827],
        [0, 37, 267, 267, 267, 267, 267, 731, 732, 732, 732, 732, 732, 732],
        [0, 59, 110, 113, 116, 158, 199, 295, 382, 462, 554, 556, 558, 560, 567, 618, 673, 709, 761],
    ],
)
def test_it_is_found_as_chromium_delivered_44_100_on_a_machine_with_ten_things_to_do(came_ms: list[int]) -> None:
    assert true_rate([(at / 1000, CHUNK) for at in came_ms], default=NEVER) == 44_100


def test_a_few_heaps_of_chunks_are_no_hurry_beyond_reason() -> None:
    came_ms = [0, 0, 1, 38, 415, 415, 415, 428, 479, 480, 480, 655, 663, 692, 749, 749, 749]
    assert true_rate([(at / 1000, CHUNK) for at in came_ms], default=NEVER) in (44_100, 48_000)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(("busy", "cold"), [(1.0, 0.0), (0.5, 0.0), (1.0, 0.5), (3.0, 0.7)])
def test_on_a_page_that_is_busy_now_and_then_three_seconds_always_tell_the_rate_and_one_and_a_half_nearly(
    rate: int, busy: float, cold: float, seed: int
) -> None:
    dice, wrong = Random(seed), 0
    for _ in range(100):
        assert true_rate(held_up(dice, rate, 3.0, busy=busy, cold=cold), default=NEVER) == rate
        wrong += true_rate(held_up(dice, rate, 1.5, busy=busy, cold=cold), default=NEVER) != rate
    assert wrong <= 8


def test_it_is_asked_again_each_time_twice_as_much_was_heard_and_only_so_often() -> None:
    pace, asked = Pace(), []
    for n in range(2000):
        pace.heard(n * CHUNK / 44_100, CHUNK, n)
        if n >= 16 and pace.due:
            assert pace.rate(NEVER) == 44_100
            asked.append(n * CHUNK / 44_100)
    assert asked == pytest.approx([0.75, 1.5, 3.1, 6.2], abs=0.2)
    assert len(pace._arrivals) <= MOST_SECONDS * 44_100 / CHUNK + 2


def test_chunks_that_were_dropped_on_the_way_had_their_time_too() -> None:
    pace = Pace()
    for n in range(60):
        if n not in (11, 12, 30):
            pace.heard(n * CHUNK / 48_000, CHUNK, n)
    assert pace.rate(NEVER) == 48_000


def test_after_a_pause_only_what_is_heard_for_longer_than_before_it_tells_more() -> None:
    pace = Pace()
    for n in range(30):
        pace.heard(n * CHUNK / 48_000, CHUNK, n)
    assert pace.rate(NEVER) == 48_000
    pace.anew()
    for n in range(20):
        pace.heard(9 + n * CHUNK / 96_000, CHUNK, n)
    assert pace.rate(NEVER) == 48_000
    assert not pace.due


def test_sound_that_stays_away_for_long_is_not_taken_for_a_slower_pace() -> None:
    pace, at = Pace(), 0.0
    for n in range(200):
        at += CHUNK / 48_000 + (9 if n == 60 else 0)
        pace.heard(at, CHUNK, n)
        if n > 16 and pace.due:
            assert pace.rate(NEVER) == 48_000, n
    assert pace.rate(NEVER) == 48_000


def test_where_nothing_tells_the_rate_it_is_the_one_that_was_thought() -> None:
    assert Pace().rate(48_000) == 48_000


@pytest.mark.parametrize("rate", RATES)
def test_chunks_dropped_on_the_way_do_not_make_a_device_seem_slow(rate: int) -> None:
    pace = Pace()
    for n in range(how_many(rate) * 2):
        if n % 3:
            pace.heard((n + 1) * CHUNK / rate, CHUNK, n)
    assert pace.rate(NEVER) == rate
