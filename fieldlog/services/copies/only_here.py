"""What lies only on this device, and how old it is; the copies that were proven, and the archive's place.

A copy is a bundle that was read back whole. Beside each stands how far it covers every journal, so that what
came since can be told from the journals alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from fieldlog.model.ids import ms_of_id
from fieldlog.model.moment import from_ms
from fieldlog.model.records import device_of
from fieldlog.model.standing import erased
from fieldlog.model.state import ENTRIES, Change
from fieldlog.services.copies.ledger import Ledger, Row, read_ledger
from fieldlog.services.machine.long_work import breath
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position

KEPT_COPIES = 20
"""So many are shown; the ledger has all."""
_ENTRY = re.compile(rb'"r":"entry","e":"([0-9a-f-]{36})"')
_NUMBER = re.compile(rb'\{"fl":\d+,"head":\{"w":"[^"]*","lane":"[^"]*","n":(\d+),')
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\ud800-\udfff]+')


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A bundle made on this device and proven when it was made."""

    at: datetime
    path: str
    lines: int
    bytes: int
    team_only: bool

    @classmethod
    def of(cls, row: Row) -> Copy:
        """From a row of the ledger, finished or begun."""
        at = row.at or row.begun
        assert at
        return cls(at=at, path=row.path, lines=row.lines, bytes=row.bytes, team_only=row.team_only)

    def row(self) -> Row:
        """As the ledger keeps it."""
        return Row(kind="bundle", **vars(self))


class Copies:
    """Counts while the study changes. `count` entries have something that is in no copy."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._only_here: set[str] = set()
        self._made_here: set[str] = set()
        self._oldest: str | None = None
        self._heard_of: set[str] = set()
        self._own_lines = self._lines()
        self._ledger = Ledger()

    @classmethod
    async def open(cls, work: Workspace) -> Copies:
        """Read the ledger and, from this device's journals, what came since the last copy."""
        copies = cls(work)
        work.store.listeners.append(copies._heard)
        await copies.reload()
        return copies

    async def reload(self) -> None:
        """Look again, as after a copy was made."""
        self._heard_of.clear()
        self._ledger = await read_ledger(self._work)
        found = set[str]()
        for writer in filter(self._work.store.is_own, list(self._work.store.ends)):
            found |= await self._entries_since(writer, self._ledger.covered.get(writer))
        state, device = self._work.store.state, self._work.device.ids
        self._only_here, self._made_here = set(), set()
        for entry in found | self._heard_of:
            doc = state.get(entry) if state.where.get(entry, "").startswith(ENTRIES) else None
            if doc is not None and not erased(doc):
                self._only_here.add(entry)
                if device_of(doc) in device:
                    self._made_here.add(entry)
        self._oldest = min(self._made_here, default=None)

    def proven(self, entries: Collection[str]) -> None:
        """These are elsewhere, too, as they are now: as long as nothing is said of them here, they don't count."""
        self._heard_of -= set(entries)
        self._only_here -= set(entries)
        self._made_here -= set(entries)
        self._oldest = min(self._made_here, default=None)

    @property
    def count(self) -> int:
        return len(self._only_here)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest entry of this device that is in no copy was made; None where there is none."""
        try:
            return from_ms(ms_of_id(self._oldest), self._work.zone) if self._oldest else None
        except ValueError:
            return None

    @property
    def copies(self) -> list[Copy]:
        """The newest copies made here, newest first."""
        return [Copy.of(row) for row in self._ledger.newest("bundle")[:KEPT_COPIES]]

    @property
    def archive(self) -> Row | None:
        """The archive that was written last, else the one last begun."""
        written = self._ledger.newest("archive")
        begun = (row for row in self._ledger.rows if row.kind == "archive")
        return written[0] if written else next(begun, None)

    def _heard(self, change: Change) -> None:
        """What was written here is only here; what came in from elsewhere is there, too."""
        before, now = self._own_lines, self._lines()
        # A journal that is rewritten is closed meanwhile; one that is new holds nothing yet.
        wrote = any(n > before.get(writer, 0) for writer, n in now.items())
        self._own_lines = {**before, **now}
        for record in change.records:
            doc = self._work.store.state.get(record) if self._work.store.state.date(record) else None
            if doc is None or erased(doc):
                self._only_here.discard(record)
                self._made_here.discard(record)
            elif wrote:
                self._heard_of.add(record)
                self._only_here.add(record)
                if device_of(doc) in self._work.device.ids:
                    self._made_here.add(record)
                    self._oldest = min(self._oldest or record, record)
        if self._oldest not in self._made_here:
            self._oldest = min(self._made_here, default=None)

    def _lines(self) -> dict[str, int]:
        """How many lines this device has written."""
        store = self._work.store
        return {writer: store.ends[writer].n for writer in store.own_writers.values()}

    async def _entries_since(self, writer: str, since: Position | None) -> set[str]:
        disk, found = self._work.store.disk, set[str]()
        for segment in await journals.segments(disk, writer):
            if since is None or segment >= since.segment:
                data = await disk.read(journals.path(writer, segment))
                rest = _behind(data, since) if since and segment == since.segment else data
                found |= {one.decode("ascii") for one in _ENTRY.findall(rest)}
                await breath()
        return found


def _behind(data: bytes, since: Position) -> bytes:
    """What of a journal's file came after a position. Where something was erased since, lines are shorter: then
    they are told by their numbers."""
    start = data.rfind(b"\n", 0, max(0, since.offset - 1)) + 1
    last = _NUMBER.match(data, start)
    if data[since.offset - 1 : since.offset] == b"\n" and last and int(last[1]) == since.n:
        return data[since.offset :]
    lines = data.splitlines(keepends=True)
    return b"".join(line for line in lines if not (n := _NUMBER.match(line)) or int(n[1]) > since.n)


def delivered(ledger: Ledger) -> list[Copy]:
    """Every bundle that may lie somewhere else, newest first: the copies, and those that left and were not
    proven."""
    found = [Copy.of(row) for kind in ("bundle", "outgoing") for row in ledger.newest(kind)]
    return sorted(found, key=lambda copy: copy.at, reverse=True)


def proposed_path(work: Workspace, home: Path) -> Path:
    """A file for the next copy that is not there yet."""
    stem = proposed_name(work).removesuffix(".zip")
    folder = home / "FieldLog" / title_as_name(work) / "copies"
    names = chain([f"{stem}.zip"], (f"{stem}-{n}.zip" for n in count(2)))
    return next(folder / name for name in names if not (folder / name).exists())


def proposed_name(work: Workspace) -> str:
    """What a copy made now is called."""
    return f"{title_as_name(work)}-{work.machine.clock().at:%Y-%m-%d-%H%M}.zip"


def title_as_name(work: Workspace) -> str:
    """The study's title as a file name, at most 60 bytes long."""
    title = work.store.state.about.title or "study"
    plain = " ".join(_UNSAFE.sub(" ", title).split()).strip(" .")[:60]
    while len(plain.encode()) > 60:
        plain = plain[:-1]
    return plain.strip(" .") or "study"
