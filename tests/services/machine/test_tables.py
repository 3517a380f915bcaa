"""Tables as spreadsheets of all sorts write them; nothing of a row is dropped unsaid."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import Workbook

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.imports.notes_table import headings, read_notes
from fieldlog.services.machine.tables import Cell, TooLarge, TwoAlike, tables

NOTES = [["text", "at"], ["灯; 还, 没好", "2025-03-16 10:00"], ["雨停了", "2025-03-16 11:00"]]


def separated(rows: Sequence[Sequence[str]], sign: str, ends: str = "\n") -> str:
    kept = io.StringIO(newline="")
    csv.writer(kept, delimiter=sign, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows(rows)
    return kept.getvalue()


def cells(data: bytes) -> list[list[Cell]]:
    (table,) = tables(data, headings)
    return [row for _, row in table.rows if row]


@pytest.mark.parametrize("sign", [",", ";", "\t", "，"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_whatever_separates_cells_and_ends_lines_is_seen(sign: str, ends: str, coding: str) -> None:
    assert cells(separated(NOTES, sign, ends).encode(coding)) == NOTES[1:]


def test_a_table_of_one_column_has_commas_in_its_sentences() -> None:
    assert cells(b"text\nHe said, yes, at nine\nnobody; nothing\n") == [
        ["He said, yes, at nine"],
        ["nobody; nothing"],
    ]


def test_a_cell_as_long_as_a_chapter_is_read() -> None:
    long = "夜" * 200_000
    assert cells(separated([["text", "at"], [long, ""]], ",").encode()) == [[long, ""]]


def test_two_columns_of_one_name_are_refused_by_name() -> None:
    with pytest.raises(TwoAlike, match="“text”"):
        tables(b"text,Text,at\na,b,2025-03-16\n", headings)
    with pytest.raises(NotUnderstood, match="“text” and “Note”"):
        tables(b"text,Note\na,b\n", headings)


def test_no_column_of_notes_may_hide_another_whatever_it_is_called() -> None:
    with pytest.raises(TwoAlike, match="“mood”"):
        read_notes(b"text,mood,mood\na,tired,glad\n", "notes.csv")


def test_a_day_written_as_its_midnight_has_its_hour_beside_it() -> None:
    notes = read_notes(b"date,time,text\n2025-03-16 00:00:00,25:10,x\n", "notes.csv")
    assert notes is not None
    assert notes.rows[0].when == "2025-03-16 25:10"


def test_a_table_too_large_to_be_meant_is_refused() -> None:
    with pytest.raises(TooLarge):
        tables(b"text\n" + b"x\n" * 20, headings, most_lines=10)
    with pytest.raises(TooLarge):
        tables(b"text\n" + b"x\n" * 20, headings, most_bytes=10)


def test_a_workbook_says_a_date_alone_and_a_clock_past_midnight() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["text", "date", "time"])
    sheet.append(["灯还没好", datetime(2025, 3, 16), timedelta(hours=25, minutes=30)])  # noqa: DTZ001
    sheet["B2"].number_format, sheet["C2"].number_format = "yyyy-mm-dd", "h:mm"
    kept = io.BytesIO()
    book.save(kept)
    assert cells(kept.getvalue()) == [["灯还没好", date(2025, 3, 16), timedelta(hours=25, minutes=30)]]
    notes = read_notes(kept.getvalue(), "notes.xlsx")
    assert notes is not None
    assert notes.rows[0].when == "2025-03-16 25:30"


def test_a_workbook_that_says_that_a_part_of_it_is_encrypted_is_no_table() -> None:
    kept = io.BytesIO()
    Workbook().save(kept)
    data = bytearray(kept.getvalue())
    for at in (one.start() for one in re.finditer(re.escape(b"PK\x01\x02"), kept.getvalue())):
        data[at + 8] |= 1  # the flag of a member that needs a password, in the ZIP's list
    with pytest.raises(NotUnderstood, match="can't be read as a table"):
        cells(bytes(data))


HEADS = some.lists(
    some.sampled_from(["text", "at", "id", "place", "mood", "天气"]), min_size=2, max_size=6, unique=True
)
CELLS = some.text(some.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)


@given(HEADS.filter(lambda heads: "text" in heads), some.data())
def test_every_cell_of_a_table_of_notes_is_in_a_row_or_named(heads: list[str], drawn: some.DataObject) -> None:
    rows = drawn.draw(some.lists(some.lists(CELLS, min_size=1, max_size=8), max_size=5))
    notes = read_notes(separated([heads, *rows], ",").encode(), "notes.csv")
    assert notes is not None
    told = "".join("".join([*row.said.values(), row.text]) for row in notes.rows) + "".join(notes.problems)
    for row in rows:
        apart = [head not in ("at", "id") for head in heads] + [True] * len(row)
        if any(cell.strip() for cell, counts in zip(row, apart, strict=False) if counts):
            assert all(cell.strip() in told for cell in row)


@given(some.binary(max_size=300))
def test_nothing_read_as_notes_raises_but_a_refusal(data: bytes) -> None:
    for begun in (b"", b"text,at\n"):
        try:
            read_notes(begun + data, "notes.csv")
        except NotUnderstood as refusal:
            assert str(refusal).endswith(".")
