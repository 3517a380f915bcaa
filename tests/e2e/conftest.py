"""What the tests in a browser share: its event loop, the browser, the phone's app, and where pictures go."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.browsers import shared

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one event loop, for one browser serves all; a file with something of its own stays on one worker."""
    for item in items:
        if HERE in item.path.parents:
            if item.get_closest_marker("asyncio"):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if _shares(item):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_collection_finish(session: pytest.Session) -> None:
    """With some pairs of versions, pytest-xdist spreads in silence what is marked to stay together."""
    if getattr(session.config.option, "loadgroup", False):
        apart = [
            one.nodeid for one in session.items if one.get_closest_marker("xdist_group") and "@" not in one.nodeid
        ]
        assert not apart, f"these are on no worker of their own: {apart}"


def _shares(item: pytest.Item) -> bool:
    """Whether it uses a fixture that its file makes once for all its tests."""
    found = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
    return any(one.scope == "module" for many in found.values() for one in many)


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def one_browser() -> AsyncIterator[None]:
    """One driver and one browser for all windows of this process."""
    async with shared():
        yield


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for screenshots of this run."""
    asked = os.environ.get("FIELDLOG_SHOTS")
    folder = Path(asked) if asked else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def pocket_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phone's app as build/pocket.py makes it, once for the run, whichever worker needs it first."""
    of_the_run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_run = of_the_run.parent
    folder = of_the_run / "pocket"
    with (of_the_run / "pocket.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = of_the_run / "pocket.part"
            command = [sys.executable, str(PROJECT / "build" / "pocket.py"), "--out", str(making)]
            made = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
            )
            assert made.returncode == 0, made.stdout
            making.rename(folder)
    return folder
