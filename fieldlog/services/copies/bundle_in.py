"""Bundles come in: a study, or what is new in it, from another device.

All that is whole is taken; what is not is named. Media are kept before the lines that name them. What a bundle
erases goes here, too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from fieldlog.media.intake import take_in
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.vault import HoldsNothing
from fieldlog.model.branch import writer_of
from fieldlog.model.errors import Cancelled, DamagedLine, FieldLogError, NotUnderstood
from fieldlog.model.line import decode
from fieldlog.model.ports import Disk
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.standing import erased
from fieldlog.services.copies.bundle_read import Unpacked, must_go_on_from, original, unpack
from fieldlog.services.copies.bundle_zip import Way
from fieldlog.services.copies.ledger import read_ledger
from fieldlog.services.copies.sealed.digits import digits_of
from fieldlog.services.imports.report import ANOTHERS, Imported, Progress, no_progress
from fieldlog.services.machine.long_work import STOPPED, Asked, Word, beside, breath, in_turns, never, tell_nobody
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import FileSource, Readable
from fieldlog.services.rows.losses import SPOILT, lost_words, missing_words
from fieldlog.services.study.erase_promise import (
    FILE,
    Coming,
    finish_erasing,
    foretold,
    keep,
    promise,
)
from fieldlog.services.study.originals.expected import expecting
from fieldlog.services.study.put_back.new_writers import PUT_BACK, WRITTEN_ON, WRITTEN_ON_ELSEWHERE
from fieldlog.services.study.studies import studies, study_to_fill
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals

UNREAD = sentence("{name} is not a whole bundle ({why}); nothing was imported.")


@dataclass(kw_only=True)
class _Coming:
    """How far the originals have come, in bytes; asks whether they are to."""

    total: int
    progress: Progress = no_progress
    cancelled: Asked = never
    done: int = field(default=0, init=False)

    def moved(self, count: int) -> None:
        """So many bytes more. Raises `Cancelled` where a person asked for a stop."""
        if self.cancelled():
            raise Cancelled(STOPPED)
        self.done += count
        self.progress("media", self.done, self.total)


@dataclass(frozen=True, kw_only=True)
class _Original:
    file: BinaryIO
    way: Way
    coming: _Coming

    @property
    def name(self) -> str:
        return PurePosixPath(self.way.name).name

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in original(self.file, self.way):
            self.coming.moved(len(piece))
            yield piece
            await breath()


async def import_bundle(
    machine: Machine, source: Path | Readable, progress: Progress = no_progress, *,
    here: Workspace | None = None, only: str | None = None, cancelled: Asked = never,
) -> Imported:  # fmt: skip
    """Take a bundle in as far as it is whole: media first, told in bytes, then the lines. What is damaged is among
    the `problems`.

    `here` is a study that is open already; it takes its own in as it stands. Raises `NotUnderstood` for what is
    no bundle, or of another study than the `only` one wanted, `Behind` where an earlier one is missing; then
    nothing was changed. `Cancelled`: then nothing of it is here.
    """
    source = FileSource(path=source) if isinstance(source, Path) else source
    try:
        file = await source.opened()
    except OSError as why:
        raise NotUnderstood(Sentence(UNREAD, name=source.name, why=reason(why))) from why
    with file:
        bundle = await unpack(file, source.name)
        if only is not None and bundle.project != only:
            raise NotUnderstood(Sentence(ANOTHERS, name=source.name))
        if here is not None and here.store.project == bundle.project:
            return await _take(here, file, bundle, progress, cancelled)
        if bundle.project not in await studies(machine):
            must_go_on_from(bundle, {})
        async with study_to_fill(machine, bundle.project) as work:
            return await _take(work, file, bundle, progress, cancelled)


async def _take(
    work: Workspace, file: BinaryIO, bundle: Unpacked, progress: Progress, cancelled: Asked
) -> Imported:  # fmt: skip
    must_go_on_from(bundle, work.store.ends)
    done, coming = (
        Imported(study=work.store.project),
        Coming.of(raw for raws in bundle.lines.values() for raw in raws),
    )
    way_in = _Coming(total=sum(way.whole for way in bundle.media.values()), progress=progress, cancelled=cancelled)
    async with expecting(work) as expected:
        await expected.add(bundle.media)
        spoilt = await _take_originals(work, file, bundle.media, coming, way_in)
        await take_lines(work, bundle.lines, done)
        await expected.named()
    await work.store.settle(idle=True)
    damaged = await _not_whole(work, _wanted(work, bundle, coming))
    if damaged:
        anew = {sha256: bundle.media[sha256] for sha256 in damaged}
        with suppress(FieldLogError):
            spoilt += await _take_originals(work, file, anew, coming, _Coming(total=0), anew=True)
        damaged = await _not_whole(work, damaged)
    await _name_damage(work, bundle, spoilt, done)
    if not done.damaged and not damaged and await _lines_are_here(work, bundle):
        done.digits = await digits_to_show(work, bundle)
    return done


def _wanted(work: Workspace, bundle: Unpacked, coming: Coming) -> list[str]:
    """The originals of a bundle that may be seen."""
    return [sha256 for sha256 in bundle.media if not coming.unwanted(work, sha256)]


async def _take_originals(
    work: Workspace, file: BinaryIO, media: Mapping[str, Way], coming: Coming, way_in: _Coming, *,
    anew: bool = False,
) -> list[str]:  # fmt: skip
    """Keep what is not here and may be seen, `anew` also what is; the hashes of those that are not whole."""
    spoilt = []
    for sha256, way in media.items():
        way_in.moved(0)
        async with work.erasing:
            if (not anew and await work.vault.has(sha256)) or coming.unwanted(work, sha256):
                way_in.moved(way.whole)
                continue
            try:
                await take_in(
                    work.vault, _Original(file=file, way=way, coming=way_in), expected=sha256, eye=find_eye(),
                    offload=work.machine.offload,
                )  # fmt: skip
            except (NotUnderstood, HoldsNothing):
                spoilt.append(sha256)
    return spoilt


async def digits_to_show(work: Workspace, bundle: Unpacked) -> str:
    """The digits of a bundle, all of which is in this study's files. "" where they would prove nothing: it left
    from here itself, or this store goes."""
    found = digits_of(bundle.told, bundle.names)
    left = {row.digits for row in (await read_ledger(work)).rows if row.kind == "outgoing"}
    return "" if work.machine.practice or found in left else found


async def how_much_is_here(work: Workspace, bundle: Unpacked, cancelled: Asked = never) -> tuple[bool, str]:
    """Whether all that a bundle holds is in this study's files already, and the digits that prove it; "" where it
    is damaged, or they would prove nothing. Raises `Cancelled`."""
    coming = Coming.of(raw for raws in bundle.lines.values() for raw in raws)
    whole = not await _not_whole(work, _wanted(work, bundle, coming), cancelled)
    if not whole or not await _lines_are_here(work, bundle, cancelled):
        return False, ""
    damaged = bundle.faults or bundle.lost or await _gone(work, bundle)
    return True, "" if damaged else await digits_to_show(work, bundle)


async def _not_whole(work: Workspace, files: Sequence[str], cancelled: Asked = never) -> list[str]:
    """Those of these originals that are not here as they should be, each read back. Raises `Cancelled`."""
    vault = work.vault

    async def look(word: Word) -> list[str]:
        found = []
        for sha256 in files:
            try:
                whole = await vault.verify(sha256, word.moved) is None
            except Cancelled:
                raise
            except FieldLogError:
                whole = False
            if not whole:
                found.append(sha256)
            await breath()
        return found

    return await beside(work.machine.offload, in_turns(look), tell_nobody, cancelled)


async def _lines_are_here(work: Workspace, bundle: Unpacked, cancelled: Asked = never) -> bool:
    """Whether all lines of a bundle stand in the files of this study, but for what was erased. Raises
    `Cancelled`."""
    disk = work.store.disk

    async def look(_: Word) -> bool:
        return all([await _holds(disk, writer, raws) for writer, raws in bundle.lines.items()])

    try:
        return await beside(work.machine.offload, in_turns(look), tell_nobody, cancelled)
    except Cancelled:
        raise
    except FieldLogError:
        return False


async def _holds(disk: Disk, writer: str, raws: Sequence[bytes]) -> bool:
    """Whether the files of a writer's journals have each of these lines, as it is or erased."""
    missing, gone = set(raws), set[str]()
    here = [one for one in await journals.writers(disk) if writer_of(one) == writer_of(writer)]
    for path in [journals.path(one, segment) for one in here for segment in await journals.segments(disk, one)]:
        lines = (await disk.read(path)).split(b"\n")
        missing.difference_update(lines)
        for raw in lines if missing else ():
            if b'"body":null,"erased":' in raw:
                with suppress(DamagedLine):
                    gone.add(decode(raw).head_hash)
        await breath()
    return all(decode(raw).head_hash in gone for raw in missing)


