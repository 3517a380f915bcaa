"""A day's records as JSON: lossless, one a line. Its first line says how it came about and is read alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.archive.day.content import DayContent, fingerprint
from fieldlog.archive.day.media_files import MediaFile
from fieldlog.model.errors import NotUnderstood

FORMAT = "fieldlog-day/1"
HEAD_BYTES = 2048
"""More than the first line is ever long."""

_START = b'{"fieldlog":'
_ENCODE = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the first line says. `sizes` are bytes of the texts beside the JSON, by file name."""

    fingerprint: str
    study: str
    zone: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)


def encoded(content: DayContent, files: Iterable[MediaFile], sizes: Mapping[str, int]) -> bytes:
    """The folded documents of the day, keys sorted, after the head. A lone surrogate is kept as its escape."""
    head = {
        "format": FORMAT, "fingerprint": fingerprint(content), "study": content.study["id"],
        "date": content.date, "zone": content.zone, "sizes": sizes,
    }  # fmt: skip
    lists: dict[str, Iterable[Mapping[str, Any]]] = {
        "files": [file.listed() for file in files], "sessions": content.sessions, "entries": content.entries,
        "erased": content.erased, "attachments": content.attachments.values(), "links": content.links,
        "takes": content.takes,
    }  # fmt: skip
    parts = [f'{{"fieldlog":{json.dumps(head, ensure_ascii=False)}', f'"day":{_ENCODE(content.day)}']
    for name, docs in lists.items():
        rows = ",\n".join(map(_ENCODE, docs))
        parts.append(f'"{name}":[\n{rows}\n]' if rows else f'"{name}":[]')
    return (",\n".join(parts) + "}\n").encode("utf-8", "backslashreplace")


def head_of(start: bytes) -> Head | None:
    """The head in the first bytes of a day's JSON; None where they are not those of one."""
    line, ended, _ = start.partition(b"\n")
    if not ended or not line.startswith(_START):
        return None
    try:
        found = json.loads(line[len(_START) :].rstrip(b","))
        if found["format"] != FORMAT:
            return None
        return Head(
            fingerprint=found["fingerprint"],
            study=found["study"],
            zone=str(found["zone"]),
            sizes=dict(found["sizes"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def files_in(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Path below the day's folder to the pieces in that file. Raises `NotUnderstood`."""
    try:
        return {found["path"]: list(found["pieces"]) for found in json.loads(data)["files"]}
    except (KeyError, TypeError, ValueError) as why:
        raise NotUnderstood("This is not the JSON of a production day.") from why
