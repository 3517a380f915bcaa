"""Damage does not spread: what is whole goes out and comes in, what is not is named, what comes later heals."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotSaved, NotUnderstood, StoreBusy, WrongPlace
from fieldlog.model.line import decode, encode
from fieldlog.model.ports import Disk
from fieldlog.services.archive import log
from fieldlog.services.archive import restore as restoring
from fieldlog.services.archive.restore import restore
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import as_it_is, write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_faults import verify_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.machine import Machine, folder_disk, laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study, studies
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import passing
from fieldlog.store.journal import Files
from fieldlog.store.reached import Reached
from fieldlog.store.store import Store
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.made import riff, tone
from tests.fakes.phone import Phone

STUDY = "01950000-0000-7000-8000-000000000001"
BUNDLES = Path(__file__).parent / "bundles"


_numbers = itertools.count(1)


def device() -> Machine:
    """Another device, with nothing on it."""
    return Phone(number=next(_numbers)).machine


async def five_notes(machine: Machine) -> Workspace:
    """Five notes, one of them personal, on the 16th; a memo and a paper."""
    work = await open_study(machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin(title="Vertical days", zone="Asia/Shanghai")
    for n in range(4):
        await capture.note(f"note {n} 灯还没好")
    await capture.note("I was afraid", Chips(note_type="PN"))
    await capture.file(Bytes(name="memo.wav", data=riff(tone(90, 1))))
    await work.store.settle(idle=True)
    return work


def journal(work: Workspace, lane: str = "team") -> str:
    return f"journals/{work.device.writers[STUDY][lane]}/000001.jsonl"


async def hurt(work: Workspace, *numbers: int, views: bool = True) -> Workspace:
    """Change one bit of what each of these lines of the team says, while nobody has the study open."""
    path, disk = journal(work), work.store.disk
    await work.close()
    for line in numbers:
        await flip(disk, path, line)
    if not views:
        await without_views(disk)
    return await open_study(work.machine, STUDY, write=True)


async def without_views(disk: Disk) -> None:
    for found in await disk.list("views"):
        await disk.remove(f"views/{found.name}")


async def flip(disk: Disk, path: str, line: int) -> None:
    lines = (await disk.read(path)).split(b"\n")
    raw = lines[line - 1]
    at = raw.index(b'"text":"') + 10 if b'"text":"' in raw else len(raw) // 2
    lines[line - 1] = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
    await disk.replace(path, b"\n".join(lines))


async def line_of(work: Workspace, text: str) -> int:
    lines = (await work.store.disk.read(journal(work))).split(b"\n")
    return next(n for n, raw in enumerate(lines, 1) if text.encode() in raw)


def texts(work: Workspace) -> list[str]:
    return sorted(str(doc["text"]) for doc in work.store.state.entries() if doc.get("text"))


ALL = ["I was afraid", *(f"note {n} 灯还没好" for n in range(4))]


async def test_a_flipped_bit_in_a_journal_costs_nothing_that_the_days_still_say(tmp_path: Path) -> None:
    work = await five_notes(device())
    work = await hurt(work, await line_of(work, "note 2"))
    written = await write_archive(work, tmp_path / "A")
    assert any("journal" in one for one in written.problems)
    assert any("note 2" in one for one in written.problems)
    made = await make_bundle(work, tmp_path / "B.zip")
    assert [(one.first, one.last) for one in made.lost] == [(await line_of(work, "note 3") - 1,) * 2]
    assert any("damaged" in fault or "lost" in fault for fault in await verify_archive(tmp_path / "A"))
    assert any("lost" in fault for fault in await verify_bundle(tmp_path / "B.zip"))
    await work.close()
    elsewhere = device()
    restored = await restore(elsewhere, tmp_path / "A")
    assert restored.damaged
    assert any("filled in" in one or "lost" in one for one in restored.problems)
    again = await open_study(elsewhere, write=True)
    assert texts(again) == ALL
    await again.close()
    third = device()
    done = await import_bundle(third, tmp_path / "B.zip")
    assert done.damaged
    again = await open_study(third, write=True)
    assert texts(again) == [one for one in ALL if "note 2" not in one]
    await again.close()


async def test_a_whole_line_that_comes_later_heals_what_was_filled_in(tmp_path: Path) -> None:
    work = await five_notes(device())
    whole = {name: dict(table) for name, table in work.store.state.tables.items()}
    await make_bundle(work, tmp_path / "whole.zip")
    work = await hurt(work, await line_of(work, "note 2"), 1)
    await write_archive(work, tmp_path / "A")
    await make_bundle(work, tmp_path / "B.zip")
    # The store itself is healed by what it once gave away.
    await work.close()
    for first, then in (("A", "whole.zip"), ("whole.zip", "A"), ("B.zip", "whole.zip"), ("B.zip", "A")):
        machine = device()
        for one in (first, then):
            if one.endswith(".zip"):
                await import_bundle(machine, tmp_path / one)
            else:
                await restore(machine, tmp_path / one, into=True)
        healed = await open_study(machine, STUDY, write=True)
        if "whole.zip" in (first, then):
            assert healed.store.state.tables == whole, (first, then)
        assert texts(healed) == ALL, (first, then)
        await healed.close()
    await import_bundle(work.machine, tmp_path / "whole.zip")
    work = await open_study(work.machine, STUDY, write=True)
    assert await verify_store(work) == []
    await work.close()


def only_the_word(data: bytes) -> bytes:
    return data.replace(b"note 1", b"note 7")


def with_its_checksums(data: bytes) -> bytes:
    """Another word in a line that is whole by itself: only the chain tells."""
    raws = data.split(b"\n")
    at = next(n for n, raw in enumerate(raws) if b"note 1" in raw)
    line = decode(raws[at])
    ops = [replace(op, v={**op.v, "text": "note 7"}) for op in line.ops]
    changed, _ = encode(writer=line.writer, lane=line.lane, n=line.n, prev=line.prev, salt="00", ops=ops)
    raws[at] = changed.rstrip(b"\n")
    return b"\n".join(raws)


@pytest.mark.parametrize("change", [only_the_word, with_its_checksums])
async def test_a_word_changed_in_the_log_of_an_archive_is_found_although_its_manifest_says_so(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    work = await five_notes(device())
    await write_archive(work, tmp_path / "A")
    log = next(one for one in (tmp_path / "A" / "log").iterdir() if b"note 1" in one.read_bytes())
    before = log.read_bytes()
    log.write_bytes(change(before))
    assert log.read_bytes() != before
    manifest = tmp_path / "A" / "manifest-sha256.txt"
    manifest.write_text(
        manifest.read_text().replace(
            hashlib.sha256(before).hexdigest(), hashlib.sha256(log.read_bytes()).hexdigest()
        )
    )
    faults = await verify_archive(tmp_path / "A")
    assert any(log.name in one and "line" in one for one in faults)
    await work.close()


@pytest.mark.parametrize("gone", ["the last lines", "a lane", "all but the first line"])
async def test_a_journal_that_ends_before_it_had_come_is_named(gone: str, tmp_path: Path) -> None:
    work = await five_notes(device())
    disk, path = work.store.disk, journal(work, "mine" if gone == "a lane" else "team")
    await work.close()
    lines = (await disk.read(path)).split(b"\n")
    if gone == "a lane":
        await disk.remove(path)
        await disk.remove(path.rpartition("/")[0])
    else:
        kept = lines[:-3] if gone == "the last lines" else lines[:1]
        await disk.replace(path, b"\n".join(kept) + b"\n")
    await without_views(disk)
    read = await Store.open(disk, STUDY, salt=lambda: "00", own=None)
    assert [one.what for one in await read.verify() if one.what == "short"] == ["short"]
    await read.close()
    work = await open_study(work.machine, STUDY, write=True)
    made = await make_bundle(work, tmp_path / "b.zip")
    assert not made.whole
    assert len(made.lost) == 1
    # No number is given twice: what comes from elsewhere still fits.
    await Capture(work).note("still writing", Chips(note_type="PN"))
    entry = await Capture(work).note("still writing")
    assert await verify_store(work)
    other = device()
    made = await make_bundle(work, tmp_path / "c.zip")
    assert (await import_bundle(other, tmp_path / "c.zip")).damaged
    there = await open_study(other, STUDY, write=True)
    assert there.store.state.get(entry.id)
    await there.close()
    await work.close()


async def test_a_segment_missing_in_the_middle_is_named_and_views_are_not_to_be_deleted(tmp_path: Path) -> None:
    work = await five_notes(device())
    disk, path = work.store.disk, journal(work)
    await work.close()
    lines = (await disk.read(path)).split(b"\n")
    await disk.replace(path, b"\n".join(lines[:2]) + b"\n")
    await disk.replace(f"{path.rpartition('/')[0]}/000003.jsonl", b"\n".join(lines[4:]))
    work = await open_study(work.machine, STUDY, write=True)
    faults = await verify_store(work)
    assert any("missing" in one for one in faults)
    assert not any("deleted" in one for one in faults)
    assert any("last copy" in one for one in faults)
    made = await make_bundle(work, tmp_path / "b.zip")
    assert [(one.first, one.last) for one in made.lost] == [(3, 4)]
    await work.close()


async def test_a_view_that_differs_from_whole_journals_may_be_made_anew(tmp_path: Path) -> None:
    work = await five_notes(device())
    next(iter(work.store.state.tables["study"].values()))["title"] = "Another"
    assert any("made anew" in one for one in await verify_store(work))
    await work.close()


async def test_a_restore_that_was_stopped_goes_on_and_one_that_is_done_is_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = await five_notes(device())
    await write_archive(work, tmp_path / "A")
    tables = {name: dict(table) for name, table in work.store.state.tables.items()}
    await work.close()
    elsewhere = device()

    class Killed(BaseException):
        pass

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as stopped, pytest.raises(Killed):
        stopped.setattr(restoring, "take_lines", killed)
        await restore(elsewhere, tmp_path / "A")
    half = await open_study(elsewhere, STUDY, write=False)
    assert any("restore" in one.lower() for one in await verify_store(half))
    await half.close()
    assert (await restore(elsewhere, tmp_path / "A")).problems == ()
    again = await open_study(elsewhere, STUDY, write=True)
    assert again.store.state.tables == tables
    assert await verify_store(again) == []
    await again.close()
    with pytest.raises(WrongPlace):
        await restore(elsewhere, tmp_path / "A")


async def test_a_restore_into_a_store_that_is_open_elsewhere_is_refused_and_says_nothing_later(
    tmp_path: Path,
) -> None:
    work = await five_notes(device())
    await write_archive(work, tmp_path / "A")
    await work.close()
    elsewhere = device()
    empty = await open_study(elsewhere, STUDY, write=True)
    with pytest.raises(StoreBusy):
        await restore(elsewhere, tmp_path / "A")
    assert await verify_store(empty) == []
    await empty.close()


async def test_a_missing_and_a_changed_original_are_left_out_and_named_by_day_and_entry(tmp_path: Path) -> None:
    work = await five_notes(device())
    await Capture(work).file(Bytes(name="sheet.csv", data=b"Scene,34-2\n"))
    stored = {one.path.rpartition(".")[2]: one for one in await work.vault.all()}
    await work.store.disk.remove(stored["wav"].path)
    await work.store.disk.replace(stored["csv"].path, b"Scene,34-2\n\n")
    made = await make_bundle(work, tmp_path / "m.zip")
    assert (made.missing, made.damaged) == ((stored["wav"].sha256,), (stored["csv"].sha256,))
    faults = await verify_bundle(tmp_path / "m.zip")
    assert len(faults) == 2
    assert all(str(work.machine.clock().at.year) in one for one in faults)
    assert any("memo.wav" in one for one in faults)
    done = await import_bundle(device(), tmp_path / "m.zip")
    assert len(done.problems) == 2
    assert done.damaged
    await work.close()


async def test_nothing_is_overwritten_that_a_bundle_does_not_hold(tmp_path: Path) -> None:
    work = await five_notes(device())
    text, whole = tmp_path / "mine.txt", tmp_path / "w.zip"
    text.write_text("My own words.", encoding="utf-8")
    with pytest.raises(WrongPlace):
        await make_bundle(work, text)
    assert text.read_text(encoding="utf-8") == "My own words."
    with pytest.raises(WrongPlace):
        await make_bundle(work, tmp_path / "not" / "there.zip")
    assert not (tmp_path / "not").exists()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as bag:
        bag.writestr("hello.txt", "x")
    with pytest.raises(WrongPlace):
        await make_bundle(work, tmp_path / "other.zip")
    await make_bundle(work, whole)
    before = whole.read_bytes()
    for since_last, team_only in ((True, False), (False, True)):
        with pytest.raises(WrongPlace):
            await make_bundle(work, whole, since_last=since_last, team_only=team_only)
        assert whole.read_bytes() == before
    shutil.copy(BUNDLES / "whole-deflated.zip", tmp_path / "theirs.zip")
    await Capture(work).note("one more")
    await make_bundle(work, whole)
    assert whole.read_bytes() != before
    # What was whole is not replaced by what is not.
    before = whole.read_bytes()
    work = await hurt(work, 3)
    with pytest.raises(WrongPlace):
        await make_bundle(work, whole)
    assert whole.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mine.txt", "other.zip", "theirs.zip", "w.zip"]
    await work.close()


async def test_an_archive_gives_up_no_line_for_one_that_is_lost(tmp_path: Path) -> None:
    work = await five_notes(device())
    await write_archive(work, tmp_path / "A")
    logs = {path.name: path.read_bytes() for path in (tmp_path / "A" / "log").iterdir()}
    work = await hurt(work, await line_of(work, "note 2"), views=False)
    assert [one for one in ALL if one not in texts(work)] == ["note 2 灯还没好"]
    await write_archive(work, tmp_path / "A")
    assert {path.name: path.read_bytes() for path in (tmp_path / "A" / "log").iterdir()} == logs
    await work.close()
    done = await restore(work.machine, tmp_path / "A", into=True)
    assert not done.damaged
    work = await open_study(work.machine, STUDY, write=True)
    assert texts(work) == ALL
    assert await verify_store(work) == []
    await work.close()


async def test_a_journal_that_was_found_sound_is_gone_through_again_once_its_bytes_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the study stays open; what the archive holds stays, and is what the journal's hash is told of."""
    looked, is_sound = list[bool](), passing.is_sound

    def counted(files: Files, reached: Reached | None) -> bool:
        looked.append(is_sound(files, reached))
        return looked[-1]

    monkeypatch.setattr(log, "is_sound", counted)
    work = await five_notes(laptop(tmp_path / "data"))
    held = {}
    for _ in range(4):
        await write_archive(work, tmp_path / "A")
        held = {one.name: one.read_bytes() for one in (tmp_path / "A" / "log").iterdir()}
    writers = len(held)
    assert looked == [True] * 2 * writers, "as it is written, and once as it lies there"
    lies = next((tmp_path / "data").rglob(journal(work).partition("/")[2]))
    lies.write_bytes(lies.read_bytes().replace(b"note 2", b"note 3"))
    looked.clear()
    now = (await as_it_is(work, folder_disk(tmp_path / "A"))).lines
    await now.look()
    for writer in now.writers():
        data = b"".join([part async for part in now.chunks(writer)])
        assert await now.digest(writer) == (hashlib.sha256(data).hexdigest(), len(data))
        assert data == held[f"{writer}.jsonl"], "the archive has the line that is damaged here"
    assert False in looked
    await work.close()


