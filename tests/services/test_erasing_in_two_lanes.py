"""Erasing what lies in both lanes, on a disk that fills up anywhere: all of it stays, or what is left is said."""

from __future__ import annotations

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.entry import Link
from fieldlog.model.errors import NotSaved
from fieldlog.services.capture import Capture
from fieldlog.services.chips import Chips
from fieldlog.services.erasing import Erasing
from fieldlog.services.open import open_study
from fieldlog.services.promise import FILE, NotErased
from tests.services.erased import everything, hits
from tests.services.test_capture import FakeClock, machine_of

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
