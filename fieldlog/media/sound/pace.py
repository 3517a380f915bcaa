"""The true pace of a microphone: how many frames a second really arrive.

A browser delivers what its device has, whatever was asked for, and does not say so. Written under a wrong
rate, sound is too slow or too fast. A chunk is never early. It may be late, and a busy moment holds up several,
which then come all at once; so the chunks that came earliest tell the pace, and how late the rest came does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
"""Frames a second that devices have."""

LATE_SECONDS = 0.04
"""A chunk later than this tells no more by being later still."""

MOST_SECONDS = 12.0
"""How long arrivals are noted for: at the closest two rates there are, they are then a second apart."""

HOLE_SECONDS = 1.0
"""The longest a page holds chunks up; after that some may never come."""


def true_rate(arrivals: Sequence[tuple[float, int]], *, default: int) -> int:
    """The device's rate from (seconds, frames in the chunk), in the order of their arrival.

    Of the rates there are, the one by which the chunks are least late in all, each measured from the one that
    came earliest by that rate; none is twice as fast as they came, as a few heaps of chunks may seem to be. With
    fewer than four arrivals, or none that differ in time, the `default`.
    """
    if len(arrivals) < 4 or arrivals[0][0] == arrivals[-1][0]:
        return default
    heard = list(zip((at for at, _ in arrivals), accumulate(frames for _, frames in arrivals), strict=True))
    (began, first), (ended, last) = heard[0], heard[-1]
    likely = [rate for rate in RATES if rate < 2 * (last - first) / (ended - began)]
    return min(likely, key=lambda rate: _lateness(heard, rate), default=default)


def _lateness(heard: Sequence[tuple[float, int]], rate: int) -> float:
    """Seconds in all, from (seconds, frames so far)."""
    began = [at - frames / rate for at, frames in heard]
    least = min(began)
    return sum(min(one - least, LATE_SECONDS) for one in began)


class Pace:
    """Goes on noting arrivals after the first answer, until there are `MOST_SECONDS` of them.

    `due` says when to ask for the `rate` again: each time when more than twice as much has been heard at a
    stretch as the last answer rested on.
    """

    def __init__(self) -> None:
        self._arrivals: list[tuple[float, int]] = []
        self._sequence: int | None = None
        self._rests, self._found = 0.0, 0

    def heard(self, at: float, frames: int, sequence: int) -> None:
        """So many more frames have come at `at` seconds; those that were dropped on the way had their time too.

        Where nothing came for a while, nobody knows how much of it is missing: it begins anew.
        """
        if self._arrivals and at - self._arrivals[-1][0] > HOLE_SECONDS:
            self.anew()
        dropped = sequence - self._sequence - 1 if self._sequence is not None else 0
        self._sequence = sequence
        if self._heard < MOST_SECONDS:
            self._arrivals.append((at, frames * (1 + max(0, dropped))))

    def anew(self) -> None:
        """The microphone begins again; only if it is heard for longer than before does that tell more."""
        self._arrivals.clear()
        self._sequence = None

    @property
    def due(self) -> bool:
        return self._heard > 2 * self._rests

    def rate(self, default: int) -> int:
        """The rate by the longest that was heard at a stretch; the `default` where nothing tells it."""
        if not self._found or self._heard > self._rests:
            self._found = true_rate(self._arrivals, default=self._found or default)
            self._rests = self._heard
        return self._found

    @property
    def _heard(self) -> float:
        return self._arrivals[-1][0] - self._arrivals[0][0] if self._arrivals else 0.0
