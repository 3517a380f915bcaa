"""Three devices that write, erase and meet in any order: once all have met, they show and hold the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.op import Op, stamp
from fieldlog.store import journal as journals
from fieldlog.store.store import Store
from tests.fakes.store_desk import entry_id, note, opened
from tests.store.test_merging import everything, raws
from tests.store.test_merging_cases import A, B, C

LANES = (A, B, C)
STEPS = 12


class World:
    """Three devices of one study; `old` are copies of journals as they were handed out once."""

    def __init__(self, dice: Random, stores: Sequence[Store]) -> None:
        self.dice, self.stores = dice, list(stores)
        self.notes, self.erased, self.ms = list[int](), set[int](), 0
        self.old = list[Mapping[str, Sequence[bytes]]]()

    @classmethod
    async def of(cls, dice: Random) -> World:
        return cls(dice, [await opened(MemoryDisk(), own=own) for own in LANES])

    def stamp(self, store: Store) -> str:
        """Now and then two devices write in the same millisecond."""
        self.ms += self.dice.choice([0, 1, 1])
        return stamp(self.ms, 0, store.own_writers["team"])

    async def step(self) -> None:
        store = self.dice.choice(self.stores)
        does = self.dice.choice(
            [self.write, self.write, self.change, self.erase, self.meet, self.meet, self.hand_out]
        )
        await does(store)

    async def write(self, store: Store) -> None:
        """One note or two in one line."""
        made = [len(self.notes) + n for n in range(self.dice.choice([1, 1, 2]))]
        self.notes += made
        store.commit("team", [[note(n, secret(n)) for n in made]])

    async def change(self, store: Store) -> None:
        seen = [n for n in self.notes if (store.state.get(entry_id(n)) or {}).get("text")]
        if seen:
            n = self.dice.choice(seen)
            t = self.stamp(store)
            u = f"change-{n}-{t}-{self.dice.random()}"
            said = {"text": f"{secret(n)} again"}
            store.commit("team", [[Op(u=u, t=t, r="entry", e=entry_id(n), k="set", v=said, base={"text": []})]])

    async def erase(self, store: Store) -> None:
        """Also what another device erases at the same time."""
        seen = [n for n in self.notes if (store.state.get(entry_id(n)) or {}).get("text")]
        if seen and self.dice.random() < 0.6:
            n = self.dice.choice(seen)
            self.erased.add(n)
            t = self.stamp(store)
            gone = Op(
                u=f"erase-{n}-{t}",
                t=t,
                r="entry",
                e=entry_id(n),
                k="erase",
                v={"at": f"2025-03-20T10:00:00.{self.ms:03d}+00:00"},
            )
            store.commit("team", [[gone]])
            await store.erase_bodies({entry_id(n)})

    async def meet(self, store: Store) -> None:
        """Take in what another device has: all of it, or some of its journals, or what it handed out once."""
        other = self.dice.choice([one for one in self.stores if one is not store])
        copies: Mapping[str, Sequence[bytes]] = await handed_out(other)
        if self.dice.random() < 0.4:
            some = self.dice.sample(sorted(copies), self.dice.randint(0, len(copies)))
            copies = {writer: copies[writer] for writer in some}
        if self.old and self.dice.random() < 0.3:
            copies = self.dice.choice(self.old)
        await take_in(store, copies)
        if self.dice.random() < 0.2:
            await self.again(store)

    async def hand_out(self, store: Store) -> None:
        self.old.append(await handed_out(store))

    async def again(self, store: Store) -> None:
        """Start a device again, now and then without its views."""
        await store.settle(idle=self.dice.random() < 0.5)
        await store.close()
        if self.dice.random() < 0.3:
            for found in await store.disk.list("views"):
                await store.disk.remove(f"views/{found.name}")
        place = self.stores.index(store)
        self.stores[place] = await opened(store.disk, own=LANES[place])

    async def all_meet(self) -> None:
        for _ in range(3):
            for store in self.stores:
                for other in self.stores:
                    if other is not store:
                        await take_in(store, await handed_out(other))


def secret(n: int) -> str:
    return f"she said {n:03d}!"


async def handed_out(store: Store) -> dict[str, list[bytes]]:
    return {writer: found for writer in await journals.writers(store.disk) if (found := await raws(store, writer))}


async def take_in(store: Store, copies: Mapping[str, Sequence[bytes]]) -> None:
    """As a bundle does: what was erased here does not come back, and what it erases goes."""
    await store.merge_all(copies)
    dead = {doc["id"] for table in store.state.tables.values() for doc in table.values() if "_erased" in doc}
    await store.erase_bodies(dead)


async def test_devices_that_have_all_met_show_the_same_and_hold_the_same(
    seed: int, count: Callable[[int, int], int]
) -> None:
    for number in range(count(60, 2000)):
        world = await World.of(Random(seed + number))
        for _ in range(STEPS):
            await world.step()
        await world.all_meet()
        first = world.stores[0]
        for store in world.stores:
            where = f"world {number}"
            assert store.state.tables == first.state.tables, where
            assert await handed_out(store) == await handed_out(first), where
            assert await store.verify() == [], where
            shown = {doc["id"] for doc in store.state.entries()}
            assert shown == {entry_id(n) for n in world.notes if n not in world.erased}, where
            held = await everything(store.disk)
            assert not [n for n in world.erased if secret(n).encode() in held], where
            assert store.withdrawn == (), where
