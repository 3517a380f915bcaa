"""An open file on a laptop: the thinnest way from a save to the kernel, without Python's buffers."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from fieldlog.disk.syscalls import flush_fd, not_read, not_written, read_at, write_all
from fieldlog.model.errors import NotSaved
from fieldlog.model.sentence import Sentence, sentence

ONLY_READ = sentence("{path} is open for reading only.")
CLOSED = sentence("{path} was already closed.")
FAILED = sentence("this device failed while writing {path}. Close FieldLog, open it again, and try again.")


class PosixHandle:
    """An open file. Once a flush, or the repair of a failed append, has failed, it only reads.

    Such a file must be closed and opened again: the kernel forgets what it could not write, so a
    second flush would succeed without the bytes being there. What was never flushed is cut off,
    so that whoever opens the file next finds what is on the medium.
    """

    def __init__(self, fd: int, path: str, *, writable: bool, let_go: Callable[[], None]) -> None:
        self._fd = fd
        self._path = path
        self._let_go = let_go
        self._refuses = "" if writable else ONLY_READ
        self._end = self._flushed = os.fstat(fd).st_size

    def size(self) -> int:
        return os.fstat(self._fd).st_size

    def read(self, at: int, count: int) -> bytes:
        try:
            found = read_at(self._fd, count, at)
            while len(found) < count and (more := read_at(self._fd, count - len(found), at + len(found))):
                found += more
        except OSError as error:
            raise not_read(error, self._path) from error
        return found

    def append(self, data: bytes) -> None:
        if self._refuses:
            raise NotSaved(Sentence(self._refuses, path=self._path))
        try:
            write_all(self._fd, data, self._end)
        except OSError as error:
            self._cut_back()
            raise not_written(error, self._path) from error
        self._end += len(data)

    def write(self, data: bytes, at: int) -> None:
        if self._refuses:
            raise NotSaved(Sentence(self._refuses, path=self._path))
        if not 0 <= at <= self._end:
            raise ValueError(f"{self._path} has {self._end} bytes; a write at {at} would leave a hole.")
        try:
            write_all(self._fd, data, at)
        except OSError as error:
            self._cut_back()
            raise not_written(error, self._path) from error
        self._end = max(self._end, at + len(data))

    def truncate(self, size: int) -> None:
        if self._refuses:
            raise NotSaved(Sentence(self._refuses, path=self._path))
        if not 0 <= size <= self._end:
            raise ValueError(f"{self._path} has {self._end} bytes; it can't be cut to {size}.")
        try:
            os.ftruncate(self._fd, size)
        except OSError as error:
            raise not_written(error, self._path) from error
        self._end = size
        self._flushed = min(self._flushed, size)

    def flush(self) -> None:
        if self._refuses:
            raise NotSaved(Sentence(self._refuses, path=self._path))
        try:
            flush_fd(self._fd)
        except OSError as error:
            self._break()
            with suppress(OSError):
                os.ftruncate(self._fd, self._flushed)
            raise not_written(error, self._path) from error
        self._flushed = self._end

    def close(self) -> None:
        if self._fd < 0:
            return
        os.close(self._fd)
        self._fd = -1
        self._refuses = CLOSED
        self._let_go()

    def _cut_back(self) -> None:
        """Drop what a failed write left behind the last good byte."""
        try:
            os.ftruncate(self._fd, self._end)
            flush_fd(self._fd)
        except OSError:
            self._break()
        else:
            self._flushed = self._end

    def _break(self) -> None:
        self._refuses = FAILED
