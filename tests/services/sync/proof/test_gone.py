"""A device that is gone counts no more, and counts again should it come and say something new."""

from __future__ import annotations

from datetime import timedelta

from fieldlog.services.sync.proof.gone import gone, let_go, take_back
from tests.fakes.exchange import Device


async def test_who_is_gone_is_remembered_by_when_and_can_be_taken_back() -> None:
    device = await Device.new(1)
    work = device.work
    await let_go(work, "0195cccc-0000-7000-8000-00000000000c")
    assert abs((await gone(work))["0195cccc-0000-7000-8000-00000000000c"] - work.machine.clock().at) < timedelta(
        seconds=1
    )
    await take_back(work, "0195cccc-0000-7000-8000-00000000000c")
    assert await gone(work) == {}
