"""Laptops and phones prove to each other what they hold, lose originals, are put back, and phones make room: what
is taken for proven is there, and whatever a phone lets go lies on two others that keep everything."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from fieldlog.media.vault import Vault
from fieldlog.model.errors import FieldLogError
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.held.freed import fetch_again
from fieldlog.services.sync.proof import holders, receipts
from fieldlog.services.sync.proof.space import can_free, free_space
from tests.conftest import Count
from tests.fakes.exchange import Data, Device
from tests.fault import test_sync_worlds as worlds
from tests.fault.test_sync_worlds import World, picture

small_things = worlds.small_things
OFF = [timedelta(), timedelta(hours=-9), timedelta(minutes=20)]
STEPS = 60


class Proving(World):
    """Over a place that behaves. `kept` are data of a device as they were once.

    `unheard` are pairs of devices, the second of which had something happen to it, by accident or by making room,
    that the first can't know of yet; `accidents` are those of them that were accidents. `unseen` are devices that
    don't know themselves yet what happened to them, `untold` those that have not met since. `names` are the ids
    that each device ever had.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed, 0)
        self.disk.faulty = False
        self.kept: dict[int, Data] = {}
        self.unheard: set[tuple[int, int]] = set()
        self.accidents: set[tuple[int, int]] = set()
        self.unseen: set[int] = set()
        self.untold: set[int] = set()
        self.names: dict[int, set[str]] = {}

    @classmethod
    async def begun(cls, seed: int) -> Proving:
        world = cls(seed)
        for n in range(4):
            marks = world.dice.random() < 0.5
            off = world.dice.choice(OFF)
            world.devices.append(await Device.new(n + 1, off, marks=marks, keeps=n in (0, 2)))
        return world

    def deeds(self) -> dict[Callable[[Device], Awaitable[None]], float]:
        return {
            self.write: 4, self.photograph: 4, self.change: 2, self.erase: 1, self.meet: 14, self.again: 1,
            self.keep: 2, self.put_back: 1, self.lose: 1, self.damage: 1, self.look: 3, self.make_room: 4,
            self.want_back: 4,
        }  # fmt: skip

    async def meet(self, device: Device) -> None:
        """An hour or more after the last time: then everything is looked at."""
        device.clock.advance(hours=2)
        await self.exchange(device)
        if device.n not in self.unseen:
            self.untold.discard(device.n)
        heard = {pair for pair in self.unheard if pair[0] == device.n and pair[1] not in self.untold}
        self.unheard -= heard
        self.accidents -= heard
        for other in self.devices:
            self.names.setdefault(other.n, set()).update(other.work.device.ids)
        told = [self.names[other.n] for other in self.devices if (device.n, other.n) in self.unheard]
        own = self.names[device.n] if device.n in self.unseen else set[str]()
        await self.nothing_is_falsely_safe(device, own.union(*told))

    def _happens(self, device: Device, *, accident: bool, unseen: bool = False) -> None:
        pairs = {(other.n, device.n) for other in self.devices if other is not device}
        self.unheard |= pairs
        self.accidents |= pairs if accident else set()
        self.untold.add(device.n)
        if unseen:
            self.unseen.add(device.n)

    async def keep(self, device: Device) -> None:
        self.kept[device.n] = await device.data()

    async def put_back(self, device: Device) -> None:
        """Only where others have all it has: what is lost is another world's."""
        others = [await self._held(other) for other in self.devices if other is not device]
        if device.n in self.kept and await self._held(device) <= set[str]().union(*others):
            for _ in range(2):
                await self.meet(device)
            await device.put_back(self.kept[device.n])
            self._happens(device, accident=True)

    async def _held(self, device: Device) -> set[str]:
        return {sha256 for sha256, right in (await device.originals()).items() if right}

    async def lose(self, device: Device) -> None:
        if held := sorted(await self._held(device)):
            stored = await device.work.vault.find(self.dice.choice(held))
            assert stored
            await device.disk.remove(stored.path)
            self._happens(device, accident=True)

    async def damage(self, device: Device) -> None:
        if held := sorted(await self._held(device)):
            stored = await device.work.vault.find(self.dice.choice(held))
            assert stored
            await device.disk.replace(stored.path, bytes(stored.bytes))
            self._happens(device, accident=True, unseen=True)

    async def look(self, device: Device) -> None:
        await verify_store(device.work)
        self.unseen.discard(device.n)

    async def make_room(self, device: Device) -> None:
        agreed = await can_free(device.work)
        if self.dice.random() < 0.5:
            await self.meet(device)
        before = await self._held(device)
        await free_space(device.work, agreed)
        went = before - await self._held(device)
        # What somebody erased goes from everywhere.
        for sha256 in went - {hashlib.sha256(picture(n)).hexdigest() for n in self.erased}:
            have = [
                other for other in self.devices if other is not device
                and (sha256 in await self._held(other) or (device.n, other.n) in self.accidents)
            ]  # fmt: skip
            assert len(have) >= 2, "freed, and not on two others"
        if went:
            self.happened["went"] += len(went)
            self._happens(device, accident=False)

    async def want_back(self, device: Device) -> None:
        for _, entry in self._seen(device):
            if await fetch_again(device.work, entry):
                self.happened["wanted back"] += 1
                return


async def played(seed: int) -> Proving:
    world = await Proving.begun(seed)
    try:
        for _ in range(STEPS):
            await world.step()
    finally:
        await world.close()
    return world


async def test_what_is_taken_for_proven_is_there_and_what_goes_lies_on_two_others(seed: int, count: Count) -> None:
    happened = Counter[str]()
    for number in range(count(25, 1000, least=25)):
        try:
            world = await played(seed + number)
        except (AssertionError, FieldLogError) as why:
            raise AssertionError(f"world {seed + number}: {why!r}") from why
        happened += world.happened
    print(f"{count(25, 1000, least=25)} worlds from seed {seed}: {dict(happened)}")
    assert happened.keys() >= {"went", "wanted back", "proven", "put_back", "lose", "damage", "look"}


# -- what holds it up, taken away


def former_names_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holders, "others", receipts._all)


def nothing_is_hashed(patch: pytest.MonkeyPatch) -> None:
    async def believed(self: Vault, sha256: str, seen: object = None) -> None:
        """Whatever lies there."""

    patch.setattr(Vault, "verify", believed)


def phones_are_relied_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holders.Holder, "may_be_relied_on", lambda *_: True)


def one_other_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(holders, "DEVICES", 1)


SABOTAGES = [former_names_count, nothing_is_hashed, phones_are_relied_on, one_other_is_enough]


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.__name__)
async def test_without_it_the_worlds_fail(
    sabotage: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotage(monkeypatch)
    for number in range(40):
        try:
            await played(7000 + number)
        except (AssertionError, FieldLogError):
            return
    pytest.fail("nobody noticed")
