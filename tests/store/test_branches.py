"""One writer on two devices, as after a backup was put back, or a device was cloned: nothing is lost, and once all
have met they hold the same journals under the same names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count as count_from
from itertools import permutations

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.branch import is_branch, writer_of
from fieldlog.model.chain import Behind, Forked
from fieldlog.model.errors import NotSaved
from fieldlog.model.line import compact, decode, said_in
from fieldlog.model.op import Op
from fieldlog.store import journal as journals
from fieldlog.store import merging, parting
from fieldlog.store.journal import Position
from fieldlog.store.store import Store
from tests.fakes.failing import Killed
from tests.fakes.stopping import Calls, StoppingDisk
from tests.fakes.store_desk import PROJECT, entry_id, note
from tests.fakes.twins import Names, Twin, all_meet, differences
from tests.store.test_merging import SECRET, erase, everything

moving = pytest.mark.parametrize("moves", [True, False])
WANTED = [*range(7), 10, 11]


async def put_back(*, moves: bool = True) -> tuple[Twin, Twin]:
    """A device whose copy at notes 0 to 2 was put back and wrote 10 and 11; a peer has its notes 0 to 6.

    What the copy wrote `moves` into a branch, or else what the peer has.
    """
    return (await three(moves=moves))[:2]


async def three(*, moves: bool) -> tuple[Twin, Twin, Twin]:
    """The same, and another copy of it, which wrote 40 and comes last in text order."""
    for first in count_from(1):
        names = Names(count_from(first))
        device, peer = await Twin.of(names), await Twin.of(names)
        device.write(0, 1, 2)
        back, late = await device.copy(), await device.copy()
        device.write(3, 4, 5, 6)
        await peer.meet(device)
        back.write(10, 11)
        late.write(40)
        ours, theirs, third = [decode((await one.lines(back.team))[3]).head_hash for one in (back, peer, late)]
        if (theirs < ours) is moves and ours < third:
            return back, peer, late
    raise AssertionError


def branches(twin: Twin) -> set[str]:
    return {name for name in twin.store.ends if is_branch(name)}


@moving
async def test_a_copy_that_was_put_back_and_written_on_loses_nothing_in_either_order(moves: bool) -> None:
    for first in (0, 1):
        pair = await put_back(moves=moves)
        for place in (first, 1 - first):
            await pair[place].meet(pair[1 - place])
        back, peer = pair
        # The one that met first has not seen what was said again, where it met before that.
        await all_meet(pair)
        assert await differences(pair, WANTED) == []
        assert (back.renewed, peer.renewed) == (1, 0)
        (branch,) = branches(back)
        assert writer_of(branch) in back.former
        again = [await one.again() for one in pair]
        assert await differences(again, WANTED) == []


@moving
async def test_the_trunk_is_the_branch_of_the_smaller_head_whoever_came_first(moves: bool) -> None:
    back, peer = await put_back(moves=moves)
    writer = back.team
    ours, theirs = await back.lines(writer), await peer.lines(writer)
    await back.meet(peer)
    await peer.meet(back)
    first = {decode(lines[3]).head_hash: lines for lines in (ours, theirs)}
    smaller, larger = sorted(first)
    for one in (back, peer):
        assert await one.lines(writer) == first[smaller]
        assert await one.lines(f"{writer}~{larger[:16]}") == first[larger][3:]


@moving
async def test_what_was_written_beside_is_said_again_each_line_once_byte_for_byte_in_its_lane(moves: bool) -> None:
    back, peer = await put_back(moves=moves)
    back.write(20, lane="mine")
    was = {lane: [decode(raw) for raw in await back.lines(back.own[lane])] for lane in back.own}
    await back.meet(peer)
    await back.meet(peer)
    said = {lane: [decode(raw) for raw in await back.lines(back.own[lane])] for lane in back.own}
    assert [said_in(line) for line in said["team"]] == [said_in(line) for line in was["team"][3:]]
    assert [line.lane for line in said["team"]] == ["team", "team"]
    assert said["mine"] == []
    assert not {one.raw for one in said["team"]} & {one.raw for one in was["team"]}
    back.write(12)
    assert await back.store.verify() == []


async def test_an_erasing_said_again_stays_a_line_of_its_own_and_what_it_took_is_not_said() -> None:
    names = Names()
    device, peer = await Twin.of(names), await Twin.of(names)
    device.write(0, 1)
    back = await device.copy()
    device.write(2)
    await peer.meet(device)
    back.store.commit("team", [[note(30, SECRET)]])
    back.store.commit("team", [[erase(30)]])
    await back.store.erase_bodies({entry_id(30)}, by="erase30", at="")
    back.write(31)
    await back.meet(peer)
    said = [decode(raw).ops for raw in await back.lines(back.team)]
    assert [[op.k for op in ops] for ops in said] == [["erase"], ["new"]]
    await all_meet([back, peer])
    assert await differences([back, peer], [0, 1, 2, 31]) == []
    for one in (back, peer):
        assert SECRET.encode() not in await everything(one.disk)


@moving
async def test_words_erased_elsewhere_go_from_every_branch_and_from_what_was_said_again(moves: bool) -> None:
    back, peer = await put_back(moves=moves)
    await all_meet([back, peer])
    peer.store.commit("team", [[erase(10)], [erase(5)]])
    await peer.store.erase_bodies({entry_id(10), entry_id(5)})
    for _ in range(2):
        await back.meet(peer)
        await back.store.erase_bodies({entry_id(10), entry_id(5)})
        await peer.meet(back)
    for one in (back, peer):
        held = await everything(one.disk)
        assert all(note(n).v["text"].encode() not in held for n in (5, 10))
    assert await differences([back, peer], [n for n in WANTED if n not in (5, 10)]) == []


async def test_put_back_and_met_before_it_wrote_it_takes_its_own_lines_back_and_goes_on_in_a_new_writer() -> None:
    names = Names()
    device, peer = await Twin.of(names), await Twin.of(names)
    device.write(0, 1)
    back = await device.copy()
    device.write(2, 3)
    await peer.meet(device)
    writer = back.team
    await back.meet(peer)
    back.write(4)
    await peer.meet(back)
    assert (back.team != writer, back.renewed, writer in back.former) == (True, 1, True)
    assert await back.lines(writer) == await device.lines(writer), "all of its lines are back"
    assert await differences([back, peer], range(5)) == []
    await back.meet(peer)
    assert (back.renewed, branches(back)) == (1, set())


async def test_a_device_that_lives_on_and_its_copy_never_part_where_they_meet_before_both_write() -> None:
    names = Names()
    one = await Twin.of(names)
    one.write(0, 1)
    other = await one.copy()
    one.write(2)
    await other.meet(one)
    one.write(3)
    other.write(13)
    await all_meet([one, other])
    assert await differences([one, other], [0, 1, 2, 3, 13]) == []
    assert (one.renewed, other.renewed, branches(one)) == (0, 1, set())


async def test_what_waits_for_lines_that_are_missing_tells_as_well_that_its_name_is_borne_elsewhere() -> None:
    names = Names()
    device = await Twin.of(names)
    device.write(0, 1)
    back = await device.copy()
    device.write(2, 3, 4)
    writer = device.team
    with pytest.raises(Behind):
        await back.store.merge(writer, (await device.lines(writer))[-1:])
    assert (back.numbers(), back.renewed) == ([0, 1], 1)
    back.write(14)
    await all_meet([back, device])
    assert await differences([back, device], [0, 1, 2, 3, 4, 14]) == []
    assert branches(back) == set()


async def test_two_living_clones_both_take_new_writers_and_part_once() -> None:
    names = Names()
    one = await Twin.of(names)
    one.write(0, 1)
    other = await one.copy()
    third = await Twin.of(names)
    one.write(2, 3)
    other.write(12, 13)
    await third.meet(one)
    await third.meet(other)
    await all_meet([one, other, third])
    assert await differences([one, other, third], [0, 1, 2, 3, 12, 13]) == []
    assert (one.renewed, other.renewed, third.renewed) == (1, 1, 0)
    assert one.team != other.team
    one.write(4)
    other.write(14)
    await all_meet([one, other, third])
    assert await differences([one, other, third], [0, 1, 2, 3, 4, 12, 13, 14]) == []
    assert (one.renewed, other.renewed) == (1, 1)
    assert len(branches(third)) == 1


async def test_a_clone_of_a_clone_is_a_branch_of_its_own_in_whatever_order_they_meet() -> None:
    for order in permutations(range(4)):
        names = Names()
        one = await Twin.of(names)
        one.write(0)
        two = await one.copy()
        one.write(1)
        two.write(20, 21)
        three = await two.copy()
        two.write(22)
        three.write(30)
        peer = await Twin.of(names)
        twins = [one, two, three, peer]
        for place in order:
            await peer.meet(twins[place])
            await twins[place].meet(twins[order[0]])
        await all_meet(twins)
        assert await differences(twins, [0, 1, 20, 21, 22, 30]) == [], order
        assert len({name for name in branches(peer) if writer_of(name) in one.former}) == 2


async def test_clones_that_part_at_the_first_line_part_all_the_same() -> None:
    names = Names()
    one = await Twin.of(names)
    other, peer = await one.copy(), await Twin.of(names)
    one.write(1)
    other.write(2, 3)
    await peer.meet(one)
    await peer.meet(other)
    await all_meet([one, other, peer])
    assert await differences([one, other, peer], [1, 2, 3]) == []


async def test_a_journal_of_many_files_parts_at_any_of_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 1500)
    monkeypatch.setattr(journals, "OPEN_AHEAD_BYTES", 700)
    for common in range(12):
        names = Names()
        one, peer = await Twin.of(names), await Twin.of(names)
        for n in range(common):
            one.write(n)
            await one.store.settle()
        other = await one.copy()
        for n in range(common, 12):
            one.write(n)
            other.write(n + 100)
            for twin in (one, other):
                await twin.store.settle()
        await peer.meet(one)
        await peer.meet(other)
        await all_meet([one, other, peer])
        assert await differences([one, other, peer], [*range(12), *range(common + 100, 112)]) == [], common


@moving
async def test_a_newcomer_takes_trunk_and_branches_at_once_or_one_after_the_other(moves: bool) -> None:
    back, peer = await put_back(moves=moves)
    await all_meet([back, peer])
    copies = await peer.handed_out()
    for order in permutations(sorted(copies)):
        new = await Twin.of(back.names)
        for name in order:
            try:
                await new.store.merge_all({name: copies[name]})
            except Behind:
                continue
        await new.meet(peer)
        assert await differences([new, peer], WANTED) == []


async def test_a_branch_whose_beginning_is_not_here_changes_nothing() -> None:
    back, peer = await put_back()
    writer = back.team
    new = await Twin.of(back.names)
    new.write(50)
    await new.store.merge_all({writer: (await peer.lines(writer))[:2]})
    before = await new.handed_out()
    with pytest.raises(Behind):
        await new.store.merge_all({f"{writer}~0123456789abcdef": (await back.lines(writer))[3:]})
    assert await new.handed_out() == before
    assert new.numbers() == [0, 1, 50]


async def test_a_store_that_can_t_be_given_new_writers_refuses_and_changes_nothing() -> None:
    back, peer = await put_back()
    back.store.own.renew = None
    before = await back.handed_out()
    with pytest.raises(Forked, match="Was one of the devices restored"):
        await back.meet(peer)
    assert await back.handed_out() == before
    with pytest.raises(NotSaved):
        await back.store.take_new_writers({})


async def test_where_it_parts_at_lost_lines_it_waits_until_they_are_here() -> None:
    back, peer = await put_back()
    writer = back.team
    whole = await peer.lines(writer)
    hurt = b"".join(raw.replace(b"note", b"mote") if n in (3, 4) else raw for n, raw in enumerate(
        raw + b"\n" for raw in whole))  # fmt: skip
    await peer.store.settle(idle=True)
    await peer.store.close()
    await peer.disk.replace(journals.path(writer, 1), hurt)
    await peer.opened()
    before = await peer.handed_out()
    with pytest.raises(Forked):
        await peer.store.merge_all({writer: await back.lines(writer)})
    assert await peer.handed_out() == before
    await peer.store.merge_all({writer: whole})
    await all_meet([back, peer])
    assert await differences([back, peer], WANTED) == []


async def test_new_writers_are_taken_unasked_and_the_unsent_lines_said_again() -> None:
    names = Names()
    device, peer = await Twin.of(names), await Twin.of(names)
    device.write(0, 1, 2, 3)
    device.write(9, lane="mine")
    former, lines = device.team, [decode(raw) for raw in await device.lines(device.team)]
    await device.store.take_new_writers({former: 2})
    assert former in device.former
    said = [decode(raw) for raw in await device.lines(device.team)]
    assert [said_in(line) for line in said] == [said_in(line) for line in lines[2:]]
    assert await device.lines(device.own["mine"]) == []
    device.write(4)
    await device.store.take_new_writers({former: 2})
    assert await device.lines(device.team) == []
    await peer.meet(device)
    assert await differences([device, peer], [0, 1, 2, 3, 4, 9]) == []
    device.store.commit("mine", [[note(60)]])
    assert await (await device.again()).store.verify() == []


async def test_operations_that_only_a_later_version_knows_are_said_again_too() -> None:
    back, peer = await put_back()
    later = Op(u="later", t="z", r="entry", e=entry_id(1), k="fold-up", v={"text": 5})
    back.store.commit("team", [[later, note(13)]])
    await back.meet(peer)
    last = decode((await back.lines(back.team))[-1])
    assert b'"k":"fold-up"' in last.raw
    assert [op.u for op in last.ops] == [note(13).u]


# -- killed


async def died_at(step: int, after: bool, moves: bool) -> tuple[Twin, Twin, Twin, bool]:
    """As `three`: the first meets the peer, and is killed at one of its disk's calls. Whether it had so many."""
    back, peer, late = await three(moves=moves)
    await back.store.settle(idle=True)
    await back.store.close()
    calls = Calls(at=None)
    calls.happens = calls.kill
    back.store = await Store.open(
        StoppingDisk(back.disk, calls), PROJECT, salt=back.names.salt, own=back.own, former=back.former,
        renew=back.renew,
    )  # fmt: skip
    calls.at, calls.count, calls.after = step, 0, after
    with suppress(Killed):
        await back.store.merge_all(await peer.handed_out())
    back.disk = back.disk.crash()
    return back, peer, late, calls.count > step


