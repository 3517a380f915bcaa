"""Plans change, and the notes follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.services import reading
from fieldlog.services.capture import Capture
from fieldlog.services.chips import Chips
from fieldlog.services.machine import laptop
from fieldlog.services.open import Workspace, open_study
from fieldlog.services.plan import Plan


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
    assert [row["code"] for row in reading.days(work.store)] == ["PD01", "PD02", "PD03", "PD04"]
    await Plan(work).renumber("2025-03-05", 10)
    assert [row["code"] for row in reading.days(work.store)] == ["PD01", "PD02", "PD10", "PD11"]
    await Plan(work).type_of("2025-03-05", "shoot")
    assert [row["type"] for row in reading.days(work.store)][2] == "shoot"
    with pytest.raises(NotUnderstood):
        await Plan(work).type_of("2025-03-05", "party")


async def test_a_day_without_a_number_is_called_by_its_date(work: Workspace) -> None:
    await note(work, "28T10:00")
    assert [row["code"] for row in reading.days(work.store)] == ["2025-03-28"]


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
    await plan.boundary(4)
    assert work.store.state.date(early) == "2025-03-17"
    await plan.choose(early, "2025-03-02")
    assert work.store.state.date(early) == "2025-03-02"
    await plan.choose(early, None)
    assert work.store.state.date(early) == "2025-03-17"
    with pytest.raises(NotUnderstood):
        await plan.boundary(24)
    with pytest.raises(NotFound):
        await plan.choose("nothing", None)
