"""The file side of the recorder: sound that arrives is on the disk within a second.

Each segment's header is final before its first sound, for a full segment, and its hash runs along,
so a full segment costs nothing when it ends. Only the last one is shorter: its header is put right
and it is hashed anew.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace
from typing import Self

from fieldlog.media.sound.growing import Growing
from fieldlog.media.sound.recorded import (
    SEGMENT_SECONDS,
    Gap,
    Recorded,
    Segment,
    Sidecar,
    segment_path,
    sidecar_path,
)
from fieldlog.media.vault import hash_of
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence

LATE_SECONDS = 2.0
"""How much later than the sound so far a chunk may come before that counts as a gap."""


class Recording:
    """A recording under way. Made by `begin`; `push` what arrives, `await step()` about once a second,
    `await stop()` in the end. `step` and `stop` are not to be called while one of them is running."""

    def __init__(self, disk: Disk, folder: str, sidecar: Sidecar, channels_in: int) -> None:
        self._disk, self._folder, self._sidecar = disk, folder, sidecar
        self._frame_in = 2 * channels_in
        self._pick = channels_in if channels_in != sidecar.channels else 1
        self._growing: Growing | None = None
        self._ahead: Growing | None = None
        self._full: list[Growing] = []
        self._segments: list[Segment] = []
        self._gaps: list[Gap] = []
        self._sealed_frames, self._opened, self._rest = 0, 0, b""
        self._sequence: int | None = None
        self._began: float | None = None
        self._level = 0

    @classmethod
    async def begin(
        cls,
        disk: Disk,
        folder: str,
        recording: str,
        *,
        rate: int,
        about: Mapping[str, object],
        channels: int = 1,
        channels_in: int | None = None,
        segment_frames: int | None = None,
    ) -> Self:
        """Write the sidecar, then open the first two segments.

        `recording` is the id; `about` is whatever JSON is needed to file it should the app be killed
        (session, moment, boot id). `channels_in` is what the microphone delivers: where it is more than
        one and `channels` is 1, the first channel is kept. Segments are 5 minutes long if not told.
        """
        channels_in = channels_in or channels
        if channels != channels_in and channels != 1:
            raise ValueError(f"{channels_in} channels can be kept as they are or as one.")
        sidecar = Sidecar(
            id=recording,
            rate=rate,
            channels=channels,
            segment_frames=segment_frames or SEGMENT_SECONDS * rate,
            about=about,
        )
        await disk.replace(sidecar_path(folder, recording), sidecar.to_bytes())
        made = cls(disk, folder, sidecar, channels_in)
        made._growing = await made._open_next()
        made._ahead = await made._open_next()
        return made

    @property
    def id(self) -> str:
        return self._sidecar.id

    @property
    def seconds(self) -> float:
        """Recorded so far."""
        return self._frames / self._sidecar.rate

    @property
    def _frames(self) -> int:
        return self._sealed_frames + (self._growing.frames if self._growing else 0)

    @property
    def level(self) -> int:
        """The loudest of the last tenth of a second, 0..255; 0 is exact silence."""
        return self._level

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(self._gaps)

    def push(self, chunk: bytes, *, sequence: int | None = None, at_seconds: float | None = None) -> None:
        """Append a chunk of PCM16 as the microphone delivered it; frames may be cut anywhere.

        `sequence` counts chunks, `at_seconds` is a monotonic clock at its arrival: a jump in either is
        noted as a gap. Raises `NotSaved` (`DiskFull`) where the disk refuses: what was recorded before
        is safe, the recording can be stopped or go on, and the hole is noted.
        """
        if self._growing is None:
            raise NotSaved(Sentence("this recording has been stopped."))
        pcm = self._whole_frames(chunk)
        self._notice(len(pcm), sequence, at_seconds)
        at, due = 0, self._frames + len(pcm) // (2 * self._sidecar.channels)
        try:
            while at < len(pcm):
                at += self._append(pcm, at)
        except NotSaved:
            missing = (due - self._frames) / self._sidecar.rate
            self._gaps.append(Gap(at_seconds=self.seconds, kind="refused", missing=round(missing, 3)))
            raise

    def note(self, gap: Gap) -> None:
        """Keep a gap with the recording; one of its kind at the same second is put right by it."""
        self.unnote(gap)
        self._gaps.append(gap)

    def unnote(self, gap: Gap) -> None:
        """What was noted there, of this kind, was none."""
        self._gaps = [one for one in self._gaps if not one.is_at(gap)]

    def anew(self) -> None:
        """The microphone begins again: its sequence and its clock say nothing about what was before."""
        self._sequence = self._began = None

    def flush(self) -> None:
        """Make everything pushed so far durable now."""
        if self._growing is not None:
            self._growing.flush()

    @property
    def rate(self) -> int:
        """Frames a second, as far as it is known."""
        return self._sidecar.rate

    async def retune(self, rate: int) -> None:
        """All of it is at another rate than was thought when it began. Too late once its first segment has ended.

        The sidecar comes first: by it, whoever finds the files puts their headers right. Segments are as many
        seconds long as before. Not to be called while `step` or `stop` is running. Where the disk refuses the
        sidecar, nothing has changed.
        """
        if self._growing is None or self._growing.number != 1 or self._full or rate == self.rate:
            return
        factor, frames = self.rate / rate, round(self._sidecar.segment_frames * rate / self.rate)
        gaps = tuple(gap.stretched(factor) for gap in self._gaps)
        tuned = replace(self._sidecar, rate=rate, segment_frames=frames, gaps=gaps)
        # Meanwhile the first segment rather grows too long than ends under the old rate.
        ahead, self._ahead = self._ahead, None
        try:
            await self._disk.replace(sidecar_path(self._folder, self.id), tuned.to_bytes())
        finally:
            self._ahead = ahead
        self._gaps = [gap.stretched(factor) for gap in self._gaps]
        self._sidecar, self._began = tuned, None
        for growing in (self._growing, self._ahead):
            if growing is not None:
                growing.retune(rate, frames)

    async def step(self) -> tuple[Segment, ...]:
        """Finish the segments that have become full and open the next one ahead; about once a second.

        Returns the newly finished ones, which the vault may adopt at once. When it comes late, the
        segment being written simply grows longer.
        """
        finished = await self._finish_full()
        if self._ahead is None and self._growing is not None:
            self._ahead = await self._open_next()
        if finished or self._sidecar.gaps != self.gaps:
            await self._save_sidecar()
        return finished

    async def stop(self) -> Recorded:
        """End the recording; all of it is durable and under its final names on return.

        The sidecar stays until `forget`, after the vault has adopted the segments. Where the disk
        refuses, it may be called again; at the latest the next start puts the rest right.
        """
        if self._growing is not None:
            self._growing.seal()
            self._full.append(self._growing)
            self._sealed_frames += self._growing.frames
            self._growing = None
        if self._ahead is not None:
            self._ahead.seal()
            self._full.append(self._ahead)
            self._ahead = None
        await self._finish_full()
        await self._save_sidecar()
        return Recorded(
            id=self.id,
            about=self._sidecar.about,
            rate=self._sidecar.rate,
            channels=self._sidecar.channels,
            segments=tuple(self._segments),
            gaps=self.gaps,
        )

    def _append(self, pcm: bytes, at: int) -> int:
        """Write as much of `pcm` from `at` as the present segment takes; returns how much."""
        growing = self._growing
        if growing is None:
            raise NotSaved(Sentence("this recording has been stopped."))
        if growing.room <= 0 and self._ahead is not None:
            growing.seal()
            self._full.append(growing)
            self._sealed_frames += growing.frames
            growing, self._growing, self._ahead = self._ahead, self._ahead, None
        frame_bytes = 2 * self._sidecar.channels
        piece = pcm[at : at + growing.room * frame_bytes] if growing.room > 0 else pcm[at:]
        growing.add(piece)
        self._level = growing.peaks.latest
        return len(piece)

    def _whole_frames(self, chunk: bytes) -> bytes:
        """Whole frames in the channels that are kept; a cut frame waits for its other half."""
        data = self._rest + chunk
        whole = len(data) - len(data) % self._frame_in
        self._rest = data[whole:]
        if self._pick == 1:
            return data[:whole]
        return array("h", data[:whole])[:: self._pick].tobytes()

    def _notice(self, arriving_bytes: int, sequence: int | None, at_seconds: float | None) -> None:
        if sequence is not None:
            if self._sequence is not None and sequence > self._sequence + 1:
                missing = sequence - self._sequence - 1
                self._gaps.append(Gap(at_seconds=self.seconds, kind="chunks", missing=missing))
            self._sequence = max(sequence, self._sequence or 0)
        if at_seconds is None:
            return
        arriving = arriving_bytes / (2 * self._sidecar.channels * self._sidecar.rate)
        began = at_seconds - self.seconds - arriving
        if self._began is None:
            self._began = began
        late = began - self._began
        if late > LATE_SECONDS:
            self._gaps.append(Gap(at_seconds=self.seconds, kind="seconds", missing=round(late, 3)))
            self._began = began

    async def _open_next(self) -> Growing:
        number = self._opened + 1
        path = segment_path(self._folder, self.id, number)
        handle = await self._disk.open(f"{path}.part", create=True)
        try:
            growing = Growing(handle, number, path, self._sidecar.told, self._sidecar.segment_frames)
        except NotSaved:
            handle.close()
            raise
        self._opened = number
        return growing

    async def _finish_full(self) -> tuple[Segment, ...]:
        finished = []
        while self._full:
            segment = await self._finished(self._full[0])
            del self._full[0]
            if segment is not None:
                finished.append(segment)
                self._segments.append(segment)
        return tuple(finished)

    async def _finished(self, growing: Growing) -> Segment | None:
        """Give a sealed segment its final name; one without sound is removed."""
        part = f"{growing.path}.part"
        if growing.frames == 0:
            await self._disk.remove(part)
            return None
        sha256 = growing.running_hash() or await hash_of(self._disk, part)
        await self._disk.move(part, growing.path)
        return Segment(
            number=growing.number,
            path=growing.path,
            sha256=sha256,
            frames=growing.frames,
            rate=self._sidecar.rate,
            channels=self._sidecar.channels,
            peaks=growing.peaks.all(),
        )

    async def _save_sidecar(self) -> None:
        sidecar = replace(self._sidecar, segments=tuple(self._segments), gaps=self.gaps)
        await self._disk.replace(sidecar_path(self._folder, self.id), sidecar.to_bytes())
        self._sidecar = sidecar
