"""A study taken off this device: unasked where all of it is proven elsewhere, else only with its title typed.

Elsewhere is a backup that holds everything from the first line on, or an archive that was checked since it was
written; both as the ledger has them, and still where it says. A study leaves whole or not at all: it is marked
once nobody has it open, and from then on nobody opens it; what a stop leaves of it goes at the next start.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldlog.archive.living.restorable import contents
from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.line import decode
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.services.archive.restore import BEGUN
from fieldlog.services.copies.ledger import Row, read_ledger
from fieldlog.services.machine.machine import Machine, folder_disk
from fieldlog.services.study.erase_promise import FILE as ERASING
from fieldlog.services.study.erase_promise import RECORDINGS, named_files
from fieldlog.services.study.half_written import HALF_WRITTEN
from fieldlog.services.study.kept import read_kept
from fieldlog.services.study.studies import LEAVES, finish_removing, must_be_here, open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import merging, withdrawn
from fieldlog.store.journal import Position
from fieldlog.store.opentext import SLOTS, OpenText
from fieldlog.store.store import LOCK

UNFINISHED = (merging.FILE, withdrawn.FILE, ERASING, BEGUN)
"""Where one of these lies, something is under way that only this device knows of."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a study stands before it leaves this device. `title` is what a person types where nothing proves it;
    `where` are the backups and archives that hold all of it, the newest first."""

    title: str
    where: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return bool(self.where)


async def standing(work: Workspace) -> Standing:
    """Where all of a study is besides here: each line of its journals, and each original in its vault.

    What is half written, a memo that was not filed, a file that no record names: nothing proves these.
    """
    title, where = work.store.state.about.title, list[str]()
    originals = {one.sha256 for one in await work.vault.all()}
    if not originals <= named_files(work) or await _half_done(work):
        return Standing(title=title, where=())
    for row in (await read_ledger(work)).rows:
        if not (_reaches(row, work.store.ends) and lies_there(row, within=work.machine.place)):
            continue
        if row.kind == "bundle" or (_checked(row) and await _archived(work, Path(row.path), originals)):
            where.append(row.path)
    return Standing(title=title, where=tuple(where))


async def remove_study(machine: Machine, study: str, typed: str = "") -> None:
    """Remove a study that nobody has open from this device, and nothing else.

    Raises `NotFound`, `StoreBusy` where it is open, and `NotUnderstood` where it is not proven elsewhere and what
    was `typed` is not its title; then nothing was changed.
    """
    await must_be_here(machine, study)
    lock = await machine.disk_at(f"studies/{study}").lock(LOCK)
    try:
        work = await open_study(machine, study, write=False)
        try:
            await must_be_agreed(work, typed)
            await work.room.needed(lambda: work.store.disk.replace(LEAVES, b"{}\n"))
        finally:
            await work.close()
    finally:
        lock.release()
    await finish_removing(machine)


async def must_be_agreed(work: Workspace, typed: str = "") -> None:
    """Raises `NotUnderstood` for a study that is not proven elsewhere, unless what was `typed` is its title."""
    found = await standing(work)
    if not found.proven and typed.strip() != (found.title.strip() or work.store.project):
        raise NotUnderstood(
            Sentence(
                "Not all of “{title}” is in a backup or a checked archive that can be found from here. Back it up "
                "first, or type its title to remove it all the same. Nothing was removed.",
                title=found.title or work.store.project,
            )
        )


def _reaches(row: Row, ends: Mapping[str, Position]) -> bool:
    """Whether what a row names holds every line there is, and every original that was named by then."""
    done = row.whole and row.at is not None and row.begun is None and row.kind in ("bundle", "archive")
    covered = {writer: at.n for writer, at in row.covered.items()}
    return done and all(covered.get(writer, 0) >= end.n for writer, end in ends.items())


def _checked(row: Row) -> bool:
    """Whether an archive was checked since it was last written, and found whole."""
    return bool(row.at and row.verified_at and row.verified_at >= row.at and row.faults == 0)


def lies_there(row: Row, *, within: str = "") -> bool:
    """Whether it is still where it was written, and not `within` the folder that holds the studies.

    What left a phone was proven when it was chosen again: where it is, nobody here can look.
    """
    path = Path(row.path)
    if row.kind == "bundle" and row.sha256:
        return True
    if not path.is_absolute() or (within and path.is_relative_to(Path(within).absolute())):
        return False
    try:
        return path.is_dir() if row.kind == "archive" else path.is_file() and path.stat().st_size == row.bytes
    except OSError:
        return False


async def _archived(work: Workspace, folder: Path, originals: Collection[str]) -> bool:
    """Whether a restoring from an archive would still bring these originals, and every line of this study."""
    disk = folder_disk(folder)
    try:
        found = await contents(disk)
        logs = dict(found.logs)
        ended = [
            writer in logs and await _ends(disk, logs[writer], end)
            for writer, end in work.store.ends.items() if end.n
        ]  # fmt: skip
    except FieldLogError:
        return False
    held = {*found.media, *(piece.sha256 for pieces in found.joined.values() for piece in pieces)}
    return found.study == work.store.project and not found.damaged and all(ended) and held.issuperset(originals)


async def _ends(disk: Disk, path: str, end: Position) -> bool:
    """Whether the log of a writer comes as far as its journal here."""
    last = decode((await disk.read(path)).rstrip(b"\n").rpartition(b"\n")[2])
    return last.last > end.n or (last.last, last.head_hash) == (end.n, end.head)


async def _half_done(work: Workspace) -> bool:
    """Whether something lies here that is in no line yet."""
    disk = work.store.disk
    names = {found.name for found in await disk.list("")}
    laid_aside = any(".damaged-" in name for name in names)
    if laid_aside or not names.isdisjoint(UNFINISHED) or await disk.list(RECORDINGS):
        return True
    if (await read_kept(disk, HALF_WRITTEN)).get("places"):
        return True
    return not work.store.writable and await _text_is_open(work)


async def _text_is_open(work: Workspace) -> bool:
    """Whether a text was left open; of a study that is written in, who writes there has seen to it."""
    if await work.store.disk.size(SLOTS[0]) is None:
        return False
    slots = await OpenText.open(work.store.disk)
    try:
        return slots.kept is not None
    finally:
        slots.close()
