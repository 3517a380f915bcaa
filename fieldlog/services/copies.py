"""What lies only on this device, and how old it is; the copies that were proven, and the archive's place.

A copy is a bundle that was read back whole. Beside each stands how far it covers every journal, so that what
came since can be told from the journals alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from fieldlog.model import gate
from fieldlog.model.ids import ms_of_id
from fieldlog.model.moment import from_ms, parse
from fieldlog.model.state import Change
from fieldlog.services.beside import breath
from fieldlog.services.kept import Form, made_of, read_kept, write_kept
from fieldlog.services.open import Workspace
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position

_POSITION = gate.complete(segment=gate.amount, offset=gate.amount, n=gate.amount, head=gate.text)
_COPY = {"at": gate.instant, "lines": gate.amount, "bytes": gate.amount, "team_only": gate.truth}
SETTINGS = Form(
    path="settings.json",
    whole={
        "archive": gate.shape(
            folder=gate.text, written_at=gate.instant, verified_at=gate.instant, faults=gate.amount
        )
    },
    each={
        "copies": (list, gate.complete(path=gate.text, **_COPY)),
        "outgoing": (
            list,
            gate.complete(name=gate.text, sha256=gate.sha256, covered=gate.mapped(_POSITION), **_COPY),
        ),
        "covered": (dict, _POSITION),
        "bundled": (dict, gate.amount),
        "begun": (dict, gate.instant),
    },
)
"""What this device remembers of a study beside its journals."""

KEPT_COPIES = 20
_ENTRY = re.compile(rb'"r":"entry","e":"([0-9a-f-]{36})"')
_NUMBER = re.compile(rb'\{"fl":\d+,"head":\{"w":"[^"]*","lane":"[^"]*","n":(\d+),')
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\ud800-\udfff]+')


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A bundle made on this device and proven when it was made."""

    at: datetime
    path: str
    lines: int
    bytes: int
    team_only: bool


class Copies:
    """Counts while the study changes. `count` entries have something that is in no copy."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._only_here: set[str] = set()
        self._made_here: set[str] = set()
        self._oldest: str | None = None
        self._heard_of: set[str] = set()
        self._own_lines = self._lines()
        self._settings: Mapping[str, Any] = {}

    @classmethod
    async def open(cls, work: Workspace) -> Copies:
        """Read the ledger and, from this device's journals, what came since the last copy."""
        copies = cls(work)
        work.store.listeners.append(copies._heard)
        await copies.reload()
        return copies

    async def reload(self) -> None:
        """Look again, as after a copy was made."""
        self._heard_of.clear()
        self._settings = await read_settings(self._work)
        covered = self._settings.get("covered", {})
        found = set[str]()
        for writer in self._work.store.own_writers.values():
            at = covered.get(writer)
            found |= await self._entries_since(writer, made_of(Position, at) if at else None)
        state, device = self._work.store.state, self._work.device.id
        here = {
            doc["id"]: doc.get("device")
            for table in state.entry_tables()
            for doc in state.tables[table].values()
            if "_erased" not in doc
        }
        self._only_here = (found | self._heard_of) & here.keys()
        self._made_here = {entry for entry in self._only_here if here[entry] == device}
        self._oldest = min(self._made_here, default=None)

    @property
    def count(self) -> int:
        return len(self._only_here)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest entry of this device that is in no copy was made; None where there is none."""
        try:
            return from_ms(ms_of_id(self._oldest), self._work.zone) if self._oldest else None
        except ValueError:
            return None

    @property
    def copies(self) -> list[Copy]:
        """The copies made here, newest first."""
        kept = self._settings.get("copies", ())
        return [made_of(Copy, {**one, "at": parse(one["at"])}) for one in kept]

    @property
    def archive_folder(self) -> str | None:
        """Where the archive was last written."""
        folder: str | None = self._settings.get("archive", {}).get("folder")
        return folder

    @property
    def archive_written_at(self) -> datetime | None:
        return _time(self._settings.get("archive", {}).get("written_at"))

    @property
    def archive_verified_at(self) -> datetime | None:
        return _time(self._settings.get("archive", {}).get("verified_at"))

    @property
    def archive_faults(self) -> int | None:
        """How many faults the last check found."""
        faults: int | None = self._settings.get("archive", {}).get("faults")
        return faults

    def _heard(self, change: Change) -> None:
        """What was written here is only here; what came in from elsewhere is there, too."""
        before, self._own_lines = self._own_lines, self._lines()
        for record in change.records:
            doc = self._work.store.state.get(record) if self._work.store.state.date(record) else None
            if doc is None or "_erased" in doc:
                self._only_here.discard(record)
                self._made_here.discard(record)
            elif before != self._own_lines:
                self._heard_of.add(record)
                self._only_here.add(record)
                if doc.get("device") == self._work.device.id:
                    self._made_here.add(record)
                    self._oldest = min(self._oldest or record, record)
        if self._oldest not in self._made_here:
            self._oldest = min(self._made_here, default=None)

    def _lines(self) -> dict[str, int]:
        """How many lines this device has written."""
        store = self._work.store
        return {writer: store.ends[writer].n for writer in store.own_writers.values()}

    async def _entries_since(self, writer: str, since: Position | None) -> set[str]:
        disk, found = self._work.store.disk, set[str]()
        for segment in await journals.segments(disk, writer):
            if since is None or segment >= since.segment:
                data = await disk.read(journals.path(writer, segment))
                rest = _behind(data, since) if since and segment == since.segment else data
                found |= {one.decode("ascii") for one in _ENTRY.findall(rest)}
                await breath()
        return found


def _behind(data: bytes, since: Position) -> bytes:
    """What of a journal's file came after a position. Where something was erased since, lines are shorter: then
    they are told by their numbers."""
    start = data.rfind(b"\n", 0, max(0, since.offset - 1)) + 1
    last = _NUMBER.match(data, start)
    if data[since.offset - 1 : since.offset] == b"\n" and last and int(last[1]) == since.n:
        return data[since.offset :]
    lines = data.splitlines(keepends=True)
    return b"".join(line for line in lines if not (n := _NUMBER.match(line)) or int(n[1]) > since.n)


async def read_settings(work: Workspace) -> dict[str, Any]:
    """What this device remembers of the study beside its journals; nothing where it remembers nothing."""
    return await read_kept(work.store.disk, SETTINGS)


def delivered(settings: Mapping[str, Any]) -> list[Copy]:
    """Every bundle that may lie somewhere else, newest first: the copies, and those that left and were not
    proven."""
    left = [
        {"at": one["at"], "path": one["name"], **{name: one[name] for name in ("lines", "bytes", "team_only")}}
        for one in settings.get("outgoing", ())
    ]
    every = (*left, *settings.get("copies", ()))
    found = [made_of(Copy, {**one, "at": parse(one["at"])}) for one in every]
    return sorted(found, key=lambda copy: copy.at, reverse=True)


async def keep_settings(work: Workspace, settings: Mapping[str, Any]) -> None:
    """Let the settings of a study say this. Raises `NotSaved`; then they say what they said."""
    await work.room.needed(lambda: write_kept(work.store.disk, SETTINGS, settings))


async def remember_copy(work: Workspace, copy: Copy, covered: Mapping[str, Position]) -> None:
    """Write a proven copy into the ledger. `covered` are the journals' ends when it was begun."""
    settings = await read_settings(work)
    told = {**vars(copy), "at": copy.at.isoformat()}
    settings["copies"] = [told, *settings.get("copies", ())][:KEPT_COPIES]
    before = settings.get("covered", {})
    # A copy may be proven after a later one was.
    further = {name: vars(at) for name, at in covered.items() if at.n >= before.get(name, {"n": 0})["n"]}
    settings["covered"] = {**before, **further}
    settings["bundled"] = {name: at["n"] for name, at in settings["covered"].items()}
    await keep_settings(work, settings)


