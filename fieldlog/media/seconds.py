"""Which second of a recording was being heard at a moment, with pauses and holes taken out."""

from __future__ import annotations

from array import array
from bisect import bisect_right

APART_SECONDS = 0.25
"""What is kept of the arrivals: about four a second, 230 kB for an hour."""

AHEAD_SECONDS = 0.3
"""How far sound may be taken to have gone on after the last that arrived: the next may never come."""


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

    def at(self, clock: float, *, goes_on: bool) -> float:
        """The second of the sound that was heard then; the last one where the microphone no longer `goes_on`.

        Between two arrivals the sound goes on from the first, but no further than the second: what lies
        between them beyond that was never heard.
        """
        before = bisect_right(self._clock, clock) - 1
        if before < 0:
            return 0.0
        since = clock - self._clock[before]
        if before + 1 < len(self._clock):
            return min(self._sound[before] + since, self._sound[before + 1])
        return self._sound[before] + (min(since, AHEAD_SECONDS) if goes_on else 0.0)
