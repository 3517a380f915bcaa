"""Erasing in the journals: which lines speak of a record, and how their bodies are taken out.

Heads stay, so the chain holds; each file is replaced whole. A line too damaged to be read goes as well, if it
names the record: what it says could be read by anybody who looks at the file.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import Line, compact, decode, erased, salvaged
from fieldlog.model.op import Op
from fieldlog.model.ports import Disk
from fieldlog.store.journal import FOLDER, Position, path, segments, writers

_SPOKEN_OF = re.compile(rb'"e":"([^"\\]+)","k":"(?!erase")')
"""The record of every operation but `erase`, as our lines are written; inside a text, quotes are escaped."""

_ERASES, _MARKED = b'"k":"erase"', b'"body":null,"erased":'
_FILE = re.compile(r"\d{6}\.jsonl")
Chosen = Callable[[bytes], bool]
Mark = Mapping[str, Any]
"""By which operation, `by` its `u`, and when (`at`, an ISO text) a line was erased."""

Rewrite = Callable[[str, Callable[..., Awaitable[Position]]], Awaitable[None]]
"""Closes a writer's journal, calls this with its `end`, and opens it where it ends then."""


def speaks_of(raw: bytes, records: Collection[bytes]) -> bool:
    """Whether a journal's bytes hold words about one of these records; an `erase` operation holds none."""
    return any(found[1] in records for found in _SPOKEN_OF.finditer(raw))


def about(line: Line, records: Collection[str]) -> bool:
    """Whether a line that can be read speaks of one of these records."""
    return any(op.e in records and op.k != "erase" for op in line.ops)


async def lines_about(disk: Disk, records: Collection[str]) -> dict[str, list[Line]]:
    """Writer to the lines that hold words about these records, as far as they can be read."""
    found: dict[str, list[Line]] = {}
    wanted = _encoded(records)
    for writer in await writers(disk):
        async for _, data in _files(disk, writer):
            for raw in lines_of(data) if speaks_of(data, wanted) else ():
                if speaks_of(raw, wanted):
                    found.setdefault(writer, []).extend(lines_in(raw))
    return found


@dataclass(frozen=True)
class Erasings:
    """Every `erase` operation of the journals, by its `u`, each with the lane it stands in."""

    by_u: Mapping[str, tuple[str, Op]]

    def first(self, lane: str, records: Collection[str]) -> Op | None:
        """The earliest that names one of these records: of this lane, or else of any."""
        found = [(of != lane, op.t, op.u, op) for of, op in self.by_u.values() if op.e in records]
        return min(found, key=lambda one: one[:3])[3] if found else None

    def mark(self, lane: str, marks: Sequence[Mark]) -> Mark:
        """Which of the marks a line got here and there stays: that of the earliest erasing of what they name. One
        whose erasing is not here gives way; of those the smaller in text order stays."""
        known = {self.by_u[one["by"]][1].e for one in marks if one.get("by") in self.by_u}
        if op := self.first(lane, known):
            return mark_of(op)
        return min(marks, key=compact)


def mark_of(op: Op) -> Mark:
    """What a line bears that this operation erased."""
    return {"by": op.u, "at": str(op.v.get("at", ""))}


async def erasings_of(disk: Disk) -> Erasings:
    """What the journals say was erased, as far as they can be read."""
    found: dict[str, tuple[str, Op]] = {}
    for writer in await writers(disk):
        async for _, data in _files(disk, writer):
            for raw in lines_of(data) if _ERASES in data else ():
                for line in lines_in(raw) if _ERASES in raw else ():
                    found.update((op.u, (line.lane, op)) for op in line.ops if op.k == "erase")
    return Erasings(found)


async def erase_about(
    disk: Disk, writer: str, records: Collection[str], end: Position, erasings: Erasings, *, by: str, at: str
) -> Position:
    """Erase every line of a closed journal that speaks of these records; where the journal ends then.

    Each line is marked by the earliest erasing of what it speaks of, or else by `by` and `at`. Stopped anywhere,
    calling it again finishes it. What an unfinished writing left beside the files goes, too.
    """
    wanted = _encoded(records)
    chosen = partial(speaks_of, records=wanted)

    def left(raw: bytes) -> bytes:
        return b"".join(map(without, lines_in(raw)))

    def without(line: Line) -> bytes:
        if not chosen(line.raw):
            return line.raw + b"\n"
        spoken = {found[1].decode() for found in _SPOKEN_OF.finditer(line.raw)}
        op = erasings.first(line.lane, spoken)
        mark = mark_of(op) if op else {"by": by, "at": at}
        return erased(line.raw, by=mark["by"], at=mark["at"])

    moved = await _rewritten(disk, writer, chosen, left, end)
    await remove_leftovers(disk, writer)
    return moved


async def mark_again(
    disk: Disk, writer: str, end: Position, erasings: Erasings, others: Mapping[int, Sequence[Mark]]
) -> Position:
    """Have the erased lines of a closed journal bear the mark they bear on every device; where it ends then.

    `others` are the marks that a line's number has elsewhere.
    """

    def left(raw: bytes) -> bytes:
        return b"".join(map(marked, lines_in(raw))) or raw

    def marked(line: Line) -> bytes:
        if line.erased is None:
            return line.raw + b"\n"
        mark = erasings.mark(line.lane, [line.erased, *others.get(line.n, ())])
        same = mark == line.erased
        return line.raw + b"\n" if same else erased(line.raw, by=str(mark["by"]), at=str(mark["at"]))

    return await _rewritten(disk, writer, lambda raw: _MARKED in raw, left, end)


async def mark_all_again(
    disk: Disk, rewrite: Rewrite, erasings: Erasings, marks: Mapping[str, Sequence[tuple[int, Mark]]], *,
    everywhere: bool,
) -> None:  # fmt: skip
    """As `mark_again`, every journal, or only those that `marks` names: a writer's marks elsewhere, by the number
    of the line."""
    for writer in await writers(disk) if everywhere else list(marks):
        others = defaultdict[int, list[Mark]](list)
        for n, mark in marks.get(writer, ()):
            others[n].append(mark)
        await rewrite(writer, partial(mark_again, disk, writer, erasings=erasings, others=others))


async def _rewritten(
    disk: Disk, writer: str, chosen: Chosen, left: Callable[[bytes], bytes], end: Position
) -> Position:
    """Write the files anew that hold chosen bytes, with what is `left` of each chosen line.

    Returns `end` as it is then: its file may be shorter, or longer.
    """
    offset = end.offset
    async for segment, data in _files(disk, writer):
        if not chosen(data):
            continue
        kept, place, shorter = [], 0, 0
        for raw in lines_of(data):
            now = left(raw) if chosen(raw) else raw
            place += len(raw)
            shorter += len(raw) - len(now) if segment == end.segment and place <= end.offset else 0
            kept.append(now)
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


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a file with their ends; the last may have none."""
    *whole, rest = data.split(b"\n")
    return [*(raw + b"\n" for raw in whole), *([rest] if rest else [])]


def lines_in(raw: bytes) -> list[Line]:
    """The line in these bytes; those that can be rescued where it is damaged."""
    try:
        return [decode(raw.removesuffix(b"\n"))]
    except DamagedLine:
        return list(salvaged(raw))


def _encoded(records: Collection[str]) -> frozenset[bytes]:
    return frozenset(record.encode() for record in records)
