"""Files that come in or go out: from a folder of the laptop, from memory, on a disk of ours."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from fieldlog.model.ports import Disk, Handle, Source

CHUNK = 1 << 20


class Readable(Source, Protocol):
    """A source that can be read anywhere, not only from its beginning to its end."""

    async def opened(self) -> BinaryIO:
        """The bytes as a file; close it soon."""
        ...


async def sha256_of(source: Source) -> str:
    """The sha256 of what a source holds, read to its end."""
    hashing = hashlib.sha256()
    async for piece in source.chunks():
        hashing.update(piece)
    return hashing.hexdigest()


@dataclass(frozen=True, kw_only=True)
class FileSource:
    """A file to be taken in; it is only read."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    async def chunks(self) -> AsyncIterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece

    async def opened(self) -> BinaryIO:
        return self.path.open("rb")


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """A file to be taken in that is in memory already: a picture just taken, a file a browser handed over."""

    name: str
    data: bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self.data), CHUNK):
            yield self.data[at : at + CHUNK]

    async def opened(self) -> BinaryIO:
        return io.BytesIO(self.data)


@dataclass(frozen=True, kw_only=True)
class DiskFile:
    """A file on a disk of ours, there or to be made. `path` is relative to the disk."""

    disk: Disk
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    async def chunks(self) -> AsyncIterator[bytes]:
        file = await self.opened()
        try:
            while piece := file.read(CHUNK):
                yield piece
        finally:
            file.close()

    async def opened(self) -> BinaryIO:
        return as_file(await self.disk.open_read(self.path))


def as_file(handle: Handle) -> BinaryIO:
    """An open handle as the file that zipfile and others want. Closing it closes the handle."""
    return cast("BinaryIO", HandleFile(handle))


class HandleFile(io.RawIOBase):
    """Reads and writes at a place that moves along. Raises what the handle raises."""

    def __init__(self, handle: Handle) -> None:
        self._handle, self._at = handle, 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._handle.size()}[whence]
        if start + offset < 0:
            raise OSError("a place before the beginning of a file")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._handle.size() - self._at)
        found = self._handle.read(self._at, left if size is None or size < 0 else min(size, left))
        self._at += len(found)
        return found

    def write(self, data: Any) -> int:
        whole = bytes(data)
        self._handle.write(whole, self._at)
        self._at += len(whole)
        return len(whole)

    def close(self) -> None:
        self._handle.close()
        super().close()
