"""Whether a figure is slower than it was, told from pairs of measurements taken in turns. Pure.

One measurement says little: two of the same code differ by more than half on a busy machine. The two of a pair
are taken one right after the other, so that what else the machine does hits both.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

THEN, NOW = "then", "now"
FEWEST = 5
MOST_RATIO = 1.05
"""A figure is slower where three quarters of its pairs are above this."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A figure's pairs in short; `low` and `high` are the ranked ratio from below and from above.

    The name says what the numbers are: milliseconds, or a ratio to something of the same measurement.
    """

    name: str
    then: float
    now: float
    ratio: float
    low: float
    high: float

    @property
    def is_slower(self) -> bool:
        return self.low > MOST_RATIO


def rank(pairs: int) -> int:
    """Which of so many ratios decides, counted from the smallest: the 4th of 15, the 2nd of 7."""
    return (pairs + 1) // 4


def turns(pair: int) -> tuple[str, str]:
    """Who is measured first in this pair, and who second: they take turns."""
    return (NOW, THEN) if pair % 2 else (THEN, NOW)


def judged(name: str, pairs: Sequence[tuple[float, float]]) -> Judged:
    """What pairs of (then, now) say; more is slower."""
    ratios = sorted(now / then for then, now in pairs)
    return Judged(
        name=name,
        then=statistics.median(then for then, _ in pairs),
        now=statistics.median(now for _, now in pairs),
        ratio=statistics.median(ratios),
        low=ratios[rank(len(ratios)) - 1],
        high=ratios[-rank(len(ratios))],
    )


def head(pairs: int) -> str:
    """What stands above the lines."""
    at = rank(pairs)
    spread = f"{at} … {pairs + 1 - at} of {pairs}"
    return f"{'medians':50} {'then':>10} {'now':>10} {'now/then':>9}   {spread:15} slower: {at} > {MOST_RATIO}"


def line(one: Judged) -> str:
    spread = f"{one.low:.2f} … {one.high:.2f}"
    verdict = "slower" if one.is_slower else "not proven slower"
    return f"{one.name:50} {one.then:10.3f} {one.now:10.3f} {one.ratio:9.2f}   {spread:15} {verdict}"
