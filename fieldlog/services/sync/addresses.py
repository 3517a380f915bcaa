"""Where a target lies, as a person types it, and the target opened."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fieldlog.model.errors import NotUnderstood, WrongPlace
from fieldlog.model.ports import DirEntry, Disk, Handle, Lock, Offload
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.restore import is_archive
from fieldlog.services.machine.long_work import apart
from fieldlog.services.machine.machine import Machine, folder_disk
from fieldlog.sync.target import Target
from fieldlog.sync.targets.folder import FolderTarget

NO_ADDRESS = sentence("{address} is no place that FieldLog can exchange with. Give a folder; nothing was changed.")
AN_ARCHIVE = sentence("{address} is an archive. Choose another folder beside it; nothing was changed.")
OUR_OWN = sentence("{address} is where FieldLog keeps its own data. Choose another folder; nothing was changed.")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


async def open_target(machine: Machine, address: str) -> Target:
    """The target that an address names: the path of a folder, which need not be there yet.

    Raises `NotUnderstood` for what is no address, `WrongPlace` for a folder that is something else.
    """
    if _SCHEME.match(address):
        raise NotUnderstood(Sentence(NO_ADDRESS, address=address))
    return await _folder(machine, address)


@asynccontextmanager
async def reached(machine: Machine, address: str) -> AsyncIterator[Target]:
    """A target for as long as it is needed. Raises as `open_target` does."""
    target = await open_target(machine, address)
    try:
        yield target
    finally:
        await target.close()


def known_by(address: str) -> str:
    """How an address is told and remembered: of a folder its whole path."""
    return address if _SCHEME.match(address) else str(Path(address).absolute())


async def _folder(machine: Machine, address: str) -> Target:
    folder = Path(address).absolute()
    if machine.place and folder.is_relative_to(Path(machine.place).absolute()):
        raise WrongPlace(Sentence(OUR_OWN, address=address))
    if await is_archive(folder):
        raise WrongPlace(Sentence(AN_ARCHIVE, address=address))
    return FolderTarget(DiskApart(folder_disk(folder), machine.offload))


@dataclass(frozen=True)
class DiskApart:
    """A disk whose verbs are done off the event loop: a stick or a share may take its time."""

    disk: Disk
    offload: Offload

    async def open(self, path: str, *, create: bool = False) -> Handle:
        return await apart(self.offload, partial(self.disk.open, path, create=create))

    async def open_read(self, path: str) -> Handle:
        return await apart(self.offload, partial(self.disk.open_read, path))

    async def read(self, path: str) -> bytes:
        return await apart(self.offload, partial(self.disk.read, path))

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        await apart(self.offload, partial(self.disk.replace, path, data, named=named))

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        await apart(self.offload, partial(self.disk.move, source, target, named=named))

    async def flush_names(self, folder: str) -> None:
        await apart(self.offload, partial(self.disk.flush_names, folder))

    async def remove(self, path: str) -> None:
        await apart(self.offload, partial(self.disk.remove, path))

    async def list(self, folder: str) -> list[DirEntry]:
        return await apart(self.offload, partial(self.disk.list, folder))

    async def size(self, path: str) -> int | None:
        return await apart(self.offload, partial(self.disk.size, path))

    async def free_bytes(self) -> int:
        return await apart(self.offload, self.disk.free_bytes)

    async def lock(self, path: str) -> Lock:
        return await apart(self.offload, partial(self.disk.lock, path))
