"""What came of one writer's lines, laid together: in whatever order they came, the same lines stand in the end.

Pure. Of each number the line that says most stays (`rather`). Numbers of which no head is known lie in runs as
long as they can be; a line that comes for one of them parts the run.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from fieldlog.model.errors import FieldLogError
from fieldlog.model.line import Line, decode, lost_run, rather
from fieldlog.model.sentence import Sentence


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


class Forked(FieldLogError):
    """Two devices went on with one journal, as after a backup was put back."""

    def __init__(self, writer: str, n: int) -> None:
        super().__init__(
            Sentence(
                "From line {n} on, journal {writer} says something else there than here. Was one of the devices "
                "restored from a backup? Keep both as they are; nothing was changed.",
                n=n,
                writer=writer,
            )
        )
        self.writer, self.n = writer, n


class Chain:
    """Lines of one writer in order, from behind `n`, whose head's hash is `head`; numbers may be missing.

    `head` is None where it is not known. `lay` raises `Forked`; then nothing of that line was laid.
    """

    def __init__(self, writer: str, lines: Iterable[Line] = (), *, n: int = 0, head: str | None = None) -> None:
        self.writer, self._n, self._head = writer, n, head
        self.lines: list[Line] = []
        for line in lines:
            self.lay(line)

    def lay(self, line: Line) -> None:
        """Lay one more line, whole or not, in its place."""
        if line.has_head:
            self._lay_one(line)
        else:
            self._lay_run(line)

    def missing(self) -> tuple[int, int] | None:
        """The last number before the first gap, and the number it goes on with; None where there is none."""
        have = self._n
        for line in self.lines:
            if line.n != have + 1:
                return have, line.n
            have = line.last
        return None

    def _at(self, n: int) -> int:
        """The place of the last line that begins at `n` or before; -1 for none."""
        if self.lines and self.lines[-1].n <= n:
            return len(self.lines) - 1
        return bisect_right(self.lines, n, key=lambda line: line.n) - 1

    def _lay_one(self, line: Line) -> None:
        place = self._at(line.n)
        there = self.lines[place] if place >= 0 and self.lines[place].last >= line.n else None
        if there is None:
            self._check(line, self._before(place), self._behind(place + 1))
            self.lines.insert(place + 1, line)
        elif there.has_head:
            if there.head_hash != line.head_hash:
                raise Forked(self.writer, line.n)
            self.lines[place] = rather(there, line)
        else:
            alone = line.n == there.n
            behind = self._behind(place + 1) if line.n == there.last else None
            self._check(line, self._before(place - 1) if alone else None, behind)
            if line.n == there.last and line.head_hash != there.head_hash:
                raise Forked(self.writer, line.n)
            parts = [(there.n, line.n - 1, line.prev), (line.n + 1, there.last, there.head_hash)]
            before, after = ([self._run(there, *part)] if part[0] <= part[1] else [] for part in parts)
            self.lines[place : place + 1] = [*before, line, *after]

    def _lay_run(self, run: Line) -> None:
        first = max(self._at(run.n - 1), 0)
        if first < len(self.lines) and self.lines[first].last < run.n - 1:
            first += 1
        touched = self.lines[first : self._at(run.last + 1) + 1]
        ends = {line.last: line.head_hash for line in touched}
        ends |= {line.n - 1: line.prev for line in touched if line.has_head}
        if ends.setdefault(run.last, run.head_hash) != run.head_hash:
            raise Forked(self.writer, run.last)
        self.lines[first : first + len(touched)] = list(self._filled(run, touched, ends))

    def _filled(self, run: Line, touched: list[Line], ends: dict[int, str]) -> Iterator[Line]:
        """The lines that have heads, and between them runs as long as they can be."""
        begun = min([run.n, *(line.n for line in touched if not line.has_head)])
        stop = max([run.last, *(line.last for line in touched if not line.has_head)])
        for line in touched:
            if not line.has_head:
                continue
            if begun < line.n:
                yield self._run(run, begun, line.n - 1, ends[line.n - 1])
            begun = max(begun, line.n + 1)
            yield line
        if begun <= stop:
            yield self._run(run, begun, stop, ends[stop])

    def _before(self, place: int) -> tuple[int, str | None]:
        """The number, and the head's hash, of what lies at a place; of where the chain begins at -1."""
        return (self.lines[place].last, self.lines[place].head_hash) if place >= 0 else (self._n, self._head)

    def _behind(self, place: int) -> Line | None:
        return self.lines[place] if place < len(self.lines) else None

    def _check(self, line: Line, before: tuple[int, str | None] | None, behind: Line | None) -> None:
        """Raises `Forked` where a line does not follow what is before it, or what is behind does not follow it."""
        if before and before[0] == line.n - 1 and before[1] not in (None, line.prev):
            raise Forked(self.writer, line.n)
        if behind and behind.has_head and behind.n == line.n + 1 and behind.prev != line.head_hash:
            raise Forked(self.writer, line.n)

    def _run(self, like: Line, first: int, last: int, head: str) -> Line:
        raw = lost_run(writer=self.writer, lane=like.lane, first=first, last=last, head=head)
        return decode(raw[:-1])
