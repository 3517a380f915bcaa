"""The wheel in an empty home, by pip and by uv: it opens, takes in a month, archives it, and reads no checkout."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

import fetching
from fieldlog import __version__
from tests.conftest import FULL, wanting
from tests.guard import MARK

HOUSE = Path(__file__).parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/")
MOST_SECONDS = 120
SECRET = 33

WAYS = [("pip", "this Python"), ("uv", "the newest Python")]
"""Both ways and both Pythons; a full run tries each with each."""
if FULL:
    WAYS += [("pip", "the newest Python"), ("uv", "this Python")]


class Installed(NamedTuple):
    """The command, the Python it runs on, and the home of whoever installed it."""

    program: Path
    python: Path
    home: Path

    def run(self, *words: str | Path, under: Sequence[str | Path] = ()) -> str:
        return ran([*under, self.program, *words], self.home)


def ran(command: Sequence[str | Path], home: Path) -> str:
    """What a command prints for somebody who has nothing but a home. It fails where the command does."""
    done = subprocess.run(
        command, cwd=home, env=environment(home), check=False, timeout=MOST_SECONDS,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "FIELDLOG_LANG": "en",
            "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never",
            MARK: os.environ[MARK]}  # fmt: skip


def with_pip(python: Path, wheels: Path, wheel: Path, home: Path) -> Installed:
    ran([python, "-m", "venv", home / "env"], home)
    own = home / "env" / "bin" / "python"
    pip: list[str | Path] = [own, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    ran([*pip, "--no-index", "--find-links", wheels, wheel], home)
    return Installed(own.with_name("fieldlog"), own, home)


def with_uv(python: Path, wheels: Path, wheel: Path, home: Path) -> Installed:
    beside = Path(sys.executable).with_name("uv")
    uv = beside if beside.exists() else shutil.which("uv")
    if uv is None:
        wanting("uv is missing; it is in the lock")
    ran([uv, "tool", "install", "--python", python, "--no-index", "--find-links", wheels, wheel], home)
    own = home / ".local" / "share" / "uv" / "tools" / "fieldlog" / "bin" / "python"
    return Installed(home / ".local" / "bin" / "fieldlog", own, home)


@pytest.fixture
def watched(tool: Callable[[str], Path], tmp_path: Path) -> list[str | Path]:
    """What a command is begun with so that each name of a file it gives the system is written down."""
    log = tmp_path / "files.log"
    with_strace: list[str | Path] = [
        tool("strace"), "-f", "-qq", "--seccomp-bpf", "-e", "trace=%file", "-A", "-o", log,
    ]  # fmt: skip
    if subprocess.run([*with_strace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not watch here")
    return with_strace


@contextmanager
def opened(installed: Installed, watched: Sequence[str | Path]) -> Iterator[str]:
    """The app's address, as the terminal tells it; the app is closed afterwards."""
    process = subprocess.Popen(
        [*watched, installed.program, "--no-browser"], cwd=installed.home, env=environment(installed.home),
        stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    try:
        line = process.stdout.readline()
        found = ADDRESS.search(line)
        assert found, line
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=MOST_SECONDS)


@pytest.mark.parametrize(("how", "which"), WAYS, ids=[f"{how}, {which}" for how, which in WAYS])
def test_whoever_has_the_wheel_has_all_of_it(
    how: str, which: str, wheel: Path, watched: list[str | Path], tmp_path: Path
) -> None:
    this = Path(sys.executable)
    python = this if which == "this Python" else fetching.newest(this)
    if not fetching.are_there(python):
        wanting("what FieldLog asks for is missing; build/test.py fetches it")
    home = tmp_path / "home"
    home.mkdir()
    install = with_pip if how == "pip" else with_uv
    installed = install(python, fetching.wheels_of(python), wheel, home)
    assert __version__ in installed.run("--version")
    with opened(installed, watched) as address:
        assert httpx.get(address).status_code == 200
        assert httpx.get(address[:-SECRET]).status_code == 403
    ask = "from fieldlog.services.machine.bundled import sample_month; print(sample_month())"
    month = Path(ran([installed.python, "-c", ask], home).strip())
    assert month.is_relative_to(home)
    installed.run("import", month, under=watched)
    installed.run("archive", "archive", under=watched)
    installed.run("verify", "archive")
    assert len(installed.run("days", "--json").splitlines()) > 10
    log = (tmp_path / "files.log").read_text(encoding="utf-8", errors="replace")
    assert str(month) in log
    ours = {str(HOUSE), str((HOUSE / ".venv").resolve())}
    assert [line for line in log.splitlines() if any(f'"{place}' in line for place in ours)] == []
