"""One study's store: commit operations durably, and read what they fold to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tinydb import TinyDB

from fieldlog.model.errors import NotSaved
from fieldlog.model.filing import calendar
from fieldlog.model.line import Line, first_prev
from fieldlog.model.op import HybridClock, Op
from fieldlog.model.ports import Disk, Lock
from fieldlog.model.readable import why_unread
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.state import Change, State, Tables
from fieldlog.store import journal as journals
from fieldlog.store.erasing import erase_about, lines_about
from fieldlog.store.journal import Files, Journal, JournalFault, Position, Reading
from fieldlog.store.merging import Merged, merged_lines
from fieldlog.store.reached import Reached, further, read_reached, write_reached
from fieldlog.store.search import Search
from fieldlog.store.views import Views, database

LOCK = "writer.lock"
PERSIST_AFTER_LINES = 500
"""So many lines are folded again at an opening without being felt; then the views are written."""

Batch = Sequence[Op]


@dataclass
class Store:
    """The folded state of a study with its journals. Only the thread of the event loop touches it.

    `faults` are what reading the journals found wrong. `versions` counts how often each table changed since
    the opening, `erasures` how often something was erased. A store opened to read has no journals to write.
    """

    disk: Disk
    project: str
    salt: Callable[[], str]
    state: State = field(default_factory=State)
    faults: list[JournalFault] = field(default_factory=list)
    ends: dict[str, Position] = field(default_factory=dict)
    reached: dict[str, Reached] = field(default_factory=dict)
    listeners: list[Callable[[Change], None]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    erasures: int = 0
    db: TinyDB = field(init=False)
    search: Search = field(init=False)

    def __post_init__(self) -> None:
        self._views = Views(self.disk)
        self._own: dict[str, Journal] = {}
        self._clocks: dict[str, HybridClock] = {}
        self._lock: Lock | None = None
        self._since_views = 0
        self._rewriting = asyncio.Lock()
        self._tie()

    def _tie(self) -> None:
        self.db = database(self.state.tables)
        self.search = Search(self.state)

    @classmethod
    async def open(
        cls, disk: Disk, project: str, *, salt: Callable[[], str], own: Mapping[str, str] | None = None
    ) -> Store:
        """Open a study. `own` maps each lane to this device's writer id; without it the store is only read.

        Raises `StoreBusy` where another process writes.
        """
        store = cls(disk, project, salt)
        if own is not None:
            store._lock = await disk.lock(LOCK)
        try:
            await store._load(own or {})
        except BaseException:
            store._unlock()
            raise
        return store

    async def _load(self, own: Mapping[str, str]) -> None:
        self.reached = await read_reached(self.disk)
        loaded = await self._views.load()
        if loaded:
            self.state.tables.update(loaded.tables)
            for name, table in loaded.tables.items():
                self.state.where.update(dict.fromkeys([doc["id"] for doc in table.values()], name))
            self.state.seen = loaded.seen
            starters = [doc for by in loaded.starters if (doc := self.state.get(by))]
            docs = self.state.docs
            self.state.calendar = calendar(
                self.state.study(), list(docs("days")), list(docs("sessions")), starters
            )
        readings = await self._catch_up(loaded.covers if loaded else {})
        if not loaded:
            self._views.dirty |= set(self.state.tables)
        for lane, writer in own.items():
            found = readings.get(writer) or await journals.read(self.disk, writer, self.project)
            self._own[lane] = await Journal.open(self.disk, writer, lane, found, self.reached.get(writer))
            self.ends[writer] = self._own[lane].end
            self._clocks[lane] = HybridClock(writer, self.state.seen)

    async def _catch_up(self, covers: Mapping[str, Position]) -> dict[str, Reading]:
        """Fold what the journals say beyond `covers`."""
        readings, ops = {}, list[Op]()
        for writer in await journals.writers(self.disk):
            found = await journals.read(self.disk, writer, self.project, covers.get(writer))
            readings[writer] = found
            self.faults += found.faults
            self.ends[writer] = found.end
            ops += [op for line in found.lines for op in line.ops]
            self._since_views += len(found.lines)
        self._apply(ops)
        return readings

    def stamp(self, lane: str, wall_ms: int) -> str:
        """The next stamp for an operation of this lane."""
        self._clocks[lane].saw(self.state.seen)
        return self._clocks[lane].stamp(wall_ms)

    @property
    def writable(self) -> bool:
        return bool(self._own)

    @property
    def own_writers(self) -> dict[str, str]:
        """This device's writer for each lane."""
        return {lane: own.writer for lane, own in self._own.items()}

    def commit(self, lane: str, batches: Sequence[Batch]) -> Change:
        """Append each batch as one line of a lane, flush once, then fold. When it returns, all of it is saved.

        Raises `NotSaved`; then nothing has changed.
        """
        if lane not in self._own:
            raise NotSaved(Sentence("this store was opened for reading only."))
        own = self._own[lane]
        own.append([(self.salt(), ops) for ops in batches])
        self.ends[own.writer] = own.end
        self._since_views += len(batches)
        return self._apply([op for ops in batches for op in ops])

    def _apply(self, ops: Sequence[Op]) -> Change:
        change = self.state.apply(ops)
        self.erasures += any(op.k == "erase" for op in ops)
        self._views.dirty |= change.tables
        self._views.moved |= change.moved
        for name in change.tables:
            self.db.table(name).clear_cache()
            self.versions[name] = self.versions.get(name, 0) + 1
        self.search.touch(change.records, change.tables, refiled=change.refiled)
        for tell in self.listeners:
            tell(change)
        return change

    async def settle(self, *, idle: bool = False) -> None:
        """What a save leaves for later: have the next file open, and write the views when enough has come.

        With `idle` the views are written whenever anything changed.
        """
        for own in list(self._own.values()):
            await own.open_ahead()
        due = self._since_views >= PERSIST_AFTER_LINES or (idle and self._since_views > 0)
        if due and self._own and not self._rewriting.locked():
            await self._write_views()

    async def _write_views(self) -> None:
        lines = self._since_views
        await self._views.persist(self.state, self.ends)
        await self._views.forget(self.state.tables)
        self._since_views -= lines
        await self.keep_reached()

    async def keep_reached(self) -> None:
        """Keep how far each writer came, where that is further than what is kept. To be called before anything
        leaves this device. Raises as the disk does."""
        known = {writer: at.n for writer, at in self.reached.items()}
        if any(end.n > known.get(writer, 0) for writer, end in self.ends.items()):
            reached = await self._come()
            await write_reached(self.disk, reached)
            self.reached = reached

    async def _come(self) -> dict[str, Reached]:
        """How far each writer came, by what is kept and by what is here now."""
        lanes = {writer: at.lane for writer, at in self.reached.items()}
        lanes |= {own.writer: lane for lane, own in self._own.items()}
        here = {}
        for writer, end in self.ends.items():
            if end.n:
                lane = lanes.get(writer) or await journals.lane_of(self.disk, writer)
                here[writer] = Reached(lane=lane, n=end.n, head=end.head)
        return further(here, self.reached)

    async def merge(self, writer: str, raws: Sequence[bytes]) -> Merged:
        """Take in another copy of a journal: lines not here yet, and erasures of lines that are.

        Raises `Behind` where lines before these are missing here; then nothing has changed.
        """
        async with self._rewriting:
            return await self._merge(writer, raws)

    async def _merge(self, writer: str, raws: Sequence[bytes]) -> Merged:
        lane = next((lane for lane, own in self._own.items() if own.writer == writer), None)
        if lane:
            self._own.pop(lane).close()
        try:
            merged = await merged_lines(self.disk, self.project, writer, raws)
        finally:
            found = await journals.read(self.disk, writer, self.project)
            if lane:
                self._own[lane] = await Journal.open(self.disk, writer, lane, found, self.reached.get(writer))
            self.ends[writer] = self._own[lane].end if lane else found.end
        self._since_views += len(merged.added)
        self._apply([op for line in merged.added for op in line.ops])
        return merged

    async def at_rest(self) -> None:
        """Return when lines can be committed: not while journals are being rewritten. Then commit at once."""
        while self._rewriting.locked():
            async with self._rewriting:
                pass

    async def erase_bodies(self, records: Collection[str], *, by: str, at: str) -> int:
        """Take every word about these records out of every journal here and out of the views.

        To be called when an `erase` of each is committed; the lines' other operations are appended again
        first. Returns how many lines lost their body. Stopped anywhere, calling it again finishes it.
        """
        async with self._rewriting:
            found = await lines_about(self.disk, records)
            for lane in self._own:
                staying = [
                    [op for op in line.ops if op.e not in records]
                    for lines in found.values() for line in lines if line.lane == lane
                ]  # fmt: skip
                if batches := [ops for ops in staying if ops]:
                    self.commit(lane, batches)
            # Until the views are written whole again, how far they cover the journals is not true.
            await self._views.unsettle(self.state, self.ends)
            for writer in await journals.writers(self.disk):
                await self._rewrite(writer, records, by, at)
            self._views.moved = True
            await self._write_views()
        return sum(map(len, found.values()))

    async def _rewrite(self, writer: str, records: Collection[str], by: str, at: str) -> None:
        lane = next((lane for lane, own in self._own.items() if own.writer == writer), None)
        end = self.ends.get(writer) or Position(head=first_prev(self.project, writer))
        if lane:
            self._own.pop(lane).close()
        try:
            self.ends[writer] = await erase_about(self.disk, writer, records, end, by=by, at=at)
        finally:
            if lane:
                self._own[lane] = await Journal.open(self.disk, writer, lane, Reading(end=end))
                self.ends[writer] = self._own[lane].end

    async def verify(self) -> list[JournalFault]:
        """Read every journal whole, fold it anew and compare with the views: every fault found."""
        return checked(await self.held_still())

    async def held_still(self) -> HeldStill:
        """Journals and tables as they stand at one moment: read again where a save came between."""
        while True:
            before, files = dict(self.ends), dict[str, list[tuple[int, bytes]]]()
            for writer in await journals.writers(self.disk):
                files[writer] = []
                for segment in await journals.segments(self.disk, writer):
                    files[writer].append((segment, await self.disk.read(journals.path(writer, segment))))
                    await asyncio.sleep(0)
            if before == self.ends:
                tables = {name: dict(table) for name, table in self.state.tables.items()}
                return HeldStill(
                    project=self.project, files=files, tables=tables, faults=tuple(self.faults),
                    reached=await self._come(),
                )  # fmt: skip

    async def close(self) -> None:
        """Leave the store in order. Nothing depends on it: phones kill."""
        if self._own:
            await self.settle()
            with suppress(NotSaved):
                await self.keep_reached()
        self._release()

    def _release(self) -> None:
        for own in self._own.values():
            own.close()
        self._own.clear()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.release()
            self._lock = None


