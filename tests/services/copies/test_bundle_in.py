"""A bundle on its way in can be stopped: then no line of it is here, and the study used last is as before."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes, DiskFile
from fieldlog.services.study.studies import begun, list_studies, open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone, texts

STUDY = "01950000-0000-7000-8000-000000000001"


@pytest.fixture
async def theirs() -> AsyncIterator[Workspace]:
    """A study on another device, with three files."""
    work = await open_study(Phone(FakeClock(), number=2).machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin(title="Rain")
    for n in range(3):
        await capture.file(Bytes(name=f"{n}.bin", data=bytes([n]) * 1000), text=f"file {n}")
    yield work
    await work.close()


async def copy_of(work: Workspace) -> Bytes:
    disk = MemoryDisk()
    await pack(work, DiskFile(disk=disk, path="theirs.zip"))
    return Bytes(name="theirs.zip", data=await disk.read("theirs.zip"))


async def test_its_photos_and_sounds_are_told_in_bytes(theirs: Workspace, phone: Phone) -> None:
    told = list[tuple[str, int, int]]()
    await import_bundle(phone.machine, await copy_of(theirs), lambda *at: told.append(at))
    assert {total for what, _, total in told if what == "media"} == {3000}
    assert told[-1] == ("media", 3000, 3000)


async def test_stopped_half_way_nothing_of_it_is_in_the_study_and_the_next_start_is_as_before(
    theirs: Workspace, phone: Phone
) -> None:
    desk = await phone.begun("Mine")
    assert desk.work
    mine = desk.work.store.project
    asked = iter([False] * 3)
    with pytest.raises(Cancelled):
        await desk.take_in(await copy_of(theirs), cancelled=lambda: next(asked, True))
    assert desk.work.store.project == mine
    assert await begun(phone.machine) == [mine]
    assert await list_studies(phone.machine, but=mine) == []
    await desk.close()
    again = await Desk.open(phone.machine)
    assert again.work
    assert again.work.store.project == mine
    done = await again.take_in(await copy_of(theirs))
    assert done.problems == []
    assert texts(again) == ["file 0", "file 1", "file 2"]
    assert await begun(phone.machine) == sorted([mine, STUDY])
    await again.close()


async def test_of_several_studies_the_one_used_last_is_opened_after_a_stop(
    theirs: Workspace, phone: Phone
) -> None:
    desk = await phone.begun("First")
    assert desk.work
    first = desk.work.store.project
    await desk.begin_study(title="Second", researcher="R1", zone="UTC", first_day="2025-03-16", days=3)
    await desk.switch(first)
    with pytest.raises(Cancelled):
        await desk.take_in(await copy_of(theirs), cancelled=lambda: True)
    await desk.close()
    again = await Desk.open(phone.machine)
    assert again.work
    assert again.work.store.project == first
    await again.close()


async def test_stopped_on_an_empty_device_welcome_is_shown_at_the_next_start(
    theirs: Workspace, phone: Phone
) -> None:
    with pytest.raises(Cancelled):
        await import_bundle(phone.machine, await copy_of(theirs), cancelled=lambda: True)
    desk = await Desk.open(phone.machine)
    assert desk.work is None
    await desk.close()


async def test_refused_or_stopped_the_open_study_is_as_it_was(theirs: Workspace, phone: Phone) -> None:
    desk = await phone.begun("Mine")
    await desk.take_in(await copy_of(theirs))
    await Capture(theirs).file(Bytes(name="3.bin", data=b"3" * 1000), text="file 3")
    assert desk.work
    before = dict(desk.work.store.ends)
    with pytest.raises(Cancelled):
        await desk.take_in(await copy_of(theirs), cancelled=lambda: True)
    with pytest.raises(NotUnderstood):
        await desk.take_in(Bytes(name="cut.zip", data=b"PK"))
    assert desk.work.store.ends == before
    await desk.close()
