"""Opening a study: its store, its vault and this device's place in it, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fieldlog.disk.paths import TEMP_SUFFIX
from fieldlog.media.derived import derived_path
from fieldlog.model import gate
from fieldlog.model.errors import NotFound, NotSaved
from fieldlog.model.op import Op
from fieldlog.model.ports import Disk
from fieldlog.model.readable import check
from fieldlog.model.record import Record
from fieldlog.model.state import Change
from fieldlog.model.strict_json import with_whole_characters
from fieldlog.model.vocabulary import LANES
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.reserve import Room, RoomyVault
from fieldlog.services.study.being_written import UnderWay
from fieldlog.services.study.erase_promise import finish_at_opening
from fieldlog.services.study.half_written import HalfWritten
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.store.store import Store

DEVICE = Form(
    path="device.json",
    whole={"id": gate.identifier, "label": gate.text, "current": gate.text},
    must=("id",),
    each={"writers": (dict, gate.mapped(gate.identifier)), "preferences": (dict, gate.text)},
)
UNTITLED = "Untitled study"


@dataclass
class Workspace:
    """An open study on this machine. `lookups` are lookups of its register, each with the state it was made of."""

    machine: Machine
    store: Store
    vault: RoomyVault
    device: Device
    erasing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while something is erased for good, one thing at a time."""
    ledger: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while the ledger of copies is changed."""
    under_way: UnderWay = field(default_factory=UnderWay, repr=False)
    lookups: dict[str, tuple[Any, Any]] = field(default_factory=dict, repr=False)
    half_written: HalfWritten = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.half_written = HalfWritten(self.store.disk, self.room, self._erased)

    @property
    def zone(self) -> str:
        """The study's zone: where the day turns."""
        return self.store.state.calendar.zone

    @property
    def room(self) -> Room:
        """The room that is kept for text. `save` asks for it; whatever else writes words does the same."""
        return self.machine.room

    def op(self, record: Record, *, lane: str = "team", ms: int | None = None) -> Op:
        """The operation that makes a record."""
        return self.change("new", record.kind_of_record, record.id, record.fields(), lane=lane, ms=ms)

    def change(
        self, kind: str, record: str, record_id: str, fields: dict[str, Any],
        base: dict[str, list[str]] | None = None, *, lane: str = "team", ms: int | None = None,
    ) -> Op:  # fmt: skip
        """An operation of this device, stamped with the Unix `ms` of a settled moment, by default now."""
        t = self.store.stamp(lane, self.machine.clock().ms if ms is None else ms)
        v = with_whole_characters(fields)
        return Op(u=self.machine.new_id(), t=t, r=record, e=record_id, k=kind, v=v, base=base or {})

    async def save(self, ops: Sequence[Op], *, lane: str = "team") -> Change:
        """Save operations as one line: whole or not at all."""
        return await self.save_all([ops], lane=lane)

    async def save_all(self, batches: Sequence[Sequence[Op]], *, lane: str = "team") -> Change:
        """Save lines, one a batch, with one flush. When it returns, they are on the disk, a full one too as long
        as there is room kept for text.

        Raises `Impossible` where one would say what can't be, as `NotSaved` does with nothing saved.
        """
        for ops in batches:
            for op in ops:
                check(op)

        async def committed() -> Change:
            await self.store.at_rest()
            return self.store.commit(lane, batches)

        change = await self.room.needed(committed)
        with suppress(NotSaved):
            # What a save leaves for later is done after another one; this one is on the disk.
            await self.store.settle()
        return change

    async def keep_peaks(self, sha256: str, peaks: bytes) -> None:
        """Keep the waveform of a sound in the vault."""
        path = derived_path(self.vault, sha256, "peaks.bin")
        await self.room.needed(lambda: self.vault.disk.replace(path, peaks))

    def _erased(self, record: str) -> bool:
        return "_erased" in (self.store.state.raw(record) or {})

    async def close(self) -> None:
        await self.half_written.close()
        await self.store.close()