@moving
@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_call_nothing_is_lost_and_the_next_meeting_finishes_it(
    after: bool, moves: bool, count: Callable[[int, int], int]
) -> None:
    step, killed = 0, True
    while killed:
        back, peer, _, killed = await died_at(step, after, moves)
        reading = await Store.open(back.disk.crash(), PROJECT, salt=back.names.salt)
        seen = {str(doc["text"]) for doc in reading.state.entries()}
        assert seen >= {note(n).v["text"] for n in (0, 1, 2, 10, 11)}, step
        await back.opened()
        assert set(back.numbers()) >= {0, 1, 2, 10, 11}, step
        assert await back.store.verify() == [], step
        assert [await back.disk.size(name) for name in (parting.FILE, merging.FILE)] == [None, None], step
        back.write(12)
        await all_meet([back, peer])
        assert await differences([back, peer], [*WANTED, 12]) == [], step
        own = filter(back.store.is_own, back.store.ends)
        others = [name for name in own if not name.startswith(back.former[0])]
        said = [said_in(decode(raw)) for name in others for raw in await back.lines(name)]
        assert len(said) == len(set(said)), step
        step += count(3, 1)
    assert step > 30


@moving
@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_call_another_copy_of_it_may_be_met_before_the_peer(
    after: bool, moves: bool, count: Callable[[int, int], int]
) -> None:
    step, killed = 0, True
    while killed:
        back, peer, late, killed = await died_at(step, after, moves)
        await back.opened()
        await all_meet([back, late])
        await all_meet([back, late, peer])
        assert await differences([back, late, peer], [*WANTED, 40]) == [], step
        step += count(4, 1)


