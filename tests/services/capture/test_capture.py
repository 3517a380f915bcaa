"""Capture on set: the note lands in the right session and day, with the clock read once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.session import Session
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.rows import entries
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock


async def test_a_note_is_on_the_disk_before_its_id_is_given(work: Workspace) -> None:
    entry = await Capture(work).note("灯还没好")
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    after_the_cut = disk.crash()
    journal = f"journals/{work.store.own_writers['team']}/000001.jsonl"
    assert entry.id.encode() in await after_the_cut.read(journal)


async def test_a_note_inherits_the_session_that_goes_on(work: Workspace, clock: FakeClock) -> None:
    capture = Capture(work)
    session = (await Sessions(work, capture).start("Night shoot", kind="shoot")).made
    clock.advance(hours=20)
    entry = await capture.note("still shooting")
    assert entry.session == session.id
    assert work.store.state.date(entry.id) == "2025-03-16"
    assert (await Sessions(work, capture).stop()).made == 1
    clock.advance(minutes=1)
    assert (await capture.note("after")).session is None


async def test_the_next_session_ends_the_last(work: Workspace, clock: FakeClock) -> None:
    capture = Capture(work)
    first = (await Sessions(work, capture).start("Script room")).made
    clock.advance(hours=1)
    await Sessions(work, capture).start("Data meeting")
    doc = work.store.state.get(first.id)
    assert doc is not None
    assert doc["ends"] == "2025-03-16T09:00:00+00:00"


async def test_a_back_dated_note_keeps_both_times(work: Workspace) -> None:
    entry = await Capture(work).note("the lamp fell", Chips(at=datetime(2025, 3, 15, 22, 0, tzinfo=UTC)))
    assert (entry.occurred_at, entry.created_at) == ("2025-03-15T22:00:00+00:00", "2025-03-16T08:00:00+00:00")
    assert entry.occurred["source"] == "manual"
    assert work.store.state.date(entry.id) == "2025-03-15"


async def test_scene_and_codes_are_made_when_first_named(work: Workspace) -> None:
    capture = Capture(work)
    for _ in range(2):
        await capture.note("take", Chips(scene="342", codes=("metrics.roi",)))
    rows = entries.find(work.store, ["take"], "text")
    assert [(row["scene"], row["codes"]) for row in rows] == [("34-2", ["metrics.roi"])] * 2
    assert len(list(work.store.state.docs("scenes"))) == 1


async def test_what_cannot_be_meant_is_refused_and_nothing_is_written(work: Workspace) -> None:
    before = dict(work.store.ends)
    for chips in (Chips(kind="song"), Chips(note_type="XX")):
        with pytest.raises(NotUnderstood):
            await Capture(work).note("x", chips)
    with pytest.raises(NotFound, match="not saved"):
        await Capture(work).note("x", Chips(session="nowhere"))
    assert work.store.ends == before


async def test_personal_notes_go_to_the_lane_that_stays(work: Workspace) -> None:
    await Capture(work).note("I was afraid", Chips(note_type="PN"))
    assert work.store.ends[work.store.own_writers["mine"]].n == 1


async def test_after_the_phone_resets_to_january_order_and_day_survive(work: Workspace, clock: FakeClock) -> None:
    capture = Capture(work)
    first = await capture.note("before")
    clock.wall, clock.mono = datetime(2025, 1, 1, tzinfo=UTC), clock.mono + timedelta(minutes=12)
    second = await Capture(work).note("after the reset")
    clock.boot, clock.mono = "another", timedelta(0)
    third = await Capture(work).note("after the reboot")
    assert first.occurred_at < second.occurred_at < third.occurred_at
    assert second.occurred_at == "2025-03-16T08:12:00+00:00"
    assert [entry.suspect for entry in (first, second, third)] == [False, True, True]
    assert second.occurred["wall"] == "2025-01-01T00:00:00+00:00"
    assert [row["text"] for row in entries.day(work.store, "2025-03-16")] == [
        "before", "after the reset", "after the reboot",
    ]  # fmt: skip


async def test_a_file_is_kept_before_the_record_that_names_it(work: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "call-sheet.csv"
    path.write_text("Scene,34-2\n", encoding="utf-8")
    entry, taken = await Capture(work).file(FileSource(path=path), text="call sheet")
    assert entry is not None
    assert taken.kept is not None
    assert entry.kind == "paper"
    assert await work.vault.verify(taken.kept.sha256) is None
    empty = tmp_path / "zero.jpg"
    empty.touch()
    nothing, verdict = await Capture(work).file(FileSource(path=empty))
    assert (nothing, verdict.examined.verdict) == (None, "empty")


async def test_half_a_surrogate_pair_does_not_cost_the_note(work: Workspace) -> None:
    entry = await Capture(work).note("x \ud83d y 🦐")
    assert entry.text == "x \ufffd y 🦐"


async def test_the_clock_is_believed_again_once_it_is_right(work: Workspace, clock: FakeClock) -> None:
    capture = Capture(work)
    await capture.note("one")
    right = clock.wall
    clock.wall = right - timedelta(days=70)
    await capture.note("two")
    clock.wall = right
    clock.advance(minutes=1)
    entry = await capture.note("three")
    assert not entry.suspect
    assert replace(entry, text="").occurred_at == "2025-03-16T08:01:00+00:00"


async def test_of_two_sessions_that_go_on_a_note_is_of_the_one_begun_last(
    work: Workspace, clock: FakeClock
) -> None:
    """Two devices may have one each; the other's, begun earlier or later, ends nothing here."""
    capture = Capture(work)
    own = (await Sessions(work, capture).start("Rehearsal")).made
    begun = {"earlier": clock.wall - timedelta(hours=2), "later": clock.wall + timedelta(hours=1)}
    other = {
        name: Session(id=work.machine.new_id(), title=name, starts=at.isoformat()) for name, at in begun.items()
    }
    for one in other.values():
        await work.save([work.op(one)])
    assert (await capture.note("words")).session == own.id
    clock.advance(hours=2)
    assert (await capture.note("words")).session == other["later"].id
    back = Chips(back=timedelta(hours=3))
    assert (await capture.note("words", back)).session == other["earlier"].id


async def test_after_a_reboot_into_the_past_a_note_stands_behind_the_newest_not_the_first(
    work: Workspace, clock: FakeClock
) -> None:
    capture = Capture(work)
    await capture.note("at eight")
    clock.advance(hours=3)
    newest = await capture.note("at eleven")
    clock.boot, clock.mono = "another", timedelta(minutes=1)
    clock.wall -= timedelta(hours=2)
    after = await capture.note("at nine, says the clock")
    assert after.created_at > newest.created_at
    assert after.created["suspect"]


async def test_half_a_character_is_no_text_anywhere(work: Workspace) -> None:
    """A code, a scene, a name: what a disk can't hold is the sign of its loss, and the rest is saved."""
    entry = await Capture(work).note("\ud83c said", Chips(codes=("wait\ud83c",), scene="34-\udc00"))
    said = {doc["id"]: doc for name in ("codes", "scenes") for doc in work.store.state.docs(name)}
    assert [said[one]["code"] for one in (*entry.codes, entry.scene or "")] == ["wait\ufffd", "34-\ufffd"]