async def test_an_archive_keeps_the_lines_of_a_store_that_was_set_back(tmp_path: Path) -> None:
    work = await five_notes(device())
    disk, path = work.store.disk, journal(work)
    await write_archive(work, tmp_path / "A")
    logs = {one.name: one.read_bytes() for one in (tmp_path / "A" / "log").iterdir()}
    await work.close()
    lines = (await disk.read(path)).split(b"\n")
    await disk.replace(path, b"\n".join(lines[:-3]) + b"\n")
    await disk.remove("reached.json")
    await without_views(disk)
    read = await open_study(work.machine, STUDY, write=False)
    written = await write_archive(read, tmp_path / "A")
    assert any("not in this store" in one for one in written.problems)
    assert {one.name: one.read_bytes() for one in (tmp_path / "A" / "log").iterdir()} == logs
    await read.close()


async def test_an_archive_is_written_from_a_disk_that_is_only_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = await five_notes(device())
    await work.close()
    read = await open_study(work.machine, STUDY, write=False)

    async def refused(*_: object, **__: object) -> None:
        raise NotSaved("this disk can only be read")

    monkeypatch.setattr(MemoryDisk, "replace", refused)
    written = await write_archive(read, tmp_path / "A")
    assert written.finished
    assert any("take note" in one for one in written.problems)
    assert await verify_archive(tmp_path / "A") == []
    await read.close()


