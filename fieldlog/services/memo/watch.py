"""What is looked after while a microphone is live: whether sound comes, whether there is any in it, and room.

Pure: told of every arrival and looked at about ten times a second; answers with what is to be kept as a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldlog.media.sound.recorded import Gap

Warned = Literal["", "no-sound", "silence", "low", "full"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a microphone is warned of, in seconds, and when it stops for want of room, in bytes."""

    no_sound_seconds: float = 2.0
    silence_seconds: float = 3.0
    low_seconds: float = 600.0
    least_bytes: int = 100_000_000
    look_seconds: float = 10.0


USUAL = Limits()
CAUGHT_UP_SECONDS = 1.0
"""After the sound is back, until what is missing of it is counted: what was only late has come by then."""

LATE_SECONDS = 0.5
"""Less than that was late or jitter, and nothing is missing."""


@dataclass(frozen=True)
class Said:
    """What to keep with the recording, and what of it turned out to be none."""

    gaps: tuple[Gap, ...] = ()
    none: tuple[Gap, ...] = ()


NOTHING = Said()


class Watch:
    """Of one recording. Clocks are seconds of one monotonic clock, `seconds` those of the sound so far."""

    def __init__(self, limits: Limits, clock: float) -> None:
        self._limits = limits
        self.begin(clock, 0.0)

    def begin(self, clock: float, seconds: float) -> None:
        """The microphone goes on, at first or after a pause."""
        self._last: tuple[float, float] = (clock, seconds)
        self._hole: tuple[float, float] | None = None
        self._back: float | None = None
        self._silent_from: float | None = None
        self._silence = False

    @property
    def warning(self) -> Warned:
        if self._hole is not None and self._back is None:
            return "no-sound"
        return "silence" if self._silence else ""

    def heard(self, clock: float, seconds: float, *, silent_since: float | None) -> Said:
        """Sound has come, up to `seconds`; since `silent_since` every sample of it is zero."""
        self._last = (clock, seconds)
        if self._hole is not None and self._back is None:
            self._back = clock
        if silent_since is not None:
            self._silent_from = silent_since if self._silent_from is None else self._silent_from
            if self._silence or seconds - self._silent_from < self._limits.silence_seconds:
                return NOTHING
            self._silence = True
            return Said((self._silent(seconds),))
        ended = Said((self._silent(seconds),)) if self._silence else NOTHING
        self._silence, self._silent_from = False, None
        return ended

    def stretch(self, factor: float) -> None:
        """A second of the sound so far is so many."""
        self._last = (self._last[0], self._last[1] * factor)
        self._hole = (self._hole[0], self._hole[1] * factor) if self._hole else None
        self._silent_from = self._silent_from * factor if self._silent_from is not None else None

    def look(self, clock: float, seconds: float) -> Said:
        """Time has passed: has the sound stopped coming, and once it is back, what is missing of it?"""
        if self._hole is None:
            if clock - self._last[0] < self._limits.no_sound_seconds:
                return NOTHING
            self._hole = self._last
            return Said((self._missing(clock, seconds),))
        if self._back is None or clock - self._back < CAUGHT_UP_SECONDS:
            return NOTHING
        return self._counted(clock, seconds)

    def end(self, clock: float, seconds: float) -> Said:
        """The microphone stops, for good or for a pause: what is under way is counted."""
        silent = (self._silent(seconds),) if self._silence else ()
        hole = self._counted(clock, seconds) if self._hole is not None else NOTHING
        self._silence = False
        return Said((*silent, *hole.gaps), hole.none)

    def _counted(self, clock: float, seconds: float) -> Said:
        gap = self._missing(clock, seconds)
        self._hole = self._back = None
        return Said((gap,)) if gap.missing >= LATE_SECONDS else Said(none=(gap,))

    def _missing(self, clock: float, seconds: float) -> Gap:
        assert self._hole is not None
        began, at = self._hole
        missing = max(0.0, (clock - began) - (seconds - at))
        return Gap(at_seconds=round(at, 3), kind="no-sound", missing=round(missing, 3))

    def _silent(self, seconds: float) -> Gap:
        assert self._silent_from is not None
        return Gap(
            at_seconds=round(self._silent_from, 3), kind="silence", missing=round(seconds - self._silent_from, 3)
        )
