"""Archive, bundle and restore: what goes out comes back byte for byte."""

from __future__ import annotations

import hashlib
import shutil
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldlog.media.sound.wav import read_plan
from fieldlog.media.vault import Vault
from fieldlog.model.chain import Behind
from fieldlog.model.entry import Attachment, Entry
from fieldlog.model.errors import FieldLogError, NotUnderstood, WrongPlace
from fieldlog.services.archive.restore import restore
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import Machine, laptop
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.month.scaled import BASE

pytestmark = pytest.mark.xdist_group("month")
"""The month is made and brought in once."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def archived(machine: Machine, folder: Path) -> dict[str, bytes]:
    work = await open_study(machine, write=False)
    written = await write_archive(work, folder)
    assert (written.missing, written.damaged, written.finished) == ((), (), True)
    await work.close()
    assert await verify_archive(folder) == []
    return files(folder)


async def test_the_month_comes_back_whole_from_archive_and_bundle(imported: Path, tmp_path: Path) -> None:
    first = laptop(shutil.copytree(imported, tmp_path / "first"))
    work = await open_study(first, write=True)
    await make_bundle(work, tmp_path / "whole.zip")
    assert await verify_store(work) == []
    await work.close()
    original = await archived(first, tmp_path / "archive")
    second, third = laptop(tmp_path / "second"), laptop(tmp_path / "third")
    restored = await restore(second, tmp_path / "archive")
    assert restored.problems == ()
    assert (await import_bundle(third, tmp_path / "whole.zip")).problems == []
    assert await archived(second, tmp_path / "again") == original
    assert await archived(third, tmp_path / "bundled") == original
    with pytest.raises(WrongPlace):
        await restore(second, tmp_path / "archive")


def wav(samples: range) -> bytes:
    data = b"".join(struct.pack("<h", n % 30000) for n in samples)
    head = struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVEfmt "
        + head
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )


async def segmented(work: Workspace, tmp_path: Path) -> None:
    """A memo of three segments, as the recorder leaves them."""
    made = []
    for place, samples in enumerate([range(16000), range(16000, 32000), range(32000, 37000)]):
        path = tmp_path / f"segment{place}.wav"
        path.write_bytes(wav(samples))
        kept = await work.vault.keep(FileSource(path=path))
        made.append(Attachment(id=work.machine.new_id(), kind="audio", sha256=kept.sha256, bytes=kept.bytes,
                               extension="wav", frames=len(samples), rate=16000, channels=1))  # fmt: skip
    at = "2025-03-16T23:00:00+08:00"
    entry = Entry(id=work.machine.new_id(), kind="voice", occurred_at=at, created_at=at,
                  attachments=tuple(one.id for one in made))  # fmt: skip
    await work.save([work.op(record) for record in (*made, entry)])


async def test_a_memo_of_segments_is_one_file_in_the_archive_and_the_same_segments_afterwards(
    tmp_path: Path,
) -> None:
    machine = laptop(tmp_path / "data")
    await import_month(machine, BASE)
    work = await open_study(machine, write=True)
    await segmented(work, tmp_path)
    segments = {one.sha256 for one in await work.vault.all()}
    await work.close()
    original = await archived(machine, tmp_path / "archive")
    (joined,) = [data for path, data in original.items() if path.endswith("memo-01.wav") and "pd14" in path]
    assert joined == wav(range(37000))
    await restore(laptop(tmp_path / "second"), tmp_path / "archive")
    again = await open_study(laptop(tmp_path / "second"), write=False)
    assert {one.sha256 for one in await again.vault.all()} == segments
    assert await archived(laptop(tmp_path / "second"), tmp_path / "again") == original
    handle = await again.vault.open(sorted(segments)[0])
    assert read_plan(handle).canonical
    handle.close()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    yield laptop(tmp_path / "phone"), laptop(tmp_path / "laptop")


async def test_a_bundle_since_the_last_carries_what_is_new_and_needs_the_one_before(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    phone, laptop_ = machines
    work = await open_study(phone, phone.new_id(), write=True)
    capture = Capture(work)
    await capture.begin()
    await capture.note("one")
    await make_bundle(work, tmp_path / "1.zip", since_last=True)
    picture = tmp_path / "call-sheet.csv"
    picture.write_text("Scene,34-2\n", encoding="utf-8")
    await capture.file(FileSource(path=picture))
    made = await make_bundle(work, tmp_path / "2.zip", since_last=True)
    assert (made.lines, made.files) == (1, 1)
    with pytest.raises(Behind):
        await import_bundle(laptop_, tmp_path / "2.zip")
    await import_bundle(laptop_, tmp_path / "1.zip")
    await import_bundle(laptop_, tmp_path / "2.zip")
    other = await open_study(laptop_, write=False)
    assert other.store.state.tables == work.store.state.tables
    assert (await import_bundle(laptop_, tmp_path / "2.zip")).new["line"] == 0
    await work.close()


async def test_a_bundle_for_the_team_holds_no_personal_note(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    work = await open_study(machines[0], machines[0].new_id(), write=True)
    capture = Capture(work)
    await capture.begin()
    await capture.note("for all")
    await capture.note("I was afraid", Chips(note_type="PN"))
    await make_bundle(work, tmp_path / "team.zip", team_only=True)
    await work.close()
    with zipfile.ZipFile(tmp_path / "team.zip") as bag:
        everything = b"".join(bag.read(name) for name in bag.namelist())
    assert b"for all" in everything
    assert b"afraid" not in everything


async def test_a_bundle_that_was_cut_short_is_taken_as_far_as_it_goes(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    work = await open_study(machines[0], machines[0].new_id(), write=True)
    capture = Capture(work)
    await capture.begin()
    for n in range(9):
        await capture.note(f"note {n}")
    await make_bundle(work, tmp_path / "b.zip")
    await work.close()
    data = (tmp_path / "b.zip").read_bytes()
    for cut in (0, 10, 300):
        (tmp_path / "cut.zip").write_bytes(data[:cut])
        with pytest.raises(FieldLogError):
            await import_bundle(machines[1], tmp_path / "cut.zip")
    found = []
    for cut in (len(data) // 4, len(data) // 2, len(data) - 30):
        (tmp_path / "cut.zip").write_bytes(data[:cut])
        assert (await import_bundle(machines[1], tmp_path / "cut.zip")).damaged
        there = await open_study(machines[1], write=False)
        found.append(len(list(there.store.state.entries())))
        await there.close()
    assert found == sorted(set(found))
    assert found[-1] == 9
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as bag:
        bag.writestr("hello.txt", "x")
    with pytest.raises(NotUnderstood):
        await import_bundle(machines[1], tmp_path / "other.zip")


async def test_verify_names_a_changed_and_a_lost_original(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    work = await open_study(machines[0], machines[0].new_id(), write=True)
    capture = Capture(work)
    await capture.begin()
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"{name},1\n", encoding="utf-8")
        await capture.file(FileSource(path=tmp_path / name))
    assert await verify_store(work) == []
    vault: Vault = work.vault
    changed, lost = [one.path for one in await vault.all()]
    root = tmp_path / "phone" / "studies" / work.store.project
    (root / changed).write_bytes(b"z" * (root / changed).stat().st_size)
    (root / lost).unlink()
    faults = await verify_store(work)
    assert len(faults) == 2
    assert all(
        hashlib.sha256(f"{name},1\n".encode()).hexdigest() in "".join(faults) for name in ("a.csv", "b.csv")
    )
    await work.close()
