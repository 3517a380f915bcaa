"""Whether a folder may become, or already is, the archive of a study."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress

from fieldlog.archive.day.day_json import HEAD_BYTES, head_of
from fieldlog.archive.living.outlet import Outlet
from fieldlog.archive.living.tree import read_start
from fieldlog.archive.names import DAY_FOLDER, DAYS, README, whole_of
from fieldlog.model.errors import MissingFile, WrongPlace
from fieldlog.model.sentence import Sentence

FORMAT = "fieldlog-archive/1"

_MARK = re.compile(rb'---\nformat: "fieldlog-archive/\d+"\nstudy_id: "([^"\n]+)"\n')
_OF_THE_SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "lost+found"})
"""What file managers and file systems leave in an empty folder."""


def mark(study: str) -> str:
    """How the README of a study's archive begins: by this the folder is known again."""
    return f'---\nformat: "{FORMAT}"\nstudy_id: "{study}"\n'


async def study_of(disk: Outlet) -> str | None:
    """The study whose archive lies here, by its README, or where that is gone by the JSON of a day."""
    async for study in studies_named(disk):
        return study
    return None


async def studies_named(disk: Outlet) -> AsyncIterator[str]:
    """The study that the README names, and what each day's JSON does, in this order."""
    with suppress(MissingFile):
        readme = _MARK.match(await read_start(disk, README, HEAD_BYTES))
        if readme:
            yield readme[1].decode("utf-8", "replace")
    for day in await disk.list(DAYS):
        if day.is_dir and DAY_FOLDER.fullmatch(day.name):
            try:
                head = head_of(await read_start(disk, f"{DAYS}/{day.name}/{day.name}.json", HEAD_BYTES))
            except MissingFile:
                continue
            if head:
                yield head.study


def study_named(named: list[str]) -> str:
    """The one that is named most; the first of these."""
    return max(dict.fromkeys(named), key=named.count)


async def check_place(disk: Outlet, study: str) -> None:
    """Raises `WrongPlace` unless the folder is empty or holds this study's archive."""
    names = {found.name for found in await disk.list("")} - _OF_THE_SYSTEM
    if {whole_of(name) for name in names} <= {README}:
        return
    here = await study_of(disk)
    if here is None:
        raise WrongPlace(
            "This folder is not empty and holds no archive of FieldLog. Choose an empty folder; "
            "nothing was written."
        )
    if here != study:
        raise WrongPlace(
            Sentence(
                "This folder holds the archive of another study ({here}). Choose another folder; nothing "
                "was written.",
                here=here,
            )
        )
