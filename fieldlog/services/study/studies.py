"""Studies of this device: opened, begun, and told of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from fieldlog.disk.paths import TEMP_SUFFIX
from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError, NotFound, NotSaved, NotUnderstood, StoreBusy, WrongPlace
from fieldlog.model.gate import taken
from fieldlog.model.ids import day_id
from fieldlog.model.line import compact
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.study import ProductionDay, Study, day_code
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.reserve import RoomyVault
from fieldlog.services.study.device import Device
from fieldlog.services.study.erase_promise import OUTBOX, UNSEALED, UNSEALED_LOCK, finish_at_opening
from fieldlog.services.study.originals.expected import sweep_expected
from fieldlog.services.study.put_back.mark import notice
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from fieldlog.store.store import LOCK, Store

MOST_DAYS = 400
"""A year and a bit: more is a slip of the finger."""

LEAVES = "leaves-this-device"
"""Lies in the folder of a study that is being removed from this device, until nothing of it is left."""
FILLING, RESTORING = "filling.json", "restoring.json"
"""Lies in a study that was not here while it comes from a file, or from an archive, and where that was stopped."""


@dataclass(frozen=True, kw_only=True)
class StudyRow:
    """A study on this device. `current` is the one opened last."""

    id: str
    title: str
    entries: int
    current: bool


async def studies(machine: Machine) -> list[str]:
    """Ids of the studies in this data root, but for those that are being removed."""
    return [name for name, leaves in await _folders(machine) if not leaves]


async def _folders(machine: Machine) -> list[tuple[str, bool]]:
    """Each study's folder by its id, and whether it is being removed."""
    root = machine.disk_at("")
    names = [found.name for found in await root.list("studies") if found.is_dir]
    return [(name, await root.size(f"studies/{name}/{LEAVES}") is not None) for name in names]


async def finish_removing(machine: Machine) -> None:
    """Remove what is left of studies that leave this device; where a disk refuses, the next start goes on with it.

    Their folders alone: nothing beside them, and no other study.
    """
    for study in [name for name, leaves in await _folders(machine) if leaves]:
        with suppress(NotSaved, StoreBusy, WrongPlace):
            await (await Device.load(machine)).forget(study)
            root, folder = machine.disk_at(""), f"studies/{study}"
            await _empty(root, folder, but=LEAVES)
            await root.remove(f"{folder}/{LEAVES}")
            await root.remove(folder)


async def leave_out_unfilled(machine: Machine) -> list[str]:
    """Remove studies that were to come from a file and of which no line has come, but for one that comes right
    now: its originals could be reached by no erasing. The ids that stay, as `begun` tells them."""
    folders = await _folders(machine)
    waiting = {name: await _waits(machine.disk_at(f"studies/{name}")) for name, leaves in folders if not leaves}
    for study in [name for name, mark in waiting.items() if mark == FILLING]:
        disk = machine.disk_at(f"studies/{study}")
        with suppress(NotSaved, StoreBusy):
            lock = await disk.lock(LOCK)
            try:
                await disk.replace(LEAVES, b"{}\n")
            finally:
                lock.release()
    if len(waiting) < len(folders) or FILLING in waiting.values():
        await finish_removing(machine)
    return [name for name, mark in waiting.items() if not mark]


async def _empty(disk: Disk, folder: str, but: str = "") -> None:
    for path in [f"{folder}/{found.name}" for found in await disk.list(folder) if found.name != but]:
        try:
            # First as it is: a link to a folder goes, and what it leads to stays.
            await disk.remove(path)
        except WrongPlace:
            await _empty(disk, path)
            await disk.remove(path)


async def begun(machine: Machine) -> list[str]:
    """Ids of the studies in this data root, but for those that were to come from elsewhere and of which no line
    has come yet."""
    return [one for one in await studies(machine) if not await _waits(machine.disk_at(f"studies/{one}"))]


async def _waits(disk: Disk) -> str:
    """The mark of a study that was to come from elsewhere, where no line of it has come yet; else ""."""
    sizes = await asyncio.gather(disk.size(FILLING), disk.size(RESTORING))
    marks = [mark for mark, size in zip((FILLING, RESTORING), sizes, strict=True) if size is not None]
    return marks[0] if marks and not await holds_lines(disk) else ""


async def _usual(machine: Machine, device: Device, known: Sequence[str]) -> str | None:
    """The study that is opened where none is named: the one used last, else the newest that holds a line."""
    last = [device.current] if device.current in known else []
    for one in [*last, *reversed(known)]:
        if one and not await _waits(machine.disk_at(f"studies/{one}")):
            return one
    return next(iter([*last, *reversed(known)]), None)


async def holds_lines(disk: Disk) -> bool:
    """Whether anything was ever written in the study of a disk."""
    for writer in await journals.writers(disk):
        for segment in await journals.segments(disk, writer):
            if await disk.size(journals.path(writer, segment)):
                return True
    return False


@asynccontextmanager
async def study_to_fill(machine: Machine, study: str, mark: str = FILLING) -> AsyncIterator[Workspace]:
    """A study, opened to take in what comes from elsewhere, and made where it is not here; then a `mark` says so
    until it is done.

    Where that is refused or stopped, the study used last is the same as before, and one of which no line has come
    from a file is not here.
    """
    before = (await Device.load(machine)).current
    disk = machine.disk_at(f"studies/{study}")
    work = await open_study(machine, study, write=True)
    try:
        if not await holds_lines(disk):
            await disk.replace(mark, compact({"version": 1, "at": machine.clock().text()}) + b"\n")
        yield work
        await disk.remove(mark)
    except FieldLogError:
        with suppress(FieldLogError):
            await work.device.opens(before)
        raise
    finally:
        await work.close()
        await leave_out_unfilled(machine)


