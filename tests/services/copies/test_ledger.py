"""The ledger: whoever changes it, nothing it says is lost; who only reads it changes nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import Lock
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.ledger import LEDGER, Row, change_ledger, read_ledger, remember_begun
from fieldlog.services.copies.only_here import Copies, delivered
from fieldlog.services.erase.elsewhere import elsewhere
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Below, Phone

AT = "2025-03-16T09:00:00+00:00"
SHA = "a" * 64
NOT_NOTED = "This store could not take note of the archive: This disk can only be read."
POSITION = {"segment": 1, "offset": 5, "n": 2, "head": SHA}


@dataclass(frozen=True)
class ReadOnly(Below):
    """A folder of a disk on which nothing can be written."""

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        raise NotSaved("This disk can only be read.")

    async def remove(self, path: str) -> None:
        raise NotSaved("This disk can only be read.")

    async def lock(self, path: str) -> Lock:
        raise NotSaved("This disk can only be read.")


async def test_an_archive_is_written_from_a_disk_that_can_only_be_read_and_that_it_was_not_noted_is_said(
    tmp_path: Path,
) -> None:
    phone = Phone()
    desk = await phone.begun()
    assert desk.capture
    await desk.capture.note("the rain has stopped")
    await desk.close()
    disk = phone.disk
    machine = replace(phone.machine, disk_at=lambda folder: ReadOnly(disk, folder))
    work = await open_study(machine, write=False)
    written = await write_archive(work, tmp_path / "archive")
    assert (written.finished, [str(one) for one in written.problems]) == (True, [NOT_NOTED])
    assert await verify_archive(tmp_path / "archive") == []
    again = await write_archive(work, tmp_path / "archive")
    assert (again.days_written, [str(one) for one in again.problems]) == ((), [NOT_NOTED])


async def test_what_an_earlier_version_noted_is_read_and_written_anew_and_nothing_of_it_is_lost(
    work: Workspace,
) -> None:
    copy = {"at": AT, "lines": 2, "bytes": 90, "team_only": False}
    before = {
        "version": 1, "archive": {"folder": "/a", "written_at": AT, "verified_at": AT, "faults": 1},
        "copies": [{"path": "/b.zip", **copy}], "covered": {"w": POSITION}, "bundled": {"w": 2},
        "begun": {"/c": AT, "/d.zip.part": AT}, "later": 5,
        "outgoing": [{"name": "e.zip", "sha256": SHA, "covered": {"w": POSITION}, **copy}],
    }  # fmt: skip
    await work.store.disk.replace(LEDGER.path, json.dumps(before).encode())
    old = await read_ledger(work)
    await change_ledger(
        work, lambda ledger: ledger.put(Row(kind="archive", path="/new", at=work.machine.clock().at))
    )
    new, said = await read_ledger(work), json.loads(await work.store.disk.read(LEDGER.path))
    assert new.rows[1:] == old.rows
    assert (new.covered, new.bundled, said["later"], said["version"]) == (old.covered, {"w": 2}, 5, 2)
    assert not {"copies", "outgoing", "begun", "archive"} & said.keys()
    assert {copy.path for copy in delivered(new)} == {"/b.zip", "e.zip"}
    assert set(new.unfinished) == {"/c", "/d.zip", "/d.zip.part"}
    (a,) = [row for row in new.rows if row.path == "/a"]
    assert (a.faults, a.verified_at, a.at) == (1, a.at, a.at)


async def test_of_many_changes_at_once_none_is_lost(tmp_path: Path) -> None:
    """The app, and a terminal that writes archives of the same study beside it."""
    app = await open_study(laptop(tmp_path), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(app).begin()
    terminal = await open_study(laptop(tmp_path), write=False)
    await asyncio.gather(
        *(remember_begun(one, "archive", f"/{name}/{n}") for n in range(12) for name, one in
          (("app", app), ("terminal", terminal)))
    )  # fmt: skip
    assert len((await read_ledger(app)).unfinished) == 24
    await app.close()


async def test_who_only_reads_never_writes_it(tmp_path: Path, clock: FakeClock) -> None:
    phone = Phone(clock)
    desk = await phone.begun()
    await desk.close()
    study = (await phone.disk.list("studies"))[0].name
    damaged = b'{"copies":[{"at"'
    await phone.disk.replace(f"studies/{study}/{LEDGER.path}", damaged)
    disk: MemoryDisk = phone.disk
    machine = replace(phone.machine, disk_at=lambda folder: ReadOnly(disk, folder))
    work = await open_study(machine, write=False)
    assert (await Copies.open(work)).copies == []
    assert await verify_store(work) == []
    assert await disk.read(f"studies/{study}/{LEDGER.path}") == damaged


async def test_every_archive_and_every_copy_that_may_hold_it_is_named_however_many_there_are(
    work: Workspace, clock: FakeClock, tmp_path: Path
) -> None:
    note = await Capture(work).note("what was said in the van")
    for name in ("home", "stick"):
        clock.advance(minutes=1)
        await write_archive(work, tmp_path / name)
    for n in range(25):
        await make_bundle(work, tmp_path / f"{n}.zip", since_last=n > 0)
    clock.advance(minutes=1)
    found = await elsewhere(work, await Erasing(work).erase([note.id], reason="asked-to"))
    assert set(found.archives) == {str(tmp_path / "home"), str(tmp_path / "stick")}
    assert {one.path for one in found.copies} == {str(tmp_path / f"{n}.zip") for n in range(25)}


async def test_what_stays_because_the_disk_refuses_to_remove_it_is_named(
    work: Workspace, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldlog.disk.posix import PosixDisk

    note = await Capture(work).note("what was said in the van")

    async def refuse(self: PosixDisk, *args: object, **_: object) -> None:
        raise NotSaved("no")

    with monkeypatch.context() as refusing:
        refusing.setattr(PosixDisk, "move", refuse)
        refusing.setattr(PosixDisk, "remove", refuse)
        with pytest.raises(NotSaved):
            await make_bundle(work, tmp_path / "copy.zip")
        clock.advance(minutes=1)
        (left,) = tmp_path.iterdir()
        found = await elsewhere(work, await Erasing(work).erase([note.id], reason="asked-to"))
        assert str(left) in {one.path for one in found.copies}
    other = await Capture(work).note("and one more")
    found = await elsewhere(work, await Erasing(work).erase([other.id], reason="asked-to"))
    assert (found.copies, list(tmp_path.iterdir())) == ((), [])
