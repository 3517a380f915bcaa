"""A bundle in the making: what goes into it, written, read back and sealed.

    format.json                                                {"format":1,"min_reader":1,"project":…}
    log/<writer>/<first n>-<last n>-<bytes>-<sha256/16>.jsonl  journal lines, unchanged
    media/<2 hex>/<sha256>.<ext>                               originals

Nothing in it is packed, so that a flipped bit costs one line. Its comment names the study once more and ends
with the SHA-256 of every byte before that: `head -c -64 FILE | sha256sum` says the same. In `format.json`,
`reached` tells how far each writer comes in it, as lane, number and head; `since`, which numbers it leaves out;
`team_only`, that personal notes are not in it. 2 as `min_reader` says that lines have no body although they were
not erased.
"""

from __future__ import annotations

import asyncio
import hashlib
import struct
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from fieldlog.media.reading import Held, pieces
from fieldlog.media.vault import Stored, Vault
from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError, NotUnderstood, StoreBusy, WrongPlace
from fieldlog.model.line import Line, compact
from fieldlog.model.ports import Handle
from fieldlog.model.records import original_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.copies.sealed.digits import digits_of
from fieldlog.services.machine.long_work import Word, breath
from fieldlog.services.machine.sources import DiskFile, as_file
from fieldlog.store.checking import HeldStill
from fieldlog.store.journal import Position
from fieldlog.store.passing import Lost, Passing
from fieldlog.sync.layout import READS, segment_name

FORMAT = {"format": 1, "min_reader": 1}

