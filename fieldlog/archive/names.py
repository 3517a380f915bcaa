"""What the files of an archive are called: ASCII, lower case, at most 64 characters a name."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

README = "README.md"
DATA_LIST = "data-list.csv"
DAYS = "days"
LOG = "log"
MANIFEST = "manifest-sha256.txt"
UNFINISHED = f"{MANIFEST}.new"
"""Lies beside the old manifest while a folder is being written: what the folder is to hold."""

PART = ".part~"
"""Ends the name of a file that was being written when the power went; the Disk port's own, too."""

_HALF = re.compile(r"(?P<whole>.+?)(?:\.[0-9a-f]{8})?\.part~")

FOLDERS = {"audio": ("audio", "memo"), "photo": ("photos", "photo"), "document": ("documents", "paper")}
"""Kind of attachment to its folder and to the word in its file name."""

DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}(_[a-z0-9-]+)?")
_CODE_LENGTH = 16
_EXTENSION_LENGTH = 8


def part_name(path: str) -> str:
    """What a file is called while it is written; two that are written at once are not called the same."""
    return f"{path}.{secrets.token_hex(4)}{PART}"


def whole_of(path: str) -> str:
    """The path of the file whose writing left this one half there; "" where it is no such file."""
    found = _HALF.fullmatch(path) if path.endswith(PART) else None
    return found["whole"] if found else ""


def day_folder(date: str, day: Mapping[str, Any] | None) -> str:
    """The folder of a production day, and the root of its files' names: 2025-03-16_pd14, else the date."""
    code = _plain(str((day or {}).get("code") or ""))[:_CODE_LENGTH].strip("-")
    return f"{date}_{code}" if code else date


def media_name(root: str, clock: str, kind: str, number: int, extension: str) -> str:
    """Path below the day's folder; `clock` is HHMMSS on the study's wall, `number` counts the day's kind."""
    folder, word = FOLDERS[kind]
    ending = _plain(extension).replace("-", "")[:_EXTENSION_LENGTH] or "bin"
    return f"{folder}/{root}_{clock}_{word}-{number:02d}.{ending}"


def log_path(writer: str) -> str:
    return f"{LOG}/{writer}.jsonl"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
