"""Where the hours and the sessions of a day stand on the spine."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.ui.now.spine.laid_out import (
    EARLIEST,
    FEWEST_HOURS,
    GAP,
    LATEST,
    LEAST_PER_HOUR,
    Axis,
    Place,
    Room,
    Span,
    axis_of,
    hours_of,
    placed,
)

ROOM = Room(width=204, least_height=48, least_width=54)
AXIS = Axis(begins=900, ends=2400, per_hour=24)
"""From 15:00 to 40:00: PD14 of the sample month."""


def spans(*said: tuple[int, int]) -> list[Span]:
    return [Span(id=str(n), begins=begins, ends=ends) for n, (begins, ends) in enumerate(said)]


def apart(one: Place, other: Place) -> bool:
    return one.bottom <= other.y or other.bottom <= one.y or not one.beside(other.x, other.width)


def test_the_axis_reaches_from_an_hour_before_the_call_to_an_hour_after_the_last_that_is_known() -> None:
    axis = axis_of([960, None, 1020, 2270], 1546, 650)
    assert (axis.begins, axis.ends) == (900, 2340)
    assert axis.height == 650
    assert (axis.y(900), axis.y(2340), axis.y(0), axis.y(9999)) == (0, 650, 0, 650)


def test_now_is_on_the_axis_before_the_call_and_after_the_wrap() -> None:
    assert axis_of([960, 1200], 500, 650).begins == 420
    assert axis_of([960, 1200], 2170, 650).ends == 2280
    assert axis_of([960, 1200], None, 650).ends == 900 + FEWEST_HOURS * 60


def test_a_day_of_which_nothing_is_known_begins_in_the_morning() -> None:
    assert axis_of([], None, 650).begins == 360
    assert axis_of([None], 900, 650).begins == 360
    assert axis_of([], 200, 650).begins == 120


def test_a_day_of_thirty_hours_takes_more_than_there_is_and_scrolls() -> None:
    axis = axis_of([960, 960 + 1800], None, 500)
    assert axis.per_hour == LEAST_PER_HOUR
    assert axis.height == 32 * 22


def test_a_clock_that_was_wrong_makes_no_axis_of_a_year() -> None:
    axis = axis_of([960, 525_600, -525_600], None, 500)
    assert (axis.begins, axis.ends) == (EARLIEST - 60, LATEST + 60)


def test_every_second_hour_is_written_and_large_letters_never_touch() -> None:
    assert [one.hour for one in hours_of(AXIS, 20)] == [*range(16, 40, 2)]
    large = list(hours_of(AXIS, 40))
    assert [one.hour for one in large] == [*range(16, 40, 4)]
    assert [one.hour for one in large if one.midnight] == [24]
    assert [one.hour for one in large if one.past] == [24, 28, 32, 36]
    assert next(one.y for one in large if one.midnight) == AXIS.y(1440)


@pytest.mark.parametrize("line", [20, 26, 40])
@pytest.mark.parametrize("per_hour", [22.0, 26.5, 54.0])
def test_no_hour_stands_on_another_or_outside(line: int, per_hour: float) -> None:
    axis = Axis(begins=300, ends=2100, per_hour=per_hour)
    boxes = [(one.y, one.y + line) if one.midnight else (one.y - line / 2, one.y + line / 2)
             for one in hours_of(axis, line)]  # fmt: skip
    assert len(boxes) > 4
    assert all(above[1] <= below[0] for above, below in pairwise(boxes))
    assert boxes[0][0] >= 0
    assert boxes[-1][1] <= axis.height


def test_a_session_stands_at_its_hours_over_the_whole_width() -> None:
    (one,) = placed(spans((1020, 1530)), AXIS, ROOM)
    assert one == Place(id="0", x=0, y=AXIS.y(1020), width=204, height=AXIS.y(1530) - GAP - AXIS.y(1020))


def test_sessions_that_overlap_stand_side_by_side_and_those_after_them_do_not() -> None:
    one, other, after = placed(spans((1020, 1500), (1200, 1600), (1600, 1800)), AXIS, ROOM)
    assert (one.x, one.width, other.x, other.width) == (0, 100, 104, 100)
    assert other.y == AXIS.y(1200)
    assert (after.x, after.width, after.y) == (0, 204, AXIS.y(1600))


def test_a_lane_that_is_free_again_is_taken() -> None:
    first, second, third = placed(spans((1000, 1600), (1000, 1200), (1300, 1600)), AXIS, ROOM)
    assert first.x == third.x != second.x


def test_what_comes_after_a_short_session_is_moved_down_as_little_as_needed() -> None:
    short, after, last = placed(spans((1000, 1010), (1010, 1300), (1300, 1400)), AXIS, ROOM)
    assert short.height == 48
    assert after.y == short.bottom + GAP
    assert after.bottom == AXIS.y(1300) - GAP
    assert last.y == AXIS.y(1300)


def test_what_has_no_room_beside_stands_below() -> None:
    wide = Room(width=204, least_height=48, least_width=150)
    one, other = placed(spans((1000, 1400), (1100, 1500)), AXIS, wide)
    assert (one.width, other.width) == (204, 204)
    assert other.y == one.bottom + GAP


some_spans = st.lists(
    st.tuples(st.integers(-200, 3000), st.integers(0, 1800)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=12,
)


@given(some_spans, st.sampled_from([22.0, 31.4, 54.0]), st.sampled_from([54, 88, 150, 300]))
def test_no_two_blocks_touch_each_has_its_room_and_their_order_is_kept(
    said: list[tuple[int, int]], per_hour: float, least: int
) -> None:
    axis = Axis(begins=-240, ends=4860, per_hour=per_hour)
    room = Room(width=204, least_height=48, least_width=least)
    found = placed(spans(*said), axis, room)
    assert len(found) == len(said)
    assert all(apart(one, other) for one in found for other in found if one is not other)
    assert all(one.height >= 48 and one.x >= 0 and one.x + one.width <= 204 for one in found)
    assert all(one.width >= min(least, 204) for one in found)
    assert [one.y for one in found] == sorted(one.y for one in found)
    begins = {str(n): begins for n, (begins, _) in enumerate(said)}
    assert all(one.y >= axis.y(begins[one.id]) for one in found)
    in_order = [begins[one.id] for one in found]
    assert in_order == sorted(in_order)
