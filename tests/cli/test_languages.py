"""Each command on good and on bad input: every sentence is in the reader's language, and counts as people do."""

from __future__ import annotations

import json
import re
import shutil
import struct
from pathlib import Path

import pytest

from fieldlog.services.machine.bundled import sample_month
from tests.cli.terminal import fieldlog, rows

ENGLISH = re.compile(r"\b(the|is|are|was|not|this|its|and|of|there|nothing|can't|has|have|line|file)\b", re.I)
PYTHONS = re.compile(r"NoneType|Errno|Traceback|Error\b|Exception|<class|object at")


def said(data: Path, *words: str, code: int, lang: str = "zh") -> str:
    """What a command says on both its outputs, without what was typed."""
    ran = fieldlog(data, *words, lang=lang)
    assert ran.returncode == code, (words, ran.stdout, ran.stderr)
    text = ran.stdout + ran.stderr
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    assert not PYTHONS.search(text), text
    if lang == "zh":
        assert not ENGLISH.search(text), text
    return text


def test_good_input_is_answered_in_chinese(data: Path, tmp_path: Path) -> None:
    month = tmp_path / "month.json"
    shutil.copy(sample_month(), month)
    assert "45 条" in said(data, "import", str(month), code=0)
    assert "已有：" in said(data, "import", str(month), code=0)
    assert "未变" in said(data, "archive", str(tmp_path / "archive"), code=0)
    assert "没有问题" in said(data, "verify", code=0)
    assert "没有问题" in said(data, "verify", str(tmp_path / "archive"), code=0)
    assert "已读回核对" in said(data, "bundle", str(tmp_path / "b.zip"), code=0)
    assert "已恢复" in said(tmp_path / "second", "restore", str(tmp_path / "archive"), code=0)
    assert "行日志" in said(tmp_path / "third", "import", str(tmp_path / "b.zip"), code=0)


def test_bad_input_is_refused_in_chinese(data: Path, tmp_path: Path) -> None:
    files = {
        "torn.zip": b"PK torn", "torn.json": b'{"a":', "deep.json": b"[" * 3000, "nan.json": b'{"a":NaN}',
        "latin.json": b'{"a":"\xe9"}', "other.json": b"{}", "no.txt": b"hello", "torn.xlsx": b"PK torn",
    }  # fmt: skip
    for name, holds in files.items():
        (tmp_path / name).write_bytes(holds)
        assert "FieldLog：" in said(data, "import", str(tmp_path / name), code=1)
    for words in (["days"], ["day", "PD1"], ["restore", "."], ["bundle", "x"], ["verify"]):
        assert "FieldLog：" in said(data, *words, code=1)
    note = fieldlog(data, "log", "x").stdout.strip()
    for words in (
        ["log", ""],
        ["log", "x", "--kind", "song"],
        ["log", "x", "--type", "QQ"],
        ["log", "x", "--session", "S"],
        ["log", "x", "--zone", "Mars"],
        ["log", "x", "--at", "2300-01-01"],
        ["day", "PD99"],
        ["studies", "new", " "],
        ["studies", "new", "X", "--days", "900"],
        ["archive", str(tmp_path)],
        ["erase", note, "--reason", "asked-to"],
        ["erase", "nobody", "--reason", "asked-to", "--yes"],
        ["erase", note, note, "--from", "0:01", "--to", "0:02", "--reason", "asked-to", "--yes"],
        ["erase", note, "--from", "0:02", "--to", "0:01", "--reason", "asked-to", "--yes"],
    ):
        assert "FieldLog：" in said(data, *words, code=1), words


