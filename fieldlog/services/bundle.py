"""Bundles: a study, or what is new in it, as one file to carry to another device.

    format.json                                         {"format":1,"project":…,"min_reader":1}
    log/<writer>/<first n>-<bytes>-<sha256/16>.jsonl    journal lines, unchanged
    media/<2 hex>/<sha256>.<ext>                        originals

A bundle is read back from the disk and every member hashed before it is called made.
"""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fieldlog.media.reading import Held, pieces
from fieldlog.media.vault import Stored, Vault
from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError, NotUnderstood, StoreBusy
from fieldlog.model.line import Line, compact, first_prev
from fieldlog.model.ports import Handle
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.beside import Asked, Tell, Word, beside, breath, in_turns, never, tell_nobody
from fieldlog.services.ledger import Row, forget_begun, read_ledger, remember_begun, remember_copy
from fieldlog.services.machine import folder_disk
from fieldlog.services.open import Workspace
from fieldlog.services.sources import DiskFile, as_file
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position
from fieldlog.store.store import HeldStill

FORMAT = {"format": 1, "min_reader": 1}
PART = ".part"
NOT_WHOLE = sentence("The bundle was not written whole ({name}); there is no copy. Try again.")
_CHUNK = 1 << 18
PATIENCE = 50
"""So many tenths of a second somebody else may have an original open."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A bundle that was read back whole. `missing` names media a line speaks of that are not in the vault.

    `sha256` is that of the whole file where it was asked for; `covered` is how far it holds each journal.
    """

    path: str
    lines: int
    files: int
    bytes: int
    missing: tuple[str, ...] = ()
    sha256: str = ""
    covered: Mapping[str, Position] = field(default_factory=dict)


async def make_bundle(
    work: Workspace, path: Path, *, since_last: bool = False, team_only: bool = False,
    tell: Tell = tell_nobody, cancelled: Asked = never,
) -> Made:  # fmt: skip
    """Write a bundle beside `path` and give it that name once it is proven, telling bytes.

    It holds what was saved until this is called, and is then written into the ledger of copies. `team_only`
    leaves out the personal lane and the media that only it names. Raises what the disk raises, and `Cancelled`;
    then there is no file.
    """
    target = DiskFile(disk=folder_disk(path.parent), path=path.name)

    async def remember(made: Made) -> None:
        at = work.machine.clock().at
        row = Row(
            kind="bundle", at=at, path=made.path, lines=made.lines, bytes=made.bytes, team_only=team_only
        )  # fmt: skip
        await remember_copy(work, row, made.covered)

    return await pack(
        work, target, since_last=since_last, team_only=team_only, tell=tell, cancelled=cancelled,
        path=str(path), done=remember,
    )  # fmt: skip


async def sweep(work: Workspace) -> None:
    """Remove bundles that were in the making when the app was killed. To be called while none is under way.

    One that may have had its name by then is a copy that nobody proved.
    """
    for row in (await read_ledger(work)).rows:
        place = Path(row.part)
        if row.begun and row.part and place.parent.is_dir():
            with suppress(FieldLogError):
                disk = folder_disk(place.parent)
                await disk.remove(place.name)
                left = await disk.size(Path(row.path).name) is not None
                await forget_begun(work, "bundle", row.path, row.part, left=left)


async def nothing(made: Made) -> None:
    """Keeps no account."""


async def pack(
    work: Workspace, target: DiskFile, *, since_last: bool = False, team_only: bool = False, hashed: bool = False,
    tell: Tell = tell_nobody, cancelled: Asked = never, path: str = "",
    done: Callable[[Made], Awaitable[None]] = nothing,
) -> Made:  # fmt: skip
    """Make a bundle as `make_bundle` does, in no ledger but what `done` writes; `hashed` as a whole where it is to
    be known again. Where something is erased meanwhile it begins anew, without it. Outside of the store (`path`)
    the ledger has it for as long as it is in the making."""
    place = str(Path(path).absolute()) if path else ""
    ending = f".{work.machine.new_salt()[:8]}{PART}"
    bags: list[_Bag] = []

    async def made_of_now(asked: Asked) -> Made:
        if place:
            await remember_begun(work, "bundle", place, place + ending)
        covers = (await read_ledger(work)).bundled if since_last else {}
        held = await work.store.held_still()
        ends = dict(work.store.ends)
        said = path or target.path
        bag = _Bag(target, ending, held, work.vault, covers, team_only=team_only, hashed=hashed, said=said)
        bags.append(bag)
        return await beside(work.machine.offload, in_turns(lambda word: bag.make(word, ends)), tell, asked)

    async def undo(made: Made | None) -> None:
        if made is not None:
            await target.disk.remove(target.path)
        await gone()

    async def gone() -> None:
        """Say that nothing is there any more, if that is so."""
        if place and await target.disk.size(target.path + ending) is None:
            await forget_begun(work, "bundle", place, place + ending)

    try:
        made = await work.under_way.write(work, made_of_now, cancelled=cancelled, undo=undo, done=done)
    except BaseException:
        # What nobody is told of must not lie there: what is erased later would still be in it.
        if any(bag.is_named for bag in bags):
            with suppress(FieldLogError):
                await target.disk.remove(target.path)
            if await target.disk.size(target.path) is not None:
                raise
        await gone()
        raise
    await gone()
    return made


