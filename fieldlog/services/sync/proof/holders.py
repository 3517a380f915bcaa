"""Who holds what: this device, other devices and places, each by what was read back of it and still counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, cast

from fieldlog.model import gate
from fieldlog.model.line import hash_of, head_in, numbers_in
from fieldlog.model.moment import parse
from fieldlog.model.records import files_of, id_of, original_of
from fieldlog.model.standing import Doc, erased, made
from fieldlog.model.state import State
from fieldlog.services.held.read_here import read_here
from fieldlog.services.machine.long_work import apart, breath
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.lines_out import standing
from fieldlog.services.sync.proof.receipts import Heard, others
from fieldlog.store import journal as journals
from fieldlog.sync.receipt import LAPTOP, Holding, heads_in, short

DEVICES = 2
"""On so many devices an entry is called proven. All places together count for one: two addresses may lead to one
disk."""

FRESH = timedelta(days=7)
"""What was read back longer ago, or by a device that was not heard of for longer, lets nothing go."""

_PREV = re.compile(rb'"prev":"([0-9a-f]{64})"')
_RECORD = re.compile(rb'"e":"([0-9A-Za-z-]{1,64})"')


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a holder must have: the hashes of lines' heads, and originals (`short`). Nobody has what is `lost`."""

    heads: frozenset[str]
    originals: frozenset[str] = frozenset()
    lost: bool = False


@dataclass(frozen=True, kw_only=True)
class Holder:
    """`heads` are those of the lines it has, of all that are here; `originals` leads from each (`short`) to the
    date it was read on. `at` is when it was read back last, by the clock of whoever did; `heard` when that came
    here.

    `keeps` says that it lets no original go: a laptop, or a place.
    """

    id: str
    kind: Literal["device", "place"]
    form: Literal["phone", "laptop", ""]
    name: str
    own: bool
    keeps: bool
    at: datetime | None
    heard: datetime
    heads: Set[str]
    originals: Mapping[str, str]

    @property
    def called(self) -> str:
        """Its name, else what it is: `laptop`, `phone`."""
        return self.name or self.form or self.id

    def has(self, needs: Needs) -> bool:
        return self.has_words(needs) and needs.originals <= self.originals.keys()

    def has_words(self, needs: Needs) -> bool:
        return not needs.lost and bool(needs.heads) and needs.heads <= self.heads

    def may_be_relied_on(self, now: datetime) -> bool:
        return self.keeps and abs(now - self.heard) <= FRESH

    def has_lately(self, needs: Needs, now: datetime) -> bool:
        """Whether it was read back lately, by either clock, and goes on holding it."""
        return self.may_be_relied_on(now) and self.has(needs) and all(
            _lately(self.originals[one], now) for one in needs.originals
        )  # fmt: skip


def _lately(day: str, now: datetime) -> bool:
    return gate.iso_date(day) is None and abs(now.date() - date.fromisoformat(day)) <= FRESH


def on_two(holders: Iterable[Holder]) -> bool:
    """Whether these are two devices, or one and a place."""
    kinds = [one.kind for one in holders]
    return kinds.count("device") + min(1, kinds.count("place")) >= DEVICES


@dataclass
class Lines:
    """The lines that are here: `known` leads from the hash of a head to the number of its line and the hash of the
    head before, `spoken` from a record to the heads of the lines that speak of it."""

    known: dict[str, tuple[int, str]] = field(default_factory=dict)
    spoken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def of(self, records: Iterable[str], originals: Iterable[str] = ()) -> Needs:
        """What it takes to have these records and originals (sha256)."""
        heads, lost = set[str](), False
        for record in records:
            lost = lost or record not in self.spoken
            heads |= self.spoken.get(record, set())
        return Needs(heads=frozenset(heads), originals=frozenset(map(short, originals)), lost=lost)

    def of_entry(self, state: State, entry: Doc) -> Needs:
        """What it takes to have an entry and its files. One whose file has not come yet is proven nowhere."""
        files = [(one, state.raw(one)) for one in files_of(entry)]
        living = {one: doc for one, doc in files if doc and made(doc) and not erased(doc)}
        hashes = [str(original_of(doc)) for doc in living.values() if not gate.sha256(original_of(doc))]
        needs = self.of([id_of(entry), *living], hashes)
        waits = any(doc is None or not (made(doc) or erased(doc)) for _, doc in files)
        return replace(needs, lost=needs.lost or waits)


async def lines_here(work: Workspace) -> Lines:
    """Every line of this device's journals, read off the event loop where they have changed since."""
    now = await standing(work)
    before, lines = work.lookups.get("lines", (None, None))
    if lines is None or before != now:
        lines = await apart(work.machine.offload, lambda: _lines_here(work))
        work.lookups["lines"] = now, lines
    return cast("Lines", lines)


async def _lines_here(work: Workspace) -> Lines:
    lines = Lines()
    for name in await journals.writers(work.store.disk):
        async for data in journals.chunks(work.store.disk, name):
            for raw in data.split(b"\n"):
                if (head := head_in(raw)) and (prev := _PREV.search(head)):
                    hashed = hash_of(head)
                    lines.known[hashed] = numbers_in(raw)[0], prev[1].decode()
                    for record in set(_RECORD.findall(raw)):
                        lines.spoken[record.decode()].add(hashed)
            await breath()
    return lines


async def holders(work: Workspace, lines: Lines) -> list[Holder]:
    """This device first, then other devices, then places, each by name."""
    here, heard, now = await read_here(work), await others(work), work.machine.clock().at

    async def device(holding: Holding, at: datetime, *, own: bool, name: tuple[str, str], keeps: bool) -> Holder:
        return Holder(
            id=name[0], kind="device", form="laptop" if keeps else "phone", name=name[1], own=own, keeps=keeps,
            at=_at(holding), heard=at, heads=await heads(holding), originals=holding.originals,
        )  # fmt: skip

    async def heads(holding: Holding) -> set[str]:
        return cast("set[str]", await work.machine.offload(heads_in, holding.stretches, lines.known))

    own = await device(
        here.own(), now, own=True, name=(work.device.id, work.device.label), keeps=work.machine.keeps
    )
    devices = [
        await device(
            one.receipt.own, one.at, own=False, name=(one.receipt.device, one.receipt.name),
            keeps=one.receipt.form == LAPTOP,
        )
        for one in heard
    ]  # fmt: skip
    places = [
        Holder(
            id=key, kind="place", form="", name=holding.name, own=False, keeps=True, at=_at(holding), heard=at,
            heads=await heads(holding), originals=holding.originals,
        )
        for key, (holding, at) in _places(here.places, heard, now).items()
    ]  # fmt: skip
    return [own, *sorted(devices, key=_by_name), *sorted(places, key=_by_name)]


def _at(holding: Holding) -> datetime | None:
    return None if gate.instant(holding.at) else parse(holding.at)


def _by_name(one: Holder) -> tuple[str, str]:
    return one.name, one.id


def _places(
    ours: Mapping[str, Holding], heard: Sequence[Heard], now: datetime
) -> dict[str, tuple[Holding, datetime]]:
    """Of each place what was read back of it last, and when that was heard of."""
    found = {key: (holding, now) for key, holding in ours.items()}
    for one in heard:
        for key, holding in one.receipt.places.items():
            read, known = _at(holding), _at(found[key][0]) if key in found else None
            if known is None or (read and read > known):
                found[key] = holding, one.at
    return found
