"""A store from an archive: all that is whole comes in, what its days still tell of the rest is filled in, and
what is lost is named. Stopped anywhere it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldlog.archive.day.content import Survey
from fieldlog.archive.day.media_files import media_files
from fieldlog.archive.living.place import study_of
from fieldlog.archive.living.restorable import Piece, Restorable, contents, records_of, told_of_study
from fieldlog.archive.names import DAYS
from fieldlog.media.intake import take_in
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.reading import Part
from fieldlog.media.sound.wav import Told, WavPlan, cuts, header, read_plan
from fieldlog.model import gate
from fieldlog.model.errors import Cancelled, NotFound, NotUnderstood, WrongPlace
from fieldlog.model.filling import as_made, fills
from fieldlog.model.op import Op
from fieldlog.model.ports import Disk, Handle
from fieldlog.model.records import StoredFile, id_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.copies.bundle_in import take_lines
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.long_work import Asked, Tell, breath, never, tell_nobody
from fieldlog.services.machine.machine import Machine, folder_disk
from fieldlog.services.rows.losses import SPOILT, lost_words, missing_words
from fieldlog.services.study.erase_promise import Coming
from fieldlog.services.study.studies import RESTORING, holds_lines, studies, study_to_fill
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.passing import Lost, Passing

BEGUN = RESTORING
"""Lies in a study while it is being restored."""

HERE = sentence(
    "This study is in this store already. Restore into an empty folder with --data, or import the archive to take "
    "in what is not here yet."
)
STOPPED = sentence(
    "This was stopped before its end. The study is not here yet; restore from the same folder to go on."
)
DAMAGED_DAY = sentence("{path} is not what its manifest says; its records were read from the log.")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back into which `study`. `problems` are sentences; `damaged` says that something is lost or
    missing."""

    study: str
    lines: int
    files: int
    problems: tuple[str, ...]
    damaged: bool = False


async def is_archive(folder: Path) -> bool:
    """Whether a folder is an archive of ours."""
    return await study_of(folder_disk(folder)) is not None


async def archives_near(folder: Path) -> list[Path]:
    """The archives of ours two folders below this one, where FieldLog proposes to write them; by name."""
    try:
        there = sorted(path for path in folder.glob("*/*") if path.is_dir())
    except OSError:
        return []
    return [path for path in there if await is_archive(path)]


async def restore(
    machine: Machine, archive: Path | Disk, *, into: bool = False, tell: Tell = tell_nobody,
    cancelled: Asked = never,
) -> Restored:  # fmt: skip
    """Fill a store that does not hold this study from an archive: media first, told in bytes, then the log.

    It goes on where an earlier restoring was stopped. `into` takes the archive into a study that is here as well.
    Raises `WrongPlace` where it is here without that, `NotUnderstood` for what is no archive, `Cancelled`: then no
    line of the log was taken.
    """
    disk = folder_disk(archive) if isinstance(archive, Path) else archive
    found = await contents(disk)
    gate.taken(gate.identifier, "study", found.study)
    own = machine.disk_at(f"studies/{found.study}")
    here = found.study in await studies(machine) and await holds_lines(own)
    if here and not into and await own.size(BEGUN) is None:
        raise WrongPlace(HERE)
    async with study_to_fill(machine, found.study, BEGUN) as work:
        return await _Restoring(work, disk, found, tell, cancelled).run()


