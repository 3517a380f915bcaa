"""Sealed bundles come in: opened into a file of this device, and imported from there as any bundle is.

A megabyte that does not open is named, and zeros stand for it: what else is whole comes in. A file that is not as
long as it was made, and a passphrase that does not open it, change nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fieldlog.model.errors import NotOpened, NotUnderstood
from fieldlog.model.ports import Cipher, Disk
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.copies.bundle_faults import faults_in
from fieldlog.services.copies.bundle_in import UNREAD, import_bundle
from fieldlog.services.copies.sealed.first_line import LONGEST, MARK, TAG, FirstLine, key_of, read_first_line
from fieldlog.services.copies.sealed.seal import SUFFIX, cipher_of
from fieldlog.services.imports.report import Imported, Progress, no_progress
from fieldlog.services.machine.long_work import Asked, Word, beside, breath, in_turns, never, tell_nobody
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import DiskFile, Readable
from fieldlog.services.study.erase_promise import UNSEALED, UNSEALED_LOCK
from fieldlog.services.study.workspace import Workspace

CUT = sentence(
    "{name} has {here} bytes; when it was made it had {whole}. Hand it over again; nothing was imported."
)
MEGABYTE = sentence("Megabyte {n} of {name} is damaged; what is whole elsewhere in it was read.")
NONE_OPENS = sentence("All of {name} is damaged behind its first line; nothing was imported.")


@dataclass(frozen=True, kw_only=True)
class Unsealed:
    """A sealed bundle as it was before, as a source to be imported. `spoilt` are the numbers, from 1, of the
    megabytes that don't open: zeros stand there."""

    name: str
    file: DiskFile
    spoilt: tuple[int, ...]

    @property
    def faults(self) -> list[str]:
        """A sentence for each of them."""
        return [Sentence(MEGABYTE, n=n, name=self.name) for n in self.spoilt]

    def chunks(self) -> AsyncIterator[bytes]:
        return self.file.chunks()

    async def opened(self) -> BinaryIO:
        return await self.file.opened()


async def is_sealed(source: Readable) -> bool:
    """Whether a file is a sealed bundle, by its name's end or its first bytes; False where it can't be read."""
    if source.name.lower().endswith(SUFFIX):
        return True
    try:
        with await source.opened() as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False


async def look(source: Readable) -> FirstLine:
    """What its first line says, before anybody is asked for a passphrase. Raises `NotUnderstood` for what is no
    sealed bundle, or is not as long as it was made."""
    with await _opened(source) as file:
        return _first_line(file, source.name)


@asynccontextmanager
async def unsealed(
    machine: Machine, source: Readable, passphrase: str, progress: Progress = no_progress, *,
    cancelled: Asked = never,
) -> AsyncIterator[Unsealed]:  # fmt: skip
    """A sealed bundle opened on this device, for as long as it is looked at.

    Raises as `look` does, `WrongPassphrase`, `CannotSeal`, `StoreBusy` while another is opened here,
    `Cancelled`.
    """
    cipher = cipher_of(machine)
    with await _opened(source) as file:
        line = _first_line(file, source.name)
        key = await beside(
            machine.offload, in_turns(lambda _: key_of(cipher, line, passphrase, source.name)), tell_nobody, never
        )
        disk = machine.disk_at("")
        lock = await disk.lock(UNSEALED_LOCK)
        try:
            spoilt = await beside(
                machine.offload, in_turns(lambda word: _unseal(cipher, file, line, key, disk, word)),
                lambda done, total: progress("unsealed", done, total), cancelled,
            )  # fmt: skip
            if len(spoilt) == line.chunks:
                raise NotUnderstood(Sentence(NONE_OPENS, name=source.name))
            yield Unsealed(name=source.name, file=DiskFile(disk=disk, path=UNSEALED), spoilt=tuple(spoilt))
        finally:
            try:
                await disk.remove(UNSEALED)
            finally:
                lock.release()


async def import_sealed(
    machine: Machine, source: Readable, passphrase: str, progress: Progress = no_progress, *,
    here: Workspace | None = None, only: str | None = None, cancelled: Asked = never,
) -> Imported:  # fmt: skip
    """Take a sealed bundle in as `import_bundle` does; a damaged megabyte is among the `problems`.

    Raises as `unsealed` and `import_bundle` do.
    """
    async with unsealed(machine, source, passphrase, progress, cancelled=cancelled) as plain:
        done = await import_bundle(machine, plain, progress, here=here, only=only, cancelled=cancelled)
    done.problems[:0] = plain.faults
    if plain.spoilt:
        done.damaged, done.digits = True, ""
    return done


async def verify_sealed(machine: Machine, source: Readable, passphrase: str) -> list[str]:
    """Every fault of a sealed bundle as a sentence. Raises as `unsealed` does."""
    async with unsealed(machine, source, passphrase) as plain:
        with await plain.opened() as file:
            return [*plain.faults, *await faults_in(file, source.name, Word())]


async def _opened(source: Readable) -> BinaryIO:
    try:
        return await source.opened()
    except OSError as why:
        raise NotUnderstood(Sentence(UNREAD, name=source.name, why=reason(why))) from why


def _first_line(file: BinaryIO, name: str) -> FirstLine:
    size = file.seek(0, 2)
    file.seek(0)
    line = read_first_line(file.read(LONGEST), name)
    if size != line.size:
        raise NotUnderstood(Sentence(CUT, name=name, here=size, whole=line.size))
    return line


async def _unseal(
    cipher: Cipher, file: BinaryIO, line: FirstLine, key: bytes, disk: Disk, word: Word
) -> list[int]:  # fmt: skip
    """Write what opens; the numbers of the megabytes that don't."""
    spoilt = []
    word.total = line.plain
    handle = await disk.open(UNSEALED, create=True)
    try:
        handle.truncate(0)
        file.seek(len(line.raw))
        for n in range(line.chunks):
            piece = file.read(line.length(n) + TAG)
            try:
                plain = await cipher.opened(key, line.nonce(n), piece, line.bound)
            except NotOpened:
                spoilt.append(n + 1)
                plain = bytes(line.length(n))
            handle.append(plain)
            word.moved(len(plain))
            await breath()
        handle.flush()
    finally:
        handle.close()
    return spoilt
