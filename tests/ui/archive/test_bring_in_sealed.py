"""On a laptop, too, a sealed file asks for its passphrase before it is looked at, and shows its digits once in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.digits import spaced
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes, DiskFile
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone, texts

DRAWN = 0.3
PASSPHRASE = "four words nobody guesses"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is stretched in no time."""
    monkeypatch.setattr(first_line, "ITERATIONS", 2)


async def a_sealed_one() -> tuple[bytes, str]:
    """A sealed bundle of a phone, and its digits."""
    theirs, disk = await Phone(number=2).begun("Theirs"), MemoryDisk()
    assert theirs.work
    assert theirs.capture
    await theirs.capture.note("from the phone")
    target = DiskFile(disk=disk, path="b")
    digits = (await pack(theirs.work, target, seal=seal_of(theirs.work.machine, PASSPHRASE))).digits
    await theirs.close()
    return await disk.read("b"), digits


async def dropped(seen: Seen, data: bytes, name: str = "FieldLog-2025-03-16-0800.sealed") -> None:
    await seen.window.drop(Bytes(name=name, data=data))
    await seen.go("/archive")
    await seen.drawn(DRAWN)


async def opened_with(seen: Seen, passphrase: str) -> None:
    await seen.type("sealed-passphrase", passphrase)
    await seen.tap("sealed-open")
    await seen.drawn(DRAWN)


def shown(digits: str) -> str:
    """As they stand on a screen, never on two lines."""
    return spaced(digits).replace(" ", "\u00a0")


async def left_of_it(desk: Desk) -> list[str]:
    """What lies beside the studies while a file waits or is opened."""
    disk = desk.machine.disk_at("")
    waiting = [found.name for found in await disk.list("arrived")]
    return waiting + [found.name for found in await disk.list("") if found.name == "unsealed.part"]


async def test_it_is_asked_for_looked_at_and_brought_in_with_its_digits(desk: Desk) -> None:
    data, digits = await a_sealed_one()
    async with a_window(desk, width=1280, height=800) as seen:
        await dropped(seen, data)
        assert "is sealed. Its passphrase opens it." in seen.words()
        assert "bring-in-go" not in seen.tags()
        await opened_with(seen, "something else")
        assert "The passphrase does not open" in seen.words()
        assert "sealed-passphrase" in seen.tags()
        await opened_with(seen, PASSPHRASE)
        assert "1 new entry" in seen.words()
        assert "sealed-passphrase" not in seen.tags()
        assert desk.work
        assert desk.work.store.state.about.title != "Theirs"
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert texts(desk) == ["from the phone"]
        assert shown(digits) in seen.words()
        await seen.tap("notice-ok")
        await seen.go("/archive")
        assert shown(digits) in seen.words(), "they are typed on the phone, which may take a while"
        assert "Everything here came from another device, and is there, too." in seen.words(), "no backup was made"
        assert await left_of_it(desk) == []
        assert not seen.crashed


async def test_not_opened_now_it_is_let_go_and_nothing_is_changed(desk: Desk) -> None:
    data, _ = await a_sealed_one()
    async with a_window(desk, width=1280, height=800) as seen:
        await dropped(seen, data)
        await seen.tap("sealed-leave")
        await seen.drawn(DRAWN)
        assert not {"sealed-passphrase", "bring-in-go"} & seen.tags().keys()
        assert "bring-in-choose" in seen.tags()
        assert (texts(desk), await left_of_it(desk)) == ([], [])
        await dropped(seen, data[:-1])
        assert "Hand it over again; nothing was imported." in seen.words()
        assert "sealed-passphrase" not in seen.tags()
        assert (texts(desk), await left_of_it(desk)) == ([], [])


async def test_another_file_takes_the_place_of_one_that_waits_for_its_passphrase(desk: Desk) -> None:
    data, _ = await a_sealed_one()
    async with a_window(desk, width=1280, height=800) as seen:
        await dropped(seen, data, "first.sealed")
        await dropped(seen, data, "second.sealed")
        assert "second.sealed is sealed." in seen.words()
        assert len(await left_of_it(desk)) == 1
        await opened_with(seen, PASSPHRASE)
        assert "1 new entry" in seen.words()
        await seen.tap("bring-in-leave")
        await seen.drawn(DRAWN)
        assert (texts(desk), await left_of_it(desk)) == ([], [])


async def test_one_in_downloads_is_offered_though_it_does_not_tell_its_study(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "FieldLog-2025-03-16-0800.sealed"
    path.write_bytes((await a_sealed_one())[0])
    desk.machine = replace(desk.machine, downloads=tmp_path)
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.drawn(DRAWN)
        assert f"{path.name} has arrived: bring it in?" in seen.words()
        await seen.tap("arrived-leave")
        await seen.journeys.archive.incoming.look_around()
        await seen.drawn()
        assert "arrived" not in seen.tags()
