"""Journals: nothing acknowledged is ever lost, and no damage is ever silent."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import NotSaved, StoreBusy
from fieldlog.model.line import decode, lost, lost_run
from fieldlog.model.op import Op
from fieldlog.store import journal as journals
from fieldlog.store.journal import TORN
from tests.fakes.store_desk import OWN, PROJECT, entry_id, journal_of, note, opened, team_file, texts, with_journal

LINES, FEW_LINES = 60, 12
"""Every byte of many lines, or every other byte of a few: as many places as every eleventh of them all."""


async def test_what_is_saved_is_there_after_the_power_is_cut(seed: int) -> None:
    for cut in range(20):
        disk = MemoryDisk()
        store = await opened(disk)
        for n in range(cut + 1):
            store.commit("team" if n % 3 else "mine", [[note(n)]])
        left = disk.crash(Random(seed + cut))
        assert texts(await opened(left)) == sorted(note(n).v["text"] for n in range(cut + 1))


async def test_a_cut_at_every_byte_leaves_whole_lines_and_names_the_torn_one(
    count: Callable[[int, int], int], seed: int
) -> None:
    _, data = await journal_of(count(FEW_LINES, LINES))
    whole = [0]
    while whole[-1] < len(data):
        whole.append(data.index(b"\n", whole[-1]) + 1)
    step = count(2, 1)
    for cut in range(seed % step, len(data), step):
        disk = await with_journal(data[:cut])
        store = await opened(disk)
        complete = sum(end <= cut for end in whole) - 1
        line_end_lost = cut + 1 in whole
        assert len(texts(store)) == complete + line_end_lost
        torn = [fault for fault in store.faults if fault.what == "torn"]
        assert bool(torn) == (cut not in whole and not line_end_lost)
        store.commit("team", [[note(1000)]])
        await store.close()
        again = await opened(disk)
        assert len(texts(again)) == complete + line_end_lost + 1
        assert again.faults == []


@pytest.mark.parametrize("missing", [1, 2, 40, 200])
async def test_a_line_cut_short_while_the_next_file_lies_open_ahead_is_torn_and_no_more(missing: int) -> None:
    _, data = await journal_of(3)
    disk = await with_journal(data[:-missing])
    (await disk.open(journals.path(OWN["team"], 2), create=True)).close()
    store = await opened(disk)
    assert [fault.what for fault in store.faults] == ([] if missing == 1 else ["torn"])
    kept = texts(store)
    store.commit("team", [[note(1000)]])
    await store.close()
    again = await opened(disk)
    assert texts(again) == sorted([*kept, note(1000).v["text"]])
    assert (again.faults, await again.verify()) == ([], [])


async def test_a_torn_line_is_set_aside_not_dropped() -> None:
    _, data = await journal_of(3)
    disk = await with_journal(data[:-40])
    await (await opened(disk)).close()
    aside = [found.name for found in await disk.list(f"journals/{OWN['team']}") if TORN in found.name]
    assert len(aside) == 1
    kept = await disk.read(f"journals/{OWN['team']}/{aside[0]}")
    assert data[:-40].endswith(kept)


async def test_a_flip_of_every_byte_is_named_and_costs_at_most_that_line(
    count: Callable[[int, int], int], seed: int
) -> None:
    lines = count(FEW_LINES, LINES)
    _, data = await journal_of(lines)
    good = {n: note(n).v["text"] for n in range(lines)}
    step = count(2, 1)
    for place in range(seed % step, len(data), step):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        store = await opened(await with_journal(bytes(flipped)))
        assert store.faults, f"byte {place}: nobody was told"
        left = texts(store)
        assert set(left) <= set(good.values()), f"byte {place}: words nobody wrote"
        assert len(left) >= lines - 1, f"byte {place}: more than a line was lost"


async def test_damage_in_the_middle_is_named_with_its_line() -> None:
    _, data = await journal_of(5)
    lines = data.split(b"\n")
    lines[2] = lines[2].replace(b"note 2", b"note 7")
    store = await opened(await with_journal(b"\n".join(lines)))
    (fault,) = store.faults
    assert (fault.what, fault.line, fault.segment) == ("damaged", 3, 1)
    assert len(texts(store)) == 4


async def test_a_missing_line_breaks_the_chain_and_is_told() -> None:
    _, data = await journal_of(5)
    lines = data.split(b"\n")
    store = await opened(await with_journal(b"\n".join(lines[:2] + lines[3:])))
    assert [fault.what for fault in store.faults] == ["gap"]
    assert len(texts(store)) == 4


async def test_a_journal_of_another_study_does_not_pass_for_ours() -> None:
    disk, _ = await journal_of(2)
    found = await journals.read(disk, OWN["team"], "another study")
    assert [fault.what for fault in found.faults] == ["chain"]


async def test_a_journal_that_lost_its_end_since_the_views_were_written_is_told() -> None:
    disk, data = await journal_of(5)
    store = await opened(disk)
    store.commit("team", [[note(5)]])
    await store.settle(idle=True)
    await store.close()
    await disk.replace(team_file(), data)
    again = await opened(disk)
    assert [fault.what for fault in again.faults] == ["short"]
    assert len(texts(again)) == 6
    again.commit("team", [[note(6)]])
    assert len(texts(again)) == 7


async def test_journals_go_on_in_a_new_file_and_the_chain_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 2000)
    monkeypatch.setattr(journals, "OPEN_AHEAD_BYTES", 1500)
    disk = MemoryDisk()
    store = await opened(disk)
    for n in range(30):
        store.commit("team", [[note(n)]])
        await store.settle()
    await store.close()
    assert len(await journals.segments(disk, OWN["team"])) > 5
    again = await opened(disk)
    assert (again.faults, len(texts(again))) == ([], 30)
    joined = b"".join([part async for part in journals.chunks(disk, OWN["team"])])
    assert [decode(raw).n for raw in joined.splitlines()] == list(range(1, 31))


async def test_a_full_disk_refuses_the_note_and_keeps_every_earlier_one() -> None:
    disk = MemoryDisk(capacity=20_000)
    store = await opened(disk)
    saved = 0
    with pytest.raises(NotSaved, match="space"):
        for n in range(100):
            store.commit("team", [[note(n)]])
            saved += 1
    assert saved > 10
    await store.close()
    again = await opened(disk, own=None)
    assert (len(texts(again)), again.faults) == (saved, [])


async def test_a_second_writer_is_told_in_a_sentence() -> None:
    disk = MemoryDisk()
    first = await opened(disk)
    with pytest.raises(StoreBusy, match="already open"):
        await opened(disk.beside())
    await first.close()
    await (await opened(disk.beside())).close()


async def test_a_reader_may_look_while_another_writes() -> None:
    disk = MemoryDisk()
    first = await opened(disk)
    first.commit("team", [[note(1)]])
    assert texts(await opened(disk.beside(), own=None)) == [note(1).v["text"]]


async def test_personal_notes_lie_in_a_journal_of_their_own() -> None:
    disk = MemoryDisk()
    store = await opened(disk)
    store.commit("mine", [[note(1, "I was afraid")]])
    await store.close()
    mine = await journals.read(disk, OWN["mine"], PROJECT)
    assert [line.lane for line in mine.lines] == ["mine"]
    assert (await journals.read(disk, OWN["team"], PROJECT)).lines == []


async def test_what_is_passed_on_is_whole_lines_though_something_was_erased_meanwhile() -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(n, "第" * 400)] for n in range(5)])
    until = store.ends[OWN["team"]]
    gone = Op(u="x", t="f", r="entry", e=entry_id(1), k="erase", v={})
    store.commit("team", [[gone]])
    await store.erase_bodies({entry_id(1)}, by=OWN["team"], at="")
    store.commit("team", [[note(n, "场" * 400)] for n in range(5, 9)])
    found = b"".join([piece async for piece in journals.chunks(store.disk, OWN["team"], until)])
    assert found.endswith(b"\n")
    assert [decode(raw).n for raw in found.splitlines()] == [1, 2, 3, 4, 5, 6]


async def test_a_line_that_came_without_its_words_holds_up_nothing_and_is_named() -> None:
    _, data = await journal_of(6)
    raws = data.splitlines(keepends=True)
    run = lost_run(writer=OWN["team"], lane="team", first=3, last=4, head=decode(raws[3][:-1]).head_hash)
    disk = await with_journal(b"".join([raws[0], lost(raws[1][:-1]), run, raws[4]]))
    store = await opened(disk)
    assert [(fault.what, fault.line) for fault in store.faults] == [("lost", 2), ("lost", 3)]
    assert "lines 3 to 4" in store.faults[1].sentence
    assert (store.ends[OWN["team"]].n, len(texts(store))) == (5, 2)
    store.commit("team", [[note(9)]])
    await store.close()
    again = await opened(disk)
    assert ([fault.what for fault in await again.verify()], len(texts(again))) == (["lost"] * 2, 3)
