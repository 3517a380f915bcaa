"""Views: TinyDB tables that can be thrown away, and an opening that never believes half of one."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB, where

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.errors import DiskFull
from fieldlog.model.op import Op
from fieldlog.store.journal import path
from fieldlog.store.reached import read_reached
from fieldlog.store.store import REACHED_AFTER_LINES, Store
from tests.fakes.erased import copy_of
from tests.fakes.store_desk import entry_id, note, opened, texts


async def filled(disk: MemoryDisk, lines: int = 40) -> Store:
    store = await opened(disk)
    store.commit("team", [[note(n * 50)] for n in range(lines)])
    await store.settle(idle=True)
    return store


async def test_plain_tinydb_opens_a_days_file(tmp_path: Path) -> None:
    store = await opened(PosixDisk(tmp_path))
    store.commit("team", [[note(1, "胶带", scene="34-2")]])
    await store.settle(idle=True)
    await store.close()
    with TinyDB(tmp_path / "views" / "entries-2025-03-03.json", encoding="utf-8") as plain:
        found = plain.table("entries-2025-03-03").search(where("scene") == "34-2")
    assert [doc["text"] for doc in found] == ["胶带"]


async def test_reading_goes_through_tinydbs_own_queries_and_sees_each_change() -> None:
    store = await opened(MemoryDisk())
    table = store.db.table("entries-2025-03-03")
    store.commit("team", [[note(1, "tape")]])
    assert table.count(where("text") == "tape") == 1
    edit = Op(u="x", t="9", r="entry", e=entry_id(1), k="set", v={"text": "rope"}, base={"text": [note(1).u]})
    store.commit("team", [[edit]])
    assert (table.count(where("text") == "tape"), table.count(where("text") == "rope")) == (0, 1)


async def test_nobody_writes_to_the_tables_but_the_fold() -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(1)]])
    with pytest.raises(TypeError):
        store.db.table("entries-2025-03-03").insert({"text": "past the journal"})


async def test_opening_reads_the_views_and_what_came_since() -> None:
    disk = MemoryDisk()
    store = await filled(disk)
    store.commit("team", [[note(7)]])
    await store.close()
    again = await opened(disk)
    assert again.state.tables == store.state.tables
    assert again.state.calendar == store.state.calendar
    assert await again.verify() == []


async def test_views_deleted_or_damaged_are_made_anew_from_the_journals() -> None:
    for harm in ("views/index.json", "views/entries-2025-03-03.json"):
        disk = MemoryDisk()
        store = await filled(disk)
        await store.close()
        await disk.replace(harm, b'{"half')
        again = await opened(disk)
        assert again.state.tables == store.state.tables
        await disk.remove(harm)
        await again.close()
        assert (await opened(disk, own=None)).state.tables == store.state.tables


class Dying(MemoryDisk):
    """A disk that stops after so many replaced or removed files."""

    left = 10**9

    def _spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise DiskFull

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        self._spend()
        await super().replace(path, data, named=named)

    async def remove(self, path: str) -> None:
        self._spend()
        await super().remove(path)


async def test_views_half_written_when_the_device_stopped_are_never_believed() -> None:
    for steps in range(12):
        disk = Dying()
        store = await filled(disk)
        started = {"date": "2025-03-03", "starts": "2025-03-03T09:00:00+00:00"}
        day = Op(u="d", t="9", r="day", e=entry_id(9999), k="new", v=started)
        store.commit("team", [[day], [note(3)]])
        disk.left = steps
        with suppress(DiskFull):
            await store.settle(idle=True)
        disk.left = 10**9
        again = await opened(disk.crash(), own=None)
        assert again.state.tables == store.state.tables, f"stopped after {steps} files"


async def test_an_emptied_days_file_goes() -> None:
    disk = MemoryDisk()
    store = await opened(disk)
    store.commit("team", [[note(1)]])
    await store.settle(idle=True)
    choice = {"day_choice": "2025-03-01"}
    move = Op(u="m", t="9", r="entry", e=entry_id(1), k="set", v=choice, base={"day_choice": []})
    store.commit("team", [[move]])
    await store.settle(idle=True)
    names = [found.name for found in await disk.list("views")]
    assert names == ["entries-2025-03-01.json", "index.json"]
    assert len(texts(store)) == 1


async def test_verify_names_a_view_that_says_something_else() -> None:
    disk = MemoryDisk()
    store = await filled(disk, 3)
    await store.close()
    path = "views/entries-2025-03-03.json"
    await disk.replace(path, (await disk.read(path)).replace(b"note 50", b"note 51"))
    again = await opened(disk)
    assert [fault.what for fault in await again.verify()] == ["view"]


class Waiting(MemoryDisk):
    """A disk that lets others go on while it replaces a file, as a browser's does."""

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        await asyncio.sleep(0)
        await super().replace(path, data, named=named)


