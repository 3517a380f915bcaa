"""Writing one production day's folder, file by file, so that a killed run is finished by the next."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from fieldlog.archive.day.content import DayContent, fingerprint
from fieldlog.archive.day.day_json import HEAD_BYTES, files_in, head_of
from fieldlog.archive.day.media_files import MediaFile, media_files
from fieldlog.archive.living import manifest
from fieldlog.archive.living.manifest import UNKNOWN
from fieldlog.archive.living.tree import below, chunks, hashed, read_start
from fieldlog.archive.living.work import Standing, Work, claims, leftovers, standing
from fieldlog.archive.names import DAYS, FOLDERS, MANIFEST
from fieldlog.model.errors import MissingFile, NotUnderstood

Copies = dict[tuple[str, ...], tuple[str, str]]
"""Hashes of a file's pieces to where the archive has that file already, and what it hashes to."""


class DayWriter:
    """Brings the folder of one day to what its content says.

    `again` writes it anew whatever its manifest says, as after a check that found faults. `copies` are
    files of folders about to go: where the vault lacks the bytes, theirs are taken.
    """

    def __init__(self, work: Work, content: DayContent, *, again: bool, copies: Copies) -> None:
        self.work = work
        self.content = content
        self.files = media_files(content)
        self.folder = f"{DAYS}/{content.root}/"
        self.again = again
        self.copies = copies

    async def kept(self) -> dict[str, str] | None:
        """Path below the folder to hash, its manifest among them, where it can stay as it is; else None."""
        found = await standing(self.work, self.folder)
        if self.again or not await self._fits(found):
            return None
        return {**found.old.files, MANIFEST: hashlib.sha256(found.raw).hexdigest()}

    async def _fits(self, found: Standing) -> bool:
        """No file is read for it but the manifest and one JSON's first line."""
        there, listed = below(self.work.there, self.folder), found.old.files
        name = f"{self.content.root}.json"
        if not found.settled or not listed.keys() <= there.keys() or name not in listed:
            return False
        head = head_of(await read_start(self.work.disk, f"{self.folder}{name}", HEAD_BYTES))
        if head is None or head.fingerprint != fingerprint(self.content):
            return False
        if any(there.get(path) != size for path, size in head.sizes.items()):
            return False
        here = [file for file in self.files if file.path in listed]
        if any(file.bytes not in (None, there[file.path]) for file in here):
            return False
        return await self._still_lacks([file for file in self.files if file.path not in listed])

    async def _still_lacks(self, absent: Sequence[MediaFile]) -> bool:
        for file in absent:
            try:
                sha = await hashed(self.work.media.chunks(file.pieces), self.work.seen)
            except MissingFile:
                self.work.missing.append(f"{self.folder}{file.path}")
                continue
            if file.sha256 in (None, sha):
                return False
            self.work.damaged.append(f"{self.folder}{file.path}")
        return True

    async def write(self, texts: Mapping[str, bytes]) -> dict[str, str]:
        """Bring the folder to these texts and the day's media; the hashes as `kept` gives them."""
        work, found = self.work, await standing(self.work, self.folder)
        wanted = {name: hashlib.sha256(data).hexdigest() for name, data in texts.items()}
        wanted |= {file.path: file.sha256 or UNKNOWN for file in self.files}
        lies = await claims(work, self.folder, found, wanted, believe=not self.again)
        wanted |= await self._joined_before(lies, believe=not self.again and found.settled)
        marker = manifest.written(wanted)
        await work.begin(self.folder, marker)
        for file in self.files:
            sha = await self._bring_file(file, wanted[file.path], lies.get(file.path))
            if sha is None:
                del wanted[file.path]
            else:
                wanted[file.path] = sha
        for name, data in texts.items():
            path = f"{self.folder}{name}"
            if lies.get(name) != wanted[name] or work.there.get(path) != len(data):
                await work.put(path, data)
        await self._clear(found.names | manifest.read(marker).files.keys(), wanted)
        if manifest.written(wanted) != marker:
            await work.begin(self.folder, manifest.written(wanted))
        await work.finish(self.folder)
        return {**wanted, MANIFEST: hashlib.sha256(manifest.written(wanted)).hexdigest()}

    async def _joined_before(self, lies: Mapping[str, str], *, believe: bool) -> dict[str, str]:
        """Hashes of joined memos that lie here, made of the same pieces; learns which files lie where."""
        name = f"{self.content.root}.json"
        pieces = await pieces_in(self.work, self.folder, name) if name in lies else {}
        learn(self.copies, self.folder, pieces, lies)
        same = {file.path for file in self.files if pieces.get(file.path) == file.listed()["pieces"]}
        joined = {file.path for file in self.files if file.sha256 is None}
        return {path: lies[path] for path in sorted(same & joined & lies.keys()) if believe}

    async def _bring_file(self, file: MediaFile, sha: str, lies: str | None) -> str | None:
        """The hash of the file that now lies in place, or None where its bytes can't be had."""
        work, path = self.work, f"{self.folder}{file.path}"
        if lies == sha and file.bytes in (None, work.there[path]):
            return sha
        expected = None if sha == UNKNOWN else sha
        damaged = False
        for source, promised in self._sources(file, expected):
            try:
                came = await work.copy(path, source, promised)
            except MissingFile:
                continue
            if promised in (None, came):
                return came
            damaged = True
        (work.damaged if damaged else work.missing).append(path)
        return None

    def _sources(self, file: MediaFile, expected: str | None) -> list[tuple[AsyncIterator[bytes], str | None]]:
        found = [(self.work.media.chunks(file.pieces), expected)]
        key = tuple(str(piece.sha256) for piece in file.pieces)
        if key in self.copies:
            path, sha = self.copies[key]
            found.append((chunks(self.work.disk, path), sha))
        return found

    async def _clear(self, ours: set[str], wanted: Mapping[str, str]) -> None:
        there = below(self.work.there, self.folder)
        stale = (ours - wanted.keys()).union(leftovers(there, ours))
        await self.work.remove(f"{self.folder}{path}" for path in stale)
        used = {path.rpartition("/")[0] for path in wanted}
        before = {path.rpartition("/")[0] for path in ours} & {folder for folder, _ in FOLDERS.values()}
        await self.work.remove_empty(f"{self.folder}{folder}" for folder in sorted(before - used))


async def pieces_in(work: Work, folder: str, name: str) -> dict[str, list[dict[str, Any]]]:
    """Which pieces are in which file, by the day's JSON; nothing where that is not readable."""
    if f"{folder}{name}" not in work.there:
        return {}
    try:
        return files_in(await work.disk.read(f"{folder}{name}"))
    except NotUnderstood:
        return {}


def learn(
    copies: Copies, folder: str, pieces: Mapping[str, Sequence[Mapping[str, Any]]], hashes: Mapping[str, str]
) -> None:
    """Take note of where the archive has which media."""
    for path, parts in pieces.items():
        if path in hashes:
            copies[tuple(str(part.get("sha256")) for part in parts)] = (f"{folder}{path}", hashes[path])
