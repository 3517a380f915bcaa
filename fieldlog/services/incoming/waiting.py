"""A file that a browser brings is kept until a person has said what is to come of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO

from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.model.ports import Disk, Source
from fieldlog.model.sentence import sentence
from fieldlog.services.machine.long_work import STOPPED, Asked, never
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import DiskFile
from fieldlog.services.study.erase_promise import ARRIVED

CUT = sentence("Its bytes did not arrive. Choose it again.")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A file in the data root, under the name it had where it came from."""

    name: str
    disk: Disk
    path: str

    async def chunks(self) -> AsyncIterator[bytes]:
        async for piece in self._file.chunks():
            yield piece

    async def opened(self) -> BinaryIO:
        return await self._file.opened()

    @property
    def _file(self) -> DiskFile:
        return DiskFile(disk=self.disk, path=self.path)


async def keep_waiting(machine: Machine, source: Source, cancelled: Asked = never) -> Waiting:
    """Keep a file as it comes in. Raises `NotUnderstood` where it ends early, `Cancelled`, and what the disk
    raises; then nothing of it is left."""
    disk, path = machine.disk_at(""), f"{ARRIVED}/{machine.new_salt()}"
    handle = await disk.open(path, create=True)
    try:
        async for piece in source.chunks():
            if cancelled():
                raise Cancelled(STOPPED)
            handle.append(piece)
    except BaseException as why:
        handle.close()
        await disk.remove(path)
        if isinstance(why, OSError):
            raise NotUnderstood(CUT) from why
        raise
    handle.close()
    return Waiting(name=source.name, disk=disk, path=path)


async def let_go(waiting: Waiting) -> None:
    """It is not kept any longer."""
    await waiting.disk.remove(waiting.path)
