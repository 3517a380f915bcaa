"""A memo under way: where the microphone does not tell its rate, the true one is found and nothing is lost."""

from __future__ import annotations

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.media.sound.wav import read_plan
from fieldlog.model.errors import DiskFull
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.memo import filing
from fieldlog.services.memo.filing import Filed
from fieldlog.services.memo.listening import CHUNK_FRAMES, PACE_SECONDS, USUAL_RATE, Listening
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Microphone, Phone


def listening(work: Workspace, *, rate: int | None = None, channels_in: int | None = None) -> Listening:
    return Listening(work, Capture(work), Chips(), rate=rate, channels_in=channels_in)


async def heard(microphone: Microphone, under_way: Listening, seconds: float) -> None:
    while microphone.seconds < seconds:
        under_way.hear(*microphone.chunk())
        await under_way.step()


async def sound_of(work: Workspace, filed: Filed) -> tuple[int, int, bytes]:
    """Rate, channels and samples of a filed memo, as its WAVs in the vault say."""
    sound, forms = b"", set[tuple[int, int]]()
    for one in filed.entry.attachments:
        doc = work.store.state.get(one)
        assert doc is not None
        handle = await work.vault.open(doc["sha256"])
        plan = read_plan(handle)
        forms.add((plan.rate, plan.channels))
        sound += handle.read(plan.data_at, plan.data_bytes)
        handle.close()
    ((rate, channels),) = forms
    return rate, channels, sound


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
async def test_a_browsers_memo_has_the_true_rate_and_one_channel_and_nothing_is_lost(
    work: Workspace, clock: FakeClock, rate: int, channels: int
) -> None:
    microphone, under_way = Microphone(clock, rate=rate, channels=channels), listening(work)
    await heard(microphone, under_way, 2.5)
    assert under_way.seconds == pytest.approx(microphone.seconds)
    filed = await under_way.stop()
    assert filed is not None
    assert filed.clean
    assert filed.seconds == pytest.approx(microphone.seconds)
    assert await sound_of(work, filed) == (rate, 1, microphone.first_channel)


async def test_until_the_pace_is_known_sound_is_held_back_and_then_it_is_on_the_disk(
    work: Workspace, clock: FakeClock
) -> None:
    microphone, under_way = Microphone(clock, rate=44_100), listening(work)
    await heard(microphone, under_way, PACE_SECONDS - 0.1)
    assert await work.store.disk.list(filing.FOLDER) == []
    assert 0 < under_way.seconds < PACE_SECONDS
    while not await work.store.disk.list(filing.FOLDER):
        await heard(microphone, under_way, microphone.seconds + 0.01)
    assert under_way.seconds < PACE_SECONDS + 0.1
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    after_the_cut = disk.crash()
    parts = [one for one in await after_the_cut.list(filing.FOLDER) if one.name.endswith("0001.wav.part")]
    sizes = [await after_the_cut.size(f"{filing.FOLDER}/{part.name}") for part in parts]
    assert sizes == [44 + len(microphone.sound)]


async def test_a_killed_app_loses_at_most_a_second_of_a_browsers_memo(work: Workspace, clock: FakeClock) -> None:
    microphone, under_way = Microphone(clock, rate=48_000, channels=2), listening(work)
    await heard(microphone, under_way, 7.3)
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    after_the_cut = disk.crash()
    (part,) = [one for one in await after_the_cut.list(filing.FOLDER) if one.name.endswith("0001.wav.part")]
    found = (await after_the_cut.read(f"{filing.FOLDER}/{part.name}"))[44:]
    assert microphone.first_channel.startswith(found)
    assert len(found) / (2 * 48_000) > 7.3 - 1


async def heard_late(microphone: Microphone, under_way: Listening, seconds: float) -> None:
    """Sound that is a little late at first, and less and less so for a second: 44.1 kHz seem to be 48."""
    while microphone.seconds < seconds:
        before = late(microphone.seconds)
        chunk, sequence = microphone.chunk()
        microphone.clock.advance(seconds=late(microphone.seconds) - before)
        under_way.hear(chunk, sequence)
        await under_way.step()


