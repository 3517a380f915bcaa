"""The app as the terminal opens it: its address is the only way in, and nothing stays behind."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from fieldlog.cli import demo
from fieldlog.server import opening
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import laptop
from fieldlog.services.practice.written import Stands, how_it_stands
from fieldlog.services.study.studies import open_study
from tests.cli.terminal import command

pytestmark = pytest.mark.clock

MOST_SECONDS = 60


@contextmanager
def opened(home: Path, *words: str, lang: str = "en") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its first line. What is still running afterwards is killed."""
    temp = home / "temp"
    temp.mkdir(parents=True, exist_ok=True)
    # The tests themselves may have been started to outlive their window; what they start is not.
    ours = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "fieldlog", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            env={"FIELDLOG_LANG": lang, "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "HOME": str(home),
                 "TMPDIR": str(temp), "FIELDLOG_DATA": str(home / "data")},
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGHUP, ours)
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


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
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


@pytest.fixture
def practised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, dict[str, Stands]]:
    """A store for practice in which a note was written, and how it stood before."""
    monkeypatch.setenv("HOME", str(tmp_path))
    store = tmp_path / "temp" / "store"

    async def write() -> dict[str, Stands]:
        before = await demo._prepared(laptop(store))
        work = await open_study(laptop(store), write=True)
        await Capture(work).note("灯还没好")
        await work.close()
        return before

    return store, asyncio.run(write())


def copies_in(home: Path) -> list[Path]:
    return sorted(home.glob("FieldLog/*/copies/*.zip"))


def answers(monkeypatch: pytest.MonkeyPatch, *said: str | BaseException) -> None:
    """Somebody stands at a terminal and answers so; an empty answer is the proposed one."""
    left = iter(said)

    def prompt(_: str, *, default: str) -> str:
        answer = next(left)
        if isinstance(answer, BaseException):
            raise answer
        return answer or default

    monkeypatch.setattr(demo, "_somebody_answers", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)


def test_where_nobody_can_be_asked_what_was_written_is_kept_and_it_is_said_where(
    practised: tuple[Path, dict[str, Stands]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, before = practised
    assert demo._offer(laptop(store), before)
    (kept,) = copies_in(tmp_path)
    assert f"Kept, and read back whole: {kept}" in capsys.readouterr().out
    assert "灯还没好" in texts_in(tmp_path / "own", kept)


def texts_in(data: Path, copy: Path) -> set[str]:
    async def come_in() -> set[str]:
        done = await import_bundle(laptop(data), copy)
        work = await open_study(laptop(data), done.study, write=False)
        found = {doc["text"] for doc in work.store.state.entries()}
        await work.close()
        return found

    return asyncio.run(come_in())


def test_one_is_asked_and_it_is_kept_where_one_says(
    practised: tuple[Path, dict[str, Stands]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    store, before = practised
    mine = tmp_path / "mine.zip"
    answers(monkeypatch, str(tmp_path / "nowhere" / "mine.zip"), str(mine))
    assert demo._offer(laptop(store), before)
    said = capsys.readouterr()
    assert said.out.count("1 note was written here.") == 2, "after a refusal it is asked again"
    assert "There is no folder" in said.err
    assert mine.exists()
    assert copies_in(tmp_path) == []


@pytest.mark.parametrize("answer", ["", click.Abort()], ids=["enter", "Ctrl+C once more"])
def test_an_empty_answer_and_a_second_ctrl_c_keep_it_as_proposed(
    practised: tuple[Path, dict[str, Stands]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    store, before = practised
    answers(monkeypatch, answer)
    assert demo._offer(laptop(store), before)
    assert len(copies_in(tmp_path)) == 1


@pytest.mark.parametrize("answer", ["n", "No", "不"])
def test_it_goes_where_one_says_so(
    practised: tuple[Path, dict[str, Stands]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    store, before = practised
    monkeypatch.chdir(tmp_path)
    answers(monkeypatch, answer)
    assert demo._offer(laptop(store), before)
    assert copies_in(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["temp"]


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")

    flush = write  # type: ignore[assignment]


def test_where_the_window_is_closed_while_one_is_asked_it_is_kept_as_proposed(
    practised: tuple[Path, dict[str, Stands]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(_: str, *, default: str) -> str:
        monkeypatch.setattr(sys, "stdout", Gone())
        raise click.Abort

    store, before = practised
    monkeypatch.setattr(demo, "_somebody_answers", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    assert demo._offer(laptop(store), before)
    assert len(copies_in(tmp_path)) == 1


def test_a_form_that_was_not_finished_keeps_the_folder(practised: tuple[Path, dict[str, Stands]]) -> None:
    store, _ = practised

    async def half_written() -> dict[str, Stands]:
        desk = await Desk.open(laptop(store))
        assert desk.work
        desk.work.half_written.say("person/new", "name", "Lei", "")
        await desk.close()
        return await how_it_stands(laptop(store))

    assert not demo._offer(laptop(store), asyncio.run(half_written()))


def test_of_a_month_in_which_nothing_was_written_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = asyncio.run(demo._prepared(laptop(tmp_path / "store")))
    answers(monkeypatch)
    assert demo._offer(laptop(tmp_path / "store"), before)
    assert capsys.readouterr().out == ""


def test_what_cannot_be_kept_does_not_go(
    practised: tuple[Path, dict[str, Stands]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, before = practised
    (tmp_path / "FieldLog").write_text("in the way", encoding="utf-8")
    assert not demo._offer(laptop(store), before)
    assert "a file lies where a folder should be" in capsys.readouterr().err


def test_the_first_command_opens_ones_own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    import house
    import run

    called = list[list[str]]()

    def become(_: object, command: list[str], __: object) -> None:
        called.append(command)
        raise SystemExit

    monkeypatch.setattr(house, "set_up", lambda: Path("python"))
    monkeypatch.setattr(os, "execve", become)
    for typed in ([], ["demo", "--no-browser"]):
        monkeypatch.setattr(sys, "argv", ["run.py", *typed])
        with pytest.raises(SystemExit):
            run.main()
    assert called == [["python", "-m", "fieldlog"], ["python", "-m", "fieldlog", "demo", "--no-browser"]]


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