async def test_an_archive_gives_back_no_line_of_what_was_erased(tmp_path: Path) -> None:
    work = await five_notes(device())
    await write_archive(work, tmp_path / "A")
    entry = next(doc for doc in work.store.state.entries() if doc.get("text") == "note 2 灯还没好")
    mark = {"occurred_at": entry["occurred_at"]}
    await work.save([work.change("erase", "entry", entry["id"], mark)])
    # The line is lost before its words are taken out of it.
    work = await hurt(work, await line_of(work, "note 2"))
    await write_archive(work, tmp_path / "A")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "A").rglob("*") if path.is_file())
    assert b"note 2" not in everything
    assert b"note 1" in everything
    await work.close()


async def test_what_a_personal_line_lost_is_filled_in_where_nobody_else_reads(tmp_path: Path) -> None:
    work = await five_notes(device())
    disk, path = work.store.disk, journal(work, "mine")
    await work.close()
    data = await disk.read(path)
    await disk.replace(path, data.replace(b"I was afraid", b"I was afra~d"))
    work = await open_study(work.machine, STUDY, write=True)
    await write_archive(work, tmp_path / "A")
    await work.close()
    elsewhere = device()
    assert (await restore(elsewhere, tmp_path / "A")).damaged
    again = await open_study(elsewhere, STUDY, write=True)
    assert "I was afraid" in texts(again)
    await make_bundle(again, tmp_path / "team.zip", team_only=True)
    assert b"I was afraid" not in (tmp_path / "team.zip").read_bytes()
    await again.close()


