"""The same input is the same record: whatever its date, its zone, the version that imported it, or what came
between. What was erased stays erased."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldlog.model.entry import Entry
from fieldlog.model.fold import conflicts
from fieldlog.model.ids import TIMELESS, imported_id
from fieldlog.model.imported import corrected, created
from fieldlog.model.op import Op
from fieldlog.model.state import State
from fieldlog.services.archive.restore import restore
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.imports.imports import import_csv, import_file, import_folder, import_month
from fieldlog.services.imports.month_file import Found, Month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.conftest import FULL
from tests.fakes.erased import hits, photograph
from tests.fakes.made import riff
from tests.fakes.undo import take_back
from tests.services.study.test_being_written import files_in

EARLIER = Path(__file__).parents[1] / "earlier_imports"
"""A folder, a month, and a data root into which a version imported both whose ids bore times: never made again.
Of each, one thing was erased there."""

STUDY = "01950000-0000-7000-8000-000000000001"
Root = Callable[[], Path]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """The folder and the month, at a date that neither was imported at."""
    there: Path = shutil.copytree(EARLIER, tmp_path / "inputs", ignore=shutil.ignore_patterns("data"))
    dated(there, 1_767_225_600)
    return there


def dated(folder: Path, seconds: float) -> None:
    for path in folder.rglob("*.*"):
        os.utime(path, (seconds, seconds))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(tmp_path / "data"), STUDY, write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


def journals(data: Path) -> dict[str, bytes]:
    return {path.name + path.parent.name: path.read_bytes() for path in data.glob("studies/*/journals/*/*.jsonl")}


def entry_of(work: Workspace, **said: Any) -> dict[str, Any]:
    (found,) = [doc for doc in work.store.state.entries() if said.items() <= doc.items()]
    return found


def day_of(work: Workspace) -> list[str | None]:
    return [work.store.state.date(doc["id"]) for doc in work.store.state.entries()]


async def test_what_an_earlier_version_imported_is_here_already_and_what_it_erased_stays_so(
    inputs: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(EARLIER / "data", tmp_path / "data")
    before, machine = journals(data), laptop(data)
    month = await import_month(machine, inputs / "month.json")
    assert (month.new, month.changed, month.erased, month.problems) == ({}, 0, 1, [])
    work = await open_study(machine, STUDY, write=True)
    folder = await import_folder(work, inputs / "photos")
    await work.close()
    assert (folder.new, folder.same, folder.erased) == ({}, 2, 1)
    assert journals(data) == before
    assert hits(files_in(data), (inputs / "photos/van.jpg").read_bytes()) == {}


async def test_a_month_of_an_earlier_version_that_changed_since_changes_its_records_and_makes_none(
    inputs: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(EARLIER / "data", tmp_path / "data")
    said = json.loads((inputs / "month.json").read_text(encoding="utf-8"))
    said["entries"][0]["text"], said["days"][0]["starts"] = "the lamp fell twice", "2025-03-11T07:00:00+08:00"
    said["attachments"][0]["caption"] = "the lamp, broken"
    (inputs / "month.json").write_text(json.dumps(said), encoding="utf-8")
    for changed in (3, 0):
        done = await import_month(laptop(data), inputs / "month.json")
        assert (done.new, done.changed, done.kept_as_edited) == ({}, changed, 0)
    work = await open_study(laptop(data), done.study, write=False)
    assert entry_of(work, source_id="e-0")["text"] == "the lamp fell twice"
    assert not [doc for table in work.store.state.tables.values() for doc in table.values() if conflicts(doc)]


async def test_ids_of_what_is_imported_now_tell_no_time(inputs: Path, desk: Workspace) -> None:
    table = inputs / "notes.csv"
    table.write_text("id,text\n1,one\n,two\n", encoding="utf-8")
    await import_folder(desk, inputs / "photos")
    await import_csv(desk, table)
    month = await import_month(desk.machine, inputs / "month.json")
    other = await open_study(desk.machine, month.study, write=False)
    for docs in (
        desk.store.state.entries(),
        desk.store.state.docs("attachments"),
        other.store.state.docs("people"),
    ):
        found = list(docs)
        assert found
        assert all(doc["id"].startswith(TIMELESS) and doc["_u"].startswith(TIMELESS) for doc in found)
    assert month.study.startswith(TIMELESS)


async def test_a_photo_that_was_erased_is_not_taken_in_again_and_that_is_said(
    tmp_path: Path, desk: Workspace
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    data = photograph(1)
    for called, one in (("IMG_20250316_160512.jpg", data), ("IMG_2.jpg", photograph(2))):
        (folder / called).write_bytes(one)
    dated(folder, 1_742_000_000)
    await import_folder(desk, folder)
    gone = entry_of(desk, occurred_at=min(doc["occurred_at"] for doc in desk.store.state.entries()))
    name = str((desk.store.state.get(gone["attachments"][0]) or {})["name"])
    await Erasing(desk).erase([gone["id"]], reason="asked-to")
    days = day_of(desk)
    dated(folder, 1_767_225_600)
    done = await import_folder(desk, folder)
    assert (done.new, done.same, done.erased) == ({}, 1, 1)
    assert done.verdicts[name][0] == "erased"
    assert day_of(desk) == days
    await make_bundle(desk, tmp_path / "next.zip")
    there = (folder / name).read_bytes()
    left = files_in(tmp_path / "data") | {
        "zip" + path: one for path, one in files_in(tmp_path).items() if "zip" in path
    }
    assert hits(left, there[2000:2064]) == {}


@pytest.mark.parametrize("seconds", [1_742_000_000, 1_767_225_600])
async def test_a_photo_without_a_date_stays_erased_whatever_date_its_file_gets(
    tmp_path: Path, desk: Workspace, seconds: float
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(photograph(3))
    os.utime(photo, (1_742_000_000, 1_742_000_000))
    await import_file(desk, photo)
    await Erasing(desk).erase([next(desk.store.state.entries())["id"]], reason="by-mistake")
    os.utime(photo, (seconds, seconds))
    assert (await import_file(desk, photo)).erased == 1
    assert list(desk.store.state.entries()) == []


async def test_a_recording_of_which_a_part_was_erased_is_not_taken_in_again(
    tmp_path: Path, desk: Workspace
) -> None:
    folder, sound = tmp_path / "sound", Random(7).randbytes(32_000)
    folder.mkdir()
    (folder / "memo.wav").write_bytes(riff(sound, rate=8000))
    await import_folder(desk, folder)
    (entry,) = list(desk.store.state.entries())
    await Erasing(desk).erase_span(entry["id"], 0.5, 1.0, reason="asked-to")
    done = await import_folder(desk, folder)
    assert (done.new, done.same, done.erased) == ({}, 0, 1)
    assert hits(files_in(tmp_path / "data"), sound[10_000:10_064]) == {}
    assert hits(files_in(tmp_path / "data"), sound[20_000:20_064]) != {}, "the rest is there"


async def test_a_file_of_a_month_stays_erased(inputs: Path, tmp_path: Path) -> None:
    machine = laptop(tmp_path / "data")
    photo = (inputs / "media/p1.jpg").read_bytes()
    done = await import_month(machine, inputs / "month.json")
    work = await open_study(machine, done.study, write=True)
    doc = entry_of(work, source_id="e-0")
    await Erasing(work).erase_file(doc["id"], doc["attachments"][0], reason="asked-to")
    again = await import_month(machine, inputs / "month.json", here=work)
    assert (again.new, again.erased) == ({}, 1)
    assert hits(files_in(tmp_path / "data"), photo) == {}
    await work.close()


async def test_a_month_that_comes_again_without_its_files_takes_none_out(inputs: Path, tmp_path: Path) -> None:
    machine = laptop(tmp_path / "data")
    await import_month(machine, inputs / "month.json")
    before = journals(tmp_path / "data")
    for left in (["p1.jpg"], ["p1.jpg", "m1.wav"]):
        for name in left:
            (inputs / "media" / name).unlink(missing_ok=True)
        done = await import_month(machine, inputs / "month.json")
        assert (done.new, done.changed, len(done.problems)) == ({}, 0, len(left))
    (inputs / "media/p1.jpg").write_bytes(b"")
    assert (await import_month(machine, inputs / "month.json")).changed == 0
    assert journals(tmp_path / "data") == before


async def test_a_bundle_made_before_brings_no_byte_back(tmp_path: Path, desk: Workspace, monkeypatch: Any) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(photograph(4))
    await import_file(desk, photo)
    await make_bundle(desk, tmp_path / "before.zip")
    await Erasing(desk).erase([next(desk.store.state.entries())["id"]], reason="asked-to")
    kept = list[object]()
    vault = type(desk.vault)
    monkeypatch.setattr(vault, "keep", lambda self, source, **_: kept.append(source))
    done = await import_bundle(desk.machine, tmp_path / "before.zip", here=desk)
    assert (done.new.total(), kept) == (0, [])
    assert hits(files_in(tmp_path / "data"), photo.read_bytes()[2000:2064]) == {}


async def test_an_archive_written_before_brings_no_byte_back(tmp_path: Path, monkeypatch: Any) -> None:
    machine = laptop(tmp_path / "data")
    work = await open_study(machine, STUDY, write=True)
    await Capture(work).begin()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(photograph(5))
    await import_file(work, photo)
    await write_archive(work, tmp_path / "archive")
    await Erasing(work).erase([next(work.store.state.entries())["id"]], reason="asked-to")
    kept = list[object]()
    monkeypatch.setattr(type(work.vault), "keep", lambda self, source, **_: kept.append(source))
    await work.close()
    await restore(machine, tmp_path / "archive", into=True)
    assert kept == []
    assert hits(files_in(tmp_path / "data"), photo.read_bytes()[2000:2064]) == {}


async def test_what_a_month_says_anew_of_what_was_changed_here_stands_beside_it(
    inputs: Path, tmp_path: Path
) -> None:
    machine, month = laptop(tmp_path / "data"), inputs / "month.json"
    done = await import_month(machine, month)
    work = await open_study(machine, done.study, write=True)
    note = entry_of(work, source_id="e-1")["id"]
    said = json.loads(month.read_text(encoding="utf-8"))

    async def again(text: str) -> tuple[int, int]:
        said["entries"][1]["text"] = text
        month.write_text(json.dumps(said), encoding="utf-8")
        found = await import_month(machine, month, here=work)
        return found.changed, found.kept_as_edited

    await Editing(work).reword(note, "my own words")
    assert await again("they argued about it") == (0, 0), "it says what it said"
    assert await again("they argued about light") == (1, 1)
    assert await again("they argued about light") == (0, 0)
    doc = entry_of(work, source_id="e-1")
    assert conflicts(doc) == {"text": ["my own words", "they argued about light"]}
    await Editing(work).reword(note, "they argued about sound")
    assert await again("they argued about sound") == (1, 1), "it was said otherwise the last time"
    assert conflicts(entry_of(work, source_id="e-1")) == {}
    await Editing(work).reword(note, "my words at last")
    assert await again("they argued about sound") == (0, 0)
    assert entry_of(work, source_id="e-1")["text"] == "my words at last"
    assert await again("they argued about it") == (1, 1), "back to what it said at first"
    await work.close()


async def test_a_record_that_stands_twice_in_a_month_is_taken_once_and_named(inputs: Path, tmp_path: Path) -> None:
    said = json.loads((inputs / "month.json").read_text(encoding="utf-8"))
    said["entries"] += [{**said["entries"][0], "text": "something else"}, said["entries"][1]]
    (inputs / "month.json").write_text(json.dumps(said), encoding="utf-8")
    for new in (3, 0):
        done = await import_month(laptop(tmp_path / "data"), inputs / "month.json")
        assert (done.new["entry"], done.changed) == (new, 0)
        assert [str(one) for one in done.problems] == [
            "e-0 stands twice in the file; what it says the second time was left out."
        ]


async def test_what_nothing_dates_lies_in_the_first_day_of_the_archive(inputs: Path, tmp_path: Path) -> None:
    done = await import_month(laptop(tmp_path / "data"), inputs / "month.json")
    work = await open_study(laptop(tmp_path / "data"), done.study, write=True)
    written = await write_archive(work, tmp_path / "archive")
    await work.close()
    assert written.days_written == ("2025-03-11_pd01", "2025-03-12_pd02")


async def test_undoing_a_change_of_what_was_erased_since_brings_nothing_back(
    desk: Workspace, tmp_path: Path
) -> None:
    note = await Capture(desk).note("what was said in the van")
    change = [desk.change("set", "entry", note.id, {"text": "never mind"}, {"text": []})]
    done = await desk.done(change, "Changed.", None)
    await Erasing(desk).erase([note.id], reason="asked-to")
    await take_back(done)
    assert hits(files_in(tmp_path / "data"), "said in the van", "never mind") == {}
    assert "_erased" in (desk.store.state.raw(note.id) or {})


# -- all orders of arrival

MONTH = Month(json.loads((EARLIER / "month.json").read_text(encoding="utf-8")))
FOUND: list[Found] = [
    one for one in MONTH.records() if one.record.kind_of_record in ("entry", "session", "person")
]


def understood_otherwise(op: Op, value: str) -> Op:
    """The same import on a device that worked something out differently: in another zone, by a later parser."""
    return replace(op, v={**op.v, "place" if "place" in op.v else "role": value})


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Op], list[list[int]]]:
    """What several devices wrote about one imported record, and orders in which it arrives, some of it twice."""
    found = draw(st.sampled_from(FOUND))
    first = found.created()
    old = replace(first, u=imported_id(found.ms or 1, first.u), t=f"{found.ms or 1:012x}0000old")
    ops = [first, understood_otherwise(first, draw(st.sampled_from(["A", "Z"])))]
    ops += [old] if draw(st.booleans()) else []
    text = draw(st.sampled_from(["Night 2", "Day"]))
    later = corrected(
        found.record, found.ms, {"title": text, "text": text}, {"title": [first.u], "text": [first.u]}
    )
    mine = Op(
        u="0195e6a3-0c00-7000-8000-000000000001", t="0195e6a30c000000mine", r=found.record.kind_of_record,
        e=found.record.id, k="set", v={"text": "mine"},
        base={"text": draw(st.sampled_from([[], [first.u], [later.u]]))},
    )  # fmt: skip
    gone = Op(u="0195e6a3-0c00-7000-8000-000000000002", t="0195e6a30c010000mine", r=mine.r, e=mine.e, k="erase",
              v={"at": "2025-03-16T08:00:00+00:00", "reason": "asked-to"})  # fmt: skip
    ops += draw(st.lists(st.sampled_from([later, mine, gone]), max_size=3, unique_by=lambda op: op.u))
    order = st.permutations([*range(len(ops)), draw(st.integers(0, len(ops) - 1))])
    return ops, draw(st.lists(order, min_size=2, max_size=4))


@settings(max_examples=2000 if FULL else 150)
@given(worlds())
def test_one_import_on_many_devices_gives_one_state_in_any_order_of_arrival(
    world: tuple[list[Op], list[list[int]]],
) -> None:
    ops, orders = world
    states = list[Any]()
    for order in orders:
        state = State()
        for place in order:
            state.apply([ops[place]])
        states.append(state.tables)
    assert all(one == states[0] for one in states)
    erased = any(op.k == "erase" for op in ops)
    (doc,) = [doc for table in states[0].values() for doc in table.values()]
    assert ("_erased" in doc) == erased
    if not erased:
        assert not {"place", "role"} & conflicts(doc).keys() or any(op.t.endswith("old") for op in ops)


@given(seconds=st.lists(st.integers(1, 2**31), min_size=2, max_size=2), text=st.text(max_size=3))
def test_neither_date_nor_name_of_a_file_is_in_what_names_its_operations(seconds: list[int], text: str) -> None:
    record = imported_id(0, "st", "file", "a" * 64)
    entries = [
        Entry(id=record, kind="photo", text=text, occurred_at=str(at), created_at=str(at))
        for at in seconds
    ]  # fmt: skip
    one, other = (created(entry, content="a" * 64) for entry in entries)
    assert (one.u, one.t) == (other.u, other.t)
