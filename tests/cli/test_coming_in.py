"""What comes in at the terminal: every letter as it was typed, or a sentence and nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fieldlog.services.machine.bundled import sample_month
from tests.cli.terminal import Ran, command, environment, fieldlog, rows

CASES = Path(__file__).parent.parent / "services" / "cases"


def fed(data: Path, said: bytes, *words: bytes) -> Ran:
    """What is run, with bytes for its input and its arguments."""
    run = [*map(os.fsencode, command(data, "log")), *words]
    ran = subprocess.run(run, input=said, capture_output=True, check=False, env=environment(data.parent))
    return Ran(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def texts(data: Path) -> list[str]:
    days = [str(row["date"]) for row in rows(fieldlog(data, "days", "--json"))]
    return [str(row["text"]) for day in days for row in rows(fieldlog(data, "day", day, "--json"))]


@pytest.mark.parametrize("coding", ["gbk", "utf-16", "utf-16-le", "utf-8-sig"])
def test_lines_in_any_letters_are_notes(data: Path, coding: str) -> None:
    ran = fed(data, "灯还没好\r\n\r\n导演说再等等\n".encode(coding), b"-")
    assert (ran.returncode, len(ran.stdout.split())) == (0, 2)
    assert sorted(texts(data)) == ["导演说再等等", "灯还没好"]


def test_letters_that_cannot_be_read_are_refused(data: Path) -> None:
    ran = fed(data, b"a\x00b\n", b"-")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "can't be read" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert fed(data, b"", b"\xff\xfe\x81").returncode == 1


def test_an_argument_in_other_letters_is_read_as_what_it_is(data: Path) -> None:
    assert fed(data, b"", b"caf\xe9").returncode == 0
    assert fed(data, b"", "灯还没好".encode("gbk"), b"--code", "胶带".encode("gbk")).returncode == 0
    assert sorted(texts(data)) == ["café", "灯还没好"]


def test_a_note_without_a_word_is_refused_before_anything_is_made(data: Path) -> None:
    for words in (
        ["log", ""],
        ["log", " \u3000"],
        ["log", "x", "--kind", "song"],
        ["log", "x", "--at", "03/04/2025"],
    ):
        ran = fieldlog(data, *words)
        assert (ran.returncode, ran.stdout, ran.stderr[:10]) == (1, "", "FieldLog: "), words
    assert not data.exists()


def test_a_date_alone_is_filed_on_that_day(data: Path) -> None:
    assert fieldlog(data, "log", "x", "--at", "2025-03-16").returncode == 0
    assert fieldlog(data, "log", "y", "--at", "2025年3月17日").returncode == 0
    found = rows(fieldlog(data, "find", "x", "--json")) + rows(fieldlog(data, "find", "y", "--json"))
    assert [row["day"] for row in found] == ["2025-03-16", "2025-03-17"]
    assert str(found[0]["occurred_at"]).startswith("2025-03-16T06:00:00")


def test_a_time_far_away_is_refused_by_name_and_the_store_stays_in_reach(data: Path) -> None:
    fieldlog(data, "log", "here")
    far = fieldlog(data, "log", "far", "--at", "9999-12-31T23:59:59-12:00")
    assert (far.returncode, "9999-12-31T23:59:59-12:00" in far.stderr) == (1, True)
    assert texts(data) == ["here"]
    assert "9999" in fieldlog(data, "log", "far", "--at", "9999-12-31T23:59:59-12:00", lang="zh").stderr


def test_names_in_capitals_are_known(data: Path, tmp_path: Path) -> None:
    shutil.copy(CASES / "semi.csv", tmp_path / "NOTES.CSV")
    shutil.copy(sample_month(), tmp_path / "SAMPLE.JSON")
    assert "1 entry" in fieldlog(data, "import", str(tmp_path / "NOTES.CSV")).stdout
    assert fieldlog(data, "bundle", str(tmp_path / "B.ZIP")).returncode == 0
    assert "1 entry" not in fieldlog(tmp_path / "other", "import", str(tmp_path / "B.ZIP")).stderr
    assert rows(fieldlog(tmp_path / "other", "find", "note", "--json"))
    assert "45 entries" in fieldlog(tmp_path / "third", "import", str(tmp_path / "SAMPLE.JSON")).stdout


def test_what_was_no_table_leaves_no_study_behind(data: Path) -> None:
    ran = fieldlog(data, "import", str(CASES / "duptext.csv"))
    assert (ran.returncode, "Two columns are called “text”" in ran.stderr) == (1, True)
    assert "两列都叫" in fieldlog(data, "import", str(CASES / "duptext.csv"), lang="zh").stderr
    assert not data.exists()


def test_problems_of_a_table_are_said_in_chinese_too(data: Path) -> None:
    ran = fieldlog(data, "import", str(CASES / "badcreated.csv"), lang="zh")
    assert "第 2 行已略过：created_at：“yesterday”不是时间" in ran.stdout


def test_a_folder_with_a_month_and_an_archives_folder_are_what_they_are(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "month"
    folder.mkdir()
    shutil.copy(sample_month(), folder / "month.json")
    assert "45 entries" in fieldlog(data, "import", str(folder)).stdout
    assert fieldlog(data, "archive", str(tmp_path / "archive")).returncode == 0
    ran = fieldlog(tmp_path / "other", "import", str(tmp_path / "archive"))
    assert (ran.returncode, "Restored: " in ran.stdout) == (0, True)
    assert len(texts(tmp_path / "other")) == 45


def test_one_photo_is_taken_and_what_a_system_keeps_is_counted(data: Path, tmp_path: Path) -> None:
    from tests.services.imports.test_imports import JPEG

    (tmp_path / "a.jpg").write_bytes(JPEG)
    assert "1 entry" in fieldlog(data, "import", str(tmp_path / "a.jpg")).stdout
    shutil.rmtree(data)
    folder = tmp_path / "card"
    folder.mkdir()
    for name in ("a.jpg", ".DS_Store", "._a.jpg"):
        (folder / name).write_bytes(JPEG + name.encode())
    assert "2 files were passed over" in fieldlog(data, "import", str(folder)).stdout


def test_a_plan_with_one_day_on_two_dates_is_refused(data: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("date,day,title\n2025-03-16,PD14,Office\n2025-03-17,PD14,Roof\n", encoding="utf-8")
    ran = fieldlog(data, "import", str(plan))
    assert (ran.returncode, "PD14: 2025-03-16, 2025-03-17" in ran.stderr) == (1, True)
    assert rows(fieldlog(data, "days", "--json")) == []
