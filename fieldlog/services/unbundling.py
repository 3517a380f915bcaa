"""Bundles come in: a study, or what is new in it, from another device.

Every line is checked before any is taken, and media are kept before the lines that name them. What a bundle
erases goes here, too.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from fieldlog.media.eye import find_eye
from fieldlog.media.intake import take_in
from fieldlog.model import gate
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.line import decode
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Counted, Sentence
from fieldlog.model.strict_json import read_json
from fieldlog.services.beside import breath
from fieldlog.services.bundle import FORMAT, segment_name
from fieldlog.services.imported import Imported, Progress, no_progress
from fieldlog.services.machine import Machine
from fieldlog.services.open import Workspace, open_study
from fieldlog.services.promise import Coming, finish_erasing, foretold, keep, promise
from fieldlog.services.sources import CHUNK, FileSource, Readable

_TORN = (
    zipfile.BadZipFile, zlib.error, struct.error, LookupError, ValueError, TypeError, RuntimeError, OSError,
    EOFError, OverflowError,
)  # fmt: skip
"""What `zipfile` raises for a ZIP that is none, or is torn: a single bit may call a member encrypted."""


class Torn(NotUnderstood):
    """A member of a bundle that can't be read."""

    def __init__(self, member: str) -> None:
        self.said = Sentence("{member} of the bundle is damaged and was left out.", member=member)
        super().__init__(self.said)


def _opened(bag: zipfile.ZipFile, member: str) -> IO[bytes]:
    """A member to be read; what bundles are never packed with is damage, too."""
    if bag.getinfo(member).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("it is packed in a way that bundles are not")
    return bag.open(member)


@dataclass(frozen=True, kw_only=True)
class _MemberSource:
    bag: zipfile.ZipFile
    member: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.member).name

    async def chunks(self) -> AsyncIterator[bytes]:
        """Raises `Torn`."""
        try:
            with _opened(self.bag, self.member) as file:
                while piece := file.read(CHUNK):
                    yield piece
        except _TORN as why:
            raise Torn(
                Sentence("{member} of the bundle is damaged and was left out.", member=self.member)
            ) from why


async def import_bundle(
    machine: Machine, source: Path | Readable, progress: Progress = no_progress, *, here: Workspace | None = None
) -> Imported:
    """Take a bundle in: media first, then the lines, which are checked before any is taken.

    `here` is a study that is open already; it takes its own in as it stands. Raises `NotUnderstood` for what is
    no bundle or is damaged, `Behind` where an earlier one is missing.
    """
    source = FileSource(path=source) if isinstance(source, Path) else source
    try:
        file = await source.opened()
    except OSError as why:
        raise _not_whole(source.name, why) from why
    try:
        bag = zipfile.ZipFile(file)
    except _TORN as why:
        file.close()
        raise _not_whole(source.name, why) from why
    with file, bag:
        project, segments = await _read(bag, source.name)
        if here is not None and here.store.project == project:
            return await _take(here, bag, segments, progress)
        work = await open_study(machine, project, write=True)
        try:
            return await _take(work, bag, segments, progress)
        finally:
            await work.close()


def _not_whole(name: str, why: Exception) -> NotUnderstood:
    said = reason(why) if isinstance(why, OSError) else Sentence("it is no ZIP file, or its end is missing")
    return NotUnderstood(
        Sentence("{name} is not a whole bundle ({why}); nothing was imported.", name=name, why=said)
    )


def _bytes(bag: zipfile.ZipFile, member: str) -> bytes:
    with _opened(bag, member) as file:
        return file.read()


async def _read(bag: zipfile.ZipFile, name: str) -> tuple[str, dict[str, list[bytes]]]:
    """The project and each writer's raw lines, every segment checked against its name and every line decoded."""
    try:
        form = read_json(_bytes(bag, "format.json"))
        project = str(gate.taken(gate.identifier, "project", form["project"]))
        if gate.taken(gate.whole, "min_reader", form["min_reader"]) > FORMAT["format"]:
            raise NotUnderstood(Sentence("{name} was made by a newer FieldLog; update this one first.", name=name))
        segments: dict[str, list[bytes]] = {}
        for member in sorted(bag.namelist()):
            if member.startswith("log/"):
                _log, writer, segment = member.split("/")
                gate.taken(gate.writer, member, writer)
                data = _bytes(bag, member)
                if segment_name(int(segment.split("-")[0]), data) != segment:
                    raise NotUnderstood(
                        Sentence("{name} is damaged ({member}); nothing was imported.", name=name, member=member)
                    )
                raws = [raw for raw in data.split(b"\n") if raw]
                for place, raw in enumerate(raws):
                    decode(raw)
                    if place % 200 == 0:
                        await breath()
                segments.setdefault(writer, []).extend(raws)
    except _TORN as why:
        raise NotUnderstood(
            Sentence("{name} is not a whole FieldLog bundle; nothing was imported.", name=name)
        ) from why
    return project, segments


async def _take(
    work: Workspace, bag: zipfile.ZipFile, segments: dict[str, list[bytes]], progress: Progress
) -> Imported:
    done = Imported(study=work.store.project)
    members = [name for name in bag.namelist() if name.startswith("media/")]
    coming = Coming.of(raw for raws in segments.values() for raw in raws)
    for place, member in enumerate(members):
        progress("media", place, len(members))
        sha256 = PurePosixPath(member).stem
        if gate.sha256(sha256) is not None:
            done.problems.append(
                Sentence("{member} of the bundle is none of its originals and was left out.", member=member)
            )
            continue
        source = _MemberSource(bag=bag, member=member)
        try:
            async with work.erasing:
                if await work.vault.has(sha256) or coming.unwanted(work, sha256):
                    continue
                taken = await take_in(work.vault, source, eye=find_eye(), offload=work.machine.offload)
        except Torn as torn:
            done.problems.append(torn.said)
            continue
        if not taken.kept or taken.kept.sha256 != sha256:
            done.problems.append(
                Sentence(
                    "{member} of the bundle is damaged; what it holds was kept under its own name.", member=member
                )
            )
    for writer, raws in segments.items():
        await take_lines(work, writer, raws, done)
    await work.store.settle(idle=True)
    return done


async def take_lines(work: Workspace, writer: str, raws: list[bytes], done: Imported) -> None:
    """Merge a journal's lines. What they erase goes here, too; what was erased here does not come back."""
    async with work.erasing:
        await finish_erasing(work)
        going = foretold(work, raws)
        if going:
            await promise(work, going)
        merged = await work.store.merge(writer, raws)
        if going:
            await keep(work, going)
    done.new["line"] += len(merged.added)
    done.same += merged.known
    if merged.forked:
        done.problems.append(
            Counted(
                "{n} line of journal {writer} says something else here than there; both copies were left as they "
                "are. Was one of the devices restored from a backup?",
                "{n} lines of journal {writer} say something else here than there; both copies were left as they "
                "are. Was one of the devices restored from a backup?",
                merged.forked,
                writer=writer,
            )
        )
