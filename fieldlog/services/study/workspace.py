"""An open study: its store, its vault and this device's place in it. Whatever is saved is saved here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fieldlog.media.derived import derived_path
from fieldlog.model.errors import DiskFull, NotSaved
from fieldlog.model.fold import base_of, live
from fieldlog.model.op import WHOLE, Op
from fieldlog.model.ports import Source
from fieldlog.model.readable import check
from fieldlog.model.record import Record
from fieldlog.model.records import StoredRecord
from fieldlog.model.sentence import Sentence
from fieldlog.model.standing import erased, shown
from fieldlog.model.state import Change
from fieldlog.model.strict_json import with_whole_characters
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.reserve import Room, RoomyVault
from fieldlog.services.study.being_written import UnderWay
from fieldlog.services.study.device import Device
from fieldlog.services.study.done import Done
from fieldlog.services.study.half_written import HalfWritten
from fieldlog.store.reached import Reached
from fieldlog.store.store import Store

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Was:
    """A record before it was changed: its fields as they were, or that it was not there to be seen."""

    kind: str
    id: str
    there: bool
    fields: Mapping[str, Any]


@dataclass
class Workspace:
    """An open study on this machine. `lookups` are lookups of its register, each with the state it was made of,
    `noticed` sentences about what opening it found."""

    machine: Machine
    store: Store
    vault: RoomyVault
    device: Device
    erasing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while something is erased for good, one thing at a time."""
    naming: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while originals go that no record names, and while a record is saved that names one."""
    expected: list[set[str]] = field(default_factory=list, repr=False)
    """The hashes of originals whose lines are still to come, a set for each import that brings some."""
    exchanging: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while it is exchanged with a place, one at a time."""
    ledger: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while the ledger of copies is changed."""
    archiving: dict[str, asyncio.Lock] = field(default_factory=dict, repr=False)
    """By place: held while an archive is written there, by hand or because something came, one after the other."""
    under_way: UnderWay = field(init=False, repr=False)
    lookups: dict[str, tuple[Any, Any]] = field(default_factory=dict, repr=False)
    sound: dict[str, tuple[str, Reached | None]] = field(default_factory=dict, repr=False)
    """What an archive found sound of each journal: what it hashed to, and how far its writer was known to be."""
    noticed: list[Sentence] = field(default_factory=list, repr=False)
    half_written: HalfWritten = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.under_way = UnderWay(self.erasing)
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

    def setting(
        self, record: StoredRecord, fields: Mapping[str, Any], *, lane: str = "team", ms: int | None = None
    ) -> Op:  # fmt: skip
        """The operation that gives fields of a record new values, None for none, over what they say here."""
        base = base_of(record.doc, fields)
        return self.change("set", record.kind_of_record, record.id, dict(fields), base, lane=lane, ms=ms)

    def removing(self, record: StoredRecord, *, lane: str = "team") -> Op:
        """The operation that takes a record out of sight; what was said of it meanwhile elsewhere stays seen."""
        seen = {WHOLE: sorted(live(record.doc))}
        return self.change("del", record.kind_of_record, record.id, {}, seen, lane=lane)

    async def set(
        self, record: StoredRecord, fields: Mapping[str, Any], said: str, *, lane: str = "team"
    ) -> Done[None]:  # fmt: skip
        """Give fields of a record new values, None for none; what it says already is not said again.

        `said` is how it is said that it was done; nothing is, where nothing differed.
        """
        differing = differing_from(record.doc, fields)
        ops = [self.setting(record, differing, lane=lane)] if differing else []
        return await self.done(ops, said, None, lane=lane)

    async def done(self, ops: Sequence[Op], said: str, made: T, *, lane: str = "team") -> Done[T]:
        """Save operations as one line, and say so; where there are none, nothing is saved, said or taken back.

        `back` lets the records be as they were, field by field; what has been changed since by someone else stays
        in the log.
        """
        if not ops:
            return Done(made=made)
        before = self._was(ops)
        await self.save(ops, lane=lane)
        return Done(made=made, said=said, back=lambda: self._put_back(before, lane))

    def _was(self, ops: Iterable[Op]) -> tuple[_Was, ...]:
        """What these operations, not saved yet, will change."""
        found = []
        for op in ops:
            doc = self.store.state.get(op.e)
            there = doc is not None and shown(doc)
            fields = {name: doc.get(name) for name in op.v} if doc is not None else {}
            found.append(_Was(kind=op.r, id=op.e, there=there, fields=fields))
        return tuple(found)

    async def _put_back(self, before: Iterable[_Was], lane: str) -> None:
        ops = [op for one in before for op in self._as_it_was(one, lane)]
        if ops:
            await self.save(ops, lane=lane)

    def _as_it_was(self, one: _Was, lane: str) -> list[Op]:
        doc = self.store.state.get(one.id)
        if doc is None or erased(doc):
            return []
        if not one.there:
            return [self.change("del", one.kind, one.id, {}, {WHOLE: sorted(live(doc))}, lane=lane)]
        differing = {name: value for name, value in one.fields.items() if doc.get(name) != value}
        if not differing:
            return []
        return [self.change("set", one.kind, one.id, differing, base_of(doc, differing), lane=lane)]

    async def save(self, *batches: Sequence[Op], lane: str = "team") -> Change:
        """Save operations as one line, whole or not at all; of several batches each is a line, with one flush.

        When it returns, they are on the disk, a full one too as long as there is room kept for text. Raises
        `Impossible` where one would say what can't be, as `NotSaved` does with nothing saved.
        """
        for op in (op for ops in batches for op in ops):
            check(op)
        await self.store.at_rest()
        try:
            change = self.store.commit(lane, batches)
        except DiskFull:
            if not await self.room.give_up():
                raise
            await self.store.at_rest()
            change = self.store.commit(lane, batches)
        with suppress(NotSaved):
            # What a save leaves for later is done after another one; this one is on the disk.
            await self.store.settle()
        return change

    async def save_with(
        self, files: Mapping[str, Source], ops: Sequence[Op], *, lane: str = "team"
    ) -> Change:  # fmt: skip
        """Save operations as one line that names originals, each by its hash. One that was let go of meanwhile is
        kept again, of its source. Raises as `save` and the vault do."""
        async with self.naming:
            for sha256, source in files.items():
                if not await self.vault.has(sha256):
                    await self.vault.keep(source, expected=sha256)
            return await self.save(ops, lane=lane)

    async def keep_peaks(self, sha256: str, peaks: bytes) -> None:
        """Keep the waveform of a sound in the vault."""
        path = derived_path(self.vault, sha256, "peaks.bin")
        await self.room.needed(lambda: self.vault.disk.replace(path, peaks))

    def _erased(self, record: str) -> bool:
        return erased(self.store.state.raw(record) or {})

    async def close(self) -> None:
        await self.half_written.close()
        await self.store.close()


def differing_from(doc: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of these fields that a document says otherwise; where nothing is wanted, "" and False are nothing."""
    said = {name: None if (one := doc.get(name)) is False or one == "" else one for name in fields}
    return {
        name: value for name, value in fields.items()
        if doc.get(name) != value and not (value is None and said[name] is None)
    }  # fmt: skip