@dataclass
class _Log:
    """Lines of one journal as they go into a bundle, the `first` number among them, and the media they name."""

    lane: str = ""
    first: int = 0
    count: int = 0
    data: bytearray = field(default_factory=bytearray)
    named: set[str] = field(default_factory=set)

    def take(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.first = self.first or line.n
            self.count += 1
            self.data += line.raw + b"\n"
            shas = (op.v.get("sha256") for op in line.ops if op.r == "attachment")
            self.named.update(one for one in shas if one and gate.sha256(one) is None)


class _Bag:
    """A bundle in the making, in a thread of its own or in turns. `writers` are those it covers as far as `held`
    goes."""

    def __init__(
        self, target: DiskFile, ending: str, held: HeldStill, vault: Vault, covers: Mapping[str, int], *,
        team_only: bool, hashed: bool, said: str,
    ) -> None:  # fmt: skip
        self.disk, self.path, self.part, self.said = target.disk, target.path, target.path + ending, said
        self.held, self.vault, self.covers = held, vault, covers
        self.team_only, self.hashed = team_only, hashed
        self.writers: set[str] = set()
        self.hashes: dict[str, str] = {}
        self.is_named = False

    async def make(self, word: Word, ends: Mapping[str, Position]) -> Made:
        logs = await self._logs()
        shas = sorted({sha256 for log in logs.values() for sha256 in log.named})
        stored = {sha256: found for sha256 in shas if (found := await self.vault.find(sha256))}
        texts = sum(len(log.data) for log in logs.values()) + len(self._form())
        # Everything goes through twice: into the file, and out of it again to prove it.
        word.total = (3 if self.hashed else 2) * (texts + sum(one.bytes for one in stored.values()))
        try:
            await self._write(logs, stored, word)
            whole, size = await self._proven(word)
            await self._name()
        except BaseException:
            with suppress(FieldLogError):
                await self.disk.remove(self.part)
            raise
        # Nothing stops it any more: who asks for that now is told of the file.
        word.done = word.total
        return Made(
            path=self.said, lines=sum(log.count for log in logs.values()), files=len(stored), bytes=size,
            missing=tuple(sha for sha in shas if sha not in stored), sha256=whole,
            covered={writer: ends[writer] for writer in self.writers & ends.keys()},
        )  # fmt: skip

    async def _name(self) -> None:
        """Give the proven file its name. Where the disk refuses to keep that it may have it all the same."""
        try:
            await self.disk.move(self.part, self.path)
        finally:
            self.is_named = await self.disk.size(self.part) is None

    async def _logs(self) -> dict[str, _Log]:
        logs = {}
        for writer, files in self.held.files.items():
            log, covered = _Log(), self.covers.get(writer, 0)
            for found in journals.by_file(files, writer, Position(head=first_prev(self.held.project, writer))):
                log.lane = log.lane or (found.lines[0].lane if found.lines else "")
                log.take(line for line in found.lines if line.n > covered or line.erased)
                await breath()
            if not (self.team_only and log.lane not in ("", "team")):
                self.writers.add(writer)
                if log.count:
                    logs[writer] = log
        return logs

    async def _write(self, logs: Mapping[str, _Log], stored: Mapping[str, Stored], word: Word) -> None:
        handle = await self.disk.open(self.part, create=True)
        with as_file(handle) as file:
            handle.truncate(0)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bag:
                await self._add(bag, "format.json", self._form(), word)
                for writer, log in logs.items():
                    data = bytes(log.data)
                    await self._add(bag, f"log/{writer}/{segment_name(log.first, data)}", data, word)
                for one in stored.values():
                    await self._add_media(bag, one, word)
            handle.flush()

    def _form(self) -> bytes:
        return compact({**FORMAT, "project": self.held.project})

    async def _add(self, bag: zipfile.ZipFile, name: str, data: bytes, word: Word) -> None:
        with bag.open(name, "w") as member:
            for piece in pieces(Held(data)):
                member.write(piece)
                word.moved(len(piece))
                await breath()
        self.hashes[name] = hashlib.sha256(data).hexdigest()

    async def _add_media(self, bag: zipfile.ZipFile, stored: Stored, word: Word) -> None:
        """Media are kept as they are: most are packed already, and packing sound takes longer than it is worth."""
        name = f"media/{stored.sha256[:2]}/{stored.sha256}.{stored.extension}"
        handle = await self._opened(stored)
        try:
            with bag.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                for piece in pieces(handle):
                    member.write(piece)
                    word.moved(len(piece))
                    await breath()
        finally:
            handle.close()
        self.hashes[name] = stored.sha256

    async def _opened(self, stored: Stored) -> Handle:
        """An original, as soon as nobody looks at it: in a browser only one can."""
        for _ in range(PATIENCE):
            try:
                return await self.vault.open(stored.sha256)
            except StoreBusy:
                await asyncio.sleep(0.1)
        return await self.vault.open(stored.sha256)

    async def _proven(self, word: Word) -> tuple[str, int]:
        """Read the file back from the disk and hash every member; its own hash, where it is wanted, and its bytes.

        Raises `NotUnderstood` where one differs.
        """
        handle = await self.disk.open_read(self.part)
        with as_file(handle) as file:
            with zipfile.ZipFile(file) as bag:
                for name, sha256 in self.hashes.items():
                    if await _hash(bag, name, word) != sha256:
                        raise NotUnderstood(Sentence(NOT_WHOLE, name=name))
            whole = hashlib.sha256()
            for piece in pieces(handle) if self.hashed else ():
                whole.update(piece)
                # Packed, it is shorter than what went in.
                word.moved(min(len(piece), word.total - word.done))
                await breath()
            return whole.hexdigest() if self.hashed else "", handle.size()


def segment_name(first: int, data: bytes) -> str:
    return f"{first}-{len(data)}-{hashlib.sha256(data).hexdigest()[:16]}.jsonl"


async def _hash(bag: zipfile.ZipFile, name: str, word: Word) -> str:
    hashing = hashlib.sha256()
    with bag.open(name) as member:
        while piece := member.read(_CHUNK):
            hashing.update(piece)
            word.moved(len(piece))
            await breath()
    return hashing.hexdigest()
