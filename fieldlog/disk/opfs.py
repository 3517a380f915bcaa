"""The `Disk` port in a browser: the origin private file system, from a dedicated worker.

A browser has no way to flush a folder: a new name is as durable as the browser makes it, bytes are
durable after `flush`. Replacing is a temporary file moved over the old one; where the browser can't
move over a file, `opfs_redo` keeps the same promise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from fieldlog.disk import opfs_redo
from fieldlog.disk.opfs_handle import (
    OpfsHandle,
    OpfsLock,
    discard,
    kind,
    not_read,
    not_written,
    options,
    write_all,
)
from fieldlog.disk.paths import TEMP_SUFFIX, folder_parts, parts_of
from fieldlog.model.errors import DiskFull, StoreBusy, WrongPlace
from fieldlog.model.ports import DirEntry
from fieldlog.model.sentence import Sentence

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException

ABSENT = ("NotFoundError", "TypeMismatchError")


class OpfsDisk:
    """Files below the folder `root_name` of this origin."""

    def __init__(self, root_name: str) -> None:
        self._root_parts = parts_of(root_name)
        self._redo = "~".join(self._root_parts) + ".redo~"
        self._open: dict[str, OpfsHandle] = {}
        self._home: Any = None
        self._folders: dict[tuple[str, ...], Any] = {}
        self._moves = True
        self._starting = asyncio.Lock()
        self._renaming = asyncio.Lock()

    async def open(self, path: str, *, create: bool = False) -> OpfsHandle:
        try:
            return await self._handle(path, create=create, writable=True)
        except JsException as error:
            raise (not_written if create else not_read)(error, path) from error

    async def open_read(self, path: str) -> OpfsHandle:
        try:
            return await self._handle(path, create=False, writable=False)
        except JsException as error:
            raise not_read(error, path) from error

    async def read(self, path: str) -> bytes:
        if path in self._open:
            return self._open[path].read(0, self._open[path].size())
        try:
            file = await (await self._file(path)).getFile()
            content: bytes = (await file.arrayBuffer()).to_bytes()
        except JsException as error:
            raise not_read(error, path) from error
        return content

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        async with self._renaming:
            try:
                if not self._moves or not await self._moved_into_place(path, data):
                    await opfs_redo.replace(await self._top(), self._redo, self._place, path, data)
                    self._moves = False
            except JsException as error:
                raise not_written(error, path) from error

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        async with self._renaming:
            try:
                file = await self._file(source)
            except JsException as error:
                raise not_read(error, source) from error
            try:
                folder, name = await self._place(target)
                if not await _moved(file, folder, name):
                    content = (await (await file.getFile()).arrayBuffer()).to_bytes()
                    await opfs_redo.replace(await self._top(), self._redo, self._place, target, content)
                    await self._removed(source)
            except JsException as error:
                raise not_written(error, target) from error

    async def flush_names(self, folder: str) -> None:
        """Nothing to do: the browser has no flush of names, and keeps them in its own log."""
        folder_parts(folder)

    async def remove(self, path: str) -> None:
        async with self._renaming:
            try:
                await self._removed(path)
            except JsException as error:
                if kind(error) == "InvalidModificationError":
                    raise WrongPlace(
                        Sentence("The folder {path} is not empty; nothing was removed.", path=path)
                    ) from error
                if kind(error) not in ABSENT:
                    raise not_written(error, path) from error

    async def list(self, folder: str) -> list[DirEntry]:
        parts = folder_parts(folder)
        found: list[Awaitable[DirEntry | None]] = []
        try:
            async for name, handle in (await self._folder(parts)).entries():
                found.append(self._entry("/".join((*parts, name)), name, handle))
            entries = await asyncio.gather(*found)
        except JsException as error:
            if kind(error) in ABSENT:
                return []
            raise not_read(error, folder or "its own folder") from error
        return sorted((entry for entry in entries if entry), key=lambda entry: entry.name)

    async def size(self, path: str) -> int | None:
        if path in self._open:
            return self._open[path].size()
        try:
            size: int = (await (await self._file(path)).getFile()).size
        except JsException as error:
            if kind(error) in ABSENT:
                return None
            raise not_read(error, path) from error
        return size

    async def free_bytes(self) -> int:
        estimate = await js.navigator.storage.estimate()
        return max(0, int(estimate.quota) - int(estimate.usage))

    async def lock(self, path: str) -> OpfsLock:
        try:
            folder, name = await self._place(path)
            file = await folder.getFileHandle(name, options(create=True))
            return OpfsLock(await file.createSyncAccessHandle())
        except JsException as error:
            if kind(error) == "NoModificationAllowedError":
                raise StoreBusy(Sentence("another tab of this browser")) from error
            raise not_written(error, path) from error

    async def _handle(self, path: str, *, create: bool, writable: bool) -> OpfsHandle:
        access = await (await self._file(path, create=create)).createSyncAccessHandle()
        handle = OpfsHandle(access, path, writable=writable, let_go=lambda: self._let_go(path))
        self._open[path] = handle
        return handle

    def _let_go(self, path: str) -> None:
        del self._open[path]

    async def _moved_into_place(self, path: str, data: bytes) -> bool:
        """False where the browser does not move a file over another; the old file is there then."""
        folder, name = await self._place(path)
        temp = name + TEMP_SUFFIX
        file = await folder.getFileHandle(temp, options(create=True))
        try:
            access = await file.createSyncAccessHandle()
            try:
                access.truncate(0)
                write_all(access, data, 0)
                access.flush()
            finally:
                access.close()
            if await _moved(file, folder, name):
                return True
        except (JsException, DiskFull):
            await discard(folder, temp)
            raise
        await discard(folder, temp)
        return False

    async def _removed(self, path: str) -> None:
        self._folders.clear()
        await (await self._folder(parts_of(path)[:-1])).removeEntry(parts_of(path)[-1])

    async def _entry(self, path: str, name: str, handle: Any) -> DirEntry | None:
        """None for a name that was removed meanwhile."""
        if handle.kind == "directory":
            return DirEntry(name=name, is_dir=True, bytes=0)
        size = await self.size(path)
        return None if size is None else DirEntry(name=name, is_dir=False, bytes=size)

    async def _file(self, path: str, *, create: bool = False) -> Any:
        *above, name = parts_of(path)
        known = tuple(above) in self._folders
        folder = await self._folder(tuple(above), create=create)
        try:
            return await folder.getFileHandle(name, options(create=create))
        except JsException as error:
            if create or not known or kind(error) != "NotFoundError":
                raise
        # The folder that was known may have been removed and made anew by another `OpfsDisk` above this one.
        del self._folders[tuple(above)]
        return await (await self._folder(tuple(above))).getFileHandle(name, options(create=False))

    async def _place(self, path: str) -> tuple[Any, str]:
        return await self._folder(parts_of(path)[:-1], create=True), parts_of(path)[-1]

    async def _folder(self, parts: tuple[str, ...], *, create: bool = False) -> Any:
        async with self._starting:
            if self._home is None:
                self._home = await self._started()
        if create or parts not in self._folders:
            self._folders[parts] = await _below(self._home, parts, create=create)
        return self._folders[parts]

    async def _started(self) -> Any:
        """The root, once what the last run may have been replacing when it was ended is finished."""
        top = await self._top()
        home = await _below(top, self._root_parts, create=True)

        async def place(path: str) -> tuple[Any, str]:
            return await _below(home, parts_of(path)[:-1], create=True), parts_of(path)[-1]

        await opfs_redo.finish(top, self._redo, place)
        return home

    async def _top(self) -> Any:
        return await js.navigator.storage.getDirectory()


async def names_at_top() -> set[str]:
    """What is in the root of this origin's storage, whoever put it there."""
    top = await js.navigator.storage.getDirectory()
    return {str(name) async for name, _ in top.entries()}


async def _below(folder: Any, parts: tuple[str, ...], *, create: bool) -> Any:
    for part in parts:
        folder = await folder.getDirectoryHandle(part, options(create=create))
    return folder


async def _moved(file: Any, folder: Any, name: str) -> bool:
    """Whether the browser moved a file over whatever had that name; if not, nothing changed."""
    if not hasattr(file, "move"):
        return False
    try:
        await file.move(folder, name)
    except JsException:
        return False
    return True
