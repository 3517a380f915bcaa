"""Killed, or with something erased in between, at any call of any disk, here or on the target: the next runs come
to what undisturbed ones come to, and what was erased is nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.services.study.studies import open_study
from fieldlog.services.sync.exchange import exchange
from fieldlog.sync import layout
from fieldlog.sync.target import Target
from fieldlog.sync.targets.folder import FolderTarget
from tests.fakes.clock import FakeClock
from tests.fakes.erased import everything, hits
from tests.fakes.exchange import PLACE, STUDY, Asked, Device, Stick, are_equal, machine_number
from tests.fakes.failing import Killed
from tests.fakes.stopping import Calls, StoppingDisk

SAID, WAS_SEEN = "she said it in the van", b"her face in the mirror, many bytes"
FOLDERS = ("", f"studies/{STUDY}")
Disks = dict[str, MemoryDisk]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "PART_BYTES", 1000)


@dataclass
class Before:
    """A phone and a laptop with something to give each other, and a stick on which both were once. `note` and
    `photo` are to be erased."""

    phone: Disks
    laptop: Disks
    stick: MemoryDisk
    note: str
    photo: str


copied = pytest.mark.parametrize("copied", [False, True], ids=["two devices", "a device and its copy"])


async def made(*, copied: bool) -> Before:
    """Where it is `copied`, the laptop's data are a copy of the phone's, and both wrote on."""
    stick, phone, laptop = Stick(), await Device.new(1), await Device.new(2)
    note = await phone.note(SAID)
    await phone.photo(b"an old photo")
    for device in (phone, laptop):
        await device.sync(stick.target)
    if copied:
        await laptop.work.close()
        laptop = await phone.cloned(9)
    photo = await phone.photo(WAS_SEEN + Random(1).randbytes(2500), SAID)
    for n in range(3):
        await phone.photo(b"a new photo, a small one: %d" % n)
    await phone.note("the rain has stopped", private=True)
    await laptop.photo(b"a photo of the laptop")
    await laptop.photo(Random(2).randbytes(2500))
    await laptop.note("they wait for the wind")
    await laptop.sync(stick.target)
    for device in (phone, laptop):
        await device.work.close()
    return Before(disks_of(phone), disks_of(laptop), stick.disk.crash(), note, photo.id)


def disks_of(device: Device) -> Disks:
    found = {folder: device.work.machine.disk_at(folder) for folder in FOLDERS}
    return {folder: disk.crash() for folder, disk in found.items() if isinstance(disk, MemoryDisk)}


@dataclass
class Play:
    """A run of the phone on disks that are counted; afterwards on what a crash leaves of them."""

    before: Before
    calls: Calls = field(default_factory=Calls)
    opened: int = 10

    def __post_init__(self) -> None:
        self.disks = {folder: disk.crash() for folder, disk in self.before.phone.items()}
        self.stick = self.before.stick.crash()
        self.clock = FakeClock(boot="phone")
        self.clock.advance(hours=1)

    @property
    def target(self) -> Target:
        return FolderTarget(StoppingDisk(self.stick, self.calls))

    async def open(self) -> Device:
        self.opened += 1
        disks, calls = self.disks, self.calls
        machine = replace(
            machine_number(self.opened, self.clock), disk_at=lambda folder: StoppingDisk(disks[folder], calls)
        )
        self.device = Device(self.opened, await open_study(machine, STUDY, write=True), self.clock)
        return self.device

    async def go(self) -> None:
        self.clock.advance(minutes=1)
        await exchange(self.device.work, self.target, PLACE)

    async def go_on_after_the_crash(self) -> None:
        self.calls.dead, self.calls.at = False, None
        self.disks = {folder: disk.crash() for folder, disk in self.disks.items()}
        self.stick = self.stick.crash()
        await self.open()

    async def end(self) -> tuple[Device, Device]:
        """Both meet twice, undisturbed; the two of them."""
        self.calls.at = None
        clock = FakeClock(boot="laptop")
        clock.advance(hours=3)
        machine = replace(
            machine_number(90, clock),
            disk_at={f: disk.crash() for f, disk in self.before.laptop.items()}.__getitem__,
        )
        laptop = Device(90, await open_study(machine, STUDY, write=True), clock)
        for _ in range(2):
            self.clock.advance(hours=2)
            await self.go()
            clock.advance(hours=2)
            await exchange(laptop.work, self.target, PLACE)
        return self.device, laptop


async def calls_of_a_run(before: Before) -> int:
    play = Play(before)
    await play.open()
    play.calls.count = 0
    await play.go()
    count = play.calls.count
    phone, laptop = await play.end()
    assert await are_equal(phone, laptop)
    for device in (phone, laptop):
        await device.work.close()
    return count


@copied
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_killed_at_any_call_the_next_run_goes_on(
    seed: int, count: Callable[[int, int], int], after: bool, copied: bool
) -> None:
    before = await made(copied=copied)
    calls = await calls_of_a_run(before)
    assert calls > 100
    for at in sorted(Random(seed).sample(range(calls), min(calls, count(25, 10_000)))):
        play = Play(before)
        await play.open()
        play.calls.at, play.calls.after, play.calls.count = at, after, 0
        play.calls.happens = play.calls.kill
        try:
            await play.go()
            # A call that is refused has no end.
            assert after
        except Killed:
            await play.go_on_after_the_crash()
        phone, laptop = await play.end()
        assert await are_equal(phone, laptop), f"killed at {at} of {calls}"
        assert len(phone.texts) == 10, f"killed at {at} of {calls}"
        assert await phone.work.store.verify() == []
        for device in (phone, laptop):
            await device.work.close()


async def test_killed_at_any_call_no_original_that_is_there_is_sent_again(
    seed: int, count: Callable[[int, int], int]
) -> None:
    before, there = await made(copied=False), 0
    calls = await calls_of_a_run(before)
    for at in sorted(Random(seed).sample(range(calls), min(calls, count(25, 10_000)))):
        play = Play(before)
        await play.open()
        play.calls.at, play.calls.count, play.calls.happens = at, 0, play.calls.kill
        with pytest.raises(Killed):
            await play.go()
        await play.go_on_after_the_crash()
        asked = list[tuple[str, str]]()
        kept = {name for name in await everything(play.stick) if name.startswith("media/")}
        await exchange(play.device.work, Asked(play.stick, asked), PLACE)
        assert not kept & {name for what, name in asked if what == "put"}, f"killed at {at} of {calls}"
        there += bool(kept - (await everything(before.stick)).keys())
        await play.device.work.close()
    assert there, "some were killed behind an original"


@copied
async def test_with_something_erased_at_any_call_it_is_nowhere_in_the_end(
    seed: int, count: Callable[[int, int], int], copied: bool
) -> None:
    before = await made(copied=copied)
    calls = await calls_of_a_run(before)
    for at in sorted(Random(seed).sample(range(calls), min(calls, count(25, 10_000)))):
        play, begun = Play(before), list[asyncio.Task[Erased]]()
        phone = await play.open()

        def erase(phone: Device = phone, begun: list[asyncio.Task[Erased]] = begun) -> None:
            going = Erasing(phone.work).erase([before.note, before.photo], reason="asked-to")
            begun.append(asyncio.get_running_loop().create_task(going))

        play.calls.at, play.calls.count, play.calls.happens = at, 0, erase
        await play.go()
        await begun[0]
        phone, laptop = await play.end()
        for disk in (*play.disks.values(), play.stick, laptop.disk):
            assert hits(await everything(disk), SAID, WAS_SEEN) == {}, f"erased at {at} of {calls}"
        assert await are_equal(phone, laptop), f"erased at {at} of {calls}"
        for device in (phone, laptop):
            await device.work.close()
