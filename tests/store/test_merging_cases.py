"""Journals that come over several roads, in any order, while things are erased: what each device shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from fieldlog.disk.memory import MemoryDisk, MemoryHandle
from fieldlog.model.chain import Behind, Forked
from fieldlog.model.errors import NotSaved
from fieldlog.model.line import decode, lost, lost_run
from fieldlog.model.op import Op
from fieldlog.store import journal as journals
from fieldlog.store import merging
from fieldlog.store.store import Store
from tests.fakes.store_desk import OWN, entry_id, note, opened, texts
from tests.model.test_line import null
from tests.store.test_merging import SECRET, erase, everything, raws

A, B, C = OWN, {"team": "cccccccccccccccc", "mine": "dddddddddddddddd"}, {"team": "e" * 16, "mine": "f" * 16}
"""Three devices' writers."""


def erased_by(u: str, n: int, t: str = "f") -> Op:
    return Op(**{**{name: getattr(erase(n), name) for name in ("r", "e", "k", "v", "base")}, "u": u, "t": t})


async def copied(source: Store, target: Store, *writers: str) -> None:
    """Journals go from one device to another, as one act."""
    await target.merge_all({writer: await raws(source, writer) for writer in writers})


async def again(store: Store, own: Mapping[str, str], *, views: bool) -> Store:
    """The same device started again; without its views, they are made anew."""
    await store.settle(idle=True)
    await store.close()
    if not views:
        for found in await store.disk.list("views"):
            await store.disk.remove(f"views/{found.name}")
    return await opened(store.disk, own=dict(own))


async def test_a_copy_put_back_that_went_on_is_refused_only_where_there_are_no_new_writers() -> None:
    device, peer = await opened(MemoryDisk(), own=A), await opened(MemoryDisk(), own=B)
    for n in range(3):
        device.commit("team", [[note(n)]])
    early = await raws(device, A["team"])
    for n in range(3, 7):
        device.commit("team", [[note(n)]])
    await copied(device, peer, A["team"])
    back = await opened(MemoryDisk(), own=A)
    await back.merge(A["team"], early)
    for n in (10, 11):
        back.commit("team", [[note(n)]])
    before = await raws(back, A["team"])
    with pytest.raises(Forked, match=r"line [45]"):
        await copied(peer, back, A["team"])
    assert await raws(back, A["team"]) == before
    await copied(back, peer, A["team"])
    assert texts(back) == sorted(note(n).v["text"] for n in (0, 1, 2, 10, 11))
    assert texts(peer) == sorted(note(n).v["text"] for n in (*range(7), 10, 11))
    assert await back.verify() == await peer.verify() == []


async def test_a_copy_put_back_that_did_not_go_on_takes_its_own_lines_back() -> None:
    device, peer = await opened(MemoryDisk(), own=A), await opened(MemoryDisk(), own=B)
    for n in range(3):
        device.commit("team", [[note(n)]])
    early = await raws(device, A["team"])
    device.commit("team", [[note(3)]])
    await copied(device, peer, A["team"])
    back = await opened(MemoryDisk(), own=A)
    await back.merge(A["team"], early)
    await copied(peer, back, A["team"])
    back.commit("team", [[note(4)]])
    await copied(back, peer, A["team"])
    assert texts(back) == texts(peer) == sorted(note(n).v["text"] for n in range(5))
    assert await back.verify() == await peer.verify() == []


async def test_where_one_journal_is_behind_none_comes_in() -> None:
    one, other, here = [await opened(MemoryDisk(), own=own) for own in (A, B, C)]
    one.commit("team", [[note(0)], [note(1)]])
    other.commit("team", [[note(2)], [note(3)]])
    for copies in permutations(
        [(A["team"], await raws(one, A["team"])), (B["team"], (await raws(other, B["team"]))[1:])]
    ):
        with pytest.raises(Behind):
            await here.merge_all(dict(copies))
        assert texts(here) == []
        assert await journals.writers(here.disk) == sorted(C.values())


