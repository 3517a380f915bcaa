"""A desk that records and is typed at until it is killed: `python -m tests.fakes.recorder DATA PACE`.

It says a line for each thing it has done: `heard` for a chunk of sound, `typed TEXT`, and `sent TEXT` once
that is said to be saved. Sound comes so many times faster than it would.
"""

from __future__ import annotations

import asyncio
import sys
import time
from functools import cache
from pathlib import Path
from random import Random

from fieldlog.media.sound.wav import read_plan
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import laptop
from fieldlog.services.memo.filing import Filed
from fieldlog.services.memo.listening import CHUNK_FRAMES

RATE = 48_000
CHUNK_BYTES = 2 * CHUNK_FRAMES
KEY_SECONDS = 0.03
KEYS_IN_A_NOTE = 40


@cache
def _noise() -> bytes:
    return Random(1).randbytes(10 * 2 * RATE + 2)


def sound(count: int) -> bytes:
    """So many bytes of what the microphone hears, from its beginning."""
    noise = _noise()
    return (noise * (count // len(noise) + 1))[:count]


async def sound_of(desk: Desk, filed: Filed) -> bytes:
    """All that a memo holds."""
    assert desk.work
    heard = b""
    for attachment in filed.entry.attachments:
        handle = await desk.work.vault.open((desk.work.store.state.get(attachment) or {})["sha256"])
        plan = read_plan(handle)
        heard += handle.read(plan.data_at, plan.data_bytes)
        handle.close()
    return heard


def say(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


async def microphone(desk: Desk, pace: int) -> None:
    """Where it keeps its true pace it does not tell its rate, as in a browser."""
    known = pace > 1
    desk.tape.start(Chips(), rate=RATE if known else None, channels_in=1 if known else None)
    began, n, all_of_it = time.monotonic(), 0, sound(CHUNK_BYTES * 5000)
    while n < 5000:
        due = began + (n + 1) * CHUNK_FRAMES / RATE / pace
        await asyncio.sleep(max(0, due - time.monotonic()))
        desk.tape.hear(all_of_it[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES], n)
        n += 1
        say("heard -")


async def keyboard(desk: Desk) -> None:
    for note in range(1000):
        text = f"note {note} 第{note}条："
        for key in range(KEYS_IN_A_NOTE):
            text += "雨灯a b"[key % 5]
            desk.typed(text, Chips())
            say(f"typed {text}")
            await asyncio.sleep(KEY_SECONDS)
        await desk.send()
        say(f"sent {text}")


async def main(data: Path, pace: int) -> None:
    desk = await Desk.open(laptop(data))
    await desk.begin_study(title="Rain", researcher="R1", zone="UTC", first_day="2025-03-03", days=3)
    await asyncio.gather(microphone(desk, pace), keyboard(desk))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
