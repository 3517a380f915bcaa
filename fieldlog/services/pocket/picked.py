"""What a person picked in a browser: a file to read, and a folder of their machine to write an archive into."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from fieldlog.disk.opfs_handle import discard, kind, not_read, not_written, options
from fieldlog.disk.paths import folder_parts, parts_of
from fieldlog.model.errors import NotSaved, NotUnderstood
from fieldlog.model.ports import DirEntry, Handle
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.machine.sources import CHUNK, as_file

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, to_js


@dataclass(frozen=True, kw_only=True)
class PickedFile:
    """A file that a person picked, as the browser has it. Raises `NotUnderstood` where it is gone meanwhile."""

    file: Any

    @property
    def name(self) -> str:
        return str(self.file.name)

    @property
    def size(self) -> int:
        return int(self.file.size)

    async def chunks(self) -> AsyncIterator[bytes]:
        handle = PickedHandle(self.file)
        for at in range(0, handle.size(), CHUNK):
            yield handle.read(at, CHUNK)

    async def opened(self) -> BinaryIO:
        return as_file(cast("Handle", PickedHandle(self.file)))


class PickedHandle:
    """A picked file as an open handle, for reading."""

    def __init__(self, file: Any) -> None:
        self._file, self._reader = file, js.FileReaderSync.new()

    def size(self) -> int:
        return int(self._file.size)

    def read(self, at: int, count: int) -> bytes:
        try:
            found: bytes = self._reader.readAsArrayBuffer(self._file.slice(at, at + count)).to_bytes()
        except JsException as why:
            raise NotUnderstood(
                Sentence("{name} can't be read any more; pick it again.", name=self._file.name)
            ) from why
        return found

    def close(self) -> None:
        """Nothing is held open."""


_SHORT = sentence("{path} arrived with {found} of {bytes} bytes. Write again.")
_ABSENT = ("NotFoundError", "TypeMismatchError")


class PickedFolder:
    """A folder that a person chose, as an archive's `Outlet`. The browser puts a file in place whole when it is
    closed; it has no flush, so how large it came to lie there is looked at."""

    def __init__(self, folder: Any) -> None:
        self._top = folder

    @property
    def name(self) -> str:
        return str(self._top.name)

    async def open_read(self, path: str) -> PickedHandle:
        return PickedHandle(await self._file(path))

    async def read(self, path: str) -> bytes:
        file = await self._file(path)
        try:
            found: bytes = (await file.arrayBuffer()).to_bytes()
        except JsException as why:
            raise not_read(why, path) from why
        return found

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        async def at_once() -> AsyncIterator[bytes]:
            yield data

        await self.bring(path, at_once(), expected=None, seen=lambda _: None)

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        """A file that is small is written again: not every browser moves one over another. Ended in between, both
        are there."""
        await self.replace(target, await self.read(source))
        await self.remove(source)

    async def flush_names(self, folder: str) -> None:
        """The browser has no flush of names."""

    async def remove(self, path: str) -> None:
        *above, name = parts_of(path)
        try:
            await discard(await self._below(above), name)
        except JsException as why:
            if kind(why) not in _ABSENT:
                raise not_written(why, path) from why

    async def list(self, folder: str) -> list[DirEntry]:
        found = []
        try:
            async for name, handle in (await self._below(folder_parts(folder))).entries():
                is_dir = handle.kind == "directory"
                size = 0 if is_dir else int((await handle.getFile()).size)
                found.append(DirEntry(name=str(name), is_dir=is_dir, bytes=size))
        except JsException as why:
            if folder and kind(why) in _ABSENT:
                return []
            raise not_read(why, folder or self.name) from why
        return sorted(found, key=lambda one: one.name)

    async def bring(
        self, path: str, source: AsyncIterator[bytes], /, *, expected: str | None, seen: Callable[[int], None]
    ) -> tuple[str, int]:
        """Write what comes out of `source`, whole or not at all; its hash and size. Raises `NotSaved`."""
        digest, size = hashlib.sha256(), 0
        *above, name = parts_of(path)
        try:
            file = await (await self._below(above, create=True)).getFileHandle(name, options(create=True))
            stream = await file.createWritable()
        except JsException as why:
            raise not_written(why, path) from why
        try:
            async for data in source:
                digest.update(data)
                size += len(data)
                seen(len(data))
                await stream.write(to_js(data))
            sha = digest.hexdigest()
            if expected not in (None, sha):
                await self._given_up(stream, file, path)
                return sha, size
            await stream.close()
            found = int((await file.getFile()).size)
        except JsException as why:
            await self._given_up(stream, file, path)
            raise not_written(why, path) from why
        except BaseException:
            await self._given_up(stream, file, path)
            raise
        if found != size:
            raise NotSaved(Sentence(_SHORT, path=path, found=found, bytes=size))
        return sha, size

    async def _given_up(self, stream: Any, file: Any, path: str) -> None:
        """What was there before stays; an empty file that was made for it goes."""
        with suppress(JsException):
            await stream.abort()
        with suppress(JsException):
            if int((await file.getFile()).size) == 0:
                await self.remove(path)

    async def _file(self, path: str) -> Any:
        *above, name = parts_of(path)
        try:
            return await (await (await self._below(above)).getFileHandle(name)).getFile()
        except JsException as why:
            raise not_read(why, path) from why

    async def _below(self, parts: Sequence[str], *, create: bool = False) -> Any:
        folder = self._top
        for part in parts:
            folder = await folder.getDirectoryHandle(part, options(create=create))
        return folder
