"""A memo under way: from the tap on the microphone until it is filed.

Where the device's rate is not known, the first moments are held back until its pace is: less than a second.
"""

from __future__ import annotations

from contextlib import suppress

from fieldlog.media.pace import true_rate
from fieldlog.media.recorder import Recording
from fieldlog.model.errors import NotSaved
from fieldlog.model.moment import Moment
from fieldlog.services import memo
from fieldlog.services.capture import Capture
from fieldlog.services.chips import Chips
from fieldlog.services.memo import Filed
from fieldlog.services.open import Workspace

PACE_SECONDS = 0.7
USUAL_RATE = 48_000
CHUNK_FRAMES = 2048
"""Frames in a chunk where a browser decides how many channels there are: Flet's recorder sends no other."""


class Listening:
    """`hear` what the microphone delivers, `await step()` often, `await stop()` in the end."""

    def __init__(
        self, work: Workspace, capture: Capture, chips: Chips, *, rate: int | None, channels_in: int | None
    ) -> None:
        self._work, self._capture, self._chips = work, capture, chips
        self._rate, self._channels_in = rate, channels_in
        self._began: Moment = capture.now()
        self._held: list[tuple[float, bytes, int]] = []
        self._recording: Recording | None = None
        self._refused: NotSaved | None = None

    @property
    def seconds(self) -> float:
        """Heard so far."""
        if self._recording is not None:
            return self._recording.seconds
        return self._held[-1][0] - self._held[0][0] if self._held else 0.0

    @property
    def level(self) -> int:
        """The loudest of the last tenth of a second, 0..255."""
        return self._recording.level if self._recording else 0

    def hear(self, chunk: bytes, sequence: int) -> None:
        """A chunk of PCM16. Raises `NotSaved` where the disk refuses; the recording can go on."""
        if self._recording is not None:
            self._recording.push(chunk, sequence=sequence)
        else:
            self._held.append(((self._work.machine.clock().mono_ms or 0) / 1000, chunk, sequence))

    async def step(self) -> None:
        """Begin the recording as soon as the pace is known; then keep its files in order."""
        if self._recording is not None:
            await self._recording.step()
        elif self._rate is not None or self.seconds >= PACE_SECONDS:
            await self._begin()

    async def stop(self) -> Filed | None:
        """File what was heard; None where nothing was. Where the disk refuses it may be called again.

        Raises `NotSaved` also where there was sound, and no room for any of it.
        """
        if self._recording is None and self._held:
            await self._begin()
        if self._recording is None:
            return None
        filed = await memo.stop(self._work, self._recording)
        if filed is None and self._refused is not None:
            raise self._refused
        return filed

    async def _begin(self) -> None:
        largest = max((len(chunk) for _, chunk, _ in self._held), default=0)
        channels = self._channels_in or max(1, largest // (2 * CHUNK_FRAMES))
        arrivals = [(at, len(chunk) // (2 * channels)) for at, chunk, _ in self._held]
        rate = self._rate or true_rate(arrivals, default=USUAL_RATE)
        recording = await memo.begin(
            self._work, self._capture, self._chips, rate=rate, channels_in=channels, began=self._began
        )
        held, self._held = self._held, []
        self._recording = recording
        for _, chunk, sequence in held:
            try:
                recording.push(chunk, sequence=sequence)
            except NotSaved as refusal:
                self._refused = refusal
        with suppress(NotSaved):
            recording.flush()
