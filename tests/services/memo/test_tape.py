"""A memo at the desk: what is written meanwhile is tied to its second, and what goes wrong is told and kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from fieldlog.model.errors import DiskFull
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.machine.reserve import RESERVE, NoRoomForSound, Room
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.memo.watch import Limits
from tests.fakes.clock import FakeClock
from tests.fakes.phone import PLAIN, STEP_SECONDS, Microphone, Phone

NEAR = 0.3


class Memo:
    """A memo of a browser's microphone on a desk, and what is true of it."""

    def __init__(self, desk: Desk, clock: FakeClock, rate: int = 48_000) -> None:
        self.desk, self.clock = desk, clock
        self.microphone = Microphone(clock, rate=rate)
        self.listening = desk.tape.start(PLAIN, rate=None, channels_in=None)

    async def hears(self, seconds: float, *, silent: bool = False) -> None:
        until = self.microphone.seconds + seconds
        while self.microphone.seconds < until:
            chunk, sequence = self.microphone.chunk()
            self.desk.tape.hear(bytes(len(chunk)) if silent else chunk, sequence)
            await asyncio.sleep(0)
        await self.steps()

    async def steps(self) -> None:
        await asyncio.sleep(3 * STEP_SECONDS)

    async def passes(self, seconds: float) -> None:
        """Time goes by and nothing comes."""
        self.clock.advance(seconds=seconds)
        await self.steps()

    @property
    def warning(self) -> str:
        return self.listening.warning

    async def gaps(self) -> list[tuple[str, float, float]]:
        """Stop; kind, second and what is missing, as they stand in the record."""
        filed = await self.desk.tape.stop()
        assert filed and self.desk.work
        last = self.desk.work.store.state.get(filed.entry.attachments[-1]) or {}
        return [(one["kind"], round(one["at"], 1), round(one["missing"], 1)) for one in last.get("gaps", ())]


def tied(desk: Desk, text: str) -> Any:
    assert desk.work
    (found,) = [doc for doc in desk.work.store.state.entries() if doc["text"] == text]
    return found.get("during")


# -- the tie


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("second", [0.1, 0.4, 0.69, 2, 30])
async def test_what_is_written_while_a_memo_runs_is_tied_to_its_second(
    desk: Desk, clock: FakeClock, rate: int, second: float
) -> None:
    memo = Memo(desk, clock, rate)
    clock.advance(seconds=0.5)
    await memo.hears(second)
    true = memo.microphone.seconds
    desk.typed("the lamp is moved", PLAIN)
    await memo.hears(3)
    await desk.send()
    filed = await desk.tape.stop()
    assert filed is not None
    assert tied(desk, "the lamp is moved")["memo"] == filed.entry.id
    assert tied(desk, "the lamp is moved")["at"] == pytest.approx(true, abs=NEAR)
    assert not filed.entry.during


async def test_notes_photos_and_marks_are_tied_alike(desk: Desk, clock: FakeClock) -> None:
    memo = Memo(desk, clock)
    await memo.hears(5)
    assert desk.capture
    note = await desk.capture.note("now")
    photo, _ = await desk.capture.file(Bytes(name="paper.txt", data=b"call sheet"))
    mark = await desk.tape.mark("here")
    assert photo and mark
    for entry in (note, photo, mark):
        assert entry.during == {"memo": memo.listening.id, "at": pytest.approx(5, abs=NEAR)}
    assert (mark.kind, mark.text) == ("marker", "here")


async def test_before_and_after_the_memo_nothing_is_tied(desk: Desk, clock: FakeClock) -> None:
    assert desk.capture
    assert not (await desk.capture.note("before")).during
    memo = Memo(desk, clock)
    await memo.hears(2)
    await desk.tape.stop()
    assert not (await desk.capture.note("after")).during
    assert await desk.tape.mark() is None


async def test_a_back_time_moves_along_the_sound_but_not_before_the_memo(desk: Desk, clock: FakeClock) -> None:
    assert desk.capture
    memo = Memo(desk, clock)
    await memo.hears(40)
    for seconds, true in ((15, 25), (300, 40)):
        entry = await desk.capture.note("earlier", Chips(back=timedelta(seconds=seconds)))
        assert entry.during["at"] == pytest.approx(true, abs=NEAR)


async def test_a_memo_that_never_hears_anything_ties_nothing(desk: Desk, clock: FakeClock) -> None:
    assert desk.capture
    memo = Memo(desk, clock)
    clock.advance(seconds=1)
    assert (await desk.capture.note("at once")).during == {"memo": memo.listening.id, "at": 0.0}
    clock.advance(seconds=5)
    assert not (await desk.capture.note("much later")).during


