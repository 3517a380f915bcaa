"""Editing: every revision stays readable, removal can be undone, private stays private."""

from __future__ import annotations

import pytest

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.standing import shown
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock


async def test_the_history_tells_every_wording_in_order(work: Workspace, clock: FakeClock) -> None:
    editing = Editing(work)
    entry = await Capture(work).note("15 scheduled")
    await Capture(work).note("another")
    for text in ("15 scheduled, 8 done", "15 scheduled, 9 done"):
        clock.advance(minutes=5)
        await editing.reword(entry.id, text)
    history = await editing.history(entry.id)
    assert [one.kind for one in history] == ["new", "set", "set"]
    assert [one.after["text"] for one in history] == [
        "15 scheduled",
        "15 scheduled, 8 done",
        "15 scheduled, 9 done",
    ]
    assert [one.before.get("text") for one in history[1:]] == ["15 scheduled", "15 scheduled, 8 done"]
    assert [one.at[11:16] for one in history] == ["08:00", "08:05", "08:10"]
    assert all(one.here for one in history)


async def test_an_earlier_wording_can_be_brought_back_and_stays_a_revision(work: Workspace) -> None:
    editing = Editing(work)
    entry = await Capture(work).note("first")
    await editing.reword(entry.id, "second")
    await editing.bring_back(entry.id, (await editing.history(entry.id))[0].u)
    doc = work.store.state.get(entry.id)
    assert doc is not None
    assert doc["text"] == "first"
    assert len(await editing.history(entry.id)) == 3
    with pytest.raises(NotFound):
        await editing.bring_back(entry.id, "no such revision")


async def test_a_removed_entry_is_out_of_sight_until_it_is_brought_back(work: Workspace) -> None:
    editing = Editing(work)
    entry = await Capture(work).note("too early")
    await editing.remove(entry.id)
    doc = work.store.state.get(entry.id)
    assert doc is not None
    assert not shown(doc)
    await editing.bring_back(entry.id)
    doc = work.store.state.get(entry.id)
    assert doc is not None
    assert shown(doc)
    assert doc["text"] == "too early"


async def test_the_same_words_cost_no_line(work: Workspace) -> None:
    entry = await Capture(work).note("same")
    before = dict(work.store.ends)
    await Editing(work).reword(entry.id, "same")
    assert work.store.ends == before


async def test_a_private_note_is_reworded_in_its_own_lane_and_stays_private(work: Workspace) -> None:
    editing = Editing(work)
    entry = await Capture(work).note("mine", Chips(note_type="PN"))
    team = work.store.ends[work.store.own_writers["team"]]
    await editing.reword(entry.id, "mine alone")
    await editing.remove(entry.id)
    assert work.store.ends[work.store.own_writers["team"]] == team
    with pytest.raises(NotUnderstood):
        await editing.change(entry.id, {"note_type": "ON"})


async def test_what_is_not_there_is_said(work: Workspace) -> None:
    with pytest.raises(NotFound):
        await Editing(work).reword("nothing", "x")
