"""Checking an archive against its manifests: every fault is found and named, none is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fieldlog.archive.living import manifest
from fieldlog.archive.living.manifest import Manifest
from fieldlog.archive.living.tree import Progress, chunks, hashed, walk
from fieldlog.archive.names import DATA_LIST, DAY_FOLDER, DAYS, LOG, MANIFEST, README, UNFINISHED, whole_of
from fieldlog.model.errors import Cancelled, FieldLogError, MissingFile
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Counted, Sentence, sentence

_SENTENCES = {
    "changed": sentence("{path} is not what its manifest says; it was changed after it was written."),
    "missing": sentence("{path} is listed in a manifest and is not here."),
    "extra": sentence("{path} is in no manifest; someone else put it here."),
    "unfinished": sentence("{path}: writing was interrupted here; write the archive again to finish it."),
    "unreadable": sentence("{path} can't be read on this device."),
}


Take = Callable[[bytes], None]
"""Is given a file's bytes, piece by piece."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`what` is changed, missing, extra, unfinished or manifest-damaged; `path` is below the root."""

    path: str
    what: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What lies in the archive: sizes, real hashes of whatever is or should be listed, and the manifests."""

    there: Mapping[str, int]
    top: Manifest
    days: Mapping[str, Manifest]
    hashes: dict[str, str] = field(default_factory=dict)

    def by_days(self) -> dict[str, str]:
        """What the days' manifests say, paths from the root."""
        return {f"{day}{path}": sha for day, one in self.days.items() for path, sha in one.files.items()}


async def verify(
    disk: Disk,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    also: Mapping[str, Take] | None = None,
) -> list[Fault]:
    """Every fault, by path; an empty list means that all is as it was written. Reads every file once.

    `also` are files by path, listed or not, that someone else looks into at the same reading. Raises `Cancelled`:
    a check that was not finished says nothing.
    """
    there = await walk(disk)
    top = await _manifest(disk, "", there)
    days = {}
    for path in filter(_is_day_manifest, there):
        one = await _manifest(disk, path.removesuffix(MANIFEST), there)
        if path in top.files or f"{path.split('/')[1]}.json" in one.files:
            days[path.removesuffix(MANIFEST)] = one
    found = _Found(there=there, top=top, days=days)
    also = also or {}
    read = top.files.keys() | found.by_days().keys() | also.keys()
    files = {path: size for path, size in there.items() if path in read}

    def tell(at: Progress) -> None:
        if cancelled():
            raise Cancelled("The check was stopped before its end, so nothing is known of the archive.")
        progress(at)

    await _hash_all(disk, found, files, tell, also)
    faults = {(fault.path, fault.what): fault for fault in _faults(found)}
    return [faults[key] for key in sorted(faults)]


async def _hash_all(
    disk: Disk, found: _Found, files: Mapping[str, int], progress: Callable[[Progress], None],
    also: Mapping[str, Take],
) -> None:  # fmt: skip
    done, total = 0, sum(files.values())
    for path in files:

        def seen(count: int, path: str = path) -> None:
            nonlocal done
            done += count
            progress(Progress(done=done, total=total, path=path))

        try:
            pieces = chunks(disk, path)
            found.hashes[path] = await hashed(_seen_by(also[path], pieces) if path in also else pieces, seen)
        except MissingFile:
            continue
        except Cancelled:
            raise
        except FieldLogError:
            found.hashes[path] = ""


async def _seen_by(take: Take, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        take(piece)
        yield piece


def _faults(found: _Found) -> Iterator[Fault]:
    top, by_days = found.top.files, found.by_days()
    if MANIFEST not in found.there:
        yield _fault("missing", MANIFEST)
    for day, one in {"": found.top, **found.days}.items():
        if one.damaged:
            yield _damaged(f"{day}{MANIFEST}", _unread(one.damaged))
    for path in sorted(top.keys() | by_days.keys()):
        yield from _of_listed(found, path, top.get(path), by_days.get(path))
    known = {*top, *by_days, MANIFEST}
    for path in found.there:
        if path.rpartition("/")[2] == UNFINISHED or whole_of(path) in known:
            yield _fault("unfinished", path)
        elif path not in known:
            yield _fault("extra", path)
    yield from _left_out(found, top)


def _of_listed(found: _Found, path: str, top: str | None, by_day: str | None) -> Iterator[Fault]:
    """Faults of a file that one manifest or both list."""
    if path not in found.hashes:
        yield _fault("missing", path)
        return
    sha, named = found.hashes[path], {one for one in (top, by_day) if one}
    if not sha:
        yield Fault(path=path, what="changed", sentence=Sentence(_SENTENCES["unreadable"], path=path))
    elif sha not in named:
        own = _is_day_manifest(path)
        yield _damaged(path, Sentence("it is not the one listed at the top")) if own else _fault("changed", path)
    if sha and top and top != by_day and by_day and sha in named:
        wrong = MANIFEST if sha == by_day else f"{_day_of(path)}{MANIFEST}"
        yield _damaged(wrong, Sentence("what it says of {path} is not so", path=path))


def _left_out(found: _Found, top: Mapping[str, str]) -> Iterator[Fault]:
    """The top manifest must list what the days' manifests do, those themselves, and what every archive has."""
    must = {*found.by_days(), *(f"{day}{MANIFEST}" for day in found.days), README, DATA_LIST}
    must.update(path for path in found.there if path.startswith(f"{LOG}/") and path.endswith(".jsonl"))
    lacking = sorted(path for path in must & found.there.keys() if path not in top)
    if lacking and MANIFEST in found.there:
        yield _damaged(MANIFEST, _leaves_out(lacking))
    listed = defaultdict[str, list[str]](list)
    for path in sorted(top):
        listed[_day_of(path)].append(path)
    for day, one in found.days.items():
        own = {f"{day}{path}" for path in (MANIFEST, *one.files)}
        lacking = [path for path in listed[day] if path not in own and path.startswith(day)]
        if lacking:
            yield _damaged(f"{day}{MANIFEST}", _leaves_out(lacking))


async def _manifest(disk: Disk, folder: str, there: Mapping[str, int]) -> Manifest:
    path = f"{folder}{MANIFEST}"
    return manifest.read(await disk.read(path)) if path in there else Manifest()


def _is_day_manifest(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 3 and parts[0] == DAYS and bool(DAY_FOLDER.fullmatch(parts[1])) and parts[2] == MANIFEST


def _day_of(path: str) -> str:
    return "/".join(path.split("/")[:2]) + "/"


def _fault(what: str, path: str) -> Fault:
    return Fault(path=path, what=what, sentence=Sentence(_SENTENCES[what], path=path))


def _damaged(path: str, why: Sentence) -> Fault:
    words = sentence("The manifest {path} is damaged: {why}. Write the archive again, or take it from a backup.")
    return Fault(path=path, what="manifest-damaged", sentence=Sentence(words, path=path, why=why))


def _unread(lines: int) -> Sentence:
    return Counted("{n} of its lines can't be read", "{n} of its lines can't be read", lines)


def _leaves_out(lacking: Sequence[str]) -> Sentence:
    """Every file that a manifest does not list and should."""
    return Sentence("it leaves out {paths}", paths=", ".join(lacking))
