"""The vault: every original under the name of its own hash, never altered.

media/incoming/000001.part          on its way in
media/3f/3f9a…c1.jpg                kept
derived/3f/3f9a…c1/thumb.jpg        worked out from it, can be made again
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from fieldlog.media.kinds import sniff
from fieldlog.media.reading import head_of, pieces, tail_of
from fieldlog.model.errors import MissingFile, NotUnderstood, StoreBusy
from fieldlog.model.ports import Disk, Handle, Source
from fieldlog.model.sentence import Sentence, sentence

_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_SHELF = re.compile(r"[0-9a-f]{2}")
_ARRIVING = re.compile(r"\d{6}\.part")
TURNS, TURN_SECONDS = 150, 0.02

T = TypeVar("T")


class HoldsNothing(NotUnderstood):
    """A source without a single byte."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence("{name} holds nothing, so there is nothing to keep.", name=name))
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file in the vault. `path` is relative to the disk; `new` is False where it was there before."""

    sha256: str
    bytes: int
    path: str
    extension: str
    new: bool


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file found in the vault, not yet re-hashed."""

    sha256: str
    bytes: int
    path: str
    extension: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What re-hashing found wrong. `found` is the hash of the bytes that are there, "" if none are."""

    sha256: str
    kind: Literal["missing", "changed"]
    found: str = ""

    @property
    def sentence(self) -> Sentence:
        if self.kind == "missing":
            words = sentence("The file {sha256} is not in the vault. Synchronise, or restore it from an archive.")
        else:
            words = sentence(
                "The file {sha256} has changed in the vault. Bring it back by synchronising or restoring."
            )
        return Sentence(words, sha256=self.sha256)

    def __str__(self) -> str:
        return self.sentence


class Vault:
    """Originals on a disk, under `folder`; what is derived from them lies under `derived`."""

    def __init__(self, disk: Disk, folder: str = "media", derived: str = "derived") -> None:
        self._disk = disk
        self._folder = folder
        self._derived = derived
        self._arrivals = 0

    @property
    def disk(self) -> Disk:
        return self._disk

    def path_of(self, sha256: str, extension: str) -> str:
        """Where a file lies or would lie. Raises `NotUnderstood` for what is no hash or extension."""
        _check(sha256)
        if not _EXTENSION.fullmatch(extension):
            raise NotUnderstood(Sentence("“{extension}” is no file extension.", extension=extension))
        return f"{self._folder}/{sha256[:2]}/{sha256}.{extension}"

    def derived_folder(self, sha256: str) -> str:
        """The folder of everything derived from a file."""
        _check(sha256)
        return f"{self._derived}/{sha256[:2]}/{sha256}"

    async def keep(self, source: Source, *, expected: str | None = None) -> Kept:
        """Take a copy of a source, durably, and say what it is called from now on.

        The extension comes from the content; the source's name only settles what content leaves open.
        Raises `HoldsNothing`, `NotUnderstood` for a source that does not hash to `expected`, and what
        the source itself raises; nothing is left behind then.
        """
        self._arrivals += 1
        part = f"{self._folder}/incoming/{self._arrivals:06d}.part"
        handle = await self._disk.open(part, create=True)
        try:
            try:
                handle.truncate(0)
                sha256, size = await _pour(source, handle)
                handle.flush()
                sniffed = sniff(head_of(handle), size, tail=tail_of(handle), name=source.name)
            finally:
                handle.close()
            if size == 0:
                raise HoldsNothing(source.name)
            if expected is not None and sha256 != expected:
                raise NotUnderstood(
                    Sentence("{name} is not the file it should be; it has not been kept.", name=source.name)
                )
            return await self._settle(part, sha256, size, sniffed.extension)
        finally:
            await self._disk.remove(part)

    async def adopt(self, path: str, sha256: str, extension: str) -> Kept:
        """Move a flushed, closed file of this disk in under a hash worked out while it was written.

        Its bytes are not read again. Called twice, as after a crash, the second finds it already there.
        """
        size = await self._disk.size(path)
        if size is None:
            stored = await self.find(sha256)
            if stored is None:
                raise MissingFile(path)
            return _kept(stored, new=False)
        return await self._settle(path, sha256, size, extension)

    async def _settle(self, path: str, sha256: str, size: int, extension: str) -> Kept:
        """Give a file its place, unless a whole one is there already; then drop it."""
        there = await self.find(sha256)
        if there is not None and there.bytes == size and await self.verify(sha256) is None:
            await self._disk.remove(path)
            return _kept(there, new=False)
        # A copy that says something else was damaged since: the good one takes its place.
        target = there.path if there else self.path_of(sha256, extension)
        await self._disk.move(path, target)
        extension = target.rpartition(".")[2]
        return Kept(sha256=sha256, bytes=size, path=target, extension=extension, new=there is None)

    async def find(self, sha256: str) -> Stored | None:
        """The file of a hash, None where it isn't in the vault."""
        _check(sha256)
        shelf = f"{self._folder}/{sha256[:2]}"
        for entry in await self._disk.list(shelf):
            name, _, extension = entry.name.partition(".")
            if name == sha256 and _EXTENSION.fullmatch(extension) and not entry.is_dir:
                return Stored(sha256=sha256, bytes=entry.bytes, path=f"{shelf}/{entry.name}", extension=extension)
        return None

    async def has(self, sha256: str) -> bool:
        return await self.find(sha256) is not None

    async def open(self, sha256: str) -> Handle:
        """Open a file for reading; close it soon. Raises `MissingFile`."""
        stored = await self.find(sha256)
        if stored is None:
            raise MissingFile(f"{self._folder}/{sha256[:2]}/{sha256}")
        path = stored.path
        return await patiently(lambda: self._disk.open_read(path))

    async def open_derived(self, sha256: str, name: str) -> Handle:
        """Open something derived from a file for reading; close it soon. Raises `MissingFile`."""
        return await patiently(lambda: self._disk.open_read(f"{self.derived_folder(sha256)}/{name}"))

    async def verify(
        self, sha256: str, seen: Callable[[int], None] = lambda _: None
    ) -> Fault | None:  # fmt: skip
        """Hash a file again. None is the good answer. `seen` is told the bytes read; what it raises ends this."""
        stored = await self.find(sha256)
        if stored is None:
            return Fault(sha256=sha256, kind="missing")
        found = await hash_of(self._disk, stored.path, seen)
        return None if found == sha256 else Fault(sha256=sha256, kind="changed", found=found)

    async def all(self) -> list[Stored]:
        """Every file in the vault, in the order of their hashes. Foreign files are passed over."""
        found = []
        for shelf in await self._disk.list(self._folder):
            if not (shelf.is_dir and _SHELF.fullmatch(shelf.name)):
                continue
            for entry in await self._disk.list(f"{self._folder}/{shelf.name}"):
                sha256, _, extension = entry.name.partition(".")
                if entry.is_dir or not (_SHA256.fullmatch(sha256) and _EXTENSION.fullmatch(extension)):
                    continue
                path = f"{self._folder}/{shelf.name}/{entry.name}"
                found.append(Stored(sha256=sha256, bytes=entry.bytes, path=path, extension=extension))
        return found

    async def erase(self, sha256: str) -> bool:
        """Remove a file and all that was derived from it, for good. False where there was nothing.

        The original goes first, so that whoever is deriving something from it meanwhile can see that it went.
        """
        stored = await self.find(sha256)
        paths = [stored.path] if stored is not None else []
        folder = self.derived_folder(sha256)
        derived = await self._disk.list(folder)
        for path in [*paths, *(f"{folder}/{entry.name}" for entry in derived)]:
            await patiently(partial(self._disk.remove, path))
        await self._disk.remove(folder)
        return stored is not None or bool(derived)

    async def let_go(self, sha256: str) -> int:
        """Remove an original that others have, and what is large of what was derived from it; small pictures and
        peaks stay. How many bytes of it went."""
        stored = await self.find(sha256)
        repaired = f"{self.derived_folder(sha256)}/repaired.wav"
        for path in [*([stored.path] if stored else []), repaired]:
            await patiently(partial(self._disk.remove, path))
        return stored.bytes if stored else 0

    async def sweep(self) -> list[str]:
        """Remove what was still on its way in when the app was killed; at start, before anything arrives.

        Only the vault's own half-arrived copies: a recording is never one. Returns their paths.
        """
        swept = []
        for entry in await self._disk.list(f"{self._folder}/incoming"):
            if _ARRIVING.fullmatch(entry.name):
                path = f"{self._folder}/incoming/{entry.name}"
                await self._disk.remove(path)
                swept.append(path)
        return swept


