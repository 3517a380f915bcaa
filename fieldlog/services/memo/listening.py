"""A memo under way: from the tap on the microphone until it is filed.

Where the device's rate is not known, the first moments are held back until its pace is: less than a second.
A busy moment can hide it so early. So the pace is looked at again, and the recording retuned where it is another.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal

from fieldlog.media.sound.heard import Seconds
from fieldlog.media.sound.pace import Pace, true_rate
from fieldlog.media.sound.recorded import Gap
from fieldlog.media.sound.recorder import Recording
from fieldlog.model.errors import DiskFull, NotSaved
from fieldlog.model.moment import Moment
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.memo import filing
from fieldlog.services.memo.filing import Filed
from fieldlog.services.memo.watch import USUAL, Limits, Said, Warned, Watch
from fieldlog.services.study.workspace import Workspace

PACE_SECONDS = 0.7
USUAL_RATE = 48_000
CHUNK_FRAMES = 2048
"""Frames in a chunk where a browser decides how many channels there are: Flet's recorder sends no other."""

PEAK_SECONDS = 0.1
Paused = Literal["", "paused", "paused-by-system"]


class Listening:
    """`hear` what the microphone delivers, `await step()` often, `await stop()` in the end.

    `id` is the memo's entry from the tap on. `paused` says by whom, "" while it listens; `left_seconds` for how
    long there is room, None until that was looked up; `over` that it has been stopped and hears nothing more.
    """

    def __init__(
        self, work: Workspace, capture: Capture, chips: Chips, *, rate: int | None, channels_in: int | None,
        limits: Limits = USUAL,
    ) -> None:  # fmt: skip
        self._work, self._capture, self._chips, self._limits = work, capture, chips, limits
        self._rate, self._channels_in = rate, channels_in
        self.id = work.machine.new_id()
        self.began: Moment = capture.now()
        self.paused: Paused = ""
        self.left_seconds: float | None = None
        self.over = False
        self._held: list[tuple[float, bytes, int]] = []
        self._recording: Recording | None = None
        self._refused: NotSaved | None = None
        self._seconds = Seconds()
        self._watch = Watch(limits, self._clock)
        self._paused_at: tuple[float, float] | None = None
        self._looked: float | None = None
        self._pace: Pace | None = None
        self._frame_bytes = 2
        self._full, self._stuck = False, False

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

    @property
    def recording(self) -> bool:
        """Whether there are files by now; until then a pause has to wait."""
        return self._recording is not None

    @property
    def warning(self) -> Warned:
        """What is wrong with the microphone or the room for its sound; "" where nothing is."""
        if self._full:
            return "full"
        if self._watch.warning or self.left_seconds is None or self.left_seconds >= self._limits.low_seconds:
            return self._watch.warning
        return "low"

    def tie(self, moment: Moment) -> dict[str, Any] | None:
        """Where in this memo's sound a moment lies; None for one before it began, or once it is over."""
        if self.over or moment.mono_ms is None:
            return None
        clock, tapped = moment.mono_ms / 1000, (self.began.mono_ms or 0) / 1000
        dumb = not self._held and self._recording is None and clock - tapped > self._limits.no_sound_seconds
        if clock < tapped or dumb:
            return None
        seconds = self._seconds if self._recording is not None else self._held_seconds()
        ahead = 0.0 if self.paused else self._limits.no_sound_seconds
        return {"memo": self.id, "at": round(seconds.at(clock, ahead=ahead), 3)}

    def hear(self, chunk: bytes, sequence: int) -> None:
        """A chunk of PCM16; let go while paused. Raises `NotSaved` where the disk refuses: the recording can
        go on. Once there was no room it hears nothing more, and `warning` says so: it is to be stopped."""
        if self.paused or self.over or self._stuck:
            return
        clock = self._clock
        if self._recording is None:
            self._held.append((clock, chunk, sequence))
            self._note(self._watch.heard(clock, self.seconds, silent_since=None))
            return
        if self._pace is not None:
            self._pace.heard(clock, len(chunk) // self._frame_bytes, sequence)
        try:
            self._recording.push(chunk, sequence=sequence)
        except DiskFull:
            self._full = self._stuck = True
            raise
        finally:
            self._came(clock)

    async def step(self) -> None:
        """Begin the recording as soon as the pace is known; keep its files in order, and look after it."""
        if not self.paused:
            self._note(self._watch.look(self._clock, self.seconds))
        await self._look_for_room()
        try:
            if self._recording is not None:
                await self._recording.step()
                if self._pace is not None and self._pace.due and not self.paused:
                    await self._retune()
            elif self._rate is not None or self.seconds >= PACE_SECONDS:
                await self._begin()
        except DiskFull:
            self._full = True
            raise

    def pause(self, by: Paused = "paused") -> None:
        """Hear nothing until `resume`; the microphone is off."""
        if self.paused or self.over:
            return
        clock = self._clock
        self._note(self._watch.end(clock, self.seconds))
        self.paused, self._paused_at = by, (clock, self.seconds)
        self._keep_pause()
        if self._recording is not None:
            with suppress(NotSaved):
                self._recording.flush()

    def resume(self) -> None:
        """Go on in the same recording. How long the pause was is kept with it."""
        if not self.paused:
            return
        self._keep_pause()
        self.paused = ""
        self._watch.begin(self._clock, self.seconds)
        if self._recording is not None:
            self._recording.anew()
        if self._pace is not None:
            self._pace.anew()

    async def stop(self) -> Filed | None:
        """File what was heard; None where nothing was. Where the disk refuses it may be called again.

        Raises `NotSaved` also where there was sound, and no room for any of it.
        """
        self._end()
        if self._recording is None and self._held:
            await self._work.room.needed(self._begin)
        if self._recording is None:
            return None
        await self._work.room.needed(self._retune)
        filed = await filing.stop(self._work, self._recording)
        if filed is None and self._refused is not None:
            raise self._refused
        return filed

    # -- what is looked after

    @property
    def _clock(self) -> float:
        return (self._work.machine.clock().mono_ms or 0) / 1000

    def _came(self, clock: float) -> None:
        assert self._recording is not None
        seconds = self._recording.seconds
        self._seconds.heard(clock, seconds)
        silent = max(0.0, seconds - PEAK_SECONDS) if self._recording.level == 0 else None
        self._note(self._watch.heard(clock, seconds, silent_since=silent))

    def _note(self, said: Said) -> None:
        if self._recording is None:
            return
        for gap in said.none:
            self._recording.unnote(gap)
        for gap in said.gaps:
            self._recording.note(gap)

    def _keep_pause(self) -> None:
        if self._recording is not None and self._paused_at is not None and self.paused:
            clock, seconds = self._paused_at
            missing = round(self._clock - clock, 3)
            self._recording.note(Gap(at_seconds=round(seconds, 3), kind=self.paused, missing=missing))

    def _end(self) -> None:
        if self.over:
            return
        if self.paused:
            self._keep_pause()
        else:
            self._note(self._watch.end(self._clock, self.seconds))
        self.over = True
        if self._full:
            self._note(Said((Gap(at_seconds=round(self.seconds, 3), kind="full", missing=0.0),)))

    async def _look_for_room(self) -> None:
        """Every ten seconds: for how long there is room, and whether it is time to stop."""
        clock = self._clock
        if self._looked is not None and clock - self._looked < self._limits.look_seconds:
            return
        self._looked = clock
        left = await self._work.store.disk.free_bytes() - self._limits.least_bytes
        rate = self._recording.rate if self._recording else self._rate or USUAL_RATE
        self.left_seconds = max(0.0, left / (2 * rate))
        self._full |= left <= 0

    # -- the beginning

    @property
    def _channels(self) -> int:
        largest = max((len(chunk) for _, chunk, _ in self._held), default=0)
        return self._channels_in or max(1, largest // (2 * CHUNK_FRAMES))

    def _arrivals(self) -> list[tuple[float, int]]:
        channels = self._channels
        return [(at, len(chunk) // (2 * channels)) for at, chunk, _ in self._held]

    def _held_seconds(self, rate: int | None = None) -> Seconds:
        """The arrivals of what is held back, at a rate as far as it can be told by now."""
        arrivals = self._arrivals()
        rate, found, frames = rate or self._rate or true_rate(arrivals, default=0), Seconds(), 0
        for at, count in arrivals:
            frames += count
            found.heard(at, frames / rate if rate else at - arrivals[0][0])
        return found

    async def _begin(self) -> None:
        channels, rate = self._channels, self._rate or true_rate(self._arrivals(), default=USUAL_RATE)
        recording = await filing.begin(
            self._work, self._capture, self._chips, rate=rate, channels_in=channels, began=self.began,
            entry_id=self.id,
        )  # fmt: skip
        if self._rate is None:
            self._frame_bytes, self._pace = 2 * channels, Pace()
            for at, chunk, sequence in self._held:
                self._pace.heard(at, len(chunk) // self._frame_bytes, sequence)
            # So that the next look at it waits for twice as much.
            self._pace.rate(rate)
        self._seconds = self._held_seconds(rate)
        held, self._held = self._held, []
        self._recording = recording
        for _, chunk, sequence in held:
            try:
                recording.push(chunk, sequence=sequence)
            except NotSaved as refusal:
                self._refused = refusal
                self._full |= isinstance(refusal, DiskFull)
        with suppress(NotSaved):
            recording.flush()
        if held:
            silent = 0.0 if not any(chunk.strip(b"\0") for _, chunk, _ in held) else None
            self._note(self._watch.heard(held[-1][0], recording.seconds, silent_since=silent))

    async def _retune(self) -> None:
        """Where the pace turns out to be another, the recording is at that from its beginning."""
        if self._pace is None or self._recording is None:
            return
        before = self._recording.rate
        await self._recording.retune(self._pace.rate(before))
        factor = before / self._recording.rate
        self._seconds.stretch(factor)
        self._watch.stretch(factor)
