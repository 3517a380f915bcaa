"""What a store can be rebuilt from: the log, and the media by their hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.archive.names import DAY_FOLDER, DAYS, LOG
from fieldlog.archive.place import study_of
from fieldlog.archive.record import files_in
from fieldlog.model.errors import MissingFile, NotUnderstood
from fieldlog.model.ports import Disk


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
    put together to its pieces, in order.
    """

    study: str
    logs: tuple[tuple[str, str], ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)


async def contents(disk: Disk) -> Restorable:
    """What lies in an archive. Reads no media and no log: check them with `verify` first.

    Raises `NotUnderstood` where the folder is no archive, or a day's JSON can't be read.
    """
    study = await study_of(disk)
    if study is None:
        raise NotUnderstood("This folder is not an archive of FieldLog.")
    logs = [entry.name for entry in await disk.list(LOG) if not entry.is_dir and entry.name.endswith(".jsonl")]
    media: dict[str, str] = {}
    joined: dict[str, tuple[Piece, ...]] = {}
    for day in await disk.list(DAYS):
        if day.is_dir and DAY_FOLDER.fullmatch(day.name):
            for path, pieces in (await _files_of(disk, day.name)).items():
                if len(pieces) == 1:
                    media.setdefault(pieces[0]["sha256"], path)
                elif pieces:
                    joined[path] = tuple(Piece(**piece) for piece in pieces)
    return Restorable(
        study=study, logs=tuple((name.removesuffix(".jsonl"), f"{LOG}/{name}") for name in logs), media=media,
        joined=joined,
    )  # fmt: skip


async def _files_of(disk: Disk, root: str) -> dict[str, list[dict[str, Any]]]:
    """Files of a day that are here, and their pieces."""
    folder = f"{DAYS}/{root}"
    try:
        listed = files_in(await disk.read(f"{folder}/{root}.json"))
    except MissingFile:
        return {}
    return {
        f"{folder}/{path}": pieces
        for path, pieces in listed.items()
        if await disk.size(f"{folder}/{path}") is not None
    }