async def remember_begun(work: Workspace, path: str) -> None:
    """Write into the ledger that something is being written there: if the app is killed it may stay."""
    settings = await read_settings(work)
    # Begun anew it may still hold what it held at first.
    settings.setdefault("begun", {}).setdefault(path, work.machine.clock().text())
    await keep_settings(work, settings)


async def forget_begun(work: Workspace, path: str) -> None:
    """It is finished, or it is not there any more."""
    settings = await read_settings(work)
    if settings.get("begun", {}).pop(path, None):
        await keep_settings(work, settings)


def unfinished(settings: Mapping[str, Any]) -> dict[str, datetime]:
    """What was begun and not finished: parts of bundles, folders of archives, with when."""
    return {path: parse(at) for path, at in settings.get("begun", {}).items()}


async def remember_archive(work: Workspace, **facts: Any) -> None:
    """Write into the ledger what happened to the archive: `folder written_at`, or `verified_at faults`."""
    settings = await read_settings(work)
    settings["archive"] = {**settings.get("archive", {}), **facts}
    await keep_settings(work, settings)


def proposed_path(work: Workspace, home: Path) -> Path:
    """A file for the next copy that is not there yet."""
    stem = proposed_name(work).removesuffix(".zip")
    folder = home / "FieldLog" / _title(work) / "copies"
    names = chain([f"{stem}.zip"], (f"{stem}-{n}.zip" for n in count(2)))
    return next(folder / name for name in names if not (folder / name).exists())


def proposed_name(work: Workspace) -> str:
    """What a copy made now is called."""
    return f"{_title(work)}-{work.machine.clock().at:%Y-%m-%d-%H%M}.zip"


def proposed_archive(work: Workspace, home: Path) -> Path:
    """A folder for the archive."""
    return home / "FieldLog" / _title(work) / "archive"


def _title(work: Workspace) -> str:
    """The study's title as a file name, at most 60 bytes long."""
    title = str((work.store.state.study() or {}).get("title") or "study")
    plain = " ".join(_UNSAFE.sub(" ", title).split()).strip(" .")[:60]
    while len(plain.encode()) > 60:
        plain = plain[:-1]
    return plain.strip(" .") or "study"


def _time(text: str | None) -> datetime | None:
    return parse(text) if text else None
