"""A phone whose data were put back from a backup, and a laptop that has what it wrote since: all by bundles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from fieldlog.model.branch import writer_of
from fieldlog.model.errors import FieldLogError
from fieldlog.model.line import decode, said_in
from fieldlog.model.ports import Disk
from fieldlog.services.archive.restore import restore
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture, going_on
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle_in import import_bundle, take_lines
from fieldlog.services.copies.ledger import read_ledger
from fieldlog.services.copies.only_here import Copies
from fieldlog.services.copies.outbox import make_outgoing, prove_by_digits
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.imports.report import Imported
from fieldlog.services.study.put_back.new_writers import (
    PUT_BACK,
    WRITTEN_ON,
    WRITTEN_ON_ELSEWHERE,
    take_new_writers,
)
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from tests.fakes.clock import FakeClock
from tests.fakes.failing import Killed
from tests.fakes.phone import Below, Phone
from tests.fakes.stopping import Calls, StoppingDisk
from tests.services.copies.test_bundle_in import packed

STUDY = "01950000-0000-7000-8000-000000000001"
NOTES = [f"a{n}" for n in range(7)]
NEW = ["NEW0", "NEW1"]
moving = pytest.mark.parametrize("moves", [True, False])


def phone(number: int) -> Phone:
    return Phone(FakeClock(boot=f"boot {number}"), number=number)


def copied(one: Phone, number: int) -> Phone:
    """Another machine with the same data, or this one with what they were once."""
    other = phone(number)
    other.disk = one.disk.crash()
    return other


async def opened(one: Phone) -> Workspace:
    return await open_study(one.machine, STUDY, write=True)


async def wrote(one: Phone, words: Sequence[str]) -> Workspace:
    """The study, with notes of these words written."""
    work = await opened(one)
    await Capture(work).begin()
    for said in words:
        await Capture(work).note(said)
    return work


def texts(work: Workspace) -> list[str]:
    return sorted(str(doc["text"]) for doc in work.store.state.entries())


async def handed(source: Workspace, target: Workspace) -> Imported:
    """A bundle of all there is, taken in where the study is open."""
    bundle, _ = await packed(source)
    return await import_bundle(target.machine, bundle, here=target)


async def world(*, moves: bool = True) -> tuple[Phone, Workspace]:
    """A phone that was put back to a2 and wrote on, not open; a laptop that has a0 to a6.

    On the laptop what it has `moves` into a branch, or else what the phone wrote.
    """
    for number in count(3):
        device, laptop = phone(1), phone(2)
        await (await wrote(device, NOTES[:3])).close()
        back = copied(device, number)
        work = await wrote(device, NOTES[3:])
        await import_bundle(laptop.machine, (await packed(work))[0])
        await work.close()
        mine = await wrote(back, NEW)
        theirs, name = await opened(laptop), mine.store.own_writers["team"]
        heads = [decode((await _raws(one, name))[4]).head_hash for one in (mine, theirs)]
        await mine.close()
        if (heads[0] < heads[1]) is moves:
            return back, theirs
        await theirs.close()
    raise AssertionError


async def same(*works: Workspace) -> list[str]:
    found = [fault.sentence for work in works for fault in await work.store.verify()]
    first = works[0].store
    for work in works:
        found += [] if work.store.state.tables == first.state.tables else ["tables differ"]
    return found


@moving
@pytest.mark.parametrize("phone_first", [True, False])
async def test_both_devices_end_with_all_that_was_written(phone_first: bool, moves: bool) -> None:
    back, laptop = await world(moves=moves)
    mine = await opened(back)
    device = mine.device.id
    if phone_first:
        bundle, made = await packed(laptop)
        done = await import_bundle(mine.machine, bundle, here=mine)
        assert (done.problems, done.damaged, done.digits) == ([WRITTEN_ON], False, made.digits)
        other = await handed(mine, laptop)
        assert other.problems == [WRITTEN_ON_ELSEWHERE]
    else:
        assert (await handed(mine, laptop)).problems == [WRITTEN_ON_ELSEWHERE]
        assert (await handed(laptop, mine)).problems == [WRITTEN_ON]
        await handed(mine, laptop)
    assert texts(mine) == texts(laptop) == sorted([*NOTES, *NEW])
    assert await same(mine, laptop) == []
    assert (mine.device.id != device, mine.device.former) == (True, [device])
    assert (await handed(laptop, mine)).forked == []
    await mine.close()
    again = await opened(back)
    assert again.device.former == [device]
    assert len(again.device.former_writers[STUDY]) == 2
    await Capture(again).note("afterwards")
    await handed(again, laptop)
    assert texts(again) == texts(laptop) == sorted([*NOTES, *NEW, "afterwards"])
    for work in (again, laptop):
        await work.close()


@moving
async def test_a_newcomer_gets_all_from_either_and_from_an_archive(tmp_path: Path, moves: bool) -> None:
    back, laptop = await world(moves=moves)
    mine = await opened(back)
    await handed(laptop, mine)
    await handed(mine, laptop)
    for place, work in enumerate((mine, laptop)):
        new = phone(10 + place)
        bundle, made = await packed(work)
        done = await import_bundle(new.machine, bundle)
        assert (done.damaged, done.digits) == (False, made.digits)
        there = await opened(new)
        assert await same(there, laptop) == []
        await there.close()
        folder = tmp_path / f"archive{place}"
        folder.mkdir()
        await write_archive(work, folder)
        names = {path.name for path in (folder / "log").iterdir()}
        assert sum("~" in name for name in names) == 1
        restored = phone(20 + place)
        found = await restore(restored.machine, folder)
        assert not found.damaged
        there = await opened(restored)
        assert await same(there, laptop) == []
        await there.close()
    for work in (mine, laptop):
        await work.close()


@moving
async def test_what_is_new_since_a_copy_leaves_nothing_out_where_the_trunk_is_another_by_now(moves: bool) -> None:
    back, laptop = await world(moves=moves)
    mine = await opened(back)
    one = await make_outgoing(laptop)
    await prove_by_digits(laptop, one.digits)
    new = phone(10)
    await import_bundle(new.machine, (await packed(laptop))[0])
    await handed(laptop, mine)
    await handed(mine, laptop)
    await Capture(laptop).note("later")
    bundle, _ = await packed(laptop, since_last=True)
    await import_bundle(new.machine, bundle)
    there = await opened(new)
    assert await same(there, laptop) == []
    here = [{name for name, end in one.store.ends.items() if end.n} for one in (there, laptop)]
    assert here[0] == here[1]
    assert (await read_ledger(laptop)).covered
    for work in (mine, laptop, there):
        await work.close()


async def test_what_was_said_again_and_what_went_before_are_only_here_until_there_is_a_copy() -> None:
    back, laptop = await world()
    mine = await opened(back)
    await handed(laptop, mine)
    copies = await Copies.open(mine)
    assert copies.count >= len(NEW)
    one = await make_outgoing(mine)
    await prove_by_digits(mine, one.digits)
    await copies.reload()
    assert copies.count == 0
    for work in (mine, laptop):
        await work.close()


async def test_what_a_former_writer_wrote_is_only_here_as_it_was() -> None:
    work = await wrote(phone(1), NOTES)
    copies = await Copies.open(work)
    assert copies.count == len(NOTES)
    await take_new_writers(work)
    await copies.reload()
    assert copies.count == len(NOTES)
    assert copies.oldest is not None
    await work.close()


async def test_a_private_word_stays_in_its_lane() -> None:
    back, laptop = await world()
    mine = await opened(back)
    await Capture(mine).note("I was afraid", Chips(note_type="PN"))
    await handed(laptop, mine)
    for name in await journals.writers(mine.store.disk):
        lines = (await journals.read(mine.store.disk, name, STUDY)).lines
        assert all(("afraid" in line.raw.decode()) <= (line.lane == "mine") for line in lines), name
    bundle, _ = await packed(mine, team_only=True)
    assert b"afraid" not in bundle.data
    for work in (mine, laptop):
        await work.close()


async def test_a_history_names_who_wrote_it_here_under_whichever_name() -> None:
    back, laptop = await world()
    mine = await opened(back)
    ids = {str(doc["text"]): str(doc["id"]) for doc in mine.store.state.entries()}
    await handed(laptop, mine)
    await handed(mine, laptop)
    for words in ("a0", "NEW0"):
        assert [one.here for one in await Editing(mine).history(ids[words])] == [True]
        assert [one.here for one in await Editing(laptop).history(ids[words])] == [False]
    for work in (mine, laptop):
        await work.close()


async def test_a_session_that_it_began_under_a_former_id_is_its_own() -> None:
    back = phone(1)
    work = await wrote(back, ["one"])
    sessions = Sessions(work, Capture(work))
    begun = (await sessions.start("Roof")).made
    await take_new_writers(work)
    assert begun.device in work.device.former
    assert (await Capture(work).note("still there")).session == begun.id
    done = await sessions.stop()
    assert (done.made, going_on(work.store.state)) == (1, [])
    assert done.back
    await done.back()
    assert [one.id for one in going_on(work.store.state, work.device.ids)] == [begun.id]
    assert going_on(work.store.state, ["another"]) == []
    done_again = await sessions.start("Street")
    other = done_again.made
    assert [one.id for one in going_on(work.store.state)] == [other.id]
    assert other.device == work.device.id
    assert done_again.back
    await done_again.back()
    assert [one.id for one in going_on(work.store.state)] == [begun.id]
    await work.close()


async def test_two_studies_that_are_open_at_once_both_keep_their_new_writers() -> None:
    """Each has its own picture of what is kept of this device."""
    one = phone(1)
    first = await wrote(one, ["one"])
    second = await open_study(one.machine, STUDY[:-1] + "2", write=True)
    await take_new_writers(second)
    await first.device.prefer("look", "night")
    await take_new_writers(first)
    assert set(first.device.former) > set(second.device.former)
    own = {work.store.project: work.store.own_writers for work in (first, second)}
    await second.device.prefer("hand", "left")
    for work in (first, second):
        await work.close()
    for study, writers in own.items():
        work = await open_study(one.machine, study, write=True)
        assert work.store.own_writers == writers
        assert not {*writers.values()} & {*work.device.former_writers[study]}
        await work.close()


def dying(disk: Disk, calls: Calls) -> Callable[[str], Disk]:
    return lambda folder: StoppingDisk(Below(disk, folder), calls)


@moving
async def test_killed_at_any_call_the_notes_are_there_and_the_next_meeting_finishes_it(moves: bool) -> None:
    back, laptop = await world(moves=moves)
    copies = {
        name: [line.raw for line in (await journals.read(laptop.store.disk, name, STUDY)).lines]
        for name in await journals.writers(laptop.store.disk)
    }
    before = back.disk.crash()
    step, killed = 0, True
    while killed:
        one, calls = copied(back, 4), Calls()
        one.disk = disk = before.crash()
        calls.happens = calls.kill
        machine = replace(one.machine, disk_at=dying(disk, calls))
        work = await open_study(machine, STUDY, write=True)
        calls.at, calls.count = step, 0
        with suppress(Killed):
            await take_lines(work, copies, Imported())
        killed = calls.count > step
        one.disk = disk.crash()
        mine = await opened(one)
        assert set(texts(mine)) >= {*NOTES[:3], *NEW}, step
        assert await mine.store.verify() == [], step
        await take_lines(mine, copies, Imported())
        assert texts(mine) == sorted([*NOTES, *NEW]), step
        assert await mine.store.verify() == [], step
        former = {writer_of(name) for name in mine.store.ends if "~" in name}
        others = [n for n in mine.store.ends if mine.store.is_own(n) and writer_of(n) not in former]
        lines = [line for n in others for line in (await journals.read(mine.store.disk, n, STUDY)).lines]
        assert len({said_in(line) for line in lines}) == len(lines) == len(NEW), step
        await mine.close()
        step += 1
    assert step > 30
    await laptop.close()


async def behind() -> tuple[Phone, Workspace]:
    """A phone that was put back to a2 and wrote nothing since, not open; a laptop that has a0 to a6."""
    device, laptop = phone(1), phone(2)
    await (await wrote(device, NOTES[:3])).close()
    back = copied(device, 3)
    work = await wrote(device, NOTES[3:])
    await import_bundle(laptop.machine, (await packed(work))[0])
    await work.close()
    return back, await opened(laptop)


async def test_a_bundle_that_has_more_of_its_own_lines_gives_them_back_and_the_device_a_new_name() -> None:
    back, laptop = await behind()
    mine = await opened(back)
    writer, device = mine.store.own_writers["team"], mine.device.id
    done = await handed(laptop, mine)
    assert (done.problems, done.damaged, done.forked) == ([PUT_BACK], False, [])
    assert (texts(mine), mine.device.former) == (sorted(NOTES), [device])
    assert (await handed(laptop, mine)).problems == []
    await Capture(mine).note("afterwards")
    assert (await handed(mine, laptop)).problems == []
    assert texts(laptop) == sorted([*NOTES, "afterwards"])
    assert await same(mine, laptop) == []
    assert writer not in mine.store.own_writers.values()
    assert not any("~" in name for name in laptop.store.ends)
    for work in (mine, laptop):
        await work.close()


async def test_killed_at_any_call_nothing_is_written_under_the_name_whose_lines_are_elsewhere() -> None:
    back, laptop = await behind()
    copies = {name: await _raws(laptop, name) for name in await journals.writers(laptop.store.disk)}
    before = back.disk.crash()
    step, killed, heard = 0, True, set[bool]()
    while killed:
        one, calls = copied(back, 4), Calls()
        one.disk = disk = before.crash()
        calls.happens = calls.kill
        work = await open_study(replace(one.machine, disk_at=dying(disk, calls)), STUDY, write=True)
        writer = work.store.own_writers["team"]
        calls.at, calls.count = step, 0
        with suppress(Killed):
            await take_lines(work, copies, Imported())
        killed = calls.count > step
        one.disk = disk.crash()
        mine = await opened(one)
        heard.add(mine.store.own_writers["team"] != writer)
        assert mine.store.own_writers["team"] != writer or texts(mine) == sorted(NOTES[:3]), step
        assert await mine.store.verify() == [], step
        await Capture(mine).note("afterwards")
        await take_lines(mine, copies, Imported())
        assert texts(mine) == sorted([*NOTES, "afterwards"]), step
        assert await mine.store.verify() == [], step
        await mine.close()
        step += 1
    assert (step > 10, heard) == (True, {True, False})
    await laptop.close()


async def test_a_full_disk_refuses_new_names_and_keeps_the_old_ones() -> None:
    back, laptop = await world()
    mine = await opened(back)
    own, device = mine.store.own_writers, mine.device.id
    await back.room_for(0)
    with pytest.raises(FieldLogError):
        await take_new_writers(mine)
    assert (mine.store.own_writers, mine.device.id, mine.device.former) == (own, device, [])
    back.disk.capacity = None
    await Capture(mine).note("there is room again")
    await handed(laptop, mine)
    assert {decode(raw).writer for raw in [*(await _raws(mine, mine.store.own_writers["team"]))]} == {
        mine.store.own_writers["team"]
    }
    assert "there is room again" in texts(mine)
    for work in (mine, laptop):
        await work.close()


async def _raws(work: Workspace, name: str) -> list[bytes]:
    return [line.raw for line in (await journals.read(work.store.disk, name, STUDY)).lines]
