"""CSV as spreadsheets take it: UTF-8 with BOM, CRLF, and no cell that would be run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from fieldlog.archive.page import Page
from fieldlog.archive.words import Joined, session_title

BOM = "\ufeff"
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


def unguarded(cell: str) -> str:
    """What a cell said before it was guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def sheet(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return (BOM + text.getvalue()).encode("utf-8", "backslashreplace")


def read_sheet(data: bytes) -> list[list[str]]:
    """The rows, without the head, cells as they stand. Raises ValueError for what is no such sheet."""
    text = data.decode("utf-8-sig")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def observations(page: Page) -> bytes:
    """One row an entry, in the order of the notes."""
    return sheet(OBSERVATIONS, _observed(page))


def _observed(page: Page) -> Iterable[Sequence[object]]:
    content = page.content
    date, zone = content.date, content.zone
    code = guarded(str((content.day or {}).get("code") or ""))
    sessions = {
        name: (name, doc.get("type", "other"), guarded(str(doc.get("title", "")) or session_title(doc)))
        for name, doc in page.sessions.items()
    }
    codes, names = Joined(page.labels.short, "; ", guarded), Joined(page.labels.name, "; ", guarded)
    for entry, when, clock in zip(content.entries, page.whens, page.clocks, strict=True):
        get = entry.get
        local = when.local.isoformat()
        people = tuple(get("people", ()))
        yield (
            date, code, clock, local, zone,
            get("occurred_at", ""), get("precision", "exact"), get("created_at", ""),
            "yes" if "occurred" in entry and entry["occurred"].get("suspect") else "",
            get("kind", "jotting"), get("note_type", "none"), get("stage", "raw"),
            *sessions.get(get("session", ""), (get("session", ""), "", "")),
            names[get("place", ""),], codes[people], names[people],
            codes[get("scene", ""),], codes[get("take", ""),], codes[tuple(get("codes", ()))],
            get("speech", ""), guarded(get("certainty", "")), get("sensitivity", "normal"),
            "; ".join(get("lang", ())), "yes" if get("starred") else "", guarded(get("author", "")),
            "; ".join([line.path for line in page.files(entry) if line.path]) if "attachments" in entry else "",
            guarded(get("text", "")), entry["id"], guarded(get("source_id", "")),
        )  # fmt: skip
