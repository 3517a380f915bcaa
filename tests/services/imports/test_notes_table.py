"""Notes out of tables: each on its day, once, and what is wrong with a row said by its line."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import conflicts
from fieldlog.model.study import Study
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.imports.imports import import_csv
from fieldlog.services.imports.report import Imported
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
async def work(clock: FakeClock) -> AsyncIterator[Workspace]:
    opened = await open_study(machine_of(clock), "01950000-0000-7000-8000-000000000001", write=True)
    await opened.save([opened.op(Study(id=opened.store.project, title="雨停之前", default_tz="Asia/Shanghai"))])
    yield opened
    await opened.close()


def notes(work: Workspace) -> dict[str, dict[str, Any]]:
    return {doc["text"]: doc for doc in work.store.state.entries()}


def filed(work: Workspace) -> dict[str, tuple[str, str | None]]:
    """Each note's moment and production day."""
    return {text: (doc["occurred_at"], work.store.state.date(doc["id"])) for text, doc in notes(work).items()}


async def taken(work: Workspace, tmp_path: Path, text: str, name: str = "notes.csv", year: int = 2026) -> Imported:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_767_225_600 + (year - 2026) * 31_536_000,) * 2)
    return await import_csv(work, path)


async def test_times_as_people_write_them(work: Workspace) -> None:
    done = await import_csv(work, CASES / "times.csv")
    assert (done.new["entry"], done.problems) == (10, [])
    assert filed(work) == {
        "note 25": ("2025-03-17T01:30:00+08:00", "2025-03-16"),
        "note 24": ("2025-03-17T00:00:00+08:00", "2025-03-16"),
        "leap": ("2017-01-01T00:00:00+08:00", "2016-12-31"),
        "slash": ("2025-03-16T10:00:00+08:00", "2025-03-16"),
        "cn": ("2025-03-16T10:05:00+08:00", "2025-03-16"),
        "full": ("2025-03-16T10:00:00+08:00", "2025-03-16"),
        "us": ("2025-03-16T10:00:00+08:00", "2025-03-16"),
        "short": ("2025-03-16T09:05:00+08:00", "2025-03-16"),
        "ok": ("2025-03-16T09:05:00+08:00", "2025-03-16"),
        "date": ("2025-03-16T06:00:00+08:00", "2025-03-16"),
    }


async def test_a_date_and_a_time_in_two_columns_are_one_moment(work: Workspace) -> None:
    assert (await import_csv(work, CASES / "datetime.csv")).problems == []
    assert filed(work) == {
        "note one": ("2025-03-16T16:05:00+08:00", "2025-03-16"),
        "after midnight": ("2025-03-17T01:30:00+08:00", "2025-03-16"),
    }


async def test_another_programs_notes_keep_their_place(work: Workspace) -> None:
    assert (await import_csv(work, CASES / "foreign.csv")).problems == []
    (place,) = work.store.state.docs("places")
    assert place["name"] == "Old Mill"
    assert {doc["place"] for doc in notes(work).values()} == {place["id"]}
    assert filed(work)["The drawer was open"][0] == "2025-03-17T10:00:00+08:00"


async def test_a_date_alone_is_that_day_whatever_plan_comes_later(work: Workspace, tmp_path: Path) -> None:
    await taken(work, tmp_path, "text,at\n雨停了,2025-03-16\n")
    note = notes(work)["雨停了"]
    assert (note["precision"], note["day_choice"]) == ("day", "2025-03-16")
    assert filed(work)["雨停了"] == ("2025-03-16T06:00:00+08:00", "2025-03-16")


async def test_a_day_that_may_be_in_march_or_april_is_named_and_not_taken(work: Workspace, tmp_path: Path) -> None:
    done = await taken(work, tmp_path, "text,at\n谁知道,03/04/2025\n")
    assert (done.new.total(), len(done.problems)) == (0, 1)
    assert "Line 2 of notes.csv" in done.problems[0]
    assert "03/04/2025" in done.problems[0]


async def test_a_row_with_a_comma_too_many_is_named_with_its_words(work: Workspace) -> None:
    done = await import_csv(work, CASES / "commas2.csv")
    assert done.new.total() == 0
    assert "Line 2" in done.problems[0]
    assert "we go at nine" in done.problems[0]


async def test_two_columns_of_one_name_are_refused(work: Workspace) -> None:
    with pytest.raises(NotUnderstood, match="Two columns are called “text”"):
        await import_csv(work, CASES / "duptext.csv")
    assert notes(work) == {}


@pytest.mark.parametrize(
    ("name", "texts"),
    [("semi.csv", {"note; one"}), ("utf16.csv", {"灯还没好"}), ("macr.csv", {"note one", "note two"})],
)
async def test_any_spreadsheet_is_read(work: Workspace, name: str, texts: set[str]) -> None:
    done = await import_csv(work, CASES / name)
    assert (len(done.problems), done.new["entry"]) == (0, len(texts))
    assert {doc["precision"] for doc in notes(work).values()} == {"exact"}


async def test_blank_rows_are_no_entries(work: Workspace) -> None:
    done = await import_csv(work, CASES / "blankrows.csv")
    assert (done.new["entry"], done.problems) == (1, [])


