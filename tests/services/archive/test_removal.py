"""A study leaves this device: unasked where it is proven elsewhere, else with its title; nothing else goes."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from fieldlog.model.errors import NotFound, NotSaved, NotUnderstood, StoreBusy
from fieldlog.services.archive import removal
from fieldlog.services.archive.removal import Standing, remove_study, standing
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.ledger import remember_archive
from fieldlog.services.copies.outbox import make_outgoing, prove
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.machine import Machine, laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.rows import entries
from fieldlog.services.study.device import Device
from fieldlog.services.study.studies import LEAVES, finish_removing, new_study, open_study, studies
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.store import PERSIST_AFTER_LINES
from tests.fakes.clock import FakeClock
from tests.fakes.made import photo
from tests.fakes.phone import STEP_SECONDS, Microphone, Phone, texts

TITLE = "Night block"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return laptop(tmp_path / "data")


async def begun(machine: Machine, title: str = TITLE) -> Workspace:
    """A study with a note and a photo in it."""
    work = await new_study(machine, title=title, zone="Asia/Shanghai", first_day="2025-03-16", days=2)
    capture = Capture(work)
    await capture.begin()
    await capture.note("the rain has stopped")
    await capture.file(Bytes(name="roof.jpg", data=photo()), Chips())
    return work


async def marked(work: Workspace) -> None:
    """It is to leave, and the app is killed before anything of it went."""
    await work.close()
    await work.store.disk.replace(LEAVES, b"{}\n")


async def proven(work: Workspace) -> None:
    """A backup left a phone, and was chosen again."""
    one = await make_outgoing(work)
    await prove(work, Bytes(name="on the stick.zip", data=await work.store.disk.read(f"outbox/{one.name}")))


def open_in(desk: Desk) -> str:
    """The id of the study that is open, "" none."""
    return desk.work.store.project if desk.work else ""


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_what_is_whole_in_a_backup_leaves_unasked_and_nothing_else_goes(
    machine: Machine, tmp_path: Path
) -> None:
    other = await begun(machine, "Another")
    await other.close()
    work = await begun(machine)
    study, writers = work.store.project, dict(work.store.own_writers)
    await make_bundle(work, tmp_path / "all.zip")
    assert (await standing(work)).where == (str(tmp_path / "all.zip"),)
    await work.close()
    data = tmp_path / "data"
    (data / "reserve.bin").write_bytes(b"room")
    beside = held(data / "studies" / other.store.project)
    await remove_study(machine, study)
    assert await studies(machine) == [other.store.project]
    assert [path.name for path in (data / "studies").iterdir()] == [other.store.project]
    assert held(data / "studies" / other.store.project) == beside
    assert (data / "reserve.bin").read_bytes() == b"room"
    assert study not in (await Device.load(machine)).writers
    await import_bundle(machine, tmp_path / "all.zip")
    back = await open_study(machine, study, write=True)
    assert [row["text"] for row in entries.find(back.store, ["rain"])] == ["the rain has stopped"]
    assert len(await back.vault.all()) == 1
    assert not set(back.store.own_writers.values()) & set(writers.values())
    await back.close()


async def test_what_a_link_in_it_leads_to_stays(machine: Machine, tmp_path: Path) -> None:
    work = await begun(machine)
    await work.close()
    outside, study = tmp_path / "outside", work.store.project
    (outside / "below").mkdir(parents=True)
    (outside / "below" / "thesis.txt").write_text("mine")
    folder = tmp_path / "data" / "studies" / study
    (folder / "shortcut").symlink_to(outside, target_is_directory=True)
    await remove_study(machine, study, TITLE)
    assert (held(outside), folder.exists()) == ({"below/thesis.txt": b"mine"}, False)


Unproven = Callable[[Workspace, Path], Awaitable[object]]


async def one_note_more(work: Workspace, folder: Path) -> None:
    await make_bundle(work, folder / "all.zip")
    await Capture(work).note("and it rains again")


async def backup_gone(work: Workspace, folder: Path) -> None:
    await make_bundle(work, folder / "all.zip")
    (folder / "all.zip").unlink()


async def backup_cut(work: Workspace, folder: Path) -> None:
    await make_bundle(work, folder / "all.zip")
    (folder / "all.zip").write_bytes((folder / "all.zip").read_bytes()[:-1])


async def only_since_the_last(work: Workspace, folder: Path) -> None:
    await make_bundle(work, folder / "all.zip")
    await Capture(work).note("and it rains again")
    await make_bundle(work, folder / "since.zip", since_last=True)


async def for_the_team(work: Workspace, folder: Path) -> None:
    await Capture(work).note("I was afraid", Chips(note_type="PN"))
    await make_bundle(work, folder / "team.zip", team_only=True)


async def a_file_nobody_names(work: Workspace, folder: Path) -> None:
    await make_bundle(work, folder / "all.zip")
    await work.vault.keep(Bytes(name="lost.jpg", data=photo(size=(30, 20))))


async def half_written(work: Workspace, folder: Path) -> None:
    await make_bundle(work, folder / "all.zip")
    work.half_written.say("person/new", "name", "Lei", "")
    await work.half_written.keep()


async def an_archive_not_checked(work: Workspace, folder: Path) -> None:
    await write_archive(work, folder / "archive")


async def nothing_at_all(work: Workspace, folder: Path) -> None:
    pass


@pytest.mark.parametrize(
    "so",
    [
        one_note_more, backup_gone, backup_cut, only_since_the_last, for_the_team, a_file_nobody_names,
        half_written, an_archive_not_checked, nothing_at_all,
    ],
)  # fmt: skip
async def test_what_is_not_proven_stays_until_its_title_is_typed(
    machine: Machine, tmp_path: Path, so: Unproven
) -> None:
    work = await begun(machine)
    study = work.store.project
    await so(work, tmp_path)
    assert not (await standing(work)).proven
    await work.close()
    before = held(tmp_path / "data")
    for typed in ("", "night block", study):
        with pytest.raises(NotUnderstood, match="Nothing was removed"):
            await remove_study(machine, study, typed)
    assert held(tmp_path / "data") == before
    await remove_study(machine, study, f" {TITLE} ")
    assert (await studies(machine), list((tmp_path / "data" / "studies").iterdir())) == ([], [])


async def test_an_archive_that_was_checked_since_it_was_written_proves_it(
    machine: Machine, tmp_path: Path
) -> None:
    work, folder = await begun(machine), str(tmp_path / "archive")
    await write_archive(work, tmp_path / "archive")
    now = work.machine.clock().at
    await remember_archive(work, folder, verified_at=now, faults=1)
    assert not (await standing(work)).proven
    await remember_archive(work, folder, verified_at=now, faults=0)
    assert (await standing(work)).where == (folder,)
    await Capture(work).note("and it rains again")
    assert not (await standing(work)).proven
    await work.close()


async def without_its_log(archive: Path) -> None:
    shutil.rmtree(archive / "log")


async def with_a_shorter_log(archive: Path) -> None:
    for log in (archive / "log").iterdir():
        log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))


async def without_its_days(archive: Path) -> None:
    shutil.rmtree(archive / "days")


async def without_its_photo(archive: Path) -> None:
    (photo,) = archive.glob("days/*/photos/*.jpg")
    photo.unlink()


async def with_another_study_in_its_place(archive: Path) -> None:
    shutil.rmtree(archive)
    other = await begun(laptop(archive.parent / "elsewhere"))
    await write_archive(other, archive)
    await other.close()


@pytest.mark.parametrize(
    "happens",
    [
        without_its_log, with_a_shorter_log, without_its_days, without_its_photo, with_another_study_in_its_place,
    ],
)  # fmt: skip
async def test_an_archive_proves_nothing_that_does_not_lie_there_any_more(
    machine: Machine, tmp_path: Path, happens: Callable[[Path], Awaitable[None]]
) -> None:
    work, folder = await begun(machine), tmp_path / "archive"
    await write_archive(work, folder)
    await remember_archive(work, str(folder), verified_at=work.machine.clock().at, faults=0)
    assert (await standing(work)).proven
    await happens(folder)
    assert not (await standing(work)).proven
    await work.close()


async def test_a_photo_of_a_hidden_entry_is_in_no_archive(machine: Machine, tmp_path: Path) -> None:
    work, folder = await begun(machine), str(tmp_path / "archive")
    (entry,) = (doc["id"] for doc in work.store.state.entries() if doc["kind"] == "photo")
    await Editing(work).remove(entry)
    await write_archive(work, tmp_path / "archive")
    await remember_archive(work, folder, verified_at=work.machine.clock().at, faults=0)
    assert not (await standing(work)).proven
    await make_bundle(work, tmp_path / "all.zip")
    assert (await standing(work)).where == (str(tmp_path / "all.zip"),)
    await work.close()


async def test_one_that_is_not_here_or_open_elsewhere_is_not_removed(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await remove_study(machine, "typo")
    phone = Phone()
    desk = await phone.begun()
    assert desk.work
    with pytest.raises(StoreBusy):
        await remove_study(phone.machine, desk.work.store.project, "Vertical days")
    await desk.close()


async def test_stopped_half_way_it_is_gone_for_everybody_and_the_next_start_removes_the_rest(
    machine: Machine, tmp_path: Path
) -> None:
    work = await begun(machine)
    study, folder = work.store.project, tmp_path / "data" / "studies" / work.store.project
    await marked(work)
    shutil.rmtree(folder / "journals")
    assert (folder / LEAVES).exists()
    assert await studies(machine) == []
    desk = await Desk.open(machine)
    assert (open_in(desk), folder.exists()) == ("", False)
    await desk.close()
    again = await open_study(machine, study, write=True)
    assert list(again.store.state.entries()) == []
    await again.close()


async def test_what_comes_back_before_the_rest_was_removed_is_not_removed_with_it(
    machine: Machine, tmp_path: Path
) -> None:
    work = await begun(machine)
    study = work.store.project
    await make_bundle(work, tmp_path / "all.zip")
    await marked(work)
    await import_bundle(machine, tmp_path / "all.zip")
    await finish_removing(machine)
    assert await studies(machine) == [study]


async def test_on_a_phone_the_open_study_leaves_once_its_backup_was_chosen_again() -> None:
    phone = Phone()
    desk = await phone.begun()
    assert desk.work
    assert desk.capture
    await desk.capture.note("灯还没好")
    desk.typed("still writing", Chips())
    with pytest.raises(NotUnderstood, match="Nothing was removed"):
        await desk.remove_study()
    assert sorted(texts(desk)) == ["still writing", "灯还没好"]
    await proven(desk.work)
    await desk.remove_study()
    assert (open_in(desk), desk.empty, await phone.disk.list("studies")) == ("", True, [])
    await desk.begin_study(title="Next", researcher="R1", zone="UTC", first_day="2025-03-16", days=1)
    assert not desk.empty
    await desk.close()


async def test_another_study_is_opened_in_its_place() -> None:
    phone = Phone()
    desk = await phone.begun("First")
    assert desk.work
    first = desk.work.store.project
    await desk.begin_study(title="Second", researcher="R1", zone="UTC", first_day="2025-03-16", days=1)
    await desk.remove_study("Second")
    assert (open_in(desk), await studies(phone.machine)) == (first, [first])
    await desk.close()


async def full(count: int) -> tuple[Phone, Desk]:
    """A study whose views can't be written any more, on a disk where so many bytes are left."""
    phone = Phone()
    desk = await phone.begun(TITLE)
    assert desk.capture
    for n in range(PERSIST_AFTER_LINES - 10):
        await desk.capture.note(f"note {n}")
    await phone.room_for(20_000)
    for n in range(20):
        await desk.capture.note(f"and {n} more")
    await phone.room_for(count)
    return phone, desk