def late(heard: float) -> float:
    return 0.085 * max(0.0, 1 - heard) if heard else 0.0


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("seconds", [2.5, 3.5, 30])
async def test_a_pace_that_seemed_to_hurry_at_first_is_put_right(
    work: Workspace, clock: FakeClock, channels: int, seconds: float
) -> None:
    microphone, under_way = Microphone(clock, rate=44_100, channels=channels), listening(work)
    await heard_late(microphone, under_way, 0.9)
    assert under_way.seconds == pytest.approx(microphone.seconds * 44_100 / 48_000)
    early = under_way.tie(clock())
    await heard_late(microphone, under_way, seconds)
    filed = await under_way.stop()
    assert filed is not None
    assert filed.seconds == pytest.approx(microphone.seconds)
    assert await sound_of(work, filed) == (44_100, 1, microphone.first_channel)
    assert early is not None
    assert early["at"] == pytest.approx(0.9, abs=0.15)


async def test_what_is_tied_to_a_memo_is_in_its_place_though_the_pace_was_put_right(
    work: Workspace, clock: FakeClock
) -> None:
    microphone, under_way = Microphone(clock, rate=44_100), listening(work)
    await heard_late(microphone, under_way, 1)
    then = clock()
    await heard_late(microphone, under_way, 30)
    for moment, true in ((then, 1), (clock(), 30)):
        tied = under_way.tie(moment)
        assert tied is not None
        assert tied["at"] == pytest.approx(true, abs=0.1)


async def test_a_pause_within_a_pace_put_right_is_one_gap_where_it_was(work: Workspace, clock: FakeClock) -> None:
    microphone, under_way = Microphone(clock, rate=44_100), listening(work)
    await heard_late(microphone, under_way, 1)
    under_way.pause()
    clock.advance(seconds=20)
    await under_way.step()
    under_way.resume()
    await heard_late(microphone, under_way, 20)
    filed = await under_way.stop()
    assert filed is not None
    assert await sound_of(work, filed) == (44_100, 1, bytes(microphone.sound))
    (gap,) = (work.store.state.get(filed.entry.attachments[-1]) or {})["gaps"]
    assert (gap["kind"], gap["missing"]) == ("paused", 20)
    assert gap["at"] == pytest.approx(1, abs=0.1)


async def test_a_kill_after_the_pace_was_put_right_leaves_it_right() -> None:
    phone = Phone(clock=FakeClock())
    desk = await phone.begun()
    assert isinstance(phone.clock, FakeClock)
    microphone = Microphone(phone.clock, rate=44_100)
    await heard_late(microphone, desk.tape.start(Chips(), rate=None, channels_in=None), 4)
    again = await phone.killed(desk)
    (filed,) = again.recovered
    assert again.work
    rate, _, sound = await sound_of(again.work, filed)
    assert rate == 44_100
    assert bytes(microphone.sound).startswith(sound)
    assert filed.seconds > 3
    await again.close()


@pytest.mark.parametrize("chunks", [1, 3, 9])
async def test_a_memo_stopped_before_the_pace_is_known_is_kept_whole(
    work: Workspace, clock: FakeClock, chunks: int
) -> None:
    microphone, under_way = Microphone(clock, rate=44_100), listening(work)
    for _ in range(chunks):
        under_way.hear(*microphone.chunk())
        await under_way.step()
    filed = await under_way.stop()
    assert filed is not None
    rate, _, sound = await sound_of(work, filed)
    assert sound == bytes(microphone.sound)
    assert rate == (44_100 if chunks >= 4 else USUAL_RATE)


async def test_where_the_device_tells_its_rate_nothing_is_held_back(work: Workspace, clock: FakeClock) -> None:
    microphone, under_way = Microphone(clock, rate=24_000), listening(work, rate=24_000, channels_in=1)
    await under_way.step()
    under_way.hear(*microphone.chunk())
    assert under_way.seconds == CHUNK_FRAMES / 24_000
    assert under_way.level == 255
    filed = await under_way.stop()
    assert filed is not None
    assert await sound_of(work, filed) == (24_000, 1, bytes(microphone.sound))


async def test_what_came_before_the_files_were_ready_is_part_of_the_memo(
    work: Workspace, clock: FakeClock
) -> None:
    microphone, under_way = Microphone(clock, rate=16_000), listening(work, rate=16_000, channels_in=1)
    for _ in range(3):
        under_way.hear(*microphone.chunk())
    filed = await under_way.stop()
    assert filed is not None
    assert await sound_of(work, filed) == (16_000, 1, bytes(microphone.sound))


