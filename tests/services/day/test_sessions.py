"""Sessions begin from the plan or out of hand, and say who is there, where, and what may be recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import conflicts, folded, live
from fieldlog.model.op import WHOLE
from fieldlog.model.register import Person, Place
from fieldlog.model.session import PlannedSession
from fieldlog.services.capture.capture import Capture, going_on
from fieldlog.services.capture.permission import allowed
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions, dates_to_start, planned
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.undo import take_back


async def in_plan(work: Workspace, title: str, at: str, day: str = "2025-03-16", **said: Any) -> str:
    made = PlannedSession(id=work.machine.new_id(), date=day, title=title, at=at, type="shoot", **said)
    await work.save([work.op(made)])
    return made.id


async def somebody(work: Workspace, code: str) -> str:
    made = Person(id=work.machine.new_id(), code=code, pseudonym=f"Somebody {code}")
    await work.save([work.op(made)])
    return made.id


async def somewhere(work: Workspace) -> str:
    made = Place(id=work.machine.new_id(), code="L05", name="Car park")
    await work.save([work.op(made)])
    return made.id


def doc(work: Workspace, record: str) -> dict[str, Any]:
    found = work.store.state.get(record)
    assert found is not None
    return found


@pytest.fixture
def sessions(work: Workspace) -> Sessions:
    return Sessions(work, Capture(work))


async def test_the_plan_of_a_day_stands_in_the_order_of_its_clock(work: Workspace) -> None:
    for title, at in (("Wrap drinks", "25:10"), ("Stand-up", "9:30"), ("Any time", ""), ("Office", "10:00")):
        await in_plan(work, title, at)
    await in_plan(work, "Tomorrow", "08:00", "2025-03-17")
    await in_plan(work, "The day after", "08:00", "2025-03-18")
    found = planned(work.store.state, "2025-03-16")
    assert [one.title for one in found] == ["Stand-up", "Office", "Wrap drinks", "Any time"]
    assert dates_to_start(work.store.state, "2025-03-16", ended=False) == ["2025-03-16"]
    assert dates_to_start(work.store.state, "2025-03-16", ended=True) == ["2025-03-16", "2025-03-17"]


async def test_a_session_of_the_plan_begins_with_its_people_place_and_scenes(
    work: Workspace, sessions: Sessions
) -> None:
    who, where = await somebody(work, "P01"), await somewhere(work)
    plan = await in_plan(work, "Office", "10:00", people=(who,), place=where, scenes=("s-1", "s-2"))
    begun = (await sessions.start_planned(plan)).made
    assert (begun.title, begun.type, begun.place) == ("Office", "shoot", where)
    assert (begun.people, begun.scenes, begun.planned_as) == ((who,), ("s-1", "s-2"), plan)
    assert [one.done for one in planned(work.store.state, "2025-03-16")] == [True]
    note = await Capture(work).note("here")
    assert (note.session, note.place) == (begun.id, where)
    with pytest.raises(NotFound):
        await sessions.start_planned("nothing")


async def test_a_session_of_the_next_days_plan_starts_that_day_and_ends_the_last(
    work: Workspace, clock: FakeClock, sessions: Sessions
) -> None:
    await Plan(work).days("2025-03-16", 3)
    await sessions.start("Long night", kind="shoot")
    clock.advance(hours=21)
    late = await Capture(work).note("04:00 or so")
    begun = (await sessions.start_planned(await in_plan(work, "Early call", "5:30", "2025-03-17"))).made
    note = await Capture(work).note("05:00, and it is the next day")
    assert [work.store.state.date(one) for one in (late.id, note.id)] == ["2025-03-16", "2025-03-17"]
    assert [one.id for one in going_on(work.store.state)] == [begun.id]


async def test_what_the_plan_had_yesterday_and_is_done_today_is_of_today(
    work: Workspace, clock: FakeClock, sessions: Sessions
) -> None:
    plan = await in_plan(work, "Pick-ups", "22:00", "2025-03-16")
    clock.advance(hours=24)
    begun = (await sessions.start_planned(plan)).made
    assert work.store.state.calendar.sessions[begun.id] == "2025-03-17"


async def test_a_start_and_an_end_are_taken_back(work: Workspace, clock: FakeClock, sessions: Sessions) -> None:
    first = (await sessions.start("Script room")).made
    clock.advance(minutes=5)
    second = await sessions.start("By mistake")
    note = await Capture(work).note("in the wrong one")
    await take_back(second)
    assert [one.id for one in going_on(work.store.state)] == [first.id]
    assert work.store.state.date(note.id) == "2025-03-16"
    clock.advance(minutes=5)
    ended = await sessions.stop()
    assert ended.made == 1
    await take_back(ended)
    assert [one.id for one in going_on(work.store.state)] == [first.id]


async def test_people_come_and_go_place_and_permission_change(work: Workspace, sessions: Sessions) -> None:
    one, other, where = await somebody(work, "P01"), await somebody(work, "P02"), await somewhere(work)
    here = (await sessions.start("Office", people=(one,))).made.id
    await sessions.bring(here, other)
    await sessions.bring(here, other)
    await sessions.let_go(here, one)
    await sessions.move(here, where)
    await sessions.allow(here, ["photo", "notes"])
    said = doc(work, here)
    assert (said["people"], said["place"], allowed(said)) == ([other], where, ("notes", "photo"))
    await sessions.allow(here, [])
    await sessions.move(here, None)
    assert allowed(doc(work, here)) == ()
    for wrong in (sessions.bring(here, "nobody"), sessions.move(here, "nowhere"), sessions.let_go("gone", one)):
        with pytest.raises(NotFound):
            await wrong
    with pytest.raises(NotUnderstood):
        await sessions.allow(here, ["smell"])
    with pytest.raises(NotUnderstood):
        await sessions.start("Feast", kind="party")


async def test_two_devices_that_each_change_the_plan_both_win(work: Workspace) -> None:
    """Why a planned session is a record and not a line in a list on the day: moved here, retitled there."""
    plan = await in_plan(work, "Office", "10:00")
    before = doc(work, plan)
    base = {"at": [before["_u"]], "title": [before["_u"]]}
    here = work.change("set", "planned-session", plan, {"at": "11:00"}, {"at": base["at"]})
    there = work.change("set", "planned-session", plan, {"title": "Lobby"}, {"title": base["title"]})
    both = folded(folded(before, here), there)
    assert (both["at"], both["title"], conflicts(both)) == ("11:00", "Lobby", {})
    assert both == folded(folded(before, there), here)
    gone = replace(here, u=work.machine.new_id(), k="del", v={}, base={WHOLE: sorted(live(before))})
    assert "_deleted" not in folded(folded(before, gone), here)
