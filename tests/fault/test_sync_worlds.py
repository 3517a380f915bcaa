"""Several devices, a place that behaves badly, and no order at all: once all have met, nothing is lost, all show
the same, and no erased word is anywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import DamagedLine, FieldLogError
from fieldlog.model.line import Line, decode
from fieldlog.model.standing import erased
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.held.read_here import ReadHere
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync import lines_in
from fieldlog.services.sync.exchange import exchange
from fieldlog.services.sync.originals.named import named_originals
from fieldlog.services.sync.proof import receipts
from fieldlog.services.sync.proof.holders import Needs, holders, lines_here
from fieldlog.services.sync.run import Exchanged
from fieldlog.sync import layout, plan
from fieldlog.sync.layout import Segment
from fieldlog.sync.receipt import Receipt, short
from fieldlog.sync.target import NotThere, TargetRefused, Unreachable
from fieldlog.sync.targets.folder import FolderTarget
from tests.conftest import Count
from tests.fakes.erased import everything
from tests.fakes.exchange import PLACE, Device
from tests.fakes.faulty_disk import FaultyDisk

MOST_DEVICES, STEPS, MANY_WORLDS = 5, 45, 100
OFF = [timedelta(), timedelta(hours=-9), timedelta(minutes=20), timedelta(days=40), timedelta(days=800)]
"""How far a device's clock may be off."""


