"""The archive as one ZIP, read back before it has its name: beside other files of a laptop, or in the outbox of a
browser's store, from where it leaves through the page."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from fieldlog.archive.living.place import study_of
from fieldlog.archive.living.tree import Progress
from fieldlog.archive.living.write import Written
from fieldlog.archive.names import LOG
from fieldlog.model.errors import Cancelled, FieldLogError, NotUnderstood, WrongPlace
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.proposed import proposed_zip
from fieldlog.services.archive.write import AsItIs, Noted, as_it_is
from fieldlog.services.archive.zip_folder import ZipFolder, in_order
from fieldlog.services.copies.bundle import NO_FOLDER
from fieldlog.services.copies.bundle_parts import PART
from fieldlog.services.copies.bundle_zip import TORN
from fieldlog.services.copies.ledger import Row, forget_begun, read_ledger, remember_archive, remember_begun
from fieldlog.services.machine.long_work import (
    STOPPED,
    Asked,
    Tell,
    Word,
    beside,
    breath,
    in_turns,
    never,
    tell_nobody,
)
from fieldlog.services.machine.machine import folder_disk
from fieldlog.services.machine.sources import CHUNK, DiskFile, as_file
from fieldlog.services.study.erase_promise import OUTBOX
from fieldlog.services.study.workspace import Workspace

NOT_OURS = sentence(
    "{path} is there already and is no archive of this study. Choose another name; nothing was written."
)
HOLDS_MORE = sentence(
    "The archive {path} may hold more than the one that would take its place. Choose another name; nothing was "
    "written."
)
NOT_WHOLE = sentence("The archive was not written whole ({name}). Try again.")


@dataclass(frozen=True, kw_only=True)
class Zipped:
    """An archive that was read back whole. `written` is what went into it, in so many `files`."""

    written: Written
    files: int
    bytes: int


async def write_zip(
    work: Workspace, path: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never
) -> Zipped:  # fmt: skip
    """Write the archive as one ZIP, which has its name once it was read back. It is of one moment, under the same
    guard and in the same ledger as a folder; the same study gives the same bytes.

    It takes the place of no file but an archive of this study that holds no more than this one. Raises
    `WrongPlace` where it may not, `Cancelled`, and what the disk raises; then what was there is as it was.
    """
    if not path.absolute().parent.is_dir():
        raise WrongPlace(Sentence(NO_FOLDER, path=str(path.parent)))
    target = DiskFile(disk=folder_disk(path.parent), path=path.name)
    await _may_be_replaced(target, work.store.project)
    place, noted = str(path.absolute()), Noted()
    part = f"{place}.{work.machine.new_salt()[:8]}{PART}"
    ending = part.removeprefix(place)

    async def begun() -> None:
        await noted.say(remember_begun(work, "zip", place, part))

    async def gone() -> None:
        if await target.disk.size(target.path + ending) is None:
            await noted.say(forget_begun(work, "zip", place, part))

    async def remember(made: Zipped) -> None:
        await noted.say(remember_archive(work, place, kind="zip", at=work.machine.clock().at, bytes=made.bytes))

    made = await _zipped(work, target, ending, tell, cancelled, begun=begun, gone=gone, done=remember)
    return replace(made, written=replace(made.written, problems=(*made.written.problems, *noted.refused)))


async def make_leaving(work: Workspace, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> Zipped:
    """Write the archive as one ZIP in the outbox; one that lay there goes. Raises as `write_zip` does.

    The ledger has it from now on: it may be handed over, and then it may lie anywhere.
    """
    await remove_leaving(work)
    name, at = proposed_zip(work), work.machine.clock().at
    target = DiskFile(disk=work.store.disk, path=f"{OUTBOX}/{name}")

    async def remember(made: Zipped) -> None:
        await remember_archive(work, name, kind="zip", at=at, bytes=made.bytes)

    return await _zipped(work, target, PART, tell, cancelled, done=remember)


async def leaving(work: Workspace) -> Row | None:
    """The ZIP that lies in the outbox; None where there is none."""
    names = {found.name for found in await work.store.disk.list(OUTBOX)}
    return next((row for row in (await read_ledger(work)).newest("zip") if row.path in names), None)


async def remove_leaving(work: Workspace) -> None:
    """Take the ZIP out of the outbox: what left stays where it went."""
    while row := await leaving(work):
        await work.store.disk.remove(f"{OUTBOX}/{row.path}")


async def nothing() -> None:
    """Keeps no account."""


async def _zipped(
    work: Workspace, target: DiskFile, ending: str, tell: Tell, cancelled: Asked, *,
    done: Callable[[Zipped], Awaitable[None]], begun: Callable[[], Awaitable[None]] = nothing,
    gone: Callable[[], Awaitable[None]] = nothing,
) -> Zipped:  # fmt: skip
    """Where something is erased meanwhile it begins anew, without it. `begun` is called before each beginning,
    `gone` once nothing lies there that nobody is told of."""
    tries: list[_Zip] = []

    async def made_of_now(asked: Asked) -> Zipped:
        await begun()
        now = await as_it_is(work)
        tries.append(_Zip(now, target, ending))
        made = await beside(work.machine.offload, in_turns(tries[-1].make), tell, asked)
        return replace(made, written=now.with_problems(made.written))

    return await work.under_way.write_file(
        target, made_of_now, cancelled=cancelled, is_named=lambda: any(one.is_named for one in tries), done=done,
        gone=gone,
    )  # fmt: skip


class _Zip:
    """A ZIP in the making, in a thread or in turns. `is_named` says that it is under its name."""

    def __init__(self, now: AsItIs, target: DiskFile, ending: str) -> None:
        self.now, self.target, self.disk = now, target, target.disk
        self.part = target.path + ending
        self.is_named = False

    async def make(self, word: Word) -> Zipped:
        try:
            written, hashes = await self._beside_what_is_there(word)
            size = await self._proven(hashes, word)
            try:
                await self.disk.move(self.part, self.target.path)
            finally:
                self.is_named = await self.disk.size(self.part) is None
        except BaseException:
            with suppress(FieldLogError):
                await self.disk.remove(self.part)
            raise
        return Zipped(written=written, files=len(hashes), bytes=size)

    async def _beside_what_is_there(self, word: Word) -> tuple[Written, dict[str, str]]:
        """What went in, and the hash of each file. Raises `WrongPlace` where an earlier one may hold more."""
        if await self.disk.size(self.target.path) is None:
            return await self._write(word)
        lines = self.now.lines
        with await self.target.opened() as file, zipfile.ZipFile(file) as bag:
            lines.before = ZipFolder(bag)
            written, hashes = await self._write(word)
        lines.before = None
        if written.missing or written.damaged or lines.only_there:
            raise WrongPlace(Sentence(HOLDS_MORE, path=self.target.name))
        return written, hashes

    async def _write(self, word: Word) -> tuple[Written, dict[str, str]]:
        def told(step: Progress) -> None:
            # Everything goes through twice: into the file, and out of it again to prove it.
            word.done, word.total = step.done, 2 * step.total

        handle = await self.disk.open(self.part, create=True)
        with as_file(handle) as file:
            handle.truncate(0)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bag:
                folder = ZipFolder(bag, handle)
                written = await self.now.written(folder, word, told, folder.bring)
                in_order(bag)
            handle.flush()
        if not written.finished:
            raise Cancelled(STOPPED)
        return written, folder.hashes

    async def _proven(self, hashes: dict[str, str], word: Word) -> int:
        """Read every file of it back; how large it is. Raises `NotUnderstood` where one is not what was
        written."""
        with await DiskFile(disk=self.disk, path=self.part).opened() as file:
            try:
                with zipfile.ZipFile(file) as bag:
                    abouts = bag.infolist()
                    word.total = word.done + sum(about.file_size for about in abouts)
                    read = {about.filename: await _hash(bag, about, word) for about in abouts}
            except TORN as why:
                raise NotUnderstood(Sentence(NOT_WHOLE, name=self.target.name)) from why
            wrong = sorted(name for name in hashes.keys() | read.keys() if hashes.get(name) != read.get(name))
            if wrong:
                raise NotUnderstood(Sentence(NOT_WHOLE, name=wrong[0]))
            return file.seek(0, 2)


async def _hash(bag: zipfile.ZipFile, about: zipfile.ZipInfo, word: Word) -> str:
    hashing = hashlib.sha256()
    with bag.open(about) as member:
        while piece := member.read(CHUNK):
            hashing.update(piece)
            word.moved(len(piece))
            await breath()
    return hashing.hexdigest()


async def _may_be_replaced(target: DiskFile, study: str) -> None:
    """Raises `WrongPlace` where a file lies that is no archive of this study, or one whose notes can't be read."""
    if await target.disk.size(target.path) is None:
        return
    with await target.opened() as file:
        try:
            folder = ZipFolder(zipfile.ZipFile(file))
            here = await study_of(folder)
        except TORN:
            here = None
        if here != study:
            raise WrongPlace(Sentence(NOT_OURS, path=target.name))
        try:
            for log in await folder.list(LOG):
                await folder.read(f"{LOG}/{log.name}")
        except TORN as why:
            raise WrongPlace(Sentence(HOLDS_MORE, path=target.name)) from why
