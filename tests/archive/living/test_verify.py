"""Every fault someone could plant in an archive is found and named; what a store needs is found, too."""

from __future__ import annotations

import hashlib
import io
import wave
from pathlib import Path

import pytest

from fieldlog.archive.living.restorable import contents
from fieldlog.archive.living.tree import Progress
from fieldlog.archive.living.verify import verify
from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.ports import Disk
from tests.fakes.worlds import MORROW, NIGHT, STUDY, night, tree

DAY = f"days/{NIGHT}/"
TOP = "manifest-sha256.txt"


@pytest.fixture
async def archive() -> MemoryDisk:
    disk = MemoryDisk()
    await night().written(disk)
    return disk


async def faults(disk: Disk) -> set[tuple[str, str]]:
    found = await verify(disk)
    assert all(fault.path in fault.sentence for fault in found)
    return {(fault.path, fault.what) for fault in found}


async def test_an_untouched_archive_has_no_fault_and_progress_ends_whole(archive: MemoryDisk) -> None:
    told: list[Progress] = []
    assert await verify(archive, told.append) == []
    assert told[-1].done == told[-1].total > 0


async def test_a_changed_byte_in_any_file_is_found(archive: MemoryDisk) -> None:
    for path, data in (await tree(archive)).items():
        if data and not path.endswith(TOP):
            await archive.replace(path, bytes([data[0] ^ 1]) + data[1:])
            assert await faults(archive) == {(path, "changed")}
            await archive.replace(path, data)


async def test_any_missing_file_is_found(archive: MemoryDisk) -> None:
    for path, data in (await tree(archive)).items():
        if data is not None:
            await archive.remove(path)
            assert (path, "missing") in await faults(archive), path
            await archive.replace(path, data)
    assert await verify(archive) == []


async def test_extra_files_are_named_wherever_they_lie(archive: MemoryDisk) -> None:
    for path in ("x.txt", f"{DAY}x.txt", f"{DAY}audio/x.wav", "log/w3.jsonl", "days/2025-01-01/x", "a/b/c/d"):
        await archive.replace(path, b"x")
        assert (path, "extra") in await faults(archive)
        await archive.remove(path)


@pytest.mark.parametrize("path", [TOP, f"{DAY}{TOP}"])
async def test_a_manifest_cut_anywhere_is_found_and_named(archive: MemoryDisk, path: str) -> None:
    data = await archive.read(path)
    for cut in range(0, len(data), 37):
        await archive.replace(path, data[:cut])
        assert (path, "manifest-damaged") in await faults(archive), cut
    lines = data.splitlines(keepends=True)
    for gone in range(len(lines)):
        await archive.replace(path, b"".join(lines[:gone] + lines[gone + 1 :]))
        assert (path, "manifest-damaged") in await faults(archive), lines[gone]


@pytest.mark.parametrize("path", [TOP, f"{DAY}{TOP}"])
async def test_a_changed_byte_in_any_line_of_a_manifest_is_found(archive: MemoryDisk, path: str) -> None:
    data = await archive.read(path)
    for at in range(0, len(data), 23):
        await archive.replace(path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert any(path in name or what != "extra" for name, what in await faults(archive)), at


async def test_a_line_that_is_none_is_found_in_a_manifest(archive: MemoryDisk) -> None:
    for junk in (b"junk\n", b"\xff\n", b"\n"):
        data = await archive.read(TOP)
        await archive.replace(TOP, data + junk)
        assert await faults(archive) == {(TOP, "manifest-damaged")}
        await archive.replace(TOP, data)


async def test_faults_planted_together_are_all_named(archive: MemoryDisk) -> None:
    await archive.replace(f"{DAY}{NIGHT}_notes.md", b"other")
    await archive.remove(f"days/{MORROW}/{MORROW}_notes.txt")
    await archive.replace("days/stray.txt", b"")
    await archive.replace(f"days/{MORROW}/{TOP}.new", b"")
    await archive.replace(f"{DAY}{NIGHT}.json.part~", b"")
    assert await faults(archive) == {
        (f"{DAY}{NIGHT}_notes.md", "changed"), (f"days/{MORROW}/{MORROW}_notes.txt", "missing"),
        ("days/stray.txt", "extra"), (f"days/{MORROW}/{TOP}.new", "unfinished"),
        (f"{DAY}{NIGHT}.json.part~", "unfinished"),
    }  # fmt: skip


async def test_what_someone_else_looks_into_is_given_whole_whether_listed_or_not(
    archive: MemoryDisk,
) -> None:
    await archive.replace("log/w3.jsonl", b"in no manifest")
    given = {path: bytearray() for path in ("log/w1.jsonl", "log/w3.jsonl", "log/gone.jsonl")}
    found = await verify(archive, also={path: held.extend for path, held in given.items()})
    assert {fault.path for fault in found} == {TOP, "log/w3.jsonl"}
    assert given == {"log/w1.jsonl": await archive.read("log/w1.jsonl"), "log/w3.jsonl": b"in no manifest",
                     "log/gone.jsonl": b""}  # fmt: skip


async def test_an_empty_folder_is_no_archive(tmp_path: Path) -> None:
    assert await faults(PosixDisk(tmp_path)) == {(TOP, "missing")}
    with pytest.raises(NotUnderstood):
        await contents(PosixDisk(tmp_path))


async def test_names_only_linux_allows_are_told_as_extra(tmp_path: Path) -> None:
    disk = PosixDisk(tmp_path)
    await night().written(disk)
    (tmp_path / "a:b").mkdir()
    (tmp_path / "a:b" / "c").write_bytes(b"")
    (tmp_path / "days" / "back\\slash").write_bytes(b"")
    (tmp_path / "round").symlink_to(tmp_path)
    found = {path for path, what in await faults(disk) if what == "extra"}
    assert {"a:b/", "days/back\\slash"} <= found
    again = await night().written(disk)
    assert {"a:b/", "days/back\\slash"} <= set(again.foreign)


# -- what a store is rebuilt from


async def test_log_and_media_for_a_restore_are_found(archive: MemoryDisk) -> None:
    world = night()
    found = await contents(archive)
    assert found.study == STUDY
    assert found.logs == (("w1", "log/w1.jsonl"), ("w2", "log/w2.jsonl"))
    for sha, path in found.media.items():
        assert hashlib.sha256(await archive.read(path)).hexdigest() == sha
    pieces = [piece for parts in found.joined.values() for piece in parts]
    assert {*found.media, *(piece.sha256 for piece in pieces)} == set(world.files)


async def test_a_joined_memo_can_be_cut_into_its_pieces_again(archive: MemoryDisk) -> None:
    [(path, pieces)] = (await contents(archive)).joined.items()
    with wave.open(io.BytesIO(await archive.read(path))) as sound:
        for piece in pieces:
            assert piece.frames
            made = io.BytesIO()
            with wave.open(made, "wb") as part:
                part.setnchannels(piece.channels or 1)
                part.setsampwidth(2)
                part.setframerate(piece.rate or 0)
                part.writeframes(sound.readframes(piece.frames))
            assert hashlib.sha256(made.getvalue()).hexdigest() == piece.sha256


async def test_media_that_are_not_here_are_not_promised(archive: MemoryDisk) -> None:
    path = f"{DAY}photos/{NIGHT}_020030_photo-01.jpg"
    await archive.remove(path)
    assert path not in (await contents(archive)).media.values()
