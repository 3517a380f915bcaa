"""Copies in the pocket: made, handed to the page, and proven by being picked again; and what comes in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import flet as ft
import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.chain import Behind
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes, DiskFile, Readable
from fieldlog.services.pocket.doorway import Folder, Words
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone, texts


@dataclass
class Somebody:
    """Stands at the page and does what they were told: takes what is offered, picks what they hold."""

    phone: Phone
    does: str = "saved"
    holds: Readable | None = None
    folder: Folder | None = None
    offered: list[tuple[str, str, Words]] = field(default_factory=list)

    async def hand_over(self, path: str, name: str, mime: str, words: Words) -> str:
        assert mime == ("application/zip" if name.endswith(".zip") else "application/octet-stream")
        data = await self.phone.disk.read(path.removeprefix("fieldlog/"))
        self.offered.append((path, name, words))
        if self.does != "dismissed":
            self.holds = Bytes(name=name, data=data)
        return self.does

    async def pick(self, accept: str, words: Words) -> Readable | None:
        assert ".zip" in accept
        return self.holds

    @property
    def folders(self) -> bool:
        return self.folder is not None

    async def choose_folder(self, key: str, words: Words) -> Folder | None:
        assert words["again"].count("{folder}") == 1
        return self.folder if self.does != "dismissed" else None


PASSPHRASE = "four words nobody guesses"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is stretched in no time."""
    monkeypatch.setattr(first_line, "ITERATIONS", 2)


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
async def desk(phone: Phone) -> Desk:
    return await phone.begun()


async def at_the_copies(seen: Seen, somebody: Somebody) -> None:
    seen.journeys.archive.outbox.doorway = somebody
    await seen.go("/archive/copies")


async def unsealed(seen: Seen) -> None:
    """Turn the seal off, which stands there until somebody does."""
    await switched(seen, "copies-sealed", False)
    assert "copies-passphrase" not in seen.tags()


async def switched(seen: Seen, name: str, on: bool) -> None:
    switch = seen.inside(name, ft.Switch)
    assert switch.value is not on
    seen.session.apply_patch(switch._i, {"value": on})
    await seen.session.dispatch_event(switch._i, "change", on)
    await seen.drawn()


async def made(seen: Seen, somebody: Somebody) -> bytes:
    """A backup as it is proposed, sealed, in somebody's hand."""
    await seen.type("copies-passphrase", PASSPHRASE)
    await seen.tap("copies-make")
    await seen.drawn(0.3)
    assert isinstance(somebody.holds, Bytes)
    return somebody.holds.data


async def test_an_empty_study_has_nothing_to_back_up(phone: Phone, desk: Desk) -> None:
    async with a_window(desk) as seen:
        await at_the_copies(seen, Somebody(phone))
        assert "Nothing to back up yet." in seen.words()


async def test_what_leaves_is_sealed_and_eight_digits_from_the_laptop_bring_the_number_to_nothing(
    phone: Phone, desk: Desk
) -> None:
    assert desk.capture
    await desk.capture.note("灯还没好")
    somebody, laptop = Somebody(phone), await Desk.open(Phone(number=2).machine)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        data = await made(seen, somebody)
        assert data.startswith(b'{"format":"fieldlog-sealed-1"')
        assert "灯还没好".encode() not in data
        assert "copies-since-last" not in seen.tags()
        done = await laptop.take_in(Bytes(name="b.sealed", data=data), passphrase=PASSPHRASE)
        await seen.type("copies-digits", "12345678" if done.digits != "12345678" else "87654321")
        await seen.tap("copies-confirm")
        await seen.drawn(0.2)
        assert "4 more tries are left" in seen.words()
        await seen.type("copies-digits", done.digits)
        await seen.tap("copies-confirm")
        await seen.drawn(0.2)
        assert "Everything here is in a backup" in seen.words()
        assert not {"copies-waiting", "copies-digits"} & seen.tags().keys()
        assert "copies-since-last" in seen.tags()
        assert not seen.crashed
    await laptop.close()


async def test_only_what_is_new_leaves_when_that_is_chosen(phone: Phone, desk: Desk) -> None:
    assert desk.capture
    await desk.capture.note("the first")
    somebody, laptop = Somebody(phone), await Desk.open(Phone(number=2).machine)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        whole = Bytes(name="b.sealed", data=await made(seen, somebody))
        await seen.tap("copies-prove")
        await seen.drawn(0.2)
        await desk.capture.note("the second")
        await switched(seen, "copies-since-last", True)
        new = Bytes(name="new.sealed", data=await made(seen, somebody))
        with pytest.raises(Behind):
            await laptop.take_in(new, passphrase=PASSPHRASE)
        await laptop.take_in(whole, passphrase=PASSPHRASE)
        assert (await laptop.take_in(new, passphrase=PASSPHRASE)).new["line"] == 1
    await laptop.close()


async def test_the_passphrase_is_not_kept_once_something_was_sealed_with_it(phone: Phone, desk: Desk) -> None:
    somebody = Somebody(phone)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        await made(seen, somebody)
        assert seen.journeys.archive.outbox.passphrase == ""
        assert seen.inside("copies-passphrase", ft.TextField).value == ""
        await seen.go("/archive")
        await seen.go("/archive/copies")
        assert seen.inside("copies-passphrase", ft.TextField).value == ""


async def test_without_a_passphrase_nothing_leaves_and_why_is_said(phone: Phone, desk: Desk) -> None:
    assert desk.capture
    await desk.capture.note("one")
    somebody = Somebody(phone)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        await seen.type("copies-passphrase", "short")
        await seen.tap("copies-make")
        await seen.drawn(0.2)
        assert "A passphrase has at least 8 characters" in seen.words()
        assert somebody.offered == []
        assert not seen.crashed


