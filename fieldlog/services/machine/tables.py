"""Tables out of files as people's spreadsheets write them, CSV of any sort and XLSX. Pure: bytes in, cells out.

Notes, plans and crew lists are read here. Each says by which headings it is known; the line that has them is
found, and what stands above it is passed over.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.machine.letters import decoded

Cell = Any
"""Text, a number, a date, a time, a length of time, or None."""

Line = tuple[int, list[Cell]]
"""Where in the file a record begins, the first line being 1, and its cells."""

Torn = tuple[int, str]
"""Where a line stands that is left out, and its text."""

Heads = Callable[[Sequence[Cell]], Mapping[str, int] | None]
"""What the cells of a line name as headings, each with its column; None for any other line."""

MOST_BYTES, MOST_LINES = 8_000_000, 5_000
"""Of a plan or a crew list, which are made by hand."""

HEAD_WITHIN = 30
"""So many lines may say other things above the headings: titles, weather, hospitals."""

SEPARATORS = (",", ";", "\t", "，", "；", "\x1f")
"""The last one stands in no text: a table of one column."""

LEAP_OF_1900 = date(1899, 12, 30)
"""Where the days of most workbooks are counted from."""

_TORN = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError,
    EOFError, ArithmeticError, RuntimeError,
)  # fmt: skip
"""What openpyxl and what it reads with raise for a workbook that is none, or is torn, or says it is encrypted."""


class TooLarge(NotUnderstood):
    """A file that is far larger than any table people make by hand."""


class TwoAlike(NotUnderstood):
    """Two columns of one `name`, of which one would be lost."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence(TWICE, said=name))
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table below its headings. `sheet` is its name in a workbook, "" elsewhere; `line` that of the headings.

    `places` leads from what a column means to where it stands, `head` holds the headings as they are written.
    `torn` are lines left out because a quotation mark stands where none belongs, with their text. `day_zero` is
    the day from which the numbers of the workbook count.
    """

    sheet: str
    line: int
    head: tuple[str, ...]
    places: Mapping[str, int]
    rows: tuple[Line, ...]
    torn: tuple[Torn, ...] = ()
    day_zero: date = LEAP_OF_1900

    def beside(self, cells: Sequence[Cell]) -> list[Cell]:
        """What stands in a row beyond the last heading."""
        return [cell for cell in cells[len(self.head) :] if text_of(cell)]


def tables(
    data: bytes, heads: Heads, *, most_bytes: int = MOST_BYTES, most_lines: int = MOST_LINES
) -> list[Table]:
    """Every sheet of a file that has the headings; none, where no line has them.

    Raises `NotUnderstood` for a file that is no table, `TwoAlike` for one with two columns of one name, `TooLarge`
    for one too large to be meant.
    """
    if len(data) > most_bytes:
        raise TooLarge(Sentence(TOO_LARGE))
    if data[:4] == b"PK\x03\x04":
        sheets = _workbook(data, most_bytes * 8, most_lines)
        return [found for name, lines, zero in sheets if (found := _below(iter(lines), heads, name, zero))]
    found = _separated(_text(data), heads)
    if found and len(found.rows) > most_lines:
        raise TooLarge(Sentence(TOO_LARGE))
    return [found] if found else []


TOO_LARGE = sentence("This is far larger than a plan. Nothing was read.")
NO_TABLE = sentence("This can't be read as a table. Save it as XLSX or CSV.")
TWICE = sentence("Two columns are called “{said}”. Give one another name; nothing was read.")


def text_of(cell: Cell) -> str:
    """A cell's text on one line; a number as it is written without need of a point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _text(data: bytes) -> str:
    try:
        return decoded(data)
    except NotUnderstood as why:
        raise NotUnderstood(Sentence(NO_TABLE)) from why


