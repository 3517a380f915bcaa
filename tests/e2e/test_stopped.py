"""A run of tests that is stopped, however, leaves nothing behind: no app, no browser, no worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.guard import MARK, bearing, mark_this_run

PROJECT = Path(__file__).parents[2]
UP_SECONDS, ENDED_SECONDS, GONE_SECONDS = 90, 20, 2
pytestmark = pytest.mark.alone
HEEDING = (
    "import signal, sys, pytest; signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(pytest.main())"
)
"""What a shell has started in the background, and all below it, is deaf to Ctrl+C."""

A_TEST = """
import asyncio
from pathlib import Path
from tests.e2e.app import running_app
from tests.e2e.browsers import a_context

async def test_that_would_go_on(tmp_path):
    async with running_app(tmp_path / "data") as app, a_context() as browser:
        await (await browser.new_page()).goto(app.url, wait_until="commit")
        Path({told!r}).touch()
        await asyncio.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=["term", "int", "kill"])
@pytest.mark.parametrize("beside", [(), ("--numprocesses=1",)], ids=["alone", "with-a-worker"])
def test_two_seconds_later_nothing_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals, beside: tuple[str, ...]
) -> None:
    told = tmp_path / "up"
    test = tmp_path / "test_it.py"
    test.write_text(A_TEST.format(told=str(told)))
    monkeypatch.setenv(MARK, os.environ[MARK])
    mark = mark_this_run()
    command = [sys.executable, "-c", HEEDING, "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *beside]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.Popen(
        [*command, test, "--confcutdir", PROJECT, "-c", PROJECT / "pyproject.toml", "-p", "tests.conftest"],
        cwd=PROJECT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert run.stdout
    try:
        until = time.monotonic() + UP_SECONDS
        while not told.exists():
            assert run.poll() is None, run.stdout.read().decode()
            assert time.monotonic() < until
            time.sleep(0.05)
        assert sum("chromium" in command for _, command in bearing(mark)) >= 1
        run.send_signal(how)
        run.wait(ENDED_SECONDS)
        until = time.monotonic() + GONE_SECONDS
        while any(bearing(mark)) and time.monotonic() < until:
            time.sleep(0.02)
        assert list(bearing(mark)) == []
    finally:
        run.kill()
        run.wait()
        run.stdout.close()
