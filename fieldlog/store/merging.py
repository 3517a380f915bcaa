"""Taking in what other copies of journals bring, of several writers as one act: all of it or nothing.

What is more than one line is first written to a file of its own. Killed anywhere behind that, the next opening
takes it in again: what is there already changes nothing.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from fieldlog.model.errors import DamagedLine, MissingFile
from fieldlog.model.line import Line, head_in, numbers_in
from fieldlog.model.ports import Disk, Handle
from fieldlog.store import journal as journals
from fieldlog.store.comparing import Coming
from fieldlog.store.erasing import speaks_of
from fieldlog.store.journal import TORN, Position, path

FILE = "incoming.jsonl"
"""What is being taken in, until it is."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What copies of journals brought: lines `added`, lines that are whole now (`healed`), and how many were
    `known` already, or lost their words here (`erased`). `forked` are the writers of which a branch came that was
    not known here."""

    added: tuple[Line, ...] = ()
    healed: tuple[Line, ...] = ()
    known: int = 0
    erased: int = 0
    forked: tuple[str, ...] = ()


def merged(comings: Sequence[Coming], forked: Sequence[str]) -> Merged:
    return Merged(
        forked=tuple(forked),
        added=tuple(line for one in comings for line in one.added),
        healed=tuple(line for one in comings for line in one.healed),
        known=sum(one.known for one in comings),
        erased=sum(len(one.withdrawn) for one in comings),
    )


async def begin(disk: Disk, comings: Sequence[Coming]) -> bool:
    """Write down what is to be taken in, where it is more than one line; whether it was."""
    lines = [line for one in comings for line in (*one.added, *one.fresh)]
    if len(lines) < 2 and not any(one.files for one in comings):
        return False
    await write(disk, [line.raw for line in lines])
    return True


async def write(disk: Disk, raws: Sequence[bytes]) -> None:
    """Have the next opening take these in, unless it is told that they are."""
    await disk.replace(FILE, b"".join(raw + b"\n" for raw in raws))


async def begun(disk: Disk) -> Mapping[str, Sequence[bytes]]:
    """What was being taken in when the app was stopped, by writer."""
    found: dict[str, list[bytes]] = {}
    with suppress(MissingFile):
        for raw in (await disk.read(FILE)).split(b"\n"):
            with suppress(DamagedLine, ValueError, KeyError):
                numbers_in(raw)
                found.setdefault(_writer(raw), []).append(raw)
    return found


async def forget_about(disk: Disk, records: Collection[str]) -> None:
    """Forget what was being taken in, where it speaks of these records: its source still has it."""
    wanted = {record.encode() for record in records}
    with suppress(MissingFile):
        if speaks_of(await disk.read(FILE), wanted):
            await disk.remove(FILE)


def _writer(raw: bytes) -> str:
    head = head_in(raw)
    return str(json.loads(head)["w"] if head else json.loads(raw)["lost"]["w"])


async def append_all(disk: Disk, comings: Sequence[Coming]) -> dict[str, Position]:
    """Append what each journal gets, to journals that nobody has open; where they end then.

    Raises `NotSaved`; then no journal is longer than it was.
    """
    grown, ends = list[tuple[str, int | None]](), dict[str, Position]()
    try:
        for one in comings:
            ends[one.writer] = await _append(disk, one, grown) if one.added else one.end
    except BaseException:
        for name, size in reversed(grown):
            await _cut(disk, name, size)
        raise
    return ends


async def _cut(disk: Disk, name: str, size: int | None) -> None:
    if size is None:
        await disk.remove(name)
        return
    handle = await disk.open(name)
    try:
        handle.truncate(size)
        handle.flush()
    finally:
        handle.close()


async def _append(disk: Disk, coming: Coming, grown: list[tuple[str, int | None]]) -> Position:
    """Append whole lines in files of the usual length. `grown` gets each file with its length before."""
    numbers = await journals.segments(disk, coming.writer)
    segment = numbers[-1] if numbers else 1
    rest, last = deque(coming.added), coming.added[-1]
    while True:
        name = path(coming.writer, segment)
        new = await disk.size(name) is None
        handle = await disk.open(name, create=True)
        try:
            if segment == coming.end.segment:
                await _set_aside(disk, name, handle, coming.end.offset)
            size = handle.size()
            grown.append((name, None if new else size))
            data = bytearray(b"" if not size or handle.read(size - 1, 1) == b"\n" else b"\n")
            while rest and size + len(data) < journals.SEGMENT_BYTES:
                data += rest.popleft().raw + b"\n"
            handle.append(bytes(data))
            handle.flush()
            if not rest:
                return Position(segment=segment, offset=handle.size(), n=last.last, head=last.head_hash)
        finally:
            handle.close()
        segment += 1


async def _set_aside(disk: Disk, name: str, handle: Handle, offset: int) -> None:
    """Put the unfinished last line of a file into one of its own."""
    size = handle.size()
    if size > offset:
        await disk.replace(f"{name}{TORN}{size}", handle.read(offset, size - offset))
        handle.truncate(offset)
        handle.flush()
