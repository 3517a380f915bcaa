"""What the disk in memory can do that a real one can't: lose power on request."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import DiskFull, StoreBusy
from tests.disk.contract import a_file


def test_what_was_not_flushed_is_gone_after_a_power_cut() -> None:
    disk = MemoryDisk()
    handle = asyncio.run(disk.open("own/w.log", create=True))
    handle.append(b"flushed\n")
    handle.flush()
    handle.append(b"not flushed\n")
    handle.write(b"F", 0)
    handle.truncate(3)
    found = disk.crash()
    assert asyncio.run(found.read("own/w.log")) == b"flushed\n"
    assert asyncio.run(disk.read("own/w.log")) == b"Flu"


def test_a_power_cut_may_keep_some_of_what_was_not_flushed_but_only_from_its_start() -> None:
    disk = MemoryDisk()
    handle = asyncio.run(disk.open("w.log", create=True))
    handle.append(b"a draft, cut off again")
    handle.truncate(0)
    handle.append(b"flushed\n")
    handle.flush()
    handle.append(b"one\n")
    handle.append(b"two\n")
    whole = b"flushed\none\ntwo\n"
    found = {asyncio.run(disk.crash(Random(seed)).read("w.log")) for seed in range(200)}
    assert found == {whole[:length] for length in range(8, 17)}


def test_a_name_that_was_put_off_is_lost_with_the_power_until_its_folder_is_flushed() -> None:
    disk = MemoryDisk()
    asyncio.run(disk.replace("days/old.csv", b"old"))
    asyncio.run(disk.replace("days/old.csv", b"new", named=False))
    asyncio.run(disk.replace("days/new.csv", b"new", named=False))
    asyncio.run(disk.replace("part", b"moved", named=False))
    asyncio.run(disk.move("part", "days/moved.csv", named=False))
    found = disk.crash()
    assert [entry.name for entry in asyncio.run(found.list("days"))] == ["old.csv"]
    assert asyncio.run(found.read("days/old.csv")) == b"old"
    seen = {asyncio.run(disk.crash(Random(seed)).read("days/old.csv")) for seed in range(50)}
    assert seen == {b"old", b"new"}
    asyncio.run(disk.flush_names("days"))
    found = disk.crash()
    assert [entry.name for entry in asyncio.run(found.list("days"))] == ["moved.csv", "new.csv", "old.csv"]
    assert asyncio.run(found.read("days/old.csv")) == b"new"


def test_after_a_power_cut_nothing_is_open_or_locked() -> None:
    disk = MemoryDisk()
    asyncio.run(disk.lock("lock"))
    asyncio.run(disk.open("w.log", create=True))
    found = disk.crash()
    asyncio.run(found.lock("lock"))
    asyncio.run(found.open("w.log"))
    assert [entry.name for entry in asyncio.run(found.list(""))] == ["lock", "w.log"]


def test_a_second_view_sees_the_same_files_and_is_kept_from_what_the_first_holds() -> None:
    first = MemoryDisk()
    second = first.beside()
    lock = asyncio.run(first.lock("lock"))
    asyncio.run(a_file(second, "w.log", b"1"))
    with pytest.raises(StoreBusy):
        asyncio.run(second.lock("lock"))
    lock.release()
    asyncio.run(second.lock("lock"))
    handle = asyncio.run(first.open("w.log"))
    with pytest.raises(StoreBusy):
        asyncio.run(second.open("w.log"))
    handle.close()


def test_a_disk_with_a_limit_is_full_when_it_is_reached_and_takes_all_or_nothing() -> None:
    disk = MemoryDisk(capacity=10)
    handle = asyncio.run(disk.open("w.log", create=True))
    handle.append(b"12345678")
    with pytest.raises(DiskFull):
        handle.append(b"90X")
    with pytest.raises(DiskFull):
        asyncio.run(disk.replace("view", b"90X"))
    handle.write(b"abc", 0)
    handle.append(b"90")
    assert asyncio.run(disk.free_bytes()) == 0
    disk.capacity = 12
    handle.append(b"XY")
    assert asyncio.run(disk.read("w.log")) == b"abc4567890XY"
    assert asyncio.run(disk.size("view")) is None
