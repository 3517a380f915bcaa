"""The data list: a row for every file in days/, the same whether written now or kept from before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fieldlog.archive.day.content import DayContent, moment_of
from fieldlog.archive.day.csv_sheets import guarded, read_sheet, sheet
from fieldlog.archive.day.inert import one_line
from fieldlog.archive.day.labels import FILES, Labels
from fieldlog.archive.day.media_files import MediaFile
from fieldlog.archive.day.notes import title
from fieldlog.archive.names import DAYS
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.production_day import occurred

Row = tuple[str, ...]

HEAD = (
    "file", "date", "production_day", "time_local", "zone", "kind", "language", "participants", "place",
    "duration_s", "words", "sensitivity", "sha256", "description",
)  # fmt: skip
_FILE, _SHA256 = HEAD.index("file"), HEAD.index("sha256")

TEXTS = {
    "_notes.md": ("notes", "notes with their context 田野笔记"),
    "_notes.txt": ("notes", "notes as plain text 纯文本笔记"),
    "_observations.csv": ("notes", "one row an entry 逐条观察表"),
    ".json": ("notes", "all records, for reading back 全部记录"),
}
"""How the name of a text file goes on after the day's root, its kind and what it is."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_RANK = ("normal", "restricted", "embargo")


def rows_of(content: DayContent, files: Iterable[MediaFile], hashes: Mapping[str, str]) -> list[Row]:
    """The rows of one day; `hashes` are those of its manifest, with the manifest's own under its name."""
    rows = dict(_text_rows(content))
    labels, clock = Labels(content), ProductionClock(content.date, content.zone)
    rows |= {file.path: _media_row(file, content, labels, clock) for file in files}
    return [
        _row(content, path, rows.get(path, _plain("document", "sha256 of this folder's files 校验和")), sha)
        for path, sha in sorted(hashes.items())
    ]


def data_list(rows: Iterable[Row]) -> bytes:
    return sheet(HEAD, sorted(rows))


def rows_kept(data: bytes) -> dict[str, list[Row]]:
    """Rows of an earlier data list by the folder of their day; none where it can't be read."""
    found: dict[str, list[Row]] = {}
    try:
        read = read_sheet(data)
    except ValueError:
        return {}
    for cells in read:
        if len(cells) == len(HEAD):
            found.setdefault("/".join(cells[_FILE].split("/")[:2]), []).append(tuple(cells))
    return found


def fits(rows: Sequence[Row], folder: str, hashes: Mapping[str, str]) -> bool:
    """Whether kept rows are those of the files that now are in the folder."""
    return {row[_FILE]: row[_SHA256] for row in rows} == {f"{folder}/{path}": sha for path, sha in hashes.items()}


def words(text: str) -> int:
    """Every Han character is a word, and so is everything else between blanks."""
    between = _HAN.split(text)
    return len(text) - sum(map(len, between)) + len(" ".join(between).split())


def _row(content: DayContent, path: str, cells: Mapping[str, str], sha: str) -> Row:
    known = {
        "file": f"{DAYS}/{content.root}/{path}", "date": content.date, "zone": content.zone, "sha256": sha,
        "production_day": str((content.day or {}).get("code") or ""), **cells,
    }  # fmt: skip
    return tuple(guarded(one_line(known.get(name, ""))) for name in HEAD)


def _plain(kind: str, description: str) -> dict[str, str]:
    return {"kind": kind, "description": description}


def _text_rows(content: DayContent) -> Iterable[tuple[str, dict[str, str]]]:
    labels, day = Labels(content), content.day or {}
    found: dict[str, Any] = {
        "time_local": str(day.get("starts") or ""),
        "language": _joined(sorted(set().union(*(entry.get("lang", ()) for entry in content.entries)))),
        "participants": _joined(sorted({labels.full[name] for name in content.names.get("people", ())})),
        "place": labels.names([day["place"]]) if day.get("place") else "",
        "words": str(words("\n".join(entry.get("text", "") for entry in content.entries))),
        "sensitivity": _strictest({entry.get("sensitivity", "normal") for entry in content.entries}),
    }
    for ending, (kind, description) in TEXTS.items():
        yield f"{content.root}{ending}", {
            **found, "kind": kind, "description": f"{title(content)}: {description}"
        }  # fmt: skip


def _media_row(file: MediaFile, content: DayContent, labels: Labels, clock: ProductionClock) -> dict[str, str]:
    entry, pieces = file.entry or {}, file.pieces
    first = content.attachments[pieces[0].id]
    at = occurred(entry) if entry else moment_of(first, content)
    people = {*entry.get("people", ()), *(name for piece in pieces for name in piece.people)}
    place = first.get("place") or entry.get("place")
    said = next((piece.caption for piece in pieces if piece.caption), "")
    return {
        "time_local": clock.local(at).isoformat(),
        "kind": file.kind,
        "language": pieces[0].lang or _joined(entry.get("lang", ())),
        "participants": _joined(sorted({labels.full.get(name, name) for name in people})),
        "place": labels.names([place]) if place else "",
        "duration_s": "" if file.seconds is None else f"{file.seconds:.3f}".rstrip("0").rstrip("."),
        "sensitivity": str(entry.get("sensitivity", "normal")),
        "description": f"{FILES[file.kind]}: {said}" if said else FILES[file.kind],
    }


def _strictest(found: Iterable[str]) -> str:
    return max(found, key=lambda name: _RANK.index(name) if name in _RANK else 0, default="normal")


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
