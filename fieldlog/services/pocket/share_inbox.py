"""What other apps share with the phone's app becomes entries.

The page's service worker (assets/pocket/service_worker.js) puts each share into a folder of its own: its files as
0, 1, … and, once they are whole, `meta.json` with the words and the files' names. Entries have ids made from the
share's, so whatever stops this half-way, and however often it is done, each is there once. A share goes only when
all of it is saved; a bundle or a month file in it stays until a person says what becomes of it.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO, TypeVar

from fieldlog.model.entry import lane_of
from fieldlog.model.errors import FieldLogError, MissingFile, NotSaved
from fieldlog.model.ids import hash_bits, imported_id
from fieldlog.model.line import compact
from fieldlog.model.moment import Moment, iso, parse, unix_ms
from fieldlog.model.ports import Disk
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.sealed.first_line import MARK as SEALED
from fieldlog.services.imports.month_file import FORMAT as MONTH
from fieldlog.services.machine.sources import CHUNK, as_file
from fieldlog.services.study.workspace import Workspace

T = TypeVar("T")
META, SEEN = "meta.json", "seen.json"
HALF_FOR = timedelta(days=1)
"""So long a share may be without its `meta.json`; then whoever wrote it is gone."""

HEAD_BYTES = 65_536
A_MONTH = re.compile(rb'"format"\s*:\s*"' + MONTH.encode() + rb'"')
BYTES_GONE = "Its bytes did not arrive. Choose it again."
WELL = ("ok", "renamed", "duplicate")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A bundle or a month file that was shared, as a source to be imported. `share` is its folder."""

    disk: Disk
    share: str
    kept: str
    name: str

    async def chunks(self) -> AsyncIterator[bytes]:
        """Opened for each anew: whoever stops half-way, as on a full disk, leaves nothing open."""
        at = 0
        while piece := await self._piece(at):
            yield piece
            at += len(piece)

    async def opened(self) -> BinaryIO:
        return as_file(await self.disk.open_read(f"{self.share}/{self.kept}"))

    async def _piece(self, at: int) -> bytes:
        handle = await self.disk.open_read(f"{self.share}/{self.kept}")
        try:
            return handle.read(at, CHUNK)
        finally:
            handle.close()


