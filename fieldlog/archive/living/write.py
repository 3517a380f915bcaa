"""Writing the archive by production day: only what differs, file by file, each manifest last."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, cast

from fieldlog.archive.day.content import DayContent, Survey
from fieldlog.archive.day.data_list import Row, data_list, fits, rows_kept, rows_of
from fieldlog.archive.day.media_files import Media, media_files
from fieldlog.archive.day.render import render
from fieldlog.archive.living import manifest
from fieldlog.archive.living.journals import Journals
from fieldlog.archive.living.manifest import UNKNOWN
from fieldlog.archive.living.outlet import Bring, Outlet
from fieldlog.archive.living.place import check_place
from fieldlog.archive.living.readme import readme
from fieldlog.archive.living.tree import Progress, below, copied, walk
from fieldlog.archive.living.work import Standing, StopAskedError, Work, claims, leftovers, standing
from fieldlog.archive.living.write_day import Copies, DayWriter, learn, pieces_in
from fieldlog.archive.names import (
    DATA_LIST,
    DAY_FOLDER,
    DAYS,
    LOG,
    MANIFEST,
    README,
    UNFINISHED,
    log_path,
    whole_of,
)  # fmt: skip
from fieldlog.model.ports import Disk, Offload
from fieldlog.model.state import State

AHEAD = 4
"""So many days are drawn, and held in memory, while one is written."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a writing did. Days are named by their folders; paths are below the archive's root.

    `foreign` are files nobody listed, left untouched; `missing` files whose bytes the vault has not;
    `damaged` those of which it has other bytes than were recorded, `problems` sentences about what else is not as
    it should be. `finished` is false where it was
    stopped: the next writing goes on from there.
    """

    days_written: tuple[str, ...] = ()
    kept_days: tuple[str, ...] = ()
    removed_days: tuple[str, ...] = ()
    files_written: int = 0
    bytes_written: int = 0
    foreign: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    finished: bool = True


async def write(
    disk: Outlet,
    state: State | Survey,
    journals: Journals,
    media: Media,
    *,
    offload: Offload,
    progress: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    again: Collection[str] = (),
    bring: Bring | None = None,
) -> Written:
    """Bring the archive below `disk` to the state, as it is or was surveyed.

    The same state and journals give the same bytes. Days whose content has not changed are neither read nor
    written; the production dates in `again` are, every file of them. `bring` puts media in place where `disk` is
    no whole `Disk`. Raises `WrongPlace` for a folder that is another's, `NotFound` without a study, `NotSaved`
    where the disk refuses; what was done until then stays, and the next writing goes on.
    """
    survey = state if isinstance(state, Survey) else Survey(state)
    await check_place(disk, str(survey.study["id"]))
    work = Work(
        disk=disk, bring=bring or partial(copied, cast("Disk", disk)), media=media, offload=offload,
        progress=progress, cancelled=cancelled, there=await walk(disk),
    )  # fmt: skip
    writing = _Writing(work, survey, journals, frozenset(again))
    try:
        await writing.run()
    except StopAskedError:
        return writing.result(finished=False)
    return writing.result(finished=True)


class _Coming(NamedTuple):
    """A day about to be written: the hashes it has where it can stay as it is, else its texts being drawn."""

    writer: DayWriter
    hashes: dict[str, str] | None
    texts: Coroutine[Any, Any, dict[str, bytes]] | None


class _Writing:
    """A run of `write`. `hashes` grows to what the manifest at the top will list."""

    def __init__(self, work: Work, survey: Survey, journals: Journals, again: frozenset[str]) -> None:
        self.work = work
        self.survey = survey
        self.journals = journals
        self.again = again
        self.dates = survey.dates()
        self.readme = readme(survey, self.dates)
        self.hashes: dict[str, str] = {}
        self.days: dict[str, tuple[DayContent, dict[str, str]]] = {}
        self.wrote: list[str] = []
        self.kept: list[str] = []
        self.removed: list[str] = []

    async def run(self) -> None:
        work = self.work
        found = await standing(work, "")
        logs = [log_path(writer) for writer in self.journals.writers()]
        self._mark_begin([README, DATA_LIST, *logs])
        weights = {date: self.survey.weight(date) for date in self.dates}
        log_bytes = sum([await self.journals.size(writer) for writer in self.journals.writers()])
        work.total = sum(weights.values()) + log_bytes
        gone, copies = await self._gone_days()
        await self._days(weights, copies)
        work.begin_part(log_bytes)
        for folder, ours in gone.items():
            await self._remove_day(folder, ours)
        lies = await claims(work, "", found, [README, DATA_LIST, *logs], believe=not self.again)
        for writer in self.journals.writers():
            await self._log(writer, lies)
        await self._text(README, self.readme, lies)
        await self._text(DATA_LIST, data_list(await self._rows(lies)), lies)
        old_logs = {path for path in found.names if path.startswith(f"{LOG}/")}
        await work.remove(old_logs - self.hashes.keys())
        marks = [MANIFEST, UNFINISHED, *(f"{DAYS}/{root}/{UNFINISHED}" for root in self.days)]
        await work.remove(leftovers(work.there, [*self.hashes, *found.names, *marks]))
        await self._finish(found)
        work.begin_part(0)
        work.tell(MANIFEST)

    def result(self, *, finished: bool) -> Written:
        work = self.work
        ours = self.hashes.keys() | {MANIFEST, UNFINISHED}
        return Written(
            days_written=tuple(self.wrote), kept_days=tuple(self.kept), removed_days=tuple(self.removed),
            files_written=work.files_written, bytes_written=work.bytes_written,
            foreign=tuple(sorted(work.there.keys() - ours)) if finished else (),
            missing=tuple(work.missing), damaged=tuple(work.damaged), finished=finished,
        )  # fmt: skip

    def _mark_begin(self, names: list[str]) -> None:
        marker = [] if README in self.work.there else [(README, self.readme)]
        self.work.first = [*marker, (UNFINISHED, manifest.written(dict.fromkeys(names, UNKNOWN)))]

    async def _days(self, weights: Mapping[str, int], copies: Copies) -> None:
        """Every day in order. Before one is written the next ones are begun to be drawn, where `offload` can."""
        coming = deque[_Coming]()
        try:
            for place, date in enumerate(self.dates):
                for near in self.dates[place + len(coming) : place + 1 + AHEAD]:
                    coming.append(await self._begin(near, copies))
                self.work.begin_part(weights[date])
                await self._day(coming.popleft())
        finally:
            for unused in coming:
                if unused.texts:
                    unused.texts.close()

    async def _begin(self, date: str, copies: Copies) -> _Coming:
        content = self.survey.day(date)
        writer = DayWriter(self.work, content, again=date in self.again, copies=copies)
        hashes = await writer.kept()
        return _Coming(writer, hashes, self.work.offload(render, content) if hashes is None else None)

    async def _day(self, day: _Coming) -> None:
        content, hashes = day.writer.content, day.hashes
        self.work.tell(f"{DAYS}/{content.root}")
        (self.wrote if hashes is None else self.kept).append(content.root)
        if hashes is None:
            hashes = await day.writer.write(await day.texts if day.texts else {})
        self.days[content.root] = (content, hashes)
        self.hashes |= {f"{DAYS}/{content.root}/{path}": sha for path, sha in hashes.items()}

    async def _gone_days(self) -> tuple[dict[str, set[str]], Copies]:
        """Folders of ours that no day bears any more, with what is ours in them, and their media."""
        wanted = {self.survey.folder(date) for date in self.dates}
        gone: dict[str, set[str]] = {}
        copies: Copies = {}
        for entry in await self.work.disk.list(DAYS):
            root, folder = entry.name, f"{DAYS}/{entry.name}/"
            if not entry.is_dir or root in wanted or not DAY_FOLDER.fullmatch(root):
                continue
            found = await standing(self.work, folder)
            hardly_begun = {whole_of(path) for path in below(self.work.there, folder)} <= {UNFINISHED}
            if f"{root}.json" in found.names or hardly_begun:
                gone[folder] = found.names
                learn(copies, folder, await pieces_in(self.work, folder, f"{root}.json"), found.old.files)
        return gone, copies

    async def _remove_day(self, folder: str, ours: set[str]) -> None:
        """The manifests go last, so that a killed run still knows what is ours; then what is left is empty."""
        work = self.work
        parts = leftovers(below(work.there, folder), ours | {MANIFEST, UNFINISHED})
        await work.remove(f"{folder}{path}" for path in ours.union(parts))
        inner = {path.split("/")[0] for path in ours if "/" in path}
        await work.remove_empty(f"{folder}{name}" for name in sorted(inner))
        for name in (UNFINISHED, MANIFEST):
            await work.remove([f"{folder}{name}"])
        await work.remove_empty([folder.rstrip("/")])
        self.removed.append(folder.split("/")[1])

    async def _log(self, writer: str, lies: Mapping[str, str]) -> None:
        """Copy a writer's lines, unless they lie there already."""
        path = log_path(writer)
        if path in lies:
            sha, size = await self.journals.digest(writer)
            self.work.seen(size)
            if lies[path] == sha and self.work.there[path] == size:
                self.hashes[path] = sha
                return
        self.hashes[path] = await self.work.copy(path, self.journals.chunks(writer), None)

    async def _text(self, path: str, data: bytes, lies: Mapping[str, str]) -> None:
        sha = hashlib.sha256(data).hexdigest()
        if lies.get(path) != sha or self.work.there.get(path) != len(data):
            await self.work.put(path, data)
        self.hashes[path] = sha

    async def _rows(self, lies: Mapping[str, str]) -> list[Row]:
        """Rows of all days: those of kept days as they stand, where they fit the day's files."""
        raw = await self.work.disk.read(DATA_LIST) if DATA_LIST in lies else b""
        sound = bool(raw) and hashlib.sha256(raw).hexdigest() == lies[DATA_LIST]
        before, rows = rows_kept(raw) if sound else {}, []
        for root, (content, hashes) in self.days.items():
            mine = before.get(f"{DAYS}/{root}", [])
            if not fits(mine, f"{DAYS}/{root}", hashes):
                mine = rows_of(content, media_files(content), hashes)
                await asyncio.sleep(0)
            rows += mine
        return rows

    async def _finish(self, found: Standing) -> None:
        text = manifest.written(self.hashes)
        if self.work.begun or found.new is not None or found.raw != text:
            await self.work.begin("", text)
            await self.work.finish("")