def test_verdicts_of_files_and_problems_of_a_month_are_said_in_chinese(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0")
    (folder / "song.wav").write_bytes(b"RIFF" + struct.pack("<I", 40) + b"WAVE")
    (folder / "a.wav").write_bytes(b"x")
    (folder / "a.wav.json").write_bytes(b"{")
    text = said(data, "import", str(folder), code=0)
    assert "empty.jpg：" in text
    assert "cut.jpg：" in text
    assert "a.wav.json" in text
    month = json.loads(sample_month().read_text(encoding="utf-8"))
    month["media"] = [{**one, "file": "gone.jpg"} for one in month.get("media", [])]
    (tmp_path / "month.json").write_text(json.dumps(month), encoding="utf-8")
    said(tmp_path / "second", "import", str(tmp_path / "month.json"), code=0)


def test_every_fault_of_a_journal_and_of_an_archive_is_named_in_chinese(data: Path, tmp_path: Path) -> None:
    fieldlog(data, "log", "-", said="one\ntwo\nthree\nfour\n")
    assert "制作日" in said(data, "days", code=0)
    fieldlog(data, "archive", str(tmp_path / "archive"))
    journal = max(data.glob("studies/*/journals/*/*.jsonl"), key=lambda path: path.stat().st_size)
    lines = journal.read_bytes().splitlines(keepends=True)
    for broken in (
        [*lines[:2], lines[2].replace(b'"two"', b'"tww"'), *lines[3:]],
        [*lines[:2], b"\n", *lines[3:]],
        [*lines[:2], *lines[3:]],
        [*lines[:3], lines[2], *lines[3:]],
        [*lines[:-1], lines[-1][:40]],
        [*lines[:2], lines[2].rstrip(b"\n") + lines[3], *lines[4:]],
    ):
        journal.write_bytes(b"".join(broken))
        assert "日志" in said(data, "verify", code=1)
    readme = tmp_path / "archive" / "README.md"
    readme.write_text("changed", encoding="utf-8")
    (tmp_path / "archive" / "new.txt").write_text("new", encoding="utf-8")
    next((tmp_path / "archive" / "log").glob("*")).unlink()
    next((tmp_path / "archive" / "days").glob("*/manifest-sha256.txt")).write_text("torn", encoding="utf-8")
    text = said(data, "verify", str(tmp_path / "archive"), code=1)
    for says in ("与清单不符", "任何清单里都没有", "这里却没有", "清单"):
        assert says in text


@pytest.mark.parametrize(("notes", "says"), [(1, "1 entry."), (2, "2 entries.")])
def test_one_is_said_as_one_and_more_as_more(data: Path, tmp_path: Path, notes: int, says: str) -> None:
    table = tmp_path / "notes.csv"
    table.write_text("date,text\n" + "2025-03-20,灯\n" * notes, encoding="utf-8")
    assert says in fieldlog(data, "import", str(table)).stdout
    assert fieldlog(data, "find", "灯").stdout.endswith(f"\n{says[:-1]}\n")
    first = fieldlog(data, "archive", str(tmp_path / "archive")).stdout
    assert first.startswith("1 day written, 0 unchanged.\n")
    assert fieldlog(data, "archive", str(tmp_path / "archive")).stdout.startswith("0 days written, 1 unchanged.\n")
    made = fieldlog(data, "bundle", str(tmp_path / "b.zip")).stdout
    assert f"{notes + 1} lines of the journals, 0 files, " in made
    back = fieldlog(tmp_path / "other", "restore", str(tmp_path / "archive")).stdout
    assert f"Restored: {notes + 1} lines of the journals, 0 files." in back


def test_a_row_of_another_millennium_is_named_by_line_field_and_value_and_the_rest_is_taken(
    data: Path, tmp_path: Path
) -> None:
    table = tmp_path / "notes.csv"
    far = "9999-12-31T23:59:59-12:00"
    table.write_text(f"at,created_at,text\n{far},,a\n2025-03-16 10:00,{far},b\n2025-03-16 11:00,,c\n", "utf-8")
    english, chinese = fieldlog(data, "import", str(table)), fieldlog(data, "import", str(table), lang="zh")
    assert (english.returncode, chinese.returncode) == (0, 0)
    assert english.stdout.splitlines() == [
        "New: 1 entry. Already here: 0. Changed: 0.",
        f"Line 2 of notes.csv was left out: at: The year of “{far}” is not between 1900 and 2200.",
        f"Line 3 of notes.csv was left out: created_at: The year of “{far}” is not between 1900 and 2200.",
    ]
    assert f"第 2 行已略过：at：“{far}”的年份不在 1900 到 2200 之间" in chinese.stdout
    assert [row["text"] for row in rows(fieldlog(data, "day", "2025-03-16", "--json"))] == ["c"]


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "1 record can't be read. It was set aside"), ("zh", "有 1 条记录无法读取，已搁置")]
)
def test_archive_and_bundle_say_how_many_records_were_set_aside(
    data: Path, tmp_path: Path, lang: str, says: str
) -> None:
    from tests.services.test_hostile_records import STRANGER, far_entry, journal_of

    fieldlog(data, "log", "here")
    for words in (["archive", str(tmp_path / "whole")], ["bundle", str(tmp_path / "whole.zip")]):
        assert says not in fieldlog(data, *words, lang=lang).stdout
    (study,) = rows(fieldlog(data, "studies", "--json"))
    journal = data / "studies" / str(study["id"]) / "journals" / STRANGER / "000001.jsonl"
    journal.parent.mkdir()
    journal.write_bytes(
        journal_of(str(study["id"]), [{**far_entry(), "e": "01950000-0000-7000-8000-0000000000ff"}])
    )
    for words in (["archive", str(tmp_path / "archive")], ["bundle", str(tmp_path / "b.zip")]):
        ran = fieldlog(data, *words, lang=lang)
        assert (ran.returncode, says in ran.stdout, "fieldlog verify" in ran.stdout) == (0, True, True), ran.stdout
    assert fieldlog(data, "verify", lang=lang).returncode == 1