async def test_on_a_full_disk_it_leaves_all_the_same() -> None:
    phone, desk = await full(10_000)
    await desk.remove_study(TITLE)
    assert (desk.empty, open_in(desk), await phone.disk.list("studies")) == (True, "", [])


async def test_where_the_disk_refuses_it_stays_and_what_is_written_then_stays_too() -> None:
    phone, desk = await full(0)
    with pytest.raises(NotSaved):
        await desk.remove_study(TITLE)
    phone.disk.capacity = None
    assert desk.capture
    await desk.capture.note("written after it was refused")
    again = await phone.killed(desk)
    assert len(texts(again)) == PERSIST_AFTER_LINES - 10 + 20 + 1
    await again.close()


async def a_form(desk: Desk) -> None:
    assert desk.work
    desk.work.half_written.say("person/new", "name", "Lei", "")


async def a_memo(desk: Desk) -> None:
    microphone = Microphone(FakeClock(), rate=48_000)
    desk.tape.start(Chips(), rate=48_000, channels_in=1)
    await asyncio.sleep(3 * STEP_SECONDS)
    desk.tape.hear(*microphone.chunk())


async def a_text(desk: Desk) -> None:
    desk.typed("still writing", Chips())


@pytest.mark.parametrize(
    ("begins", "left"),
    [(a_form, ([], {"name": "Lei"})), (a_memo, (["voice"], {})), (a_text, (["jotting"], {}))],
)
async def test_what_is_begun_while_it_is_looked_whether_it_may_leave_is_not_taken_with_it(
    monkeypatch: pytest.MonkeyPatch, begins: Callable[[Desk], Awaitable[None]],
    left: tuple[list[str], dict[str, str]],
) -> None:  # fmt: skip
    phone = Phone()
    desk = await phone.begun(TITLE)
    assert desk.work

    async def looked(work: Workspace) -> Standing:
        found = await standing(work)
        if work.store.writable:
            await begins(desk)
        return found

    monkeypatch.setattr(removal, "standing", looked)
    with pytest.raises(NotUnderstood, match="Something was written just now"):
        await desk.remove_study(TITLE)
    assert await desk.work.store.disk.size(LEAVES) is None
    await desk.close()
    again = await Desk.open(phone.machine)
    assert again.work
    kinds = [doc["kind"] for doc in again.work.store.state.entries()]
    assert (kinds, again.work.half_written.at("person/new").said) == left
    await again.close()


async def test_what_another_process_writes_in_between_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    desk = await phone.begun(TITLE)
    assert desk.work
    assert desk.capture
    study = desk.work.store.project
    await proven(desk.work)

    async def between(machine: Machine, study: str, typed: str) -> None:
        work = await open_study(machine, study, write=True)
        await Capture(work).note("from a terminal")
        await work.close()
        await remove_study(machine, study, typed)

    monkeypatch.setattr(removal, "remove_study", between)
    with pytest.raises(NotUnderstood, match="Nothing was removed"):
        await desk.remove_study()
    assert (open_in(desk), texts(desk)) == (study, ["from a terminal"])
    await desk.close()
