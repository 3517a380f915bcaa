"""CSV as spreadsheets take it: UTF-8 with BOM, CRLF, and no cell that would be run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from fieldlog.archive.day.labels import Joined, session_title
from fieldlog.archive.day.page import Page

BOM = "\ufeff"
_END = "\r\n"
_MARKS = frozenset("'=+-@\t\r")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

OBSERVATIONS = (
    "date", "production_day", "time", "local", "zone", "occurred_at", "precision", "created_at", "clock_suspect",
    "kind", "note_type", "stage", "session", "session_type", "session_title", "place", "people", "pseudonyms",
    "scene", "take", "codes", "speech", "certainty", "sensitivity", "lang", "starred", "author", "files", "text",
    "id", "source_id",
)  # fmt: skip


def guarded(text: str) -> str:
    """The text, behind ' where a spreadsheet would take it for a formula.

    An apostrophe before such a mark is guarded, too, so that taking one away always gives the text back.
    """
    return f"'{text}" if text[:1] in _MARKS and _FORMULA.match(text) else text


def sheet(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    return _encoded(map(_line, [head, *rows]))


def _encoded(lines: Iterable[str]) -> bytes:
    return (BOM + "".join([f"{line}{_END}" for line in lines])).encode("utf-8", "backslashreplace")


def _line(cells: Sequence[object]) -> str:
    """A row as `csv.writer` writes it, which looks at every character: it is asked where a cell needs quotes."""
    try:
        line = ",".join(cells)  # type: ignore[arg-type]
        if line.count(",") == len(cells) - 1 and line and not _has_marks(line):
            return line
    except TypeError:  # a cell that is no text
        pass
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=_END).writerow(cells)
    return written.getvalue().removesuffix(_END)


def _cell(text: str) -> str:
    """One cell as `csv.writer` writes it."""
    if "," in text or _has_marks(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _guarded_cell(text: str) -> str:
    return _cell(guarded(text))


def _has_marks(text: str) -> bool:
    return '"' in text or "\n" in text or "\r" in text


def read_sheet(data: bytes) -> list[list[str]]:
    """The rows, without the head, cells as they stand. Raises ValueError for what is no such sheet."""
    text = data.decode("utf-8-sig")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def observations(page: Page) -> bytes:
    """One row an entry, in the order of the notes."""
    return _encoded([_line(OBSERVATIONS), *_observed(page)])


def _observed(page: Page) -> Iterator[str]:
    """Lines without their end. What many entries share is made a cell once."""
    content = page.content
    date, zone = _line((content.date, guarded(str((content.day or {}).get("code") or "")))), _cell(content.zone)
    sessions = {
        name: _line((name, doc.get("type", "other"), guarded(str(doc.get("title", "")) or session_title(doc))))
        for name, doc in page.sessions.items()
    }
    codes, names = Joined(page.labels.short, "; ", _guarded_cell), Joined(page.labels.name, "; ", _guarded_cell)
    for entry, when, clock in zip(content.entries, page.whens, page.clocks, strict=True):
        get = entry.get
        people, session = tuple(get("people", ())), get("session", "")
        times = (
            get("occurred_at", ""), get("precision", "exact"), get("created_at", ""),
            "yes" if "occurred" in entry and entry["occurred"].get("suspect") else "",
            get("kind", "jotting"), get("note_type", "none"), get("stage", "raw"),
        )  # fmt: skip
        text, ids = _guarded_cell(get("text", "")), (entry["id"], guarded(get("source_id", "")))
        facts = (
            get("speech", ""), guarded(get("certainty", "")), get("sensitivity", "normal"),
            "; ".join(get("lang", ())), "yes" if get("starred") else "", guarded(get("author", "")),
            "; ".join([line.path for line in page.files(entry) if line.path]) if "attachments" in entry else "",
        )  # fmt: skip
        yield (
            f"{date},{clock},{when.local.isoformat()},{zone},{_line(times)},"
            f"{sessions[session] if session in sessions else _line((session, '', ''))},"
            f"{names[get('place', ''),]},{codes[people]},{names[people]},"
            f"{codes[get('scene', ''),]},{codes[get('take', ''),]},{codes[tuple(get('codes', ()))]},"
            f"{_line(facts)},{text},{_line(ids)}"
        )
