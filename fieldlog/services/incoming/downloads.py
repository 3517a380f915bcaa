"""A copy of a study that a browser has put into Downloads: seen, so that it can be offered.

Looked at are names and sizes, and of the newest that is called like a copy of ours, once, of which study it is. A
sealed one does not tell that: it is offered whatever study is open. What was looked at or left is remembered, on
this device.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from fieldlog.model.ports import Offload
from fieldlog.services.copies.bundle import told_of
from fieldlog.services.copies.sealed.first_line import MARK
from fieldlog.services.study.device import Device

REMEMBERED = "downloads"
MOST_REMEMBERED = 40
NOBODYS, LEFT, ANYBODYS = "-", "left", "sealed"
CALLED_SO = re.compile(r"(FieldLog\b.*|.+-\d{4}-\d\d-\d\d-\d{4}(-\d+)?)( ?\(\d+\))?\.(zip|sealed)", re.IGNORECASE)
"""`FieldLog-….zip` or `….sealed`, and what a copy is called where it is made:
`Rain-2025-03-16-2130.zip`, `… (1).zip`."""


async def arrived(device: Device, folder: Path, study: str, offload: Offload) -> Path | None:
    """The newest copy in a folder, where it is one of this study, or sealed, and was not left; None else.

    Raises `NotSaved` where it can't be remembered that it was looked at.
    """
    newest: tuple[Path, str] | None = await offload(newest_in, folder)
    if newest is None:
        return None
    path, key = newest
    known = _known(device)
    if key not in known:
        await _remember(device, key, await offload(_whose, path))
    return path if _known(device).get(key) in (study, ANYBODYS) else None


async def leave(device: Device, path: Path) -> None:
    """It is not to be offered again, as it lies there now."""
    key = _key(path)
    if key is not None:
        await _remember(device, key, LEFT)


def _whose(path: Path) -> str:
    """The id of the study that a copy says it is of."""
    try:
        with path.open("rb") as file:
            if file.read(len(MARK)) == MARK:
                return ANYBODYS
    except OSError:
        return NOBODYS
    told: dict[str, Any] | None = told_of(path)
    return str((told or {}).get("project") or NOBODYS)


def newest_in(folder: Path) -> tuple[Path, str] | None:
    """The newest file of a folder that is called like a copy, with what it is known by; None where none is."""
    try:
        with os.scandir(folder) as there:
            found = [(one.stat().st_mtime_ns, one.name) for one in there if _may_be_one(one)]
    except OSError:
        return None
    if not found:
        return None
    path = folder / max(found)[1]
    key = _key(path)
    return (path, key) if key is not None else None


def _may_be_one(one: os.DirEntry[str]) -> bool:
    return bool(CALLED_SO.fullmatch(one.name)) and one.is_file() and one.stat().st_size > 0


def _key(path: Path) -> str | None:
    """What a file is known by until it changes: its name, size and time."""
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_size} {found.st_mtime_ns} {path.name}"


def _known(device: Device) -> dict[str, str]:
    """What each is: the id of a study, that it was left, or that it is nobody's."""
    try:
        rows = json.loads(device.preferences.get(REMEMBERED, "[]"))
        return {str(key): str(what) for key, what in rows}
    except (ValueError, TypeError):
        return {}


async def _remember(device: Device, key: str, what: str) -> None:
    known = {one: said for one, said in _known(device).items() if one != key} | {key: what}
    rows = list(known.items())[-MOST_REMEMBERED:]
    await device.prefer(REMEMBERED, json.dumps(rows))
