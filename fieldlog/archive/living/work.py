"""One writing of the archive under way: what lies there, what was done, and the right to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldlog.archive.day.media_files import Media
from fieldlog.archive.living import manifest
from fieldlog.archive.living.manifest import Manifest
from fieldlog.archive.living.outlet import Bring, Outlet
from fieldlog.archive.living.tree import Progress, chunks, hashed
from fieldlog.archive.names import MANIFEST, UNFINISHED, whole_of
from fieldlog.model.ports import Offload


class StopAskedError(Exception):
    """The caller wants no more; what is unfinished is marked as such and is finished by the next run."""


@dataclass
class Work:
    """`there` is path to size of every file in the archive, kept true by whatever is done through here.

    `first` is written before anything else is changed, so that a folder being changed can be told. How far it
    is counts in parts: `part` bytes are the present one's, `moved` of them went through.
    """

    disk: Outlet
    bring: Bring
    media: Media
    offload: Offload
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    there: dict[str, int]
    unnamed: set[str] = field(default_factory=set)
    first: Sequence[tuple[str, bytes]] = ()
    begun: bool = False
    total: int = 0
    parts_done: int = 0
    part: int = 0
    moved: int = 0
    at: str = ""
    files_written: int = 0
    bytes_written: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def seen(self, count: int = 0) -> None:
        """Called between steps, and with every piece of a file that goes through."""
        if self.cancelled():
            raise StopAskedError
        self.moved += count
        if count:
            self.tell(self.at)

    def begin_part(self, weight: int) -> None:
        """The part before is done; the next is taken to be of so many bytes, whatever goes through."""
        self.parts_done += self.part
        self.part, self.moved = weight, 0

    def tell(self, path: str) -> None:
        self.at = path
        done = self.parts_done + min(self.moved, self.part)
        self.progress(Progress(done=done, total=self.total, path=path))

    async def put(self, path: str, data: bytes) -> None:
        """Replace a file; its name is durable by the time its folder is finished."""
        await self._step(path)
        self.unnamed.add(path.rpartition("/")[0])
        await self.disk.replace(path, data, named=False)
        self.moved += len(data)
        self._count(path, len(data))

    async def begin(self, folder: str, manifest: bytes) -> None:
        """Durably mark the folder as being changed to what `manifest` lists."""
        path = f"{folder}{UNFINISHED}"
        await self._step(path)
        await self.disk.replace(path, manifest)
        self._count(path, len(manifest))

    async def copy(self, path: str, source: AsyncIterator[bytes], expected: str | None) -> str:
        """The hash of what came out of `source`; it is put in place unless another was expected."""
        await self._step(path)
        self.unnamed.add(path.rpartition("/")[0])
        try:
            sha, size = await self.bring(path, source, expected=expected, seen=self.seen)
        finally:
            # What it reads is closed now: in a browser nobody else can read it until then.
            if isinstance(source, AsyncGenerator):
                await source.aclose()
        if expected in (None, sha):
            self._count(path, size)
        return sha

    async def finish(self, folder: str) -> None:
        """Let the folder's unfinished manifest become its manifest."""
        self.seen()
        for touched in sorted(self.unnamed):
            await self.disk.flush_names(touched)
        self.unnamed.clear()
        await self.disk.move(f"{folder}{UNFINISHED}", f"{folder}{MANIFEST}")
        self.there[f"{folder}{MANIFEST}"] = self.there.pop(f"{folder}{UNFINISHED}")

    async def remove(self, paths: Iterable[str]) -> None:
        for path in sorted(set(paths) & self.there.keys()):
            await self._step(path)
            await self.disk.remove(path)
            del self.there[path]

    async def remove_empty(self, folders: Iterable[str]) -> None:
        """Remove folders that hold nothing any more."""
        for folder in folders:
            if not await self.disk.list(folder):
                await self._step(folder)
                await self.disk.remove(folder)

    async def _step(self, path: str) -> None:
        self.seen()
        self.tell(path)
        await asyncio.sleep(0)
        if not self.begun:
            self.begun = True
            for name, data in self.first:
                await self.disk.replace(name, data)
                self._count(name, len(data))

    def _count(self, path: str, size: int) -> None:
        self.there[path] = size
        self.files_written += not path.endswith(UNFINISHED)
        self.tell(path)
        self.bytes_written += size


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a folder's manifests say it holds: the finished one, and that of an unfinished writing.

    `raw` is the finished one as it lies there; `sha256` its hash, for the manifest above.
    """

    raw: bytes = b""
    old: Manifest = field(default_factory=Manifest)
    new: Manifest | None = None

    @property
    def settled(self) -> bool:
        """Whether the folder was finished, and its manifest can be read whole."""
        return bool(self.raw) and self.new is None and not self.old.damaged

    @property
    def names(self) -> set[str]:
        """Every file that is ours by one manifest or the other."""
        return self.old.files.keys() | (self.new.files.keys() if self.new else set())


async def standing(work: Work, folder: str) -> Standing:
    """The manifests of a folder (ending in /, or the root), read."""
    raw, new = b"", None
    if f"{folder}{MANIFEST}" in work.there:
        raw = await work.disk.read(f"{folder}{MANIFEST}")
    if f"{folder}{UNFINISHED}" in work.there:
        new = manifest.read(await work.disk.read(f"{folder}{UNFINISHED}"))
    return Standing(raw=raw, old=manifest.read(raw), new=new)


async def claims(
    work: Work, folder: str, found: Standing, wanted: Iterable[str], *, believe: bool
) -> Mapping[str, str]:
    """Path below the folder to hash, of the files that lie there.

    The hash is the manifest's where that can be believed; else the file's own, read for it.
    """
    if believe and found.settled:
        return {path: sha for path, sha in found.old.files.items() if f"{folder}{path}" in work.there}
    return {
        path: await hashed(chunks(work.disk, f"{folder}{path}"), work.seen)
        for path in sorted(found.names.union(wanted))
        if f"{folder}{path}" in work.there
    }


def leftovers(there: Iterable[str], ours: Iterable[str]) -> list[str]:
    """Half-written files beside files of ours."""
    known = set(ours)
    return [path for path in there if whole_of(path) in known]
