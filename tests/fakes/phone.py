"""A phone whose app can be killed, and its microphone: small real things for tests of the desk and the screens."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.ids import Ids
from fieldlog.model.ports import Clock, DirEntry, Disk, Handle, Lock
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import Machine
from fieldlog.services.memo.listening import CHUNK_FRAMES
from tests.fakes.clock import FakeClock, machine_of


@dataclass(frozen=True)
class Below:
    """A folder of a disk, as a disk."""

    disk: Disk
    folder: str

    def _at(self, path: str) -> str:
        return "/".join(part for part in (self.folder, path) if part)

    async def open(self, path: str, *, create: bool = False) -> Handle:
        return await self.disk.open(self._at(path), create=create)

    async def open_read(self, path: str) -> Handle:
        return await self.disk.open_read(self._at(path))

    async def read(self, path: str) -> bytes:
        return await self.disk.read(self._at(path))

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        await self.disk.replace(self._at(path), data, named=named)

    async def move(self, source: str, target: str, *, named: bool = True) -> None:
        await self.disk.move(self._at(source), self._at(target), named=named)

    async def flush_names(self, folder: str) -> None:
        await self.disk.flush_names(self._at(folder))

    async def remove(self, path: str) -> None:
        await self.disk.remove(self._at(path))

    async def list(self, folder: str) -> list[DirEntry]:
        return await self.disk.list(self._at(folder))

    async def size(self, path: str) -> int | None:
        return await self.disk.size(self._at(path))

    async def free_bytes(self) -> int:
        return await self.disk.free_bytes()

    async def lock(self, path: str) -> Lock:
        return await self.disk.lock(self._at(path))


@dataclass
class Phone:
    """One data root on a memory disk. Phones of different `number` are different devices."""

    clock: Clock = field(default_factory=FakeClock)
    disk: MemoryDisk = field(default_factory=MemoryDisk)
    number: int = 0
    machine: Machine = field(init=False)

    def __post_init__(self) -> None:
        tick = count(self.number * 1_000_000 + 1)
        self.machine = replace(
            machine_of(FakeClock()),
            clock=self.clock,
            new_id=Ids(lambda: self.clock().ms, lambda n: next(tick).to_bytes(n, "big")),
            new_salt=lambda: f"{next(tick):016x}" * 2,
            disk_at=lambda folder: Below(self.disk, folder),
        )

    async def begun(self, title: str = "Vertical days", *, days: int = 3) -> Desk:
        """The app on this phone with a new study, whose first day is the clock's."""
        desk = await Desk.open(self.machine)
        first = self.clock().at.date().isoformat()
        await desk.begin_study(title=title, researcher="R1", zone="UTC", first_day=first, days=days)
        return desk

    async def killed(self, desk: Desk) -> Desk:
        """The app is killed as it stands, and opened again on what reached the disk."""
        self.cut()
        desk.tape.memo = desk.writing = None
        return await Desk.open(self.machine)

    def cut(self) -> None:
        """What did not reach the disk is gone, and all that the app knew."""
        self.disk, self.machine = self.disk.crash(), replace(self.machine)

    async def room_for(self, count: int) -> None:
        """Leave only so many bytes on the disk."""
        used = sum([await self.disk.size(path) or 0 for path in self.disk._medium.files])
        self.disk.capacity = used + count


class Microphone:
    """Delivers what its device has, and does not say what that is. Time goes on while it listens."""

    def __init__(self, clock: FakeClock, *, rate: int, channels: int = 1) -> None:
        self.clock, self.rate, self.channels = clock, rate, channels
        self.sound = bytearray()
        self._noise, self._sequence = Random(rate), 0

    def chunk(self) -> tuple[bytes, int]:
        """The next chunk and its number, after the time it takes to hear it."""
        self.clock.advance(seconds=CHUNK_FRAMES / self.rate)
        heard = self._noise.randbytes(2 * self.channels * CHUNK_FRAMES)
        self.sound += heard
        self._sequence += 1
        return heard, self._sequence

    @property
    def first_channel(self) -> bytes:
        return array("h", bytes(self.sound))[:: self.channels].tobytes()

    @property
    def seconds(self) -> float:
        return len(self.sound) / (2 * self.channels * self.rate)


PLAIN = Chips()
STEP_SECONDS = 0.005
"""How often a memo is looked after, where a test waits for it."""


def texts(desk: Desk) -> list[str]:
    """What the entries of the open study say, by when they occurred."""
    assert desk.work
    docs = sorted(desk.work.store.state.entries(), key=lambda doc: (doc["occurred_at"], doc["id"]))
    return [doc["text"] for doc in docs]
