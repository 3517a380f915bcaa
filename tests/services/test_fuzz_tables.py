"""Damaged tables and month files: read, refused in a sentence or named by line; nothing of a row goes unsaid."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args

from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as ILLEGAL

from fieldlog.model.imported import created
from fieldlog.model.line import compact
from fieldlog.model.readable import check
from fieldlog.model.state import State
from fieldlog.services.day.callsheet import read_plan
from fieldlog.services.imports.imports import _read_json
from fieldlog.services.imports.month_file import Month
from fieldlog.services.imports.notes_table import Notes, read_notes
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.register.crew_list import read_crew
from tests.damage import CODINGS, NUMBERS, ODD_TEXT, Fuzz, at_once, hurt, hurt_json, hurt_table

NOTES = [
    ["text", "at", "id", "place", "kind", "mood"],
    ["灯; 还, 没好", "2025-03-16 25:10", "n1", "Mill", "quote", "tired"],
    ['He said, "yes"\nat nine', "2025年3月16日 10:05", "n2", "", "jotting", ""],
    ["雨停了", "2025-03-16", "", "L05", "", "glad"],
]
PLAN = [
    ["日期", "拍摄日", "类型", "时间", "地点", "场次", "演员", "内容"],
    ["2025-03-16", "14", "拍摄", "晚8:00-10:00", "L05", "34-1到34-4, 342", "P01 P02", "Night"],
    ["3月17日", "PD15", "转场", "凌晨2:00", "Mill", "R5-1A", "An", "Move"],
    ["17.03.2025", "", "休息", "", "", "", "", ""],
]
CREW = [
    ["code", "name", "role", "dept", "pseudonym", "minor"],
    ["P07", "Zhang Wei", "Gaffer", "Light", "An", "no"],
    ["", "李雷", "演员", "Cast", "", "是"],
]
DAY_ONE, DAY_LAST = datetime(1900, 1, 1, 1, 10), datetime(9999, 12, 31, 23, 59)  # noqa: DTZ001 (as workbooks say)
CELL = ODD_TEXT | st.sampled_from([
    None, True, 0, -1, 45_732, 45_732.5, 0.75, 1e300, -5e5, date(2025, 3, 16), DAY_ONE, DAY_LAST,
    time(22, 5), timedelta(hours=25, minutes=10), timedelta(days=-1), "=1/0", "#REF!",
])  # fmt: skip


Quoting = Literal[0, 1, 3]
"""Where needed, everywhere, nowhere."""


def separated(rows: list[list[Any]], sign: str, coding: str, quoting: Quoting) -> bytes:
    kept = io.StringIO(newline="")
    escape = "\\" if quoting == csv.QUOTE_NONE else None
    csv.writer(kept, delimiter=sign, quoting=quoting, escapechar=escape).writerows(rows)
    return kept.getvalue().encode(coding, "replace")


def written(rows: st.SearchStrategy[list[list[Any]]]) -> st.SearchStrategy[bytes]:
    quoting = st.sampled_from(get_args(Quoting))
    return st.builds(separated, rows, st.sampled_from(",,;\t，"), st.sampled_from(CODINGS), quoting)


def workbook(rows: list[list[Any]]) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([ILLEGAL.sub("", cell)[:30_000] if isinstance(cell, str) else cell for cell in row])
    book.save(kept)
    return kept.getvalue()


def torn(data: bytes) -> st.SearchStrategy[bytes]:
    """A workbook of which one part, or the whole, is damaged; each part is a text in the file's own ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    told = [name for name in parts if re.search(r"sheet1|workbook|styles|shared|rels", name)]

    def packed_again(name: str, part: bytes) -> bytes:
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as out:
            for one, was in parts.items():
                out.writestr(one, part if one == name else was)
        return kept.getvalue()

    inside = st.sampled_from(told).flatmap(
        lambda name: hurt([parts[name]]).map(lambda part: packed_again(name, part))
    )
    odd = st.sampled_from(NUMBERS).map(
        lambda said: packed_again(
            sheet, re.sub(rb"<v>[^<]*</v>", b"<v>" + said.encode() + b"</v>", parts[sheet], count=3)
        )
    )
    sheet = next(name for name in told if "sheet1.xml" in name)
    return inside | odd | hurt([data])


def all_told(notes: Notes | None) -> None:
    for row in notes.rows if notes else ():
        assert row.text.strip()
        row.text.encode("utf-8", "surrogatepass")
    for problem in notes.problems if notes else ():
        assert str(problem).strip()


