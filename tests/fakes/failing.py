"""A disk whose machine dies at a chosen step, and one that counts what is asked of it."""

from __future__ import annotations

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ports import DirEntry, Handle, Lock


class Killed(BaseException):
    """The process is gone; nothing may catch this."""


class DyingHandle:
    def __init__(self, inner: Handle, disk: DyingDisk) -> None:
        self.inner = inner
        self.disk = disk

    def size(self) -> int:
        return self.inner.size()

    def read(self, at: int, count: int) -> bytes:
        self.disk.bytes_read += count
        return self.inner.read(at, count)

    def write(self, data: bytes, at: int) -> None:
        self.disk.step()
        self.inner.write(data, at)

    def append(self, data: bytes) -> None:
        self.disk.step()
        self.inner.append(data)

    def truncate(self, size: int) -> None:
        self.disk.step()
        self.inner.truncate(size)

    def flush(self) -> None:
        self.disk.step()
        self.inner.flush()

    def close(self) -> None:
        self.inner.close()


class DyingDisk:
    """Everything that changes something is a step; `dies_at` is the step that is not done any more.

    After it nothing works, as for a process that is gone: what would tidy up, can't. With `tears`, dying
    while a file is replaced leaves half of it beside it, as a laptop's disk does.
    """

    def __init__(self, inner: MemoryDisk, dies_at: int | None = None, *, tears: bool = True) -> None:
        self.tears = tears
        self.inner = inner
        self.dies_at = dies_at
        self.steps = 0
        self.changed: list[str] = []
        self.was_read: list[str] = []
        self.bytes_read = 0

    def step(self, path: str = "") -> None:
        if self.dies_at is not None and self.steps >= self.dies_at:
            raise Killed
        self.steps += 1
        if path:
            self.changed.append(path)

    async def open(self, path: str, *, create: bool = False) -> Handle:
        self.step(path)
        return DyingHandle(await self.inner.open(path, create=create), self)

    async def open_read(self, path: str) -> Handle:
        self.was_read.append(path)
        return DyingHandle(await self.inner.open_read(path), self)

    async def read(self, path: str) -> bytes:
        self.was_read.append(path)
        return await self.inner.read(path)

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        part = f"{path}.part~"
        if self.tears and self.steps == self.dies_at:
            await self.inner.replace(part, data[: len(data) // 2])
        self.step(path)
        await self.inner.replace(path, data, named=named)

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        self.step(target)
        await self.inner.move(source, target, named=named)

    async def flush_names(self, folder: str) -> None:
        await self.inner.flush_names(folder)

    async def remove(self, path: str) -> None:
        self.step(path)
        await self.inner.remove(path)

    async def list(self, folder: str) -> list[DirEntry]:
        return await self.inner.list(folder)

    async def size(self, path: str) -> int | None:
        return await self.inner.size(path)

    async def free_bytes(self) -> int:
        return await self.inner.free_bytes()

    async def lock(self, path: str) -> Lock:
        return await self.inner.lock(path)