async def test_when_it_was_written_is_in_the_studys_zone_or_its_row_is_named(
    work: Workspace, tmp_path: Path
) -> None:
    done = await import_csv(work, CASES / "badcreated.csv")
    assert (done.new["entry"], "Line 2" in done.problems[0], "yesterday" in done.problems[0]) == (0, True, True)
    await taken(work, tmp_path, "text,at,created_at\nx,2025-03-16 10:00,2025-03-16 22:05\n")
    assert notes(work)["x"]["created_at"] == "2025-03-16T22:05:00+08:00"


async def test_what_stands_in_other_columns_is_kept(work: Workspace, tmp_path: Path) -> None:
    await taken(work, tmp_path, "text,at,mood\n雨停了,2025-03-16 10:00,tired\n")
    assert notes(work)["雨停了"]["extra"] == {"mood": "tired"}


async def test_a_column_may_have_any_name(work: Workspace, tmp_path: Path) -> None:
    for _ in range(2):
        done = await taken(work, tmp_path, "row,text,at\n3,雨停了,2025-03-16 10:00\n,没人,\n")
    assert (done.new.total(), done.same, notes(work)["雨停了"]["extra"]) == (0, 2, {"row": "3"})


async def test_without_times_a_copy_with_another_date_brings_nothing_new(work: Workspace, tmp_path: Path) -> None:
    table = "text\none\none\ntwo\n"
    assert (await taken(work, tmp_path, table)).new["entry"] == 3
    again = await taken(work, tmp_path, table, year=2027)
    assert (again.new.total(), again.same, again.changed) == (0, 3, 0)


async def test_the_same_rows_in_another_order_and_form_are_here_already(work: Workspace, tmp_path: Path) -> None:
    await taken(work, tmp_path, "text,at\none,2025-03-16 10:00\ntwo,2025-03-16 11:00\n")
    again = await taken(work, tmp_path, "at;text\n2025-03-16 11:00; two\n2025-03-16 10:00;one\n", name="b.csv")
    assert (again.new.total(), again.same) == (0, 2)


WITH_ID = "id,text,at\n7,The dorr is open,2025-03-16 10:00\n"


async def test_a_mended_row_with_an_id_is_the_same_entry_changed(work: Workspace, tmp_path: Path) -> None:
    await taken(work, tmp_path, WITH_ID)
    (first,) = notes(work).values()
    done = await taken(work, tmp_path, WITH_ID.replace("dorr", "door"))
    assert (done.new.total(), done.changed, done.problems) == (0, 1, [])
    (now,) = notes(work).values()
    assert (now["id"], now["text"], conflicts(now)) == (first["id"], "The door is open", {})
    before = dict(work.store.ends)
    again = await taken(work, tmp_path, WITH_ID.replace("dorr", "door"), year=2027)
    assert (again.same, again.changed, work.store.ends) == (1, 0, before)


async def test_a_word_of_ones_own_meanwhile_is_a_conflict_and_stays(work: Workspace, tmp_path: Path) -> None:
    await taken(work, tmp_path, WITH_ID)
    (note,) = notes(work).values()
    await Editing(work).reword(note["id"], "my own words")
    later = await taken(work, tmp_path, WITH_ID.replace("10:00", "25:10"))
    (now,) = notes(work).values()
    assert (later.changed, now["text"], conflicts(now)) == (1, "my own words", {})
    assert now["occurred_at"] == "2025-03-17T01:10:00+08:00"
    mended = await taken(work, tmp_path, WITH_ID.replace("10:00", "25:10").replace("dorr", "door"))
    (now,) = notes(work).values()
    assert (mended.kept_as_edited, conflicts(now)["text"]) == (1, ["my own words", "The door is open"])


async def test_two_rows_of_one_id_are_named(work: Workspace, tmp_path: Path) -> None:
    done = await taken(work, tmp_path, WITH_ID + "7,Another,2025-03-16 11:00\n")
    assert (done.new["entry"], "Another" in done.problems[0]) == (1, True)


async def test_no_row_makes_a_private_note_public(work: Workspace, tmp_path: Path) -> None:
    private = "id,text,note_type\n7,So tired,PN\n"
    await taken(work, tmp_path, private)
    done = await taken(work, tmp_path, private.replace("PN", "ON"))
    (note,) = notes(work).values()
    assert (note["note_type"], "Line 2" in done.problems[0]) == ("PN", True)


async def test_a_private_notes_place_stays_in_the_private_lane(work: Workspace, tmp_path: Path) -> None:
    await taken(work, tmp_path, "text,note_type,place\nSo tired,PN,Doctor Wu\n")
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    team = await disk.read(f"journals/{work.store.own_writers['team']}/000001.jsonl")
    assert b"Doctor" not in team


async def test_what_an_earlier_version_took_in_is_found_again(work: Workspace, tmp_path: Path) -> None:
    import json

    from fieldlog.model.entry import Entry
    from fieldlog.model.ids import imported_id
    from fieldlog.model.imported import created

    former = Entry(
        id="", text="雨停了", occurred_at="2025-03-16T10:00:00+08:00", precision="minute",
        occurred={"source": "manual"}, created_at="2025-03-16T10:00:00+08:00",
    )  # fmt: skip
    parts = (work.store.project, "csv", json.dumps(former.fields(), sort_keys=True))
    there = Entry(**{**former.fields(), "id": imported_id(1_742_090_400_000, *parts)})
    await work.save([created(there, 1_742_090_400_000)])
    done = await taken(work, tmp_path, "text,at\n雨停了,2025-03-16T10:00\n")
    assert (done.new.total(), done.same) == (0, 1)
