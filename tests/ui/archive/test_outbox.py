"""Copies in the pocket: made, handed to the page, and proven by being picked again; and what comes in."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.copies.bundle import pack
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes, DiskFile, Readable
from fieldlog.services.pocket.doorway import Words
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone


@dataclass
class Somebody:
    """Stands at the page and does what they were told: takes what is offered, picks what they hold."""

    phone: Phone
    does: str = "saved"
    holds: Readable | None = None
    offered: list[tuple[str, str, Words]] = field(default_factory=list)

    async def hand_over(self, path: str, name: str, mime: str, words: Words) -> str:
        assert mime == "application/zip"
        data = await self.phone.disk.read(path.removeprefix("fieldlog/"))
        self.offered.append((path, name, words))
        if self.does != "dismissed":
            self.holds = Bytes(name=name, data=data)
        return self.does

    async def pick(self, accept: str, words: Words) -> Readable | None:
        assert ".zip" in accept
        return self.holds


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
async def desk(phone: Phone) -> Desk:
    return await phone.begun()


async def at_the_copies(seen: Seen, somebody: Somebody) -> None:
    seen.journeys.archive.outbox.doorway = somebody
    await seen.go("/archive/copies")


async def test_a_copy_is_made_handed_over_and_proven(phone: Phone, desk: Desk) -> None:
    assert desk.capture
    await desk.capture.note("灯还没好")
    somebody = Somebody(phone)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        assert not {"copies-path", "copies-prove", "copies-hand-over"} & seen.tags().keys()
        await seen.tap("copies-make")
        await seen.drawn(0.3)
        ((path, name, words),) = somebody.offered
        assert path.endswith(f"/outbox/{name}")
        assert set(words) == {"said", "share", "save", "pick", "later"}
        assert f"{name}, " in seen.words()
        assert "Sent. FieldLog can't see where the file went." in seen.words()
        assert "1 item not backed up" in seen.words()
        await seen.tap("copies-prove")
        await seen.drawn(0.2)
        assert "Whole: it is a backup of everything up to" in seen.words()
        assert "Everything here is in a backup" in seen.words()
        assert not {"copies-waiting", "copies-prove"} & seen.tags().keys()
        assert not seen.crashed


async def test_of_an_empty_study_nothing_is_said_to_be_in_a_backup(phone: Phone, desk: Desk) -> None:
    async with a_window(desk) as seen:
        await at_the_copies(seen, Somebody(phone))
        assert "Nothing to back up yet." in seen.words()
        assert "Everything here" not in seen.words()


async def test_what_was_not_taken_is_offered_again_after_a_restart(phone: Phone, desk: Desk) -> None:
    assert desk.capture
    await desk.capture.note("one")
    somebody = Somebody(phone, does="dismissed")
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        await seen.tap("copies-make")
        await seen.drawn(0.3)
        assert "Sent. FieldLog" not in seen.words()
    again = await phone.killed(desk)
    async with a_window(again) as seen:
        await at_the_copies(seen, somebody)
        await seen.tap("copies-hand-over")
        assert len(somebody.offered) == 2
        somebody.holds = Bytes(name="holiday.zip", data=b"something else")
        await seen.tap("copies-prove")
        await seen.drawn(0.2)
        assert "It is no backup; hand it over again." in seen.words()
    await again.close()


async def test_a_bundle_of_another_phone_comes_in_beside_what_is_open(phone: Phone, desk: Desk) -> None:
    assert desk.work
    other = Phone(number=2)
    there = await Desk.open(other.machine)
    disk = MemoryDisk()
    await pack(desk.work, DiskFile(disk=disk, path="ours.zip"))
    await there.take_in(Bytes(name="ours.zip", data=await disk.read("ours.zip")))
    assert there.work
    assert there.capture
    await there.capture.note("from the other phone")
    await pack(there.work, DiskFile(disk=disk, path="theirs.zip"))
    await there.close()
    somebody = Somebody(phone, holds=Bytes(name="theirs.zip", data=await disk.read("theirs.zip")))
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        await seen.tap("copies-bring-in")
        await seen.drawn(0.3)
        assert "1 record came in." in seen.words()
        await seen.tap("copies-bring-in")
        await seen.drawn(0.3)
        assert "All of it was here already." in seen.words()
        await seen.go("/now")
        assert "from the other phone" in seen.words()
        assert not seen.crashed


async def test_in_the_pocket_nothing_asks_for_a_folder(phone: Phone, desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.archive.outbox.doorway = Somebody(phone)
        await seen.go("/archive")
        assert "archive-copies" in seen.tags()
        assert not {"archive-folder", "archive-write"} & seen.tags().keys()
