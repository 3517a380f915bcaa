"""A folder's disk that behaves as stores on the internet do: it drops, halves and forgets what it was given, says
so or not, shows listings of yesterday, and lets bits rot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import DirEntry, Handle, Lock

BROKE = "the line broke"
Listing = list[DirEntry]


@dataclass
class FaultyDisk:
    """As an honest disk while `faulty` is False; faults are as often as usual, or so many times. `met` counts them
    by their kind."""

    inner: MemoryDisk
    dice: Random
    times: float = 1
    faulty: bool = True
    met: Counter[str] = field(default_factory=Counter)
    _earlier: dict[str, list[Listing]] = field(default_factory=dict)

    def _now(self, what: str, chance: float) -> bool:
        happens = self.faulty and self.dice.random() < chance * self.times
        self.met[what] += happens
        return happens

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        if self._now("dropped", 0.03):
            raise NotSaved(BROKE)
        if self._now("falsely acknowledged", 0.02):
            return
        half = self._now("halved", 0.03)
        await self.inner.replace(path, data[: len(data) // 2] if half else data)
        if (half and self._now("halved and refused", 0.5)) or self._now("answer lost", 0.03):
            raise NotSaved(BROKE)

    async def read(self, path: str) -> bytes:
        if self._now("not read", 0.03):
            raise NotSaved(BROKE)
        return await self.inner.read(path)

    async def remove(self, path: str) -> None:
        if self._now("not removed", 0.05):
            raise NotSaved(BROKE)
        await self.inner.remove(path)
        if self._now("answer lost", 0.05):
            raise NotSaved(BROKE)

    async def list(self, folder: str) -> Listing:
        found = await self.inner.list(folder)
        before = self._earlier.setdefault(folder, [])
        before.append(found)
        return self.dice.choice(before[-4:]) if self._now("stale", 0.15) else found

    async def size(self, path: str) -> int | None:
        return await self.inner.size(path)

    async def open(self, path: str, *, create: bool = False) -> Handle:
        return await self.inner.open(path, create=create)

    async def open_read(self, path: str) -> Handle:
        return await self.inner.open_read(path)

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        await self.inner.move(source, target, named=named)

    async def flush_names(self, folder: str) -> None:
        await self.inner.flush_names(folder)

    async def free_bytes(self) -> int:
        return await self.inner.free_bytes()

    async def lock(self, path: str) -> Lock:
        return await self.inner.lock(path)

    async def rot(self) -> None:
        """One bit of one file is another. Not of the one that says whose study it is: that a person sees."""
        files = [path for path in self.inner._medium.files if path != "format.json"]
        sound = [path for path in files if self.inner._medium.files[path].present]
        if sound:
            path = self.dice.choice(sorted(sound))
            data = bytearray(await self.inner.read(path))
            data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
            await self.inner.replace(path, bytes(data))
            self.met["rotten"] += 1
