"""The app as the terminal opens it: its address is the only way in, and nothing stays behind."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from fieldlog.server import opening
from tests.cli.terminal import command

pytestmark = pytest.mark.clock

MOST_SECONDS = 60


@contextmanager
def opened(home: Path, *words: str, lang: str = "en") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its first line. What is still running afterwards is killed."""
    temp = home / "temp"
    temp.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "fieldlog", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={"FIELDLOG_LANG": lang, "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "HOME": str(home),
             "TMPDIR": str(temp), "FIELDLOG_DATA": str(home / "data")},
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    try:
        line = process.stdout.readline()
        yield process, line
    finally:
        process.kill()
        process.communicate(timeout=MOST_SECONDS)


def address_in(line: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", line)
    assert found, line
    return found[0]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_demo_opens_the_sample_month_under_its_secret_and_leaves_nothing_behind(
    tmp_path: Path, ending: signal.Signals
) -> None:
    with opened(tmp_path, "demo", "--no-browser") as (process, line):
        address = address_in(line)
        assert line == f"FieldLog is open at {address} — Ctrl+C closes it.\n"
        assert httpx.get(address).status_code == 200
        assert httpx.get(address[:-33]).status_code == 403
        assert list((tmp_path / "temp").glob("fieldlog-demo-*/store/studies/*/journals"))
        process.send_signal(ending)
        assert process.wait(timeout=MOST_SECONDS) == 0
    assert list((tmp_path / "temp").iterdir()) == []
    assert not (tmp_path / "data").exists()


def test_a_demo_that_is_kept_can_be_read_and_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        with opened(tmp_path, "demo", "--into", str(tmp_path / "kept"), "--no-browser") as (process, line):
            assert httpx.get(address_in(line)).status_code == 200
            process.terminate()
            assert process.wait(timeout=MOST_SECONDS) == 0
    days = command(tmp_path / "kept" / "store", "days", "--json")
    assert len(subprocess.run(days, capture_output=True, check=True).stdout.splitlines()) > 10


def test_without_a_command_the_app_opens_even_where_there_is_no_study(tmp_path: Path) -> None:
    with opened(tmp_path, "--no-browser", lang="zh") as (process, line):
        assert httpx.get(address_in(line)).status_code == 200
        assert "打开" in line
        process.terminate()
        assert process.wait(timeout=MOST_SECONDS) == 0


def test_a_second_process_is_told_that_the_app_is_open(tmp_path: Path) -> None:
    log = command(tmp_path / "data", "log", "one")
    subprocess.run(log, capture_output=True, check=True)
    with opened(tmp_path, "--no-browser") as (_, line):
        address_in(line)
        with opened(tmp_path, "--no-browser") as (second, silence):
            assert silence == ""
            assert second.wait(timeout=MOST_SECONDS) == 1
            assert second.stderr
            assert "already open" in second.stderr.read()


def test_where_there_is_no_screen_and_no_browser_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not opening.open_browser("http://127.0.0.1:1/")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("webbrowser._tryorder", [])
    assert not opening.open_browser("http://127.0.0.1:1/")
