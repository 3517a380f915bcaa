"""What an archive is written into: a folder of this machine, one that a browser was given, a ZIP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from fieldlog.model.ports import DirEntry


class Opened(Protocol):
    """A file that is open for reading."""

    def size(self) -> int: ...

    def read(self, at: int, count: int) -> bytes: ...

    def close(self) -> None: ...


class Outlet(Protocol):
    """The part of a `Disk` that writing an archive needs. Each method does what that of a `Disk` does, and raises
    the same."""

    async def open_read(self, path: str) -> Opened: ...

    async def read(self, path: str) -> bytes: ...

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None: ...

    async def move(self, source: str, target: str, *, named: bool = True) -> None: ...

    async def flush_names(self, folder: str) -> None: ...

    async def remove(self, path: str) -> None: ...

    async def list(self, folder: str) -> list[DirEntry]: ...


class Bring(Protocol):
    """Puts what comes out of a source at a path, whole or not at all, as `tree.copied` does; its hash and size."""

    async def __call__(
        self, path: str, source: AsyncIterator[bytes], /, *, expected: str | None, seen: Callable[[int], None]
    ) -> tuple[str, int]: ...
