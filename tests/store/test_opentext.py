"""The open text: what was kept is there after a kill, a power cut or damage, whole, or the one kept before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.errors import DiskFull
from fieldlog.model.ports import Disk
from fieldlog.store.opentext import SLOTS, OpenText

TEXTS = ["灯", "灯还没好", "灯还没好 " * 3000, "short again", "“拍完再睡，算两天。”"]


def doc(text: str) -> dict[str, Any]:
    return {"id": "e1", "text": text}


@pytest.fixture(params=["memory", "laptop"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return MemoryDisk() if request.param == "memory" else PosixDisk(tmp_path / "study")


async def reopened(disk: Disk) -> dict[str, Any] | None:
    found = await OpenText.open(disk)
    found.close()
    return found.kept


async def test_nothing_is_open_at_first(disk: Disk) -> None:
    assert await reopened(disk) is None


async def test_what_was_kept_last_is_there_at_the_next_start(disk: Disk) -> None:
    slots = await OpenText.open(disk)
    for text in TEXTS:
        slots.keep(doc(text))
        slots.close()
        assert await reopened(disk) == doc(text)
        slots = await OpenText.open(disk)
    slots.close()


async def test_a_cleared_text_is_gone_and_its_words_are_on_the_disk_no_more(disk: Disk) -> None:
    slots = await OpenText.open(disk)
    slots.keep(doc("one secret"))
    slots.keep(doc("another secret"))
    slots.clear()
    slots.close()
    assert await reopened(disk) is None
    assert b"secret" not in b"".join([await disk.read(path) for path in SLOTS])


async def test_a_power_cut_leaves_the_kept_text_or_the_one_being_kept(seed: int) -> None:
    chance = Random(seed)
    for round_ in range(300):
        disk = MemoryDisk()
        slots = await OpenText.open(disk)
        for text in TEXTS[: chance.randint(1, len(TEXTS) - 1)]:
            slots.keep(doc(text))
        kept, coming = slots.kept, doc(TEXTS[-1])
        slots._handles[(slots._number + 1) % 2].flush = _cut  # type: ignore[method-assign]
        with pytest.raises(RuntimeError):
            slots.keep(coming)
        assert await reopened(disk.crash(chance)) in (kept, coming), f"round {round_}"


def _cut(*_: object) -> None:
    raise RuntimeError("the power is gone")


def cut(data: bytes, at: int) -> bytes:
    return data[:at]


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x11]) + data[at + 1 :]


@pytest.mark.parametrize("damage", [cut, flipped])
async def test_damage_at_any_byte_of_the_newest_gives_the_one_before_and_never_garbage(
    damage: Callable[[bytes, int], bytes],
) -> None:
    disk = MemoryDisk()
    slots = await OpenText.open(disk)
    slots.keep(doc("before"))
    slots.keep(doc("newest 最新"))
    newest = SLOTS[slots._number % 2]
    slots.close()
    whole = await disk.read(newest)
    for at in range(len(whole)):
        await disk.replace(newest, damage(whole, at))
        assert await reopened(disk) == doc("before"), f"byte {at}"


async def test_a_full_disk_keeps_what_was_kept_and_writing_goes_on_when_there_is_room() -> None:
    disk = MemoryDisk()
    slots = await OpenText.open(disk)
    slots.keep(doc("kept"))
    disk.capacity = 300
    with pytest.raises(DiskFull):
        slots.keep(doc("x" * 5000))
    await slots.reopen()
    assert slots.kept == doc("kept")
    disk.capacity = None
    slots.keep(doc("x" * 5000))
    slots.close()
    assert await reopened(disk) == doc("x" * 5000)


async def test_words_that_were_sent_are_gone_at_the_next_start_where_a_kill_left_them_in_a_slot() -> None:
    disk = MemoryDisk()
    slots = await OpenText.open(disk)
    slots.keep(doc("one secret"))
    slots._empty = _cut  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError):
        slots.clear()
    found = disk.crash()
    assert b"secret" in b"".join([await found.read(path) for path in SLOTS])
    assert await reopened(found) is None
    assert b"secret" not in b"".join([await found.read(path) for path in SLOTS])


async def test_the_words_of_one_entry_do_not_stay_beside_those_of_the_next(disk: Disk) -> None:
    slots = await OpenText.open(disk)
    slots.keep({"id": "e1", "text": "车上说的那些别用了"})
    slots.keep({"id": "e2", "text": "雨停了"})
    slots.close()
    assert "车上".encode() not in b"".join([await disk.read(path) for path in SLOTS])
