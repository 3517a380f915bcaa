"""An archive's files as members of one ZIP: an `Outlet` while that is written, and what can be read of one.

Nothing in it is packed, every file is of the same time, and the table at its end stands in the order of names. So
the same archive is the same file, whatever device wrote it.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import IO

from fieldlog.archive.names import UNFINISHED
from fieldlog.model.errors import MissingFile
from fieldlog.model.ports import DirEntry, Handle
from fieldlog.services.machine.long_work import breath

_UNIX = 3


class ZipFolder:
    """Members of an open ZIP by their paths. With the `handle` of its file it can be written, each path once.

    A manifest is held until it has its name. `hashes` are those of what was written here.
    """

    def __init__(self, bag: zipfile.ZipFile, handle: Handle | None = None) -> None:
        self._bag, self._handle = bag, handle
        self._held: dict[str, bytes] = {}
        self.hashes: dict[str, str] = {}

    async def list(self, folder: str) -> list[DirEntry]:
        inside, found = f"{folder}/" if folder else "", dict[str, DirEntry]()
        for info in self._bag.infolist():
            if info.filename.startswith(inside):
                name, deeper, _ = info.filename[len(inside) :].partition("/")
                found[name] = DirEntry(name=name, is_dir=bool(deeper), bytes=0 if deeper else info.file_size)
        return [found[name] for name in sorted(found)]

    async def read(self, path: str) -> bytes:
        if path in self._held:
            return self._held[path]
        file = await self.open_read(path)
        try:
            return file.read(0, file.size())
        finally:
            file.close()

    async def open_read(self, path: str) -> Member:
        try:
            return Member(self._bag.open(path), self._bag.getinfo(path).file_size)
        except KeyError as why:
            raise MissingFile(path) from why

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        if path.endswith(UNFINISHED):
            self._held[path] = data
            return
        sha = hashlib.sha256(data).hexdigest()
        if self.hashes.get(path) == sha:
            return
        with self._bag.open(_about(path), "w") as member:
            member.write(data)
        self.hashes[path] = sha
        await breath()

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        await self.replace(target, self._held.pop(source))

    async def flush_names(self, folder: str) -> None:
        """A ZIP has its names at its end."""

    async def remove(self, path: str) -> None:
        """Only what has no name yet is ever taken out of an archive that begins."""
        self._held.pop(path, None)

    async def bring(
        self, path: str, source: AsyncIterator[bytes], /, *, expected: str | None, seen: Callable[[int], None]
    ) -> tuple[str, int]:
        """Make what comes out of `source` a member, whole or not at all; its hash and size."""
        digest, about = hashlib.sha256(), _about(path)
        try:
            with self._bag.open(about, "w", force_zip64=True) as member:
                async for data in source:
                    digest.update(data)
                    seen(len(data))
                    member.write(data)
                    await breath()
        except BaseException:
            self._take_back(about)
            raise
        sha = digest.hexdigest()
        if expected in (None, sha):
            self.hashes[path] = sha
        else:
            self._take_back(about)
        return sha, about.file_size

    def _take_back(self, about: zipfile.ZipInfo) -> None:
        """The last member is none, and its bytes go."""
        if about in self._bag.filelist:
            self._bag.filelist.remove(about)
            del self._bag.NameToInfo[about.filename]
        self._bag.start_dir = about.header_offset
        if self._handle:
            self._handle.truncate(about.header_offset)


@dataclass(frozen=True)
class Member:
    """A member as an open file. It is read forward; what lies before costs reading from its beginning."""

    file: IO[bytes]
    whole: int

    def size(self) -> int:
        return self.whole

    def read(self, at: int, count: int) -> bytes:
        if self.file.tell() != at:
            self.file.seek(at)
        return self.file.read(count)

    def close(self) -> None:
        self.file.close()


def in_order(bag: zipfile.ZipFile) -> None:
    """Let the table at the end stand in the order of names. To be called when all is written."""
    bag.filelist.sort(key=lambda about: about.filename)


def _about(path: str) -> zipfile.ZipInfo:
    about = zipfile.ZipInfo(path)
    about.create_system, about.external_attr = _UNIX, 0o644 << 16
    return about
