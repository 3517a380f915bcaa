"""Killed at any call while room is made: every original is whole here, or known as let go and whole elsewhere."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.held.freed import let_be
from fieldlog.services.held.read_here import read_here
from fieldlog.services.study.studies import open_study
from fieldlog.services.sync.proof.space import can_free, free_space
from tests.fakes.exchange import PLACES, STUDY, Device, Stick, machine_number
from tests.fakes.failing import Killed
from tests.fakes.stopping import Calls, StoppingDisk

Disks = dict[str, MemoryDisk]


async def opened(device: Device, disks: Disks, calls: Calls) -> Device:
    machine = replace(
        machine_number(50, device.clock), keeps=False, disk_at=lambda folder: StoppingDisk(disks[folder], calls)
    )
    return Device(50, await open_study(machine, STUDY, write=True), device.clock)


def disks_of(device: Device) -> Disks:
    found = {folder: device.work.machine.disk_at(folder) for folder in PLACES}
    return {folder: disk.crash() for folder, disk in found.items() if isinstance(disk, MemoryDisk)}


async def calls_of(phone: Device, before: Disks) -> int:
    calls = Calls()
    device = await opened(phone, {folder: disk.crash() for folder, disk in before.items()}, calls)
    agreed = await can_free(device.work)
    calls.count = 0
    assert (await free_space(device.work, agreed)).count == 3
    return calls.count


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_killed_at_any_call_nothing_is_lost(
    phone: Device, laptop: Device, desk: Device, stick: Stick, after: bool
) -> None:
    for n in range(3):
        await phone.photo(b"photo %d" % n)
    for device in (phone, laptop, desk) * 2:
        await device.sync(stick.target)
    here, before = set(await phone.originals()), disks_of(phone)
    went = set[int]()
    for at in range(await calls_of(phone, before)):
        calls, disks = Calls(), {folder: disk.crash() for folder, disk in before.items()}
        device = await opened(phone, disks, calls)
        agreed = await can_free(device.work)
        calls.at, calls.after, calls.count, calls.happens = at, after, 0, calls.kill
        # A call that is refused has no end.
        with suppress(Killed):
            await free_space(device.work, agreed)
            assert after
        disks = {folder: disk.crash() for folder, disk in disks.items()}
        device = await opened(phone, disks, Calls())
        there = set(await device.originals())
        assert here - there <= await let_be(device.work), f"killed at {at}"
        assert (await read_here(device.work)).originals.keys() <= there, f"killed at {at}"
        assert await verify_store(device.work) == [], f"killed at {at}"
        went.add(len(there))
        device.clock.advance(hours=2)
        await device.sync(stick.target)
        assert set(await device.originals()) == there, f"killed at {at}: what went stays away, what is here stays"
        assert await let_be(device.work) == here - there, f"killed at {at}"
        await device.work.close()
    assert went == {0, 1, 2, 3}