@pytest.fixture(autouse=True)
def small_things(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a photo goes in parts, journals in several segments, and small ones become one."""
    monkeypatch.setattr(layout, "PART_BYTES", 150)
    monkeypatch.setattr(layout, "SEGMENT_BYTES", 4000)
    monkeypatch.setattr(layout, "SMALL_BYTES", 1500)
    monkeypatch.setattr(plan, "MOST_SMALL", 3)
    monkeypatch.setattr(lines_in, "ACT_LINES", 5)


class World:
    """`notes` and `photos` lead from a number to the entry that bears it, `erased` are numbers that somebody
    erased for good."""

    def __init__(self, seed: int, times: float = 1) -> None:
        self.dice = Random(seed)
        self.disk = FaultyDisk(MemoryDisk(), self.dice, times)
        self.target = FolderTarget(self.disk)
        self.devices: list[Device] = []
        self.notes: dict[int, str] = {}
        self.photos: dict[int, str] = {}
        self.erased: set[int] = set()
        self.numbers = count()
        self.happened = Counter[str]()

    @classmethod
    async def of(cls, seed: int, times: float = 1) -> World:
        world = cls(seed, times)
        for _ in range(world.dice.choice([2, 3, 3])):
            await world.arrive()
        return world

    async def arrive(self) -> None:
        self.devices.append(await Device.new(len(self.devices) + 1, self.dice.choice(OFF)))

    async def step(self) -> None:
        device = self.dice.choice(self.devices)
        deeds = self.deeds()
        does = self.dice.choices(list(deeds), list(deeds.values()))[0]
        self.happened[does.__name__] += 1
        await does(device)

    def deeds(self) -> dict[Callable[[Device], Awaitable[None]], float]:
        """What may happen next, and how often of so many times."""
        return {
            self.write: 6, self.photograph: 3, self.change: 3, self.erase: 2, self.meet: 9, self.again: 1,
            self.rot: 1, self.join: 0.4,
        }  # fmt: skip

    async def write(self, device: Device) -> None:
        n = next(self.numbers)
        self.notes[n] = await device.note(secret(n), private=self.dice.random() < 0.3)

    async def photograph(self, device: Device) -> None:
        n = next(self.numbers)
        self.photos[n] = (await device.photo(picture(n), secret(n))).id

    async def change(self, device: Device) -> None:
        if seen := self._seen(device):
            n, entry = self.dice.choice(seen)
            device.clock.advance(seconds=30)
            await Editing(device.work).reword(entry, f"{secret(n)} again {self.dice.random()}")

    async def erase(self, device: Device) -> None:
        if seen := self._seen(device):
            n, entry = self.dice.choice(seen)
            self.erased.add(n)
            await device.erase(entry)

    def _seen(self, device: Device) -> list[tuple[int, str]]:
        shown = {str(doc["id"]) for doc in device.work.store.state.entries()}
        return [(n, entry) for n, entry in sorted({**self.notes, **self.photos}.items()) if entry in shown]

    async def meet(self, device: Device) -> None:
        with suppress(Unreachable, TargetRefused, NotThere):
            await self.exchange(device)
        await self.nothing_is_falsely_safe(device)

    async def nothing_is_falsely_safe(self, device: Device, doubtful: Container[str] = ()) -> None:
        """What a device takes for proven on another, that one has: every operation, and every original. Of
        devices that are `doubtful` nothing is known yet."""
        by_id = {other.work.device.id: other for other in self.devices}
        erased = {entry for n, entry in {**self.notes, **self.photos}.items() if n in self.erased}
        here = await operations(device)
        for holder, needs in (await proven_at(device)).items():
            living = [one for entry, one in needs.items() if entry not in erased]
            if holder in doubtful or not living:
                continue
            assert holder in by_id, "unsafe: on nobody"
            other = by_id[holder]
            heads = {head for one in living for head in one.heads}
            said = (await operations(other)).keys()
            assert {u for u, head in here.items() if head in heads} <= said, "unsafe: words"
            there = {sha256[:16] for sha256, right in (await other.originals()).items() if right}
            assert {sha256 for one in living for sha256 in one.originals} <= there, "unsafe: originals"
            self.happened["proven"] += other is not device

    async def exchange(self, device: Device) -> Exchanged:
        device.clock.advance(minutes=self.dice.choice([1, 1, 90]))
        return await exchange(device.work, self.target, PLACE)

    async def again(self, device: Device) -> None:
        """Closed and opened, now and then without what it remembers of the place. What it sent of an original is
        told by nothing else once that is erased: so only before there are any."""
        if self.dice.random() < 0.3 and not self.photos:
            for found in await device.disk.list("sync"):
                if not found.is_dir:
                    await device.disk.remove(f"sync/{found.name}")
        await device.again()

    async def rot(self, device: Device) -> None:
        await self.disk.rot()

    async def join(self, device: Device) -> None:
        if len(self.devices) < MOST_DEVICES:
            await self.arrive()
            await self.meet(self.devices[-1])

    async def all_meet(self) -> None:
        """With nothing going wrong."""
        self.disk.faulty = False
        for device in self.devices:
            device.clock.advance(hours=2)
            await self.exchange(device)

    async def is_as_it_should_be(self) -> None:
        first = self.devices[0]
        places = [self.disk.inner, *(device.disk for device in self.devices)]
        for n in self.erased:
            for place in places:
                words = [path for path, data in (await everything(place)).items() if is_told(n, data)]
                assert words == [], f"{n} was erased"
        there = {entry for n, entry in {**self.notes, **self.photos}.items() if n not in self.erased}
        hashes = {hashlib.sha256(picture(n)).hexdigest() for n in self.photos if n not in self.erased}
        for device in self.devices:
            assert {str(doc["id"]) for doc in device.work.store.state.entries()} == there, "entries"
            assert device.work.store.state.tables == first.work.store.state.tables, "views"
            assert await device.journals() == await first.journals(), "journals"
            assert await device.originals() == dict.fromkeys(hashes, True), "originals"
            assert await device.work.store.verify() == [], "verify"
            assert device.work.store.withdrawn == (), "withdrawn"

    async def close(self) -> None:
        for device in self.devices:
            await device.work.close()


def told(n: int) -> str:
    """What tells whose words or picture these are; they bear it twice. A bit that rots hides only one of the two,
    and never makes it another's: the number is written twice as well."""
    return f"she said {n:03d}{n:03d}!"


def secret(n: int) -> str:
    return told(n) * 2


def picture(n: int) -> bytes:
    """Of a length that goes whole, or in parts."""
    return secret(n).encode() + Random(n).randbytes(n * 37 % 500)


def is_told(n: int, data: bytes) -> bool:
    return told(n).encode() in data


async def proven_at(device: Device) -> dict[str, dict[str, Needs]]:
    """By device the entries that are taken for proven there, with what each needs."""
    state, lines = device.work.store.state, await lines_here(device.work)
    found = await holders(device.work, lines)
    needs = {str(doc["id"]): lines.of_entry(state, doc) for doc in state.entries()}
    return {one.id: {entry: what for entry, what in needs.items() if one.has(what)} for one in found}


async def operations(device: Device) -> dict[str, str]:
    """Every operation in the journals of a device that speaks of what lives, with the hash of its line's head."""
    found, raw = dict[str, str](), device.work.store.state.raw
    for line in lines_of((await device.journals()).values()):
        found |= {op.u: line.head_hash for op in line.ops if not erased(raw(op.e) or {})}
    return found


def lines_of(files: Iterable[bytes]) -> list[Line]:
    found = list[Line]()
    for raw in (raw for data in files for raw in data.split(b"\n")):
        with suppress(DamagedLine):
            found.append(decode(raw))
    return found


async def played(seed: int, times: float = 1) -> World:
    """A world to its end, as it should be. What is not raises."""
    world = await World.of(seed, times)
    try:
        for _ in range(STEPS):
            await world.step()
        # Twice is enough where nothing is rotten. What lies behind a gap, and an original whose line is damaged,
        # is looked at when the lines are here; if it is damaged, too, who has it hears of it then. Of the parts of
        # an original a meeting finds the first that is rotten.
        for _ in range(2 + world.disk.met["rotten"]):
            await world.all_meet()
        await world.is_as_it_should_be()
    finally:
        await world.close()
    return world


async def test_once_all_have_met_nothing_is_lost_all_show_the_same_and_no_erased_word_is_anywhere(
    seed: int, count: Count
) -> None:
    met, happened, worlds = Counter[str](), Counter[str](), count(25, 1000, least=25)
    for number in range(worlds):
        try:
            world = await played(seed + number, 1 + number % 3)
        except (AssertionError, FieldLogError) as why:
            raise AssertionError(f"world {seed + number}: {why!r}") from why
        met += world.disk.met
        happened += world.happened
    print(f"{worlds} worlds from seed {seed}: {dict(happened)}; faults met: {dict(met)}")
    assert happened["proven"]
    wanted = {
        "dropped",
        "falsely acknowledged",
        "halved",
        "answer lost",
        "stale",
        "rotten",
        "not read",
    }
    rare = {"not removed"} if worlds >= MANY_WORLDS else set[str]()
    assert wanted | rare <= met.keys()


def test_no_bit_that_rots_makes_words_those_of_another_or_hides_them() -> None:
    for n in range(8):
        words = secret(n).encode()
        for bit in range(len(words) * 8):
            rotten = bytearray(words)
            rotten[bit // 8] ^= 1 << bit % 8
            assert [other for other in range(100) if is_told(other, bytes(rotten))] == [n]


# -- what holds it up, taken away


def no_size_after_put(patch: pytest.MonkeyPatch) -> None:
    async def put(self: FolderTarget, name: str, data: bytes) -> None:
        try:
            await self._disk.replace(name, data)
        except FieldLogError as why:
            raise Unreachable(*why.args) from why

    patch.setattr(FolderTarget, "put", put)


def no_hash(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(layout, "is_whole", lambda segment, data: len(data) == segment.bytes)
    patch.setattr(layout, "is_original", lambda data, sha256: True)

    async def believed(disk: object, path: str) -> str:
        return path.rpartition("/")[2]

    patch.setattr("fieldlog.services.sync.originals.coming.hash_of", believed)


def no_size_in_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(layout, "fits", lambda item, size: True)


def old_segments_stay(patch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> Iterator[Segment]:
        return iter(())

    patch.setattr(plan, "_removing", nothing)


def what_is_named_counts_as_held(patch: pytest.MonkeyPatch) -> None:
    said = receipts._said

    def named_too(work: Workspace, here: ReadHere) -> Receipt:
        receipt = said(work, here)
        named = dict.fromkeys(map(short, named_originals(work)), "2025-03-16")
        return replace(receipt, own=replace(receipt.own, originals=named))

    patch.setattr(receipts, "_said", named_too)


SABOTAGES = [what_is_named_counts_as_held, no_size_after_put, no_hash, no_size_in_names, old_segments_stay]


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.__name__)
async def test_without_it_the_worlds_fail(
    sabotage: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotage(monkeypatch)
    for number in range(40):
        try:
            await played(7000 + number, 3)
        except (AssertionError, FieldLogError):
            return
    pytest.fail("nobody noticed")
