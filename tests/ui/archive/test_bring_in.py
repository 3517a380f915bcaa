"""On a laptop a file is chosen, dropped or seen in Downloads; it is told what it would bring, and one decides."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotUnderstood
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.sealed.digits import spaced
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.sources import Bytes, DiskFile
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.archive.outbox import NEVER_BROKEN
from tests.fakes.headless import Seen, a_window
from tests.fakes.made import BreaksOff
from tests.fakes.phone import Phone, texts

DRAWN = 0.3


async def of_the_other(desk: Desk) -> bytes:
    """A copy of the open study, in which somebody else has written a note since."""
    assert desk.work
    disk, there = MemoryDisk(), await Desk.open(Phone(number=2).machine)
    await pack(desk.work, DiskFile(disk=disk, path="ours.zip"))
    await there.take_in(Bytes(name="ours.zip", data=await disk.read("ours.zip")))
    assert there.work
    assert there.capture
    await there.capture.note("from the other phone")
    await pack(there.work, DiskFile(disk=disk, path="theirs.zip"))
    await there.close()
    return await disk.read("theirs.zip")


async def choose(seen: Seen, name: str, data: bytes) -> None:
    await seen.go("/archive")
    seen.client.answers["pick_files"] = [{"id": 1, "name": name, "size": len(data), "bytes": data}]
    await seen.tap("bring-in-choose")
    await seen.drawn(DRAWN)


def asked_for(seen: Seen) -> str:
    """Where the window asked the browser to go."""
    return str(seen.journeys.rows.landing._asked)


async def waiting(desk: Desk) -> int:
    return len(await desk.machine.disk_at("").list("arrived"))


async def test_a_chosen_file_is_looked_at_and_then_brought_in(desk: Desk, work: Workspace) -> None:
    data = await of_the_other(desk)
    async with a_window(desk, width=1280, height=800) as seen:
        await choose(seen, "theirs.zip", data)
        for said in ("theirs.zip", "Rain", "This study is on this device.", "1 new entry"):
            assert said in seen.words()
        assert texts(desk) == []
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert texts(desk) == ["from the other phone"]
        (entry,) = work.store.state.entries()
        assert asked_for(seen) == f"/days/{seen.journeys.rows.day_of(entry['id'])}"
        assert "1 record came in." in seen.words()
        await seen.go("/archive")
        assert "bring-in-go" not in seen.tags()
        assert "bring-in-choose" in seen.tags()
        assert not seen.crashed


async def test_what_is_here_already_is_said_and_there_is_nothing_to_bring_in(desk: Desk) -> None:
    data = await of_the_other(desk)
    done = await desk.take_in(Bytes(name="theirs.zip", data=data))
    async with a_window(desk, width=1280, height=800) as seen:
        await choose(seen, "theirs.zip", data)
        assert "All of it is here already." in seen.words()
        assert spaced(done.digits) in seen.words().replace(NEVER_BROKEN, " "), (
            "whoever brought it in before may not have read them"
        )
        assert "bring-in-go" not in seen.tags()
        await seen.tap("bring-in-leave")
        assert "bring-in-choose" in seen.tags()


async def test_what_was_erased_elsewhere_is_said_to_go_here_too(desk: Desk, work: Workspace) -> None:
    assert desk.capture
    note = await desk.capture.note("what was said in the van")
    there = await Desk.open(Phone(number=2).machine)
    await there.take_in(Bytes(name="ours.zip", data=await packed(work)))
    assert there.work
    await Erasing(there.work).erase([note.id], reason="asked-to")
    async with a_window(desk, width=1280, height=800) as seen:
        await choose(seen, "theirs.zip", await packed(there.work))
        assert "1 record was erased elsewhere and goes here, too" in seen.words()
        assert "changed" not in seen.words()
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert texts(desk) == []
    await there.close()


async def packed(work: Workspace) -> bytes:
    disk = MemoryDisk()
    await pack(work, DiskFile(disk=disk, path="b.zip"))
    return await disk.read("b.zip")


async def test_a_file_that_is_of_another_study_by_then_is_not_brought_in(
    desk: Desk, work: Workspace, tmp_path: Path
) -> None:
    path, other = tmp_path / "Rain-2025-03-16-2130.zip", await Phone(number=5).begun("Another")
    assert other.work
    path.write_bytes(await of_the_other(desk))
    desk.machine = replace(desk.machine, downloads=tmp_path)
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.drawn(DRAWN)
        await seen.tap("arrived-look")
        await seen.drawn(DRAWN)
        await seen.go("/archive")
        path.write_bytes(await packed(other.work))
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert f"{path.name} is of another study" in seen.words()
        assert desk.work is work
        assert texts(desk) == []
    await other.close()


async def test_of_a_month_file_too_only_the_study_that_was_looked_at_comes_in(desk: Desk, work: Workspace) -> None:
    shape = {"format": "fieldlog-sample/1", "study": {"id": "st-9", "title": "Small month", "default_tz": "UTC"}}
    source = Bytes(name="month.json", data=json.dumps(shape).encode())
    with pytest.raises(NotUnderstood, match=r"month\.json is of another study"):
        await desk.take_in(source, only=work.store.project)
    assert desk.work is work


async def test_what_is_left_out_changes_nothing(desk: Desk) -> None:
    data = await of_the_other(desk)
    async with a_window(desk, width=1280, height=800) as seen:
        await choose(seen, "theirs.zip", data)
        await seen.tap("bring-in-leave")
        assert "bring-in-told-0" not in seen.tags()
        assert texts(desk) == []
        assert not seen.crashed


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("holiday.zip", b"no ZIP at all", "holiday.zip is not a whole bundle"),
        ("IMG_1.jpg", b"\xff\xd8", "IMG_1.jpg is neither a backup"),
        ("month.json", b"{}", "This is not a month file"),
    ],
)
async def test_a_foreign_file_gets_a_sentence_and_changes_nothing(
    desk: Desk, name: str, data: bytes, says: str
) -> None:
    async with a_window(desk, width=1280, height=800) as seen:
        await choose(seen, name, data)
        assert says in seen.words()
        assert "bring-in-choose" in seen.tags()
        assert texts(desk) == []
        assert not seen.crashed


async def test_it_is_said_in_chinese(desk: Desk) -> None:
    data = await of_the_other(desk)
    async with a_window(desk, width=1280, height=800) as seen:
        seen.window.speak("zh")
        await choose(seen, "theirs.zip", data)
        assert "新记录 1 条" in seen.words()


async def test_a_dropped_file_waits_in_the_data_root_until_it_is_left_or_in(desk: Desk) -> None:
    data = await of_the_other(desk)
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.window.drop(Bytes(name="theirs.zip", data=data))
        assert asked_for(seen) == "/archive"
        await seen.go("/archive")
        assert "1 new entry" in seen.words()
        assert await waiting(desk) == 1
        await seen.tap("bring-in-leave")
        await seen.drawn()
        assert await waiting(desk) == 0
        await seen.window.drop(Bytes(name="theirs.zip", data=data))
        await seen.go("/archive")
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert (texts(desk), await waiting(desk)) == (["from the other phone"], 0)


async def test_a_drop_that_breaks_off_and_one_that_is_no_copy_leave_nothing(desk: Desk) -> None:
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.window.drop(BreaksOff("theirs.zip", b"x" * 5000))
        await seen.go("/archive")
        assert "Its bytes did not arrive." in seen.words()
        await seen.window.drop(Bytes(name="a folder", data=b""))
        await seen.drawn()
        assert "a folder is neither a backup" in seen.words()
        assert await waiting(desk) == 0


async def test_before_any_study_one_is_brought_in_from_welcome(desk: Desk) -> None:
    data = await of_the_other(desk)
    fresh = await Desk.open(Phone(number=3).machine)
    async with a_window(fresh, width=1280, height=800) as seen:
        assert "welcome-bring-in" in seen.tags()
        await seen.window.drop(Bytes(name="theirs.zip", data=data))
        assert asked_for(seen) == "/welcome/bring-in"
        await seen.go("/welcome/bring-in")
        assert "This study is not on this device yet." in seen.words()
        assert fresh.work is None
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert texts(fresh) == ["from the other phone"]
        assert asked_for(seen).startswith("/days/")
        assert not seen.crashed
    await fresh.close()


async def test_a_copy_in_downloads_is_offered_looked_at_and_not_offered_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "Rain-2025-03-16-2130.zip"
    path.write_bytes(await of_the_other(desk))
    os.utime(path, (1_742_000_000, 1_742_000_000))
    desk.machine = replace(desk.machine, downloads=tmp_path)
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.drawn(DRAWN)
        assert f"{path.name} has arrived: bring it in?" in seen.words()
        await seen.tap("arrived-look")
        await seen.drawn(DRAWN)
        assert asked_for(seen) == "/archive"
        await seen.go("/archive")
        assert "1 new entry" in seen.words()
        assert "arrived" not in seen.tags()
        await seen.tap("bring-in-go")
        await seen.drawn(DRAWN)
        assert texts(desk) == ["from the other phone"]
        await seen.journeys.archive.incoming.look_around()
        await seen.drawn()
        assert "arrived" not in seen.tags()
        assert path.exists()


async def test_a_copy_in_downloads_that_is_left_is_not_offered_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "Rain-2025-03-16-2130.zip"
    path.write_bytes(await of_the_other(desk))
    desk.machine = replace(desk.machine, downloads=tmp_path)
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.drawn(DRAWN)
        await seen.tap("arrived-leave")
        await seen.drawn(DRAWN)
        await seen.journeys.archive.incoming.look_around()
        await seen.drawn()
        assert "arrived" not in seen.tags()
        assert texts(desk) == []


async def test_in_a_store_that_goes_no_copy_in_downloads_is_offered(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "Rain-2025-03-16-2130.zip").write_bytes(await of_the_other(desk))
    desk.machine = replace(desk.machine, downloads=tmp_path, practice="where one's own data lie")
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.drawn(DRAWN)
        assert "arrived" not in seen.tags()


async def test_an_empty_study_has_nothing_to_back_up(desk: Desk) -> None:
    assert desk.capture
    async with a_window(desk) as seen:
        for page in ("/archive", "/archive/copies"):
            await seen.go(page)
            assert "Nothing to back up yet." in seen.words()
            assert "in a copy" not in seen.words()
        await desk.capture.note("灯还没好")
        await seen.drawn()
        assert "Nothing to back up yet." not in seen.words()
        assert "1 item not backed up" in seen.words()
