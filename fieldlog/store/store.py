"""One study's store: commit operations durably, and read what they fold to.

Longer than other files: committing, merging, laying apart and erasing share the journals that are open and one
lock, and each has to leave them as the others expect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from tinydb import TinyDB

from fieldlog.model.branch import is_branch, writer_of
from fieldlog.model.chain import Behind, Forked
from fieldlog.model.errors import DamagedLine, FieldLogError, NotSaved
from fieldlog.model.line import Line, body_of
from fieldlog.model.op import Op
from fieldlog.model.ports import Disk, Lock
from fieldlog.model.production_day import calendar
from fieldlog.model.state import Change, State
from fieldlog.store import journal as journals
from fieldlog.store import merging, parting
from fieldlog.store.branching import Apart, Copies, by_writer, laid_out
from fieldlog.store.checking import HeldStill, checked
from fieldlog.store.comparing import Coming, compared
from fieldlog.store.erasing import erase_about, erasings_of, lines_about, mark_all_again
from fieldlog.store.journal import JournalFault, Position, Reading
from fieldlog.store.merging import Merged
from fieldlog.store.own import READ_ONLY, Own, Renew
from fieldlog.store.reached import Reached, further, read_reached, write_reached
from fieldlog.store.search import Search
from fieldlog.store.views import Views, database
from fieldlog.store.withdrawn import Withdrawal, Withdrawn, seen

LOCK = "writer.lock"
PERSIST_AFTER_LINES = 500
"""So many lines are folded again at an opening without being felt; then the views are written."""

REACHED_AFTER_LINES = 50
"""So many lines of a writer may be ahead of what is kept of how far it came. The index of the views knows them."""

Batch = Sequence[Op]


@dataclass
class Store:
    """The folded state of a study with its journals. Only the thread of the event loop touches it.

    `faults` are what reading the journals found wrong. `versions` counts how often each table changed since
    the opening, `erasures` how often something was erased. A store opened to read has no journals to write.
    `former` are writers that this device wrote under before; `renew` gives it new ones where it has to leave those
    it has, and `keeping` is called whenever it was kept how far each writer came.
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
    former: Collection[str] = ()
    renew: Renew | None = None
    keeping: Callable[[], Awaitable[None]] | None = None
    db: TinyDB = field(init=False)
    search: Search = field(init=False)

    def __post_init__(self) -> None:
        self._views = Views(self.disk)
        self.own = Own(self.disk, self.project, self.salt, self.ends, former=self.former, renew=self.renew)
        self._lock: Lock | None = None
        self._since_views = 0
        self._withdrawal = Withdrawal(
            self.disk, self.state, self.own.open, commit=self.commit,
            fold_anew=lambda ops, records: self._apply(ops, anew=records),
        )  # fmt: skip
        self._rewriting = asyncio.Lock()
        self._reaching = asyncio.Lock()
        self._unnamed = False
        self._tie()

    def _tie(self) -> None:
        self.db = database(self.state.tables)
        self.search = Search(self.state)

    @classmethod
    async def open(
        cls, disk: Disk, project: str, *, salt: Callable[[], str], own: Mapping[str, str] | None = None,
        former: Collection[str] = (), renew: Renew | None = None,
    ) -> Store:  # fmt: skip
        """Open a study. `own` maps each lane to this device's writer id; without it the store is only read.

        Raises `StoreBusy` where another process writes.
        """
        store = cls(disk, project, salt, former=former, renew=renew)
        if own is not None:
            store._lock = await disk.lock(LOCK)
        try:
            await store._load(own or {})
        except BaseException:
            store._unlock()
            raise
        return store

    async def _load(self, own: Mapping[str, str]) -> None:
        if own:
            await parting.finish(self.disk)
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
            await self.own.begin(lane, writer, readings.get(writer), self.state.seen, self.reached.get(writer))
        await self._finish_merging()

    async def _finish_merging(self) -> None:
        """Take in what was being taken in when the app was stopped; who only reads folds what it adds."""
        coming = await merging.begun(self.disk)
        if coming and self.own.open:
            with suppress(NotSaved):
                with suppress(Behind, Forked, DamagedLine):
                    await self.merge_all(coming)
                self._views.moved = True
                await self._write_views()
                await self.disk.remove(merging.FILE)
        elif coming:
            for writer, raws in coming.items():
                with suppress(FieldLogError):
                    one = await compared(self.disk, self.project, writer, self._end(writer), raws)
                    self._apply([op for line in (*one.healed, *one.added) for op in line.ops])

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
        await self._withdrawal.load()
        self._apply([*ops, *seen(self._withdrawal.lines)])
        return readings

    def stamp(self, lane: str, wall_ms: int) -> str:
        """The next stamp for an operation of this lane."""
        self.own.clocks[lane].saw(self.state.seen)
        return self.own.clocks[lane].stamp(wall_ms)

    @property
    def withdrawn(self) -> tuple[Withdrawn, ...]:
        """What lines said that came erased before the erasing that took their words: seen by nobody."""
        return tuple(self._withdrawal.lines)

    @property
    def writable(self) -> bool:
        return bool(self.own.open)

    @property
    def own_writers(self) -> dict[str, str]:
        """This device's writer for each lane."""
        return self.own.writers

    def is_own(self, journal: str) -> bool:
        """Whether this device wrote in it, now or before."""
        return self.own.holds(journal)

    async def holds(self, journal: str, at: Position) -> bool:
        """Whether the line of that number is here as it was: not in another branch since."""
        branches = {writer_of(name) for name in self.ends if is_branch(name)}
        if writer_of(journal) not in branches:
            return True
        return not at.n or await journals.head_at(self.disk, journal, at.n) == at.head

    def commit(self, lane: str, batches: Sequence[Batch]) -> Change:
        """Append each batch as one line of a lane, flush once, then fold. When it returns, all of it is saved.

        Raises `NotSaved`; then nothing has changed.
        """
        if lane not in self.own.open:
            raise NotSaved(READ_ONLY)
        own = self.own.open[lane]
        own.append([body_of(self.salt(), ops) for ops in batches])
        self.ends[own.writer] = own.end
        self._since_views += len(batches)
        return self._apply([op for ops in batches for op in ops])

    def _apply(self, ops: Sequence[Op], *, anew: Collection[str] = ()) -> Change:
        change = self.state.apply(ops, anew=anew)
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
        for own in list(self.own.open.values()):
            await own.open_ahead()
        due = self._since_views >= PERSIST_AFTER_LINES or (idle and self._since_views > 0)
        if due and self.own.open and not self._rewriting.locked():
            await self._write_views()

    async def _write_views(self) -> None:
        lines = self._since_views
        await self._views.persist(self.state, self.ends)
        await self._views.forget(self.state.tables)
        self._since_views -= lines
        if any(end.n >= self._known(writer) + REACHED_AFTER_LINES for writer, end in self.ends.items()):
            await self.keep_reached(named=False)

    def _known(self, writer: str) -> int:
        """The number of a writer's last line that is kept in `reached`."""
        return self.reached[writer].n if writer in self.reached else 0

    async def keep_reached(self, *, named: bool = True) -> None:
        """Keep how far each writer came, where that is further than what is kept. To be called before anything
        leaves this device. Without `named` a power cut may bring back what was kept before. Raises as the disk
        does."""
        async with self._reaching:
            if any(end.n > self._known(writer) for writer, end in self.ends.items()):
                reached = await self.come()
                await write_reached(self.disk, reached, named=named)
                self.reached, self._unnamed = reached, not named
                if self.keeping:
                    await self.keeping()
            elif named and self._unnamed:
                await self.disk.flush_names("")
                self._unnamed = False

    async def come(self) -> dict[str, Reached]:
        """How far each writer came, by what is kept and by what is here now."""
        lanes = {writer: at.lane for writer, at in self.reached.items()}
        lanes |= {own.writer: lane for lane, own in self.own.open.items()}
        here = {}
        for writer, end in self.ends.items():
            if end.n:
                lane = lanes.get(writer) or await journals.lane_of(self.disk, writer)
                here[writer] = Reached(lane=lane, n=end.n, head=end.head)
        return further(here, self.reached)

    async def merge(self, writer: str, raws: Sequence[bytes]) -> Merged:
        """Take in another copy of one journal, as `merge_all` does."""
        return await self.merge_all({writer: raws})

    async def merge_all(self, copies: Mapping[str, Sequence[bytes]]) -> Merged:
        """Take in what copies of journals, by writer, bring, as one act: lines not here yet, and words withdrawn.

        Where devices wrote on under one writer, each branch becomes a journal. Where that writer is our own, or a
        copy of our own journal holds more than it does, we go on in new ones. Raises `DamagedLine`, `Behind` where
        lines before these are missing here, `Forked` where branches can't be told apart, and `NotSaved`; then
        nothing has changed but the names we go on under.
        """
        async with self._rewriting:
            if self.own.renew and await self.own.is_further_in(copies):
                # Before anything is taken in: stopped anywhere, nothing is said under the name that others bear.
                await self.own.go_on_anew({}, self.state.seen)
            apart, taken, noted, done = list[Apart](), list[Coming](), False, False
            lanes = self.own.close(by_writer(copies))
            try:
                comings = await self._compared(copies, lanes, apart)
                noted = await merging.begin(self.disk, comings) or bool(apart)
                await self._take_in(comings, taken)
                done = True
            finally:
                await self.own.open_again(lanes)
                # What is refused here is done by the next opening; so is all of it where journals were parted.
                with suppress(NotSaved):
                    await self._after(taken, parted=any(one.partings for one in apart))
                    if noted and (done or not apart):
                        await self.disk.remove(merging.FILE)
            return merging.merged(comings, [one.writer for one in apart if one.is_new and one.forked])

    async def _compared(self, copies: Copies, lanes: dict[str, str], apart: list[Apart]) -> list[Coming]:
        """What copies bring. `apart` gets the writers whose journals had to be laid apart for that; `lanes` are
        those of our own that are closed."""
        begins = dict[str, Position]()
        while True:
            comings, more = list[Coming](), list[Apart]()
            for writer, some in by_writer(copies).items():
                try:
                    comings += [
                        await compared(self.disk, self.project, name, begins.get(name) or self._end(name), raws)
                        for name, raws in some.items()
                    ]
                except (Behind, Forked) as why:
                    names = [name for name in (*some, *self.ends) if writer_of(name) == writer]
                    if (
                        any(one.writer == writer for one in apart)
                        or (self.own.renew is None and writer in lanes.values())
                        or (isinstance(why, Behind) and not any(map(is_branch, names)))
                    ):
                        raise
                    await self._finish_parting(writer)
                    more.append(await laid_out(self.disk, self.project, writer, some, why))
            if not more:
                return comings
            apart += more
            await merging.write(self.disk, [raw for one in more for raw in one.fresh])
            for one in more:
                await self._lay_apart(one, lanes)
                begins |= one.begins
                others = {name: raws for name, raws in copies.items() if writer_of(name) != one.writer}
                copies = {**others, **one.copies}
            lanes |= self.own.close(by_writer(copies))

    async def _finish_parting(self, writer: str) -> None:
        """Finish a parting of a writer's journals that the disk had refused half-way."""
        async with self._reaching:
            if await parting.finish(self.disk):
                await self._look_again(writer)

    async def _look_again(self, writer: str) -> None:
        """See on the disk where a writer's journals end."""
        self.reached = await read_reached(self.disk)
        for name in await journals.writers(self.disk):
            if writer_of(name) == writer:
                self.ends[name] = (await journals.read(self.disk, name, self.project)).end

    async def _lay_apart(self, one: Apart, lanes: dict[str, str]) -> None:
        """Lay a writer's journals apart, going on in new ones where it is our own.

        First is said again what nobody has yet: stopped anywhere, the next meeting finds the rest.
        """
        if one.forked and one.writer in lanes.values():
            await self.own.go_on_anew(lanes, self.state.seen)
        if one.is_new and one.writer in self.own.former:
            await self.own.open_again(lanes)
            await self._say_again(one.writer, one.alone)
        for parts in one.partings:
            await self._views.unsettle(self.state, self.ends)
            self._views.moved = True
            async with self._reaching:
                try:
                    self.ends |= await parting.part(self.disk, parts, self._end(parts.journal))
                    self.reached = await read_reached(self.disk)
                except NotSaved:
                    await self._look_again(one.writer)
                    raise

    async def take_new_writers(self, known: Mapping[str, int]) -> None:
        """Go on in new writers; the former ones stay this device's.

        `known` tells how many lines of a former writer others are known to have: those behind are said again, each
        as one line of the same lane. Of a writer that it doesn't name nothing is. Called again it finishes what
        was stopped. Raises `NotSaved`.
        """
        async with self._rewriting:
            await self.own.go_on_anew({}, self.state.seen)
            for writer, n in known.items():
                if writer in self.own.former:
                    found = await journals.read(self.disk, writer, self.project)
                    await self._say_again(writer, [line for line in found.lines if line.n > n])

    async def _say_again(self, writer: str, lines: Sequence[Line]) -> None:
        said = await self.own.say_again(writer, lines)
        self._since_views += said
        if said:
            # Folding it again changes nothing, but whoever listens hears that it was written here.
            self._apply([op for line in lines for op in line.ops])

    def _end(self, writer: str) -> Position:
        return self.own.end(writer)

    async def _take_in(self, comings: Sequence[Coming], taken: list[Coming]) -> None:
        """Write what comes, then fold it. `taken` gets what was, where the rest is refused, too."""
        rewritten = [one for one in comings if one.files]
        if rewritten:
            # Until the views are written whole again, how far they cover the journals is not true.
            await self._views.unsettle(self.state, self.ends)
            await self._withdrawal.keep(rewritten)
        for one in rewritten:
            for segment, data in one.files.items():
                await self.disk.replace(journals.path(one.writer, segment), data)
            self.ends[one.writer] = one.end
            self._fold(one.healed)
            taken.append(replace(one, added=[]))
        self.ends |= await merging.append_all(self.disk, comings)
        self._fold([line for one in comings for line in one.added])
        taken[:] = comings
        # What was wrong with a journal that got something may be mended; `verify` reads it anew.
        changed = {one.writer for one in comings if one.files or one.added}
        self.faults = [fault for fault in self.faults if fault.writer not in changed]

    def _fold(self, lines: Sequence[Line]) -> None:
        self._since_views += len(lines)
        self._apply([op for line in lines for op in line.ops])

    async def _after(self, comings: Sequence[Coming], *, parted: bool) -> None:
        """What merging leaves to be done where something was erased, or a file was rewritten or parted."""
        erasing = any(op.k == "erase" for one in comings for line in one.added for op in line.ops)
        marks = {one.writer: one.marks for one in comings if one.marks}
        if erasing or marks or self._withdrawal.lines:
            erasings = await erasings_of(self.disk)
            await self._withdrawal.let_go(erasings)
            await mark_all_again(self.disk, self._rewrite, erasings, marks, everywhere=erasing)
        if any(one.files for one in comings) or marks or erasing or parted:
            self._views.moved = True
            await self._write_views()

    async def at_rest(self) -> None:
        """Return when lines can be committed: not while journals are being rewritten. Then commit at once."""
        while self._rewriting.locked():
            async with self._rewriting:
                pass

    async def erase_bodies(self, records: Collection[str], *, by: str = "", at: str = "") -> int:
        """Take every word about these records out of every journal here and out of the views.

        To be called when an `erase` of each is committed, by the earliest of which each line is then marked; `by`
        and `at` mark those of which none is known. The lines' other operations are appended again first. Returns
        how many lines lost their body. Stopped anywhere, calling it again finishes it.
        """
        async with self._rewriting:
            found = await lines_about(self.disk, records)
            for lane in self.own.open:
                staying = [
                    [op for op in line.ops if op.e not in records]
                    for lines in found.values() for line in lines if line.lane == lane
                ]  # fmt: skip
                await self._withdrawal.say_again(lane, staying, records)
            # Until the views are written whole again, how far they cover the journals is not true.
            await self._views.unsettle(self.state, self.ends)
            erasings = await erasings_of(self.disk)
            for writer in await journals.writers(self.disk):
                rewrite = partial(erase_about, self.disk, writer, records, erasings=erasings, by=by, at=at)
                await self._rewrite(writer, rewrite)
            await self._withdrawal.let_go(erasings)
            await merging.forget_about(self.disk, records)
            self._views.moved = True
            await self._write_views()
        return sum(map(len, found.values()))

    async def _rewrite(self, writer: str, rewrite: Callable[..., Awaitable[Position]]) -> None:
        """Rewrite a journal that nobody has open meanwhile."""
        lanes = self.own.close([writer])
        try:
            self.ends[writer] = await rewrite(end=self._end(writer))
        finally:
            await self.own.open_again(lanes)

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
                    reached=await self.come(), withdrawn=tuple(seen(self._withdrawal.lines)),
                )  # fmt: skip

    async def close(self) -> None:
        """Leave the store in order. Nothing depends on it: phones kill."""
        if self.own.open:
            for last in (self.settle, self.keep_reached):
                with suppress(NotSaved):
                    await last()
        self._release()

    def _release(self) -> None:
        for own in self.own.open.values():
            own.close()
        self.own.open.clear()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.release()
            self._lock = None
