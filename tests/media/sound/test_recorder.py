"""Sound that arrives is on the disk, in segments of a fixed length, whatever the microphone does."""

from __future__ import annotations

import hashlib
import json
import subprocess
from array import array
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.media.reading import Held
from fieldlog.media.sound.peaks import Peaks
from fieldlog.media.sound.recorded import Gap, Recorded
from fieldlog.media.sound.recorder import Recording
from fieldlog.media.sound.wav import cuts, joined_header, read_plan
from fieldlog.media.vault import Vault
from fieldlog.model.errors import DiskFull, NotSaved, NotUnderstood
from fieldlog.model.ports import Disk
from tests.fakes.made import all_of, chunked, read, riff, tone
from tests.fakes.watched import WatchedDisk

RATE = 1000
ABOUT = {"session": "s-14-2", "boot_id": "b", "moment": {"instant": 1}}


async def begun(disk: Disk, *, segment_frames: int = 2000, channels: int = 1, rate: int = RATE) -> Recording:
    return await Recording.begin(
        disk, "recording", "r1", rate=rate, about=ABOUT, segment_frames=segment_frames, channels=channels
    )


async def recorded(disk: Disk, pcm: bytes, *, segment_frames: int = 2000, chunk: int = 200) -> Recorded:
    recording = await begun(disk, segment_frames=segment_frames)
    for one in chunked(pcm, chunk):
        recording.push(one)
        await recording.step()
    return await recording.stop()


def even_cut(total_frames: int, segment_frames: int) -> tuple[int, ...]:
    """The frames of each segment when a recording is kept in segments of a fixed size."""
    full, rest = divmod(total_frames, segment_frames)
    return (segment_frames,) * full + ((rest,) if rest else ())


async def sound_of(disk: Disk, made: Recorded) -> bytes:
    """The samples of all segments; each must be a plain WAV that hashes to its name."""
    sound = b""
    for segment in made.segments:
        data = await read(disk, segment.path)
        assert hashlib.sha256(data).hexdigest() == segment.sha256
        assert len(data) == segment.bytes
        assert data == riff(data[44:], rate=segment.rate, channels=segment.channels)
        assert read_plan(Held(data)).canonical
        assert segment.frames * segment.channels * 2 == len(data) - 44
        sound += data[44:]
    return sound


def seconds_by_ffprobe(ffprobe: Path, path: Path) -> float:
    asked: list[str | Path] = [ffprobe, "-v", "error", "-of", "json", "-show_format", path]
    told = subprocess.run(asked, capture_output=True, check=True)
    assert not told.stderr
    return float(json.loads(told.stdout)["format"]["duration"])


async def names(disk: Disk) -> list[str]:
    return [entry.name for entry in await disk.list("recording")]


async def test_the_sidecar_is_there_before_the_first_sound(tmp_path: Path) -> None:
    disk = PosixDisk(tmp_path)
    await begun(disk)
    told = json.loads(await disk.read("recording/r1.json"))
    assert (told["rate"], told["channels"], told["about"]) == (RATE, 1, ABOUT)
    assert await names(disk) == ["r1.0001.wav.part", "r1.0002.wav.part", "r1.json"]


@pytest.mark.parametrize("frames", [0, 1, 1999, 2000, 2001, 4000, 7321])
async def test_a_recording_is_every_sample_in_segments_of_a_fixed_length(frames: int, tmp_path: Path) -> None:
    for disk in (MemoryDisk(), PosixDisk(tmp_path)):
        made = await recorded(disk, tone(frames))
        assert await sound_of(disk, made) == tone(frames)
        assert tuple(segment.frames for segment in made.segments) == even_cut(frames, 2000)
        assert [segment.number for segment in made.segments] == list(range(1, len(made.segments) + 1))
        assert (made.clean, made.gaps, made.frames, made.about) == (True, (), frames, ABOUT)
        assert await names(disk) == [f"r1.{n + 1:04d}.wav" for n in range(len(made.segments))] + ["r1.json"]