async def test_a_bundle_cut_before_its_first_whole_line_makes_no_study(tmp_path: Path) -> None:
    work = await five_notes(device())
    path = tmp_path / "B.zip"
    await make_bundle(work, path)
    data, ended = path.read_bytes(), list[bool]()
    for stop in range(0, data.index(b"media/"), 40):
        path.write_bytes(data[:stop])
        elsewhere = device()
        try:
            assert (await import_bundle(elsewhere, path)).damaged
            ended.append(True)
        except NotUnderstood:
            assert await studies(elsewhere) == []
            ended.append(False)
        assert ended[-1] is bool(re.search(rb',"crc":"[0-9a-f]{8}"\}', data[:stop])), stop
    assert set(ended) == {True, False}
    await work.close()


async def test_a_bundle_that_lacks_a_line_is_read_here_and_one_of_a_later_form_refused(tmp_path: Path) -> None:
    work = await five_notes(device())
    await make_bundle(work, tmp_path / "whole.zip")
    work = await hurt(work, await line_of(work, "note 2"))
    await make_bundle(work, tmp_path / "B.zip")
    await work.close()
    elsewhere, form = device(), form_of(tmp_path / "B.zip")
    assert form["min_reader"] == 2
    assert (await import_bundle(elsewhere, tmp_path / "B.zip")).damaged
    healed = await import_bundle(elsewhere, tmp_path / "whole.zip")
    assert (healed.new["line"], healed.damaged) == (1, False)
    with zipfile.ZipFile(tmp_path / "later.zip", "w") as bag:
        bag.writestr("format.json", json.dumps({**form, "min_reader": 3}))
    with pytest.raises(NotUnderstood, match="made by a newer FieldLog"):
        await import_bundle(elsewhere, tmp_path / "later.zip")


