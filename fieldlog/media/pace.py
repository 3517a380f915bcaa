"""The true pace of a microphone: how many frames a second really arrive.

A browser delivers what its device has, whatever was asked for, and does not say so. Written under a wrong
rate, sound is too slow or too fast. Arrivals jitter by some milliseconds; a line through them does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
"""Frames a second that devices have."""


def true_rate(arrivals: Sequence[tuple[float, int]], *, default: int) -> int:
    """The device's rate from (seconds, frames in the chunk), in the order of their arrival.

    The slope of the line through frames so far over time, rounded to the nearest rate there is. With fewer
    than four arrivals, or none that differ in time, the `default`.
    """
    if len(arrivals) < 4:
        return default
    times = [at for at, _ in arrivals]
    heard, total = list[int](), 0
    for _, frames in arrivals:
        total += frames
        heard.append(total)
    middle, mean = sum(times) / len(times), sum(heard) / len(heard)
    spread = sum((at - middle) ** 2 for at in times)
    if spread <= 0:
        return default
    slope = sum((at - middle) * (n - mean) for at, n in zip(times, heard, strict=True)) / spread
    return min(RATES, key=lambda rate: abs(math.log(rate / slope))) if slope > 0 else default
