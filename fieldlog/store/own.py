"""This device's own journals in an open store: one for each lane, open at its end, and those it wrote before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from fieldlog.model.branch import writer_of
from fieldlog.model.errors import NotSaved
from fieldlog.model.line import Line, body_again, first_prev, numbers_in, said_in
from fieldlog.model.op import HybridClock
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.store import journal as journals
from fieldlog.store.appending import Journal
from fieldlog.store.comparing import TURN_LINES
from fieldlog.store.journal import Position, Reading
from fieldlog.store.reached import Reached

READ_ONLY = Sentence("this store was opened for reading only.")
Renew = Callable[[], Awaitable[Mapping[str, str]]]
"""Draws new writers for this device, by lane, and keeps durably that they and the former ones are its own."""


class Own:
    """`open` are the journals that are written now, by lane, `clocks` their stamps; `former` are writers that this
    device had before, and `renew` gives it others, where that can be.

    `ends` tells where each journal ends. It is the store's.
    """

    def __init__(
        self, disk: Disk, project: str, salt: Callable[[], str], ends: dict[str, Position], *,
        former: Collection[str], renew: Renew | None,
    ) -> None:  # fmt: skip
        self.open, self.clocks = dict[str, Journal](), dict[str, HybridClock]()
        self.former, self.renew = set(former), renew
        self._disk, self._project, self._salt, self._ends = disk, project, salt, ends

    @property
    def writers(self) -> dict[str, str]:
        return {lane: journal.writer for lane, journal in self.open.items()}

    def holds(self, journal: str) -> bool:
        """Whether this device wrote in it, now or before."""
        return writer_of(journal) in {*self.writers.values(), *self.former}

    def end(self, journal: str) -> Position:
        """Where a journal ends, whoever's; one that is not here before it begins."""
        return self._ends.get(journal) or Position(head=first_prev(self._project, journal))

    async def is_further_in(self, copies: Mapping[str, Sequence[bytes]]) -> bool:
        """Whether copies of journals hold more than is here of one that is written now. Raises `DamagedLine`."""
        ends = {writer: self.end(writer).n for writer in self.writers.values()}
        for name, raws in copies.items():
            end = ends.get(writer_of(name))
            for place, raw in enumerate(() if end is None else raws):
                if numbers_in(raw)[1] > (end or 0):
                    return True
                if place % TURN_LINES == TURN_LINES - 1:
                    await asyncio.sleep(0)
        return False

    async def begin(
        self, lane: str, writer: str, found: Reading | None, seen: str, reached: Reached | None = None
    ) -> None:
        """Open a lane's journal where reading it ended, going on from where it is known to have come. Without what
        was `found` it is read. `seen` is the latest stamp of all."""
        self.clocks[lane] = HybridClock(writer, seen)
        await self._open(lane, writer, found or await journals.read(self._disk, writer, self._project), reached)

    async def _open(self, lane: str, writer: str, found: Reading, reached: Reached | None = None) -> None:
        self.open[lane] = await Journal.open(self._disk, writer, lane, found, reached)
        self._ends[writer] = self.open[lane].end

    def close(self, writers: Collection[str]) -> dict[str, str]:
        """Close those of the open journals that these writers have; their writers, by lane."""
        lanes = {lane: writer for lane, writer in self.writers.items() if writer in writers}
        for lane in lanes:
            self.open.pop(lane).close()
        return lanes

    async def open_again(self, lanes: dict[str, str]) -> None:
        """Open what was closed; `lanes` are none then."""
        while lanes:
            lane, writer = lanes.popitem()
            await self._open(lane, writer, Reading(end=self.end(writer)))

    async def go_on_anew(self, closed: dict[str, str], seen: str) -> None:
        """Take new writers. `closed` are those of our journals that are not open, by lane; none is any more.

        Raises `NotSaved`; then we go on as before.
        """
        if self.renew is None:
            raise NotSaved(READ_ONLY)
        own = await self.renew()
        self.former |= {*self.writers.values(), *closed.values()} - {*own.values()}
        self.close(self.writers.values())
        closed.clear()
        for lane, writer in own.items():
            await self.begin(lane, writer, Reading(end=self.end(writer)), seen)

    async def say_again(self, writer: str, lines: Sequence[Line]) -> int:
        """Say in the journals of today, each line in its lane, what these lines of a former writer say, unless
        another journal of ours does; how many lines that were. Raises `NotSaved`."""
        said, count = set[bytes | None](), 0
        for name in [name for name in self._ends if self.holds(name) and writer_of(name) != writer]:
            said |= {said_in(line) for line in (await journals.read(self._disk, name, self._project)).lines}
        for lane, own in self.open.items():
            wanted = dict.fromkeys(said_in(line) for line in lines if line.lane == lane)
            bodies = [body_again(self._salt(), ops) for ops in wanted if ops and ops not in said]
            if bodies:
                own.append(bodies)
                self._ends[own.writer] = own.end
                count += len(bodies)
        return count
