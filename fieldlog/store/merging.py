"""Bringing two copies of a journal together."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from fieldlog.model.errors import FieldLogError
from fieldlog.model.line import Line, decode
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.store import journal as journals
from fieldlog.store.erasing import erase_lines
from fieldlog.store.journal import path, read


class Behind(FieldLogError):
    """Lines that come later than what is here, with others missing in between."""

    def __init__(self, writer: str, have: int, first: int) -> None:
        super().__init__(
            Sentence(
                "These notes go on from line {first} of journal {writer}, but here it ends with line {have}. "
                "Import the bundle before this one first, or a whole bundle; nothing was changed.",
                first=first,
                writer=writer,
                have=have,
            )
        )
        self.writer, self.have, self.first = writer, have, first


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What another copy of a journal brought. `forked` lines say something else than ours of the same number."""

    added: tuple[Line, ...] = ()
    known: int = 0
    erased: int = 0
    forked: int = 0


async def merged_lines(disk: Disk, project: str, writer: str, raws: Sequence[bytes]) -> Merged:
    """Append the lines that are new here, unchanged; erase here what is erased there.

    Every line is decoded first, so a damaged copy changes nothing: raises `DamagedLine`, or `Behind`.
    """
    theirs = [decode(raw) for raw in raws]
    here = await read(disk, writer, project)
    ours = {line.n: line for line in here.lines}
    added = [line for line in theirs if line.n > here.end.n]
    for place, line in enumerate(added):
        if line.n != here.end.n + 1 + place:
            raise Behind(writer, here.end.n + place, line.n)
    forked = [line for line in theirs if line.n in ours and ours[line.n].head_hash != line.head_hash]
    withdrawn = [
        line for line in theirs
        if line.erased and line.n in ours and line not in forked and ours[line.n].erased is None
    ]  # fmt: skip
    if added:
        await _append(disk, writer, [line.raw for line in added])
    for line in withdrawn:
        mark = line.erased or {}
        await erase_lines(disk, writer, {line.n}, by=str(mark.get("by", "")), at=str(mark.get("at", "")))
    return Merged(
        added=tuple(added), known=len(theirs) - len(added) - len(forked),
        erased=len(withdrawn), forked=len(forked),
    )  # fmt: skip


async def _append(disk: Disk, writer: str, raws: Sequence[bytes]) -> None:
    """Append whole lines to a journal that nobody has open, in files of the usual length."""
    numbers = await journals.segments(disk, writer)
    segment = numbers[-1] if numbers else 1
    rest = deque(raws)
    while rest:
        handle = await disk.open(path(writer, segment), create=True)
        try:
            room = journals.SEGMENT_BYTES - handle.size()
            data = bytearray()
            while rest and len(data) < room:
                data += rest.popleft() + b"\n"
            handle.append(bytes(data))
            handle.flush()
        finally:
            handle.close()
        segment += 1
