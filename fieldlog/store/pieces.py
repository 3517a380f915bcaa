"""A journal that comes in pieces, checked as it comes: read once, and nothing of it is kept."""

from __future__ import annotations

from fieldlog.model.branch import is_branch, writer_of
from fieldlog.model.line import follows, head_start
from fieldlog.store.journal import JournalFault, Position, Reader, Reading, before, start_of


class Check:
    """Checks a journal that comes in pieces, cut anywhere: line by line, keeping none. Pure."""

    def __init__(self, writer: str, project: str) -> None:
        self._found = Reading(end=start_of(project, writer, []))
        self._reader = Reader(self._found, writer, 1, last=True)
        self._n, self._head, self._start = 0, self._found.end.head, b""
        self._begins = is_branch(writer)  # with the first line that can be read
        self._count, self._begun = 0, list[bytes]()

    def take(self, piece: bytes) -> None:
        """The next bytes."""
        *ended, rest = piece.split(b"\n")
        if ended:
            ended[0] = b"".join([*self._begun, ended[0]])
            self._begun.clear()
        self._begun.append(rest)
        for raw in ended:
            self._line(raw, ended=True)

    def faults(self) -> list[JournalFault]:
        """What was found, once all has come. Lines are counted as in one file."""
        if rest := b"".join(self._begun):
            self._begun.clear()
            self._line(rest, ended=False)
        return self._found.faults

    def _line(self, raw: bytes, *, ended: bool) -> None:
        self._count += 1
        if head := follows(raw, self._start, self._n + 1, self._head):
            self._n, self._head, self._reader.chained = self._n + 1, head, True
            return
        found = self._found
        if self._begins and (begun := before(raw)):
            self._begins, self._n, self._head = False, begun.n, begun.head
        found.end = Position(n=self._n, head=self._head)
        self._reader.take(raw, self._count, 0, ended=ended)
        self._n, self._head = found.end.n, found.end.head
        for line in found.lines:
            self._start = head_start(line.raw) if line.writer == writer_of(self._reader.writer) else b""
        found.lines.clear()
