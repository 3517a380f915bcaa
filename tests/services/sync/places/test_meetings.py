"""Places of a device: remembered by it alone, met one at a time, and by themselves where a folder is here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.services.archive.write import write_archive
from fieldlog.services.copies.bundle import pack
from fieldlog.services.desk import Desk
from fieldlog.services.machine.sources import DiskFile
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.exchange import Wiped
from fieldlog.services.sync.places.meeting import answers, foreseen, meet, there
from fieldlog.services.sync.places.meetings import EVERY_SECONDS, FIRST_SECONDS, SETTLED_SECONDS
from fieldlog.services.sync.places.outcome import Met, cure_of
from fieldlog.services.sync.places.places import Place, forget_place, keep_place, read_places
from fieldlog.services.sync.secrets import SecretNeeded
from fieldlog.sync.target import Unreachable
from fieldlog.sync.targets.asking import LoginRefused
from tests.fakes.meeting import note, over
from tests.fakes.phone import Phone, texts
from tests.skipping import Skipping

SERVER = "webdavs://ana@cloud.example.org/dav/FieldLog"


def pytest_asyncio_loop_factories() -> Mapping[str, type[Skipping]]:
    """A second passes at once."""
    return {"skipping": Skipping}


@pytest.fixture
async def desk() -> Desk:
    return await Phone(number=1).begun("Rain")


def work_of(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work


async def ended(desk: Desk, address: str) -> Met:
    """What the meeting that goes on did."""
    await over(desk)
    done = desk.meetings.ended[address]
    assert isinstance(done, Met), done
    return done


def lying_in(folder: Path) -> str:
    """All that the journals there say."""
    return "".join(file.read_text("utf-8") for file in sorted(folder.rglob("*.jsonl")))


async def test_a_place_is_remembered_once_and_forgotten(desk: Desk) -> None:
    disk = work_of(desk).store.disk
    for address in ("/media/stick/FieldLog", SERVER, "/media/stick/FieldLog"):
        await keep_place(disk, Place(address=address))
    assert [one.address for one in await read_places(disk)] == ["/media/stick/FieldLog", SERVER]
    await forget_place(disk, SERVER)
    assert [one.address for one in await read_places(disk)] == ["/media/stick/FieldLog"]


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("/media/ana/STICK/FieldLog", "folder", "STICK/FieldLog"),
        ("/home/ana/Nextcloud/rain", "folder", "rain"),
        (SERVER, "webdav", "cloud.example.org"),
        ("s3://KEY@rain/FieldLog?region=eu-central-1", "s3", "rain"),
    ],
)
def test_a_place_is_called_by_its_folder_its_host_or_its_bucket(address: str, kind: str, name: str) -> None:
    assert (Place(address=address).kind, Place(address=address).name) == (kind, name)


async def test_no_bundle_holds_the_address_of_a_place(desk: Desk) -> None:
    work = work_of(desk)
    await note(desk, "a note")
    await keep_place(work.store.disk, Place(address=SERVER))
    await pack(work, DiskFile(disk=work.store.disk, path="b.zip"))
    assert b"cloud.example.org" not in await work.store.disk.read("b.zip")
    assert b"cloud.example.org" in await work.store.disk.read("sync/places.json")


async def test_meeting_a_place_sends_what_is_here_and_says_when(desk: Desk, tmp_path: Path) -> None:
    work = work_of(desk)
    await note(desk, "the tea urn is empty")
    await keep_place(work.store.disk, Place(address=str(tmp_path / "x")))
    assert desk.meetings.begin(str(tmp_path / "x"))
    assert not desk.meetings.begin(str(tmp_path / "y")), "one at a time"
    assert (await ended(desk, str(tmp_path / "x"))).done.lines_out
    assert "the tea urn is empty" in lying_in(tmp_path / "x")
    (place,) = await read_places(work.store.disk)
    assert place.met == work.machine.clock().at


async def test_a_place_that_was_emptied_is_filled_again_only_when_it_is_asked_for(
    desk: Desk, tmp_path: Path
) -> None:
    await note(desk, "kept")
    work, secrets, place = work_of(desk), desk.meetings.secrets, str(tmp_path / "x")
    await meet(work, place, secrets)
    for file in sorted((tmp_path / "x").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    with pytest.raises(Wiped) as why:
        await meet(work, place, secrets)
    assert cure_of(why.value) == "fill"
    assert not any((tmp_path / "x").iterdir())
    await meet(work, place, secrets, refill=True)
    assert "kept" in lying_in(tmp_path / "x")


async def test_what_would_happen_is_foreseen_and_nothing_is_changed(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "not sent yet")
    found = await foreseen(work_of(desk), str(tmp_path / "x"), desk.meetings.secrets)
    assert any(step.kind == "put" for step in found.steps)
    assert not (tmp_path / "x").exists()


async def test_words_are_said_to_be_there_before_any_original(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "a word")
    seen = list[tuple[str, int]]()
    await meet(
        work_of(desk), str(tmp_path / "x"), desk.meetings.secrets,
        step=lambda step: seen.append((step, lying_in(tmp_path / "x").count("a word"))),
    )  # fmt: skip
    assert seen == [("originals", 1), ("archive", 1)]


async def test_the_archive_follows_what_came_in(desk: Desk, tmp_path: Path) -> None:
    work, place = work_of(desk), str(tmp_path / "x")
    await note(desk, "from here")
    await write_archive(work, tmp_path / "archive")
    await meet(work, place, desk.meetings.secrets)
    other = await Desk.open(Phone(number=2).machine)
    await other.join(place)
    await note(other, "from there")
    await meet(work_of(other), place, other.meetings.secrets)
    done = await meet(work, place, desk.meetings.secrets)
    assert done.written
    assert len(done.written.days_written) == 1
    told = "".join(file.read_text("utf-8") for file in (tmp_path / "archive" / "days").rglob("*.md"))
    assert "from there" in told


async def test_a_folder_that_was_met_is_met_by_itself(desk: Desk, tmp_path: Path) -> None:
    work, place = work_of(desk), str(tmp_path / "x")
    await note(desk, "first")
    await meet(work, place, desk.meetings.secrets)
    await keep_place(work.store.disk, Place(address=place, met=work.machine.clock().at))
    await note(desk, "second")
    await asyncio.sleep(FIRST_SECONDS + 2 * SETTLED_SECONDS)
    await ended(desk, place)
    assert "second" in lying_in(tmp_path / "x")
    await note(desk, "third")
    await asyncio.sleep(EVERY_SECONDS + 2 * SETTLED_SECONDS)
    await ended(desk, place)
    assert "third" in lying_in(tmp_path / "x")


async def test_nothing_is_met_by_itself_that_is_not_here_or_was_never_met(desk: Desk, tmp_path: Path) -> None:
    work, at = work_of(desk), work_of(desk).machine.clock().at
    (tmp_path / "empty").mkdir()
    await keep_place(work.store.disk, Place(address=str(tmp_path / "empty"), met=at))
    await keep_place(work.store.disk, Place(address=str(tmp_path / "stick"), met=at))
    await keep_place(work.store.disk, Place(address=str(tmp_path / "new")))
    await keep_place(work.store.disk, Place(address=SERVER, met=at))
    await note(desk, "stays")
    await asyncio.sleep(EVERY_SECONDS)
    assert desk.meetings.ended == {}
    assert [one.name for one in tmp_path.rglob("*")] == ["empty"]


async def test_nothing_begins_by_itself_while_somebody_writes(desk: Desk, tmp_path: Path) -> None:
    work, place = work_of(desk), str(tmp_path / "x")
    await meet(work, place, desk.meetings.secrets)
    await keep_place(work.store.disk, Place(address=place, met=work.machine.clock().at))
    busy = True
    desk.meetings.busy = lambda: busy
    await asyncio.sleep(FIRST_SECONDS + 5 * SETTLED_SECONDS)
    assert desk.meetings.ended == {}
    busy = False
    await asyncio.sleep(2 * SETTLED_SECONDS)
    await ended(desk, place)


async def test_a_meeting_that_is_stopped_says_so_and_is_gone_on_with(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "goes out later")
    place = str(tmp_path / "x")
    desk.meetings.begin(place)
    desk.meetings.stop()
    await over(desk)
    assert cure_of(desk.meetings.ended[place]) == "go on"
    desk.meetings.begin(place)
    await ended(desk, place)
    assert "goes out later" in lying_in(tmp_path / "x")


async def test_closing_the_study_ends_what_goes_on(desk: Desk, tmp_path: Path) -> None:
    desk.meetings.begin(str(tmp_path / "x"))
    await desk.close()
    assert not desk.meetings.going.address
    assert not desk.meetings.begin(str(tmp_path / "x"))


async def test_in_a_browser_there_are_no_folders_and_none_is_asked(tmp_path: Path) -> None:
    phone = Phone(number=1)
    phone.machine = replace(phone.machine, http=lambda _: pytest.fail("asked"))
    work = work_of(await phone.begun())
    (tmp_path / "format.json").write_text(json.dumps({"format": 1}))
    assert not await answers(work, str(tmp_path))
    with pytest.raises(NotUnderstood, match="no folders"):
        there(phone.machine, str(tmp_path))
    assert there(phone.machine, f" {SERVER} ") == SERVER


async def test_a_password_that_nobody_has_is_asked_for(desk: Desk) -> None:
    with pytest.raises(SecretNeeded) as why:
        await desk.meetings.secrets.find(SERVER)
    assert cure_of(why.value) == "password"


def test_what_helps_depends_on_why_it_ended() -> None:
    assert [cure_of(one) for one in (None, Cancelled(), LoginRefused(), Unreachable(), OSError())] == [
        "", "go on", "password", "again", "again",
    ]  # fmt: skip


async def test_two_devices_hold_the_same_after_each_met_the_folder(desk: Desk, tmp_path: Path) -> None:
    await note(desk, "from the first")
    await meet(work_of(desk), str(tmp_path / "x"), desk.meetings.secrets)
    other = await Desk.open(Phone(number=2).machine)
    done = await other.join(str(tmp_path / "x"))
    assert done.lines_in
    assert texts(other) == ["from the first"]
    (place,) = await read_places(work_of(other).store.disk)
    assert place.met
    await note(other, "from the second")
    other.meetings.begin(place.address)
    await ended(other, place.address)
    await meet(work_of(desk), place.address, desk.meetings.secrets)
    assert sorted(texts(desk)) == ["from the first", "from the second"]
