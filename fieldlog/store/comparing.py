"""What another copy of a journal brings, worked out against ours before a byte is written.

Only what is new is decoded: lines behind our end, and those that say something else than ours of their number.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from fieldlog.model.branch import branch_name, is_branch, writer_of
from fieldlog.model.chain import Behind, Chain, Forked
from fieldlog.model.errors import DamagedLine, MissingFile
from fieldlog.model.line import Line, decode, head_in, lost_run, numbers_in
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.store.erasing import lines_in, lines_of
from fieldlog.store.journal import Position, path, segments, start_of

TURN_LINES = 200
"""So many lines are looked at before others have their turn."""

_GLANCE_BYTES = 1024


@dataclass(kw_only=True)
class Coming:
    """What a copy brings. `added` are the lines behind our end; `files` the numbers of our journal's files that
    change, with what they hold then, and `end` where the journal ends then, without `added`.

    `healed` are lines that are whole now, `withdrawn` ours whose words go, each with the mark of the coming one,
    and `marks` those of lines that were erased here and there.
    """

    writer: str
    end: Position
    added: list[Line] = field(default_factory=list)
    files: dict[int, bytes] = field(default_factory=dict)
    fresh: list[Line] = field(default_factory=list)
    healed: list[Line] = field(default_factory=list)
    withdrawn: list[tuple[Line, Mapping[str, Any]]] = field(default_factory=list)
    marks: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    known: int = 0


async def compared(disk: Disk, project: str, writer: str, end: Position, raws: Sequence[bytes]) -> Coming:
    """What `raws`, in any order, bring to a journal that ends here; nothing is written.

    Raises `DamagedLine`, `Behind` where lines are missing before them, `Forked` where they don't follow ours.
    """
    coming, new, known = Coming(writer=writer, end=end), list[Line](), dict[int, list[bytes]]()
    for place, raw in enumerate(raws):
        n, last = numbers_in(raw)
        if last > end.n:
            new.append(_of(writer, raw))
        elif n == last:
            known.setdefault(n, []).append(raw)
        else:
            coming.known += 1
        if place % TURN_LINES == TURN_LINES - 1:
            await asyncio.sleep(0)
    if known:
        await _against_ours(disk, project, coming, known)
    await _behind_ours(disk, coming, new, end)
    return coming


def _of(writer: str, raw: bytes) -> Line:
    line = decode(raw)
    if line.writer != writer_of(writer):
        raise DamagedLine(Sentence("it belongs to another journal"))
    return line


async def _behind_ours(disk: Disk, coming: Coming, new: list[Line], end: Position) -> None:
    chain = Chain(writer_of(coming.writer), n=end.n, head=end.head)
    for place, line in enumerate(sorted(new, key=lambda line: line.n)):
        if line.n <= end.n:
            raw = lost_run(
                writer=line.writer, lane=line.lane, first=end.n + 1, last=line.last, head=line.head_hash
            )
            line = decode(raw[:-1])
        chain.lay(line)
        if place % TURN_LINES == TURN_LINES - 1:
            await asyncio.sleep(0)
    if gap := chain.missing():
        raise Behind(coming.writer, *gap)
    coming.added = chain.lines
    if coming.added:
        await _find_sound_end(disk, coming)


async def _find_sound_end(disk: Disk, coming: Coming) -> None:
    """Let a journal end before its last lines where they can't be read, and something comes for each of them.

    Only the last line of its last file is looked at, unless that can't be read.
    """
    end = coming.end
    data = coming.files.get(end.segment) or await _read(disk, coming.writer, end.segment)
    data = data[: end.offset]
    stop, damaged = len(data), 0
    while stop and not lines_in(data[data.rfind(b"\n", 0, stop - 1) + 1 : stop]):
        stop = data.rfind(b"\n", 0, stop - 1) + 1
        damaged += 1
    if 0 < damaged <= coming.added[-1].last - end.n:
        coming.end = replace(end, offset=stop)


@dataclass(frozen=True, kw_only=True)
class _File:
    """One of our files. The numbers from `n` on belong into it, up to the one before `next`; the line of that
    number, in the next file, names `prev` as the head before it ("" where it doesn't say, or there is none)."""

    segment: int
    n: int
    next: int
    prev: str
    last: bool


async def _against_ours(disk: Disk, project: str, coming: Coming, known: Mapping[int, list[bytes]]) -> None:
    begin = await _start(disk, project, coming.writer)
    for place, file in enumerate(await _files(disk, coming, begin.n + 1 if begin else 1)):
        wanted = [n for n in known if file.n <= n < file.next]
        if not wanted:
            continue
        data = await _read(disk, coming.writer, file.segment)
        here = set(data.split(b"\n"))
        other = [_of(coming.writer, raw) for n in wanted for raw in known[n] if raw not in here]
        coming.known += sum(len(known[n]) for n in wanted) - len(other)
        if other:
            _relaid(coming, file, data, other, None if place else begin)
        await asyncio.sleep(0)


async def _read(disk: Disk, writer: str, segment: int) -> bytes:
    """One of our files; one that is gone holds nothing."""
    try:
        return await disk.read(path(writer, segment))
    except MissingFile:
        return b""


async def _start(disk: Disk, project: str, writer: str) -> Position | None:
    """Where our journal begins; None where it is a branch whose first line can't be read."""
    if not is_branch(writer):
        return start_of(project, writer, ())
    for segment in await segments(disk, writer):
        for line in (line for raw in lines_of(await _read(disk, writer, segment)) for line in lines_in(raw)):
            begins = line.has_head and branch_name(line.writer, line.head_hash) == writer
            return Position(n=line.n - 1, head=line.prev) if begins else None
    return None


async def _files(disk: Disk, coming: Coming, first: int) -> list[_File]:
    """Our files and the numbers that belong into each, the `first` into the first; where none is left, all."""
    begins, numbers = list[tuple[int, str]](), await segments(disk, coming.writer) or [1]
    for place, segment in enumerate(numbers):
        before = numbers[place - 1] if place else None
        begins.append(await _begin(disk, coming.writer, segment, before) if before else (first, ""))
    stops = [*begins[1:], (coming.end.n + 1, "")]
    return [
        _File(segment=segment, n=n, next=stop, prev=prev, last=segment == numbers[-1])
        for segment, (n, _), (stop, prev) in zip(numbers, begins, stops, strict=True)
    ]


async def _begin(disk: Disk, writer: str, segment: int, before: int) -> tuple[int, str]:
    """The first number that belongs into a file, and what its line names as the head before it."""
    handle = await disk.open_read(path(writer, segment))
    try:
        begun = handle.read(0, _GLANCE_BYTES)
    finally:
        handle.close()
    with suppress(DamagedLine, ValueError, KeyError):
        return numbers_in(begun)[0], str(json.loads(head_in(begun) or b"{}").get("prev", ""))
    # What it begins with can't be read: whatever comes after the file before belongs here.
    lines = [line for raw in lines_of(await _read(disk, writer, before)) for line in lines_in(raw)]
    return max((line.last for line in lines), default=0) + 1, ""


def _relaid(coming: Coming, file: _File, data: bytes, other: Sequence[Line], begin: Position | None) -> None:
    """Work out what one of our files holds once these lines are laid among its own; the first of all `begin`s
    there, where that is known."""
    cut = coming.end.offset if file.segment == coming.end.segment else len(data)
    data, torn = data[:cut], data[cut:]
    items = [(raw, lines_in(raw)) for raw in lines_of(data)]
    ours = {line.n: line for _, lines in items for line in lines}
    whose = writer_of(coming.writer)
    chain = Chain(whose, n=begin.n, head=begin.head) if begin else Chain(whose)
    chain.lines = [ours[n] for n in sorted(ours)]
    for line in other:
        there = ours.get(line.n)
        if there and there.erased is not None and line.erased is not None and there.head_hash == line.head_hash:
            coming.marks.append((line.n, line.erased))
        else:
            chain.lay(line)
    fresh = {line.n: line for line in chain.lines if ours.get(line.n) is not line}
    coming.known += sum(fresh.get(line.n) is not line for line in other)
    if not fresh:
        return
    last = chain.lines[-1]
    if last.last + 1 == file.next and file.prev not in ("", last.head_hash):
        raise Forked(whose, last.n)
    if file.n == 1 and not begin and branch_name(whose, chain.lines[0].head_hash) == coming.writer:
        # Now it is known where the branch begins, and so how much of it was missing.
        file = replace(file, n=chain.lines[0].n)
    whole = b"".join(_written(items, chain.lines, fresh, file))
    coming.files[file.segment] = whole + torn
    coming.fresh += fresh.values()
    if file.last:
        end = coming.end
        coming.end = Position(segment=file.segment, offset=len(whole), n=end.n, head=end.head)
    for n, line in fresh.items():
        was = ours.get(n)
        if line.erased is not None and was and was.form == "whole":
            coming.withdrawn.append((was, line.erased))
        elif line.form == "whole":
            coming.healed.append(line)


def _written(
    items: Sequence[tuple[bytes, list[Line]]], chain: Sequence[Line], fresh: Collection[int], file: _File
) -> Iterator[bytes]:
    """The bytes of a file: our lines as they stand, but for those that are `fresh`, which stand in their places.

    What can't be read stays where it is, unless all that lines of it could be is here now.
    """
    place, have, damaged = 0, file.n - 1, list[bytes]()
    for raw, lines in items:
        if not lines:
            damaged.append(raw)
            continue
        put, mine = list[Line](), list[Line]()
        last = max(line.last for line in lines)
        while place < len(chain) and chain[place].n <= last:
            (put if chain[place].n < lines[0].n else mine).append(chain[place])
            place += 1
        yield from _between(put, damaged, lines[0].n - have - 1)
        same = all(line.n not in fresh for line in mine)
        yield from [_ended(raw)] if same else (line.raw + b"\n" for line in mine)
        damaged, have = [], last
    yield from _between(chain[place:], damaged, file.next - have - 1)


def _between(put: Sequence[Line], damaged: Sequence[bytes], missing: int) -> Iterator[bytes]:
    """What is put where so many lines were missing."""
    if not put or sum(line.last - line.n + 1 for line in put) < missing:
        yield from map(_ended, damaged)
    yield from (line.raw + b"\n" for line in put)


def _ended(raw: bytes) -> bytes:
    return raw if raw.endswith(b"\n") else raw + b"\n"
