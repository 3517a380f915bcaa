"""Five steps from few entries to many, so that days can be compared at a glance."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

USUAL = (12, 26, 40, 64)
"""From so many entries on a day is one step warmer; a month like most has all five."""


def steps_of(counts: Iterable[int]) -> tuple[int, int, int, int]:
    """The steps for days that hold so many: the usual ones, or, where a day holds more than twice what the warmest
    needs, fifths of the days that hold any."""
    held = sorted(count for count in counts if count)
    if not held or held[-1] <= 2 * USUAL[-1]:
        return USUAL
    one, two, three, four = (held[min(len(held) - 1, len(held) * fifth // 5)] for fifth in (1, 2, 3, 4))
    return one, two, three, four


def step(count: int, steps: tuple[int, int, int, int]) -> int:
    """How warm a day of so many is, 0 to 4; one without any is always 0."""
    return bisect_right(steps, count) if count else 0
