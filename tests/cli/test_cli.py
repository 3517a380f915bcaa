"""The terminal, run as people run it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldlog.services.machine.bundled import sample_month
from fieldlog.ui.words.words import translation
from tests.cli.terminal import command, environment, fieldlog, rows, started

pytestmark = pytest.mark.clock


def test_a_first_note_makes_its_study_and_is_read_back(data: Path) -> None:
    wrote = started(data, "log", "灯还没好", "--at", "2025-03-17T03:10", "--scene", "342", "--type", "ON")
    assert (wrote.returncode, wrote.stderr) == (0, "")
    (row,) = rows(started(data, "day", "2025-03-16", "--json"))
    assert row["id"] == wrote.stdout.strip()
    assert (row["day"], row["scene"], row["note_type"], row["text"]) == ("2025-03-16", "34-2", "ON", "灯还没好")
    (day,) = rows(started(data, "days", "--json"))
    assert (day["code"], day["entries"], day["type"]) == ("2025-03-16", 1, "unplanned")


def test_a_day_is_read_with_the_crews_clock_and_the_words_of_the_screens(data: Path) -> None:
    fieldlog(data, "log", "灯还没好", "--at", "2025-03-17T03:10", "--type", "ON")
    assert "2025-03-16  27:10  Jotting · Observation" in fieldlog(data, "day", "2025-03-16").stdout
    assert "27:10  速记 · 观察" in fieldlog(data, "find", "灯", lang="zh").stdout
    assert "计划外" in fieldlog(data, "days", lang="zh").stdout


def test_a_note_waits_for_nothing_that_other_verbs_need(data: Path) -> None:
    run = [sys.executable, "-X", "importtime", *command(data, "log", "x")[1:]]
    ran = subprocess.run(run, capture_output=True, encoding="utf-8", check=True, env=environment(data.parent))
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "fieldlog.services.capture.capture" in imported
    assert imported.isdisjoint(
        {"fieldlog.archive", "fieldlog.cli.days", "flet", "openpyxl", "PIL", "pydub", "rich"}
    )


def test_lines_from_standard_input_are_a_note_each(data: Path) -> None:
    ran = started(data, "log", "-", said="one\n\n二\r\nthree")
    assert len(set(ran.stdout.split())) == 3
    assert [row["text"] for row in rows(started(data, "find", "e", "--in", "text", "--json"))] == ["three", "one"]


def test_a_month_goes_in_and_comes_back_from_its_archive_and_its_bundle(data: Path, tmp_path: Path) -> None:
    assert started(data, "import", str(sample_month())).returncode == 0
    archive = started(data, "archive", str(tmp_path / "archive"))
    assert archive.stdout.splitlines()[-1] == str(tmp_path / "archive")
    check = subprocess.run(
        ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"], cwd=tmp_path / "archive", check=False
    )
    assert check.returncode == 0
    assert started(data, "verify", str(tmp_path / "archive")).stdout.strip() == "No faults."
    assert started(tmp_path / "second", "restore", str(tmp_path / "archive")).returncode == 0
    assert started(data, "bundle", str(tmp_path / "month.zip")).returncode == 0
    assert started(tmp_path / "third", "import", str(tmp_path / "month.zip")).returncode == 0
    for name in ("second", "third"):
        assert started(tmp_path / name, "archive", str(tmp_path / f"{name}-archive")).returncode == 0
        difference = subprocess.run(
            ["diff", "-r", "archive", f"{name}-archive"], cwd=tmp_path, capture_output=True, check=False
        )
        assert difference.stdout == b""


def test_the_archive_is_one_zip_of_the_folders_files_and_the_same_bytes_every_time(
    data: Path, tmp_path: Path
) -> None:
    fieldlog(data, "import", str(sample_month()))
    assert fieldlog(data, "archive", str(tmp_path / "archive")).returncode == 0
    target = tmp_path / "Month.ZIP"
    ran = fieldlog(data, "archive", str(target))
    assert ran.returncode == 0, ran.stderr
    assert re.fullmatch(r"\d+ days in one ZIP, read back whole\.\n.*Month\.ZIP\n", ran.stdout), ran.stdout
    before = target.read_bytes()
    assert "一个 ZIP，共" in fieldlog(data, "archive", str(target), lang="zh").stdout
    assert target.read_bytes() == before
    shutil.unpack_archive(target, tmp_path / "unpacked", "zip")
    difference = subprocess.run(
        ["diff", "-r", "archive", "unpacked"], cwd=tmp_path, capture_output=True, check=False
    )
    assert difference.stdout == b""
    assert fieldlog(data, "verify", str(tmp_path / "unpacked")).stdout.strip() == "No faults."
    (tmp_path / "a folder.zip").mkdir()
    assert fieldlog(data, "archive", str(tmp_path / "a folder.zip")).returncode == 0
    assert (tmp_path / "a folder.zip" / "README.md").is_file()


def test_an_archive_takes_the_place_of_no_file_of_somebody_else(data: Path, tmp_path: Path) -> None:
    fieldlog(data, "log", "灯还没好")
    mine = tmp_path / "mine.zip"
    mine.write_text("my list", encoding="utf-8")
    ran = fieldlog(data, "archive", str(mine))
    assert (ran.returncode, mine.read_text(encoding="utf-8")) == (1, "my list")
    assert "mine.zip is there already and is no archive of this study." in ran.stderr
    assert "不是本研究的档案" in fieldlog(data, "archive", str(mine), lang="zh").stderr
    assert fieldlog(data, "archive", str(tmp_path / "nowhere" / "a.zip")).returncode == 1
    assert [path.name for path in tmp_path.glob("mine*")] == ["mine.zip"]


def test_refusals_are_a_sentence_and_exit_code_one(data: Path) -> None:
    for words in (["days"], ["day", "PD1"], ["restore", "."], ["import", __file__]):
        ran = started(data, *words)
        assert ran.returncode == 1, words
        assert "FieldLog: " in ran.stderr, words
        assert "Traceback" not in ran.stderr
    assert fieldlog(data, "log", "x", "--at", "soon").returncode == 2
    assert fieldlog(data, "sing").returncode == 2


def test_a_damaged_journal_makes_verify_say_so_and_exit_one(data: Path) -> None:
    fieldlog(data, "log", "-", said="one\ntwo\nthree\n")
    journal = max(data.glob("studies/*/journals/*/*.jsonl"), key=lambda path: path.stat().st_size)
    journal.write_bytes(journal.read_bytes().replace(b'"two"', b'"tww"'))
    ran = started(data, "verify")
    assert ran.returncode == 1
    assert "line 3" in ran.stdout
    assert "is damaged" in ran.stdout


def test_a_second_process_is_told_who_writes(data: Path) -> None:
    first = subprocess.Popen(
        command(data, "log", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert first.stdin
    assert first.stdout
    first.stdin.write("I write\n")
    first.stdin.flush()
    first.stdout.readline()
    second = started(data, "log", "me too")
    assert second.returncode == 1
    assert "already open" in second.stderr
    assert fieldlog(data, "days").returncode == 0
    first.communicate()
    assert fieldlog(data, "log", "me too").returncode == 0


def test_it_speaks_chinese(data: Path) -> None:
    fieldlog(data, "log", "一条")
    assert "制作日" in fieldlog(data, "days", lang="zh").stdout
    assert "1 条" in fieldlog(data, "find", "一条", lang="zh").stdout


def test_every_word_of_the_terminal_is_in_chinese() -> None:
    folder = Path(__file__).parent.parent.parent / "fieldlog" / "cli"
    chinese = translation("zh")
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in folder.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    words = [call.args[0].value for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_"
             and isinstance(call.args[0], ast.Constant)]  # fmt: skip
    assert len(words) > 30
    assert [word for word in words if chinese.gettext(str(word)) == word] == []


def test_a_call_sheet_goes_in_by_its_headings_and_twice_is_once(data: Path, tmp_path: Path) -> None:
    from tests.services.day.test_callsheet import CHINESE, workbook

    sheet, table = tmp_path / "通告单.csv", tmp_path / "plan.xlsx"
    sheet.write_text(CHINESE, encoding="gb18030")
    table.write_bytes(workbook(["date", "day", "session"], ["2025-03-20", 18, "Roof"]))
    ran = fieldlog(data, "import", str(sheet))
    assert "2 production days, 1 place, 3 planned sessions, 6 scenes" in ran.stdout
    assert "Line 4: nobody in the register is called “张三”" in ran.stdout
    assert "New: 0. Already here: 5." in fieldlog(data, "import", str(sheet)).stdout
    assert fieldlog(data, "import", str(table)).returncode == 0
    assert [row["code"] for row in rows(fieldlog(data, "days", "--json"))] == ["PD14", "PD15", "PD18"]
    notes = tmp_path / "notes.csv"
    notes.write_text("date,text\n2025-03-20,灯还没好\n", encoding="utf-8")
    assert "1 entry" in fieldlog(data, "import", str(notes)).stdout
    torn = tmp_path / "torn.xlsx"
    torn.write_bytes(b"PK torn")
    refused = fieldlog(data, "import", str(torn))
    assert (refused.returncode, "No row names columns" in refused.stderr) == (1, True)


def test_what_is_erased_is_in_no_file_of_the_store_and_needs_to_be_meant(data: Path) -> None:
    gone, stays = "车上说的那些别用了", "雨停了"
    note, other = (fieldlog(data, "log", text).stdout.strip() for text in (gone, stays))
    asked = fieldlog(data, "erase", note, "--reason", "asked-to")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "--yes" in asked.stderr
    assert fieldlog(data, "erase", note, "--reason", "bored", "--yes").returncode == 2
    done = started(data, "erase", note, "--reason", "asked-to", "--yes")
    assert (done.returncode, done.stdout.strip()) == (0, "Erased. Nothing of it is left in this store.")
    files = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    assert not any(gone.encode() in one for one in files)
    assert any(stays.encode() in one for one in files)
    assert [row["id"] for row in rows(fieldlog(data, "find", "雨", "--json"))] == [other]
    assert fieldlog(data, "verify").returncode == 0
    again = fieldlog(data, "erase", note, "--reason", "asked-to", "--yes")
    assert (again.returncode, "not here any more" in again.stderr) == (1, True)
    part = fieldlog(data, "erase", other, "--reason", "asked-to", "--from", "0:01", "--to", "0:02", "--yes")
    assert (part.returncode, "no sound there" in part.stderr) == (1, True)
