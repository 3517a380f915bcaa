"""A disk that tells before anything is done to it, so that the power can be cut at any moment."""

from __future__ import annotations

from collections.abc import Callable

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ports import DirEntry, Disk, Handle, Lock


class WatchedHandle:
    def __init__(self, handle: Handle, before: Callable[[], None]) -> None:
        self._handle, self._before = handle, before

    def size(self) -> int:
        return self._handle.size()

    def read(self, at: int, count: int) -> bytes:
        return self._handle.read(at, count)

    def write(self, data: bytes, at: int) -> None:
        self._before()
        self._handle.write(data, at)

    def append(self, data: bytes) -> None:
        self._before()
        self._handle.append(data)

    def truncate(self, size: int) -> None:
        self._before()
        self._handle.truncate(size)

    def flush(self) -> None:
        self._before()
        self._handle.flush()

    def close(self) -> None:
        self._handle.close()


class WatchedDisk:
    """Calls `before` ahead of every change to `disk`; nothing else is different."""

    def __init__(self, disk: MemoryDisk, before: Callable[[], None]) -> None:
        self._disk, self._before = disk, before

    async def open(self, path: str, *, create: bool = False) -> Handle:
        self._before()
        return WatchedHandle(await self._disk.open(path, create=create), self._before)

    async def open_read(self, path: str) -> Handle:
        return await self._disk.open_read(path)

    async def read(self, path: str) -> bytes:
        return await self._disk.read(path)

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        self._before()
        await self._disk.replace(path, data, named=named)

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        self._before()
        await self._disk.move(source, target, named=named)

    async def flush_names(self, folder: str) -> None:
        self._before()
        await self._disk.flush_names(folder)

    async def remove(self, path: str) -> None:
        self._before()
        await self._disk.remove(path)

    async def list(self, folder: str) -> list[DirEntry]:
        return await self._disk.list(folder)

    async def size(self, path: str) -> int | None:
        return await self._disk.size(path)

    async def free_bytes(self) -> int:
        return await self._disk.free_bytes()

    async def lock(self, path: str) -> Lock:
        return await self._disk.lock(path)


def _is_a_disk(disk: WatchedDisk) -> Disk:
    return disk
