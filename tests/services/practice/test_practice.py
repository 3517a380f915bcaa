"""The practice month has photos and memos on its best day, and what is written in it can be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldlog.model.records import StoredFile
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.machine.bundled import PRACTICE_DAY, practice_part
from fieldlog.services.machine.machine import laptop
from fieldlog.services.practice.practice_month import bring_practice
from fieldlog.services.practice.written import forms_left, how_it_stands, keep_written, written_since
from fieldlog.services.rows.days import date_named, days, newest_day
from fieldlog.services.study.studies import open_study

MOST_BYTES = 600_000


async def test_its_best_day_has_notes_photos_and_memos(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "store")
    done = await bring_practice(machine)
    assert (done.problems, done.damaged, done.new["entry"]) == ([], False, 51)
    assert {verdict for verdict, _ in done.verdicts.values()} == {"ok"}
    work = await open_study(machine, done.study, write=False)
    state = work.store.state
    (best,) = [row for row in days(work.store) if row["date"] == date_named(state, PRACTICE_DAY)]
    assert (best["entries"], best["photos"], best["voices"]) == (8, 2, 2)
    assert newest_day(state) == "PD28"
    kept = [file for file in state.each(StoredFile) if file.sha256]
    assert len(kept) == 7
    assert sorted(file.duration or 0 for file in kept if file.kind == "audio") == [6, 9]
    await work.close()
    again = await bring_practice(machine)
    assert (again.new.total(), again.changed, again.problems) == (0, 0, [])


def test_its_media_are_small() -> None:
    media = list((practice_part().parent / "media").iterdir())
    assert len(media) == 7
    assert sum(file.stat().st_size for file in media) < MOST_BYTES


async def test_what_is_written_while_practising_is_seen_and_can_be_kept(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "store")
    study = (await bring_practice(machine)).study
    before = await how_it_stands(machine)
    assert await written_since(machine, before, tmp_path) == []
    work = await open_study(machine, study, write=True)
    await Capture(work).note("灯还没好")
    await work.close()
    (one,) = await written_since(machine, before, tmp_path)
    assert (one.study, one.entries) == (study, 1)
    assert one.path.parent == tmp_path / "FieldLog" / "Vertical days a month with a micro-drama team" / "copies"
    made = await keep_written(machine, one, one.path)
    assert made.whole
    own = laptop(tmp_path / "own")
    await import_bundle(own, one.path)
    mine = await open_study(own, study, write=False)
    assert "灯还没好" in {doc["text"] for doc in mine.store.state.entries()}
    await mine.close()


async def test_a_change_alone_is_something_written(tmp_path: Path) -> None:
    machine = laptop(tmp_path / "store")
    study = (await bring_practice(machine)).study
    before = await how_it_stands(machine)
    work = await open_study(machine, study, write=True)
    first = next(work.store.state.entries())
    await Editing(work).reword(first["id"], "put better")
    await work.close()
    (one,) = await written_since(machine, before, tmp_path)
    assert one.entries == 0


@pytest.mark.parametrize("in_a_study", [True, False])
async def test_what_stands_half_written_in_a_form_is_seen(tmp_path: Path, in_a_study: bool) -> None:
    machine = laptop(tmp_path / "store")
    await bring_practice(machine)
    assert not await forms_left(machine)
    desk = await Desk.open(machine)
    assert desk.work
    half = desk.work.half_written if in_a_study else desk.half_written
    half.say("person/new", "name", "Lei", "")
    await desk.close()
    assert await forms_left(machine)
