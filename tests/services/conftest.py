"""An open study on a machine whose clock the test holds, and the desk of a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fieldlog.services.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.open import Workspace, open_study
from tests.services.test_capture import FakeClock, machine_of


@pytest.fixture
async def work(clock: FakeClock) -> AsyncIterator[Workspace]:
    opened = await open_study(machine_of(clock), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


@pytest.fixture
def desk(phones_desk: Desk) -> Desk:
    return phones_desk