async def _name_damage(work: Workspace, bundle: Unpacked, spoilt: list[str], done: Imported) -> None:
    state, gone = work.store.state, await _gone(work, bundle, spoilt)
    done.problems += [*bundle.faults, *lost_words(state, bundle.lost), *missing_words(state, spoilt, SPOILT)]
    done.problems += missing_words(state, gone)
    done.damaged = bool(bundle.faults or bundle.lost or spoilt or gone)


async def _gone(work: Workspace, bundle: Unpacked, spoilt: Sequence[str] = ()) -> list[str]:
    """The originals that a bundle names and that are not here, but for those that were erased."""
    raw = work.store.state.raw
    named = [
        sha256 for sha256, record in bundle.named.items() if sha256 not in spoilt and not erased(raw(record) or {})
    ]  # fmt: skip
    return [sha256 for sha256 in named if not await work.vault.find(sha256)]


async def take_lines(work: Workspace, copies: Mapping[str, Sequence[bytes]], done: Imported) -> None:
    """Merge journals' lines, by writer, as one act. What they erase goes here, too; what was erased here does not
    come back. Raises as `Store.merge_all` does; then nothing was changed."""
    async with work.erasing:
        await finish_erasing(work)
        going = foretold(work, [raw for raws in copies.values() for raw in raws])
        if going:
            await promise(work, going)
        before = work.device.id
        try:
            merged = await work.store.merge_all(copies)
        except FieldLogError:
            if going:
                await work.store.disk.remove(FILE)
            raise
        if going:
            await keep(work, going)
    if merged.forked:
        done.forked += merged.forked
        done.problems.append(WRITTEN_ON if work.device.id != before else WRITTEN_ON_ELSEWHERE)
    elif work.device.id != before:
        done.problems.append(PUT_BACK)
    done.new["line"] += len(merged.added) + len(merged.healed)
    done.same += merged.known
