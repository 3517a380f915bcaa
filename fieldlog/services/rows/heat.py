"""Five steps from few entries to many, so that days can be compared at a glance."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import ceil

USUAL = (12, 26, 40, 64)
"""From so many entries on a day is one step warmer, in a study like most."""


def steps_of(counts: Iterable[int]) -> tuple[int, int, int, int]:
    """The steps for days that hold so many: the usual ones, or, where the fullest day is far from what those are
    made for, fifths of what it holds."""
    most = max(counts, default=0)
    if not most or USUAL[1] <= most <= 2 * USUAL[-1]:
        return USUAL
    one, two, three, four = (max(fifth, ceil(most * fifth / 5)) for fifth in (1, 2, 3, 4))
    return one, two, three, four


def step(count: int, steps: tuple[int, int, int, int]) -> int:
    """How warm a day of so many is, 0 to 4; one without any is always 0."""
    return bisect_right(steps, count) if count else 0