async def open_study(machine: Machine, study: str | None = None, *, write: bool) -> Workspace:
    """Open a study of this data root, by default the one used last; to write, one that is not there yet is made.

    Raises `NotFound` where there is none, `StoreBusy` where another process writes to it, `Impossible` for a new
    one of an id that is none: a folder that lies there already opens whatever its name.
    """
    device, known = await asyncio.gather(Device.load(machine), studies(machine))
    chosen = study or await _usual(machine, device, known)
    if chosen is not None and chosen not in known:
        gate.taken(gate.identifier, "study", chosen)
        await _must_be_gone(machine, chosen)
    if chosen is None or (chosen not in known and not write):
        raise NotFound("There is no study here yet. Write a note with `fieldlog log`, or import a month.")
    disk = machine.disk_at(f"studies/{chosen}")
    anew = chosen not in known and not await holds_lines(disk)
    own = await device.join(chosen, anew=anew) if write else None
    store = await Store.open(
        disk, chosen, salt=machine.new_salt, own=own, former=device.former_writers.get(chosen, ()),
        renew=partial(device.renew, chosen),
    )  # fmt: skip
    if write:
        await _sweep(disk)
        await sweep_unsealed(machine)
    vault = RoomyVault(disk, machine.room)
    work = Workspace(machine, store, vault, device)
    if write:
        await notice(work)
        await vault.sweep()
        await work.half_written.read()
        await finish_at_opening(work)
        await sweep_expected(work)
    return work


async def _must_be_gone(machine: Machine, study: str) -> None:
    """What was removed under an id goes before it comes back. Raises `NotSaved` where something of it stays."""
    await finish_removing(machine)
    if (study, True) in await _folders(machine):
        raise NotSaved(sentence("what was removed of this study is still in use here. Open FieldLog again."))


async def _sweep(disk: Disk) -> None:
    """Remove what kills left half written beside the small files and views, and of a bundle that was to leave:
    nobody else writes them now."""
    left = (("", TEMP_SUFFIX), ("views", TEMP_SUFFIX), (OUTBOX, ".part"))
    listed = await asyncio.gather(*(disk.list(folder) for folder, _ in left))
    for (folder, ending), names in zip(left, listed, strict=True):
        for found in names:
            if found.name.endswith(ending):
                await disk.remove(f"{folder}/{found.name}" if folder else found.name)


async def sweep_unsealed(machine: Machine) -> None:
    """Remove the bundle that had been opened when the app was killed; one that comes in right now stays."""
    disk = machine.disk_at("")
    if await disk.size(UNSEALED) is None:
        return
    try:
        lock = await disk.lock(UNSEALED_LOCK)
    except StoreBusy:
        return
    try:
        await disk.remove(UNSEALED)
    finally:
        lock.release()


async def new_study(
    machine: Machine, *, title: str, researcher: str = "R1", zone: str, first_day: str, days: int = 28
) -> Workspace:
    """Make a study and its planned days, numbered from 1, and open it for writing.

    `first_day` is an ISO date. Study and days are one line: all there, or none. Raises `NotUnderstood` before
    anything is made.
    """
    first = _checked(title, zone, first_day, days)
    work = await open_study(machine, machine.new_id(), write=True)
    numbering = {"prefix": "PD", "first": 1, "total": days}
    study = Study(
        id=work.store.project, title=title.strip(), default_tz=zone, numbering=numbering,
        researchers=({"id": researcher.strip() or "R1"},),
    )  # fmt: skip
    planned = [_planned(study, first + timedelta(days=n), n + 1) for n in range(days)]
    try:
        await work.save([work.op(record) for record in (study, *planned)])
    except BaseException:
        await work.close()
        raise
    return work


async def must_be_here(machine: Machine, study: str) -> None:
    """Raises `NotFound` for a study that is not on this device: a slip of the finger makes none."""
    if study not in await studies(machine):
        words = Sentence(
            "There is no study {study} here. `fieldlog studies` lists those that are, and `fieldlog studies new` "
            "makes one. Nothing was changed.",
            study=gate.brief(study),
        )
        raise NotFound(words)


async def list_studies(machine: Machine, *, but: str = "") -> list[StudyRow]:
    """Every study on this device but one, the one opened last first, then by title."""
    rows = []
    for name in await begun(machine):
        if name == but:
            continue
        try:
            work = await open_study(machine, name, write=False)
        except NotFound:
            continue
        title = work.store.state.about.title
        entries = sum(1 for _ in work.store.state.entries())
        current = work.device.current == name
        rows.append(StudyRow(id=name, title=title, entries=entries, current=current))
        await work.close()
    return sorted(rows, key=lambda row: (not row.current, row.title, row.id))


def _checked(title: str, zone: str, first_day: str, days: int) -> date:
    if not title.strip():
        raise NotUnderstood("A study needs a title; a working title will do.")
    if not zone:
        raise NotUnderstood(Sentence("A study needs a time zone; write it like Asia/Shanghai."))
    taken(gate.zone, "zone", zone)
    if not 1 <= days <= MOST_DAYS:
        raise NotUnderstood(
            Sentence(
                "A study has 1 to {MOST_DAYS} production days; {days} is none of these.",
                MOST_DAYS=MOST_DAYS,
                days=days,
            )
        )
    return date.fromisoformat(taken(gate.iso_date, "first day", first_day))


def _planned(study: Study, day: date, n: int) -> ProductionDay:
    said = day.isoformat()
    return ProductionDay(id=day_id(study.id, said), date=said, n=n, code=day_code(n, study.numbering))
