"""The true pace of a microphone: how many frames a second really arrive.

A browser delivers what its device has, whatever was asked for, and does not say so. Written under a wrong
rate, sound is too slow or too fast. Arrivals jitter by some milliseconds, and a busy moment holds up several;
a line that most of them agree on does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from statistics import median

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
"""Frames a second that devices have."""


def true_rate(arrivals: Sequence[tuple[float, int]], *, default: int) -> int:
    """The device's rate from (seconds, frames in the chunk), in the order of their arrival.

    The repeated median of the slopes between arrivals (Siegel 1982), rounded to the nearest rate there is: up to
    half of them may be late without moving it. With fewer than four arrivals, or none that differ in time, the
    `default`.
    """
    if len(arrivals) < 4:
        return default
    heard = list(zip((at for at, _ in arrivals), accumulate(frames for _, frames in arrivals), strict=True))
    slopes = [[(m - n) / (later - at) for later, m in heard if later != at] for at, n in heard]
    if not all(slopes):
        return default
    slope = median(median(some) for some in slopes)
    return min(RATES, key=lambda rate: abs(math.log(rate / slope))) if slope > 0 else default
