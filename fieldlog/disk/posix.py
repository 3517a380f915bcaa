"""The `Disk` port on a laptop's file system: POSIX, and Windows where it differs.

Everything is done in place, without threads.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from fieldlog.disk.paths import PRIVATE_SUFFIX, folder_parts, parts_of, temp_name
from fieldlog.disk.posix_handle import PosixHandle
from fieldlog.disk.syscalls import (
    READ_ONLY,
    READ_WRITE,
    flush_fd,
    flush_folder,
    lock_now,
    not_read,
    not_written,
    rename,
    write_all,
)
from fieldlog.model.errors import MissingFile, StoreBusy, WrongPlace
from fieldlog.model.ports import DirEntry
from fieldlog.model.sentence import Sentence


class PosixLock:
    """Held by the operating system, so it ends with the process, however that ends."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class PosixDisk:
    """Files below a folder, which is made with the first file."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: set[Path] = set()
        self._durable: set[Path] = set()

    async def open(self, path: str, *, create: bool = False) -> PosixHandle:
        place = self._free_place(path)
        if not create:
            return self._handle(self._opened(place, path, READ_WRITE), place, path)
        try:
            self._make_folder(place.parent)
            fd = os.open(place, READ_WRITE | os.O_CREAT, 0o666)
        except OSError as error:
            raise not_written(error, path) from error
        try:
            flush_folder(place.parent)
        except OSError as error:
            os.close(fd)
            raise not_written(error, path) from error
        return self._handle(fd, place, path)

    async def open_read(self, path: str) -> PosixHandle:
        parts_of(path)
        fd = self._opened(f"{self._root}/{path}", path, READ_ONLY)
        return PosixHandle(fd, path, writable=False, let_go=lambda: None)

    async def read(self, path: str) -> bytes:
        try:
            return self._place(path).read_bytes()
        except OSError as error:
            raise not_read(error, path) from error

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        place = self._free_place(path)
        temp = place.with_name(temp_name(place.name))
        try:
            self._make_folder(place.parent)
            rights = 0o600 if path.endswith(PRIVATE_SUFFIX) else 0o666
            fd = os.open(temp, READ_WRITE | os.O_CREAT | os.O_EXCL, rights)
            try:
                write_all(fd, data, 0)
                flush_fd(fd)
            finally:
                os.close(fd)
            rename(temp, place)
            if named:
                flush_folder(place.parent)
        except OSError as error:
            with suppress(OSError):
                temp.unlink()
            raise not_written(error, path) from error

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        origin, goal = self._free_place(source), self._free_place(target)
        if not origin.is_file():
            raise MissingFile(source)
        try:
            self._make_folder(goal.parent)
            rename(origin, goal)
            for folder in {goal.parent, origin.parent} if named else ():
                flush_folder(folder)
        except OSError as error:
            raise not_written(error, target) from error

    async def flush_names(self, folder: str) -> None:
        try:
            flush_folder(self._root.joinpath(*folder_parts(folder)))
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise not_written(error, folder) from error

    async def remove(self, path: str) -> None:
        place = self._free_place(path)
        try:
            if place.is_dir() and not place.is_symlink():
                place.rmdir()
            else:
                place.unlink()
            flush_folder(place.parent)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise WrongPlace(
                    Sentence("The folder {path} is not empty; nothing was removed.", path=path)
                ) from error
            raise not_written(error, path) from error

    async def list(self, folder: str) -> list[DirEntry]:
        try:
            with os.scandir(self._root.joinpath(*folder_parts(folder))) as found:
                entries = [entry for name in found if (entry := _entry(name))]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise not_read(error, folder or "its own folder") from error
        return sorted(entries, key=lambda entry: entry.name)

    async def size(self, path: str) -> int | None:
        try:
            found = self._place(path).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise not_read(error, path) from error
        return None if stat.S_ISDIR(found.st_mode) else found.st_size

    async def free_bytes(self) -> int:
        there = next(place for place in (self._root, *self._root.absolute().parents) if place.exists())
        return shutil.disk_usage(there).free

    async def lock(self, path: str) -> PosixLock:
        place = self._place(path)
        try:
            self._make_folder(place.parent)
            fd = os.open(place, READ_WRITE | os.O_CREAT, 0o666)
        except OSError as error:
            raise not_written(error, path) from error
        try:
            lock_now(fd)
        except OSError as error:
            os.close(fd)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise StoreBusy(str(self._root)) from error
            raise not_written(error, path) from error
        return PosixLock(fd)

    def _place(self, path: str) -> Path:
        parts_of(path)
        return self._root / path

    def _free_place(self, path: str) -> Path:
        place = self._place(path)
        if place in self._held:
            raise StoreBusy(path)
        return place

    def _opened(self, place: Path | str, path: str, how: int) -> int:
        try:
            fd = os.open(place, how)
        except OSError as error:
            raise not_read(error, path) from error
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            os.close(fd)
            raise MissingFile(path)
        return fd

    def _handle(self, fd: int, place: Path, path: str) -> PosixHandle:
        self._held.add(place)
        return PosixHandle(fd, path, writable=True, let_go=lambda: self._held.discard(place))

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, down from what is there, and make their names durable.

        Inside the root each name is flushed once even if it was there: the process that made it may
        have been killed before it could.
        """
        if folder in self._durable and folder.is_dir():
            return
        if folder == self._root:
            for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
                missing.mkdir(exist_ok=True)
                flush_folder(missing.parent)
        else:
            self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            flush_folder(folder.parent)
        self._durable.add(folder)


def _entry(found: os.DirEntry[str]) -> DirEntry | None:
    """None for a name that was removed meanwhile."""
    try:
        is_dir = found.is_dir()
        return DirEntry(name=found.name, is_dir=is_dir, bytes=0 if is_dir else found.stat().st_size)
    except FileNotFoundError:
        return None
