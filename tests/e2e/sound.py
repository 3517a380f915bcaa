"""Sound a test can measure: beeps at a known pace, and where they are found again in a recording."""

from __future__ import annotations

import math
import wave
from array import array
from itertools import pairwise
from pathlib import Path

RATE = 48_000
BEEP_SECONDS, EVERY_SECONDS, PITCH_HZ = 0.1, 0.5, 1000
LOUD = 4000


def write_beeps(path: Path, seconds: float = 30.0) -> Path:
    """A WAV with a beep of 1 kHz every half second, 48 kHz, one channel."""
    samples = array("h", bytes(2 * round(seconds * RATE)))
    for n in range(len(samples)):
        if n / RATE % EVERY_SECONDS < BEEP_SECONDS:
            samples[n] = round(16_000 * math.sin(2 * math.pi * PITCH_HZ * n / RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


class Heard:
    """A recording as it lies on the disk: its length, the beeps' beginnings, and their pitch."""

    def __init__(self, path: Path) -> None:
        with wave.open(str(path), "rb") as file:
            self.rate, self.channels = file.getframerate(), file.getnchannels()
            samples = array("h", file.readframes(file.getnframes()))[:: self.channels]
        self.seconds = len(samples) / self.rate
        self._samples = samples
        self.beeps = self._beginnings()

    def _beginnings(self) -> list[float]:
        """Seconds at which a beep begins: the first loud sample after a quarter second without one."""
        found, last = list[float](), -1.0
        for n, sample in enumerate(self._samples):
            if abs(sample) > LOUD:
                at = n / self.rate
                if at - last > EVERY_SECONDS / 2:
                    found.append(at)
                last = at
        return found

    @property
    def at_true_pace(self) -> bool:
        """Whether its beeps come as they sounded, but for the first, which may have been cut.

        Each within 20 ms, of which a busy browser lets some fall, and 5 ms on average; under a wrong rate all
        would be 40 ms off or more.
        """
        steps = [b - a for a, b in pairwise(self.beeps)][1:]
        close = all(abs(step - EVERY_SECONDS) < 0.02 for step in steps)
        return len(steps) >= 7 and close and abs(sum(steps) / len(steps) - EVERY_SECONDS) < 0.005

    def pitch_hz(self, at: float) -> float:
        """Of the beep that begins at `at`, from its crossings of zero."""
        first, count = round((at + 0.02) * self.rate), round(0.06 * self.rate)
        part = self._samples[first : first + count]
        crossings = sum(1 for a, b in pairwise(part) if a < 0 <= b)
        return crossings / (count / self.rate)
