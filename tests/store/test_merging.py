"""Other devices' journals, and erasing for good."""

from __future__ import annotations

import asyncio

import pytest

from fieldlog.disk.memory import MemoryDisk, MemoryHandle
from fieldlog.model.chain import Behind, Forked
from fieldlog.model.errors import DamagedLine
from fieldlog.model.op import Op
from fieldlog.model.ports import Disk
from fieldlog.store import journal as journals
from fieldlog.store.journal import TORN
from fieldlog.store.store import Store
from tests.fakes.store_desk import OWN, entry_id, note, opened, team_file, texts

OTHER = {"team": "cccccccccccccccc", "mine": "dddddddddddddddd"}
SECRET = "车上说的那些别用了"


async def raws(store: Store, writer: str) -> list[bytes]:
    return [line.raw for line in (await journals.read(store.disk, writer, store.project)).lines]


async def test_two_devices_lines_come_together_and_again_changes_nothing() -> None:
    phone, laptop = await opened(MemoryDisk()), await opened(MemoryDisk(), own=OTHER)
    for n in range(6):
        (phone if n % 2 else laptop).commit("team", [[note(n)]])
    lines = await raws(phone, OWN["team"])
    assert len((await laptop.merge(OWN["team"], lines)).added) == 3
    assert len(texts(laptop)) == 6
    again = await laptop.merge(OWN["team"], lines)
    assert (again.added, again.known) == ((), 3)
    assert await raws(laptop, OWN["team"]) == lines
    assert await laptop.verify() == []


async def test_lines_with_a_gap_before_them_are_refused_whole() -> None:
    phone, laptop = await opened(MemoryDisk()), await opened(MemoryDisk(), own=OTHER)
    phone.commit("team", [[note(n)] for n in range(4)])
    with pytest.raises(Behind, match="line 3"):
        await laptop.merge(OWN["team"], (await raws(phone, OWN["team"]))[2:])
    assert texts(laptop) == []


async def test_a_damaged_copy_changes_nothing() -> None:
    phone, laptop = await opened(MemoryDisk()), await opened(MemoryDisk(), own=OTHER)
    phone.commit("team", [[note(n)] for n in range(4)])
    lines = await raws(phone, OWN["team"])
    with pytest.raises(DamagedLine):
        await laptop.merge(OWN["team"], [*lines[:3], lines[3].replace(b"note 3", b"note 8")])
    assert texts(laptop) == []


def erase(n: int) -> Op:
    return Op(u=f"erase{n}", t="f", r="entry", e=entry_id(n), k="erase", v={"reason": "asked to", "kind": "quote",
              "occurred_at": note(n).v["occurred_at"]})  # fmt: skip


