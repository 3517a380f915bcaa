"""How the terminal ends where its output, its input or its person goes away: never in Python's words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldlog.services.machine.bundled import sample_month
from tests.cli.terminal import command, fieldlog, rows
from tests.fakes.serving import heeds

FULL = Path("/dev/full")
MOST_SECONDS = 60


@pytest.fixture
def month(data: Path) -> Path:
    fieldlog(data, "import", str(sample_month()))
    return data


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(("lang", "says"), [("en", "there is no space left"), ("zh", "空间已满")])
def test_a_full_output_is_a_sentence_and_exit_code_one(month: Path, lang: str, says: str) -> None:
    for words in (["days"], ["day", "PD01"], ["find", "a", "--json"], ["studies"], ["log", "x"], ["--help"]):
        with FULL.open("w") as full:
            ran = subprocess.run(
                command(month, *words), stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
                env={**os.environ, "FIELDLOG_LANG": lang},
            )  # fmt: skip
        assert (ran.returncode, says in ran.stderr) == (1, True), (words, ran.stderr)
        assert "Errno" not in ran.stderr
        assert "Traceback" not in ran.stderr
        assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_note_is_saved_though_its_id_could_not_be_printed(data: Path) -> None:
    with FULL.open("w") as full:
        ran = subprocess.run(command(data, "log", "saved"), stdout=full, stderr=full, check=False)
    assert ran.returncode == 1
    assert [row["text"] for row in rows(fieldlog(data, "find", "saved", "--json"))] == ["saved"]
    assert fieldlog(data, "verify").returncode == 0


def test_a_pipe_that_nobody_reads_ends_quietly(month: Path) -> None:
    for words in (["find", "a", "--json"], ["days"], ["log", "x"], ["--help"], ["verify"]):
        ours, its = os.pipe()
        os.close(ours)
        ran = subprocess.run(command(month, *words), stdout=its, stderr=subprocess.PIPE, check=False)
        os.close(its)
        assert (ran.returncode, ran.stderr) == (141, b""), words


def test_head_takes_its_line_and_the_rest_is_silence(month: Path) -> None:
    typed = '"$0" -m fieldlog --data "$1" days --json | head -1'
    ran = subprocess.run(["sh", "-c", typed, sys.executable, str(month)], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout.count(b"\n"), ran.stderr) == (0, 1, b"")


def test_a_closed_output_or_input_is_a_sentence(month: Path) -> None:
    # What moves the tests' clock opens a file of its own, where the output would be.
    own = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    for typed, says in (("days >&-", "it is closed"), ("log - <&-", "no standard input")):
        run = ["sh", "-c", f'"$0" -m fieldlog --data "$1" {typed}', sys.executable, str(month)]
        ran = subprocess.run(run, capture_output=True, encoding="utf-8", check=False, env=own)
        assert (ran.returncode, says in ran.stderr, "Traceback" in ran.stderr) == (1, True, False), ran.stderr


@pytest.mark.parametrize(("lang", "says"), [("en", "Stopped."), ("zh", "已停止。")])
def test_one_ctrl_c_stops_it_and_what_was_printed_is_saved(data: Path, lang: str, says: str) -> None:
    with subprocess.Popen(
        command(data, "log", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", env={**os.environ, "FIELDLOG_LANG": lang}, preexec_fn=heeds,  # noqa: PLW1509
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("I write\n")
        process.stdin.flush()
        written = process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=MOST_SECONDS) == 130
        assert process.stderr.read().strip() == says
    assert [row["id"] for row in rows(fieldlog(data, "find", "write", "--json"))] == [written]
    assert fieldlog(data, "verify").returncode == 0


@pytest.mark.parametrize(("lang", "says"), [("en", "something else of that name is in the way"), ("zh", "同名")])
def test_what_the_system_refuses_is_said_in_our_words(data: Path, tmp_path: Path, lang: str, says: str) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ran = fieldlog(tmp_path / "file" / "data", "log", "x", lang=lang)
    assert (ran.returncode, says in ran.stderr, "Errno" in ran.stderr) == (1, True, False), ran.stderr
