"""Bundles: a study, or what is new in it, as one file to carry to another device.

    format.json                                         {"format":1,"project":…,"min_reader":1}
    log/<writer>/<first n>-<bytes>-<sha256/16>.jsonl    journal lines, unchanged
    media/<2 hex>/<sha256>.<ext>                        originals

A bundle is read back from the disk and every member hashed before it is called made.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from fieldlog.media.eye import find_eye
from fieldlog.media.intake import take_in
from fieldlog.media.reading import pieces
from fieldlog.media.vault import Stored, Vault
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.line import Line, compact, decode, first_prev
from fieldlog.services.beside import Asked, Tell, Word, beside, driven, never, tell_nobody
from fieldlog.services.copies import Copy, read_settings, remember_copy
from fieldlog.services.importing import Imported, Progress, no_progress
from fieldlog.services.machine import Machine
from fieldlog.services.open import Workspace, open_study
from fieldlog.services.promise import finish_erasing, foretold, keep, promise
from fieldlog.store import journal as journals
from fieldlog.store.journal import Position
from fieldlog.store.store import HeldStill

FORMAT = {"format": 1, "min_reader": 1}
_CHUNK = 1 << 20
_PACKED = frozenset(
    {"jpg", "png", "webp", "gif", "heic", "m4a", "mp3", "flac", "ogg", "zip", "docx", "xlsx", "pdf"}
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A bundle that was read back whole. `missing` names media a line speaks of that are not in the vault."""

    path: Path
    lines: int
    files: int
    bytes: int
    missing: tuple[str, ...] = ()


async def make_bundle(
    work: Workspace, path: Path, *, since_last: bool = False, team_only: bool = False,
    tell: Tell = tell_nobody, cancelled: Asked = never,
) -> Made:  # fmt: skip
    """Write a bundle beside `path` and give it that name once it is proven, telling bytes.

    It holds what was saved until this is called, and is then written into the ledger of copies. `team_only`
    leaves out the personal lane and the media that only it names. Raises what the disk raises, and `Cancelled`;
    then there is no file.
    """
    covers = (await read_settings(work)).get("bundled", {}) if since_last else {}
    held = await work.store.held_still()
    ends = dict(work.store.ends)
    bag = _Bag(path, held, work.vault, covers, team_only=team_only)
    made = await beside(work.machine.offload, bag.make, tell, cancelled)
    covered = {writer: ends[writer] for writer in bag.writers & ends.keys()}
    at = work.machine.clock().at
    copy = Copy(at=at, path=str(path), lines=made.lines, bytes=made.bytes, team_only=team_only)
    await remember_copy(work, copy, covered)
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
            self.named.update(sha256 for sha256 in shas if sha256)


class _Bag:
    """A bundle in the making, in a thread of its own. `writers` are those it covers as far as `held` goes."""

    def __init__(
        self, path: Path, held: HeldStill, vault: Vault, covers: Mapping[str, int], *, team_only: bool
    ) -> None:  # fmt: skip
        self.path, self.part = path, path.with_name(path.name + ".part")
        self.held, self.vault, self.covers, self.team_only = held, vault, covers, team_only
        self.writers: set[str] = set()
        self.hashes: dict[str, str] = {}

    def make(self, word: Word) -> Made:
        logs = self._logs()
        shas = sorted({sha256 for log in logs.values() for sha256 in log.named})
        stored = {sha256: found for sha256 in shas if (found := driven(self.vault.find(sha256)))}
        texts = sum(len(log.data) for log in logs.values()) + len(self._form())
        # Everything goes through twice: into the file, and out of it again to prove it.
        word.total = 2 * (texts + sum(one.bytes for one in stored.values()))
        try:
            with self.part.open("wb") as file:
                self._write(file, logs, stored, word)
                file.flush()
                os.fsync(file.fileno())
            self._prove(word)
            self.part.replace(self.path)
        except BaseException:
            self.part.unlink(missing_ok=True)
            raise
        return Made(
            path=self.path, lines=sum(log.count for log in logs.values()), files=len(stored),
            bytes=self.path.stat().st_size, missing=tuple(sha for sha in shas if sha not in stored),
        )  # fmt: skip

    def _logs(self) -> dict[str, _Log]:
        logs = {}
        for writer, files in self.held.files.items():
            log, covered = _Log(), self.covers.get(writer, 0)
            for found in journals.by_file(files, writer, Position(head=first_prev(self.held.project, writer))):
                log.lane = log.lane or (found.lines[0].lane if found.lines else "")
                log.take(line for line in found.lines if line.n > covered or line.erased)
            if not (self.team_only and log.lane not in ("", "team")):
                self.writers.add(writer)
                if log.count:
                    logs[writer] = log
        return logs

    def _write(
        self, file: BinaryIO, logs: Mapping[str, _Log], stored: Mapping[str, Stored], word: Word
    ) -> None:  # fmt: skip
        with zipfile.ZipFile(file, "w", allowZip64=True) as bag:
            self._add(bag, "format.json", self._form(), word)
            for writer, log in logs.items():
                data = bytes(log.data)
                self._add(bag, f"log/{writer}/{_segment_name(log.first, data)}", data, word)
            for one in stored.values():
                self._add_media(bag, one, word)

    def _form(self) -> bytes:
        return compact({**FORMAT, "project": self.held.project})

    def _add(self, bag: zipfile.ZipFile, name: str, data: bytes, word: Word) -> None:
        bag.writestr(_member(name), data, compresslevel=1)
        self.hashes[name] = hashlib.sha256(data).hexdigest()
        word.moved(len(data))

    def _add_media(self, bag: zipfile.ZipFile, stored: Stored, word: Word) -> None:
        name = f"media/{stored.sha256[:2]}/{stored.sha256}.{stored.extension}"
        handle = driven(self.vault.open(stored.sha256))
        try:
            with bag.open(_member(name), "w", force_zip64=True) as member:
                for piece in pieces(handle):
                    member.write(piece)
                    word.moved(len(piece))
        finally:
            handle.close()
        self.hashes[name] = stored.sha256

    def _prove(self, word: Word) -> None:
        """Read the file back from the disk and hash every member. Raises `NotUnderstood` where one differs."""
        with zipfile.ZipFile(self.part) as bag:
            for name, sha256 in self.hashes.items():
                if _hash(bag, name, word) != sha256:
                    raise NotUnderstood(f"The bundle was not written whole ({name}); there is no copy. Try again.")


