"""The end of a journal becomes a journal of its own: the same lines under another name, as one act.

    parting.json    what is being done, until it is

First the end is copied, then it is cut off where it was. Killed anywhere it is finished at the next opening; until
then the lines may stand twice, and never nowhere.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice

from fieldlog.model.branch import branch_name
from fieldlog.model.errors import DamagedLine, MissingFile
from fieldlog.model.line import compact, decode
from fieldlog.model.ports import Disk
from fieldlog.store import journal as journals
from fieldlog.store.erasing import lines_in, lines_of
from fieldlog.store.journal import Position, path
from fieldlog.store.reached import Reached, read_reached, write_reached

FILE = "parting.json"


@dataclass(frozen=True, kw_only=True)
class Parting:
    """The lines of a journal behind line `n`, whose head hashes to `head`, go on in the journal `to`."""

    journal: str
    n: int
    head: str
    to: str


@dataclass(frozen=True, kw_only=True)
class _Act:
    """A parting under way: the journal's file, and the byte in it, from which the end is moved; `reached` is where
    that ends."""

    parting: Parting
    segment: int
    offset: int
    reached: Reached


async def part(disk: Disk, parting: Parting, end: Position) -> dict[str, Position]:
    """Part a closed journal that ends there; where it, and the one that it parted into, end then.

    Raises as the disk does; then it is finished at the next opening, or was not begun.
    """
    segment, offset = await _cut(disk, parting)
    known = (await read_reached(disk)).get(parting.journal)
    lane = known.lane if known else await journals.lane_of(disk, parting.journal)
    last = max(known.n if known else 0, end.n)
    head = known.head if known and known.n > end.n else end.head
    act = _Act(parting=parting, segment=segment, offset=offset, reached=Reached(lane=lane, n=last, head=head))
    await disk.replace(FILE, compact({"version": 1, **asdict(act)}) + b"\n")
    places = await _finished(disk, act)
    at = places.get(end.segment, (1, 0))
    return {
        parting.journal: Position(segment=segment, offset=offset, n=parting.n, head=parting.head),
        parting.to: Position(segment=at[0], offset=max(end.offset - at[1], 0), n=end.n, head=end.head),
    }


async def finish(disk: Disk) -> bool:
    """Finish what was under way when the app was stopped; whether anything was. Raises as the disk does."""
    try:
        said = json.loads(await disk.read(FILE))
        parting, reached = Parting(**said["parting"]), Reached(**said["reached"])
        act = _Act(parting=parting, segment=said["segment"], offset=said["offset"], reached=reached)
    except MissingFile:
        return False
    except (ValueError, KeyError, TypeError):
        # It can't be told any more what was under way; whatever it was, every line stands somewhere.
        await disk.remove(FILE)
        return True
    await _finished(disk, act)
    return True


async def _finished(disk: Disk, act: _Act) -> dict[int, tuple[int, int]]:
    """Do what is left of it. Where each file of the journal went: the number of the file, and how many bytes
    before it stayed."""
    one, places = act.parting, dict[int, tuple[int, int]]()
    numbers = [segment for segment in await journals.segments(disk, one.journal) if segment >= act.segment]
    whole = {segment: await disk.read(path(one.journal, segment)) for segment in numbers}
    ends = {segment: data[act.offset if segment == act.segment else 0 :] for segment, data in whole.items()}
    lines = (line for end in ends.values() for raw in lines_of(end) for line in lines_in(raw))
    if not any(branch_name(line.writer, line.head_hash) == one.to for line in islice(lines, 1)):
        # It was done, and what stands there now came later.
        await disk.remove(FILE)
        return places
    for segment, end in ends.items():
        if end:
            places[segment] = (len(places) + 1, len(whole[segment]) - len(end))
            await disk.replace(path(one.to, len(places)), end)
    reached = await read_reached(disk)
    reached[one.to] = act.reached
    reached.pop(one.journal, None)
    if one.n:
        reached[one.journal] = Reached(lane=act.reached.lane, n=one.n, head=one.head)
    await write_reached(disk, reached)
    # From behind: what is left is always what was copied first, so that it can be copied again.
    for segment in reversed(numbers):
        if segment > act.segment:
            await disk.remove(path(one.journal, segment))
    await disk.replace(path(one.journal, act.segment), whole[act.segment][: act.offset])
    await disk.remove(FILE)
    return places


async def _cut(disk: Disk, parting: Parting) -> tuple[int, int]:
    """The file and the byte behind the last line that stays."""
    place = 0, 0
    for segment in await journals.segments(disk, parting.journal):
        offset = 0
        for raw in lines_of(await disk.read(path(parting.journal, segment))):
            offset += len(raw)
            with suppress(DamagedLine):
                if decode(raw.removesuffix(b"\n")).last > parting.n:
                    return place if place[0] else (segment, 0)
                place = segment, offset
    raise AssertionError(f"{parting.journal} has no line behind {parting.n}")