async def everything(disk: Disk, folder: str = "") -> bytes:
    found = b""
    for entry in await disk.list(folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        found += await everything(disk, path) if entry.is_dir else await disk.read(path)
    return found


async def withdrawn() -> tuple[MemoryDisk, Store]:
    """A store in which note 1 was erased; its line also made note 2."""
    disk = MemoryDisk()
    store = await opened(disk)
    store.commit("team", [[note(0)], [note(1, SECRET), note(2)], [note(3)]])
    edit = Op(
        u="x", t="9", r="entry", e=entry_id(1), k="set", v={"text": SECRET + "！"}, base={"text": [note(1).u]}
    )
    store.commit("team", [[edit]])
    await store.settle(idle=True)
    store.commit("team", [[erase(1)]])
    assert await store.erase_bodies({entry_id(1)}, by=OWN["team"], at="2025-03-20T23:58:00+08:00") == 2
    return disk, store


async def test_erasing_leaves_no_byte_of_the_words_and_the_chain_whole() -> None:
    disk, store = await withdrawn()
    assert SECRET.encode() not in await everything(disk)
    assert await store.verify() == []
    assert texts(store) == sorted(note(n).v["text"] for n in (0, 2, 3))
    store.commit("team", [[note(4)]])
    await store.close()
    again = await opened(disk)
    assert again.faults == []
    assert len(texts(again)) == 4
    tombstone = again.state.get(entry_id(1))
    assert tombstone is not None
    assert tombstone["_erased"]["reason"] == "asked to"


async def test_a_copy_that_still_has_the_words_cannot_bring_them_back() -> None:
    disk = MemoryDisk()
    phone = await opened(disk)
    phone.commit("team", [[note(1, SECRET)]])
    before = await raws(phone, OWN["team"])
    laptop_disk = MemoryDisk()
    laptop = await opened(laptop_disk, own=OTHER)
    await laptop.merge(OWN["team"], before)
    phone.commit("team", [[erase(1)]])
    await phone.erase_bodies({entry_id(1)}, by=OWN["team"], at="")
    merged = await laptop.merge(OWN["team"], await raws(phone, OWN["team"]))
    assert merged.erased == 1
    await laptop.settle(idle=True)
    assert SECRET.encode() not in await everything(laptop_disk)
    await phone.merge(OWN["team"], before)
    assert SECRET.encode() not in await everything(disk)
    assert await phone.verify() == []
    assert await laptop.verify() == []


class Waiting(MemoryDisk):
    """Opens as a browser does: others have their turn meanwhile."""

    async def open(self, path: str, *, create: bool = False) -> MemoryHandle:
        await asyncio.sleep(0)
        return await super().open(path, create=create)

    async def read(self, path: str) -> bytes:
        await asyncio.sleep(0)
        return await super().read(path)


async def test_what_is_saved_while_our_own_journal_comes_back_to_us_waits_its_turn() -> None:
    phone = await opened(Waiting())
    phone.commit("team", [[note(n)] for n in range(4)])
    coming = asyncio.ensure_future(phone.merge(OWN["team"], await raws(phone, OWN["team"])))
    await asyncio.sleep(0)
    assert not coming.done()
    await phone.at_rest()
    phone.commit("team", [[note(4)]])
    assert (await coming).known == 4
    assert len(texts(phone)) == 5
    assert await phone.verify() == []


async def test_another_line_under_a_number_that_is_here_is_refused_and_changes_nothing() -> None:
    """One writer id on two devices, as after a restored backup."""
    one, other = await opened(MemoryDisk()), await opened(MemoryDisk())
    one.commit("team", [[note(0)], [note(1)]])
    other.commit("team", [[note(0)], [note(2, SECRET)], [note(3)]])
    theirs, ours = await raws(other, OWN["team"]), await raws(one, OWN["team"])
    other.commit("team", [[erase(2)]])
    await other.erase_bodies({entry_id(2)}, by=OWN["team"], at="")
    for copy in (theirs[:2], theirs, theirs[2:], (await raws(other, OWN["team"]))[:2]):
        with pytest.raises(Forked, match="Was one of the devices restored"):
            await one.merge(OWN["team"], copy)
        assert await raws(one, OWN["team"]) == ours
    assert texts(one) == sorted(note(n).v["text"] for n in (0, 1))
    one.commit("team", [[note(4)]])
    assert await one.verify() == []


async def test_erasing_takes_what_a_power_cut_left_beside_the_journal_too() -> None:
    disk = MemoryDisk()
    store = await opened(disk)
    store.commit("team", [[note(0)], [note(1, SECRET)]])
    await store.close()
    data = await disk.read(team_file())
    await disk.replace(team_file(), data + data.splitlines()[1][:-9])
    again = await opened(disk)
    (torn,) = [one.name for one in await disk.list(f"journals/{OWN['team']}") if TORN in one.name]
    assert SECRET.encode() in await disk.read(f"journals/{OWN['team']}/{torn}")
    again.commit("team", [[erase(1)]])
    await again.erase_bodies({entry_id(1)}, by=OWN["team"], at="")
    assert SECRET.encode() not in await everything(disk)