async def test_killed_at_any_call_new_writers_are_taken_or_not_and_can_be_asked_for_again() -> None:
    step, killed = 0, True
    while killed:
        names = Names()
        device = await Twin.of(names)
        device.write(0, 1, 2, 3)
        former = device.team
        await device.store.close()
        calls = Calls()
        calls.happens = calls.kill
        store = await Store.open(
            StoppingDisk(device.disk, calls), PROJECT, salt=names.salt, own=device.own, renew=device.renew
        )
        calls.at, calls.count = step, 0
        with suppress(Killed):
            await store.take_new_writers({former: 1})
        killed = calls.count > step
        device.disk = device.disk.crash()
        await device.opened()
        assert device.numbers() == [0, 1, 2, 3]
        await device.store.take_new_writers({former: 1})
        others = [name for name in device.store.ends if device.store.is_own(name) and name != former]
        said = [decode(raw).ops[0].u for name in others for raw in await device.lines(name)]
        assert sorted(said) == sorted(note(n).u for n in (1, 2, 3)), step
        assert await device.store.verify() == []
        step += 1
    assert step > 5


@moving
async def test_a_disk_that_is_full_while_it_parts_loses_nothing_and_goes_on_with_room(
    moves: bool,
) -> None:
    for room in range(0, 6000, 300):
        back, peer = await put_back(moves=moves)
        used = len(await everything(back.disk))
        back.disk.capacity = used + room
        try:
            await back.meet(peer)
        except NotSaved:
            assert set(back.numbers()) >= {0, 1, 2, 10, 11}
        back.disk.capacity = None
        await back.meet(peer)
        await all_meet([back, peer])
        assert await differences([back, peer], WANTED) == [], room
        assert await differences([await back.again(), peer], WANTED) == [], room


