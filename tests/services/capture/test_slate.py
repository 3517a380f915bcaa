"""The slate and the tally: one tap each, on the disk at once."""

from __future__ import annotations

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.slate import Slate
from fieldlog.services.capture.tally import Tally
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.undo import take_back

STUDY = "01960000-0000-7000-8000-000000000001"


@pytest.fixture
async def work() -> Workspace:
    opened = await open_study(machine_of(FakeClock()), STUDY, write=True)
    await Capture(opened).begin()
    return opened


async def test_takes_of_a_scene_are_numbered_one_after_the_other(work: Workspace) -> None:
    slate = Slate(work, Capture(work))
    first, second = (await slate.add("342")).made, (await slate.add("34-2", "NG")).made
    other = (await slate.add("343")).made
    assert [first.take, second.take, other.take] == ["1", "2", "1"]
    assert [scene["code"] for scene in work.store.state.docs("scenes")] == ["34-2", "34-3"]
    assert [(one["take"], one.get("result")) for one in slate.takes("34-2")] == [("1", None), ("2", "NG")]
    assert first.day == second.day == work.store.state.calendar.date_at(Capture(work).now().at)


async def test_a_take_is_marked_and_taken_back(work: Workspace) -> None:
    slate = Slate(work, Capture(work))
    done = await slate.add("34-2")
    take = done.made
    await slate.mark(take.id, "circled")
    assert slate.takes("34-2")[0]["result"] == "circled"
    await take_back(done)
    assert slate.takes("34-2") == []
    with pytest.raises(NotUnderstood):
        await slate.mark(take.id, "splendid")
    with pytest.raises(NotUnderstood):
        await slate.add("  ")


async def test_the_neighbour_of_a_scene_is_the_next_of_the_register_or_counts_on(work: Workspace) -> None:
    slate = Slate(work, Capture(work))
    for code in ("9-2", "34-1", "34-4", "R34-1"):
        await slate.add(code)
    assert slate.neighbour("9-2", 1) == "34-1"
    assert slate.neighbour("34-2", 1) == "34-4"
    assert slate.neighbour("34-2", -1) == "R34-1"
    assert slate.neighbour("9-2", -1) == "9-1"
    assert slate.neighbour("1-1", -1) == ""


async def test_a_tally_goes_on_until_something_else_is_counted_or_another_session_begins(work: Workspace) -> None:
    capture = Capture(work)
    await Sessions(work, capture).start("Table read", kind="creative")
    tally = Tally(work, capture)
    first = (await tally.one_more("phone looked at", Chips(note_type="ON"))).made
    await tally.one_more()
    done = await tally.one_more("phone looked at")
    again = done.made
    assert (again.id, again.count, again.kind) == (first.id, 3, "count")
    await take_back(done)
    assert (work.store.state.get(first.id) or {})["count"] == 2
    other = (await tally.one_more("laughter")).made
    assert (other.id != first.id, other.count) == (True, 1)
    await Sessions(work, capture).start("Dinner", kind="informal")
    assert tally.running is None
    assert (await tally.one_more()).made.count == 1


async def test_a_private_count_never_leaves_its_lane(work: Workspace) -> None:
    tally = Tally(work, Capture(work))
    first = (await tally.one_more("my own yawns", Chips(note_type="PN"))).made
    team = work.store.ends[work.store.own_writers["team"]].n
    await take_back(await tally.one_more())
    await tally.one_more()
    assert (work.store.state.get(first.id) or {})["count"] == 2
    assert work.store.ends[work.store.own_writers["team"]].n == team
    assert work.store.ends[work.store.own_writers["mine"]].n == 4
