"""Devices of one study, each with its own clock and ids, and a folder that all of them reach."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.entry import Entry
from fieldlog.model.ids import Ids
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.exchange import exchange, join
from fieldlog.services.sync.readback import read_back
from fieldlog.services.sync.run import Exchanged
from fieldlog.store import journal as journals
from fieldlog.sync.target import Item, Target
from fieldlog.sync.targets.folder import FolderTarget
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.erased import everything

STUDY = "01950000-0000-7000-8000-000000000001"
PLACE = "/media/stick"
PLACES = "", f"studies/{STUDY}"
Data = Mapping[str, Mapping[str, bytes]]
"""The files of a data root, by the folder they are in."""


def machine_number(n: int, clock: FakeClock) -> Machine:
    """A machine whose ids no other has."""
    tick = iter(range(n * 10**7 + 1, (n + 1) * 10**7))
    return replace(
        machine_of(clock), new_salt=lambda: f"{next(tick):016x}" * 2,
        new_id=Ids(lambda: 1_742_000_000_000, lambda count: next(tick).to_bytes(count, "big")),
    )  # fmt: skip


async def fill(machine: Machine, data: Data) -> None:
    for place, files in data.items():
        disk = machine.disk_at(place)
        assert isinstance(disk, MemoryDisk)
        for path, held in files.items():
            await disk.replace(path, held)


@dataclass
class Device:
    """A device of the study; `clock` goes on a minute with every deed."""

    n: int
    work: Workspace
    clock: FakeClock

    @classmethod
    async def new(
        cls, n: int, ahead: timedelta = timedelta(), *, marks: bool = False, keeps: bool = True
    ) -> Device:
        """With `marks` its machine keeps, outside of its data, how far it came; a phone `keeps` not everything."""
        clock = FakeClock(boot=f"boot {n}")
        clock.wall += ahead
        machine = replace(machine_number(n, clock), marks=MemoryDisk() if marks else None, keeps=keeps)
        work = await open_study(machine, STUDY, write=True)
        if n == 1:
            await Capture(work).begin(title="The Long Take")
        return cls(n, work, clock)

    @classmethod
    async def joined(cls, n: int, target: Target, ahead: timedelta = timedelta()) -> Device:
        """One that has nothing but what it finds there."""
        clock = FakeClock(boot=f"boot {n}")
        clock.wall += ahead
        machine = machine_number(n, clock)
        await join(machine, target, PLACE)
        return cls(n, await open_study(machine, STUDY, write=True), clock)

    async def cloned(self, n: int, *, marks: bool = False) -> Device:
        """A device whose data are a copy of this one's, and that knows nothing of it."""
        clock = replace(self.clock, boot=f"boot {n}")
        machine = replace(machine_number(n, clock), marks=MemoryDisk() if marks else None)
        await fill(machine, await self.data())
        return Device(n, await open_study(machine, STUDY, write=True), clock)

    async def data(self) -> Data:
        """All that lies in its data root."""
        return {place: await everything(self.work.machine.disk_at(place)) for place in PLACES}

    async def put_back(self, data: Data) -> None:
        """The app is closed, its data root is what it was once, and the app is opened."""
        await self.work.close()
        for place in PLACES:
            disk = self.work.machine.disk_at(place)
            for path in await everything(disk):
                await disk.remove(path)
        await fill(self.work.machine, data)
        self.work = await open_study(self.work.machine, STUDY, write=True)

    @property
    def disk(self) -> MemoryDisk:
        disk = self.work.store.disk
        assert isinstance(disk, MemoryDisk)
        return disk

    async def note(self, text: str, *, private: bool = False) -> str:
        self.clock.advance(minutes=1)
        chips = Chips(note_type="PN") if private else Chips()
        return (await Capture(self.work).note(text, chips)).id

    async def photo(self, data: bytes, text: str = "") -> Entry:
        self.clock.advance(minutes=1)
        entry, _ = await Capture(self.work).file(Bytes(name="a.bin", data=data), text=text, derive=False)
        assert entry is not None
        return entry

    async def erase(self, entry: str) -> None:
        self.clock.advance(minutes=1)
        await Erasing(self.work).erase([entry], reason="asked-to")

    async def reword(self, entry: str, text: str) -> None:
        self.clock.advance(minutes=1)
        await Editing(self.work).reword(entry, text)

    async def sync(
        self, target: Target, *, whole: bool = False, refill: bool = False, place: str = PLACE
    ) -> Exchanged:
        self.clock.advance(minutes=1)
        return await exchange(self.work, target, place, whole=whole, refill=refill)

    async def faults_of(self, target: Target) -> list[str]:
        return await read_back(self.work, target, PLACE)

    async def again(self) -> None:
        """The app is closed and opened."""
        await self.work.close()
        self.work = await open_study(self.work.machine, STUDY, write=True)

    @property
    def texts(self) -> list[str]:
        return sorted(str(doc.get("text", "")) for doc in self.work.store.state.entries())

    async def journals(self) -> dict[str, bytes]:
        """What each journal holds, by writer; files are cut elsewhere on each device."""
        found = {}
        for writer in await journals.writers(self.work.store.disk):
            data = b"".join([data async for data in journals.chunks(self.work.store.disk, writer)])
            if data:
                found[writer] = data
        return found

    async def originals(self) -> dict[str, bool]:
        """Each original in the vault, and whether it is what its name says."""
        there = [(one.sha256, await self.work.store.disk.read(one.path)) for one in await self.work.vault.all()]
        return {sha256: hashlib.sha256(data).hexdigest() == sha256 for sha256, data in there}


async def are_equal(*devices: Device) -> bool:
    """Whether all show the same, hold the same lines and the same originals."""
    first, *others = devices
    return all([
        one.work.store.state.tables == first.work.store.state.tables
        and await one.journals() == await first.journals()
        and await one.originals() == await first.originals()
        for one in others
    ])  # fmt: skip


@dataclass
class Stick:
    """A folder in memory and the target on it. `asked` are the requests."""

    disk: MemoryDisk = field(default_factory=MemoryDisk)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def target(self) -> Target:
        return Asked(self.disk, self.asked)

    async def files(self) -> dict[str, bytes]:
        return await everything(self.disk)


class Asked(FolderTarget):
    """Writes down what it is asked for."""

    def __init__(self, disk: MemoryDisk, asked: list[tuple[str, str]]) -> None:
        super().__init__(disk)
        self._asked = asked

    async def size(self, name: str) -> int | None:
        self._asked.append(("size", name))
        return await super().size(name)

    async def put(self, name: str, data: bytes) -> None:
        self._asked.append(("put", name))
        await super().put(name, data)

    async def remove(self, name: str) -> None:
        self._asked.append(("remove", name))
        await super().remove(name)

    def read(self, name: str, start: int = 0) -> AsyncIterator[bytes]:
        self._asked.append(("read", name))
        return super().read(name, start)

    async def list(self, folder: str) -> list[Item]:
        self._asked.append(("list", folder))
        return await super().list(folder)
