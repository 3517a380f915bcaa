"""The log of an archive: what goes into it of the journals, and what it says of them.

A journal that is whole goes in as it is. Of one that is damaged goes what is whole, lost forms in the place of the
rest; and a line that lies in the archive already is never given up for one of these, unless it speaks of what was
erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from fieldlog.archive.living.outlet import Outlet
from fieldlog.archive.living.restorable import study_in
from fieldlog.archive.names import LOG, log_path
from fieldlog.model.errors import DamagedLine, MissingFile, NotUnderstood
from fieldlog.model.line import Line, decode, salvaged
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.store import journal as journals
from fieldlog.store.erasing import speaks_of
from fieldlog.store.journal import Files, Position
from fieldlog.store.passing import Lost, Passing, is_sound
from fieldlog.store.pieces import Check
from fieldlog.store.reached import Reached

ONLY_THERE = sentence(
    "The archive's log holds lines of journal {writer} from {first} to {last} that are not in this store. They "
    "stay there; import the archive to take them in."
)
NOT_READ = sentence("{path}, line {line}: {why}")


@dataclass(kw_only=True)
class StoreJournals:
    """The store's journals as the archive reads them: those that hold a line, each up to where it ended when the
    writing was begun. `dead` are the records that were erased, `before` the disk of the archive as it is there.
    `sound` is what was found sound of each before: what it hashed to, and how far its writer was known to be."""

    disk: Disk
    project: str
    ends: Mapping[str, Position]
    reached: Mapping[str, Reached] = field(default_factory=dict)
    before: Outlet | None = None
    dead: Collection[str] = ()
    sound: dict[str, tuple[str, Reached | None]] = field(default_factory=dict)
    lost: dict[str, list[Lost]] = field(default_factory=dict)
    only_there: dict[str, Sentence] = field(default_factory=dict)
    _there: dict[str, int] = field(default_factory=dict)

    async def look(self) -> None:
        """See what lies in the archive already; to be called first."""
        found = await self.before.list(LOG) if self.before else []
        names = {one.name.removesuffix(".jsonl"): one.bytes for one in found if one.name.endswith(".jsonl")}
        self._there = {writer: size for writer, size in names.items() if size}

    def writers(self) -> list[str]:
        return sorted(self.ends.keys() | self.reached.keys() | self._there.keys())

    async def size(self, writer: str) -> int:
        end, whole = self.ends.get(writer), 0
        for segment in await journals.segments(self.disk, writer) if end else ():
            if end and segment < end.segment:
                whole += await self.disk.size(journals.path(writer, segment)) or 0
        return whole + end.offset if end else self._there.get(writer, 0)

    async def chunks(self, writer: str) -> AsyncIterator[bytes]:
        files = await self._files(writer)
        if self._goes_as_it_is(writer, files) and is_sound(files, self.reached.get(writer)):
            for _, data in files:
                yield data
            return
        passing = Passing(
            writer=writer, project=self.project, reached=self.reached.get(writer), spare=await self._spare(writer)
        )
        for lines in passing.lines(files):
            yield b"".join(line.raw + b"\n" for line in lines)
        self.lost[writer] = passing.lost
        if passing.only_there:
            first, last = passing.only_there[0], passing.only_there[-1]
            self.only_there[writer] = Sentence(ONLY_THERE, writer=writer, first=first, last=last)

    async def digest(self, writer: str) -> tuple[str, int]:
        """The SHA-256 and the bytes of what `chunks` gives. The same bytes are gone through line by line once."""
        files = await self._files(writer)
        found, known = _hashed(data for _, data in files), self.reached.get(writer)
        proof = found[0], known
        as_it_is = self._goes_as_it_is(writer, files)
        if not as_it_is or (self.sound.get(writer) != proof and not is_sound(files, known)):
            return _hashed([data async for data in self.chunks(writer)])
        self.sound[writer] = proof
        return found

    async def _files(self, writer: str) -> Files:
        end = self.ends.get(writer)
        return [(n, data) async for n, data in _numbered(journals.chunks(self.disk, writer, end))] if end else []

    def _goes_as_it_is(self, writer: str, files: Files) -> bool:
        """Whether it does where it is sound: there is one, and no longer one lies in the archive."""
        return bool(files) and self._there.get(writer, 0) <= sum(len(data) for _, data in files)

    async def _spare(self, writer: str) -> dict[int, Line]:
        """The whole lines of a writer that lie in the archive, less those that speak of what was erased."""
        if self.before is None or writer not in self._there:
            return {}
        dead = {record.encode() for record in self.dead}
        with suppress(MissingFile):
            data = await self.before.read(log_path(writer))
            return {line.n: line for line in _whole(data) if line.has_head and not speaks_of(line.raw, dead)}
        return {}


def _hashed(chunks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for data in chunks:
        digest.update(data)
        size += len(data)
    return digest.hexdigest(), size


async def _numbered(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    n = 0
    async for data in chunks:
        n += 1
        yield n, data


def _whole(data: bytes) -> Iterator[Line]:
    for raw in data.split(b"\n"):
        try:
            yield decode(raw)
        except DamagedLine:
            yield from salvaged(raw)


async def log_checks(disk: Disk) -> dict[str, Check]:
    """What checks an archive's log by its own checksums and chain, whatever the manifests say: to each path, what
    is to be given the bytes that lie there. None where the folder is no archive."""
    names = [one.name for one in await disk.list(LOG) if not one.is_dir and one.name.endswith(".jsonl")]
    try:
        study = await study_in(disk)
    except NotUnderstood:
        return {}
    return {f"{LOG}/{name}": Check(name.removesuffix(".jsonl"), study) for name in names}


def log_faults(checks: Mapping[str, Check]) -> list[str]:
    """Every fault of an archive's log, once all of it was given."""
    return [
        Sentence(NOT_READ, path=path, line=fault.line, why=fault.sentence)
        for path, check in checks.items()
        for fault in check.faults()
    ]
