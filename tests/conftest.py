"""How many examples the tests try, drawn from which seed; where the judges are; what each room took."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from itertools import count as count_from
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

import release
from fieldlog.services.desk import Desk
from fieldlog.services.memo import tape
from tests.damage import Fuzz, told_of
from tests.fakes.clock import FakeClock
from tests.fakes.erased import World, a_world
from tests.fakes.phone import STEP_SECONDS, Phone
from tests.guard import MARK, Guard, left_over, mark_this_run
from tests.month.scaled import Scaled

COUNTS = os.environ.get("FIELDLOG_COUNTS", "reduced")
FULL, QUICK = COUNTS == "full", COUNTS == "quick"
SEED = int(os.environ.get("FIELDLOG_SEED", "20250303"))

settings.register_profile("reduced", max_examples=50, deadline=None)
settings.register_profile("full", max_examples=1000, deadline=None)
settings.register_profile("quick", max_examples=15, deadline=None)
settings.load_profile(COUNTS)


STOPS_SECONDS = 5.0
"""How long a run that was stopped may tidy up."""

_TESTS = count_from(1)

GUARDED = pytest.StashKey[Guard]()


def pytest_configure(config: pytest.Config) -> None:
    """Every process of ours bears a mark; where the run is stopped, whoever bears it goes, workers too."""
    mark = mark_this_run()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.stash[GUARDED] = Guard(mark)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those in a browser first, else in the order that was drawn: what is short is left for the end."""
    items.sort(key=lambda item: item.path.parent.name != "e2e")


def pytest_keyboard_interrupt() -> None:
    """Workers would go on until their tests end; and what a test still waits for may be gone by now."""
    left_over(os.environ[MARK], 0)
    end = threading.Timer(STOPS_SECONDS, os._exit, (pytest.ExitCode.INTERRUPTED,))
    end.daemon = True
    end.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if guard := config.stash.get(GUARDED, None):
        guard.close()


def pytest_report_header() -> str:
    now = datetime.now().astimezone()
    return f"fieldlog: counts {COUNTS}, seed {SEED}, it is {now:%A %Y-%m-%d %H:%M %Z}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Seconds of each room, all workers together, and its number of tests; how often something was tried."""
    seconds, tests = defaultdict[str, float](float), Counter[str]()
    for reports in terminalreporter.stats.values():
        for one in reports:
            if isinstance(one, pytest.TestReport):
                room = one.nodeid.split("::")[0].split("/")[1]
                seconds[room] += one.duration
                tests[room] += one.when == "call"
    terminalreporter.section("rooms")
    for room, took in sorted(seconds.items(), key=lambda one: -one[1]):
        terminalreporter.write_line(f"{took:8.1f} s  {tests[room]:5}  {room}")
    for line in told_of(one for one in terminalreporter.stats.get("passed", ()) if one.when == "call"):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def nothing_outlives_its_test() -> Iterator[None]:
    """An app, a browser or a server of a test ends with it."""
    yield
    assert left_over(os.environ[MARK]) == []


@pytest.fixture(scope="session", autouse=True)
def in_english() -> Iterator[None]:
    """Whatever the machine speaks, what is tested speaks English where nobody chooses."""
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("FIELDLOG_LANG", "en")
        yield


@pytest.fixture(scope="session", autouse=True)
def marks_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a laptop keeps outside of its data is kept in the run's own folder."""
    state = tmp_path_factory.getbasetemp() / "state"
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("XDG_STATE_HOME", str(state))
        yield state


@pytest.fixture(autouse=True)
def marks_of_the_test(marks_of_the_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tests that copy the same data don't hear of each other."""
    monkeypatch.setenv("XDG_STATE_HOME", str(marks_of_the_run / f"{next(_TESTS)}"))


@pytest.fixture(scope="session")
def seed() -> int:
    """What every `random.Random` of a test starts from."""
    return SEED


QUICK_SHARE = 3
"""A quick run tries a third of what a reduced one does."""


class Count:
    """`count(reduced, full)`: how often this run tries something; in a quick run at least `least` times."""

    def __call__(self, reduced: int, full: int, least: int = 1) -> int:
        if FULL:
            return full
        return max(reduced // QUICK_SHARE, least) if QUICK and 0 < reduced < full else reduced


@pytest.fixture(scope="session")
def count() -> Count:
    return Count()


@pytest.fixture
def fuzz(count: Count, record_property: Callable[[str, object], None]) -> Fuzz:
    """Tries a parser on damaged input: 20,000 times in a full run."""
    return Fuzz(count, record_property)


def wanting(said: str) -> NoReturn:
    """What a test needs is not here: it is skipped, but in CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def tool() -> Callable[[str], Path]:
    """`tool("ffprobe")`: where it lies. Without it the test is skipped, but in CI it fails."""

    def find(command: str) -> Path:
        found = shutil.which(command)
        if found is None:
            wanting(f"{command} is missing; build/test.py installs it")
        return Path(found)

    return find


@pytest.fixture(scope="session")
def scaled(tmp_path_factory: pytest.TempPathFactory, count: Count) -> Scaled:
    """The generated month: 15,000 entries, 120 photos and 60 memos in a full run."""
    folder = tmp_path_factory.mktemp("scaled")
    return Scaled(folder, entries=count(1500, 15000), photos=count(24, 120, least=24), memos=count(8, 60))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FieldLog for pip, as a release has it: made once for the run, by whichever worker needs it first."""
    of_the_run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_run = of_the_run.parent
    folder, making = of_the_run / "wheel", of_the_run / "wheel.part"
    with (of_the_run / "wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            release.wheel(Path(sys.executable), making)
            making.rename(folder)
    return next(folder.glob("*.whl"))


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    return FakeClock()


@pytest.fixture
def phone(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """A phone on which a memo is looked after many times a second."""
    monkeypatch.setattr(tape, "STEP_SECONDS", STEP_SECONDS)
    return Phone(clock)


@pytest.fixture
async def phones_desk(phone: Phone) -> AsyncIterator[Desk]:
    """The app on that phone, with a study that has begun."""
    opened = await phone.begun()
    yield opened
    phone.disk.capacity = None
    await opened.close()


@pytest.fixture
async def world(desk: Desk) -> World:
    """What there is to be erased on the desk of the test."""
    return await a_world(desk)
