"""A segment of a recording that is being written. Everything here is sync."""

from __future__ import annotations

import hashlib

from fieldlog.media.peaks import Peaks
from fieldlog.media.wav import Told, header
from fieldlog.model.ports import Handle


class Growing:
    """Begins with the header of a full segment, on the disk before its first sound; its hash runs along."""

    def __init__(self, handle: Handle, number: int, path: str, told: Told, promised_frames: int) -> None:
        self.number, self.path = number, path
        self.frames, self._unflushed = 0, 0
        self.peaks = Peaks(told.rate, told.channels)
        self._handle, self._told, self._promised = handle, told, promised_frames
        self._frame_bytes = told.channels * 2
        front = header(told.fmt, promised_frames * self._frame_bytes)
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

    def flush(self) -> None:
        self._handle.flush()
        self._unflushed = 0

    def seal(self) -> None:
        """Make the header true, make all of it durable, let go of the file. May be called again."""
        if self.room:
            self._handle.write(header(self._told.fmt, self.frames * self._frame_bytes), 0)
        self._handle.flush()
        self._handle.close()

    def running_hash(self) -> str | None:
        """The sha256 if the header was the right one from the beginning."""
        return None if self.room else self._hashing.hexdigest()