@dataclass(frozen=True, kw_only=True)
class HeldStill:
    """A store at one moment: each writer's journal files by number, the views, the faults known so far, and how
    far each writer is known to have come."""

    project: str
    files: Mapping[str, Files]
    tables: Tables
    faults: tuple[JournalFault, ...]
    reached: Mapping[str, Reached] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return sum(len(data) for found in self.files.values() for _, data in found)


_VIEW = sentence("the view {table} is not what the journals say; it is made anew when views are deleted.")
_LAST_COPY = sentence(
    "the view {table} is not what the journals say now. It may hold the last copy of what they lost: keep it."
)
_SHORT = sentence(
    "journal {writer} ends with line {n}, but it had come to line {reached}: what came after is lost."
)
_HARMLESS = ("torn", "salvaged", "unread")


def checked(held: HeldStill) -> list[JournalFault]:
    """Every fault of the journals, every record that can't be read, and every view that is not what they fold to.

    Pure.
    """
    faults, anew = list[JournalFault](), State()
    for writer in sorted(held.files.keys() | held.reached.keys()):
        n, reached = 0, held.reached.get(writer)
        files = held.files.get(writer, ())
        for found in journals.by_file(files, writer, Position(head=first_prev(held.project, writer))):
            n = found.end.n
            faults += found.faults
            faults += [_unread_line(line) for line in found.lines if line.odd]
            anew.apply(op for line in found.lines for op in line.ops)
        if reached and reached.n > n:
            words = Sentence(_SHORT, writer=writer, n=n, reached=reached.n)
            faults.append(JournalFault(what="short", writer=writer, segment=0, line=0, sentence=words))
    lost = any(fault.what not in _HARMLESS for fault in faults)
    faults += [_unread(writer="", n=0, words=why_unread(kind, doc)) for kind, doc in anew.aside()]
    faults += [fault for fault in held.faults if fault not in faults]
    # Table by table is let go: all at once, nothing else could run meanwhile.
    for table in sorted(anew.tables.keys() | held.tables.keys()):
        if anew.tables.pop(table, {}) != held.tables.get(table, {}):
            words = Sentence(_LAST_COPY if lost else _VIEW, table=table)
            faults.append(JournalFault(what="view", writer="", segment=0, line=0, sentence=words))
    return faults


def _unread_line(line: Line) -> JournalFault:
    words = Sentence(
        "Line {n} of journal {writer} is whole, but what it says can't be read. It is kept and passed on.",
        n=line.n, writer=line.writer,
    )  # fmt: skip
    return _unread(writer=line.writer, n=line.n, words=words)


def _unread(*, writer: str, n: int, words: Sentence) -> JournalFault:
    return JournalFault(what="unread", writer=writer, segment=0, line=n, sentence=words)
