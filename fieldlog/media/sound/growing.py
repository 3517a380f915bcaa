"""A segment of a recording that is being written. Everything here is sync."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace

from fieldlog.media.sound.peaks import Peaks
from fieldlog.media.sound.wav import HEADER_BYTES, Told, header
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import Handle


class Growing:
    """Begins with the header of a full segment, on the disk before its first sound; its hash runs along."""

    def __init__(self, handle: Handle, number: int, path: str, told: Told, promised_frames: int) -> None:
        self.number, self.path = number, path
        self.frames, self._unflushed = 0, 0
        self.peaks = Peaks(told.rate, told.channels)
        self._handle, self._told, self._promised = handle, told, promised_frames
        self._frame_bytes = told.channels * 2
        self._header_due = False
        front = self._front(promised_frames)
        handle.truncate(0)
        handle.append(front)
        handle.flush()
        self._hashing = hashlib.sha256(front)

    @property
    def room(self) -> int:
        """Frames until the segment is full; 0 or less when it is."""
        return self._promised - self.frames

    def add(self, pcm: bytes) -> None:
        """Never leaves more than a second unflushed, not even while it writes."""
        frames = len(pcm) // self._frame_bytes
        if self._unflushed and self._unflushed + frames > self._told.rate:
            self.flush()
        self._handle.append(pcm)
        self._hashing.update(pcm)
        self.peaks.add(pcm)
        self.frames += frames
        self._unflushed += frames
        if self._unflushed >= self._told.rate:
            self.flush()

    def retune(self, rate: int, promised_frames: int) -> None:
        """It is at another rate than was thought, all of it. Reads what there is once more: milliseconds a second.

        Where the disk refuses, it is at that rate all the same, and the header is written when it is sealed.
        """
        self._told, self._promised = replace(self._told, rate=rate), promised_frames
        self.peaks = Peaks(rate, self._told.channels)
        front = self._front(promised_frames)
        self._hashing = hashlib.sha256(front)
        pcm = self._handle.read(HEADER_BYTES, self.frames * self._frame_bytes)
        self._hashing.update(pcm)
        self.peaks.add(pcm)
        self._header_due = True
        with suppress(NotSaved):
            self._handle.write(front, 0)
            self.flush()
            self._header_due = False

    def flush(self) -> None:
        self._handle.flush()
        self._unflushed = 0

    def seal(self) -> None:
        """Make the header true, make all of it durable, let go of the file. May be called again."""
        if self.room or self._header_due:
            self._handle.write(self._front(self.frames), 0)
        self._handle.flush()
        self._handle.close()

    def running_hash(self) -> str | None:
        """The sha256 if the header was the right one from the beginning."""
        return None if self.room else self._hashing.hexdigest()

    def _front(self, frames: int) -> bytes:
        return header(self._told.fmt, frames * self._frame_bytes)