def form_of(bundle: Path) -> dict[str, Any]:
    with zipfile.ZipFile(bundle) as bag:
        form: dict[str, Any] = json.loads(bag.read("format.json"))
    return form


@pytest.mark.parametrize("kind", ["deflated", "stored"])
async def test_bundles_of_earlier_versions_are_read(kind: str) -> None:
    machine = device()
    done = await import_bundle(machine, BUNDLES / f"whole-{kind}.zip")
    assert (done.problems, done.new["line"]) == ([], 6)
    done = await import_bundle(machine, BUNDLES / f"part-{kind}.zip")
    assert (done.problems, done.new["line"]) == ([], 2)
    work = await open_study(machine, write=True)
    assert "The call is at six 六点到" in texts(work)
    assert len(await work.vault.all()) == 2
    await work.close()
    for name in ("whole", "part"):
        faults = await verify_bundle(BUNDLES / f"{name}-{kind}.zip")
        assert faults == []


async def test_a_restore_killed_at_any_step_and_done_again_is_a_restore(
    tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    work = await five_notes(device())
    await write_archive(work, tmp_path / "A")
    tables = {name: dict(table) for name, table in work.store.state.tables.items()}
    await work.close()
    number = next(_numbers)

    def phone(disk: MemoryDisk | DyingDisk) -> Machine:
        made = Phone(number=number)
        made.disk = disk  # type: ignore[assignment]
        return made.machine

    counted = DyingDisk(MemoryDisk())
    await restore(phone(counted), tmp_path / "A")
    steps = range(counted.steps)
    for step in steps if count(0, 1) else Random(seed).sample(steps, 25):
        inner = MemoryDisk()
        with pytest.raises(Killed):
            await restore(phone(DyingDisk(inner, step)), tmp_path / "A")
        found = phone(inner.crash())
        try:
            assert (await restore(found, tmp_path / "A")).problems == ()
        except WrongPlace:
            assert step >= counted.steps - 8, step
        again = await open_study(found, STUDY, write=True)
        assert again.store.state.tables == tables, step
        assert await verify_store(again) == [], step
        await again.close()
