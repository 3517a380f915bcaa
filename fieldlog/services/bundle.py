"""Bundles: a study, or what is new in it, as one file to carry to another device.

    format.json                                         {"format":1,"project":…,"min_reader":1}
    log/<writer>/<first n>-<bytes>-<sha256/16>.jsonl    journal lines, unchanged
    media/<2 hex>/<sha256>.<ext>                        originals

A bundle is read back from the disk and every member hashed before it is called made.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fieldlog.media.eye import find_eye
from fieldlog.media.intake import take_in
from fieldlog.model.errors import MissingFile, NotUnderstood
from fieldlog.model.line import Line, compact, decode
from fieldlog.services.importing import Imported, Progress, no_progress
from fieldlog.services.machine import Machine
from fieldlog.services.open import Workspace, open_study
from fieldlog.store import journal as journals

FORMAT = {"format": 1, "min_reader": 1}
SETTINGS = "settings.json"
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
    progress: Progress = no_progress,
) -> Made:  # fmt: skip
    """Write a bundle beside `path` and give it that name once it is proven. Raises what the disk raises.

    `team_only` leaves out the personal lane and the media that only it names.
    """
    covers = (await _settings(work)).get("bundled", {}) if since_last else {}
    lines = {writer: found async for writer, found in _lines(work, covers, team_only=team_only)}
    wanted = _media_named(line for found in lines.values() for line in found)
    part = path.with_name(path.name + ".part")
    hashes: dict[str, str] = {}
    missing = []
    with part.open("wb") as file:
        with zipfile.ZipFile(file, "w", allowZip64=True) as bag:
            _add(bag, "format.json", compact({**FORMAT, "project": work.store.project}), hashes)
            for writer, found in lines.items():
                data = b"".join(line.raw + b"\n" for line in found)
                _add(bag, f"log/{writer}/{_segment_name(found[0].n, data)}", data, hashes)
            for place, sha256 in enumerate(sorted(wanted)):
                progress("media", place, len(wanted))
                if not await _add_media(work, bag, sha256, hashes):
                    missing.append(sha256)
                await asyncio.sleep(0)
        file.flush()
        os.fsync(file.fileno())
    _prove(part, hashes)
    part.replace(path)
    await _remember(work)
    count = sum(map(len, lines.values()))
    return Made(
        path=path, lines=count, files=len(wanted) - len(missing), bytes=path.stat().st_size, missing=tuple(missing)
    )


async def _lines(
    work: Workspace, covers: dict[str, int], *, team_only: bool
) -> AsyncIterator[tuple[str, list[Line]]]:
    for writer in await journals.writers(work.store.disk):
        found = (await journals.read(work.store.disk, writer, work.store.project)).lines
        new = [line for line in found if line.n > covers.get(writer, 0) or line.erased]
        if new and not (team_only and new[0].lane != "team"):
            yield writer, new


def _media_named(lines: Iterator[Line]) -> set[str]:
    shas = (op.v.get("sha256") for line in lines for op in line.ops if op.r == "attachment")
    return {sha256 for sha256 in shas if sha256}


def _segment_name(first: int, data: bytes) -> str:
    return f"{first}-{len(data)}-{hashlib.sha256(data).hexdigest()[:16]}.jsonl"


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    packed = name.rpartition(".")[2] in _PACKED
    member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return member


def _add(bag: zipfile.ZipFile, name: str, data: bytes, hashes: dict[str, str]) -> None:
    bag.writestr(_member(name), data, compresslevel=1)
    hashes[name] = hashlib.sha256(data).hexdigest()


async def _add_media(work: Workspace, bag: zipfile.ZipFile, sha256: str, hashes: dict[str, str]) -> bool:
    stored = await work.vault.find(sha256)
    if stored is None:
        return False
    handle = await work.vault.open(sha256)
    name = f"media/{sha256[:2]}/{sha256}.{stored.extension}"
    try:
        with bag.open(_member(name), "w", force_zip64=True) as member:
            for at in range(0, handle.size(), _CHUNK):
                member.write(handle.read(at, _CHUNK))
    finally:
        handle.close()
    hashes[name] = sha256
    return True


def _prove(part: Path, hashes: dict[str, str]) -> None:
    """Read the file back from the disk and hash every member. Raises `NotUnderstood` where one differs."""
    with zipfile.ZipFile(part) as bag:
        for name, sha256 in hashes.items():
            if _hash(bag, name) != sha256:
                raise NotUnderstood(
                    f"The bundle was not written whole ({name}); {part.name} is not a copy. Try again."
                )


def _hash(bag: zipfile.ZipFile, name: str) -> str:
    hashing = hashlib.sha256()
    with bag.open(name) as member:
        while piece := member.read(_CHUNK):
            hashing.update(piece)
    return hashing.hexdigest()


async def _settings(work: Workspace) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads(await work.store.disk.read(SETTINGS))
    except MissingFile:
        return {}
    return kept


async def _remember(work: Workspace) -> None:
    settings = await _settings(work)
    settings["bundled"] = {writer: end.n for writer, end in work.store.ends.items()}
    await work.store.disk.replace(SETTINGS, compact(settings))


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
    """Merge a journal's lines and carry out the erasures they bring."""
    merged = await work.store.merge(writer, raws)
    done.new["line"] += len(merged.added)
    done.same += merged.known
    if merged.forked:
        done.problems.append(
            f"{merged.forked} lines of journal {writer} say something else here than there; both copies were "
            "left as they are. Was one of the devices restored from a backup?"
        )
    gone = {op.e for line in merged.added for op in line.ops if op.k == "erase"}
    if gone:
        await work.store.erase_bodies(gone, by=writer, at=work.machine.clock().text())
