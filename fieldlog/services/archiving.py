"""The living archive: written from a study, checked, and restored into an empty store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fieldlog.archive.content import Survey
from fieldlog.archive.contents import Piece, contents
from fieldlog.archive.place import study_of
from fieldlog.archive.tree import Progress as Step
from fieldlog.archive.verify import verify
from fieldlog.archive.write import Written, write
from fieldlog.media.eye import find_eye
from fieldlog.media.intake import take_in
from fieldlog.media.reading import Part, pieces
from fieldlog.media.vault import Vault
from fieldlog.media.wav import WavPlan, cuts, joined_header, read_plan
from fieldlog.model import gate
from fieldlog.model.entry import Attachment
from fieldlog.model.errors import NotSaved, NotUnderstood, WrongPlace
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.beside import Asked, Tell, Word, beside, breath, driven, in_turns, never, tell_nobody
from fieldlog.services.imported import Imported
from fieldlog.services.ledger import forget_begun, remember_archive, remember_begun
from fieldlog.services.machine import Machine, folder_disk, laptop_offload
from fieldlog.services.open import Workspace, open_study, studies
from fieldlog.services.unbundling import take_lines
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position
from fieldlog.store.store import checked

NOT_NOTED = sentence(
    "This device could not note that an archive lies there. Write it again after something is erased for good."
)
Archived = Written
"""What writing did, for who asks for it from outside."""


@dataclass(frozen=True, kw_only=True)
class VaultMedia:
    """The vault as the archive reads it: several pieces are a memo's segments, joined into one WAV."""

    vault: Vault

    async def chunks(self, pieces_: tuple[Attachment, ...]) -> AsyncIterator[bytes]:
        if len(pieces_) > 1:
            yield joined_header([await self._plan(piece) for piece in pieces_])
        for piece in pieces_:
            handle = await self.vault.open(piece.sha256 or "")
            try:
                plan = read_plan(handle) if len(pieces_) > 1 else None
                start, count = (plan.data_at, plan.data_bytes) if plan else (0, handle.size())
                for data in pieces(handle, start, count):
                    yield data
            finally:
                handle.close()

    async def _plan(self, piece: Attachment) -> WavPlan:
        handle = await self.vault.open(piece.sha256 or "")
        try:
            return read_plan(handle)
        finally:
            handle.close()


@dataclass(frozen=True, kw_only=True)
class StoreJournals:
    """The store's journals as the archive reads them: those that hold a line, each up to where it ends now."""

    disk: Disk
    ends: Mapping[str, Position]

    def writers(self) -> list[str]:
        return sorted(self.ends)

    async def size(self, writer: str) -> int:
        end, whole = self.ends[writer], 0
        for segment in await journals.segments(self.disk, writer):
            if segment < end.segment:
                whole += await self.disk.size(journals.path(writer, segment)) or 0
        return whole + end.offset

    def chunks(self, writer: str) -> AsyncIterator[bytes]:
        return journals.chunks(self.disk, writer, self.ends[writer])


async def write_archive(
    work: Workspace, folder: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never
) -> Written:  # fmt: skip
    """Write or refresh the archive in a folder, telling bytes. Raises `WrongPlace` where another thing lies there.

    The archive is of the moment this is called: what is saved meanwhile comes with the next writing. Stopped,
    the result is not `finished`, and the next writing goes on from there. Where something is erased meanwhile it
    begins anew, without it. The ledger says that it was begun, and when it was finished; where it can't, the
    archive is written all the same, and is not `noted`.
    """
    from fieldlog.services.threads import beginning_at_once

    place = str(folder.absolute())

    async def written_as_it_is(asked: Asked) -> Written:
        survey = Survey(work.store.state)
        ends = {writer: end for writer, end in work.store.ends.items() if end.n}
        lines, media = StoreJournals(disk=work.store.disk, ends=ends), VaultMedia(vault=work.vault)

        def write_it(word: Word) -> Written:
            with beginning_at_once() as offload:
                return driven(write(
                    folder_disk(folder), survey, lines, media, offload=offload, progress=_into(word),
                    cancelled=lambda: word.stop,
                ))  # fmt: skip

        return await beside(work.machine.offload, write_it, tell, asked)

    async def stays(_: Written | None) -> None:
        """Writing anew takes out of it what is to go."""

    noted = True

    async def remember(written: Written) -> None:
        nonlocal noted
        if written.finished and noted:
            noted = await _is_kept(remember_archive(work, place, at=work.machine.clock().at))

    noted = await _is_kept(remember_begun(work, "archive", place))
    try:
        made = await work.under_way.write(work, written_as_it_is, cancelled=cancelled, undo=stays, done=remember)
    except WrongPlace:
        await _is_kept(forget_begun(work, "archive", place))
        raise
    return replace(made, noted=noted)