async def patiently(verb: Callable[[], Awaitable[T]]) -> T:
    """Do what needs a file of the vault to itself: where open files are exclusive, whoever reads it now is done
    in a moment. Raises `StoreBusy` where that takes longer than three seconds."""
    for _ in range(TURNS):
        try:
            return await verb()
        except StoreBusy:
            await asyncio.sleep(TURN_SECONDS)
    return await verb()


async def hash_of(disk: Disk, path: str, seen: Callable[[int], None] = lambda _: None) -> str:
    """The sha256 of a file, read in pieces. Raises `MissingFile`."""
    handle = await patiently(lambda: disk.open_read(path))
    try:
        hashing = hashlib.sha256()
        for piece in pieces(handle):
            hashing.update(piece)
            seen(len(piece))
            await asyncio.sleep(0)
        return hashing.hexdigest()
    finally:
        handle.close()


async def _pour(source: Source, handle: Handle) -> tuple[str, int]:
    """Copy a source to a handle. Returns its sha256 and bytes."""
    hashing, size = hashlib.sha256(), 0
    async for chunk in source.chunks():
        handle.append(chunk)
        hashing.update(chunk)
        size += len(chunk)
    return hashing.hexdigest(), size


def _check(sha256: str) -> None:
    if not _SHA256.fullmatch(sha256):
        raise NotUnderstood(Sentence("“{sha256}” is no sha256.", sha256=sha256))


def _kept(stored: Stored, *, new: bool) -> Kept:
    return Kept(sha256=stored.sha256, bytes=stored.bytes, path=stored.path, extension=stored.extension, new=new)