@pytest.mark.parametrize("views", [True, False])
async def test_words_erased_elsewhere_leave_before_the_erasing_itself_has_come(views: bool) -> None:
    """B erases an entry of A's; C gets A's journal from B, and only later B's own."""
    a, b, c = [await opened(MemoryDisk(), own=own) for own in (A, B, C)]
    place = Op(u="place", t="1", r="place", e=entry_id(900), k="new", v={"code": "L05", "name": "Car park"})
    a.commit("team", [[note(0)], [note(1, SECRET), note(2), place]])
    for store in (b, c):
        await copied(a, store, A["team"])
    await c.settle(idle=True)
    b.commit("team", [[erase(1)]])
    await b.erase_bodies({entry_id(1)})
    await copied(b, c, A["team"])
    assert SECRET not in texts(c)
    assert list(c.search.find([SECRET])) == []
    assert SECRET.encode() not in await everything(c.disk, "views") + await everything(c.disk, "journals")
    assert (c.state.get(entry_id(900)) or {})["name"] == "Car park"
    assert await c.verify() == []
    c = await again(c, C, views=views)
    assert (SECRET in texts(c), (c.state.get(entry_id(900)) or {})["name"]) == (False, "Car park")
    assert await c.verify() == []
    await copied(b, c, B["team"])
    assert SECRET.encode() not in await everything(c.disk)
    for store in (c, await again(c, C, views=views)):
        assert texts(store) == sorted(note(n).v["text"] for n in (0, 2))
        assert "_erased" in (store.state.get(entry_id(1)) or {})
        assert await store.verify() == []


async def test_an_erased_line_that_was_never_here_is_taken_as_it_is_and_holds_up_nothing() -> None:
    a, b, c = [await opened(MemoryDisk(), own=own) for own in (A, B, C)]
    a.commit("team", [[note(0)], [note(1, SECRET)], [note(2)]])
    await copied(a, b, A["team"])
    b.commit("team", [[erase(1)]])
    await b.erase_bodies({entry_id(1)})
    await copied(b, c, A["team"])
    assert texts(c) == sorted(note(n).v["text"] for n in (0, 2))
    await c.merge(A["team"], await raws(a, A["team"]))
    assert SECRET.encode() not in await everything(c.disk)


async def test_two_devices_that_erase_the_same_entry_come_to_the_same_bytes() -> None:
    for order in permutations(range(4)):
        a, b, c = [await opened(MemoryDisk(), own=own) for own in (A, B, C)]
        a.commit("team", [[note(0)], [note(1, SECRET), note(2)]])
        for store in (b, c):
            await copied(a, store, A["team"])
        b.commit("team", [[erased_by("later", 1, "g")]])
        await b.erase_bodies({entry_id(1)})
        c.commit("team", [[erased_by("earlier", 1, "f")]])
        await c.erase_bodies({entry_id(1)})
        roads = [(b, a), (c, a), (b, c), (c, b)]
        for source, target in [*(roads[place] for place in order), *roads]:
            await copied(source, target, *await journals.writers(source.disk))
        for store in (a, b, c):
            mark = decode((await raws(store, A["team"]))[1]).erased
            assert mark == {"by": "earlier", "at": ""}
            assert (store.state.get(entry_id(1)) or {})["_erased"]["u"] == "earlier"
            assert await store.verify() == []
        assert await raws(a, A["team"]) == await raws(b, A["team"]) == await raws(c, A["team"])


async def test_a_line_is_marked_by_the_erasing_of_its_own_lane() -> None:
    """A note that was made private has lines in both; a peer that has the team lane alone sees no other mark."""
    store = await opened(MemoryDisk(), own=A)
    store.commit("team", [[note(1, SECRET)]])
    store.commit("mine", [[replace(note(1, SECRET), k="set", u="private")]])
    store.commit("mine", [[erased_by("a-mine", 1, "e")]])
    store.commit("team", [[erased_by("b-team", 1, "f")]])
    await store.erase_bodies({entry_id(1)})
    marks = {lane: decode((await raws(store, writer))[0]).erased for lane, writer in A.items()}
    assert marks == {"team": {"by": "b-team", "at": ""}, "mine": {"by": "a-mine", "at": ""}}