@dataclass
class TakenIn:
    """What came in just now. `new` counts entries by kind, `bundles` wait for a person's word, `problems` are
    the names of files ("" for what is of none) with a sentence; what was not saved is there, for the next time."""

    new: Counter[str] = field(default_factory=Counter)
    bundles: list[Waiting] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def add(self, more: TakenIn) -> None:
        """What came in from another disk, too."""
        self.new += more.new
        self.bundles += more.bundles
        self.problems += more.problems


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A file of a share, under the name that it had elsewhere."""

    kept: str
    name: str
    mime: str
    bytes: int
    bundle: bool = False


@dataclass(frozen=True, kw_only=True)
class _Share:
    """One share as its `meta.json` tells it; `text` is all its words."""

    folder: str
    text: str
    files: tuple[_Part, ...]
    at: datetime


async def take_in(work: Workspace, capture: Capture, disk: Disk) -> TakenIn:
    """Take in every share on `disk`, whose root is where the page puts them, in the order of their sharing.

    What can't be saved is told in `problems` and stays; on a full disk nothing after it is tried.
    """
    done = TakenIn()
    shares = [share for folder in await _folders(disk) if (share := await _told(work, disk, folder))]
    for share in sorted(shares, key=lambda one: (one.at, one.folder)):
        try:
            await _Taking(work, capture, disk, share, done).take()
        except FieldLogError as refusal:
            done.problems.append(("", str(refusal)))
            if isinstance(refusal, NotSaved):
                break
    return done


async def drop(waiting: Waiting) -> None:
    """A bundle was imported, or is not wanted: it goes, and its share with the last of them."""
    disk, share = waiting.disk, waiting.share
    told = await _meta(disk, share) or {}
    files = [one for one in told.get("files") or () if one["kept"] != waiting.kept]
    if not files:
        await _remove(disk, share)
        return
    await disk.replace(f"{share}/{META}", compact({**told, "files": files}))
    await disk.remove(f"{share}/{waiting.kept}")


class _Taking:
    """One share on its way in."""

    def __init__(self, work: Workspace, capture: Capture, disk: Disk, share: _Share, done: TakenIn) -> None:
        self._work, self._capture, self._disk, self._share, self._done = work, capture, disk, share, done
        self._moment = _moment_of(share, capture.now())
        self._here = {hash_bits(record): record for record in work.store.state.where}

    async def take(self) -> None:
        share = self._share
        parts = [replace(one, bundle=one.bundle or await _is_bundle(self._waiting(one))) for one in share.files]
        files, bundles = [one for one in parts if not one.bundle], [one for one in parts if one.bundle]
        caption = share.text if len(files) == 1 and files[0].mime.startswith("image/") else ""
        if share.text.strip() and not caption:
            await self._note(share.text)
        for part in files:
            await self._file(part, caption)
        if bundles:
            await self._leave(bundles)
        else:
            await _remove(self._disk, share.folder)
        self._done.bundles += [self._waiting(one) for one in bundles]

    async def _note(self, text: str) -> None:
        record = self._id("text")
        if self._work.store.state.raw(record) is not None:
            return
        entry, ops = self._capture.draft(text, Chips(), began=self._moment, entry_id=record)
        lane = lane_of(entry.note_type)
        made = [*ops, self._work.op(entry, lane=lane)]
        await self._work.save(made, lane=lane)
        self._done.new[entry.kind] += 1

    async def _file(self, part: _Part, caption: str) -> None:
        record = self._id(part.kept)
        if self._work.store.state.raw(record) is not None:
            return
        try:
            entry, taken = await self._capture.file(
                self._waiting(part), Chips(), caption, began=self._moment, derive=False, entry_id=record
            )
        except MissingFile:
            self._done.problems.append((part.name, BYTES_GONE))
            entry = None
        else:
            if taken.examined.verdict not in WELL:
                self._done.problems.append((part.name, taken.examined.problem))
        if entry is not None:
            self._done.new[entry.kind] += 1
        elif caption.strip():
            await self._note(caption)

    async def _leave(self, bundles: list[_Part]) -> None:
        """Only bundles are left of it: importing one may open another study, which must not get the rest."""
        share = self._share
        files = [
            {"kept": one.kept, "name": one.name, "mime": one.mime, "bytes": one.bytes, "bundle": True}
            for one in bundles
        ]  # fmt: skip
        if share.text or any(not one.bundle for one in share.files):
            left = {"title": "", "text": "", "url": "", "files": files, "at": iso(share.at)}
            await self._disk.replace(f"{share.folder}/{META}", compact(left))
        for one in set(share.files):
            if one.kept not in {bundle.kept for bundle in bundles}:
                await self._disk.remove(f"{share.folder}/{one.kept}")

    def _waiting(self, part: _Part) -> Waiting:
        return Waiting(disk=self._disk, share=self._share.folder, kept=part.kept, name=part.name)

    def _id(self, what: str) -> str:
        """The same for the same part of the same share, whenever it is taken in, and in its order: words first."""
        place = 0 if what == "text" else int(what) + 1
        ms = unix_ms(self._share.at) + place
        made = imported_id(ms, self._work.store.project, "shared", self._share.folder, what)
        return self._here.get(hash_bits(made), made)


def _moment_of(share: _Share, now: Moment) -> Moment:
    """The time of the sharing on this device's clock; never later than now."""
    at = min(share.at, now.at).astimezone(now.at.tzinfo)
    return Moment(at=at.replace(microsecond=at.microsecond // 1000 * 1000), zone=now.zone)


async def _folders(disk: Disk) -> list[str]:
    return [one.name for one in await disk.list("") if one.is_dir]


async def _told(work: Workspace, disk: Disk, folder: str) -> _Share | None:
    """What a folder holds; None where it is not whole yet. What is not whole for long goes."""
    told, now = await _meta(disk, folder), work.machine.clock().at
    if told is None:
        with suppress(FieldLogError):
            await _give_up(disk, folder, now)
        return None
    files = tuple(
        _Part(
            kept=str(one["kept"]), name=str(one.get("name") or one["kept"]), mime=str(one.get("mime") or ""),
            bytes=int(one.get("bytes") or 0), bundle=bool(one.get("bundle")),
        )
        for one in told.get("files") or ()
    )  # fmt: skip
    return _Share(folder=folder, text=_words(told), files=files, at=parse(told["at"]) if "at" in told else now)


async def _meta(disk: Disk, folder: str) -> Mapping[str, Any] | None:
    try:
        told = json.loads(await disk.read(f"{folder}/{META}"))
    except (MissingFile, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _words(told: Mapping[str, Any]) -> str:
    """Title, text and address, each on lines of its own; one that the text holds already is not said twice."""
    title, text, url = (str(told.get(name) or "").replace("\r\n", "\n") for name in ("title", "text", "url"))
    said = (title if title not in text else "", text, url if url not in text else "")
    return "\n".join(one for one in said if one.strip())


async def _give_up(disk: Disk, folder: str, now: datetime) -> None:
    """Remove what was first seen half there a day ago; no disk tells how old a folder is."""
    try:
        since = parse(json.loads(await disk.read(f"{folder}/{SEEN}")))
    except (MissingFile, ValueError, TypeError):
        await disk.replace(f"{folder}/{SEEN}", compact(iso(now)))
        return
    if now - since > HALF_FOR:
        await _remove(disk, folder)


async def _remove(disk: Disk, folder: str) -> None:
    """The whole folder, what tells of it last."""
    names = [one.name for one in await disk.list(folder)]
    for name in sorted(names, key=lambda one: one == META):
        await disk.remove(f"{folder}/{name}")
    await disk.remove(folder)


async def _is_bundle(file: Waiting) -> bool:
    """Whether it is a bundle of ours or a month file, by its name's end, as importing asks, and what it holds."""
    name = file.name.lower()
    if not name.endswith((".zip", ".json", ".sealed")):
        return False
    try:
        with await file.opened() as opened:
            if name.endswith(".sealed"):
                return opened.read(len(SEALED)) == SEALED
            if name.endswith(".json"):
                return A_MONTH.search(opened.read(HEAD_BYTES)) is not None
            with zipfile.ZipFile(opened) as bag:
                form = json.loads(bag.read("format.json"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, RuntimeError, MissingFile):
        return False
    return isinstance(form, dict) and {"project", "min_reader"} <= form.keys()
