"""Whatever is imported, typed or found on the disk: the study opens afterwards, and what was taken is whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from fieldlog.model.entry import clean
from fieldlog.model.errors import FieldLogError
from fieldlog.model.op import Op
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.callsheet import read_plan
from fieldlog.services.day.callsheet_taking import take_plan
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.imports.imports import import_month
from fieldlog.services.imports.notes_table import read_notes
from fieldlog.services.imports.notes_taking import take_notes
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.register.crew_list import read_crew, take_crew
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.store import Store
from tests.damage import ODD_TEXT, Fuzz, hurt, hurt_json, hurt_table
from tests.fakes.clock import FakeClock, machine_of
from tests.model.test_fuzz_line import OPS
from tests.services.test_fuzz_tables import CREW, MONTH, NOTES, PLAN, written
from tests.services.test_fuzz_times import TYPED
from tests.services.test_hostile_records import STRANGER, journal_of

STUDY = "01950000-0000-7000-8000-000000000001"
WRITTEN = datetime(2025, 3, 16, tzinfo=UTC)
Verb = Callable[[Workspace], Awaitable[set[str]]]
"""Does something to an open study; the texts that must be there afterwards."""


def table_of_notes(data: bytes) -> Verb:
    async def take(work: Workspace) -> set[str]:
        notes = read_notes(data, "notes.csv")
        if notes is None:
            return set()
        done = await take_notes(work, notes, WRITTEN)
        here = {doc["text"] for doc in work.store.state.entries()}
        told = "\n".join(map(str, done.problems))
        left_out = [row for row in notes.rows if clean(row.text) not in here]
        assert all(f"Line {row.line} " in told for row in left_out), "a row is there, or its line is named"
        # What has an id may be said anew by the next table.
        return here & {clean(row.text) for row in notes.rows if not row.cells.get("id")}

    return take


def plan(data: bytes) -> Verb:
    async def take(work: Workspace) -> set[str]:
        await take_plan(work, read_plan(data, "plan.csv", 2025))
        return set()

    return take


def crew(data: bytes) -> Verb:
    async def take(work: Workspace) -> set[str]:
        await take_crew(work, read_crew(data).rows)
        return set()

    return take


def month(shape: Any) -> Verb:
    async def take(work: Workspace) -> set[str]:
        data = json.dumps(shape).encode()
        done = await import_month(work.machine, Bytes(name="month.json", data=data))
        other = await open_study(work.machine, done.study, write=True)
        try:
            assert await verify_store(other) == []
            here = {doc["text"] for doc in other.store.state.entries() if "text" in doc}
            said = [one["text"] for one in shape.get("entries", ()) if one.get("text")]
            assert {clean(text) for text in said} <= here
        finally:
            await other.close()
        return set()

    return take


def note(given: tuple[str, str, str, str]) -> Verb:
    async def take(work: Workspace) -> set[str]:
        text, scene, code, later = given
        entry = await Capture(work).note(text, Chips(scene=scene or None, codes=(code,) if code else ()))
        doc = work.store.state.get(entry.id)
        assert doc is not None
        assert doc["text"] == clean(text)
        await Editing(work).reword(entry.id, later)
        return {str((work.store.state.get(entry.id) or {}).get("text", ""))}

    return take


def stranger(given: tuple[Any, bytes | None]) -> Verb:
    """Another device's journal: whole lines that say anything, or the bytes of lines damaged."""

    async def take(work: Workspace) -> set[str]:
        shapes, torn = given
        data = torn or journal_of(STUDY, shapes if isinstance(shapes, list) else [shapes])
        await work.store.disk.replace(f"journals/{STRANGER}/000001.jsonl", data)
        return set()

    return take


def shapes(ops: list[Op]) -> list[Any]:
    return [op.as_json() for op in ops]


VERBS = st.one_of(
    hurt(written(hurt_table(NOTES)), most=1).map(table_of_notes),
    hurt(written(hurt_table(PLAN)), most=1).map(plan),
    hurt(written(hurt_table(CREW)), most=1).map(crew),
    hurt_json(MONTH, most=2).map(month),
    st.tuples(TYPED, TYPED, ODD_TEXT, ODD_TEXT).map(note),
    hurt_json(shapes(OPS)).map(lambda said: stranger((said, None))),
    hurt([journal_of(STUDY, shapes(OPS))]).map(lambda data: stranger((None, data))),
)


async def lived(verbs: list[Verb]) -> FieldLogError | None:
    """A note, then each verb, done or refused; then the study is opened anew, and once more from nothing.

    Returns the last refusal.
    """
    machine, stays = machine_of(FakeClock()), {"one's own words"}
    work = await open_study(machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin(zone="Asia/Shanghai")
    await capture.note("one's own words")
    refused = None
    for verb in verbs:
        try:
            stays |= await verb(work)
        except FieldLogError as why:
            refused = why
    await work.store.settle(idle=True)
    await work.close()
    again = await open_study(machine, STUDY, write=True)
    faults = await verify_store(again)
    assert all(str(fault) for fault in faults)
    assert not any("view" in str(fault) for fault in faults)
    here = {str(doc.get("text", "")) for doc in again.store.state.entries()}
    assert "one's own words" in here
    if not await again.store.disk.list(f"journals/{STRANGER}"):
        assert stays <= here | {""}
        assert faults == []
    await Capture(again).note("still writing")
    await again.close()
    await again.store.disk.remove("views/index.json")
    anew = await Store.open(again.store.disk, STUDY, salt=machine.new_salt)
    texts = {str(doc.get("text", "")) for doc in anew.state.entries()}
    assert texts == here | {"still writing"}
    await anew.close()
    return refused


def look(verbs: list[Verb]) -> None:
    try:
        refused = asyncio.run(lived(verbs))
    except FieldLogError as why:
        raise AssertionError("only the verb may be refused") from why
    if refused:
        raise refused


def test_whatever_comes_in_the_study_opens_and_nothing_is_lost(fuzz: Fuzz) -> None:
    fuzz(st.lists(VERBS, min_size=1, max_size=3), look, reduced=40, full=2000)