async def _is_kept(word: Awaitable[None]) -> bool:
    """Whether the ledger could keep a word. An archive is written from a disk that takes none, too."""
    try:
        await word
    except NotSaved:
        return False
    return True


async def verify_archive(folder: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> list[str]:
    """Every fault of an archive as a sentence. Raises `Cancelled`: half a check says nothing."""

    def verify_it(word: Word) -> list[str]:
        found = driven(verify(folder_disk(folder), _into(word), cancelled=lambda: word.stop))
        return [fault.sentence for fault in found]

    return await beside(laptop_offload(), verify_it, tell, cancelled)


def _into(word: Word) -> Callable[[Step], None]:
    def step(at: Step) -> None:
        word.done, word.total = at.done, at.total

    return step


async def verify_store(work: Workspace, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> list[str]:
    """Every fault of journals, views and media as a sentence. Raises `Cancelled`: half a check says nothing."""
    store = await work.store.held_still()
    named = {doc["sha256"] for doc in work.store.state.docs("attachments") if doc.get("sha256")}

    async def verify_it(word: Word) -> list[str]:
        there = {one.sha256: one.bytes for one in await work.vault.all()}
        word.total = store.bytes + sum(there.values())
        faults = [fault.sentence for fault in checked(store)]
        word.moved(store.bytes)
        for sha256 in sorted(named | there.keys()):
            fault = await work.vault.verify(sha256, word.moved)
            faults += [fault.sentence] if fault else []
            await breath()
        return faults

    return await beside(work.machine.offload, in_turns(verify_it), tell, cancelled)


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back. `problems` are sentences."""

    lines: int
    files: int
    problems: tuple[str, ...]


async def is_archive(folder: Path) -> bool:
    """Whether a folder is an archive of ours."""
    return await study_of(folder_disk(folder)) is not None


async def restore(machine: Machine, folder: Path) -> Restored:
    """Fill a store that does not hold this study from an archive: media first, then the log.

    Raises `WrongPlace` where the study is here already.
    """
    disk = folder_disk(folder)
    found = await contents(disk)
    if found.study in await studies(machine):
        raise WrongPlace("This study is in this store already. Restore into an empty folder with --data.")
    for writer, path in found.logs:
        gate.taken(gate.writer, path, writer)
    work = await open_study(machine, found.study, write=True)
    done = Imported(study=found.study)
    try:
        files = 0
        for sha256, path in sorted(found.media.items()):
            files += await _take(work, disk, path, sha256, None, done)
        for path, parts in sorted(found.joined.items()):
            for place, piece in enumerate(parts):
                files += await _take(work, disk, path, piece.sha256, (parts, place), done)
        for writer, path in found.logs:
            raws = [raw for raw in (await disk.read(path)).split(b"\n") if raw]
            await take_lines(work, writer, raws, done)
        await work.store.settle(idle=True)
    finally:
        await work.close()
    return Restored(lines=done.new["line"], files=files, problems=tuple(done.problems))


async def _take(
    work: Workspace, disk: Disk, path: str, sha256: str, cut: tuple[tuple[Piece, ...], int] | None, done: Imported
) -> int:
    """Put a file of the archive back into the vault; 1 where it is what its record names."""
    name = path.rpartition("/")[2]
    handle = await disk.open_read(path)
    try:
        part = Part(name=name, readable=handle, before=b"", at=0, count=handle.size(), after=b"")
        if cut:
            part = cuts(read_plan(handle), [piece.frames for piece in cut[0]])[cut[1]].of(handle, name)
        taken = await take_in(work.vault, part, eye=find_eye(), offload=work.machine.offload)
    except NotUnderstood as why:
        done.problems.append(Sentence("{path}: {why}", path=path, why=why.args[0]))
        return 0
    finally:
        handle.close()
    if taken.kept and taken.kept.sha256 == sha256:
        return 1
    done.problems.append(
        Sentence("{path} is not the file its record names; what it holds was kept under its own name.", path=path)
    )
    return 0