async def test_a_note_saved_while_the_views_are_being_written_is_in_them_the_next_time() -> None:
    disk = Waiting()
    store = await opened(disk)
    store.commit("team", [[note(n * 50)] for n in range(40)])
    writing = asyncio.ensure_future(store.settle(idle=True))
    for n in range(40, 60):
        store.commit("team", [[note(n * 50)]])
        await asyncio.sleep(0)
    await writing
    assert texts(await opened(disk.crash())) == texts(store)
    await store.settle(idle=True)
    again = await opened(disk.crash())
    assert texts(again) == texts(store)
    assert await again.verify() == []


@pytest.mark.parametrize("path", ["views/index.json", "views/entries-2025-03-03.json"])
@given(said=st.recursive(
    st.none() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=6) | st.just("../../pwn"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(
        st.sampled_from("format moving covers tables starters seen w entries-2025-03-03 id".split()),
        inside, max_size=7,
    ),
))  # fmt: skip
async def test_views_that_say_anything_else_stop_no_opening(path: str, said: Any) -> None:
    disk = MemoryDisk()
    store = await filled(disk, 3)
    await store.close()
    true = json.loads(await disk.read(path))
    for told in (said, {**true, **said} if isinstance(said, dict) else said):
        await disk.replace(path, json.dumps(told).encode())
        again = await opened(disk)
        await again.close()
        assert len(texts(again)) <= len(texts(store))


async def test_what_is_no_uuid_never_takes_the_place_of_one() -> None:
    store = await opened(MemoryDisk())
    ids = [entry_id(1), entry_id(1).replace("-", ""), entry_id(1).upper(), "0x1f", "1f", "1_f", "1-f"]
    made = [Op(u=one, t="1", r="person", e=one, k="new", v={"code": one}) for one in ids]
    store.commit("team", [[op] for op in made])
    assert all((store.state.raw(one) or {})["code"] == one for one in ids)


async def test_what_the_disk_refused_to_take_is_in_the_views_the_next_time() -> None:
    for steps in range(4):
        disk = Dying()
        store = await filled(disk)
        store.commit("team", [[note(3)], [note(700)]])
        disk.left = steps
        with suppress(DiskFull):
            await store.settle(idle=True)
        disk.left = 10**9
        await store.settle(idle=True)
        again = await opened(disk.crash(), own=None)
        assert again.state.tables == store.state.tables, f"refused after {steps} files"


async def test_erasing_stopped_anywhere_is_no_fault_and_finished_by_the_next_time() -> None:
    steps = 0
    while True:
        disk, words = Dying(), "车上说的那些别用了" * 20
        store = await filled(disk, 4)
        store.commit("team", [[note(1, words)]])
        await store.settle(idle=True)
        store.commit("team", [[Op(u="x", t="f", r="entry", e=entry_id(1), k="erase", v={})]])
        disk.left, stopped = steps, True
        with suppress(DiskFull):
            await store.erase_bodies({entry_id(1)}, by="w", at="")
            stopped = False
        disk.left = 10**9
        again = await opened(disk.crash())
        assert again.faults == [], f"stopped after {steps} files"
        assert await again.verify() == []
        assert len(texts(again)) == 4
        if not stopped:
            break
        steps += 1
    assert steps > 2


async def test_how_far_a_writer_came_is_kept_after_fifty_lines_and_its_index_tells_of_fewer() -> None:
    disk = MemoryDisk()
    store = await opened(disk)
    store.commit("team", [[note(n)] for n in range(REACHED_AFTER_LINES - 1)])
    await store.settle(idle=True)
    assert await read_reached(disk) == {}
    store.commit("team", [[note(REACHED_AFTER_LINES)]])
    await store.settle(idle=True)
    assert [at.n for at in (await read_reached(disk)).values()] == [REACHED_AFTER_LINES]
    store.commit("team", [[note(REACHED_AFTER_LINES + 1)]])
    await store.settle(idle=True)
    killed = copy_of(disk)
    journal = path(store.own_writers["team"], 1)
    lines = (await killed.read(journal)).splitlines(keepends=True)
    await killed.replace(journal, b"".join(lines[:-1]))
    again = await opened(killed)
    assert [fault.what for fault in again.faults] == ["short"]
