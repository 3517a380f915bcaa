"""Reading a file piece by piece, whatever its size.

`Readable` is the part of an open `Handle` that judging and copying need, so the pure rules of this
room can be tried on bytes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Protocol

PIECE_BYTES = 1 << 18
HEAD_BYTES = 1 << 16


class Readable(Protocol):
    """Bytes that can be read anywhere: an open handle, or `Held` bytes."""

    def size(self) -> int: ...

    def read(self, at: int, count: int) -> bytes:
        """Up to `count` bytes from `at`; fewer only at the end."""
        ...


@dataclass(frozen=True)
class Held:
    """Bytes in memory, read as a file is."""

    data: bytes

    def size(self) -> int:
        return len(self.data)

    def read(self, at: int, count: int) -> bytes:
        return self.data[at : at + count]


def pieces(readable: Readable, at: int = 0, count: int | None = None) -> Iterator[bytes]:
    """The bytes from `at`, `count` of them or all, in pieces of at most 256 kB."""
    end = readable.size() if count is None else min(readable.size(), at + count)
    while at < end:
        piece = readable.read(at, min(PIECE_BYTES, end - at))
        if not piece:
            return
        yield piece
        at += len(piece)


def head_of(readable: Readable) -> bytes:
    """The first 64 kB, or all where there is less."""
    return readable.read(0, HEAD_BYTES)


def tail_of(readable: Readable) -> bytes:
    """The last 64 kB, or all where there is less."""
    return readable.read(max(0, readable.size() - HEAD_BYTES), HEAD_BYTES)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of an open file with bytes before and after it, as a `Source` for the vault.

    Must be read while `readable` is open.
    """

    name: str
    readable: Readable
    before: bytes = b""
    at: int = 0
    count: int | None = None
    after: bytes = b""

    def now(self) -> Iterator[bytes]:
        """The same bytes without waiting."""
        if self.before:
            yield self.before
        yield from pieces(self.readable, self.at, self.count)
        if self.after:
            yield self.after

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.now():
            yield piece