class Keeping(MemoryDisk):
    """Refuses to let go of what tells that a journal parts."""

    refuses = True

    async def remove(self, path: str) -> None:
        if path == parting.FILE and self.refuses:
            raise NotSaved("it is in use")
        await super().remove(path)


async def test_what_was_parted_and_is_still_told_of_is_not_parted_again() -> None:
    back, peer = await put_back()
    disk = Keeping()
    disk._medium = back.disk.crash()._medium
    back.disk = disk
    await back.opened()
    with pytest.raises(NotSaved):
        await back.meet(peer)
    disk.refuses = False
    copies = {name: lines for name, lines in (await peer.handed_out()).items() if name in back.former}
    await back.store.merge_all({name: lines[:5] for name, lines in copies.items()})
    assert await back.store.verify() == []
    back.write(12)
    assert await disk.size(parting.FILE) is not None
    await back.again()
    assert await disk.size(parting.FILE) is None
    await all_meet([back, peer])
    for one in (back, await back.again()):
        assert await differences([one, peer], [*WANTED, 12]) == []


async def test_what_is_told_of_a_parting_that_was_done_changes_nothing() -> None:
    back, peer = await put_back()
    before = back.team
    await all_meet([back, peer])
    (branch,) = branches(back)
    end = back.store.ends[branch]
    head = decode((await back.lines(before))[2]).head_hash
    told = {
        "version": 1, "segment": 1, "offset": sum(len(raw) + 1 for raw in (await back.lines(before))[:3]),
        "parting": {"journal": before, "n": 3, "head": head, "to": branch},
        "reached": {"lane": "team", "n": end.n, "head": end.head},
    }  # fmt: skip
    await back.store.close()
    await back.disk.replace(parting.FILE, compact(told))
    assert await differences([await back.opened(), peer], WANTED) == []


