"""A table of notes, from this program or any other: rows that say what was written, when and where. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.day.callsheet import HEADINGS as PLAN_HEADINGS
from fieldlog.services.day.callsheet import plain_heading
from fieldlog.services.machine.tables import Cell, Table, TwoAlike, tables, text_of

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "note", "notes", "fieldnote", "fieldnotes", "笔记", "田野笔记", "正文", "记录内容", "记录"),
    "at": (
        "occurredat", "at", "datetime", "dateandtime", "timestamp", "when", "日期时间", "发生时间", "时间戳",
    ),
    "date": ("date", "日期"),
    "time": ("time", "时间"),
    "place": ("place", "location", "where", "地点", "位置"),
    "kind": ("kind", "种类"),
    "note_type": ("notetype", "笔记类型"),
    "created_at": ("createdat", "created", "writtenat", "记录时间", "写于"),
    "id": ("id", "sourceid", "编号"),
}  # fmt: skip
"""What the columns are called, in English and in Chinese, without case and all that is no letter."""

PLANNED = frozenset(
    {name for what in ("day", "shoot_day", "session", "call", "until") for name in PLAN_HEADINGS[what]}
    | {"scenes", "sc", "cast", "场次", "场号", "演员"}
)
"""A table with one of these is a plan, also where it has a column of notes; `text` alone always means notes."""

MOST_BYTES, MOST_LINES = 256_000_000, 1_000_000

TEXT_TWICE = sentence("The columns “{one}” and “{other}” both hold notes. Keep one of them; nothing was imported.")
NOT_NOTES = sentence("{name} has no column called text; nothing was imported.")
TORN = sentence("Line {line} of {name} has a quotation mark that does not belong there; it was left out: {said}")
WIDE = sentence("Line {line} of {name} has more cells than there are columns; it was left out: {said}")
SHORT = sentence("Line {line} of {name} has fewer cells than there are columns; it was taken as it stands.")
NO_TEXT = sentence("Line {line} of {name} says no text; it was left out: {said}")
ID_AGAIN = sentence("Line {line} of {name}: a line above has the id {id} already; it was left out: {said}")


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """A row of notes: its cells by their headings (`said`) and by what they mean (`cells`), trimmed; `columns`
    leads from a meaning to its heading.

    `text` is as it was written, with its lines. `when` is "" where no time is written. `rest` is what stands in
    columns that are none of ours. `nth` counts rows that say the same.
    """

    line: int
    said: Mapping[str, str]
    cells: Mapping[str, str]
    columns: Mapping[str, str]
    text: str
    when: str = ""
    rest: Mapping[str, str] = field(default_factory=dict)
    nth: int = 1


@dataclass(frozen=True, kw_only=True)
class Notes:
    """What a table says. `problems` are sentences, one for each line not taken as it stands."""

    name: str
    rows: tuple[NoteRow, ...] = ()
    problems: tuple[str, ...] = field(default=())


def read_notes(data: bytes, name: str) -> Notes | None:
    """The notes in a CSV or XLSX; None where no line names a column of text. `name` is the file's.

    Blank rows are passed over. Raises `NotUnderstood` for what is no table, or has two columns of one name.
    """
    found = tables(data, headings, most_bytes=MOST_BYTES, most_lines=MOST_LINES)
    if not found:
        return None
    rows, problems = list[NoteRow](), list[str]()
    for table in found:
        named = [head.casefold() for head in table.head if head]
        if twice := next((head for head in table.head if named.count(head.casefold()) > 1), None):
            raise TwoAlike(twice)
        rows += _rows(table, name, problems)
    return Notes(name=name, rows=tuple(_numbered(rows, name, problems)), problems=tuple(problems))


def headings(cells: Sequence[Cell]) -> dict[str, int] | None:
    """The column of each heading, where a line names a text; None for any other line, and for a plan's."""
    plain = [plain_heading(text_of(cell)) for cell in cells]
    found: dict[str, int] = {}
    for place, said in enumerate(plain):
        what = next((what for what, names in HEADINGS.items() if said in names), None)
        if what is None:
            continue
        if what == "text" and "text" in found and plain[found["text"]] != said:
            one, other = (text_of(cells[n]) for n in (found["text"], place))
            raise NotUnderstood(Sentence(TEXT_TWICE, one=one, other=other))
        found.setdefault(what, place)
    if "text" not in found or ("text" not in plain and not PLANNED.isdisjoint(plain)):
        return None
    return found


def _rows(table: Table, name: str, problems: list[str]) -> Iterator[NoteRow]:
    problems += [Sentence(TORN, line=line, name=name, said=said.strip()) for line, said in table.torn]
    for line, cells in table.rows:
        told = [_said(cell) for cell in cells]
        if not any(one.strip() for one in told):
            continue
        if table.beside(cells):
            problems.append(Sentence(WIDE, line=line, name=name, said=_shortly(told)))
            continue
        if len(told) < len(table.head) and not table.sheet:
            problems.append(Sentence(SHORT, line=line, name=name))
        row = _row(table, line, told + [""] * (len(table.head) - len(told)))
        if row.text.strip():
            yield row
        elif row.rest or row.cells.get("place"):
            problems.append(Sentence(NO_TEXT, line=line, name=name, said=_shortly(told)))


def _row(table: Table, line: int, told: Sequence[str]) -> NoteRow:
    cells = {what: told[place].strip() for what, place in table.places.items()}
    said = {head or str(place + 1): told[place].strip() for place, head in enumerate(table.head)}
    apart = ("date", "time") if cells.get("at") else ("at",)
    columns = {what: table.head[place] for what, place in table.places.items()}
    read = {head for what, head in columns.items() if what not in apart}
    day, clock = cells.get("date", ""), cells.get("time", "")
    # Programs write a day as its midnight, and its hour beside it.
    day = re.sub(r"[ T]00:00:00(\.0+)?$", "", day) if clock else day
    return NoteRow(
        line=line, said=said, cells=cells, columns=columns,
        text=told[table.places["text"]],
        when=cells.get("at") or f"{day} {clock}".strip(),
        rest={head: value for head, value in said.items() if value and head not in read},
    )  # fmt: skip


def _numbered(rows: Sequence[NoteRow], name: str, problems: list[str]) -> Iterator[NoteRow]:
    """The rows, equal ones counted; of two with one id the first."""
    alike, ids = Counter[tuple[tuple[str, str], ...]](), set[str]()
    for row in rows:
        content = tuple(sorted(row.said.items()))
        alike[content] += 1
        named = row.cells.get("id")
        if named and named in ids:
            said = _shortly(list(row.said.values()))
            problems.append(Sentence(ID_AGAIN, line=row.line, name=name, id=named, said=said))
            continue
        ids |= {named} if named else set()
        yield replace(row, nth=alike[content])


def _said(cell: Cell) -> str:
    """A cell as a person would type it, with its lines."""
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0).isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.replace(microsecond=0).isoformat()
    return cell if isinstance(cell, str) else text_of(cell)


def _shortly(cells: Sequence[str]) -> str:
    return " | ".join(cell.strip() for cell in cells if cell.strip())