def test_damaged_notes_are_read_or_named(fuzz: Fuzz) -> None:
    fuzz(hurt(written(hurt_table(NOTES))), lambda data: all_told(read_notes(data, "notes.csv")))


def test_no_text_of_a_row_is_shortened_unsaid(fuzz: Fuzz) -> None:
    """What one spreadsheet wrote, each cell in quotation marks, is in a row or in what is told of its line."""
    whole = ODD_TEXT.map(lambda text: re.sub("[\0\ufeff\ud800-\udfff]", "", text))

    def look(table: list[list[Any]]) -> None:
        head, *rows = table
        notes = read_notes(separated(table, ",", "utf-8", csv.QUOTE_ALL), "notes.csv")
        if notes is None:
            assert "text" not in [str(one).strip().casefold() for one in head]
            return
        told = "\n".join([*(row.text for row in notes.rows), *map(str, notes.problems)])
        at = [str(one).casefold() for one in head].index("text") if "text" in head else None
        for row in rows:
            if at is not None and at < len(row) and row[at].strip():
                assert row[at].replace("\r\n", "\n").strip() in told.replace("\r\n", "\n")

    fuzz(hurt_table(NOTES, whole), look)


def test_damaged_workbooks_of_notes_are_read_or_named(fuzz: Fuzz) -> None:
    fuzz(
        hurt_table(NOTES, CELL).map(workbook),
        lambda data: all_told(read_notes(data, "notes.xlsx")),
        reduced=25,
        full=5000,
    )


def look_at_plan(data: bytes) -> None:
    sheet = read_plan(data, "plan.csv", 2025)
    for row in sheet.rows:
        assert "1900" <= date.fromisoformat(row.date).isoformat() < "2201"
        for clock in (row.call, row.at, row.until):
            assert clock == "" or re.fullmatch(r"[0-4]\d:[0-5]\d", clock)
        assert row.day is None or row.day > 0
    assert all(problem.why for problem in sheet.problems)


def test_a_damaged_plan_is_read_or_named(fuzz: Fuzz) -> None:
    fuzz(hurt(written(hurt_table(PLAN))), look_at_plan)


def test_a_damaged_workbook_of_a_plan_is_read_or_named(fuzz: Fuzz) -> None:
    fuzz(torn(workbook(PLAN)), look_at_plan, reduced=60)


def test_a_workbook_of_a_plan_may_say_anything(fuzz: Fuzz) -> None:
    fuzz(hurt_table(PLAN, CELL).map(workbook), look_at_plan, reduced=25, full=5000)


def look_at_crew(data: bytes) -> None:
    crew = read_crew(data)
    for row in crew.rows:
        assert row.role or row.dept or row.pseudonym or row.pseudonym_zh
    for problem in crew.problems:
        assert str(problem).endswith(".")


def test_a_damaged_crew_list_is_read_or_named(fuzz: Fuzz) -> None:
    fuzz(hurt(written(hurt_table(CREW))), look_at_crew)


def small_month() -> dict[str, Any]:
    """The sample month with two or three of each, those that name each other as well as those that name nobody."""
    whole: dict[str, Any] = json.loads(sample_month().read_text(encoding="utf-8"))
    few = {name: value[:3] if isinstance(value, list) else value for name, value in whole.items()}
    return few | {"study": whole["study"], "format": whole["format"]}


MONTH = small_month()


def look_at_month(data: bytes) -> None:
    shape = at_once(_read_json(Bytes(name="month.json", data=data)))
    found = list(Month(shape).records())
    state = State()
    ops = [created(one.record, one.ms) for one in found]
    state.apply(ops)
    assert not list(state.aside())
    for op in ops:
        check(op)
        compact(op.as_json())
    texts = {op.e: op.v["text"] for op in ops if op.r == "entry"}
    said = [entry["text"] for entry in shape.get("entries", ()) if entry.get("text") is not None]
    assert set(said) <= set(texts.values()) | {""}


def test_a_damaged_month_is_refused_whole_or_taken_whole(fuzz: Fuzz) -> None:
    told = json.dumps(MONTH, ensure_ascii=False).encode()
    fuzz(hurt([told, b"\xef\xbb\xbf" + told, told[1:-1]], most=2), look_at_month)


def test_a_month_may_say_anything(fuzz: Fuzz) -> None:
    fuzz(hurt_json(MONTH).map(lambda shape: json.dumps(shape).encode()), look_at_month)
