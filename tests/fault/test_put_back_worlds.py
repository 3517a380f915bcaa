"""Devices that were put back from a backup, and copies of devices that live on, meet over a place that behaves
badly: whatever ever left one of them is on all in the end, and no erased word is anywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from contextlib import suppress

import pytest

from fieldlog.model.branch import is_branch
from fieldlog.model.chain import Chain, Forked
from fieldlog.model.errors import FieldLogError
from fieldlog.model.line import Line, first_prev
from fieldlog.sync import layout
from fieldlog.sync.layout import segment_of
from fieldlog.sync.target import Item
from tests.conftest import Count
from tests.fakes.erased import everything
from tests.fakes.exchange import STUDY, Data, Device
from tests.fault import test_sync_worlds as worlds
from tests.fault.test_sync_worlds import MANY_WORLDS, OFF, World, is_told, lines_of, picture

small_things = worlds.small_things
STEPS = 45
ROUNDS = 4
WANTED = {"put_back", "clone", "erase", "meet", "branches"}
RARE = {"seen by the mark"}
"""A few worlds may do without."""


@pytest.fixture(autouse=True)
def few_lines_in_each(small_things: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that of what one run puts some is there and some is not."""
    monkeypatch.setattr(layout, "SEGMENT_BYTES", 1200)


class Copied(World):
    """`kept` are data of a device as they were once, `left` the heads of lines that were at the place when some
    device was put back, `unsure` the hashes of originals that may not have been. `doubtful` are names under which
    a device was put back, or copied."""

    def __init__(self, seed: int, times: float = 1) -> None:
        super().__init__(seed, times)
        self.kept: dict[int, Data] = {}
        self.left: set[str] = set()
        self.unsure: set[str] = set()
        self.doubtful: set[str] = set()

    async def arrive(self) -> None:
        marks = self.dice.random() < 0.6
        number = len(self.devices) + 1
        self.devices.append(await Device.new(number, self.dice.choice(OFF), marks=marks))

    def deeds(self) -> dict[Callable[[Device], Awaitable[None]], float]:
        return {
            self.write: 6, self.photograph: 2, self.change: 3, self.erase: 1.5, self.meet: 9, self.again: 1,
            self.join: 0.3, self.keep: 3, self.put_back: 2, self.clone: 1, self.rot: 1,
        }  # fmt: skip

    async def keep(self, device: Device) -> None:
        self.kept[device.n] = await device.data()

    async def clone(self, device: Device) -> None:
        if len(self.devices) < worlds.MOST_DEVICES:
            self.doubtful.add(device.work.device.id)
            self.devices.append(await device.cloned(len(self.devices) + 1))

    async def put_back(self, device: Device) -> None:
        if device.n not in self.kept:
            self.happened["nothing to put back"] += 1
            return
        data = self.kept[device.n]
        anywhere = await self._whole_lines(self.devices)
        elsewhere = await self._whole_lines([one for one in self.devices if one is not device], data)
        if erases(anywhere, elsewhere):
            # Nobody would know any more that it was to go.
            self.happened["an erasing had not left"] += 1
            return
        there = await everything(self.disk.inner)
        if any(is_told(n, raws) for n in self.erased for name, raws in there.items() if name.startswith("media/")):
            # That it is there only devices remember that sent or saw it.
            self.happened["an erased original was still there"] += 1
            return
        self.left |= (await self._whole_lines()).keys()
        assert self.left <= anywhere.keys(), "lines that had left"
        assert self.disk.met["rotten"] or self.left <= elsewhere.keys(), "lines that had left"
        self.left &= elsewhere.keys()
        self._nothing_more(elsewhere)
        originals = {path.rpartition("/")[2].partition(".")[0] for files in data.values() for path in files}
        for other in self.devices:
            originals |= (await other.originals()).keys() if other is not device else set()
        self.unsure |= (await device.originals()).keys() - originals
        self.doubtful.add(device.work.device.id)
        await device.put_back(data)
        self.doubtful.add(device.work.device.id)
        self.happened["seen by the mark"] += bool(device.work.noticed)

    async def rot(self, device: Device) -> None:
        """A line that stands there only, and rots, is lost: the device that wrote it was put back."""
        before, files = await self._whole_lines(self.devices), await everything(self.disk.inner)
        await super().rot(device)
        after = await self._whole_lines(self.devices)
        if erases(before, after):
            for path, data in files.items():
                await self.disk.inner.replace(path, data)
            return
        self.left &= after.keys()
        self._nothing_more(after)
        self.happened["lost to rot"] += before.keys() != after.keys()

    async def nothing_is_falsely_safe(self, device: Device, doubtful: Container[str] | None = None) -> None:
        """Who was put back or copied says so when it meets others: until then what it said before stands."""
        await super().nothing_is_falsely_safe(device, self.doubtful if doubtful is None else doubtful)

    def _nothing_more(self, lines: Mapping[str, Line]) -> None:
        """What these lines don't say is gone."""
        there = {op.e for line in lines.values() for op in line.ops if op.k == "new"}
        for told in (self.notes, self.photos):
            for n, entry in list(told.items()):
                if n not in self.erased and entry not in there:
                    del told[n]

    async def _whole_lines(self, devices: Iterable[Device] = (), data: Data | None = None) -> dict[str, Line]:
        """By the hashes of their heads, the lines that the place holds, these devices do, or those data, with all
        that come before them."""
        files = [raws for some in (data or {}).values() for raws in some.values()]
        for device in devices:
            files += (await device.journals()).values()
        for name, raws in (await everything(self.disk.inner)).items():
            files += [raws] if segment_of(Item(name=name, bytes=len(raws))) else []
        found = dict[str, Line]()
        for line in sorted(lines_of(files), key=lambda line: line.n):
            if line.prev in found or line.prev == first_prev(STUDY, line.writer):
                known = found.setdefault(line.head_hash, line)
                found[line.head_hash] = known if known.form == "whole" else line
        return found

    async def is_as_it_should_be(self) -> None:
        for device in self.devices:
            here = {line.head_hash for line in lines_of((await device.journals()).values())}
            assert self.left <= here, "lines that had left"
            self.happened["branches"] += any(map(is_branch, await device.journals()))
        # An original that had not left went with the device.
        hashes = {n: hashlib.sha256(picture(n)).hexdigest() for n in self.photos}
        there = (await self.devices[0].originals()).keys()
        photos = dict(self.photos)
        without = {n for n, sha256 in hashes.items() if sha256 in self.unsure and sha256 not in there}
        self.photos = {n: entry for n, entry in photos.items() if n not in without}
        self.notes |= {n: photos[n] for n in without}
        await super().is_as_it_should_be()
        for device in self.devices:
            await self.nothing_is_falsely_safe(device, ())

    async def all_rest(self) -> None:
        """Who has met all others has nothing to do, once it has heard what the last one found damaged or read."""
        for _ in range(ROUNDS):
            done = [await device.sync(self.target) for device in self.devices]
            if all(one.idle for one in done):
                return
        raise AssertionError(f"they never rest: {done}")


