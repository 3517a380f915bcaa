"""A memo killed at any moment while notes are typed: at most a second of sound is gone, and no note."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldlog.services.desk import Desk
from fieldlog.services.machine.machine import laptop
from tests.fakes.phone import texts
from tests.fakes.recorder import CHUNK_BYTES, RATE, sound, sound_of

LONGEST_SECONDS = 4.0
LOST_SECONDS = 1.0
TYPED_SECONDS = 1.0


@pytest.mark.alone
async def test_a_memo_and_the_notes_beside_it_survive_a_kill(
    tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    dice = random.Random(seed)
    lost = []
    for kill in range(count(4, 20)):
        pace = dice.choice([1, 4, 16])
        said = _killed(tmp_path / f"data{kill}", pace, dice)
        desk = await Desk.open(laptop(tmp_path / f"data{kill}"))
        heard = await sound_of(desk, desk.recovered[0]) if desk.recovered else b""
        lost.append((said.bytes - len(heard)) / (2 * RATE))
        where = f"kill {kill} at pace {pace} after {said.bytes / 2 / RATE:.2f} s"
        assert lost[-1] <= LOST_SECONDS, where
        assert heard == sound(len(heard)), where
        kept = texts(desk)
        assert set(said.sent) <= set(kept), where
        assert not said.typed or any(text.startswith(said.typed) for text in kept), where
        await desk.close()
    print(f"seconds of sound lost: {', '.join(f'{one:.2f}' for one in sorted(lost))}")


class Said:
    """What the process had said when it was killed.

    `bytes` of sound it had taken, the notes it had `sent`, and what it had `typed` a second before the end.
    """

    def __init__(self, lines: list[str], last: float, times: list[float]) -> None:
        kinds = [line.split(" ", 1) for line in lines]
        self.bytes = CHUNK_BYTES * sum(1 for kind, _ in kinds if kind == "heard")
        self.sent = [text for kind, text in kinds if kind == "sent"]
        old = zip(kinds, times, strict=True)
        typed = [text for (kind, text), at in old if kind == "typed" and at < last - TYPED_SECONDS]
        self.typed = typed[-1] if typed else ""


def _killed(data: Path, pace: int, dice: random.Random) -> Said:
    command = [sys.executable, "-m", "tests.fakes.recorder", str(data), str(pace)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert process.stdout
    until = 0.0
    lines, times = list[bytes](), list[float]()
    while not until or time.monotonic() < until:
        lines.append(process.stdout.readline())
        times.append(time.monotonic())
        until = until or time.monotonic() + dice.random() * LONGEST_SECONDS
    last = time.monotonic()
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.readlines()
    process.wait()
    process.stdout.close()
    whole = [line.decode().strip() for line in [*lines, *rest] if line.endswith(b"\n")]
    return Said(whole, last, (times + [last] * len(rest))[: len(whole)])
