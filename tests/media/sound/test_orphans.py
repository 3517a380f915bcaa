"""An app that is killed while it records costs at most the last second."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.media.sound.orphans import adopt, forget, orphans
from fieldlog.media.sound.peaks import Peaks
from fieldlog.media.sound.recorded import Sidecar
from fieldlog.media.sound.recorder import Recording
from fieldlog.media.vault import Vault
from fieldlog.model.errors import MissingFile, WrongPlace
from fieldlog.model.ports import Disk
from tests.conftest import Count
from tests.fakes.made import chunked, riff, tone, unfinished_by_iphone
from tests.fakes.watched import WatchedDisk
from tests.media.sound.test_recorder import ABOUT, RATE, begun, names, recorded, sound_of

HOUSE = Path(__file__).resolve().parents[3]
SIDECAR = Sidecar(id="r1", rate=16_000, channels=1, segment_frames=32_000, about=ABOUT)


async def power_cuts(rng: Random, pcm: bytes) -> list[tuple[MemoryDisk, int]]:
    """Record `pcm` with the power cut at random writes: what was found, and the frames pushed by then."""
    medium, pushed, found = MemoryDisk(), 0, list[tuple[MemoryDisk, int]]()
    often, at = rng.choice([0.02, 0.2]), 0

    def before() -> None:
        if rng.random() < often:
            found.append((medium.crash(rng), pushed))

    recording = await begun(WatchedDisk(medium, before))
    found.clear()
    while at < len(pcm):
        size = rng.randint(1, 700)
        recording.push(pcm[at : at + size])
        at += size
        pushed = min(at, len(pcm)) // 2
        if rng.random() < 0.5:
            await recording.step()
    await recording.stop()
    return rng.sample(found, min(8, len(found)))


async def test_the_power_cut_at_any_moment_costs_at_most_a_second(count: Count, seed: int) -> None:
    rng, tried = Random(seed), 0
    for _ in range(count(40, 400, least=40)):
        pcm = tone(6500, rng.randrange(1000))
        for disk, heard in await power_cuts(rng, pcm):
            made = await adopt(disk, "recording", "r1")
            sound = await sound_of(disk, made)
            assert sound == pcm[: len(sound)]
            assert heard - len(sound) // 2 <= RATE
            assert made.about == ABOUT
            tried += 1
    assert tried > 100


async def test_the_power_cut_while_it_is_retuned_leaves_one_rate_that_is_said_everywhere(seed: int) -> None:
    rng, rates = Random(seed), set[int]()
    for _ in range(40):
        medium, pcm, found = MemoryDisk(), tone(1000 + rng.randrange(900), rng.randrange(1000)), list[MemoryDisk]()
        recording = await begun(WatchedDisk(medium, lambda: found.append(medium.crash(rng))))  # noqa: B023
        recording.push(pcm)
        recording.flush()
        found.clear()
        await recording.retune(1100)
        assert len(found) >= 5
        for disk in (*found, medium.crash(rng)):
            made = await adopt(disk, "recording", "r1")
            assert await sound_of(disk, made) == pcm
            assert [segment.rate for segment in made.segments] == [made.rate]
            assert made.segments[0].peaks == peaks_of_sound(pcm, made.rate)
            rates.add(made.rate)
        assert made.rate == 1100
    assert rates == {RATE, 1100}


def peaks_of_sound(pcm: bytes, rate: int) -> bytes:
    peaks = Peaks(rate, 1)
    peaks.add(pcm)
    return peaks.all()


async def test_adopting_can_itself_be_cut_off_and_done_again(seed: int) -> None:
    rng = Random(seed)
    for raw in (False, True):
        pcm = tone(5500)
        medium = MemoryDisk()
        recording = await begun(medium)
        for chunk in chunked(pcm, 300):
            recording.push(chunk)
            await recording.step()
        recording.flush()
        killed = medium.crash()
        if raw:
            await killed.replace("recording/r1.0003.pcm.part", pcm[8000:] + b"x")
            await killed.remove("recording/r1.0003.wav.part")
        expected = await adopt(killed.crash(), "recording", "r1")
        moments = list[MemoryDisk]()
        watched = WatchedDisk(killed, lambda: moments.append(killed.crash(rng)))  # noqa: B023
        assert await adopt(watched, "recording", "r1") == expected
        assert len(moments) >= 4
        for disk in [*moments, killed]:
            made = await adopt(disk, "recording", "r1")
            assert replace(made, clean=False) == expected
            assert await sound_of(disk, made) == pcm
            assert await names(disk) == ["r1.0001.wav", "r1.0002.wav", "r1.0003.wav", "r1.json"]


RECORDER = """
import asyncio, sys
from pathlib import Path
from fieldlog.disk.posix import PosixDisk
from fieldlog.media.sound.recorder import Recording
from tests.fakes.made import chunked, tone

