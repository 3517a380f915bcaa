"""The files of a hub: an exchange in a folder of this device, written in pieces as they come.

Nothing has its name before it is whole. What was cut stays below `.parts`, and is gone on with.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from fieldlog.disk.paths import TEMP_SUFFIX
from fieldlog.model.errors import FieldLogError, MissingFile
from fieldlog.model.ports import Disk, Handle, Offload
from fieldlog.model.sentence import sentence
from fieldlog.services.machine.long_work import apart
from fieldlog.services.sync.addresses import DiskApart
from fieldlog.sync.layout import FORMAT, HEAD
from fieldlog.sync.offered import FOLDERS, MOST_BYTES, is_folder, is_name
from fieldlog.sync.target import Item
from fieldlog.sync.targets.folder import FolderTarget

HEADS = HEAD
MOST_FILE_BYTES = MOST_BYTES
PARTS = ".parts"
MOST_PARTS = 64
PIECE_BYTES = 1 << 18
LEAVES_BYTES = 50_000_000
"""What others bring leaves so much of the disk free."""


class InUse(FieldLogError):
    """Another request writes the same part this moment."""

    def __init__(self) -> None:
        super().__init__(sentence("This file is being sent already."))


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A file that a device sends: what it is to be called, how many bytes it has in all, and their sha256, ""
    where nobody said it. What is sent `once`, under an id of its own, can't be gone on with."""

    device: str
    name: str
    length: int
    sha256: str = ""
    once: str = ""

    @property
    def path(self) -> str:
        told = hashlib.sha256(
            f"{self.device} {self.name} {self.length} {self.sha256}{self.once}".encode()
        ).hexdigest()
        return f"{PARTS}/{told[:32]}-{self.length}"


@dataclass
class Shelf:
    """`disk` is that of the hub's folder. What touches it is done off the event loop."""

    disk: Disk
    offload: Offload
    _busy: set[str] = field(default_factory=set)
    _begun: dict[str, Coming] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._apart = DiskApart(self.disk, self.offload)
        self._target = FolderTarget(self._apart)

    @property
    def target(self) -> FolderTarget:
        """The same folder, as this laptop exchanges with it."""
        return self._target

    def keeps(self, name: str) -> bool:
        """Whether a file may be called so here."""
        return is_name(name)

    def lists(self, folder: str) -> bool:
        """Whether this can be listed: a folder, or "" for everything."""
        return is_folder(folder)

    async def list(self, folder: str) -> list[Item]:
        """As `Target.list`; "" is everything. What has no name of ours is passed over."""
        if folder:
            return [item for item in await self._target.list(folder) if is_name(item.name)]
        found = [item for one in FOLDERS for item in await self.list(one)]
        size = await self.size(FORMAT)
        return sorted([*found, *([Item(name=FORMAT, bytes=size)] if size is not None else [])], key=_by_name)

    async def size(self, name: str) -> int | None:
        return await self._apart.size(name)

    async def read(self, name: str, first: int, count: int) -> AsyncIterator[bytes]:
        """So many bytes of a file from a position on, in pieces. Raises `MissingFile`."""
        handle = await self._apart.open_read(name)
        try:
            while count > 0 and (piece := await self.offload(handle.read, first, min(count, PIECE_BYTES))):
                yield piece
                first, count = first + len(piece), count - len(piece)
        finally:
            handle.close()

    async def remove(self, name: str) -> None:
        await self._apart.remove(name)

    # -- what comes

    def begun(self, device: str) -> Sequence[str]:
        """Names of files of which a device has sent a part since this was opened."""
        return sorted({one.name for one in self._begun.values() if one.device == device})

    async def at(self, coming: Coming) -> int:
        """How many bytes of it are here."""
        return await self._apart.size(coming.path) or 0

    @asynccontextmanager
    async def taking(self, coming: Coming) -> AsyncIterator[Part]:
        """The part of a file, to write to. Raises `InUse`."""
        if coming.path in self._busy:
            raise InUse
        self._busy.add(coming.path)
        try:
            await self._tidy()
            part = Part(coming, await self._apart.open(coming.path, create=True), self.offload)
            if not coming.once:
                self._begun[coming.path] = coming
            try:
                yield part
            finally:
                part.close()
        finally:
            self._busy.discard(coming.path)

    async def named(self, coming: Coming) -> bool:
        """Give a part that is all there its name, where it is what it is to be; else it goes. Whether it was. Of
        one that an erasing took meanwhile nothing is left."""
        right = False
        try:
            with suppress(MissingFile):
                right = await apart(self.offload, partial(self._is_right, coming))
                if right:
                    await self._apart.move(coming.path, coming.name)
        finally:
            self._begun.pop(coming.path, None)
        if not right:
            await self._apart.remove(coming.path)
        return right

    async def dropped(self, coming: Coming) -> None:
        """It will not be gone on with."""
        self._begun.pop(coming.path, None)
        await self._apart.remove(coming.path)

    async def has_room(self, count: int) -> bool:
        return await self._apart.free_bytes() - count >= LEAVES_BYTES

    async def _is_right(self, coming: Coming) -> bool:
        handle, found = await self.disk.open(coming.path), hashlib.sha256()
        try:
            for at in range(0, handle.size(), PIECE_BYTES):
                found.update(handle.read(at, PIECE_BYTES))
            size = handle.size()
            handle.flush()
        finally:
            handle.close()
        return size == coming.length and coming.sha256 in ("", found.hexdigest())

    async def _tidy(self) -> None:
        """Parts that nobody writes go where there are many: whoever sent them begins anew."""
        found = [one.name for one in await self._apart.list(PARTS)]
        idle = [name for name in found if f"{PARTS}/{name}" not in self._busy]
        if len(found) > MOST_PARTS:
            await self._remove(idle)

    async def sweep(self) -> None:
        """What kills left half written goes."""
        folders = ["", PARTS]
        while folders:
            folder = folders.pop()
            for one in await self._apart.list(folder):
                path = f"{folder}/{one.name}" if folder else one.name
                if one.is_dir and folder != PARTS:
                    folders.append(path)
                elif one.name.endswith(TEMP_SUFFIX):
                    await self._apart.remove(path)

    async def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            self._begun.pop(f"{PARTS}/{name}", None)
            await self._apart.remove(f"{PARTS}/{name}")


@dataclass
class Part:
    """A file that is being written. `at` is how many bytes of it are here."""

    coming: Coming
    handle: Handle
    offload: Offload

    @property
    def at(self) -> int:
        return self.handle.size()

    async def write(self, data: bytes) -> None:
        """Raises as the disk does; then nothing of it is here."""
        for first in range(0, len(data), PIECE_BYTES):
            await self.offload(self.handle.append, data[first : first + PIECE_BYTES])

    def close(self) -> None:
        self.handle.close()


def _by_name(item: Item) -> str:
    return item.name
