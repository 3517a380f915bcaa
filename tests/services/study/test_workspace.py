"""Changing fields of a stored record: only what differs is said, over what is seen, and it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from fieldlog.model.records import StoredEntry, StoredPlace
from fieldlog.model.register import Place
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.workspace import Workspace, differing_from
from tests.fakes.undo import take_back


@pytest.fixture
async def place(work: Workspace) -> StoredPlace:
    made = Place(id=work.machine.new_id(), code="L05", name="Car park")
    await work.save([work.op(made)])
    return work.store.state.find(StoredPlace, made.id)


def lines(work: Workspace, lane: str = "team") -> int:
    return work.store.ends[work.store.own_writers[lane]].n


async def test_only_what_differs_is_said_in_one_line_over_what_was_seen(
    work: Workspace, place: StoredPlace
) -> None:
    before = lines(work)
    await work.set(place, {"name": "Car park", "name_zh": "停车场", "kind": None}, "Changed.")
    now = work.store.state.find(StoredPlace, place.id)
    assert (now.name, now.name_zh, now.kind) == ("Car park", "停车场", None)
    assert lines(work) == before + 1
    assert not now.disputed("name_zh")


async def test_what_is_so_already_costs_no_line_and_leaves_nothing_to_take_back(
    work: Workspace, place: StoredPlace
) -> None:
    before = lines(work)
    for done in (
        await work.set(place, {"name": "Car park", "kind": None}, "Changed."),
        await work.done([], "Changed.", None),
    ):
        assert (done.said, done.back) == ("", None)
    assert lines(work) == before


async def test_it_is_taken_back_field_by_field(work: Workspace, place: StoredPlace) -> None:
    done = await work.set(place, {"name": "Roof", "kind": "outside"}, "Changed.")
    again = work.store.state.find(StoredPlace, place.id)
    assert (again.name, again.kind) == ("Roof", "outside")
    await take_back(done)
    back = work.store.state.find(StoredPlace, place.id)
    assert (back.name, back.kind) == ("Car park", None)


async def test_it_is_said_in_the_lane_that_it_was_asked_for(work: Workspace) -> None:
    note = await Capture(work).note("what I thought", Chips(note_type="PN"))
    team, mine = lines(work), lines(work, "mine")
    done = await work.set(work.store.state.find(StoredEntry, note.id), {"starred": True}, "Marked.", lane="mine")
    assert (lines(work), lines(work, "mine")) == (team, mine + 1)
    await take_back(done)
    assert not work.store.state.find(StoredEntry, note.id).starred
    assert (lines(work), lines(work, "mine")) == (team, mine + 2)


async def test_a_view_read_before_stays_as_it_was(work: Workspace, place: StoredPlace) -> None:
    await work.set(place, {"name": "Roof"}, "Changed.")
    assert place.name == "Car park"


def test_nothing_is_said_to_take_nothing_away() -> None:
    doc = {"name": "", "minor": False, "people": [], "count": 0, "kind": "x"}
    assert differing_from(doc, {"name": None, "minor": None, "there": None}) == {}
    wanted: dict[str, Any] = {"count": None, "kind": None, "people": None, "may_record": []}
    assert differing_from(doc, wanted) == wanted
