"""Room on this device: a file that is given up first, so that text can always be written.

It lies at the root of the data folder, beside the studies: nothing of it is ever copied or sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar

from fieldlog.model.errors import DiskFull, FieldLogError, NotSaved
from fieldlog.model.ports import Disk
from fieldlog.services.beside import breath

T = TypeVar("T")
RESERVE = "reserve.bin"
RESERVE_BYTES = 20_000_000
ENOUGH_BYTES = 500_000_000
"""With less than that free, no room is taken for the reserve."""

TEXT_BYTES = 4_000_000
"""What everything else leaves of the room kept for text."""

PIECE_BYTES = 500_000
"""Written and flushed at once: a screen waits for it."""


class NoRoomForSound(FieldLogError):
    """A memo would not end well here."""

    def __init__(self) -> None:
        super().__init__("Almost no space, so sound is off. Text can still be written; free some space.")


class Room:
    """The reserve of a data root. `given_up` says that it was needed and is not back yet."""

    def __init__(self, disk: Disk, *, reserve: int = RESERVE_BYTES, enough: int = ENOUGH_BYTES) -> None:
        self._disk, self._reserve, self._enough = disk, reserve, enough
        self._busy = asyncio.Lock()
        self.given_up = False

    async def keep(self) -> bool:
        """Make the reserve where it is missing and there is enough room; whether it is there now."""
        async with self._busy:
            if await self._disk.size(RESERVE) != self._reserve:
                if await self._disk.free_bytes() < self._enough:
                    return False
                try:
                    await self._write()
                except NotSaved:
                    await self._disk.remove(RESERVE)
                    return False
            self.given_up = False
            return True

    async def give_up(self) -> bool:
        """Free the room of the reserve; whether there was any."""
        async with self._busy:
            if await self._disk.size(RESERVE) is None:
                return False
            await self._disk.remove(RESERVE)
            self.given_up = True
            return True

    async def needed(self, verb: Callable[[], Awaitable[T]], *, beside_text: int = 0) -> T:
        """Do what has to find room: where the disk is full the reserve is given up, and it is done again.

        What is no text says how many bytes it wants beside it: it is refused where text would have no room then.
        """
        if beside_text and self.given_up:
            await self._leaves_text(beside_text)
        try:
            return await verb()
        except DiskFull:
            if beside_text:
                await self._leaves_text(beside_text, await self._disk.size(RESERVE) or 0)
            if not await self.give_up():
                raise
            return await verb()

    async def _leaves_text(self, count: int, more: int = 0) -> None:
        if await self._disk.free_bytes() + more < count + TEXT_BYTES:
            raise DiskFull

    async def _write(self) -> None:
        """Of bytes that no file system can make smaller, a piece at a time."""
        piece = Random(0).randbytes(min(PIECE_BYTES, self._reserve))
        handle = await self._disk.open(RESERVE, create=True)
        try:
            handle.truncate(0)
            while (left := self._reserve - handle.size()) > 0:
                handle.append(piece[:left])
                handle.flush()
                await breath()
        finally:
            handle.close()
