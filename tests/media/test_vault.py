"""Originals lie under their own hash, come in whole or not at all, and are never altered."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from random import Random

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.media.derived import derived_path
from fieldlog.media.reading import Held, Part
from fieldlog.media.vault import HoldsNothing, Vault
from fieldlog.model.errors import DiskFull, MissingFile, NotUnderstood, StoreBusy
from fieldlog.model.ports import Disk
from tests.fakes.made import BreaksOff, Bytes, photo, riff, tone
from tests.fakes.watched import WatchedDisk

CALL_SHEET = "时间,场次\n06:00,34-2\n".encode()


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(params=["memory", "posix"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return MemoryDisk() if request.param == "memory" else PosixDisk(tmp_path)


async def names_in(disk: Disk, folder: str) -> list[str]:
    return [entry.name for entry in await disk.list(folder)]


async def test_a_file_is_kept_under_its_hash_with_the_extension_of_its_content(disk: Disk) -> None:
    vault, data = Vault(disk), photo()
    kept = await vault.keep(Bytes("IMG_0001.PNG", data))
    sha256 = sha256_of(data)
    assert kept.path == f"media/{sha256[:2]}/{sha256}.jpg" == vault.path_of(sha256, "jpg")
    assert (kept.sha256, kept.bytes, kept.extension, kept.new) == (sha256, len(data), "jpg", True)
    assert await disk.read(kept.path) == data
    assert await names_in(disk, "media/incoming") == []


async def test_the_same_file_twice_is_stored_once(disk: Disk) -> None:
    vault = Vault(disk)
    first = await vault.keep(Bytes("dup_a.csv", CALL_SHEET))
    second = await vault.keep(Bytes("another name.txt", CALL_SHEET))
    assert (first.new, second.new) == (True, False)
    assert first.path == second.path
    assert [stored.path for stored in await vault.all()] == [first.path]
    assert await names_in(disk, "media/incoming") == []


@pytest.mark.parametrize("damaged", [CALL_SHEET[:-3], CALL_SHEET[:-3] + b"9-9"])
async def test_a_copy_that_was_damaged_in_the_vault_is_healed_by_keeping_it_again(
    disk: Disk, damaged: bytes
) -> None:
    vault = Vault(disk)
    kept = await vault.keep(Bytes("a.csv", CALL_SHEET))
    await disk.replace(kept.path, damaged)
    assert str(await vault.verify(kept.sha256)).startswith(f"The file {kept.sha256} has changed")
    again = await vault.keep(Bytes("a.txt", CALL_SHEET))
    assert (again.path, again.new) == (kept.path, False)
    assert await vault.verify(kept.sha256) is None
    assert len(await vault.all()) == 1


async def test_a_source_that_breaks_off_leaves_nothing_behind(disk: Disk) -> None:
    vault = Vault(disk)
    with pytest.raises(OSError, match="pulled out"):
        await vault.keep(BreaksOff("a.csv", CALL_SHEET * 500))
    with pytest.raises(HoldsNothing, match=r"zero\.jpg holds nothing"):
        await vault.keep(Bytes("zero.jpg", b""))
    with pytest.raises(NotUnderstood, match="not the file it should be"):
        await vault.keep(Bytes("a.csv", CALL_SHEET), expected=sha256_of(b"another"))
    assert await vault.all() == []
    assert await names_in(disk, "media/incoming") == []


async def test_a_full_disk_refuses_the_file_and_keeps_what_was_there() -> None:
    disk = MemoryDisk()
    vault = Vault(disk)
    kept = await vault.keep(Bytes("a.csv", CALL_SHEET))
    disk.capacity = 2000
    with pytest.raises(DiskFull):
        await vault.keep(Bytes("long.wav", riff(tone(4000))))
    assert [stored.sha256 for stored in await vault.all()] == [kept.sha256]
    assert await names_in(disk, "media/incoming") == []


async def test_a_file_can_be_opened_found_verified_and_missed(disk: Disk) -> None:
    vault, absent = Vault(disk), sha256_of(b"absent")
    kept = await vault.keep(Bytes("a.csv", CALL_SHEET))
    handle = await vault.open(kept.sha256)
    assert handle.read(0, 100) == CALL_SHEET
    handle.close()
    assert await vault.has(kept.sha256)
    assert not await vault.has(absent)
    fault = await vault.verify(absent)
    assert fault is not None
    assert fault.kind == "missing"
    with pytest.raises(MissingFile):
        await vault.open(absent)


async def test_a_single_changed_bit_is_found(disk: Disk) -> None:
    vault = Vault(disk)
    kept = await vault.keep(Bytes("a.wav", riff(tone(4000))))
    handle = await disk.open(kept.path)
    handle.write(bytes([handle.read(5000, 1)[0] ^ 1]), 5000)
    handle.flush()
    handle.close()
    fault = await vault.verify(kept.sha256)
    assert fault is not None
    assert (fault.kind, fault.found) == ("changed", sha256_of(await disk.read(kept.path)))


async def test_foreign_files_in_the_vault_are_passed_over(disk: Disk) -> None:
    vault = Vault(disk)
    kept = await vault.keep(Bytes("a.csv", CALL_SHEET))
    for foreign in (
        "media/readme.txt",
        f"media/{kept.sha256[:2]}/.DS_Store",
        "media/zz/a.jpg",
        f"media/out/{'a' * 64}.jpg",
    ):
        await disk.replace(foreign, b"?")
    assert [stored.sha256 for stored in await vault.all()] == [kept.sha256]


@pytest.mark.parametrize("wrong", ["", "abc", "../" + "a" * 61, "A" * 64, "g" * 64])
async def test_what_is_no_hash_never_becomes_a_path(wrong: str) -> None:
    vault = Vault(MemoryDisk())
    for ask in (vault.open, vault.has, vault.erase, vault.verify):
        with pytest.raises(NotUnderstood):
            await ask(wrong)
    with pytest.raises(NotUnderstood):
        vault.path_of("a" * 64, "../jpg")


async def test_erasing_leaves_neither_the_original_nor_anything_made_of_it(disk: Disk) -> None:
    vault = Vault(disk)
    kept, other = await vault.keep(Bytes("a.csv", CALL_SHEET)), await vault.keep(Bytes("b.csv", b"other"))
    await disk.replace(derived_path(vault, kept.sha256, "thumb.jpg"), b"thumb")
    await disk.replace(derived_path(vault, kept.sha256, "peaks.bin"), b"peaks")
    assert await vault.erase(kept.sha256)
    assert not await vault.erase(kept.sha256)
    assert await names_in(disk, f"derived/{kept.sha256[:2]}") == []
    assert [stored.sha256 for stored in await vault.all()] == [other.sha256]


async def test_a_finished_file_on_this_disk_is_moved_in_without_reading_it(disk: Disk) -> None:
    vault, data = Vault(disk), riff(tone(500))
    await disk.replace("recording/r1.0001.wav", data)
    kept = await vault.adopt("recording/r1.0001.wav", sha256_of(data), "wav")
    assert kept.new
    assert await vault.verify(kept.sha256) is None
    assert await names_in(disk, "recording") == []
    again = await vault.adopt("recording/r1.0001.wav", sha256_of(data), "wav")
    assert (again.path, again.new) == (kept.path, False)
    await disk.replace("recording/r1.0003.wav", data)
    assert not (await vault.adopt("recording/r1.0003.wav", sha256_of(data), "wav")).new
    assert await names_in(disk, "recording") == []
    with pytest.raises(MissingFile):
        await vault.adopt("recording/r1.0002.wav", sha256_of(b"absent"), "wav")


async def test_what_was_half_way_in_when_the_power_went_is_swept_away_but_no_recording_is() -> None:
    disk = MemoryDisk()
    handle = await disk.open("media/incoming/000001.part", create=True)
    handle.append(CALL_SHEET)
    await disk.replace("media/incoming/0195-memo.0001.wav.part", b"sound")
    await disk.replace("media/incoming/0195-memo.json", b"{}")
    found = disk.crash(Random(1))
    assert await Vault(found).sweep() == ["media/incoming/000001.part"]
    assert await names_in(found, "media/incoming") == ["0195-memo.0001.wav.part", "0195-memo.json"]
    assert (await Vault(found).keep(Bytes("a.csv", CALL_SHEET))).new


async def test_a_file_once_kept_survives_the_power_being_cut() -> None:
    disk = MemoryDisk()
    kept = await Vault(disk).keep(Bytes("a.csv", CALL_SHEET))
    assert await Vault(disk.crash()).verify(kept.sha256) is None


async def test_a_stretch_of_an_open_file_can_be_kept_as_a_file() -> None:
    part = Part(
        name="cut.wav", readable=Held(b"xx" + tone(50) + b"yy"), before=riff(tone(50))[:44], at=2, count=100
    )
    kept = await Vault(MemoryDisk()).keep(part)
    assert (kept.sha256, kept.extension) == (sha256_of(riff(tone(50))), "wav")


async def test_where_open_files_are_exclusive_whoever_comes_second_waits_for_the_first() -> None:
    vault = Vault(MemoryDisk())
    kept = await vault.keep(Bytes("a.jpg", photo()))
    reading = await vault.open(kept.sha256)
    second = asyncio.ensure_future(vault.verify(kept.sha256))
    erasing = asyncio.ensure_future(vault.erase(kept.sha256))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not second.done()
    assert not erasing.done()
    assert await vault.has(kept.sha256)
    reading.close()
    assert await erasing
    assert not await vault.has(kept.sha256)
    await asyncio.wait([second])


async def test_a_file_that_is_held_for_long_is_told_to_be_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldlog.media.vault.TURN_SECONDS", 0)
    vault = Vault(MemoryDisk())
    kept = await vault.keep(Bytes("a.jpg", photo()))
    reading = await vault.open(kept.sha256)
    with pytest.raises(StoreBusy):
        await vault.open(kept.sha256)
    reading.close()


async def test_of_what_is_erased_the_original_goes_first() -> None:
    """Whoever makes something of it meanwhile can see that it went, and leaves nothing behind."""
    disk, there = MemoryDisk(), list[bool]()
    kept = await Vault(disk).keep(Bytes("a.csv", CALL_SHEET))
    thumb = derived_path(Vault(disk), kept.sha256, "thumb.jpg")
    await disk.replace(thumb, b"thumb")

    class Telling(WatchedDisk):
        async def remove(self, path: str) -> None:
            await super().remove(path)
            there.append(await disk.size(thumb) is not None and await disk.size(kept.path) is None)

    await Vault(Telling(disk, lambda: None)).erase(kept.sha256)
    assert there[0]
