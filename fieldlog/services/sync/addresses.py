"""Where a target lies, as a person types it, and the target opened: a folder, or what `over_network` has."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from fieldlog.model.errors import NotUnderstood, WrongPlace
from fieldlog.model.ports import DirEntry, Disk, Handle, Lock, Offload
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.restore import is_archive
from fieldlog.services.machine.long_work import apart
from fieldlog.services.machine.machine import Machine, folder_disk
from fieldlog.services.sync.over_network import is_hub, is_over_network, open_over_network, without_secret
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.target import Target
from fieldlog.sync.targets.asking import LoginRefused
from fieldlog.sync.targets.folder import FolderTarget

NO_ADDRESS = sentence(
    "{address} is no place that FieldLog can exchange with. Give a folder, webdavs://… or s3://…; nothing was "
    "changed."
)
AN_ARCHIVE = sentence("{address} is an archive. Choose another folder beside it; nothing was changed.")
OUR_OWN = sentence("{address} is where FieldLog keeps its own data. Choose another folder; nothing was changed.")
OUR_NAME = "fieldlog"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


async def open_target(machine: Machine, address: str, secrets: Secrets) -> Target:
    """The target that an address names: a server's, or the path of a folder, which need not be there yet.

    Raises `NotUnderstood` for what is no address or has no password, `WrongPlace` for a folder that is something
    else, and as a server does that is tried with a new password.
    """
    if is_over_network(address):
        return await open_over_network(machine, address, secrets)
    if _SCHEME.match(address):
        raise NotUnderstood(Sentence(NO_ADDRESS, address=address))
    return await _folder(machine, address)


@asynccontextmanager
async def reached(machine: Machine, address: str, secrets: Secrets) -> AsyncIterator[Target]:
    """A target for as long as it is needed; a password that it refuses is forgotten. Raises as `open_target`
    does."""
    try:
        target = await open_target(machine, address, secrets)
        try:
            yield target
        finally:
            await target.close()
    except LoginRefused:
        await secrets.forget(known_by(address))
        raise


def known_by(address: str) -> str:
    """How an address is told and remembered: of a folder its whole path, of a server's all but the password."""
    if is_over_network(address):
        return without_secret(address)[0]
    return address if _SCHEME.match(address) else str(Path(address).absolute())


async def stands_alone(machine: Machine, address: str) -> bool:
    """Whether what lies at an address is on another disk than the data here, so that it is a copy of its own. A
    hub's is another device's."""
    if is_over_network(address):
        return not is_hub(address)
    return not _SCHEME.match(address) and bool(await machine.offload(_on_another_disk, address, machine.place))


def _on_another_disk(folder: str, data: str) -> bool:
    try:
        return Path(folder).stat().st_dev != Path(data).stat().st_dev
    except OSError:
        return False


def name_of_place(address: str) -> str:
    """What a place is called for short: of a server its host, of a store its bucket, of a folder its name; one
    that is called after FieldLog goes with the one above it."""
    if is_over_network(address):
        return urlsplit(address).hostname or address
    name, above = Path(address).name, Path(address).parent.name
    return f"{above}/{name}" if name.lower() == OUR_NAME and above else name or address


async def _folder(machine: Machine, address: str) -> Target:
    folder = Path(address).absolute()
    if machine.place and folder.is_relative_to(Path(machine.place).absolute()):
        raise WrongPlace(Sentence(OUR_OWN, address=address))
    if await is_archive(folder):
        raise WrongPlace(Sentence(AN_ARCHIVE, address=address))
    return FolderApart(folder_disk(folder), machine.offload)


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


class FolderApart(FolderTarget):
    """A folder on such a disk. A file is put in one go, over to another thread and back once."""

    def __init__(self, disk: Disk, offload: Offload) -> None:
        super().__init__(DiskApart(disk, offload))
        self._there, self._offload = FolderTarget(disk), offload

    async def put(self, name: str, data: bytes) -> None:
        """See `Target.put`."""
        await apart(self._offload, partial(self._there.put, name, data))