async def test_pauses_and_holes_are_taken_out_of_the_second(desk: Desk, clock: FakeClock) -> None:
    assert desk.capture
    memo = Memo(desk, clock)
    await memo.hears(4)
    desk.tape.pause()
    await memo.passes(60)
    assert (await desk.capture.note("in the pause")).during["at"] == pytest.approx(4, abs=0.1)
    desk.tape.resume()
    await memo.hears(3)
    assert (await desk.capture.note("after it")).during["at"] == pytest.approx(7, abs=NEAR)
    await memo.passes(9)
    assert (await desk.capture.note("no sound comes")).during["at"] == pytest.approx(7, abs=NEAR)
    await memo.hears(2)
    assert (await desk.capture.note("it is back")).during["at"] == pytest.approx(9, abs=NEAR)


# -- pauses and watchdogs


async def test_what_is_said_in_a_pause_is_not_recorded_and_the_pause_is_kept_with_its_length(
    desk: Desk, clock: FakeClock
) -> None:
    memo = Memo(desk, clock)
    await memo.hears(4)
    heard = memo.listening.seconds
    desk.tape.pause()
    assert memo.listening.paused == "paused"
    await memo.hears(2)
    clock.advance(seconds=58)
    assert memo.listening.seconds == heard
    desk.tape.resume()
    await memo.hears(1)
    assert memo.listening.seconds == pytest.approx(heard + 1, abs=0.1)
    assert await memo.gaps() == [("paused", 4.0, 60.0)]


async def test_a_memo_can_be_stopped_while_it_is_paused(desk: Desk, clock: FakeClock) -> None:
    memo = Memo(desk, clock)
    await memo.hears(4)
    desk.tape.pause("paused-by-system")
    await memo.passes(30)
    assert await memo.gaps() == [("paused-by-system", 4.0, 30.0)]


async def test_a_microphone_that_says_nothing_is_told_to_every_window_and_kept(
    desk: Desk, clock: FakeClock
) -> None:
    memo = Memo(desk, clock)
    told: list[str] = []
    desk.told.append(lambda: told.append(memo.warning))
    await memo.hears(3)
    assert told == []
    await memo.passes(2.1)
    assert told == ["no-sound"]
    await memo.hears(2)
    assert told[-1] == ""
    ((kind, at, missing),) = await memo.gaps()
    assert (kind, at) == ("no-sound", 3.0)
    assert missing == pytest.approx(2.1, abs=0.2)


async def test_exact_silence_is_told_and_kept(desk: Desk, clock: FakeClock) -> None:
    memo = Memo(desk, clock)
    await memo.hears(3)
    await memo.hears(2.5, silent=True)
    assert memo.warning == ""
    await memo.hears(1, silent=True)
    assert memo.warning == "silence"
    await memo.hears(1)
    assert memo.warning == ""
    ((kind, at, missing),) = await memo.gaps()
    assert kind == "silence"
    assert at == pytest.approx(3, abs=0.2)
    assert missing == pytest.approx(3.5, abs=0.3)