@given(st.integers(0, 9000), st.lists(st.integers(1, 3000), min_size=1, max_size=8), st.integers(0, 3))
async def test_however_the_sound_is_cut_into_chunks_the_segments_are_the_same(
    frames: int, sizes: list[int], steps: int
) -> None:
    disk, pcm, at = MemoryDisk(), tone(frames), 0
    recording = await begun(disk)
    turn = 0
    while at < len(pcm):
        size = sizes[turn % len(sizes)]
        recording.push(pcm[at : at + size])
        for _ in range(steps):
            await recording.step()
        at, turn = at + size, turn + 1
    made = await recording.stop()
    assert await sound_of(disk, made) == pcm
    if steps and max(sizes) < 2000:
        assert tuple(segment.frames for segment in made.segments) == even_cut(frames, 2000)


async def test_the_peaks_run_along_and_are_those_of_the_whole() -> None:
    pcm = tone(7321)
    made = await recorded(MemoryDisk(), pcm)
    whole = Peaks(RATE, 1)
    whole.add(pcm)
    assert made.peaks == whole.all()
    assert made.seconds == 7.321


async def test_the_level_follows_the_microphone() -> None:
    recording = await begun(MemoryDisk())
    recording.push(bytes(200))
    assert recording.level == 0
    recording.push(array("h", [32_767] * 100).tobytes())
    assert recording.level == 255
    assert recording.seconds == 0.2


async def test_joined_for_the_archive_and_cut_apart_for_restoring_the_segments_are_the_same_bytes() -> None:
    disk = MemoryDisk()
    made = await recorded(disk, tone(7321))
    segments = [await disk.read(segment.path) for segment in made.segments]
    joined = joined_header([read_plan(Held(one)) for one in segments]) + b"".join(one[44:] for one in segments)
    again = cuts(read_plan(Held(joined)), even_cut(made.frames, 2000))
    assert [all_of(cut.of(Held(joined), "a.wav")) for cut in again] == segments