async def test_a_short_first_chunk_does_not_make_two_channels_into_one(work: Workspace, clock: FakeClock) -> None:
    microphone, under_way = Microphone(clock, rate=48_000, channels=2), listening(work)
    clock.advance(seconds=0.01)
    odd = bytes(400)
    under_way.hear(odd, 0)
    await heard(microphone, under_way, 1)
    filed = await under_way.stop()
    assert filed is not None
    assert await sound_of(work, filed) == (48_000, 1, bytes(200) + microphone.first_channel)


async def test_chunks_the_microphone_dropped_are_noted_as_a_gap(work: Workspace, clock: FakeClock) -> None:
    microphone, under_way = Microphone(clock, rate=48_000), listening(work)
    for n in range(40):
        chunk, sequence = microphone.chunk()
        if n != 5:
            under_way.hear(chunk, sequence)
        await under_way.step()
    filed = await under_way.stop()
    assert filed is not None
    gaps = (work.store.state.get(filed.entry.attachments[-1]) or {})["gaps"]
    assert [(gap["kind"], gap["missing"]) for gap in gaps] == [("chunks", 1)]


async def test_where_no_sound_arrives_there_is_no_entry(work: Workspace) -> None:
    under_way = listening(work)
    await under_way.step()
    assert (under_way.seconds, under_way.level) == (0, 0)
    assert await under_way.stop() is None
    known = listening(work, rate=24_000, channels_in=1)
    await known.step()
    assert await known.stop() is None
    assert list(work.store.state.entries()) == []
    assert await work.store.disk.list(filing.FOLDER) == []


async def test_a_memo_is_of_the_moment_of_the_tap_not_of_its_first_sound(
    work: Workspace, clock: FakeClock
) -> None:
    session = (await Sessions(work, Capture(work)).start("Interview", kind="interview")).made
    clock.advance(minutes=1)
    tapped = clock.wall
    microphone, under_way = Microphone(clock, rate=48_000), listening(work)
    clock.advance(seconds=4)
    await heard(microphone, under_way, 2)
    filed = await under_way.stop()
    assert filed is not None
    assert filed.entry.when == tapped
    assert filed.entry.session == session.id


async def test_a_disk_that_is_full_at_the_start_costs_no_sound(work: Workspace, clock: FakeClock) -> None:
    microphone, under_way = Microphone(clock, rate=48_000), listening(work)
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    disk.capacity = 0
    with pytest.raises(DiskFull):
        await heard(microphone, under_way, 2)
    disk.capacity = None
    await heard(microphone, under_way, 3)
    filed = await under_way.stop()
    assert filed is not None
    assert await sound_of(work, filed) == (48_000, 1, bytes(microphone.sound))


async def room_for(work: Workspace, count: int) -> MemoryDisk:
    """The study's disk, with only so many bytes left."""
    disk = work.store.disk
    assert isinstance(disk, MemoryDisk)
    disk.capacity = sum([await disk.size(path) or 0 for path in disk._medium.files]) + count
    return disk


@pytest.mark.parametrize("chunks", [3, 8])
async def test_every_hole_in_held_back_sound_is_noted_where_the_disk_has_room_for_a_little(
    work: Workspace, clock: FakeClock, chunks: int
) -> None:
    microphone, under_way = Microphone(clock, rate=48_000), listening(work)
    for _ in range(chunks):
        under_way.hear(*microphone.chunk())
    await room_for(work, 7800)
    filed = await under_way.stop()
    assert filed is not None
    assert (await sound_of(work, filed))[2] == bytes(microphone.sound[: 2 * CHUNK_FRAMES])
    gaps = (work.store.state.get(filed.entry.attachments[-1]) or {})["gaps"]
    missing = sum(gap["missing"] for gap in gaps if gap["kind"] == "refused")
    assert missing == pytest.approx((chunks - 1) * CHUNK_FRAMES / 48_000, abs=0.01)


async def test_sound_for_which_there_was_no_room_at_all_is_a_refusal_not_silence(
    work: Workspace, clock: FakeClock
) -> None:
    microphone, under_way = Microphone(clock, rate=48_000), listening(work)
    for _ in range(3):
        under_way.hear(*microphone.chunk())
    await room_for(work, 3000)
    with pytest.raises(DiskFull):
        await under_way.stop()


async def test_a_memo_killed_before_any_sound_is_none_at_the_next_start() -> None:
    phone = Phone()
    desk = await phone.begun()
    await desk.tape.start(Chips(), rate=24_000, channels_in=1).step()
    again = await phone.killed(desk)
    assert again.recovered == []
    assert again.work
    assert list(again.work.store.state.entries()) == []
    await again.close()
