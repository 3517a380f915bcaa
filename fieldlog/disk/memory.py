"""The `Disk` port in memory: for tests, and for what need not stay.

As strict as a browser, so that what works here works on the phone: an open file, even one open for
reading, can't be opened again, replaced, moved or removed. It knows which bytes were flushed, so
the power can be cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from fieldlog.disk.paths import folder_parts, parts_of
from fieldlog.model.errors import DiskFull, MissingFile, NotSaved, StoreBusy, WrongPlace
from fieldlog.model.ports import DirEntry
from fieldlog.model.sentence import Sentence

PLENTY = 1 << 40


@dataclass
class _File:
    """`changes` are what was done since the last flush, in order: bytes at a position, or None for a cut."""

    present: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    changes: list[tuple[int, bytes | None]] = field(default_factory=list)


@dataclass
class _Medium:
    capacity: int | None
    files: dict[str, _File] = field(default_factory=dict)
    unnamed: dict[str, _File | None] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    locks: set[str] = field(default_factory=set)

    def free(self) -> int:
        if self.capacity is None:
            return PLENTY
        return max(0, self.capacity - sum(len(file.present) for file in self.files.values()))


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del content[at:]
    else:
        content[at : at + len(data)] = data


class MemoryHandle:
    def __init__(self, medium: _Medium, path: str, *, writable: bool) -> None:
        self._medium = medium
        self._file = medium.files[path]
        self._path = path
        self._refuses = None if writable else Sentence("{path} is open for reading only.", path=path)
        self._closed = False
        medium.open.add(path)

    def size(self) -> int:
        return len(self._file.present)

    def read(self, at: int, count: int) -> bytes:
        return bytes(self._file.present[at : at + count])

    def append(self, data: bytes) -> None:
        self._change(len(self._file.present), data)

    def write(self, data: bytes, at: int) -> None:
        if not 0 <= at <= self.size():
            raise ValueError(f"{self._path} has {self.size()} bytes; a write at {at} would leave a hole.")
        self._change(at, data)

    def truncate(self, size: int) -> None:
        if not 0 <= size <= self.size():
            raise ValueError(f"{self._path} has {self.size()} bytes; it can't be cut to {size}.")
        self._change(size, None)

    def flush(self) -> None:
        if self._refuses:
            raise NotSaved(self._refuses)
        for at, data in self._file.changes:
            _apply(self._file.durable, at, data)
        self._file.changes.clear()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._medium.open.discard(self._path)
        self._refuses = Sentence("{path} was already closed.", path=self._path)

    def _change(self, at: int, data: bytes | None) -> None:
        if self._refuses:
            raise NotSaved(self._refuses)
        if data is not None and at + len(data) - self.size() > self._medium.free():
            raise DiskFull
        data = None if data is None else bytes(data)
        _apply(self._file.present, at, data)
        self._file.changes.append((at, data))


class MemoryLock:
    def __init__(self, medium: _Medium, path: str) -> None:
        self._medium = medium
        self._path = path
        self._held = True

    def release(self) -> None:
        if self._held:
            self._medium.locks.discard(self._path)
            self._held = False


class MemoryDisk:
    """Files in a dict. With `capacity`, no more than that many bytes fit, all files together."""

    def __init__(self, capacity: int | None = None) -> None:
        self._medium = _Medium(capacity)

    @property
    def capacity(self) -> int | None:
        return self._medium.capacity

    @capacity.setter
    def capacity(self, bytes_in_all: int | None) -> None:
        self._medium.capacity = bytes_in_all

    def beside(self) -> MemoryDisk:
        """The same files as another tab sees them: what one has open or locked, the other can't take."""
        other = MemoryDisk()
        other._medium = self._medium
        return other

    def crash(self, keep: Random | None = None) -> MemoryDisk:
        """What is found after the power was cut: what was flushed, and nothing is open or locked.

        With `keep`, each file may also hold some of what was not flushed: the first few changes, the
        last of them perhaps cut short. A name is durable at once, unless it was put
        off and not flushed: then the old one is found, with `keep` perhaps the new.
        """
        found = MemoryDisk(self.capacity)
        found._medium.folders = set(self._medium.folders)
        lost = {path: file for path, file in self._medium.unnamed.items() if not (keep and keep.random() < 0.5)}
        named = self._medium.files | lost
        for path, file in [(path, file) for path, file in named.items() if file is not None]:
            content = bytearray(file.durable)
            kept = keep.randint(0, len(file.changes)) if keep else 0
            for at, data in file.changes[:kept]:
                _apply(content, at, data)
            if keep and kept < len(file.changes):
                at, data = file.changes[kept]
                if data is not None:
                    _apply(content, at, data[: keep.randint(0, len(data))])
            found._medium.files[path] = _File(content, bytearray(content))
        return found

    async def open(self, path: str, *, create: bool = False) -> MemoryHandle:
        self._check_free(path)
        if create and path not in self._medium.files:
            self._make_folders(path)
            self._medium.files[path] = _File()
        return self._handle(path, writable=True)

    async def open_read(self, path: str) -> MemoryHandle:
        self._check_free(path)
        return self._handle(path, writable=False)

    async def read(self, path: str) -> bytes:
        parts_of(path)
        if path not in self._medium.files:
            raise MissingFile(path)
        return bytes(self._medium.files[path].present)

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        self._check_free(path)
        self._make_folders(path)
        if len(data) > self._medium.free():
            raise DiskFull
        self._put_name(path, named=named)
        self._medium.files[path] = _File(bytearray(data), bytearray(data))

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        self._check_free(source)
        self._check_free(target)
        if source not in self._medium.files:
            raise MissingFile(source)
        self._make_folders(target)
        self._put_name(target, named=named)
        self._put_name(source, named=named)
        self._medium.files[target] = self._medium.files.pop(source)

    async def flush_names(self, folder: str) -> None:
        self._put_name("/".join([*folder_parts(folder), "any"]), named=True)

    async def remove(self, path: str) -> None:
        self._check_free(path)
        self._put_name(path, named=True)
        self._medium.files.pop(path, None)
        if path in self._medium.folders:
            if await self.list(path):
                raise WrongPlace(Sentence("The folder {path} is not empty; nothing was removed.", path=path))
            self._medium.folders.remove(path)

    async def list(self, folder: str) -> list[DirEntry]:
        inside = "".join(f"{part}/" for part in folder_parts(folder))
        sizes = {path: len(file.present) for path, file in self._medium.files.items()}
        names = sizes | dict.fromkeys(self._medium.folders, 0)
        return [
            DirEntry(name=path[len(inside) :], is_dir=path in self._medium.folders, bytes=size)
            for path, size in sorted(names.items())
            if path.startswith(inside) and "/" not in path[len(inside) :]
        ]

    async def size(self, path: str) -> int | None:
        parts_of(path)
        file = self._medium.files.get(path)
        return None if file is None else len(file.present)

    async def free_bytes(self) -> int:
        return self._medium.free()

    async def lock(self, path: str) -> MemoryLock:
        parts_of(path)
        if path in self._medium.locks:
            raise StoreBusy("memory")
        self._make_folders(path)
        self._medium.files.setdefault(path, _File())
        self._medium.locks.add(path)
        return MemoryLock(self._medium, path)

    def _put_name(self, path: str, *, named: bool) -> None:
        """A change of names flushes its folder with all that was put off there, or is put off itself."""
        if not named:
            self._medium.unnamed.setdefault(path, self._medium.files.get(path))
            return
        folder = path.rpartition("/")[0]
        for other in [other for other in self._medium.unnamed if other.rpartition("/")[0] == folder]:
            del self._medium.unnamed[other]

    def _check_free(self, path: str) -> None:
        parts_of(path)
        if path in self._medium.open:
            raise StoreBusy(path)

    def _handle(self, path: str, *, writable: bool) -> MemoryHandle:
        if path not in self._medium.files:
            raise MissingFile(path)
        return MemoryHandle(self._medium, path, writable=writable)

    def _make_folders(self, path: str) -> None:
        """Make the folders on the way to a file. Raises `WrongPlace` where a file or folder is in the way."""
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        if path in self._medium.folders or any(folder in self._medium.files for folder in above):
            raise WrongPlace(
                Sentence("Where {path} should lie, something else of that name is in the way.", path=path)
            )
        self._medium.folders.update(above)