async def test_erasing_takes_what_waits_unseen_for_another_erasing_too() -> None:
    a, b, c = [await opened(MemoryDisk(), own=own) for own in (A, B, C)]
    other = "die andere Stimme"
    a.commit("team", [[note(1, SECRET), note(2, other)]])
    for store in (b, c):
        await copied(a, store, A["team"])
    b.commit("team", [[erase(1)]])
    await b.erase_bodies({entry_id(1)})
    await copied(b, c, A["team"])
    assert other.encode() in await everything(c.disk)
    c.commit("team", [[erase(2)]])
    await c.erase_bodies({entry_id(2)})
    assert other.encode() not in await everything(c.disk)
    await copied(b, c, B["team"])
    await c.erase_bodies({entry_id(1), entry_id(2)})
    assert (texts(c), c.withdrawn) == ([], ())
    assert other.encode() not in await everything(c.disk)


async def test_erasing_takes_what_a_stopped_merge_left_written_down() -> None:
    a, c = [await opened(MemoryDisk(), own=own) for own in (A, C)]
    a.commit("team", [[note(1, SECRET)], [note(2)]])
    await copied(a, c, A["team"])
    await c.disk.replace(merging.FILE, b"\n".join(await raws(a, A["team"])))
    c.commit("team", [[erase(1)]])
    await c.erase_bodies({entry_id(1)})
    assert SECRET.encode() not in await everything(c.disk)


async def test_who_only_reads_sees_what_a_stopped_merge_was_taking_in() -> None:
    a, c = [await opened(MemoryDisk(), own=own) for own in (A, C)]
    a.commit("team", [[note(1)], [note(2)]])
    await c.close()
    await c.disk.replace(merging.FILE, b"\n".join(await raws(a, A["team"])))
    assert texts(await opened(c.disk, own=None)) == texts(a)


async def test_lines_are_read_by_their_numbers_not_by_their_places() -> None:
    """What is new since the last bundle, after an erasure: lines 3, 8 and 9."""
    a, b = [await opened(MemoryDisk(), own=own) for own in (A, B)]
    a.commit("team", [[note(n)] for n in range(7)])
    await copied(a, b, A["team"])
    a.commit("team", [[erase(2)]])
    await a.erase_bodies({entry_id(2)})
    a.commit("team", [[note(8)]])
    lines = await raws(a, A["team"])
    for some in permutations([lines[2], lines[7], lines[8]]):
        c = await opened(MemoryDisk(), own=C)
        await copied(b, c, A["team"])
        await c.merge(A["team"], list(some))
        assert await raws(c, A["team"]) == lines
        assert texts(c) == sorted(note(n).v["text"] for n in (0, 1, 3, 4, 5, 6, 8))
        assert await c.verify() == []


async def test_an_operation_said_again_changes_nothing() -> None:
    a, b = [await opened(MemoryDisk(), own=own) for own in (A, B)]
    a.commit("team", [[note(0)], [note(1)]])
    before = dict(a.state.tables)
    b.commit("team", [[note(0)], [note(1)]])
    await copied(b, a, B["team"])
    assert a.state.tables == before
    assert await a.verify() == []


async def test_two_operations_under_one_name_are_named_and_devices_agree_all_the_same() -> None:
    a, b = [await opened(MemoryDisk(), own=own) for own in (A, B)]
    made = note(0)
    a.commit("team", [[made]])
    b.commit("team", [[replace(made, t=made.t + "x", v={**made.v, "text": "other"})], [note(1)]])
    await copied(b, a, B["team"])
    await copied(a, b, A["team"])
    assert texts(a) == texts(b) == sorted(note(n).v["text"] for n in (0, 1))
    assert a.state.tables == b.state.tables
    for store in (a, b):
        (fault,) = await store.verify()
        assert (fault.what, made.u in fault.sentence) == ("differs", True)


async def test_a_line_without_its_words_is_kept_and_passed_on_and_the_whole_one_heals_it() -> None:
    a = await opened(MemoryDisk(), own=A)
    a.commit("team", [[note(n)] for n in range(6)])
    whole = await raws(a, A["team"])
    withheld, later = null(whole[1], b',"withheld":true')[:-1], null(whole[2], b',"folded":{"to":3}')[:-1]
    run = lost_run(writer=A["team"], lane="team", first=4, last=5, head=decode(whole[4]).head_hash)[:-1]
    poor = [lost(whole[0])[:-1], withheld, later, run, whole[5]]
    b, c = [await opened(MemoryDisk(), own=own) for own in (B, C)]
    await b.merge(A["team"], poor)
    await copied(b, c, A["team"])
    assert await raws(c, A["team"]) == poor
    assert [fault.what for fault in await c.verify()] == ["lost", "lost"]
    for n in (4, 2, 0, 3, 1):
        healed = await c.merge(A["team"], [whole[n]])
        assert [line.n for line in healed.healed] == [n + 1]
    assert await raws(c, A["team"]) == whole
    assert texts(c) == texts(a)
    c = await again(c, C, views=True)
    assert (texts(c), await c.verify()) == (texts(a), [])
    await c.merge(A["team"], poor)
    assert await raws(c, A["team"]) == whole