async def main():
    disk = PosixDisk(Path(sys.argv[1]))
    recording = await Recording.begin(disk, "recording", "r1", rate=1000, about={}, segment_frames=2000)
    for number, chunk in enumerate(chunked(tone(200_000), 200), 1):
        recording.push(chunk)
        print(number, flush=True)
        if number % 5 == 0:
            await recording.step()

asyncio.run(main())
"""


async def test_a_recorder_killed_by_the_system_loses_nothing_that_it_had_acknowledged(
    tmp_path: Path, count: Count, seed: int
) -> None:
    rng = Random(seed)
    for turn in range(count(4, 20)):
        root = tmp_path / str(turn)
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RECORDER, str(root), cwd=HOUSE, stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        last, until = 0, rng.randint(1, 300)
        while last < until:
            last = int(await child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        last = int(([str(last).encode(), *(await child.stdout.read()).split(b"\n")[:-1]])[-1])
        await child.wait()
        disk = PosixDisk(root)
        assert [orphan.id for orphan in await orphans(disk, "recording")] == ["r1"]
        made = await adopt(disk, "recording", "r1")
        sound = await sound_of(disk, made)
        assert sound == tone(200_000)[: len(sound)]
        assert len(sound) >= last * 200 - 2 * RATE
        assert len(sound) <= (last + 2) * 200


async def test_an_adopted_recording_is_what_stopping_it_would_have_given() -> None:
    pcm = tone(5500)
    stopped = await recorded(MemoryDisk(), pcm)
    disk = MemoryDisk()
    recording = await begun(disk)
    for chunk in chunked(pcm, 200):
        recording.push(chunk)
        await recording.step()
    recording.flush()
    made = await adopt(disk.crash(), "recording", "r1")
    assert made == replace(stopped, clean=False)


async def test_orphans_are_named_with_what_is_needed_to_file_them() -> None:
    disk = MemoryDisk()
    recording = await begun(disk)
    recording.push(tone(1000))
    assert await orphans(disk, "recording", running=["r1"]) == ()
    (orphan,) = await orphans(disk.crash(), "recording")
    assert (orphan.id, orphan.about, orphan.rate, orphan.channels) == ("r1", ABOUT, RATE, 1)
    assert orphan.files == ("recording/r1.0001.wav.part", "recording/r1.0002.wav.part")
    assert orphan.bytes == 44 + 2000 + 44
    assert await orphans(disk.crash(), "nowhere") == ()


async def test_what_no_recorder_of_ours_wrote_is_left_alone() -> None:
    disk = MemoryDisk()
    for name in ("r1.json", "broken.json", "other.txt", "r2.wav.part"):
        await disk.replace(f"recording/{name}", b'{"sample_rate": 16000}')
    assert await orphans(disk, "recording") == ()
    with pytest.raises(MissingFile):
        await adopt(disk, "recording", "r9")
    assert len(await names(disk)) == 4


async def native(disk: Disk, name: str, data: bytes) -> None:
    await disk.replace("recording/r1.json", SIDECAR.to_bytes())
    await disk.replace(f"recording/{name}", data)


@pytest.mark.parametrize("name", ["r1.wav", "r1.wav.part", "r1.0001.wav.part"])
@pytest.mark.parametrize("shape", ["zero header", "filler", "open sizes", "good", "odd byte"])
async def test_what_the_machines_own_recorder_left_is_put_right(name: str, shape: str) -> None:
    pcm = tone(20_000)
    left = {
        "zero header": bytes(44) + pcm,
        "filler": unfinished_by_iphone(pcm),
        "open sizes": riff(pcm, sizes=(0xFFFFFFFF, 0xFFFFFFFF)),
        "good": riff(pcm),
        "odd byte": riff(pcm + b"x", sizes=(0xFFFFFFFF, 0xFFFFFFFF)),
    }
    disk = MemoryDisk()
    await native(disk, name, left[shape])
    made = await adopt(disk, "recording", "r1")
    assert await sound_of(disk, made) == pcm
    assert await names(disk) == ["r1.0001.wav", "r1.json"]
    assert await adopt(disk, "recording", "r1") == made


@pytest.mark.parametrize("name", ["r1.pcm.part", "r1.pcm", "r1.0001.pcm.part"])
async def test_raw_sound_becomes_a_wav_and_its_odd_byte_goes(name: str) -> None:
    disk = MemoryDisk()
    await native(disk, name, tone(16_000)[:31_999])
    made = await adopt(disk, "recording", "r1")
    assert await sound_of(disk, made) == tone(16_000)[:31_998]
    assert (made.seconds, len(made.peaks)) == (15_999 / 16_000, 10)
    assert await names(disk) == ["r1.0001.wav", "r1.json"]


async def test_a_recording_killed_before_its_first_sound_is_empty_and_gone_when_forgotten() -> None:
    disk = MemoryDisk()
    await begun(disk)
    killed = disk.crash()
    made = await adopt(killed, "recording", "r1")
    assert (made.segments, made.seconds) == ((), 0)
    await forget(killed, "recording", "r1")
    assert await names(killed) == []


async def test_a_file_without_findable_sound_is_named_and_left() -> None:
    disk = MemoryDisk()
    await native(disk, "r1.0001.wav.part", b"this is no sound at all, not even a header of one; leave it")
    made = await adopt(disk, "recording", "r1")
    assert made.unreadable == ("recording/r1.0001.wav.part",)
    with pytest.raises(WrongPlace):
        await forget(disk, "recording", "r1")
    assert await names(disk) == ["r1.0001.wav.part", "r1.json"]


async def test_segments_the_vault_took_before_the_kill_are_still_part_of_the_memo() -> None:
    disk, pcm = MemoryDisk(), tone(7000)
    recording, vault = await begun(disk), Vault(disk)
    for chunk in chunked(pcm, 200):
        recording.push(chunk)
        for segment in await recording.step():
            await vault.adopt(segment.path, segment.sha256, "wav")
    killed = disk.crash()
    made = await adopt(killed, "recording", "r1")
    assert [segment.number for segment in made.segments] == [1, 2, 3, 4]
    vault, sound = Vault(killed), b""
    for segment in made.segments:
        kept = await vault.adopt(segment.path, segment.sha256, "wav")
        sound += (await killed.read(kept.path))[44:]
    assert sound == pcm[: len(sound)]
    assert len(pcm) - len(sound) <= 2 * RATE
    await forget(killed, "recording", "r1")
    assert await orphans(killed, "recording") == ()
    assert await names(killed) == []


async def test_a_sidecar_stays_until_the_vault_has_every_segment() -> None:
    disk = MemoryDisk()
    made = await recorded(disk, tone(2500))
    assert [orphan.id for orphan in await orphans(disk, "recording")] == ["r1"]
    with pytest.raises(WrongPlace):
        await forget(disk, "recording", "r1")
    assert await adopt(disk, "recording", "r1") == replace(made, clean=False)
    for segment in made.segments:
        await Vault(disk).adopt(segment.path, segment.sha256, "wav")
    await forget(disk, "recording", "r1")
    assert await names(disk) == []


async def test_gaps_noted_before_the_kill_are_remembered() -> None:
    disk = MemoryDisk()
    recording = await begun(disk)
    recording.push(bytes(200), sequence=1)
    recording.push(bytes(200), sequence=5)
    await recording.step()
    made = await adopt(disk.crash(), "recording", "r1")
    assert made.gaps == recording.gaps


async def test_a_second_recording_beside_it_is_not_touched() -> None:
    disk = MemoryDisk()
    first = await begun(disk)
    first.push(tone(1500))
    second = await Recording.begin(disk, "recording", "r10", rate=RATE, about={})
    second.push(tone(1500, 2))
    killed = disk.crash()
    await adopt(killed, "recording", "r1")
    (other,) = [orphan for orphan in await orphans(killed, "recording") if orphan.id == "r10"]
    assert len(other.files) == 2


async def test_raw_sound_shorter_than_a_header_is_sound_all_the_same() -> None:
    disk = MemoryDisk()
    await disk.replace("recording/r1.json", SIDECAR.to_bytes())
    await disk.replace("recording/r1.pcm", tone(10))
    with pytest.raises(WrongPlace):
        await forget(disk, "recording", "r1")
    assert await names(disk) == ["r1.json", "r1.pcm"]


async def test_what_was_put_right_stays_right_when_the_power_is_cut_after_it() -> None:
    disk, pcm = MemoryDisk(), tone(1500)
    recording = await begun(disk)
    recording.push(pcm)
    recording.flush()
    killed = disk.crash()
    made = await adopt(killed, "recording", "r1")
    assert await sound_of(killed.crash(), made) == pcm
