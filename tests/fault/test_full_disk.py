"""A real disk filled to the last byte while one types and records: the text is saved, the sound is kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldlog.model.errors import NotSaved
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.reserve import RESERVE
from fieldlog.services.memo.listening import CHUNK_FRAMES
from fieldlog.services.memo.watch import Limits
from tests.fakes.phone import PLAIN, texts
from tests.fakes.recorder import CHUNK_BYTES, RATE, sound, sound_of
from tests.fakes.small_disk import mounted

RESERVE_BYTES = 400_000
CHUNKS = 200
NOTE = "灯还没好，等。Nobody answers, and the lamp is moved anyway. "


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", "3m") as found:
        yield found


def filled(place: Path) -> None:
    """Take what is left, to the last byte."""
    with (place / "filler").open("ab", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while file.write(b"x" * size) == size:
                    os.fsync(file.fileno())
            except OSError:
                continue


async def begun(place: Path) -> Desk:
    desk = await Desk.open(laptop(place))
    await desk.begin_study(title="Rain", researcher="R1", zone="UTC", first_day="2025-03-03", days=3)
    desk.room.reserve, desk.room.enough = RESERVE_BYTES, 1
    assert await desk.room.keep()
    desk.tape.limits = Limits(least_bytes=0)
    return desk


@pytest.mark.parametrize("full_at", [1, 20, 57, 140])
async def test_text_is_saved_and_the_memo_ends_with_all_its_sound(place: Path, full_at: int) -> None:
    desk = await begun(place)
    desk.tape.start(PLAIN, rate=RATE, channels_in=1)
    all_of_it, refused_at = sound(CHUNK_BYTES * CHUNKS), 0
    await asyncio.sleep(0.2)
    for n in range(CHUNKS):
        if n == full_at:
            filled(place)
        desk.tape.hear(all_of_it[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES], n)
        desk.typed(NOTE * (1 + n // 10), PLAIN)
        await asyncio.sleep(0.01)
        if desk.tape.memo is None:
            refused_at = n
            break
    assert refused_at, "the memo goes on with no room for it"
    sent = await desk.send()
    assert sent is not None
    (place / "filler").unlink()
    assert await desk.room.keep()
    filled(place)
    for n in range(20):
        desk.typed(f"{n} {NOTE * 50}", PLAIN)
        assert await desk.send() is not None
    assert not (place / RESERVE).exists()
    ended = desk.tape.ended
    assert ended is not None
    assert ended.filed is not None
    assert ended.filed.seconds * RATE >= full_at * CHUNK_FRAMES
    await _let_go(desk)
    again = await Desk.open(laptop(place))
    assert len(texts(again)) == 22
    assert sent.text in texts(again)
    heard = await sound_of(again, ended.filed)
    assert heard == sound(len(heard))
    assert len(heard) == round(ended.filed.seconds * RATE) * 2
    await again.close()


async def _let_go(desk: Desk) -> None:
    """Let go of what another process would get: only the lock."""
    assert desk.work
    for task in desk._jobs:
        task.cancel()
    try:
        await desk.close()
    except NotSaved:
        await desk.work.close()
