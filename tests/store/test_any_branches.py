"""Whatever is written, copied, put back, erased and met in whatever order: nothing that is on a living device is
lost, and once all have met they hold the same journals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldlog.model.op import Op
from tests.fakes.store_desk import entry_id
from tests.fakes.twins import Names, Twin, differences

DEVICES = 3
MOST_DEVICES = 6
VERBS = ("write", "write", "private", "copy", "put back", "clone", "meet", "meet", "part of", "erase", "again")
step = st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 5))


@dataclass
class World:
    """Devices of one study, and copies of them as they were once."""

    names: Names = field(default_factory=Names)
    twins: list[Twin] = field(default_factory=list)
    copies: list[tuple[int, Twin]] = field(default_factory=list)
    written: int = 0
    erased: set[int] = field(default_factory=set)

    async def begun(self) -> World:
        self.twins = [await Twin.of(self.names) for _ in range(DEVICES)]
        return self

    async def step(self, verb: str, one: int, other: int) -> None:
        place = one % len(self.twins)
        twin, second = self.twins[place], self.twins[other % len(self.twins)]
        match verb:
            case "write" | "private":
                numbers = range(self.written, self.written + 1 + other % 2)
                self.written = numbers.stop
                twin.write(*numbers, lane="mine" if verb == "private" else "team")
            case "copy":
                self.copies.append((place, await twin.copy()))
            case "put back" if self.copies:
                place, kept = self.copies[other % len(self.copies)]
                self.twins[place] = await kept.copy()
            case "clone" if len(self.twins) < MOST_DEVICES:
                self.twins.append(await twin.copy())
            case "meet" if twin is not second:
                await take_in(twin, await second.handed_out(), self.erased)
            case "part of" if twin is not second:
                # As an older bundle, or one of some journals.
                copies = await second.handed_out()
                some = {name: raws[: 1 + one] for name, raws in copies.items() if (len(name) + one + other) % 3}
                await take_in(twin, {name: raws for name, raws in some.items() if "~" not in name}, self.erased)
            case "erase":
                await self.erase(twin, other)
            case "again":
                await twin.again(Random(other))

    async def erase(self, twin: Twin, which: int) -> None:
        seen = twin.numbers()
        if seen:
            n = seen[which % len(seen)]
            self.erased.add(n)
            t = f"{1_000_000 + len(self.erased):016x}{twin.team}"
            gone = Op(
                u=f"erase-{n}-{t}", t=t, r="entry", e=entry_id(n), k="erase",
                v={"at": "2025-03-20T10:00:00+00:00"},
            )  # fmt: skip
            twin.store.commit("team", [[gone]])
            await twin.store.erase_bodies({entry_id(n)})

    async def all_meet(self) -> None:
        for _ in range(4):
            for one in self.twins:
                for other in self.twins:
                    if one is not other:
                        await take_in(one, await other.handed_out(), self.erased)


async def take_in(twin: Twin, copies: Mapping[str, Sequence[bytes]], erased: set[int]) -> None:
    """As a bundle does: what was erased here does not come back, and what it erases goes."""
    await twin.store.merge_all(copies)
    dead = {doc["id"] for table in twin.store.state.tables.values() for doc in table.values() if "_erased" in doc}
    if dead:
        await twin.store.erase_bodies(dead)


async def played(steps: Sequence[tuple[str, int, int]]) -> list[str]:
    world = await World().begun()
    for one in steps:
        await world.step(*one)
    alive = {n for twin in world.twins for n in twin.numbers()}
    await world.all_meet()
    gone = {n for n in world.erased if n not in world.twins[0].numbers()}
    found, wanted = await differences(world.twins, sorted(alive - gone)), alive - gone
    for hundred in (1000, 2000):
        # Clones that had not written part now; after that nobody writes under a name that somebody else does.
        renewed = [twin.renewed for twin in world.twins]
        for n, twin in enumerate(world.twins):
            twin.write(hundred + n)
            wanted.add(hundred + n)
        await world.all_meet()
        found += await differences(world.twins, sorted(wanted))
    if renewed != [twin.renewed for twin in world.twins]:
        found.append("new writers were taken once more")
    if len({twin.team for twin in world.twins}) < len(world.twins):
        found.append("two write under one name")
    return found


@settings(deadline=None)
@given(st.lists(step, max_size=25))
async def test_nothing_is_lost_and_all_come_to_the_same(steps: list[tuple[str, int, int]]) -> None:
    assert await played(steps) == []
