"""The desk: one text and one memo under way, shared by every window, and nothing lost when the app is killed."""

from __future__ import annotations

import asyncio

import pytest

from fieldlog.media.sound.wav import read_plan
from fieldlog.model.errors import DiskFull, NotFound, NotUnderstood, StoreBusy
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.writing import KEEP_SECONDS
from fieldlog.services.desk import Desk
from fieldlog.services.memo import filing
from fieldlog.services.memo.filing import Filed
from fieldlog.services.study.studies import studies
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import PLAIN, STEP_SECONDS, Microphone, Phone, texts

A_PAUSE = 0.1


async def a_quarter_of_a_second() -> None:
    await asyncio.sleep(KEEP_SECONDS + A_PAUSE)


def work_of(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work


async def test_every_window_hears_of_every_change(desk: Desk) -> None:
    heard = {"phone": 0, "laptop": 0}

    def ear(name: str) -> None:
        heard[name] += 1

    ears = [lambda name=name: ear(name) for name in heard]
    desk.told += ears
    before = desk.version
    desk.typed("lamps", PLAIN)
    await desk.send()
    assert heard["phone"] == heard["laptop"] > 0
    assert desk.version > before
    after = dict(heard)
    desk.told.remove(ears[0])
    await Capture(work_of(desk)).note("one more")
    assert heard["phone"] == after["phone"]
    assert heard["laptop"] > after["laptop"]


async def test_a_window_that_leaves_while_it_is_told_does_not_keep_the_others_from_hearing(desk: Desk) -> None:
    heard: list[str] = []

    def leaves() -> None:
        desk.told.remove(leaves)
        heard.append("leaves")

    desk.told += [leaves, lambda: heard.append("stays")]
    desk.tell()
    assert heard == ["leaves", "stays"]


# -- the memo under way


async def recorded(desk: Desk, microphone: Microphone, seconds: float) -> None:
    while microphone.seconds < seconds:
        desk.tape.hear(*microphone.chunk())
        await asyncio.sleep(0)


async def sound_of(desk: Desk, filed: Filed) -> tuple[int, bytes]:
    work, sound, rates = work_of(desk), b"", set[int]()
    for one in filed.entry.attachments:
        handle = await work.vault.open((work.store.state.get(one) or {})["sha256"])
        plan = read_plan(handle)
        rates.add(plan.rate)
        sound += handle.read(plan.data_at, plan.data_bytes)
        handle.close()
    (rate,) = rates
    return rate, sound


async def test_a_memo_is_filed_with_its_true_rate_under_the_moment_of_the_tap(
    desk: Desk, clock: FakeClock
) -> None:
    tapped = clock.wall
    microphone = Microphone(clock, rate=44_100, channels=2)
    under_way = desk.tape.start(PLAIN, rate=None, channels_in=None)
    assert desk.tape.start(PLAIN, rate=None, channels_in=None) is under_way
    await recorded(desk, microphone, 1.5)
    await asyncio.sleep(3 * STEP_SECONDS)
    await recorded(desk, microphone, 3)
    filed = await desk.tape.stop()
    assert filed is not None
    assert (filed.entry.when, desk.tape.memo) == (tapped, None)
    assert await sound_of(desk, filed) == (44_100, microphone.first_channel)
    assert await desk.tape.stop() is None


async def test_a_memo_without_sound_is_none(desk: Desk) -> None:
    desk.tape.start(PLAIN, rate=24_000, channels_in=1)
    await asyncio.sleep(3 * STEP_SECONDS)
    assert await desk.tape.stop() is None
    assert texts(desk) == []


async def test_sound_that_comes_after_the_stop_is_let_go(desk: Desk, clock: FakeClock) -> None:
    microphone = Microphone(clock, rate=48_000)
    desk.tape.hear(*microphone.chunk())
    assert desk.tape.memo is None


async def test_a_memo_the_app_was_killed_over_is_filed_at_the_next_start(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    tapped = clock.wall
    microphone = Microphone(clock, rate=48_000)
    desk.tape.start(Chips(note_type="MN"), rate=None, channels_in=None)
    await recorded(desk, microphone, 1)
    await asyncio.sleep(3 * STEP_SECONDS)
    await recorded(desk, microphone, 6.5)
    desk = await phone.killed(desk)
    (filed,) = desk.recovered
    assert (filed.clean, filed.entry.when, filed.entry.note_type) == (False, tapped, "MN")
    assert 5.5 < filed.seconds <= 6.6
    rate, sound = await sound_of(desk, filed)
    assert rate == 48_000
    assert bytes(microphone.sound).startswith(sound)
    desk = await phone.killed(desk)
    assert desk.recovered == []
    await desk.close()


async def test_a_disk_that_fills_during_a_memo_is_told_and_what_was_heard_is_filed(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    microphone = Microphone(clock, rate=48_000)
    desk.tape.start(PLAIN, rate=48_000, channels_in=1)
    await asyncio.sleep(3 * STEP_SECONDS)
    await recorded(desk, microphone, 2)
    await phone.room_for(0)
    desk.tape.hear(*microphone.chunk())
    assert desk.trouble == str(DiskFull())
    phone.disk.capacity = None
    filed = await desk.tape.stop()
    assert filed is not None
    assert filed.seconds >= 2
    _, sound = await sound_of(desk, filed)
    assert bytes(microphone.sound).startswith(sound)


async def test_a_memo_the_disk_refuses_to_file_can_be_stopped_again(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    microphone = Microphone(clock, rate=48_000)
    desk.tape.start(PLAIN, rate=None, channels_in=None)
    await recorded(desk, microphone, 0.3)
    phone.disk.capacity = 0
    with pytest.raises(DiskFull):
        await desk.tape.stop()
    assert desk.trouble == str(DiskFull())
    phone.disk.capacity = None
    filed = await desk.tape.stop()
    assert filed is not None
    assert (await sound_of(desk, filed))[1] == bytes(microphone.sound)


# -- studies


async def test_an_empty_data_root_has_no_study_open(phone: Phone) -> None:
    desk = await Desk.open(phone.machine)
    assert (desk.work, desk.capture, desk.writing, desk.copies, desk.text) == (None, None, None, None, "")
    desk.typed("nowhere to put it", PLAIN)
    assert await desk.send() is None
    assert await desk.tape.stop() is None
    with pytest.raises(NotFound):
        desk.tape.start(PLAIN, rate=None, channels_in=None)
    await desk.close()
    assert await studies(phone.machine) == []


async def test_a_study_that_is_not_here_is_told_by_its_name(phone: Phone) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        await Desk.open(phone.machine, "nowhere")


async def test_a_slip_in_a_new_study_changes_nothing(phone: Phone, desk: Desk) -> None:
    before = desk.work
    desk.typed("under way", PLAIN)
    with pytest.raises(NotUnderstood):
        await desk.begin_study(title="", researcher="R1", zone="UTC", first_day="2025-03-16", days=3)
    assert desk.work is before
    assert desk.text == "under way"
    assert len(await studies(phone.machine)) == 1


async def test_a_second_process_is_refused_and_the_first_writes_on(phone: Phone, desk: Desk) -> None:
    with pytest.raises(StoreBusy):
        await Desk.open(phone.machine)
    desk.typed("still here", PLAIN)
    await desk.send()
    assert texts(desk) == ["still here"]


async def test_what_is_under_way_when_the_study_is_switched_is_filed_in_the_old_one(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    old = work_of(desk).store.project
    microphone = Microphone(clock, rate=48_000)
    desk.typed("half a sent", PLAIN)
    desk.tape.start(PLAIN, rate=None, channels_in=None)
    await recorded(desk, microphone, 0.4)
    await desk.begin_study(title="Another film", researcher="R1", zone="UTC", first_day="2025-03-16", days=2)
    new = work_of(desk).store.project
    assert new != old
    assert (texts(desk), desk.text, desk.tape.memo) == ([], "", None)
    await desk.switch(old)
    kinds = {doc["kind"]: doc for doc in work_of(desk).store.state.entries()}
    assert kinds["jotting"]["text"] == "half a sent"
    sound = [work_of(desk).store.state.get(one) or {} for one in kinds["voice"]["attachments"]]
    assert sum(part["frames"] for part in sound) * 2 == len(microphone.sound)
    assert await work_of(desk).store.disk.list(filing.FOLDER) == []
    desk = await phone.killed(desk)
    assert work_of(desk).store.project == old
    await desk.close()


async def test_the_study_left_is_let_go_of_and_another_process_may_take_it(phone: Phone, desk: Desk) -> None:
    old = work_of(desk).store.project
    await desk.begin_study(title="Another film", researcher="R1", zone="UTC", first_day="2025-03-16", days=2)
    beside = await Desk.open(phone.machine, old)
    assert work_of(beside).store.project == old
    await beside.close()


async def test_a_switch_is_a_change_every_window_hears_of_and_reads_anew(desk: Desk) -> None:
    heard = []
    desk.told.append(lambda: heard.append(desk.version))
    before = desk.version
    await desk.begin_study(title="Another film", researcher="R1", zone="UTC", first_day="2025-03-16", days=2)
    assert heard
    assert heard[-1] > before


async def test_a_switch_to_the_study_that_is_open_leaves_the_text_open(desk: Desk) -> None:
    desk.typed("under way", PLAIN)
    await desk.switch(work_of(desk).store.project)
    assert desk.text == "under way"


async def test_on_a_full_disk_a_switch_still_leaves_what_was_kept_to_the_next_start(
    phone: Phone, desk: Desk
) -> None:
    old = work_of(desk).store.project
    await desk.begin_study(title="Another film", researcher="R1", zone="UTC", first_day="2025-03-16", days=2)
    desk.typed("kept but not filed", PLAIN)
    await a_quarter_of_a_second()
    another = work_of(desk).store.project
    phone.disk.capacity = 0
    await desk.close()
    phone.disk.capacity = None
    desk = await Desk.open(phone.machine, old)
    await desk.switch(another)
    assert texts(desk) == ["kept but not filed"]
    await desk.close()


async def test_a_month_is_taken_into_its_own_study_and_that_is_opened(desk: Desk) -> None:
    before = work_of(desk).store.project
    await desk.take_practice()
    assert work_of(desk).store.project != before
    assert len(texts(desk)) > 40
    assert desk.opens_on == ""


async def test_closing_files_the_open_text_and_may_be_done_twice(phone: Phone, desk: Desk) -> None:
    desk.typed("goodnight", PLAIN)
    await desk.close()
    await desk.close()
    assert desk.work is None
    again = await Desk.open(phone.machine)
    assert texts(again) == ["goodnight"]
    assert again.found is None
    await again.close()
