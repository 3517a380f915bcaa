"""Writing: the text is an entry from its first character, and no kill takes it away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import DiskFull, NotFound
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.writing import Writing
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.opentext import SLOTS, _encoded
from tests.fakes.clock import FakeClock, machine_of

STUDY = "01950000-0000-7000-8000-000000000001"


class Desk:
    """A device whose app can be killed and started again."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.disk = MemoryDisk()
        self.base = machine_of(clock)
        self.root = MemoryDisk()

    async def start(self) -> tuple[Workspace, Writing]:
        machine = Machine(
            clock=self.clock, new_id=self.base.new_id, new_salt=self.base.new_salt, offload=self.base.offload,
            disk_at=lambda name: self.disk if name.startswith("studies/") else self.root,
        )  # fmt: skip
        work = await open_study(machine, STUDY, write=True)
        await Capture(work).begin()
        return work, await Writing.open(work)

    def kill(self) -> None:
        self.disk, self.root = self.disk.crash(), self.root.crash()


@pytest.fixture
def desk() -> Desk:
    return Desk(FakeClock())


@pytest.fixture
async def writing(desk: Desk) -> AsyncIterator[Writing]:
    _, writing = await desk.start()
    yield writing


def texts(work: Workspace) -> list[str]:
    return [doc["text"] for doc in work.store.state.entries()]


async def test_what_stood_in_the_field_when_the_app_was_killed_stands_in_the_stream(desk: Desk) -> None:
    _, writing = await desk.start()
    writing.typed("Fang’s board: 15 sched")
    await writing.keep()
    writing.typed("Fang’s board: 15 scheduled, 8 d")
    desk.kill()
    work, writing = await desk.start()
    assert texts(work) == ["Fang’s board: 15 sched"]
    assert writing.found is not None
    assert writing.shown() is None
    desk.kill()
    work, writing = await desk.start()
    assert texts(work) == ["Fang’s board: 15 sched"]
    assert writing.found is None


async def test_a_kill_between_saving_and_forgetting_makes_no_second_entry(desk: Desk) -> None:
    _, writing = await desk.start()
    writing.typed("once", Chips(codes=("hours",)))
    await writing.keep()
    slots = {path: await desk.disk.read(path) for path in SLOTS}
    await writing.close()
    desk.kill()
    for path, data in slots.items():
        await desk.disk.replace(path, data)
    work, writing = await desk.start()
    assert texts(work) == ["once"]
    assert writing.found is None
    assert (await desk.disk.read(f"journals/{work.store.own_writers['team']}/000001.jsonl")).count(b"once") == 1


async def test_it_happened_at_the_first_character_and_was_written_when_it_was_closed(desk: Desk) -> None:
    work, writing = await desk.start()
    began = desk.clock.wall
    writing.typed("拍")
    desk.clock.advance(seconds=90)
    writing.typed("拍完再睡")
    entry = await writing.close()
    assert entry is not None
    assert entry.when == began
    assert entry.created_at == "2025-03-16T08:01:30+00:00"
    assert entry.occurred["mono_ms"] < entry.created["mono_ms"]
    assert texts(work) == ["拍完再睡"]


async def test_five_minutes_back_are_counted_from_the_first_character(desk: Desk) -> None:
    _, writing = await desk.start()
    began = desk.clock.wall
    writing.typed("a")
    desk.clock.advance(minutes=3)
    writing.typed("a quarrel", Chips(back=timedelta(minutes=5)))
    shown = writing.shown()
    assert shown is not None
    assert shown["occurred_at"] == "2025-03-16T07:55:00+00:00"
    entry = await writing.close()
    assert entry is not None
    assert entry.when == began - timedelta(minutes=5)
    assert entry.precision == "minute"


async def test_a_text_keeps_the_session_it_began_in_even_where_that_ended_before_it_was_closed(desk: Desk) -> None:
    work, writing = await desk.start()
    session = (await Sessions(work, Capture(work)).start("Stand-up about the hours", kind="meeting")).made
    desk.clock.advance(minutes=1)
    writing.typed("15 scheduled")
    await writing.keep()
    desk.clock.advance(minutes=1)
    await Sessions(work, Capture(work)).stop()
    desk.kill()
    work, writing = await desk.start()
    assert writing.found is not None
    assert writing.found.session == session.id


async def test_a_private_note_goes_to_its_own_lane_and_its_words_leave_the_slots(desk: Desk) -> None:
    work, writing = await desk.start()
    writing.typed("I was angry", Chips(note_type="PN"))
    await writing.keep()
    await writing.close()
    mine = work.store.own_writers["mine"]
    assert b"I was angry" in await desk.disk.read(f"journals/{mine}/000001.jsonl")
    assert b"angry" not in b"".join([await desk.disk.read(path) for path in SLOTS])


async def test_a_text_taken_away_is_no_entry(desk: Desk, writing: Writing) -> None:
    writing.typed("no")
    await writing.keep()
    writing.typed("  ")
    assert await writing.keep()
    assert await writing.close() is None
    desk.kill()
    work, _ = await desk.start()
    assert texts(work) == []


async def test_sending_twice_at_once_makes_one_entry_and_what_is_typed_meanwhile_is_the_next(desk: Desk) -> None:
    work, writing = await desk.start()
    writing.typed("first")
    sending = [asyncio.create_task(writing.close()) for _ in range(2)]
    await asyncio.sleep(0)
    writing.typed("second")
    await asyncio.gather(*sending)
    await writing.keep()
    assert texts(work) == ["first"]
    assert writing.text == "second"
    desk.kill()
    work, _ = await desk.start()
    assert sorted(texts(work)) == ["first", "second"]


async def test_nothing_new_costs_no_flush(writing: Writing) -> None:
    writing.typed("same")
    assert await writing.keep()
    writing.typed("same")
    assert not await writing.keep()


async def test_a_chip_that_fits_nothing_keeps_the_text_open(desk: Desk) -> None:
    work, writing = await desk.start()
    writing.typed("kept", Chips(session="nowhere"))
    await writing.keep()
    with pytest.raises(NotFound):
        await writing.close()
    assert writing.text == "kept"
    desk.kill()
    work, writing = await desk.start()
    assert texts(work) == ["kept"]


async def test_on_a_full_disk_the_text_stays_open_until_there_is_room(desk: Desk, writing: Writing) -> None:
    writing.typed("before")
    await writing.keep()
    desk.disk.capacity = 0
    writing.typed("before and after " * 99)
    with pytest.raises(DiskFull):
        await writing.keep()
    with pytest.raises(DiskFull):
        await writing.close()
    desk.disk.capacity = None
    entry = await writing.close()
    assert entry is not None
    assert entry.text.startswith("before and after")


@pytest.mark.parametrize("chips", [5, {"note_type": 5}, None])
async def test_an_open_text_that_does_not_say_for_whom_it_is_is_nobodys_but_the_writers(
    desk: Desk, chips: object
) -> None:
    work, writing = await desk.start()
    record = work.machine.new_id()
    kept = {"id": record, "text": "for whom?", "began": {"at": "2025-03-16T08:00:00+00:00"}, "chips": chips}
    await writing.leave()
    await work.close()
    await desk.disk.replace(SLOTS[1], _encoded(9, kept))
    work, _ = await desk.start()
    assert (work.store.state.get(record) or {})["note_type"] == "PN"
    own = work.store.own_writers["team"]
    assert b"for whom?" not in await work.store.disk.read(f"journals/{own}/000001.jsonl")
