"""Erasing in the journals: which lines speak of a record, and how their bodies are taken out.

Heads stay, so the chain holds; each file is replaced whole. A line too damaged to be read goes as well, if it
names the record: what it says could be read by anybody who looks at the file.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from functools import partial

from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import Line, decode, erased, salvaged
from fieldlog.model.ports import Disk
from fieldlog.store.journal import FOLDER, Position, path, segments, writers

_SPOKEN_OF = re.compile(rb'"e":"([^"\\]+)","k":"(?!erase")')
"""The record of every operation but `erase`, as our lines are written; inside a text, quotes are escaped."""

_FILE = re.compile(r"\d{6}\.jsonl")
Chosen = Callable[[bytes], bool]


def speaks_of(raw: bytes, records: Collection[bytes]) -> bool:
    """Whether a journal's bytes hold words about one of these records; an `erase` operation holds none."""
    return any(found[1] in records for found in _SPOKEN_OF.finditer(raw))


async def lines_about(disk: Disk, records: Collection[str]) -> dict[str, list[Line]]:
    """Writer to the lines that hold words about these records, as far as they can be read."""
    found: dict[str, list[Line]] = {}
    wanted = _encoded(records)
    for writer in await writers(disk):
        async for _, data in _files(disk, writer):
            for raw in _lines_of(data) if speaks_of(data, wanted) else ():
                if speaks_of(raw, wanted):
                    found.setdefault(writer, []).extend(_lines_in(raw))
    return found


async def erase_about(
    disk: Disk, writer: str, records: Collection[str], end: Position, *, by: str, at: str
) -> Position:
    """Erase every line of a closed journal that speaks of these records; where the journal ends then.

    Stopped anywhere, calling it again finishes it. What an unfinished writing left beside the files goes, too.
    """
    wanted = _encoded(records)
    chosen = partial(speaks_of, records=wanted)
    moved = await _rewritten(disk, writer, chosen, end, by=by, at=at, files=chosen)
    await remove_leftovers(disk, writer)
    return moved


async def erase_lines(disk: Disk, writer: str, ns: Collection[int], *, by: str, at: str) -> None:
    """Erase the lines of these numbers of a closed journal."""

    def chosen(raw: bytes) -> bool:
        return any(line.n in ns and line.erased is None for line in _lines_in(raw))

    await _rewritten(disk, writer, chosen, None, by=by, at=at)
    await remove_leftovers(disk, writer)


async def _rewritten(
    disk: Disk, writer: str, chosen: Chosen, end: Position | None, *, by: str, at: str,
    files: Chosen = lambda _: True,
) -> Position:  # fmt: skip
    """Erase the chosen lines of the chosen files. Returns `end` as it is then: its file may be shorter."""
    end = end or Position(head="")
    offset = end.offset
    async for segment, data in _files(disk, writer):
        if not files(data):
            continue
        kept, place, shorter = [], 0, 0
        for raw in _lines_of(data):
            left = b"".join(_without(raw, chosen, by, at)) if chosen(raw) else raw
            place += len(raw)
            shorter += len(raw) - len(left) if segment == end.segment and place <= end.offset else 0
            kept.append(left)
        whole = b"".join(kept)
        if whole != data:
            await disk.replace(path(writer, segment), whole)
            offset -= shorter
    return Position(segment=end.segment, offset=offset, n=end.n, head=end.head)


async def remove_leftovers(disk: Disk, writer: str) -> None:
    """Remove what stands beside a journal's files: torn ends, and replacements that were never finished."""
    for found in await disk.list(f"{FOLDER}/{writer}"):
        if not found.is_dir and not _FILE.fullmatch(found.name):
            await disk.remove(f"{FOLDER}/{writer}/{found.name}")


async def _files(disk: Disk, writer: str) -> AsyncIterator[tuple[int, bytes]]:
    for segment in await segments(disk, writer):
        yield segment, await disk.read(path(writer, segment))
        await asyncio.sleep(0)


def _lines_of(data: bytes) -> list[bytes]:
    """The lines of a file with their ends; the last may have none."""
    *whole, rest = data.split(b"\n")
    return [*(raw + b"\n" for raw in whole), *([rest] if rest else [])]


def _lines_in(raw: bytes) -> list[Line]:
    """The line in these bytes; those that can be rescued where it is damaged."""
    try:
        return [decode(raw.removesuffix(b"\n"))]
    except DamagedLine:
        return list(salvaged(raw))


def _without(raw: bytes, chosen: Chosen, by: str, at: str) -> Iterator[bytes]:
    """The line erased. Of one that is damaged, what can be rescued: as it was, or erased where it is chosen."""
    for line in _lines_in(raw):
        yield erased(line.raw, by=by, at=at) if chosen(line.raw) else line.raw + b"\n"


def _encoded(records: Collection[str]) -> frozenset[bytes]:
    return frozenset(record.encode() for record in records)
