"""A disk on which something happens before or after one of the calls: a person stops, the app is killed, an
entry is erased for good. Every call counts, those on open files, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from fieldlog.model.ports import DirEntry, Disk, Handle, Lock
from tests.fakes.failing import Killed

T = TypeVar("T")


def nothing() -> None:
    """Nothing happens."""


@dataclass
class Calls:
    """Counts the calls of all disks that share it. At call `at` (from 0) `happens` is done, before or after it.

    Once `dead`, every call raises `Killed`: what would tidy up, can't.
    """

    at: int | None = None
    after: bool = False
    happens: Callable[[], None] = nothing
    count: int = 0
    dead: bool = False
    names: list[str] = field(default_factory=list)

    def _alive(self) -> None:
        if self.dead:
            raise Killed

    def now(self, name: str, verb: Callable[[], T]) -> T:
        here = self._begin(name)
        done = verb()
        self._end(here)
        return done

    async def soon(self, name: str, verb: Callable[[], Awaitable[T]]) -> T:
        here = self._begin(name)
        done = await verb()
        self._end(here)
        return done

    def _begin(self, name: str) -> bool:
        self._alive()
        here, self.count = self.count == self.at, self.count + 1
        self.names.append(name)
        if here and not self.after:
            self.happens()
            self._alive()
        return here

    def _end(self, here: bool) -> None:
        if here and self.after:
            self.happens()
            self._alive()

    def kill(self) -> None:
        """The process is gone."""
        self.dead = True


@dataclass
class StoppingHandle:
    inner: Handle
    calls: Calls

    def size(self) -> int:
        return self.calls.now("handle.size", self.inner.size)

    def read(self, at: int, count: int) -> bytes:
        return self.calls.now("handle.read", lambda: self.inner.read(at, count))

    def write(self, data: bytes, at: int) -> None:
        self.calls.now("handle.write", lambda: self.inner.write(data, at))

    def append(self, data: bytes) -> None:
        self.calls.now("handle.append", lambda: self.inner.append(data))

    def truncate(self, size: int) -> None:
        self.calls.now("handle.truncate", lambda: self.inner.truncate(size))

    def flush(self) -> None:
        self.calls.now("handle.flush", self.inner.flush)

    def close(self) -> None:
        self.inner.close()


@dataclass
class StoppingDisk:
    inner: Disk
    calls: Calls

    async def _opened(self, name: str, verb: Callable[[], Awaitable[Handle]]) -> Handle:
        return StoppingHandle(await self.calls.soon(name, verb), self.calls)

    async def open(self, path: str, *, create: bool = False) -> Handle:
        return await self._opened(f"open {path}", lambda: self.inner.open(path, create=create))

    async def open_read(self, path: str) -> Handle:
        return await self._opened(f"open_read {path}", lambda: self.inner.open_read(path))

    async def read(self, path: str) -> bytes:
        return await self.calls.soon(f"read {path}", lambda: self.inner.read(path))

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        await self.calls.soon(f"replace {path}", lambda: self.inner.replace(path, data, named=named))

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        await self.calls.soon(f"move {target}", lambda: self.inner.move(source, target, named=named))

    async def flush_names(self, folder: str) -> None:
        await self.calls.soon(f"flush_names {folder}", lambda: self.inner.flush_names(folder))

    async def remove(self, path: str) -> None:
        await self.calls.soon(f"remove {path}", lambda: self.inner.remove(path))

    async def list(self, folder: str) -> list[DirEntry]:
        return await self.calls.soon(f"list {folder}", lambda: self.inner.list(folder))

    async def size(self, path: str) -> int | None:
        return await self.calls.soon(f"size {path}", lambda: self.inner.size(path))

    async def free_bytes(self) -> int:
        return await self.inner.free_bytes()

    async def lock(self, path: str) -> Lock:
        return await self.inner.lock(path)
