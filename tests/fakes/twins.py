"""Devices of one study that are copied, put back and cloned: stores in memory, and what is kept of their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.op import Op
from fieldlog.store import journal as journals
from fieldlog.store.store import Store
from tests.fakes.store_desk import PROJECT, note

LANES = ("team", "mine")


@dataclass
class Names:
    """Draws names and salts, so that no two of one world are the same."""

    numbers: count[int] = field(default_factory=lambda: count(1))

    def writer(self) -> str:
        return f"{next(self.numbers) * 0x9E3779B97F4A7C15 % 2**64:016x}"

    def salt(self) -> str:
        return f"{next(self.numbers):032x}"


@dataclass
class Twin:
    """One device: its disk, its writers, and those it had."""

    names: Names
    disk: MemoryDisk = field(default_factory=MemoryDisk)
    own: dict[str, str] = field(default_factory=dict)
    former: list[str] = field(default_factory=list)
    renewed: int = 0
    store: Store = field(init=False)

    @classmethod
    async def of(cls, names: Names) -> Twin:
        """A device that is new."""
        return await cls(names, own={lane: names.writer() for lane in LANES}).opened()

    async def opened(self) -> Twin:
        self.store = await Store.open(
            self.disk, PROJECT, salt=self.names.salt, own=self.own, former=self.former, renew=self.renew
        )
        return self

    async def renew(self) -> Mapping[str, str]:
        self.former += self.own.values()
        self.own = {lane: self.names.writer() for lane in LANES}
        self.renewed += 1
        return self.own

    async def copy(self) -> Twin:
        """What a backup holds of it: another device, or this one as it was once."""
        return await Twin(self.names, self.disk.crash(), dict(self.own), [*self.former]).opened()

    async def again(self, dice: Random | None = None) -> Twin:
        """The same device started again, with or without its views."""
        await self.store.settle(idle=dice is None or dice.random() < 0.5)
        await self.store.close()
        if dice and dice.random() < 0.3:
            for found in await self.disk.list("views"):
                await self.disk.remove(f"views/{found.name}")
        return await self.opened()

    def write(self, *numbers: int, lane: str = "team") -> None:
        """Notes of these numbers, each a line."""
        self.store.commit(lane, [[self.note(n)] for n in numbers])

    @staticmethod
    def note(n: int) -> Op:
        return note(n)

    async def lines(self, journal: str) -> list[bytes]:
        return [line.raw for line in (await journals.read(self.disk, journal, PROJECT)).lines]

    async def handed_out(self) -> dict[str, list[bytes]]:
        """Every journal here, by name."""
        return {name: found for name in await journals.writers(self.disk) if (found := await self.lines(name))}

    async def meet(self, other: Twin) -> None:
        """Take in all that the other has."""
        await self.store.merge_all(await other.handed_out())

    @property
    def team(self) -> str:
        return self.own["team"]

    def numbers(self) -> list[int]:
        """The notes that are seen here, by their numbers."""
        return sorted(int(str(doc["text"]).split()[1]) for doc in self.store.state.entries())


async def all_meet(twins: Sequence[Twin], rounds: int = 3) -> None:
    for _ in range(rounds):
        for one in twins:
            for other in twins:
                if one is not other:
                    await one.meet(other)


async def differences(twins: Sequence[Twin], wanted: Iterable[int]) -> list[str]:
    """What devices that have all met don't agree in, or lack; nothing is the good answer."""
    found, first, expected = list[str](), await twins[0].handed_out(), sorted(wanted)
    for place, one in enumerate(twins):
        if one.numbers() != expected:
            found.append(f"{place} shows {one.numbers()}, not {expected}")
        if one.store.state.tables != twins[0].store.state.tables:
            found.append(f"{place} has other tables")
        found += [f"{place}: {fault.sentence}" for fault in await one.store.verify()]
        here = await one.handed_out()
        found += [f"{place}: {name}" for name in {*first, *here} if first.get(name) != here.get(name)]
    return found
