"""Which second of a recording was being heard at a moment, with pauses and holes taken out."""

from __future__ import annotations

from array import array
from bisect import bisect_right

APART_SECONDS = 0.25
"""What is kept of the arrivals: about four a second, 230 kB for an hour."""


class Seconds:
    """Told of every arrival of sound; times are seconds of one monotonic clock, in order."""

    def __init__(self) -> None:
        self._clock, self._sound = array("d"), array("d")

    def heard(self, clock: float, seconds: float) -> None:
        """By now, `seconds` of sound have arrived in all."""
        near = len(self._clock) > 1 and clock - self._clock[-2] < APART_SECONDS
        if near:
            self._clock.pop()
            self._sound.pop()
        self._clock.append(clock)
        self._sound.append(seconds)

    def stretch(self, factor: float) -> None:
        """A second of the sound so far is so many."""
        for n, seconds in enumerate(self._sound):
            self._sound[n] = seconds * factor

    def at(self, clock: float, *, ahead: float) -> float:
        """The second of the sound that was heard then.

        Sound may be late where a touch is not. So it is taken to have gone on for up to `ahead` seconds after
        the last arrival; if it stays away longer than that, nothing came after it. Between two arrivals it goes
        on from the first, and what arrives a moment later was there already but for that moment; but no further
        than what has come by a moment after the second: what lies between them beyond that was never heard.
        """
        before = bisect_right(self._clock, clock) - 1
        if before < 0:
            return 0.0
        since = clock - self._clock[before]
        if before + 1 == len(self._clock):
            return self._sound[before] + (since if since < ahead else 0.0)
        caught_up = bisect_right(self._clock, self._clock[before + 1] + APART_SECONDS) - 1
        soon = range(before + 1, bisect_right(self._clock, clock + APART_SECONDS))
        there = max([self._sound[before] + since, *(self._sound[n] - (self._clock[n] - clock) for n in soon)])
        return min(there, self._sound[caught_up])