@dataclass
class Device:
    """`device.json` of the data root: this device's id, its writers in each study, and what is liked here.

    `more` is what a later version keeps there.
    """

    machine: Machine
    id: str
    label: str = ""
    current: str | None = None
    writers: dict[str, dict[str, str]] = field(default_factory=dict)
    preferences: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def load(cls, machine: Machine) -> Device:
        """The device of a data root; a new one where there is none yet, or none that can be read."""
        kept = await read_kept(machine.disk_at(""), DEVICE)
        known = (*DEVICE.whole, *DEVICE.each)
        return cls(
            machine, kept.get("id") or machine.new_id(), kept.get("label", ""), kept.get("current"),
            kept.get("writers", {}), kept.get("preferences", {}),
            {name: value for name, value in kept.items() if name not in known},
        )  # fmt: skip

    async def keep(self) -> None:
        kept = {
            **self.more, "id": self.id, "label": self.label, "current": self.current, "writers": self.writers,
            "preferences": self.preferences,
        }  # fmt: skip
        disk = self.machine.disk_at("")
        await self.machine.room.needed(lambda: write_kept(disk, DEVICE, kept))

    async def prefer(self, name: str, value: str) -> None:
        """Remember how the person likes it here: language, look."""
        if self.preferences.get(name) != value:
            self.preferences[name] = value
            await self.keep()

    async def join(self, study: str, machine: Machine) -> dict[str, str]:
        """This device's writer for each lane of a study; drawn at random the first time."""
        own = self.writers.get(study, {})
        if self.current != study or not own.keys() >= set(LANES):
            self.current = study
            self.writers[study] = {lane: machine.new_salt()[:16] for lane in LANES} | own
            await self.keep()
        return self.writers[study]


async def studies(machine: Machine) -> list[str]:
    """Ids of the studies in this data root."""
    return [found.name for found in await machine.disk_at("").list("studies") if found.is_dir]


async def open_study(machine: Machine, study: str | None = None, *, write: bool) -> Workspace:
    """Open a study of this data root, by default the one used last; to write, one that is not there yet is made.

    Raises `NotFound` where there is none, `StoreBusy` where another process writes to it, `Impossible` for a new
    one of an id that is none: a folder that lies there already opens whatever its name.
    """
    device = await Device.load(machine)
    known = await studies(machine)
    chosen = study or (device.current if device.current in known else None) or (known[-1] if known else None)
    if chosen is not None and chosen not in known:
        gate.taken(gate.identifier, "study", chosen)
    if chosen is None or (chosen not in known and not write):
        raise NotFound("There is no study here yet. Write a note with `fieldlog log`, or import a month.")
    own = await device.join(chosen, machine) if write else None
    disk = machine.disk_at(f"studies/{chosen}")
    store = await Store.open(disk, chosen, salt=machine.new_salt, own=own)
    if write:
        await _sweep(disk)
    vault = RoomyVault(disk, machine.room)
    work = Workspace(machine, store, vault, device)
    if write:
        await vault.sweep()
        await work.half_written.read()
        await finish_at_opening(work)
    return work


async def _sweep(disk: Disk) -> None:
    """Remove what kills left half written beside the small files and views: nobody else writes them now."""
    for folder in ("", "views"):
        for found in await disk.list(folder):
            if found.name.endswith(TEMP_SUFFIX):
                await disk.remove(f"{folder}/{found.name}" if folder else found.name)


def known(records: Iterable[dict[str, Any]], wanted: str, *fields: str) -> dict[str, Any] | None:
    """The record that `wanted` names by id or by one of these fields; None where none does."""
    plain = wanted.strip().casefold()
    for doc in records:
        if doc["id"] == wanted or any(str(doc.get(name) or "").casefold() == plain for name in fields):
            return doc
    return None