class _Restoring:
    def __init__(self, work: Workspace, disk: Disk, found: Restorable, tell: Tell, cancelled: Asked) -> None:
        self.work, self.disk, self.found = work, disk, found
        self.tell, self.cancelled = tell, cancelled
        self.moved = self.total = 0
        self.done = Imported(study=found.study)
        self.files = 0
        self.coming = Coming()
        self.spoilt: list[str] = []
        self.lost: list[Lost] = []

    async def run(self) -> Restored:
        work, found = self.work, self.found
        copies = dict([await self._lines(path) for _, path in found.logs])
        self.coming = Coming.of(raw for raws in copies.values() for raw in raws)
        await self._media(found.media, found.joined)
        await take_lines(work, copies, self.done)
        await self._media_of_damaged_days()
        filled = await self._fill()
        await work.store.settle(idle=True)
        state = work.store.state
        gone = await self._missing()
        problems = [
            *self.done.problems, *(Sentence(DAMAGED_DAY, path=path) for path in found.damaged),
            *lost_words(state, self.lost, filled), *missing_words(state, self.spoilt, SPOILT),
            *missing_words(state, gone),
        ]  # fmt: skip
        damaged = bool(found.damaged or self.lost or self.spoilt or gone)
        return Restored(
            study=found.study, lines=self.done.new["line"], files=self.files, problems=tuple(problems),
            damaged=damaged,
        )  # fmt: skip

    async def _lines(self, path: str) -> tuple[str, list[bytes]]:
        """A writer and its lines in the archive, lost forms in the place of those that are damaged."""
        writer = path.rpartition("/")[2].removesuffix(".jsonl")
        gate.taken(gate.writer, path, writer)
        passing = Passing(writer=writer, project=self.found.study)
        raws = [line.raw for lines in passing.lines([(1, await self.disk.read(path)), (2, b"")]) for line in lines]
        self.lost += passing.lost
        return writer, raws

    async def _media(self, media: Mapping[str, str], joined: Mapping[str, tuple[Piece, ...]]) -> None:
        sizes = {path: await self.disk.size(path) or 0 for path in (*media.values(), *joined)}
        self.total = sum(sizes[path] for path in media.values()) + sum(sizes[path] for path in joined)
        for sha256, path in sorted(media.items()):
            await self._take(path, sha256, ())
            await self._told(sizes[path])
        for path, parts in sorted(joined.items()):
            for place, piece in enumerate(parts):
                await self._take(path, piece.sha256, parts, place)
            await self._told(sizes[path])

    async def _told(self, count: int) -> None:
        """So many bytes more are here; the screens have their turn."""
        self.moved += count
        self.tell(self.moved, self.total)
        await breath()
        if self.cancelled():
            raise Cancelled(STOPPED)

    async def _take(self, path: str, sha256: str, parts: tuple[Piece, ...], place: int = 0) -> None:
        """Put a file of the archive back into the vault, unless it is there."""
        async with self.work.erasing:
            if not (await self.work.vault.has(sha256) or self.coming.unwanted(self.work, sha256)):
                await self._take_wanted(path, sha256, parts, place)

    async def _take_wanted(self, path: str, sha256: str, parts: tuple[Piece, ...], place: int) -> None:
        name = path.rpartition("/")[2]
        handle = await self.disk.open_read(path)
        try:
            for part in _parts(handle, name, parts, place):
                try:
                    await take_in(
                        self.work.vault, part, expected=sha256, eye=find_eye(), offload=self.work.machine.offload
                    )
                except NotUnderstood:
                    continue
                self.files += 1
                return
        finally:
            handle.close()
        self.spoilt.append(sha256)

    async def _media_of_damaged_days(self) -> None:
        """Where a day's JSON can't be relied on, the records say which file is which, as when it was written."""
        if not self.found.damaged:
            return
        try:
            survey = Survey(self.work.store.state)
        except NotFound:
            return
        for date in survey.dates():
            content = survey.day(date)
            if f"{DAYS}/{content.root}/{content.root}.json" not in self.found.damaged:
                continue
            for file in media_files(content):
                path = f"{DAYS}/{content.root}/{file.path}"
                if await self.disk.size(path) is None:
                    continue
                pieces = tuple(Piece(**one) for one in file.listed()["pieces"]) if len(file.pieces) > 1 else ()
                for place, piece in enumerate(file.pieces):
                    await self._take(path, str(piece.sha256), pieces, place)

    async def _fill(self) -> set[str]:
        """Fill in what the days still tell of records whose lines are not here; which these are."""
        state, made = self.work.store.state, dict[str, list[Op]]()
        if state.study() is None:
            told = await told_of_study(self.disk, self.found)
            study = as_made(self.found.study, told)
            made[self.found.study] = fills("study", study, None) if told else []
        for path in self.found.days:
            for kind, doc in await records_of(self.disk, path):
                record = id_of(doc)
                made.setdefault(record, []).extend(fills(kind, doc, state.raw(record)))
        batches = [list({op.u: op for op in ops}.values()) for ops in made.values() if ops]
        if batches:
            # Where a personal line is lost, of what lane they were can't be told: then none goes to the team.
            lanes = {one.lane for one in self.lost}
            await self.work.save(*batches, lane="team" if lanes == {"team"} else "mine")
        return {op.e for ops in batches for op in ops}

    async def _missing(self) -> list[str]:
        files = self.work.store.state.each(StoredFile)
        named = dict.fromkeys(file.sha256 for file in files if file.sha256)
        return [sha256 for sha256 in named if sha256 not in self.spoilt and not await self.work.vault.find(sha256)]


def _parts(handle: Handle, name: str, parts: tuple[Piece, ...], place: int) -> Iterator[Part]:
    """What to take of a file: all of it, or one piece of a joined memo, by its own header, then by its record."""
    if not parts:
        yield Part(name=name, readable=handle, before=b"", at=0, count=handle.size(), after=b"")
        return
    frames = [piece.frames for piece in parts]
    for plan in _plans(handle, parts):
        try:
            yield cuts(plan, frames)[place].of(handle, name)
        except NotUnderstood:
            continue


def _plans(handle: Handle, parts: tuple[Piece, ...]) -> Iterator[WavPlan]:
    with suppress(NotUnderstood):
        yield read_plan(handle)
    first = parts[0]
    if first.rate and first.channels:
        told = Told(rate=first.rate, channels=first.channels)
        size = sum(piece.frames for piece in parts) * told.channels * told.width
        at = len(header(told.fmt, size))
        yield WavPlan(fmt=told.fmt, data_at=at, data_bytes=size, file_bytes=at + size)
