"""The archive as one ZIP: the folder's files, the same bytes every time, never in the place of anything else."""

from __future__ import annotations

import os
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fieldlog.model.errors import NotSaved, NotUnderstood, WrongPlace
from fieldlog.services.archive import zip_folder, zipped
from fieldlog.services.archive.write import write_archive
from fieldlog.services.archive.zipped import leaving, make_leaving, remove_leaving, write_zip
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies import ledger
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.ledger import read_ledger
from fieldlog.services.desk import Desk
from fieldlog.services.erase.elsewhere import elsewhere
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes, FileSource
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.phone import Phone
from tests.month.scaled import BASE

LARGE = 5_000_000
"""More than an archive puts in place from memory."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bag:
        assert bag.testzip() is None
        return {name: bag.read(name) for name in bag.namelist()}


@pytest.fixture
async def study(tmp_path: Path) -> AsyncIterator[Workspace]:
    """The sample month with a photo and a large file."""
    await import_month(laptop(tmp_path / "data"), BASE)
    work = await open_study(laptop(tmp_path / "data"), write=True)
    capture = Capture(work)
    await capture.file(Bytes(name="IMG_1.jpg", data=b"\xff\xd8 a photo"))
    (tmp_path / "long.bin").write_bytes(os.urandom(LARGE))
    await capture.file(FileSource(path=tmp_path / "long.bin"))
    yield work
    await work.close()


async def test_its_members_are_the_folders_files_in_order_not_packed_and_of_one_time(
    study: Workspace, tmp_path: Path
) -> None:
    await write_archive(study, tmp_path / "archive")
    made = await write_zip(study, tmp_path / "month.zip")
    assert members(tmp_path / "month.zip") == files(tmp_path / "archive")
    assert (made.bytes, made.files) == ((tmp_path / "month.zip").stat().st_size, len(files(tmp_path / "archive")))
    with zipfile.ZipFile(tmp_path / "month.zip") as bag:
        assert bag.namelist() == sorted(bag.namelist())
        told = {(one.compress_type, one.date_time, one.external_attr, one.create_system) for one in bag.infolist()}
    assert told == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0o644 << 16, 3)}
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "data", "long.bin", "month.zip"}


async def test_two_runs_and_two_devices_and_a_phone_give_the_same_bytes(study: Workspace, tmp_path: Path) -> None:
    first = tmp_path / "first.zip"
    await write_zip(study, first)
    before = first.read_bytes()
    await write_zip(study, first)
    assert first.read_bytes() == before
    await make_bundle(study, tmp_path / "copy.zip")
    await import_bundle(laptop(tmp_path / "other"), tmp_path / "copy.zip")
    other = await open_study(laptop(tmp_path / "other"), write=False)
    await write_zip(other, tmp_path / "other.zip")
    await other.close()
    assert (tmp_path / "other.zip").read_bytes() == before
    phone = await Desk.open(Phone().machine)
    await phone.take_in(FileSource(path=tmp_path / "copy.zip"))
    assert phone.work
    await make_leaving(phone.work)
    row = await leaving(phone.work)
    assert row
    assert await phone.work.store.disk.read(f"outbox/{row.path}") == before
    assert row.bytes == len(before)
    await phone.close()


async def test_a_zip_of_a_phone_takes_the_place_of_the_one_before_and_can_be_removed() -> None:
    phone = Phone()
    desk = await phone.begun()
    assert desk.work
    assert desk.capture
    await desk.capture.note("one")
    await make_leaving(desk.work)
    first = await leaving(desk.work)
    phone.clock.advance(minutes=5)  # type: ignore[attr-defined]
    await make_leaving(desk.work)
    second = await leaving(desk.work)
    assert first
    assert second
    assert first.path != second.path
    assert [one.name for one in await desk.work.store.disk.list("outbox")] == [second.path]
    await remove_leaving(desk.work)
    assert await desk.work.store.disk.list("outbox") == []
    assert await leaving(desk.work) is None
    assert [row.path for row in (await read_ledger(desk.work)).newest("zip")] == [second.path, first.path]


async def test_what_is_erased_takes_the_zip_that_lies_here_with_it_and_names_where_it_may_have_gone() -> None:
    desk = await Phone().begun()
    assert desk.work
    assert desk.capture
    note = await desk.capture.note("not agreed to")
    await make_leaving(desk.work)
    row = await leaving(desk.work)
    assert row
    found = await elsewhere(desk.work, await Erasing(desk.work).erase([note.id], reason="asked-to"))
    assert await desk.work.store.disk.list("outbox") == []
    assert found.archives == (row.path,)


@pytest.mark.parametrize("there", ["words", "a foreign ZIP", "another study", "torn"])
async def test_it_takes_the_place_of_nothing_that_is_not_ours(
    study: Workspace, tmp_path: Path, there: str
) -> None:
    path = tmp_path / "month.zip"
    if there == "words":
        path.write_text("my own list", encoding="utf-8")
    elif there == "a foreign ZIP":
        with zipfile.ZipFile(path, "w") as bag:
            bag.writestr("README.md", "mine")
    elif there == "another study":
        other = await open_study(laptop(tmp_path / "other"), study.machine.new_id(), write=True)
        await Capture(other).begin()
        await write_zip(other, path)
        await other.close()
    else:
        await write_zip(study, path)
        path.write_bytes(path.read_bytes()[:-100])
    before = path.read_bytes()
    with pytest.raises(WrongPlace, match=r"is no archive of this study.*nothing was written"):
        await write_zip(study, path)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
    assert not [row for row in (await read_ledger(study)).rows if row.begun]


async def test_an_archive_that_holds_more_stays(study: Workspace, tmp_path: Path) -> None:
    await make_bundle(study, tmp_path / "copy.zip")
    await import_bundle(laptop(tmp_path / "other"), tmp_path / "copy.zip")
    await Capture(study).note("only here")
    path = tmp_path / "month.zip"
    await write_zip(study, path)
    before = path.read_bytes()
    other = await open_study(laptop(tmp_path / "other"), write=False)
    with pytest.raises(WrongPlace, match="may hold more"):
        await write_zip(other, path)
    await other.close()
    assert path.read_bytes() == before
    vault = tmp_path / "data" / "studies" / study.store.project
    lost = next(one for one in await study.vault.all() if one.bytes == LARGE)
    (vault / lost.path).unlink()
    with pytest.raises(WrongPlace, match="may hold more"):
        await write_zip(study, path)
    assert path.read_bytes() == before


async def test_an_original_that_is_lost_or_changed_is_named_and_the_rest_is_whole(
    study: Workspace, tmp_path: Path
) -> None:
    await write_zip(study, tmp_path / "whole.zip")
    whole = members(tmp_path / "whole.zip")
    vault = tmp_path / "data" / "studies" / study.store.project
    large = next(one for one in await study.vault.all() if one.bytes == LARGE)
    (vault / large.path).write_bytes(b"z" * LARGE)
    made = await write_zip(study, tmp_path / "changed.zip")
    (name,) = made.written.damaged
    assert whole[name][:4] != b"zzzz"
    found = members(tmp_path / "changed.zip")
    assert whole.keys() - found.keys() == {name}
    assert (tmp_path / "changed.zip").stat().st_size < LARGE, "what was not the original left no bytes behind"
    (vault / large.path).unlink()
    assert (await write_zip(study, tmp_path / "lost.zip")).written.missing == (name,)
    assert members(tmp_path / "lost.zip") == found


def flips(bag: zipfile.ZipFile) -> None:
    assert bag.fp
    bag.fp.seek(bag.infolist()[3].header_offset + 60)
    bag.fp.write(b"\0")


def loses(bag: zipfile.ZipFile) -> None:
    bag.filelist.pop(3)


@pytest.mark.parametrize("fault", [flips, loses])
async def test_a_zip_that_was_not_written_as_it_was_meant_gets_no_name(
    study: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[zipfile.ZipFile], None]
) -> None:
    monkeypatch.setattr(zipped, "in_order", fault)
    with pytest.raises(NotUnderstood, match="not written whole"):
        await write_zip(study, tmp_path / "month.zip")
    assert not list(tmp_path.glob("month.zip*"))


async def test_a_disk_that_is_full_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    phone = Phone()
    desk = await phone.begun()
    assert desk.work
    assert desk.capture
    await desk.capture.file(Bytes(name="long.bin", data=os.urandom(LARGE)))
    await phone.room_for(LARGE // 2)
    with pytest.raises(NotSaved):
        await make_leaving(desk.work)
    assert await desk.work.store.disk.list("outbox") == []
    phone.disk.capacity = None
    await make_leaving(desk.work)
    assert len(await desk.work.store.disk.list("outbox")) == 1


async def test_above_four_gigabytes_the_table_is_wide(
    study: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100_000)
    await write_zip(study, tmp_path / "wide.zip")
    await write_archive(study, tmp_path / "archive")
    data = (tmp_path / "wide.zip").read_bytes()
    assert b"PK\6\6" in data[-200:]
    assert members(tmp_path / "wide.zip") == files(tmp_path / "archive")


async def test_a_ledger_that_takes_nothing_stops_no_archive_and_that_is_said(
    study: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise NotSaved("the disk is only read")

    monkeypatch.setattr(ledger, "change_kept", refused)
    made = await write_zip(study, tmp_path / "month.zip")
    assert made.written.problems == ("This store could not take note of the archive: the disk is only read",)
    assert members(tmp_path / "month.zip")


async def test_the_files_of_a_zip_are_listed_as_a_disk_lists_them(study: Workspace, tmp_path: Path) -> None:
    await write_zip(study, tmp_path / "month.zip")
    with zipfile.ZipFile(tmp_path / "month.zip") as bag:
        folder = zip_folder.ZipFolder(bag)
        assert [one.name for one in await folder.list("")] == [
            "README.md", "data-list.csv", "days", "log", "manifest-sha256.txt"
        ]  # fmt: skip
        assert all(one.is_dir for one in await folder.list("days"))
        handle = await folder.open_read("README.md")
        assert (handle.read(3, 5), handle.read(0, 3)) == (bag.read("README.md")[3:8], b"---")
