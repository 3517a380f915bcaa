"""Erasing what lies in both lanes, on a disk that fills up anywhere: all of it stays, or what is left is said."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.entry import Attachment, Link
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import Disk
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.erase_promise import FILE, NotErased
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.erasing import erasings_of
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.erased import everything, hits
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.phone import Below
from tests.services.test_two_devices import other_machine, told

STUDY = "01950000-0000-7000-8000-000000000001"
SHARED, PRIVATE = "what was said in the van", "what I thought of it"


async def erased_with(free: int) -> str:
    """How erasing ended with only so many bytes left: done, refused or begun."""
    machine = machine_of(FakeClock())
    work = await open_study(machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin()
    ids = [(await capture.note(SHARED)).id, (await capture.note(PRIVATE, Chips(note_type="PN"))).id]
    await work.store.settle(idle=True)
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    disk.capacity = sum(map(len, (await everything(disk)).values())) + free
    ended = "done"
    try:
        await Erasing(work).erase(ids, reason="asked-to")
    except NotErased:
        ended = "begun"
    except NotSaved:
        ended = "refused"
    if ended == "refused":
        assert {doc["text"] for doc in work.store.state.entries()} == {SHARED, PRIVATE}
        assert await disk.size(FILE) is None
    disk.capacity = None
    await work.close()
    again = await open_study(machine, STUDY, write=True)
    left = hits(await everything(disk), SHARED, PRIVATE)
    assert bool(left) == (ended == "refused"), (free, ended, left)
    await again.close()
    return ended


async def test_erasing_from_both_lanes_is_refused_whole_or_finished_at_the_next_start() -> None:
    ended = [await erased_with(free) for free in range(0, 6000, 100)]
    assert set(ended) == {"refused", "begun", "done"}
    assert ended == sorted(ended, key=["refused", "begun", "done"].index)


async def test_erasing_something_private_says_nothing_of_it_in_the_teams_lane() -> None:
    work = await open_study(machine_of(FakeClock()), STUDY, write=True)
    capture = Capture(work)
    await capture.begin()
    ids = [(await capture.note(text, Chips(note_type="PN"))).id for text in (PRIVATE, "and then")]
    link = Link(id=work.machine.new_id(), source=ids[1], target=ids[0], rel="about")
    await work.save([work.op(link, lane="mine")], lane="mine")
    team = work.store.ends[work.store.own_writers["team"]]
    await Erasing(work).erase([ids[0]], reason="asked-to")
    assert work.store.ends[work.store.own_writers["team"]] == team
    assert "_erased" in (work.store.state.raw(link.id) or {})
    await work.close()


async def made_private(work: Workspace) -> str:
    """A note of the team's that a month said anew was private, with a photo that the team's lane tells of."""
    capture = Capture(work)
    await capture.begin()
    note = await capture.note(SHARED)
    photo = Attachment(id=work.machine.new_id(), kind="photo")
    await work.save([work.op(photo)])
    doc = work.store.state.raw(note.id) or {}
    said = {"note_type": "PN", "text": PRIVATE, "attachments": [photo.id]}
    base = {name: [doc["_u"]] for name in said}
    await work.save([work.change("set", "entry", note.id, said, base, lane="mine")], lane="mine")
    return note.id


async def test_what_became_private_later_is_erased_where_the_team_has_it() -> None:
    work = await open_study(machine_of(FakeClock()), STUDY, write=True)
    other = await open_study(other_machine(FakeClock(boot="other")), STUDY, write=True)
    note = await made_private(work)
    await told(work, other)
    photo = (work.store.state.raw(note) or {})["attachments"][0]
    assert (other.store.state.raw(note) or {})["text"] == SHARED
    erased = await Erasing(work).erase([note], reason="asked-to")
    assert not erased.private
    await told(work, other)
    for record in (note, photo):
        assert "_erased" in (other.store.state.raw(record) or {})
    for one in (work, other):
        assert isinstance(one.store.disk, MemoryDisk)
        assert hits(await everything(one.store.disk), SHARED, PRIVATE) == {}
        assert one.store.withdrawn == ()
        assert await one.store.verify() == []
        await one.close()


async def test_a_file_of_a_private_note_goes_from_the_lane_that_tells_of_it() -> None:
    work = await open_study(machine_of(FakeClock()), STUDY, write=True)
    note = await made_private(work)
    photo = (work.store.state.raw(note) or {})["attachments"][0]
    await Erasing(work).erase_file(note, photo, reason="asked-to")
    erasings = (await erasings_of(work.store.disk)).by_u.values()
    assert {lane for lane, op in erasings if op.e == photo} == {"mine", "team"}
    assert await work.store.verify() == []
    await work.close()


async def test_killed_anywhere_it_stays_in_both_lanes_or_goes_from_both_at_the_next_start() -> None:
    machine, before = machine_of(FakeClock()), MemoryDisk()

    def on(disk: Disk) -> Machine:
        return replace(machine, disk_at=lambda folder: Below(disk, folder))

    work = await open_study(on(before), STUDY, write=True)
    note = await made_private(work)
    await work.close()
    step, done = 0, False
    while not done:
        dying = DyingDisk(before.crash())
        work = await open_study(on(dying), STUDY, write=True)
        dying.dies_at = dying.steps + step
        with suppress(Killed):
            await Erasing(work).erase([note], reason="asked-to")
            done = True
        after = dying.inner.crash()
        again = await open_study(on(after), STUDY, write=True)
        left = hits(await everything(after), SHARED, PRIVATE)
        erasings = (await erasings_of(again.store.disk)).by_u.values()
        lanes = {lane for lane, op in erasings if op.e == note}
        assert lanes == (set() if left else {"team", "mine"}), step
        assert await again.store.verify() == []
        await again.close()
        step += 1
    assert step > 10
