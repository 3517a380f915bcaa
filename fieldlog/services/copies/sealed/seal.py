"""A bundle is sealed with a passphrase on its way to its place.

It is made plain in the study's own folder first, where its words lie anyway; what leaves that is sealed, megabyte
by megabyte, read back, opened and hashed again before it has its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from fieldlog.model.errors import FieldLogError, NotOpened, NotUnderstood
from fieldlog.model.ports import Cipher, Handle
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.copies.bundle_parts import NOT_WHOLE, Bag, Made
from fieldlog.services.copies.sealed.first_line import LONGEST, TAG, FirstLine, begun, key_of, read_first_line
from fieldlog.services.machine.long_work import Word, breath
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import DiskFile
from fieldlog.store.journal import Position

SUFFIX = ".sealed"
LEAST_SIGNS = 8
SHORT = sentence("A passphrase has at least {n} characters; four words are good. Nothing was written.")


class CannotSeal(FieldLogError):
    """This machine has nothing that seals or opens."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "Nothing here can seal or open: on a laptop install the Python package cryptography; on a phone "
                "open FieldLog at an address that begins with https. Nothing was changed."
            )
        )


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a bundle is sealed with."""

    cipher: Cipher
    passphrase: str


def cipher_of(machine: Machine) -> Cipher:
    """What seals and opens on this machine. Raises `CannotSeal`."""
    if machine.cipher is not None:
        return machine.cipher
    try:
        from fieldlog.services.copies.sealed.openssl import OpenSsl
    except ImportError as why:
        raise CannotSeal from why
    return OpenSsl()


def seal_of(machine: Machine, passphrase: str) -> Seal:
    """A seal with this passphrase. Raises `NotUnderstood` for one that is too short, `CannotSeal`."""
    if len(passphrase.strip()) < LEAST_SIGNS:
        raise NotUnderstood(Sentence(SHORT, n=LEAST_SIGNS))
    return Seal(cipher=cipher_of(machine), passphrase=passphrase)


class SealedBag:
    """A bundle in the making that is sealed, in a thread of its own or in turns. `bag` makes the plain one."""

    def __init__(self, bag: Bag, target: DiskFile, seal: Seal, *, ending: str, said: str) -> None:
        self._bag, self._disk, self._path, self._said = bag, target.disk, target.path, said
        self._part, self._seal = target.path + ending, seal
        self.is_named = False

    async def make(self, word: Word, ends: Mapping[str, Position]) -> Made:
        """The bundle as it lies there sealed; `sha256` and `bytes` are those of the sealed file. Raises as
        `Bag.make` does."""
        try:
            made = await self._bag.make(word, ends)
            # Once more twice: into the sealed file, and out of it.
            word.total += 2 * made.bytes
            try:
                await self._write(made, word)
                sha256, size = await self._proven(made, word)
                await self._name()
            except BaseException:
                with suppress(FieldLogError):
                    await self._disk.remove(self._part)
                raise
        finally:
            with suppress(FieldLogError):
                await self._bag.disk.remove(self._bag.path)
        word.done = word.total
        return replace(made, path=self._said, sha256=sha256, bytes=size)

    async def _name(self) -> None:
        """See `Bag`."""
        try:
            await self._disk.move(self._part, self._path)
        finally:
            self.is_named = await self._disk.size(self._part) is None

    async def _write(self, made: Made, word: Word) -> None:
        cipher = self._seal.cipher
        line, key = await begun(cipher, self._seal.passphrase, made.bytes)
        plain = await self._bag.disk.open_read(self._bag.path)
        try:
            part = await self._disk.open(self._part, create=True)
            try:
                part.truncate(0)
                part.append(line.raw)
                for n in range(line.chunks):
                    piece = plain.read(line.at(n), line.length(n))
                    part.append(await cipher.sealed(key, line.nonce(n), piece, line.bound))
                    word.moved(len(piece))
                    await breath()
                part.flush()
            finally:
                part.close()
        finally:
            plain.close()

    async def _proven(self, made: Made, word: Word) -> tuple[str, int]:
        """Read the file back, open it with the passphrase, and hash what is inside; its own hash and bytes."""
        handle = await self._disk.open_read(self._part)
        try:
            line = read_first_line(handle.read(0, LONGEST), self._said)
            key = await key_of(self._seal.cipher, line, self._seal.passphrase, self._said)
            sha256, inside = await self._hashed(handle, line, key, word)
            if (inside, line.size) != (made.sha256, handle.size()):
                raise NotUnderstood(Sentence(NOT_WHOLE, name=self._said))
            return sha256, line.size
        except NotOpened as why:
            raise NotUnderstood(Sentence(NOT_WHOLE, name=self._said)) from why
        finally:
            handle.close()

    async def _hashed(self, handle: Handle, line: FirstLine, key: bytes, word: Word) -> tuple[str, str]:
        whole, inside, at = hashlib.sha256(line.raw), hashlib.sha256(), len(line.raw)
        for n in range(line.chunks):
            piece = handle.read(at, line.length(n) + TAG)
            whole.update(piece)
            inside.update(await self._seal.cipher.opened(key, line.nonce(n), piece, line.bound))
            at += len(piece)
            word.moved(line.length(n))
            await breath()
        return whole.hexdigest(), inside.hexdigest()
