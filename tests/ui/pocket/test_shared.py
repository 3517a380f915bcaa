"""What another app shared is in the stream by itself, and one sentence says so; a bundle waits for a word."""

from __future__ import annotations

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.services.copies.bundle import pack
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import DiskFile
from fieldlog.ui.pocket import shared
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone, texts
from tests.services.pocket.test_share_inbox import JPEG, Pocket


@pytest.fixture
def phone() -> Pocket:
    return Pocket()


@pytest.fixture
async def desk(phone: Pocket) -> Desk:
    return await phone.begun()


async def begun(seen: Seen, phone: Pocket) -> None:
    seen.journeys.pocket.shared.begin(phone.inbox)
    await seen.drawn(0.2)


async def test_what_came_while_nobody_was_here_is_told_at_the_start(phone: Pocket, desk: Desk) -> None:
    await phone.share(text="call at six")
    await phone.share([JPEG, ("b.jpg", *JPEG[1:])])
    async with a_window(desk) as seen:
        await begun(seen, phone)
        assert "From another app: 1 note, 2 photos." in seen.words()
        assert "call at six" in seen.words()
        await seen.tap("notice-ok")
        assert "From another app" not in seen.words()
        assert not seen.crashed


async def test_it_is_told_in_chinese(phone: Pocket, desk: Desk) -> None:
    await phone.share([JPEG, ("b.txt", "text/plain", b"x")], text="六点")
    async with a_window(desk) as seen:
        seen.window.speak("zh")
        await begun(seen, phone)
        assert "来自其他应用：1 条笔记，1 张照片，1 份文件。" in seen.words()


async def test_what_is_shared_while_the_app_is_open_comes_in_when_the_page_says_so(
    phone: Pocket, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "LEAVES_SECONDS", 0.0)
    async with a_window(desk) as seen:
        await begun(seen, phone)
        await phone.share(text="now")
        seen.journeys.pocket.shared.heard({"shared": True})
        await seen.drawn(0.2)
        assert "From another app: 1 note." in seen.words()
        seen.journeys.pocket.shared.heard({"shared": True})
        await seen.drawn(0.2)
        assert texts(desk) == ["now"]


async def test_without_a_study_it_waits_for_one(phone: Pocket) -> None:
    await phone.share(text="early")
    desk = await Desk.open(phone.machine)
    async with a_window(desk) as seen:
        await begun(seen, phone)
        assert "From another app" not in seen.words()
        await desk.begin_study(title="T", researcher="", zone="UTC", first_day="2025-03-16", days=3)
        await seen.drawn(0.3)
        assert texts(desk) == ["early"]


async def test_on_a_full_disk_it_says_so_and_keeps_it(phone: Pocket, desk: Desk) -> None:
    await phone.share([JPEG])
    await phone.room_for(100)
    async with a_window(desk) as seen:
        await begun(seen, phone)
        assert "no space left" in seen.words()
    assert len(await phone.inbox.list("")) == 1


async def a_bundle() -> tuple[str, str, bytes]:
    theirs, disk = await Phone(number=1).begun("Theirs"), MemoryDisk()
    assert theirs.work
    assert theirs.capture
    await theirs.capture.note("from the other phone")
    await pack(theirs.work, DiskFile(disk=disk, path="theirs.zip"))
    return "theirs.zip", "application/zip", await disk.read("theirs.zip")


async def test_a_bundle_is_offered_and_brought_in(phone: Pocket, desk: Desk) -> None:
    await phone.share([await a_bundle()])
    async with a_window(desk) as seen:
        await begun(seen, phone)
        assert "From another app: theirs.zip." in seen.words()
        assert texts(desk) == []
        await seen.tap("shared-bring-in")
        await seen.drawn(0.4)
        assert texts(desk) == ["from the other phone"]
        assert "shared-bundle" not in seen.tags()
        assert not seen.crashed
    assert await phone.inbox.list("") == []


async def test_a_bundle_that_is_not_wanted_goes(phone: Pocket, desk: Desk) -> None:
    await phone.share([await a_bundle()])
    async with a_window(desk) as seen:
        await begun(seen, phone)
        await seen.tap("shared-leave")
        await seen.drawn(0.2)
        assert "shared-bundle" not in seen.tags()
    assert texts(desk) == []
    assert await phone.inbox.list("") == []
