"""A folder as a target: the contract on two disks, what clients of clouds put there, and what a disk refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.services.machine.machine import laptop_offload
from fieldlog.services.sync.addresses import FolderApart
from fieldlog.sync.target import NotThere, Target, TargetRefused, Unreachable
from fieldlog.sync.targets.folder import FolderTarget
from tests.sync.contract import HEAD, SEGMENT, TargetContract, whole

T = TypeVar("T")


class TestInMemory(TargetContract):
    @pytest.fixture
    async def target(self) -> AsyncIterator[Target]:
        yield FolderTarget(MemoryDisk())


class TestOnALaptop(TargetContract):
    @pytest.fixture
    async def target(self, tmp_path: Path) -> AsyncIterator[Target]:
        yield FolderApart(PosixDisk(tmp_path / "stick"), laptop_offload())


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        ".1-2-9-0123456789abcdef.jsonl.icloud",
        "1-2-9-0123456789abcdef.jsonl.nextcloud",
        "1-2-9-0123456789abcdef.jsonl.part~",
        "1-2-9-0123456789abcdef.jsonl.0a1b2c3d.part~",
        "~$1-2-9-0123456789abcdef.jsonl",
        ".syncthing.1-2-9-0123456789abcdef.jsonl.tmp",
    ],
)
async def test_placeholders_and_what_is_in_the_making_are_passed_over(name: str) -> None:
    disk = MemoryDisk()
    await disk.replace(f"log/a1b2c3d4e5f60718/{name}", b"x")
    assert await FolderTarget(disk).list("log") == []


async def test_what_was_left_half_written_goes_where_it_is_met() -> None:
    disk = MemoryDisk()
    left, theirs = f"{SEGMENT}.0a1b2c3d.part~", f"{SEGMENT}.tmp"
    for name in (left, theirs):
        await disk.replace(name, b"x")
    assert await FolderTarget(disk).list("log") == []
    assert await disk.size(left) is None
    assert await disk.size(theirs) == 1


async def test_a_copy_in_conflict_is_listed_by_its_own_name() -> None:
    disk, copy = MemoryDisk(), SEGMENT.replace(".jsonl", "-MacBook.jsonl")
    await disk.replace(copy, b"x")
    assert [item.name for item in await FolderTarget(disk).list("log")] == [copy]


class Forgetful(MemoryDisk):
    """Says that it kept what it kept half of."""

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        await super().replace(path, data[: len(data) // 2], named=named)


async def test_a_folder_that_keeps_half_is_not_believed() -> None:
    with pytest.raises(Unreachable, match="did not keep"):
        await FolderTarget(Forgetful()).put(SEGMENT, b"all of it")


async def test_a_full_stick_refuses_and_holds_what_it_held() -> None:
    disk = MemoryDisk(20)
    target = FolderTarget(disk)
    await target.put(HEAD, b"x" * 10)
    with pytest.raises(TargetRefused, match="no space"):
        await target.put(SEGMENT, b"x" * 30)
    assert await whole(target, HEAD) == b"x" * 10


async def test_a_file_that_somebody_has_open_is_tried_again_later() -> None:
    disk = MemoryDisk()
    target = FolderTarget(disk)
    await target.put(HEAD, b"x")
    handle = await disk.open(HEAD)
    with pytest.raises(Unreachable):
        await target.put(HEAD, b"y")
    handle.close()
    await target.put(HEAD, b"y")


async def test_a_folder_of_a_files_name_is_no_file() -> None:
    disk = MemoryDisk()
    await disk.replace(f"{SEGMENT}/inside", b"x")
    target = FolderTarget(disk)
    assert await target.size(SEGMENT) is None
    with pytest.raises(NotThere):
        await whole(target, SEGMENT)
    with pytest.raises(TargetRefused):
        await target.put(SEGMENT, b"x")


async def test_a_file_is_put_in_one_go(tmp_path: Path) -> None:
    offload, begun = laptop_offload(), list[object]()

    async def counting(work: Callable[..., T], /, *frozen: object) -> T:
        begun.append(work)
        return await offload(work, *frozen)

    target = FolderApart(PosixDisk(tmp_path / "stick"), counting)
    await target.put(SEGMENT, b"all of it")
    assert len(begun) == 1
    assert await target.size(SEGMENT) == 9