def erases(before: Mapping[str, Line], after: Mapping[str, Line]) -> bool:
    """Whether an erasing is among the lines that are not there any more."""
    return any(op.k == "erase" for head in before.keys() - after.keys() for op in before[head].ops)


async def played(seed: int, times: float = 1) -> Copied:
    """A world to its end, as it should be. What is not raises."""
    world = Copied(seed, times)
    try:
        for _ in range(world.dice.choice([2, 3, 3])):
            await world.arrive()
        for _ in range(STEPS):
            await world.step()
        for last in (False, True):
            for _ in range(4 if world.disk.met["rotten"] else 3):
                await world.all_meet()
            await world.all_rest()
            await world.is_as_it_should_be()
            for device in [] if last else world.devices:
                await world.write(device)
    finally:
        await world.close()
    return world


async def test_what_ever_left_a_device_is_on_all_whatever_was_put_back_or_copied(seed: int, count: Count) -> None:
    happened, many = Counter[str](), count(25, 1000, least=25)
    for number in range(many):
        try:
            world = await played(seed + number, 1 + number % 3)
        except (AssertionError, FieldLogError) as why:
            raise AssertionError(f"world {seed + number}: {why!r}") from why
        happened += world.happened
    print(f"{many} worlds from seed {seed}: {dict(happened)}")
    assert happened.keys() >= (WANTED | RARE if many >= MANY_WORLDS else WANTED)


# -- what holds it up, taken away


def no_fork_detection(patch: pytest.MonkeyPatch) -> None:
    """Whoever comes first stays."""
    lay = Chain.lay

    def first_stays(self: Chain, line: Line) -> None:
        with suppress(Forked):
            lay(self, line)

    patch.setattr(Chain, "lay", first_stays)


def no_check_of_prev(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Chain, "_check", lambda *_: None)


@pytest.mark.parametrize("sabotage", [no_fork_detection, no_check_of_prev], ids=lambda one: one.__name__)
async def test_without_it_the_worlds_fail(
    sabotage: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    sabotage(monkeypatch)
    for number in range(MANY_WORLDS):
        try:
            await played(seed + number, 1 + number % 3)
        except (AssertionError, FieldLogError):
            return
    pytest.fail("nobody noticed")
