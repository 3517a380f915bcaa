"""Where several devices wrote on under one writer: which of its lines, here and in a copy, belong into which
journal.

Worked out before a byte is written, and only where a copy does not simply follow what is here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fieldlog.model.branch import Knot, laid_apart, writer_of
from fieldlog.model.chain import Behind, Forked
from fieldlog.model.errors import DamagedLine
from fieldlog.model.line import Line, decode, first_prev
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position
from fieldlog.store.parting import Parting

Copies = Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, kw_only=True)
class Apart:
    """How a writer's lines lie apart once a copy is here.

    `partings` are the ends of our journals that become journals of their own, in the order in which to part them;
    `copies` the coming lines by journal, `fresh` those of them that were not here, `begins` where those journals
    begin that are new here. `forked` says that there is more than one then, `alone` are the whole lines of our
    trunk that the copy knows nothing of.
    """

    writer: str
    partings: tuple[Parting, ...]
    copies: Copies
    fresh: tuple[bytes, ...]
    begins: Mapping[str, Position]
    forked: bool
    alone: tuple[Line, ...]

    @property
    def is_new(self) -> bool:
        """Whether the copy brings a branch that was not known here."""
        return bool(self.partings or self.begins)


def by_writer(copies: Copies) -> dict[str, dict[str, Sequence[bytes]]]:
    """Copies of journals by writer, then by journal."""
    found = defaultdict[str, dict[str, Sequence[bytes]]](dict)
    for journal, raws in copies.items():
        found[writer_of(journal)][journal] = raws
    return found


async def laid_out(disk: Disk, project: str, writer: str, copies: Copies, why: Behind | Forked) -> Apart:
    """Lay a writer's lines apart, with those that come. Raises `why` where something comes that nothing here leads
    to, `Forked` where it parts at lines that are lost, and `DamagedLine`."""
    ours = {name: await _lines(disk, project, name) for name in await journals.writers(disk) if _is(name, writer)}
    ours = {name: lines for name, lines in ours.items() if lines}
    lists = [sorted((_of(writer, raw) for raw in raws), key=_number) for raws in copies.values()]
    theirs = sorted((line for lines in lists for line in lines), key=_number)
    root = first_prev(project, writer)
    heads = {root, *(line.head_hash for lines in (theirs, *ours.values()) for line in lines)}
    knots = [knot for lines in lists for knot in _knots(lines, heads, gaps=False)]
    starts = {root: writer}
    for name, lines in ours.items():
        knots += _knots(lines, heads, gaps=True)
        if _after(lines[0], heads) is None:
            # What it begins behind can't be read here.
            begin = lines[0].prev or f"before {name}"
            starts[begin] = name
            knots.append(Knot(n=lines[0].last, head=lines[0].head_hash, after=begin))
    after = _best(knots)
    names = laid_apart(writer, after.values(), starts)
    if any(line.head_hash not in names for line in theirs):
        raise why
    partings = tuple(one for name, lines in ours.items() for one in _partings(name, lines, names, writer))
    for one in partings:
        if one.to in ours:
            raise Forked(writer, one.n + 1)
    coming, begins = defaultdict[str, list[bytes]](list), dict[str, Position]()
    there = {writer, *ours, *(one.to for one in partings)}
    for line in theirs:
        name = names[line.head_hash]
        if name not in there and name not in begins:
            begins[name] = Position(n=line.n - 1, head=after[line.head_hash].after)
        coming[name].append(line.raw)
    known, here = _known(after, theirs), {line.head_hash for lines in ours.values() for line in lines}
    alone = (line for line in ours.get(writer, ()) if line.form == "whole" and line.head_hash not in known)
    return Apart(
        writer=writer, partings=partings, copies=coming, begins=begins, alone=tuple(alone),
        fresh=tuple(line.raw for line in theirs if line.head_hash not in here),
        forked=len(set(names.values())) > 1,
    )  # fmt: skip


def _number(line: Line) -> tuple[int, int]:
    return line.n, line.last


def _is(journal: str, writer: str) -> bool:
    return writer_of(journal) == writer


async def _lines(disk: Disk, project: str, journal: str) -> list[Line]:
    """The lines of a journal, each number once."""
    lines, last = list[Line](), 0
    for line in (await journals.read(disk, journal, project)).lines:
        if line.writer == writer_of(journal) and line.n > last:
            lines.append(line)
            last = line.last
    return lines


def _of(writer: str, raw: bytes) -> Line:
    line = decode(raw)
    if line.writer != writer:
        raise DamagedLine(Sentence("it belongs to another journal"))
    return line


def _after(line: Line, heads: set[str]) -> str | None:
    """The head that a line names as the one before it, where that is one we know."""
    return line.prev if line.has_head and line.prev in heads else None


def _knots(lines: Sequence[Line], heads: set[str], *, gaps: bool) -> Iterable[Knot]:
    """The lines of a journal as knots. A run without heads hangs on the line that stands before it; so does, with
    `gaps`, a line behind others that are lost."""
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else None
        if (after := _after(line, heads)) is not None:
            yield Knot(n=line.last, head=line.head_hash, after=after)
        elif before and before.last < line.n and (gaps or not line.has_head):
            yield Knot(n=line.last, head=line.head_hash, after=before.head_hash, proven=False)


def _best(knots: Iterable[Knot]) -> dict[str, Knot]:
    """The knot of each head, proven where one is."""
    found = dict[str, Knot]()
    for knot in knots:
        if knot.head not in found or (knot.proven and not found[knot.head].proven):
            found[knot.head] = knot
    return found


def _partings(journal: str, lines: Sequence[Line], names: Mapping[str, str], writer: str) -> list[Parting]:
    """The ends of a journal that belong into another, the last one first."""
    found, now, before = list[Parting](), journal, (lines[0].n - 1, lines[0].prev)
    for line in lines:
        name = names.get(line.head_hash, now)
        if name != now:
            if name == writer or (line is lines[0] and journal != writer):
                raise Forked(writer, line.n)
            found.append(Parting(journal=journal, n=before[0], head=before[1], to=name))
            now = name
        before = (line.last, line.head_hash)
    return found[::-1]


def _known(after: Mapping[str, Knot], theirs: Iterable[Line]) -> set[str]:
    """The heads that a copy holds, or that lead to what it holds."""
    known = set[str]()
    for line in theirs:
        head = line.head_hash
        while head in after and head not in known:
            known.add(head)
            head = after[head].after
    return known