# The comment of the ZIP; until the file is proven, zeros stand for the hash.
SEAL = "FieldLog bundle of study %s. SHA-256 of every byte before this one: %s"
SEAL_BYTES = 64
PART = ".part"
NOT_WHOLE = sentence("The bundle was not written whole ({name}); it is no backup. Try again.")
HOLDS_MORE = sentence(
    "The bundle {path} may hold more than the one that would take its place. Choose another name; nothing was "
    "written."
)
PATIENCE = 50
"""So many times a bundle waits as long as the vault does: erasing part of a long memo has it open meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A bundle that was read back whole. `missing` names media a line speaks of that are not in the vault,
    `damaged` those that are not what they were any more, and `lost` what of the journals can't be read. `let_go`
    are those of the missing that a person let go here: others have them.

    `sha256` is that of the whole file, `digits` are what proves it; `covered` is how far it holds each journal.
    """

    path: str
    lines: int
    files: int
    bytes: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    let_go: tuple[str, ...] = ()
    sha256: str = ""
    digits: str = ""
    covered: Mapping[str, Position] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether it holds everything that it speaks of."""
        return not (self.missing or self.damaged or self.lost)


@dataclass
class _Log:
    """Lines of one journal as they go into a bundle, from the `first` number to the `last`, and what media they
    name.

    `poorer` says that a line among them has no body and is not erased, `lost` what of the journal can't be read.
    """

    lane: str = ""
    first: int = 0
    last: int = 0
    head: str = ""
    count: int = 0
    data: bytearray = field(default_factory=bytearray)
    named: set[str] = field(default_factory=set)
    poorer: bool = False
    lost: tuple[Lost, ...] = ()

    def take(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.first, self.last, self.head = self.first or line.n, line.last, line.head_hash
            self.count += line.has_head and line.form != "lost"
            self.poorer |= line.form not in ("whole", "erased")
            self.data += line.raw + b"\n"
            shas = (original_of(op.v) for op in line.ops if op.r == "attachment")
            self.named.update(one for one in shas if one and gate.sha256(one) is None)


class Bag:
    """A bundle in the making, in a thread or in turns. `writers` are those it covers as far as `held` goes."""

    def __init__(
        self, target: DiskFile, held: HeldStill, vault: Vault, covers: Mapping[str, int] | None, *,
        ending: str, team_only: bool, said: str, replaces: bool,
    ) -> None:  # fmt: skip
        self.disk, self.path, self.part, self.said = target.disk, target.path, target.path + ending, said
        self.held, self.vault, self.covers, self.team_only = held, vault, covers, team_only
        self.replaces = replaces
        self.writers: set[str] = set()
        self.members: list[tuple[int, int, str, str]] = []
        self.damaged: list[str] = []
        self.is_named = False

    async def make(self, word: Word, ends: Mapping[str, Position]) -> Made:
        logs = await self._logs()
        shas = sorted({sha256 for log in logs.values() for sha256 in log.named})
        stored = {sha256: found for sha256 in shas if (found := await self.vault.find(sha256))}
        form = self._form(logs)
        texts = sum(len(log.data) for log in logs.values()) + len(form)
        # Everything goes through twice: into the file, and out of it again to prove it.
        word.total = 2 * (texts + sum(one.bytes for one in stored.values()))
        try:
            whole, size = await self._whole(form, logs, stored, word)
            made = Made(
                path=self.said, lines=sum(log.count for log in logs.values()), bytes=size,
                files=len(stored) - len(self.damaged), damaged=tuple(self.damaged),
                missing=tuple(sha for sha in shas if sha not in stored),
                sha256=whole, lost=tuple(one for log in logs.values() for one in log.lost),
                covered={writer: ends[writer] for writer in self.writers & ends.keys()},
                digits=digits_of(form, [name for *_, name in self.members if name != "format.json"]),
            )  # fmt: skip
            if self.replaces and not made.whole:
                raise WrongPlace(Sentence(HOLDS_MORE, path=self.said))
            await self._name()
        except BaseException:
            with suppress(FieldLogError):
                await self.disk.remove(self.part)
            raise
        # Nothing stops it any more: who asks for that now is told of the file.
        word.done = word.total
        return made

    async def _name(self) -> None:
        """Give the proven file its name. Where the disk refuses to keep that it may have it all the same."""
        try:
            await self.disk.move(self.part, self.path)
        finally:
            self.is_named = await self.disk.size(self.part) is None

    async def _logs(self) -> dict[str, _Log]:
        logs, held = {}, self.held
        for writer in sorted(held.files.keys() | held.reached.keys()):
            log, covered = _Log(), (self.covers or {}).get(writer, 0)
            passing = Passing(writer=writer, project=held.project, reached=held.reached.get(writer))
            for lines in passing.lines(held.files.get(writer, ())):
                log.take(line for line in lines if line.last > covered or line.erased)
                await breath()
            log.lane, log.lost = passing.lane, tuple(one for one in passing.lost if one.last > covered)
            if not (self.team_only and log.lane not in ("", "team")):
                self.writers.add(writer)
                if log.count or log.poorer or log.lost:
                    logs[writer] = log
        return logs

    def _form(self, logs: Mapping[str, _Log]) -> bytes:
        """What the bundle is: of which study, and of how much of it."""
        poorer = any(log.poorer for log in logs.values())
        told: dict[str, Any] = {
            **FORMAT, "min_reader": READS if poorer else 1, "project": self.held.project,
            "reached": {writer: [log.lane, log.last, log.head] for writer, log in logs.items() if log.last},
        }  # fmt: skip
        if self.covers is not None:
            told["since"] = self.covers
        if self.team_only:
            told["team_only"] = True
        return compact(told)

    async def _write(
        self, form: bytes, logs: Mapping[str, _Log], stored: Mapping[str, Stored], word: Word
    ) -> None:  # fmt: skip
        self.members.clear()
        handle = await self.disk.open(self.part, create=True)
        with as_file(handle) as file:
            handle.truncate(0)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bag:
                await self._add(bag, "format.json", form, word)
                for writer, log in logs.items():
                    if log.data:
                        data = bytes(log.data)
                        await self._add(bag, f"log/{writer}/{segment_name(log.first, log.last, data)}", data, word)
                for one in stored.values():
                    await self._add_media(bag, one, word)
                bag.comment = SEAL.encode() % (self.held.project.encode(), b"0" * SEAL_BYTES)
            handle.flush()

    async def _add(self, bag: zipfile.ZipFile, name: str, data: bytes, word: Word) -> None:
        info = zipfile.ZipInfo(name)
        with bag.open(info, "w") as member:
            for piece in pieces(Held(data)):
                member.write(piece)
                word.moved(len(piece))
                await breath()
        self.members.append((info.header_offset, len(data), hashlib.sha256(data).hexdigest(), name))

    async def _add_media(self, bag: zipfile.ZipFile, stored: Stored, word: Word) -> None:
        info = zipfile.ZipInfo(f"media/{stored.sha256[:2]}/{stored.sha256}.{stored.extension}")
        original = await self._opened(stored)
        try:
            with bag.open(info, "w", force_zip64=True) as member:
                for piece in pieces(original):
                    member.write(piece)
                    word.moved(len(piece))
                    await breath()
        finally:
            original.close()
        self.members.append((info.header_offset, info.file_size, stored.sha256, info.filename))

    async def _opened(self, stored: Stored) -> Handle:
        """An original, as soon as nobody looks at it: in a browser only one can."""
        for _ in range(PATIENCE):
            try:
                return await self.vault.open(stored.sha256)
            except StoreBusy:
                await asyncio.sleep(0.1)
        return await self.vault.open(stored.sha256)

    async def _whole(
        self, form: bytes, logs: Mapping[str, _Log], stored: Mapping[str, Stored], word: Word
    ) -> tuple[str, int]:  # fmt: skip
        """Write the file and prove it; again without the originals that turn out not to be what they were."""
        while True:
            here = {sha256: one for sha256, one in stored.items() if sha256 not in self.damaged}
            await self._write(form, logs, here, word)
            whole, wrong = await self._proven(word)
            if not wrong:
                return await self._sealed(whole)
            for name in wrong:
                sha256 = PurePosixPath(name).stem
                if sha256 not in here or not await self.vault.verify(sha256):
                    raise NotUnderstood(Sentence(NOT_WHOLE, name=name))
                self.damaged.append(sha256)
            word.total += word.done

    async def _proven(self, word: Word) -> tuple[Any, list[str]]:
        """Read the file back and hash all but the place of the seal; the names of members that are not whole."""
        handle, wrong = await self.disk.open_read(self.part), []
        try:
            whole, at = hashlib.sha256(), 0
            for start, count, sha256, name in self.members:
                begins = start + 30 + sum(struct.unpack("<HH", handle.read(start + 26, 4)))
                member = hashlib.sha256()
                await _hash(handle, at, begins, (whole,))
                await _hash(handle, begins, begins + count, (whole, member), word)
                at = begins + count
                wrong += [name] if member.hexdigest() != sha256 else []
            await _hash(handle, at, handle.size() - SEAL_BYTES, (whole,))
        finally:
            handle.close()
        return whole, wrong

    async def _sealed(self, whole: Any) -> tuple[str, int]:
        """Put the hash of all that stands before it at the file's end; the hash of the file, and its bytes."""
        seal = whole.hexdigest().encode()
        handle = await self.disk.open(self.part)
        try:
            size = handle.size()
            handle.write(seal, size - SEAL_BYTES)
            handle.flush()
            if handle.read(size - SEAL_BYTES, SEAL_BYTES) != seal:
                raise NotUnderstood(Sentence(NOT_WHOLE, name=self.path))
        finally:
            handle.close()
        whole.update(seal)
        return whole.hexdigest(), size


async def _hash(handle: Handle, start: int, end: int, into: Iterable[Any], word: Word | None = None) -> None:
    for piece in pieces(handle, start, end - start):
        for hashing in into:
            hashing.update(piece)
        if word:
            word.moved(len(piece))
        await breath()
