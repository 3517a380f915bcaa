"""An open study on a machine whose clock the test holds, and the desk of a phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.imports.imports import import_folder, import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.month.scaled import Scaled
from tests.skipping import Skipping


def pytest_asyncio_loop_factories() -> Mapping[str, type[Skipping]]:
    """A second passes at once."""
    return {"skipping": Skipping}


@pytest.fixture
async def work(clock: FakeClock) -> AsyncIterator[Workspace]:
    opened = await open_study(machine_of(clock), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


@pytest.fixture
def desk(phones_desk: Desk) -> Desk:
    return phones_desk


@pytest.fixture(scope="session")
def imported(scaled: Scaled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root with the month and its bad files in it. Nobody writes there: who wants to makes a copy."""
    data = tmp_path_factory.mktemp("data")
    asyncio.run(import_all(data, scaled))
    return data


async def import_all(data: Path, scaled: Scaled) -> None:
    machine = laptop(data)
    done = await import_month(machine, scaled.file)
    assert done.problems == []
    work = await open_study(machine, write=True)
    found = await import_folder(work, scaled.bad)
    await work.close()
    verdicts = {bad["file"].split("/")[-1]: bad["verdict"] for bad in scaled.truth["bad_media"]}
    assert {name: verdict for name, (verdict, _) in found.verdicts.items()} == verdicts