async def test_a_line_damaged_on_our_disk_is_healed_by_a_copy_of_it() -> None:
    a, c = [await opened(MemoryDisk(), own=own) for own in (A, C)]
    a.commit("team", [[note(n)] for n in range(6)])
    whole = await raws(a, A["team"])
    for hurt in ((2,), (0,), (5,), (2, 3), (0, 1, 2, 3, 4, 5)):
        c = await opened(MemoryDisk(), own=C)
        await c.merge(A["team"], whole)
        await c.settle(idle=True)
        await c.close()
        name = f"journals/{A['team']}/000001.jsonl"
        lines = (await c.disk.read(name)).splitlines(keepends=True)
        for n in hurt:
            lines[n] = lines[n].replace(b"note", b"mote")
        await c.disk.replace(name, b"".join(lines))
        for views in (True, False):
            c = await again(c, C, views=views)
        assert await c.verify() != []
        await c.merge(A["team"], whole)
        assert (await raws(c, A["team"]), await c.verify()) == (whole, [])
        assert texts(c) == texts(a)


async def test_whatever_byte_of_our_own_end_is_damaged_we_go_on_so_that_others_can_follow() -> None:
    disk = MemoryDisk()
    a = await opened(disk, own=A)
    a.commit("team", [[note(n)] for n in range(2)])
    whole, name = await raws(a, A["team"]), f"journals/{A['team']}/000001.jsonl"
    await a.close()
    data = await disk.read(name)
    for at in range(data.index(b"\n") + 1, len(data)):
        own, c = await opened(disk.crash(), own=A), await opened(MemoryDisk(), own=C)
        await own.close()
        await own.disk.replace(name, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        own = await again(own, A, views=True)
        own.commit("team", [[note(9)]])
        await c.merge(A["team"], whole)
        await c.merge(A["team"], [raw for raw in await raws(own, A["team"]) if raw not in whole])
        await own.merge(A["team"], whole)
        assert texts(own) == texts(c), at
        assert await raws(own, A["team"]) == await raws(c, A["team"]), at


class Killed(BaseException):
    """Nothing that happens after it reaches the disk."""


class Dying(MemoryDisk):
    """Stops the app before the n-th thing it writes, if `left` says one. What it wrote before is there."""

    left = -1

    def step(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    async def open(self, path: str, *, create: bool = False) -> MemoryHandle:
        self.step()
        handle = await super().open(path, create=create)
        append = handle.append

        def appended(data: bytes) -> None:
            if self.left == 0:
                append(data[: len(data) // 2])
            self.step()
            append(data)

        handle.append = appended  # type: ignore[method-assign]
        return handle

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        self.step()
        await super().replace(path, data, named=named)

    async def remove(self, path: str) -> None:
        self.step()
        await super().remove(path)


async def world() -> tuple[Store, Store, Store]:
    """A and B wrote, B erased a note of A's, and C has what A wrote before that."""
    a, b, c = [await opened(Dying(), own=own) for own in (A, B, C)]
    a.commit("team", [[note(0)], [note(1, SECRET), note(2)], [note(3)]])
    for store in (b, c):
        await copied(a, store, A["team"])
    await c.settle(idle=True)
    b.commit("team", [[note(10)], [erase(1)]])
    await b.erase_bodies({entry_id(1)})
    a.commit("team", [[note(n)] for n in range(20, 23)])
    await copied(a, b, A["team"])
    return a, b, c


async def killed_at(disk: Dying, step: int, c: Store, copies: Mapping[str, Sequence[bytes]]) -> bool:
    """Whether merging was stopped before so many writes; the disk is then as after the process died."""
    disk.left = step
    try:
        await c.merge_all(copies)
    except Killed:
        return True
    finally:
        disk.left = -1
    return False


async def test_killed_anywhere_all_of_several_journals_is_there_or_nothing() -> None:
    _, b, undisturbed = await world()
    await copied(b, undisturbed, A["team"], B["team"])
    step, stopped = 0, True
    while stopped:
        _, b, c = await world()
        before = texts(c)
        copies = {writer: await raws(b, writer) for writer in (A["team"], B["team"])}
        disk = c.disk
        assert isinstance(disk, Dying)
        stopped = await killed_at(disk, step, c, copies)
        left = Dying()
        left._medium = disk.crash()._medium
        reading = await opened(left, own=None)
        assert texts(reading) in (before, texts(undisturbed), sorted([*texts(undisturbed), SECRET])), step
        c = await opened(left, own=C)
        assert texts(c) in (before, texts(undisturbed)), step
        assert await c.verify() == []
        await c.merge_all(copies)
        assert texts(c) == texts(undisturbed)
        assert SECRET.encode() not in await everything(left)
        for writer in (A["team"], B["team"]):
            assert await raws(c, writer) == copies[writer]
        assert await left.size(merging.FILE) is None
        step += 1
    assert step > 10


async def test_a_full_disk_refuses_all_and_the_next_try_takes_all() -> None:
    a, b, here = [await opened(MemoryDisk(), own=own) for own in (A, B, C)]
    a.commit("team", [[note(n)] for n in range(20)])
    b.commit("team", [[note(n)] for n in range(20, 40)])
    copies = {writer: await raws(store, writer) for store, writer in ((a, A["team"]), (b, B["team"]))}
    size = sum(len(raw) + 1 for lines in copies.values() for raw in lines)
    for room in range(200, 2 * size, 700):
        disk = MemoryDisk()
        here = await opened(disk, own=C)
        disk.capacity = len(await everything(disk)) + room
        with pytest.raises(NotSaved):
            await here.merge_all(copies)
        assert texts(here) == []
        assert await here.verify() == []
        disk.capacity = None
        await here.merge_all(copies)
        assert len(texts(here)) == 40
        assert await here.verify() == []


async def test_an_unfinished_line_at_the_end_of_anothers_journal_harms_none_that_follow() -> None:
    a, c = [await opened(MemoryDisk(), own=own) for own in (A, C)]
    a.commit("team", [[note(n)] for n in range(4)])
    lines = await raws(a, A["team"])
    for cut in (-30, -1):
        c = await opened(MemoryDisk(), own=C)
        await c.merge(A["team"], lines[:3])
        await c.close()
        name = f"journals/{A['team']}/000001.jsonl"
        await c.disk.replace(name, (await c.disk.read(name))[:cut])
        c = await again(c, C, views=False)
        await c.merge(A["team"], lines)
        assert await raws(c, A["team"]) == lines
        for views in (True, False):
            c = await again(c, C, views=views)
            assert (texts(c), await c.verify()) == (texts(a), [])


async def test_what_comes_for_one_of_many_files_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 2000)
    a, c = [await opened(MemoryDisk(), own=own) for own in (A, C)]
    for n in range(40):
        a.commit("team", [[note(n)]])
    lines = await raws(a, A["team"])
    await c.merge(A["team"], lines)
    files = {n: await c.disk.read(journals.path(A["team"], n)) for n in await journals.segments(c.disk, A["team"])}
    assert len(files) > 5
    for gone in ([1], [4], [max(files)], list(files)):
        for hurt in (b"", b"#" * 50 + b"\n"):
            for n in gone:
                if hurt:
                    data = files[n].splitlines(keepends=True)
                    await c.disk.replace(journals.path(A["team"], n), hurt + b"".join(data[1:]))
                else:
                    await c.disk.remove(journals.path(A["team"], n))
            await c.merge(A["team"], lines)
            assert (await raws(c, A["team"]), await c.verify()) == (lines, [])
            c = await again(c, C, views=False)
            assert (texts(c), await c.verify()) == (texts(a), [])
            for n, held in files.items():
                await c.disk.replace(journals.path(A["team"], n), held)
            for extra in set(await journals.segments(c.disk, A["team"])) - files.keys():
                await c.disk.remove(journals.path(A["team"], extra))
            c = await again(c, C, views=False)
