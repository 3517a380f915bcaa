"""How many scenes a day has, and how many are done."""

from __future__ import annotations

import pytest

from fieldlog.model.records import StoredDay, StoredTake
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.slate import Slate
from fieldlog.services.rows.scenes_shot import ScenesShot, scenes_shot
from fieldlog.services.study.studies import new_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of

TODAY = "2025-03-16"


@pytest.fixture
async def work() -> Workspace:
    return await new_study(machine_of(FakeClock()), title="Rain", zone="Asia/Shanghai", first_day=TODAY)


async def test_without_a_record_the_scenes_named_are_counted_and_those_with_a_take_that_was_right(
    work: Workspace,
) -> None:
    state, slate = work.store.state, Slate(work, Capture(work))
    assert scenes_shot(state, TODAY, ()) == ScenesShot()
    assert scenes_shot(state, TODAY, ("34-1", "34-2")) == ScenesShot(planned=2)
    for scene, result in (("34-1", "NG"), ("34-4", "NG"), ("34-2", "OK"), ("34-2", "hold"), ("34-3", "circled")):
        await slate.add(scene, result)
    by_id = next(one.scene for one in state.each(StoredTake) if one.result == "OK")
    assert scenes_shot(state, TODAY, ("34-1", "34-2", by_id, "34-3")) == ScenesShot(planned=3, done=2)
    assert scenes_shot(state, "2025-03-17", ("34-1",)) == ScenesShot(planned=1)


async def test_what_the_days_record_says_goes_before_what_is_counted(work: Workspace) -> None:
    state, slate = work.store.state, Slate(work, Capture(work))
    await slate.add("34-2", "OK")
    day = next(one for one in state.each(StoredDay) if one.date == TODAY)
    await work.save([work.setting(day, {"scenes_scheduled": 15, "scenes_done": 9})])
    assert scenes_shot(state, TODAY, ("34-2",)) == ScenesShot(planned=15, done=9)
