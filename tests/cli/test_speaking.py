"""What the terminal shows was written by somebody: no note, name or file rewrites a screen."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from fieldlog.cli.speaking import line, signs
from tests.cli.terminal import command, fieldlog, rows

STEERS = "\x1b[2J\x07\x9b\u202e\u2066\x7f\b\x0c"
"""Clears the screen, rings, colours, turns the letters round, goes back."""

SHOWN = r"\u001b[2J\u0007\u009b\u202e\u2066\u007f\u0008\u000c"


def steers(text: str) -> bool:
    return any(sign in text for sign in "\x1b\x07\x9b\u202e\u2066\x7f\b\x0c\r")


def test_signs_that_steer_are_shown_by_their_number_and_letters_are_left() -> None:
    assert signs(f"a{STEERS}b") == f"a{SHOWN}b"
    assert signs("one\r\ntwo\ttab\rback\0") == "one\ntwo\ttab\\u000dback\\u0000"
    assert line("one\nNo faults.\t") == "one\\u000aNo faults.\\u0009"
    assert signs("\ud800") == "\\ud800"
    whole = "灯还没好 café 👩‍👩‍👧 می‌خواهم :smile: [bold] C:\\u"
    assert signs(whole) == line(whole) == whole


def test_a_note_that_would_clear_the_screen_is_shown_by_day_and_found(data: Path) -> None:
    fieldlog(data, "log", f"a{STEERS}b", "--at", "2025-03-16T10:00")
    for words in (["day", "2025-03-16"], ["find", "a"]):
        ran = fieldlog(data, *words)
        assert f"a{SHOWN}b\n" in ran.stdout, words
        assert not steers(ran.stdout)


def test_as_json_a_note_is_whole_and_steers_nothing_either(data: Path) -> None:
    fieldlog(data, "log", f"a{STEERS}b", "--at", "2025-03-16T10:00")
    ran = fieldlog(data, "day", "2025-03-16", "--json")
    assert not steers(ran.stdout)
    assert json.loads(ran.stdout)["text"] == f"a{STEERS}b"


def test_a_title_steers_neither_days_nor_studies(data: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("date,day,title\n2025-03-16,PD14,Roof\x1b[2J\u202e\n", encoding="utf-8")
    fieldlog(data, "import", str(plan))
    assert r"Roof\u001b[2J\u202e" in fieldlog(data, "days").stdout
    fieldlog(data, "studies", "new", f"Night{STEERS}.")
    listed = fieldlog(data, "studies").stdout
    assert f"Night{SHOWN}." in listed
    assert not steers(listed)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_refusal_that_says_again_what_was_typed_steers_nothing(data: Path, tmp_path: Path, lang: str) -> None:
    fieldlog(data, "log", "here")
    name = tmp_path / "a\x1b[2J\u202e\nNo faults..csv"
    name.write_text("text,kind\nhi,\x1b[2Jsong\n", encoding="utf-8")
    for words in (
        ["day", f"PD1{STEERS}\nNo faults."],
        ["log", "x", "--at", STEERS],
        ["log", "x", "--session", STEERS],
        ["--study", STEERS, "days"],
        [f"sing{STEERS}"],
        ["days", f"--x{STEERS}"],
        ["import", str(tmp_path / f"nowhere{STEERS}")],
        ["import", str(name)],
    ):
        ran = fieldlog(data, *words, lang=lang)
        assert not steers(ran.stdout + ran.stderr), words
        assert "\nNo faults." not in ran.stdout + ran.stderr, words
        assert r"\u001b" in ran.stdout + ran.stderr or r"\x1b" in ran.stderr, words


def test_on_a_terminal_too_only_our_own_colours_steer(data: Path) -> None:
    fieldlog(data, "log", f"a{STEERS}b", "--at", "2025-03-16T10:00")
    ours, its = pty.openpty()
    run = command(data, "day", "2025-03-16")
    subprocess.run(run, stdout=its, stderr=its, check=True)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(its)
    assert f"a{SHOWN}b" in shown
    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown


def test_nothing_is_cut_short_or_folded_in_a_pipe(data: Path) -> None:
    long = "夜戏 " * 100 + "end"
    fieldlog(data, "studies", "new", long)
    (last,) = [one for one in fieldlog(data, "studies").stdout.splitlines() if "夜戏" in one]
    assert last.endswith(long)
    text = "word " * 60 + ":smile: [red]"
    fieldlog(data, "log", text, "--at", "2025-03-16T10:00")
    assert text in fieldlog(data, "day", "2025-03-16").stdout
    assert rows(fieldlog(data, "find", "word", "--json"))[0]["text"] == text


def test_letters_that_the_output_has_not_are_shown_by_their_number(data: Path) -> None:
    fieldlog(data, "log", "灯", "--at", "2025-03-16T10:00")
    run = command(data, "day", "2025-03-16")
    ran = subprocess.run(run, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, b"\\u706f" in ran.stdout, ran.stderr) == (0, True, b"")