async def test_stopped_and_erased_nothing_of_the_memo_is_left_on_the_disk(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    memo = Memo(desk, clock)
    await memo.hears(6)
    desk.typed("what was seen stays", PLAIN)
    assert await desk.send()
    erased = await desk.tape.erase()
    assert erased is not None
    assert (erased.files, erased.kinds, desk.tape.memo) == (1, ("voice",), None)
    heard = bytes(memo.microphone.sound)
    everything = b"".join(bytes(file.present) for file in phone.disk._medium.files.values())
    assert not any(heard[at : at + 8] in everything for at in range(0, len(heard) - 8, 4000))
    assert b"what was seen stays" in everything
    assert await desk.tape.erase() is None


# -- room


async def test_how_long_there_is_room_is_known_and_kept_current(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    desk.tape.limits = Limits(least_bytes=1_000_000)
    await phone.room_for(1_000_000 + 96_000 * 3600)
    memo = Memo(desk, clock)
    await memo.hears(1)
    assert memo.listening.left_seconds == pytest.approx(3600, abs=5)
    await phone.room_for(1_000_000 + 96_000 * 300)
    await memo.passes(5)
    assert memo.listening.left_seconds == pytest.approx(3600, abs=5)
    await memo.passes(5)
    await memo.hears(0.1)
    assert memo.listening.left_seconds == pytest.approx(300, abs=5)
    assert memo.warning == "low"


async def test_without_room_no_memo_is_begun(phone: Phone, desk: Desk) -> None:
    await desk.tape.look()
    await phone.room_for(99_000_000)
    with pytest.raises(NoRoomForSound):
        await desk.tape.look()


async def test_a_memo_ends_cleanly_while_there_is_still_room_for_text(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    memo = Memo(desk, clock)
    await memo.hears(4)
    heard = memo.listening.seconds
    await phone.room_for(100_000_000)
    await memo.hears(10)
    await memo.steps()
    assert desk.tape.memo is None
    assert desk.tape.ended and desk.tape.ended.filed and desk.work
    filed = desk.tape.ended.filed
    assert filed.seconds > heard
    last = desk.work.store.state.get(filed.entry.attachments[-1]) or {}
    assert [(one["kind"], one["at"]) for one in last["gaps"]] == [("full", round(filed.seconds, 3))]
    assert desk.trouble == ""


RESERVE_HERE = 200_000


@pytest.fixture
async def reserved(phone: Phone, desk: Desk) -> Desk:
    """A desk that has kept a little room for text."""
    desk.room.reserve = RESERVE_HERE
    assert await desk.room.keep()
    assert await phone.disk.size(RESERVE) == RESERVE_HERE
    return desk


async def test_on_a_disk_filled_to_the_last_byte_text_is_saved_and_the_memo_ends_with_all_its_sound(
    phone: Phone, reserved: Desk, clock: FakeClock
) -> None:
    desk = reserved
    desk.tape.limits = Limits(least_bytes=0)
    memo = Memo(desk, clock)
    desk.typed("灯还没好", PLAIN)
    await memo.hears(4)
    await phone.room_for(0)
    heard = memo.listening.seconds
    with pytest.raises(DiskFull):
        memo.listening.hear(*memo.microphone.chunk())
    desk.typed("灯还没好，等。" * 50, PLAIN)
    entry = await desk.send()
    for _ in range(4):
        await memo.steps()
    assert entry is not None and desk.tape.memo is None
    assert desk.tape.ended and desk.tape.ended.filed
    assert desk.tape.ended.filed.seconds == heard
    desk = await phone.killed(desk)
    assert desk.work
    kinds = sorted(doc["kind"] for doc in desk.work.store.state.entries())
    assert kinds == ["jotting", "voice"]
    await desk.close()


async def test_the_reserve_is_given_up_for_text_and_made_again_when_there_is_room(
    phone: Phone, reserved: Desk
) -> None:
    await phone.room_for(0)
    for n in range(5):
        reserved.typed(f"line {n}", PLAIN)
        assert await reserved.send()
    assert reserved.room.given_up
    assert await phone.disk.size(RESERVE) is None
    assert not await reserved.room.keep()
    phone.disk.capacity = None
    assert await reserved.room.keep()
    assert (reserved.room.given_up, await phone.disk.size(RESERVE)) == (False, RESERVE_HERE)


async def test_a_reserve_cut_short_by_a_kill_is_made_whole(phone: Phone) -> None:
    disk = phone.machine.disk_at("")
    await disk.replace(RESERVE, b"x" * 10)
    assert await Room(disk, reserve=RESERVE_HERE).keep()
    assert await phone.disk.size(RESERVE) == RESERVE_HERE


async def test_where_there_is_little_room_none_is_taken(phone: Phone) -> None:
    await phone.room_for(300_000_000)
    assert not await Room(phone.machine.disk_at("")).keep()
    assert await phone.disk.size(RESERVE) is None


async def test_when_the_reserve_is_gone_too_the_refusal_is_told(phone: Phone, reserved: Desk) -> None:
    await reserved.room.give_up()
    reserved.typed("no room at all", PLAIN)
    await phone.room_for(0)
    with pytest.raises(DiskFull):
        await reserved.send()
    assert reserved.text == "no room at all"


async def test_a_memo_that_was_killed_is_filed_at_a_start_on_a_full_disk(
    phone: Phone, reserved: Desk, clock: FakeClock
) -> None:
    memo = Memo(reserved, clock)
    await memo.hears(6)
    desk = await _killed_on_a_full_disk(phone, reserved)
    (filed,) = desk.recovered
    assert filed.seconds > 6 - 1
    await desk.close()


async def _killed_on_a_full_disk(phone: Phone, desk: Desk) -> Desk:
    phone.cut()
    desk.tape.memo = desk.writing = None
    await phone.room_for(0)
    return await Desk.open(phone.machine)
