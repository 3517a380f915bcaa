"""On Archive of a browser: one ZIP that leaves through the page, and a folder that a person chooses."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import pytest

from fieldlog.archive.living.outlet import Bring
from fieldlog.archive.living.tree import copied
from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotSaved
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import Bytes
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone
from tests.fakes.worlds import tree
from tests.ui.archive.test_outbox import Somebody

DRAWN = 0.3


class Chosen(MemoryDisk):
    """A folder that somebody chose."""

    name = "My archive"

    @property
    def bring(self) -> Bring:
        return partial(copied, self)


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
async def desk(phone: Phone) -> Desk:
    desk = await phone.begun()
    assert desk.capture
    await desk.capture.note("灯还没好")
    return desk


async def at_the_archive(seen: Seen, somebody: Somebody) -> None:
    seen.journeys.archive.outbox.doorway = somebody
    await seen.go("/archive")


def members(somebody: Somebody) -> dict[str, bytes]:
    assert isinstance(somebody.holds, Bytes)
    with zipfile.ZipFile(io.BytesIO(somebody.holds.data)) as bag:
        return {name: bag.read(name) for name in bag.namelist()}


async def test_the_archive_leaves_as_one_zip_and_its_space_is_freed(phone: Phone, desk: Desk) -> None:
    somebody = Somebody(phone)
    async with a_window(desk) as seen:
        await at_the_archive(seen, somebody)
        assert not {"archive-into", "archive-lying", "archive-folder"} & seen.tags().keys()
        await seen.tap("archive-zip")
        await seen.drawn(DRAWN)
        assert "1 day in one ZIP, read back whole" in seen.words()
        files = members(somebody)
        assert {"README.md", "data-list.csv", "manifest-sha256.txt"} < files.keys()
        (path, name, _) = somebody.offered[0]
        assert path.endswith(f"/outbox/{name}")
        assert name == "Vertical days-archive-2025-03-16-0800.zip"
        assert name in seen.words()
        await seen.tap("archive-hand-over")
        assert len(somebody.offered) == 2
        await seen.tap("archive-remove")
        await seen.drawn()
        assert "archive-lying" not in seen.tags()
        assert desk.work
        assert await desk.work.store.disk.list("outbox") == []
        assert not seen.crashed


async def test_a_folder_gets_the_zips_files_and_the_next_time_only_what_differs(phone: Phone, desk: Desk) -> None:
    folder = Chosen()
    somebody = Somebody(phone, folder=folder)
    async with a_window(desk, width=1280, height=800) as seen:
        await at_the_archive(seen, somebody)
        await seen.tap("archive-into")
        await seen.drawn(DRAWN)
        assert "1 day written, 0 unchanged. It lies in My archive" in seen.words()
        await seen.tap("archive-zip")
        await seen.drawn(DRAWN)
        assert {path: data for path, data in (await tree(folder)).items() if data is not None} == members(somebody)
        await folder.replace("mine.txt", b"mine")
        assert desk.capture
        phone.clock.advance(days=2)  # type: ignore[attr-defined]
        await desk.capture.note("later")
        await seen.tap("archive-into")
        await seen.drawn(DRAWN)
        assert "1 day written, 1 unchanged" in seen.words()
        assert "Not ours, left alone: mine.txt" in seen.words()
        assert await folder.read("mine.txt") == b"mine"
        assert "into My archive" in seen.words()
        assert not seen.crashed


async def test_a_folder_of_another_thing_is_refused_and_no_folder_is_no_fault(phone: Phone, desk: Desk) -> None:
    folder = Chosen()
    await folder.replace("holiday.jpg", b"x")
    somebody = Somebody(phone, folder=folder)
    async with a_window(desk) as seen:
        await at_the_archive(seen, somebody)
        await seen.tap("archive-into")
        await seen.drawn(DRAWN)
        assert "This folder is not empty and holds no archive of FieldLog." in seen.words()
        assert [one.name for one in await folder.list("")] == ["holiday.jpg"]
        somebody.does = "dismissed"
        await seen.tap("archive-into")
        await seen.drawn(DRAWN)
        assert not seen.crashed


async def test_a_folder_that_takes_no_more_says_why_and_the_next_writing_goes_on(phone: Phone, desk: Desk) -> None:
    class Fills(Chosen):
        left = 5

        async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
            self.left -= 1
            if not self.left:
                raise NotSaved("this browser refused")
            await super().replace(path, data, named=named)

    folder = Fills()
    async with a_window(desk) as seen:
        await at_the_archive(seen, Somebody(phone, folder=folder))
        await seen.tap("archive-into")
        await seen.drawn(DRAWN)
        assert "Not saved: this browser refused" in seen.words()
        await seen.tap("archive-into")
        await seen.drawn(DRAWN)
        assert "It lies in My archive" in seen.words()


async def test_it_is_said_in_chinese(phone: Phone, desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.window.speak("zh")
        await at_the_archive(seen, Somebody(phone, folder=Chosen()))
        assert "把档案存为 ZIP" in seen.words()
        assert "写入文件夹" in seen.words()