async def test_a_sealed_file_asks_for_its_passphrase_until_it_opens_and_then_shows_the_digits(
    phone: Phone, desk: Desk
) -> None:
    data, digits = await a_sealed_one()
    somebody = Somebody(phone)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        await made(seen, somebody)
        assert "copies-waiting" in seen.tags()
        somebody.holds = Bytes(name="theirs.sealed", data=data)
        bringing = asyncio.ensure_future(seen.tap("copies-bring-in"))
        await seen.drawn(0.2)
        assert "theirs.sealed is sealed." in seen.words()
        assert "copies-make" not in seen.tags(), "whoever scrolled down to bring it in sees nothing else"
        for typed in ("another passphrase", PASSPHRASE):
            assert "records came in." not in seen.words()
            await seen.type("sealed-passphrase", typed)
            await seen.tap("sealed-open")
            await seen.drawn(0.4)
        assert "records came in." in seen.words()
        assert f"{digits[:4]}\u00a0{digits[4:]}" in seen.words()
        assert "copies-waiting" not in seen.tags(), "that is of the study that was open before"
        assert "sealed-passphrase" not in seen.tags()
        await bringing
        assert not seen.crashed


async def test_a_sealed_file_that_is_not_wanted_now_and_a_cut_one_change_nothing(phone: Phone, desk: Desk) -> None:
    assert desk.work
    data, before = (await a_sealed_one())[0], desk.work.store.project
    somebody = Somebody(phone, holds=Bytes(name="theirs.sealed", data=data))
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        bringing = asyncio.ensure_future(seen.tap("copies-bring-in"))
        await seen.drawn(0.2)
        await seen.tap("sealed-leave")
        await bringing
        assert "sealed-passphrase" not in seen.tags()
        somebody.holds = Bytes(name="theirs.sealed", data=data[:-1])
        await seen.tap("copies-bring-in")
        await seen.drawn(0.2)
        assert "Hand it over again; nothing was imported." in seen.words()
        assert "sealed-passphrase" not in seen.tags()
    assert desk.work.store.project == before


async def a_sealed_one() -> tuple[bytes, str]:
    """A sealed bundle of another phone, and its digits."""
    theirs, disk = await Phone(number=1).begun("Theirs"), MemoryDisk()
    assert theirs.work
    assert theirs.capture
    await theirs.capture.note("from the other phone")
    target = DiskFile(disk=disk, path="b")
    digits = (await pack(theirs.work, target, seal=seal_of(theirs.work.machine, PASSPHRASE))).digits
    await theirs.close()
    return await disk.read("b"), digits


async def test_a_copy_is_made_handed_over_and_proven(phone: Phone, desk: Desk) -> None:
    assert desk.capture
    await desk.capture.note("灯还没好")
    somebody = Somebody(phone)
    async with a_window(desk) as seen:
        await at_the_copies(seen, somebody)
        assert not {"copies-path", "copies-prove", "copies-hand-over"} & seen.tags().keys()
        await unsealed(seen)
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
        assert "Whole: everything up to" in seen.words()
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
        await unsealed(seen)
        await seen.tap("copies-make")
        await seen.drawn(0.3)
        assert "Sent." not in seen.words()
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


async def test_a_new_phone_takes_over_a_study_from_a_sealed_backup_before_any_is_begun(
    phone: Phone, desk: Desk
) -> None:
    assert desk.work
    assert desk.capture
    await desk.capture.note("灯还没好")
    disk = MemoryDisk()
    seal = seal_of(desk.work.machine, PASSPHRASE)
    await pack(desk.work, DiskFile(disk=disk, path="b.sealed"), seal=seal)
    new = await Desk.open(Phone(number=2).machine)
    somebody = Somebody(phone, holds=Bytes(name="b.sealed", data=await disk.read("b.sealed")))
    async with a_window(new) as seen:
        seen.journeys.archive.outbox.doorway = somebody
        await seen.tap("welcome-bring-in")
        await seen.go("/welcome/bring-in")
        assert "Or drop it anywhere" not in seen.words()
        await seen.tap("bring-in-choose")
        await seen.drawn(0.3)
        for passphrase in ("not this one", PASSPHRASE):
            assert new.work is None
            await seen.type("sealed-passphrase", passphrase)
            await seen.tap("sealed-open")
            await seen.drawn(0.3)
        assert "This study is not on this device yet." in seen.words()
        await seen.tap("bring-in-go")
        await seen.drawn(0.3)
        assert texts(new) == ["灯还没好"]
        await seen.go("/now")
        assert not seen.crashed
    await new.close()


async def test_what_was_picked_for_a_new_phone_and_is_not_wanted_stays_where_it_is(
    phone: Phone, desk: Desk
) -> None:
    assert desk.work
    disk = MemoryDisk()
    await pack(desk.work, DiskFile(disk=disk, path="b.zip"))
    new = await Desk.open(Phone(number=2).machine)
    somebody = Somebody(phone, holds=DiskFile(disk=disk, path="b.zip"))
    async with a_window(new) as seen:
        seen.journeys.archive.outbox.doorway = somebody
        await seen.go("/welcome/bring-in")
        await seen.tap("bring-in-choose")
        await seen.drawn(0.3)
        await seen.tap("bring-in-leave")
        await seen.drawn(0.3)
        assert "bring-in-choose" in seen.tags()
        assert not seen.crashed
    assert new.work is None
    assert await disk.size("b.zip")
    await new.close()


async def test_in_the_pocket_nothing_asks_for_a_folder(phone: Phone, desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.archive.outbox.doorway = Somebody(phone)
        await seen.go("/archive")
        assert "archive-copies" in seen.tags()
        assert not {"archive-folder", "archive-write"} & seen.tags().keys()