def _below(
    lines: Iterator[Line],
    heads: Heads,
    sheet: str = "",
    zero: date = LEAP_OF_1900,
    torn: Sequence[Torn] = (),
) -> Table | None:
    """The table below the first line with headings."""
    for line, cells in islice(lines, HEAD_WITHIN):
        if places := heads(cells):
            called = tuple(text_of(cell) for cell in cells)
            while called and not called[-1]:
                called = called[:-1]
            _once(called, places)
            rows = tuple(lines)
            return Table(
                sheet=sheet, line=line, head=called, places=places, rows=rows, torn=tuple(torn), day_zero=zero
            )
    return None


def _once(called: Sequence[str], places: Mapping[str, int]) -> None:
    """Raise `TwoAlike` where a column that counts has the name of another."""
    plain = [name.casefold() for name in called]
    for place in places.values():
        if plain.count(plain[place]) > 1:
            raise TwoAlike(called[place])


def _separated(text: str, heads: Heads) -> Table | None:
    """A CSV, separated by the sign that shows most of its headings, and below them as many cells."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

    def shown(sign: str) -> tuple[int, int]:
        """How many headings, and how many lines have as many cells as theirs."""
        begun = [cells for _, cells in islice(_records(lines, sign, []), HEAD_WITHIN)]
        head = next((cells for cells in begun if heads(cells)), [])
        return len(heads(head) or ()), sum(len(cells) == len(head) for cells in begun)

    separator = max(SEPARATORS, key=shown)
    torn = list[Torn]()
    found = list(_records(lines, separator, torn))
    return _below(iter(found), heads, torn=torn)


def _records(lines: Sequence[str], separator: str, torn: list[Torn]) -> Iterator[Line]:
    """Each record with the line it begins in. Behind a quotation mark that is never closed it goes on."""
    at = 0
    while at < len(lines):
        reader = csv.reader((lines[n] for n in range(at, len(lines))), delimiter=separator, strict=True)
        begun = at
        try:
            for cells in reader:
                yield begun + 1, list(cells)
                begun = at + reader.line_num
            return
        except csv.Error:
            torn.append((begun + 1, lines[begun]))
            at = begun + 1


def _workbook(data: bytes, most_bytes: int, most_lines: int) -> Iterator[tuple[str, list[Line], date]]:
    # Late: it takes a fifth of a second to import, and few starts need it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > most_bytes:
                raise TooLarge(Sentence(TOO_LARGE))
        with warnings.catch_warnings():
            # What it can't read it says there, and leaves a mark of its own in the cell.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            found = [(str(sheet.title), _lines(sheet, book.epoch, most_lines)) for sheet in book.worksheets]
        zero = book.epoch.date()
        book.close()
    except (InvalidFileException, *_TORN) as why:
        raise NotUnderstood(Sentence(NO_TABLE)) from why
    yield from ((name, lines, zero) for name, lines in found)


def _lines(sheet: Any, zero: datetime, most_lines: int) -> list[Line]:
    lines = list[Line]()
    for number, row in enumerate(sheet.iter_rows(max_row=most_lines + 1), start=1):
        cells = [_cell(one, zero) for one in row]
        while cells and cells[-1] is None:
            cells.pop()
        lines.append((number, cells))
    if len(lines) > most_lines and lines[-1][1]:
        raise TooLarge(Sentence(TOO_LARGE))
    return lines


def _cell(cell: Any, zero: datetime) -> Cell:
    """A cell's value. A clock past 24:00 is a length of time, a date without a time is one.

    Spreadsheets keep 25:10, shown as h:mm, as ten past one of the day after their calendar begins.
    """
    from openpyxl.styles.numbers import is_datetime

    value = cell.value
    if isinstance(value, datetime):
        begins = zero if zero.year > 1900 else datetime(1899, 12, 31)  # noqa: DTZ001 - they know no zone
        if 0 <= (value - begins).days < 100:
            return value - begins
        if value == datetime.combine(value, datetime.min.time()) and is_datetime(cell.number_format) == "date":
            return value.date()
    return value
