"""What a store can be rebuilt from: the log, the media by their hashes, and what each day says of its records.

A folder that is damaged is read as far as it is whole: a day whose JSON is not what its manifests say is named,
and what it lists is not relied on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fieldlog.archive.day.day_json import files_in, head_of
from fieldlog.archive.living import manifest
from fieldlog.archive.living.place import studies_named, study_named
from fieldlog.archive.living.tree import read_start
from fieldlog.archive.names import DAY_FOLDER, DAYS, LOG, MANIFEST, README
from fieldlog.model.errors import DamagedLine, MissingFile, NotUnderstood
from fieldlog.model.line import Line, decode, first_prev
from fieldlog.model.ports import Disk

RECORDS = {
    "entries": "entry", "sessions": "session", "attachments": "attachment", "links": "link", "takes": "take",
}  # fmt: skip
"""The lists of a day's JSON, and the kind of the records in them."""

Doc = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An attachment inside a joined memo: its own file was a WAV of so many frames that hashed to `sha256`."""

    id: str
    sha256: str
    bytes: int | None = None
    frames: int
    rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, kw_only=True)
class Restorable:
    """Paths are below the archive's root.

    `logs` are (writer, path); `media` leads from a sha256 to a file with those bytes; `joined` from a memo
    put together to its pieces, in order. `damaged` are JSONs of days that are not what they were.
    """

    study: str
    logs: tuple[tuple[str, str], ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    days: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


async def contents(disk: Disk) -> Restorable:
    """What lies in an archive. Reads no media, and of the log what tells whose it is.

    Raises `NotUnderstood` where the folder is no archive.
    """
    logs = await _logs(disk)
    study = await study_in(disk)
    media: dict[str, str] = {}
    joined: dict[str, tuple[Piece, ...]] = {}
    days, damaged = list[str](), list[str]()
    top = await _listed(disk, "")
    for day in await disk.list(DAYS):
        if day.is_dir and DAY_FOLDER.fullmatch(day.name):
            path = f"{DAYS}/{day.name}/{day.name}.json"
            data = await _whole_json(disk, day.name, top)
            if data is None:
                damaged += [path] if await disk.size(path) is not None else []
                continue
            days.append(path)
            for file, pieces in (await _files_of(disk, day.name, data)).items():
                if len(pieces) == 1:
                    media.setdefault(pieces[0]["sha256"], file)
                elif pieces:
                    joined[file] = tuple(Piece(**piece) for piece in pieces)
    return Restorable(
        study=study, logs=tuple((name.removesuffix(".jsonl"), f"{LOG}/{name}") for name in logs), media=media,
        joined=joined, days=tuple(days), damaged=tuple(damaged),
    )  # fmt: skip


async def records_of(disk: Disk, path: str) -> Iterator[tuple[str, Doc]]:
    """Kind and folded document of every record that a day's JSON holds."""
    said = json.loads(await disk.read(path))
    day = [("day", said["day"])] if said.get("day") else []
    lists = ((kind, doc) for name, kind in RECORDS.items() for doc in said.get(name, ()))
    return iter([*day, *lists])


async def told_of_study(disk: Disk, found: Restorable) -> dict[str, Any]:
    """What the archive says of its study outside the log: `default_tz` by its days, `title` by its README."""
    told: dict[str, Any] = {}
    for path in found.days:
        head = head_of((await disk.read(path)).split(b"\n", 1)[0] + b"\n")
        if head and head.zone:
            told["default_tz"] = head.zone
    try:
        lines = (await disk.read(README)).decode("utf-8", "replace").split("\n")
    except MissingFile:
        lines = []
    title = next((line[2:].split(" · ")[0] for line in lines if line.startswith("# ")), "")
    return {**told, "title": title} if title else told


async def _logs(disk: Disk) -> list[str]:
    return [entry.name for entry in await disk.list(LOG) if not entry.is_dir and entry.name.endswith(".jsonl")]


async def study_in(disk: Disk) -> str:
    """The study that the log's first lines prove; else the one that is named most. Raises `NotUnderstood` where
    the folder is no archive."""
    firsts = [line async for line in _first_lines(disk)]
    named = list[str]()
    async for study in studies_named(disk):
        if any(line.n == 1 and line.prev == first_prev(study, line.writer) for line in firsts):
            return study
        named.append(study)
    if not named:
        raise NotUnderstood("This folder is not an archive of FieldLog.")
    return study_named(named)


async def _first_lines(disk: Disk) -> AsyncIterator[Line]:
    for name in await _logs(disk):
        with suppress(DamagedLine):
            yield decode((await read_start(disk, f"{LOG}/{name}", 1 << 20)).split(b"\n", 1)[0])


async def _whole_json(disk: Disk, root: str, top: Mapping[str, str]) -> bytes | None:
    """A day's JSON, where it is what one of its manifests says and can be read; else None."""
    folder = f"{DAYS}/{root}/"
    try:
        data = await disk.read(f"{folder}{root}.json")
        files_in(data)
    except (MissingFile, NotUnderstood):
        return None
    said = {top.get(f"{folder}{root}.json"), (await _listed(disk, folder)).get(f"{root}.json")} - {None}
    return data if not said or hashlib.sha256(data).hexdigest() in said else None


async def _listed(disk: Disk, folder: str) -> Mapping[str, str]:
    try:
        return manifest.read(await disk.read(f"{folder}{MANIFEST}")).files
    except MissingFile:
        return {}


async def _files_of(disk: Disk, root: str, data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Files of a day that are here, and their pieces."""
    folder = f"{DAYS}/{root}"
    return {
        f"{folder}/{path}": pieces
        for path, pieces in files_in(data).items()
        if await disk.size(f"{folder}/{path}") is not None
    }