async def test_what_is_under_way_and_can_t_be_read_stops_no_opening() -> None:
    back, _ = await put_back()
    await back.store.close()
    for data in (b"", b"{", b"[]", b'{"parting":5}', b'{"version":1}'):
        await back.disk.replace(parting.FILE, data)
        assert (await back.opened()).numbers() == [0, 1, 2, 10, 11]
        assert await back.disk.size(parting.FILE) is None
        await back.store.close()


async def test_how_far_a_copy_holds_a_journal_is_told_by_its_head() -> None:
    back, peer = await put_back()
    writer = back.team
    covered = peer.store.ends[writer]
    assert await peer.store.holds(writer, covered)
    await back.meet(peer)
    await peer.meet(back)
    here = [name for name in (writer, *branches(peer)) if writer_of(name) == writer]
    held = [await peer.store.holds(name, Position(n=covered.n, head=covered.head)) for name in here]
    assert sorted(held) == [False, True]


@moving
async def test_a_damaged_beginning_of_a_branch_is_named_and_healed_by_a_copy(moves: bool) -> None:
    for hurt in (1, 2):
        back, peer = await put_back(moves=moves)
        await all_meet([back, peer])
        (branch,) = branches(peer)
        await peer.store.settle(idle=True)
        await peer.store.close()
        whole = await peer.disk.read(journals.path(branch, 1))
        await peer.disk.replace(journals.path(branch, 1), whole.replace(b"note", b"mote", hurt))
        await peer.opened()
        assert "damaged" in [fault.what for fault in await peer.store.verify()]
        assert len(await peer.lines(branch)) == whole.count(b"\n") - hurt
        await peer.meet(back)
        assert await peer.disk.read(journals.path(branch, 1)) == whole
        assert await differences([back, peer], WANTED) == []
