"""Plans change, and the notes follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.plan import Plan, outlived
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import laptop
from fieldlog.services.rows import days as production_days
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.undo import take_back


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(tmp_path), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(opened).begin()
    study = opened.store.state.study()
    assert study is not None
    change = {"default_tz": "Asia/Shanghai"}
    await opened.save([opened.change("set", "study", study["id"], change, {"default_tz": [study["_u"]]})])
    yield opened
    assert await opened.store.verify() == []
    await opened.close()


async def note(work: Workspace, at: str) -> str:
    when = datetime.fromisoformat(f"2025-03-{at}+08:00")
    return (await Capture(work).note(at, Chips(at=when))).id


async def test_days_are_planned_and_numbered_as_on_the_call_sheet(work: Workspace) -> None:
    await Plan(work).days("2025-03-03", 4)
    assert [row["code"] for row in production_days.days(work.store)] == ["PD01", "PD02", "PD03", "PD04"]
    await Plan(work).renumber("2025-03-05", 10)
    assert [row["code"] for row in production_days.days(work.store)] == ["PD01", "PD02", "PD10", "PD11"]
    await Plan(work).type_of("2025-03-05", "shoot")
    assert [row["type"] for row in production_days.days(work.store)][2] == "shoot"
    with pytest.raises(NotUnderstood):
        await Plan(work).type_of("2025-03-05", "party")


async def test_a_day_without_a_number_is_called_by_its_date(work: Workspace) -> None:
    await note(work, "28T10:00")
    assert [row["code"] for row in production_days.days(work.store)] == ["2025-03-28"]


async def test_starting_and_wrapping_files_the_night_anew(work: Workspace) -> None:
    night = await note(work, "17T09:30")
    assert work.store.state.date(night) == "2025-03-17"
    plan = Plan(work)
    await plan.start("2025-03-16", "2025-03-16T16:00:00+08:00")
    assert work.store.state.date(night) == "2025-03-16"
    await plan.wrap("2025-03-16", "2025-03-17T04:00:00+08:00")
    assert work.store.state.date(night) == "2025-03-17"
    await plan.wrap("2025-03-16", None)
    assert work.store.state.date(night) == "2025-03-16"


async def test_the_boundary_and_a_choice_by_hand_file_anew(work: Workspace) -> None:
    early = await note(work, "17T05:00")
    plan = Plan(work)
    assert work.store.state.date(early) == "2025-03-16"
    await work.set(work.store.state.about, {"day_boundary_hour": 4}, "as another import says")
    assert work.store.state.date(early) == "2025-03-17"
    await plan.choose(early, "2025-03-02")
    assert work.store.state.date(early) == "2025-03-02"
    await plan.choose(early, None)
    assert work.store.state.date(early) == "2025-03-17"
    with pytest.raises(NotFound):
        await plan.choose("nothing", None)


def local(at: str) -> datetime:
    return datetime.fromisoformat(f"2025-03-{at}+08:00")


class Set:
    """A film set: a study in Shanghai whose clock the test holds."""

    def __init__(self, work: Workspace, clock: FakeClock) -> None:
        self.work, self.clock = work, clock
        self.capture, self.plan = Capture(work), Plan(work)
        self.sessions = Sessions(work, self.capture)

    def until(self, at: str) -> None:
        ahead = local(at) - self.clock.wall
        self.clock.advance(seconds=ahead.total_seconds())

    def day_of(self, record: str) -> str:
        state = self.work.store.state
        return (state.date(record) or state.calendar.sessions[record])[-2:]

    def doc(self, record: str) -> dict[str, Any]:
        found = self.work.store.state.get(record)
        assert found is not None
        return found

    async def note(self, at: str, chips: Chips | None = None) -> str:
        self.until(at)
        return (await self.capture.note(at, chips or Chips())).id


@pytest.fixture
async def on_set() -> AsyncIterator[Set]:
    clock = FakeClock()
    clock.wall = local("16T15:00")
    opened = await open_study(machine_of(clock), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(opened).begin()
    study = opened.store.state.study()
    assert study is not None
    change = {"default_tz": "Asia/Shanghai"}
    await opened.save([opened.change("set", "study", study["id"], change, {"default_tz": [study["_u"]]})])
    await Plan(opened).days("2025-03-14", 8, number=12)
    yield Set(opened, clock)
    await opened.close()


async def test_a_wrap_ends_the_session_that_goes_on(on_set: Set) -> None:
    on_set.until("16T16:00")
    shoot = (await on_set.sessions.start("Office", kind="shoot")).made
    on_set.until("17T04:00")
    await on_set.plan.wrap("2025-03-16", on_set.capture.now().text())
    assert on_set.doc(shoot.id)["ends"] == on_set.capture.now().text()
    breakfast = await on_set.note("17T09:00")
    assert on_set.day_of(breakfast) == "17"


async def test_a_forgotten_wrap_told_the_next_noon_files_everything_anew(on_set: Set) -> None:
    on_set.until("16T16:00")
    shoot = (await on_set.sessions.start("Office", kind="shoot")).made
    night = await on_set.note("17T02:50")
    breakfast, feeling = await on_set.note("17T09:00"), await on_set.note("17T09:10", Chips(note_type="PN"))
    on_set.until("17T11:00")
    meeting = (await on_set.sessions.start("Numbers", kind="meeting")).made
    number = await on_set.note("17T11:30")
    assert {on_set.day_of(one) for one in (night, breakfast, feeling, number, meeting.id)} == {"16"}
    on_set.until("17T12:00")
    done = await on_set.plan.wrap_typed("2025-03-16", "3:10", on_set.capture.now().at)
    assert [on_set.day_of(one) for one in (night, breakfast, feeling, meeting.id, number)] == ["16", *["17"] * 4]
    assert on_set.doc(shoot.id)["ends"] == "2025-03-17T03:10:00+08:00"
    assert [on_set.doc(one).get("session") for one in (night, breakfast, number)] == [shoot.id, None, meeting.id]
    await take_back(done)
    assert {on_set.day_of(one) for one in (night, breakfast, feeling, number, meeting.id)} == {"16"}
    assert on_set.doc(breakfast)["session"] == shoot.id


async def test_a_wrap_that_was_told_too_early_is_moved_or_taken_back(on_set: Set) -> None:
    on_set.until("16T16:00")
    await on_set.sessions.start("Office", kind="shoot")
    on_set.until("17T07:00")
    second = (await on_set.sessions.start("Car park", kind="shoot")).made
    on_set.until("17T09:00")
    third = (await on_set.sessions.start("Lift", kind="shoot")).made
    on_set.until("17T14:40")
    for told, days in (("27:00", "17"), ("31:30", "16"), ("27:00", "17")):
        await on_set.plan.wrap_typed("2025-03-16", told, on_set.capture.now().at)
        assert on_set.day_of(second.id) == days, told
    assert on_set.day_of(third.id) == "17"
    await on_set.plan.wrap("2025-03-16", None)
    assert (on_set.day_of(second.id), on_set.day_of(third.id)) == ("16", "16")


async def test_a_wrap_is_not_in_the_future_and_not_before_the_day_began(on_set: Set) -> None:
    on_set.until("16T16:00")
    await on_set.sessions.start("Office", kind="shoot")
    on_set.until("17T02:00")
    for said in ("26:30", "half past two", "2025-03-16 12:00"):
        with pytest.raises(NotUnderstood):
            await on_set.plan.wrap_typed("2025-03-16", said, on_set.capture.now().at)
    assert not production_days.stored_day(on_set.work.store.state, "2025-03-16").ends


async def test_past_the_boundary_it_is_asked_once_whether_the_day_goes_on(on_set: Set) -> None:
    state = on_set.work.store.state

    def asked(at: str) -> bool:
        on_set.until(at)
        return outlived(state, on_set.capture.now().at) is not None

    on_set.until("16T16:00")
    await on_set.sessions.start("Office", kind="shoot")
    assert [asked(at) for at in ("17T01:10", "17T05:59", "17T06:00")] == [False, False, True]
    await on_set.plan.goes_on("2025-03-16", on_set.capture.now().text())
    assert [asked(at) for at in ("17T06:01", "17T22:00")] == [False, False]
    await on_set.plan.wrap("2025-03-16", on_set.capture.now().text())
    assert not asked("18T07:00")


async def test_a_day_started_by_hand_before_the_boundary_ends_the_last(on_set: Set) -> None:
    on_set.until("16T16:00")
    shoot = (await on_set.sessions.start("Office", kind="shoot")).made
    on_set.until("17T04:30")
    done = await on_set.plan.start("2025-03-17", on_set.capture.now().text())
    early = await on_set.note("17T04:40")
    assert on_set.day_of(early) == "17"
    await take_back(done)
    assert on_set.day_of(early) == "16"
    assert on_set.doc(shoot.id).get("ends") is None