def _segment_name(first: int, data: bytes) -> str:
    return f"{first}-{len(data)}-{hashlib.sha256(data).hexdigest()[:16]}.jsonl"


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    packed = name.rpartition(".")[2] in _PACKED
    member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return member


def _hash(bag: zipfile.ZipFile, name: str, word: Word) -> str:
    hashing = hashlib.sha256()
    with bag.open(name) as member:
        while piece := member.read(_CHUNK):
            hashing.update(piece)
            word.moved(len(piece))
    return hashing.hexdigest()


@dataclass(frozen=True, kw_only=True)
class _MemberSource:
    bag: zipfile.ZipFile
    member: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.member).name

    async def chunks(self) -> AsyncIterator[bytes]:
        with self.bag.open(self.member) as file:
            while piece := file.read(_CHUNK):
                yield piece


async def import_bundle(machine: Machine, path: Path, progress: Progress = no_progress) -> Imported:
    """Take a bundle in: media first, then the lines, which are checked before any is taken.

    Raises `NotUnderstood` for what is no bundle or is damaged, `Behind` where an earlier one is missing.
    """
    try:
        bag = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as why:
        raise NotUnderstood(f"{path.name} is not a whole bundle ({why}); nothing was imported.") from why
    with bag:
        project, segments = _read(bag, path.name)
        work = await open_study(machine, project, write=True)
        try:
            return await _take(work, bag, segments, progress)
        finally:
            await work.close()


def _read(bag: zipfile.ZipFile, name: str) -> tuple[str, dict[str, list[bytes]]]:
    """The project and each writer's raw lines, every segment checked against its name and every line decoded."""
    try:
        form = json.loads(bag.read("format.json"))
        project = str(form["project"])
        if form["min_reader"] > FORMAT["format"]:
            raise NotUnderstood(f"{name} was made by a newer FieldLog; update this one first.")
        segments: dict[str, list[bytes]] = {}
        for member in sorted(bag.namelist()):
            if member.startswith("log/"):
                _log, writer, segment = member.split("/")
                data = bag.read(member)
                if _segment_name(int(segment.split("-")[0]), data) != segment:
                    raise NotUnderstood(f"{name} is damaged ({member}); nothing was imported.")
                raws = [raw for raw in data.split(b"\n") if raw]
                for raw in raws:
                    decode(raw)
                segments.setdefault(writer, []).extend(raws)
    except (KeyError, ValueError, zipfile.BadZipFile) as why:
        raise NotUnderstood(f"{name} is not a whole FieldLog bundle ({why}); nothing was imported.") from why
    return project, segments


async def _take(
    work: Workspace, bag: zipfile.ZipFile, segments: dict[str, list[bytes]], progress: Progress
) -> Imported:
    done = Imported(study=work.store.project)
    members = [name for name in bag.namelist() if name.startswith("media/")]
    for place, member in enumerate(members):
        progress("media", place, len(members))
        sha256 = PurePosixPath(member).stem
        if await work.vault.has(sha256):
            continue
        taken = await take_in(
            work.vault, _MemberSource(bag=bag, member=member), eye=find_eye(), offload=work.machine.offload
        )
        if not taken.kept or taken.kept.sha256 != sha256:
            done.problems.append(f"{member} of the bundle is damaged; what it holds was kept under its own name.")
    for writer, raws in segments.items():
        await take_lines(work, writer, raws, done)
    await work.store.settle(idle=True)
    return done


async def take_lines(work: Workspace, writer: str, raws: list[bytes], done: Imported) -> None:
    """Merge a journal's lines. What they erase goes here, too; what was erased here does not come back."""
    async with work.erasing:
        await finish_erasing(work)
        going = foretold(work, raws)
        if going:
            await promise(work, going)
        merged = await work.store.merge(writer, raws)
        if going:
            await keep(work, going)
    done.new["line"] += len(merged.added)
    done.same += merged.known
    if merged.forked:
        done.problems.append(
            f"{merged.forked} lines of journal {writer} say something else here than there; both copies were "
            "left as they are. Was one of the devices restored from a backup?"
        )
