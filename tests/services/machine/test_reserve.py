"""Room that is kept for text: what else it is given up for leaves text enough."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import DiskFull
from fieldlog.services.machine.reserve import TEXT_BYTES, Room

RESERVE_BYTES = 6_000_000


def wants(count: int) -> Callable[[], Awaitable[int]]:
    async def told() -> int:
        return count

    return told


@pytest.fixture
async def disk() -> MemoryDisk:
    """With a reserve, and no room beside it."""
    disk = MemoryDisk()
    assert await Room(disk, reserve=RESERVE_BYTES, enough=1).keep()
    disk.capacity = RESERVE_BYTES
    return disk


@pytest.mark.parametrize(("size", "kept"), [(1_500_000, True), (RESERVE_BYTES - TEXT_BYTES + 1, False)])
async def test_a_photo_gets_what_text_can_spare(disk: MemoryDisk, size: int, kept: bool) -> None:
    room, photo = Room(disk, reserve=RESERVE_BYTES, enough=1), bytes(size)
    if kept:
        await room.needed(lambda: disk.replace("photo.jpg", photo), beside_text=wants(size))
    else:
        with pytest.raises(DiskFull):
            await room.needed(lambda: disk.replace("photo.jpg", photo), beside_text=wants(size))
    assert (await disk.size("photo.jpg") is not None, room.given_up) == (kept, kept)


async def test_once_it_is_given_up_the_next_photo_does_not_take_the_rest(disk: MemoryDisk) -> None:
    room = Room(disk, reserve=RESERVE_BYTES, enough=1)
    await room.needed(lambda: disk.replace("1.jpg", bytes(1_500_000)), beside_text=wants(1_500_000))
    with pytest.raises(DiskFull):
        await room.needed(lambda: disk.replace("2.jpg", bytes(1_500_000)), beside_text=wants(1_500_000))
    await room.needed(lambda: disk.replace("text", bytes(TEXT_BYTES)))
