"""Room on this device: a file that is given up first, so that text can always be written.

It lies at the root of the data folder, beside the studies: nothing of it is ever copied or sent. Whatever saves
words asks for it: `Workspace.save`, the open text, the small kept files. What is no text leaves some of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar

from fieldlog.media.vault import Kept, Vault
from fieldlog.model.errors import DiskFull, FieldLogError, NotSaved
from fieldlog.model.ports import Disk, Source
from fieldlog.model.sentence import sentence
from fieldlog.services.machine.long_work import breath

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
        super().__init__(sentence("Almost no space, so sound is off. Text can still be written; free some space."))


class Room:
    """The reserve of a data root, of `reserve` bytes, made where at least `enough` are free.

    `given_up` says that it was needed and is not back yet; then `missed` is called.
    """

    def __init__(self, disk: Disk, *, reserve: int = RESERVE_BYTES, enough: int = ENOUGH_BYTES) -> None:
        self._disk, self.reserve, self.enough = disk, reserve, enough
        self._busy = asyncio.Lock()
        self.given_up = False
        self.missed: Callable[[], None] = lambda: None

    async def keep(self) -> bool:
        """Make the reserve where it is missing and there is enough room; whether it is there now."""
        async with self._busy:
            if await self._disk.size(RESERVE) != self.reserve:
                if await self._disk.free_bytes() < self.enough:
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
        self.missed()
        return True

    async def needed(
        self, verb: Callable[[], Awaitable[T]], *, beside_text: Callable[[], Awaitable[int]] | None = None
    ) -> T:
        """Do what has to find room: where the disk is full the reserve is given up, and it is done again.

        What is no text tells how many bytes it wants `beside_text`: it is refused where text would have no room
        then. Raises `DiskFull` where there is none, and whatever `verb` raises.
        """
        if beside_text and self.given_up:
            await self._leaves_text(await beside_text())
        try:
            return await verb()
        except DiskFull:
            if beside_text:
                await self._leaves_text(await beside_text(), await self._disk.size(RESERVE) or 0)
            if not await self.give_up():
                raise
            return await verb()

    async def _leaves_text(self, count: int, more: int = 0) -> None:
        if await self._disk.free_bytes() + more < count + TEXT_BYTES:
            raise DiskFull

    async def _write(self) -> None:
        """Of bytes that no file system can make smaller, a piece at a time."""
        piece = Random(0).randbytes(min(PIECE_BYTES, self.reserve))
        handle = await self._disk.open(RESERVE, create=True)
        try:
            handle.truncate(0)
            while (left := self.reserve - handle.size()) > 0:
                handle.append(piece[:left])
                handle.flush()
                await breath()
        finally:
            handle.close()


class RoomyVault(Vault):
    """A vault that asks for the room kept for text, and leaves enough of it."""

    def __init__(self, disk: Disk, room: Room) -> None:
        super().__init__(disk)
        self._room = room

    async def keep(self, source: Source, *, expected: str | None = None) -> Kept:
        """As a vault does. On a full disk the source is read again, to see how many bytes it wants."""

        async def wants() -> int:
            return sum([len(piece) async for piece in source.chunks()])

        plainly = super().keep
        return await self._room.needed(lambda: plainly(source, expected=expected), beside_text=wants)

    async def keep_instead(self, source: Source) -> Kept:
        """Keep what takes the place of something larger, or as large, that goes: it may use all the room."""
        plainly = super().keep
        return await self._room.needed(lambda: plainly(source))
