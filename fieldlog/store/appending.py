"""The end of a journal: lines are appended and flushed before anything is called saved."""

from __future__ import annotations

from collections.abc import Sequence

from fieldlog.model.line import line_with
from fieldlog.model.ports import Disk, Handle
from fieldlog.store import journal as journals
from fieldlog.store.journal import TORN, Position, Reading, path
from fieldlog.store.reached import Reached


class Journal:
    """The end of one writer's own journal. Only one process has it open, by the store's lock."""

    def __init__(self, disk: Disk, writer: str, lane: str, end: Position, handle: Handle) -> None:
        self.writer, self.lane = writer, lane
        self._disk, self._handle = disk, handle
        self._n, self._head, self._segment = end.n, end.head, end.segment
        self._size = handle.size()
        self._next: Handle | None = None

    @classmethod
    async def open(
        cls, disk: Disk, writer: str, lane: str, found: Reading, reached: Reached | None = None
    ) -> Journal:
        """Open for appending where reading ended, going on from where the writer is known to have come.

        An unfinished last line is set aside in a file of its own; one that was saved stays where it is.
        """
        name = path(writer, found.end.segment)
        handle = await disk.open(name, create=True)
        n, head = found.onward(reached)
        if found.torn is not None and n > found.end.n:
            handle.append(b"\n")
            handle.flush()
        elif found.torn is not None:
            size = handle.size()
            await disk.replace(f"{name}{TORN}{size}", handle.read(found.torn, size - found.torn))
            handle.truncate(found.torn)
            handle.flush()
        elif found.unended:
            handle.append(b"\n")
            handle.flush()
        end = Position(segment=found.end.segment, offset=handle.size(), n=n, head=head)
        return cls(disk, writer, lane, end, handle)

    @property
    def end(self) -> Position:
        return Position(segment=self._segment, offset=self._size, n=self._n, head=self._head)

    def append(self, bodies: Sequence[bytes]) -> None:
        """Append a line for each body, all in one write and one flush.

        When this returns, the lines are on the medium; when it raises `NotSaved`, none is.
        """
        n, head = self._n, self._head
        data = bytearray()
        for body in bodies:
            n += 1
            raw, head = line_with(writer=self.writer, lane=self.lane, n=n, prev=head, body=body)
            data += raw
        self._turn()
        self._handle.append(bytes(data))
        self._handle.flush()
        self._n, self._head = n, head
        self._size += len(data)

    def _turn(self) -> None:
        if self._next and self._size >= journals.SEGMENT_BYTES:
            self._handle.close()
            self._handle, self._next = self._next, None
            self._segment += 1
            self._size = self._handle.size()

    async def open_ahead(self) -> None:
        """Have the next file open before it is needed, since opening is async and appending must not be."""
        if self._next is None and self._size >= journals.OPEN_AHEAD_BYTES:
            self._next = await self._disk.open(path(self.writer, self._segment + 1), create=True)

    def close(self) -> None:
        self._handle.close()
        if self._next:
            self._next.close()