async def test_a_segment_is_a_wav_to_others_as_well(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    made = await recorded(PosixDisk(tmp_path), tone(3500))
    for segment, seconds in zip(made.segments, (2.0, 1.5), strict=True):
        assert seconds_by_ffprobe(tool("ffprobe"), tmp_path / segment.path) == seconds


async def test_a_finished_segment_can_be_taken_into_the_vault_while_recording_goes_on() -> None:
    disk = MemoryDisk()
    vault, recording, taken = Vault(disk), await begun(disk), 0
    for chunk in chunked(tone(5000), 400):
        recording.push(chunk)
        for segment in await recording.step():
            await vault.adopt(segment.path, segment.sha256, "wav")
            taken += 1
    assert taken == 2
    made = await recording.stop()
    for segment in made.segments:
        await vault.adopt(segment.path, segment.sha256, "wav")
        assert await vault.verify(segment.sha256) is None
    assert [one.bytes for one in made.segments] == [4044, 4044, 2044]


async def test_when_the_next_file_is_late_the_present_segment_grows_longer() -> None:
    disk, pcm = MemoryDisk(), tone(9000)
    recording = await begun(disk)
    for chunk in chunked(pcm, 500):
        recording.push(chunk)
    made = await recording.stop()
    assert [segment.frames for segment in made.segments] == [2000, 7000]
    assert await sound_of(disk, made) == pcm


async def test_of_two_equal_channels_one_is_kept() -> None:
    disk, mono = MemoryDisk(), tone(3333)
    stereo = b"".join(one * 2 for one in chunked(mono, 2))
    recording = await Recording.begin(
        disk, "recording", "r1", rate=RATE, about={}, channels_in=2, segment_frames=2000
    )
    for chunk in chunked(stereo, 333):
        recording.push(chunk)
        await recording.step()
    made = await recording.stop()
    assert (made.channels, await sound_of(disk, made)) == (1, mono)


async def test_both_channels_can_be_kept() -> None:
    disk, stereo = MemoryDisk(), tone(2 * 3333)
    recording = await begun(disk, channels=2)
    for chunk in chunked(stereo, 333):
        recording.push(chunk)
        await recording.step()
    made = await recording.stop()
    assert await sound_of(disk, made) == stereo
    assert made.seconds == 3.333
    with pytest.raises(ValueError, match="channels"):
        await Recording.begin(disk, "recording", "r2", rate=RATE, about={}, channels=2, channels_in=4)


async def test_sound_that_never_arrived_is_noted_where_it_is_missing() -> None:
    disk = MemoryDisk()
    recording = await begun(disk)
    for sequence, at_seconds in ((7, 100.1), (8, 100.2), (11, 100.3), (12, 103.9), (13, 104.0), (13, 104.1)):
        recording.push(bytes(200), sequence=sequence, at_seconds=at_seconds)
    expected = (Gap(at_seconds=0.2, kind="chunks", missing=2), Gap(at_seconds=0.3, kind="seconds", missing=3.5))
    assert recording.gaps == expected
    await recording.step()
    assert len(json.loads(await disk.read("recording/r1.json"))["gaps"]) == 2
    assert (await recording.stop()).gaps == expected


async def test_a_full_disk_is_told_at_once_and_nothing_recorded_before_is_lost() -> None:
    disk, pcm = MemoryDisk(), tone(1500)
    recording = await begun(disk)
    recording.push(pcm)
    disk.capacity = 0
    with pytest.raises(DiskFull):
        recording.push(tone(100, 2))
    disk.capacity = None
    recording.push(tone(100, 3))
    made = await recording.stop()
    assert await sound_of(disk, made) == pcm + tone(100, 3)
    assert made.gaps == (Gap(at_seconds=1.5, kind="refused", missing=0.1),)


async def test_a_recording_can_be_stopped_on_a_full_disk_once_there_is_room_for_its_sidecar() -> None:
    disk, pcm = MemoryDisk(), tone(1500)
    recording = await begun(disk)
    recording.push(pcm)
    disk.capacity = 0
    with pytest.raises(DiskFull):
        await recording.stop()
    disk.capacity = None
    made = await recording.stop()
    assert await sound_of(disk, made) == pcm
    with pytest.raises(NotSaved, match="stopped"):
        recording.push(pcm)


async def test_never_more_than_a_second_waits_to_be_flushed() -> None:
    rng = Random(7)
    for _ in range(30):
        disk, pushed = MemoryDisk(), 0
        recording = await begun(disk, segment_frames=1_000_000)
        for _ in range(40):
            frames = rng.randint(1, 900)
            recording.push(tone(frames))
            pushed += frames
            left = len(await disk.crash().read("recording/r1.0001.wav.part")) - 44
            assert pushed - left // 2 <= RATE
        recording.flush()
        assert len(await disk.crash().read("recording/r1.0001.wav.part")) == 44 + 2 * pushed


@pytest.mark.parametrize("at", [0, 1, 900, 1700, 1999])
async def test_retuned_it_is_as_if_it_had_been_at_that_rate_from_the_beginning(at: int, tmp_path: Path) -> None:
    pcm = tone(7321)
    disks: tuple[Disk, ...] = (MemoryDisk(), PosixDisk(tmp_path))
    for disk in disks:
        recording = await begun(disk)
        recording.push(pcm[: 2 * at])
        await recording.retune(1100)
        assert recording.seconds == at / 1100
        assert json.loads(await disk.read("recording/r1.json"))["rate"] == 1100
        for chunk in chunked(pcm[2 * at :], 200):
            recording.push(chunk)
            await recording.step()
        made = await recording.stop()
        assert await sound_of(disk, made) == pcm
        assert {segment.rate for segment in made.segments} == {made.rate} == {1100}
        assert tuple(segment.frames for segment in made.segments) == even_cut(7321, 2200)
        whole = Peaks(1100, 1)
        whole.add(pcm)
        assert made.peaks == whole.all()
        assert made.seconds == 7321 / 1100


async def test_a_segment_that_is_already_longer_than_one_of_the_true_rate_is_whole_all_the_same() -> None:
    disk, pcm = MemoryDisk(), tone(3000)
    recording = await begun(disk)
    recording.push(pcm[:3800])
    await recording.retune(500)
    recording.push(pcm[3800:])
    made = await recording.stop()
    assert await sound_of(disk, made) == pcm
    assert [(segment.frames, segment.rate) for segment in made.segments] == [(1900, 500), (1100, 500)]


async def test_sound_that_comes_while_the_sidecar_is_written_is_at_the_new_rate_too() -> None:
    pcm, medium = tone(4000), MemoryDisk()
    coming = list[bytes]()
    recording = await begun(WatchedDisk(medium, lambda: recording.push(coming.pop()) if coming else None))
    recording.push(pcm[:200])
    coming.append(pcm[200:6000])
    await recording.retune(1100)
    assert not coming
    recording.push(pcm[6000:])
    made = await recording.stop()
    assert await sound_of(medium, made) == pcm
    assert [(segment.frames, segment.rate) for segment in made.segments] == [(3000, 1100), (1000, 1100)]


async def test_once_a_segment_has_ended_all_keep_their_rate() -> None:
    disk, pcm = MemoryDisk(), tone(2500)
    recording = await begun(disk)
    recording.push(pcm)
    await recording.retune(1100)
    made = await recording.stop()
    await recording.retune(1100)
    assert await sound_of(disk, made) == pcm
    assert {segment.rate for segment in made.segments} == {made.rate} == {RATE}


async def test_retuned_its_gaps_are_where_they_were_in_the_sound() -> None:
    recording = await begun(MemoryDisk())
    recording.push(tone(500))
    recording.note(Gap(at_seconds=0.5, kind="paused", missing=7.0))
    recording.note(Gap(at_seconds=0.1, kind="silence", missing=0.3))
    await recording.retune(500)
    silence = Gap(at_seconds=0.2, kind="silence", missing=0.6)
    assert recording.gaps == (Gap(at_seconds=1.0, kind="paused", missing=7.0), silence)
    recording.unnote(Gap(at_seconds=1.001, kind="paused", missing=0.0))
    assert list(recording.gaps) == [silence]


async def test_where_the_disk_refuses_to_retune_nothing_has_changed() -> None:
    disk, pcm = MemoryDisk(), tone(1500)
    recording = await begun(disk)
    recording.push(pcm)
    disk.capacity = 0
    with pytest.raises(DiskFull):
        await recording.retune(1100)
    disk.capacity = None
    assert recording.rate == RATE
    made = await recording.stop()
    assert await sound_of(disk, made) == pcm
    assert made.rate == RATE


@pytest.mark.parametrize("wrong", ["", "a/b", "../x", "a.b", "x" * 65])
async def test_an_id_that_could_leave_the_folder_is_refused(wrong: str) -> None:
    with pytest.raises(NotUnderstood):
        await Recording.begin(MemoryDisk(), "recording", wrong, rate=RATE, about={})


async def test_one_chunk_that_never_arrived_is_a_gap_and_one_that_comes_twice_is_none() -> None:
    recording = await begun(MemoryDisk())
    for sequence in (1, 2, 2, 4, 3, 5):
        recording.push(bytes(200), sequence=sequence)
    assert recording.gaps == (Gap(at_seconds=0.3, kind="chunks", missing=1),)
    await recording.stop()


async def test_killed_after_it_was_retuned_its_gaps_are_where_they_were_in_the_sound() -> None:
    disk = MemoryDisk()
    recording = await begun(disk)
    recording.push(tone(500))
    recording.note(Gap(at_seconds=0.5, kind="paused", missing=7.0))
    await recording.retune(500)
    told = json.loads(await disk.crash().read("recording/r1.json"))
    assert (told["rate"], [gap["at_seconds"] for gap in told["gaps"]]) == (500, [1.0])


async def test_a_microphone_that_begins_again_counts_anew_and_nothing_is_missing() -> None:
    recording = await begun(MemoryDisk())
    recording.push(bytes(200), sequence=1, at_seconds=5.0)
    recording.anew()
    recording.push(bytes(200), sequence=40, at_seconds=900.0)
    recording.push(bytes(200), sequence=41, at_seconds=900.1)
    assert not list(recording.gaps)
    recording.anew()
    recording.push(bytes(200), sequence=0, at_seconds=0.1)
    recording.push(bytes(200), sequence=2, at_seconds=0.3)
    assert list(recording.gaps) == [Gap(at_seconds=0.4, kind="chunks", missing=1)]
    await recording.stop()
