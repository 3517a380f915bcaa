"""Tables out of files as people's spreadsheets write them, CSV of any sort and XLSX. Pure: bytes in, cells out."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from fieldlog.model.errors import NotUnderstood

Cell = Any
"""Text, a number, a date, a time, a length of time, or None."""

MOST_BYTES, MOST_UNPACKED = 8_000_000, 64_000_000
MOST_ROWS, MOST_COLUMNS = 5_000, 60
_BROKEN = (LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError)
"""What openpyxl raises for a workbook that is none, or is torn."""

SEPARATORS = (",", ";", "\t", "，")


class TooLarge(NotUnderstood):
    """A file that is far larger than any table people make by hand."""


def tables(data: bytes, name: str) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Each sheet of a file, by its name ("" in a CSV), as rows of cells; the first row is line 1.

    Raises `NotUnderstood` for a file that is no table, `TooLarge` for one too large to be meant.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge("This is far larger than a plan. Nothing was read.")
    if data[:4] == b"PK\x03\x04":
        yield from _workbook(data)
    elif b"\0" in data[:2000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise NotUnderstood("This can't be read as a table. Save it as XLSX or CSV.")
    else:
        yield "", _separated(decoded(data))


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, UTF-16 with one, else GB 18030."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _separated(text: str) -> list[list[Cell]]:
    """A CSV's rows; it is separated by what most of its lines have the same number of."""
    head = text.splitlines()[:20]
    separator = max(SEPARATORS, key=lambda sign: _evenness([line.count(sign) for line in head]))
    if separator == "，":
        text, separator = text.replace("，", ","), ","
    csv.field_size_limit(MOST_BYTES)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            # A quoted cell may hold several lines; the row is found by the one it begins on.
            rows += [[]] * max(0, reader.line_num - len(rows) - 1 - sum(cell.count("\n") for cell in row))
            rows.append(list(row))
            if len(rows) > MOST_ROWS:
                raise TooLarge("This is far larger than a plan. Nothing was read.")
    except csv.Error as why:
        raise NotUnderstood("This can't be read as a table. Save it as XLSX or CSV.") from why
    return rows


def _evenness(counts: Sequence[int]) -> tuple[int, int]:
    having = [count for count in counts if count]
    if not having:
        return 0, 0
    usual = max(set(having), key=having.count)
    return having.count(usual), usual


def _workbook(data: bytes) -> Iterator[tuple[str, list[list[Cell]]]]:
    # Late: it takes a fifth of a second to import, and few starts need it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise TooLarge("This is far larger than a plan. Nothing was read.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = []
        for sheet in book.worksheets:
            cells = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
            rows = [list(row) for row in cells]
            if len(rows) > MOST_ROWS and any(rows[-1]):
                raise TooLarge("This is far larger than a plan. Nothing was read.")
            found.append((str(sheet.title), rows))
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, *_BROKEN) as why:
        raise NotUnderstood("This can't be read as a table. Save it as XLSX or CSV.") from why
    yield from found
