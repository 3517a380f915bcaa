"""A desk for windows, with a study that has begun: Rain, 28 days, the clock on the 14th of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from fieldlog.services.desk import Desk
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.skipping import Skipping


def pytest_asyncio_loop_factories() -> Mapping[str, type[Skipping]]:
    """A second passes at once."""
    return {"skipping": Skipping}


@pytest.fixture
async def empty(clock: FakeClock) -> AsyncIterator[Desk]:
    """A desk on an empty data root."""
    desk = await Desk.open(machine_of(clock))
    yield desk
    await desk.close()


@pytest.fixture
async def desk(empty: Desk) -> Desk:
    """A desk with a study that has begun."""
    await empty.begin_study(title="Rain", researcher="R1", zone="Asia/Shanghai", first_day="2025-03-03", days=28)
    return empty


@pytest.fixture
def work(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work
