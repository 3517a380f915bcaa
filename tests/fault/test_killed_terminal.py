"""`fieldlog log -` killed at any moment: every id that was printed is there afterwards."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study

LINES = 2000


async def test_every_printed_id_survives_a_kill(
    tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    dice = random.Random(seed)
    torn = 0
    for kill in range(count(12, 200)):
        data = tmp_path / f"data{kill % 10}"
        printed = _killed(data, kill, dice)
        store = await open_study(laptop(data), write=False) if (data / "studies").is_dir() else None
        if store is None:
            assert not printed
            continue
        missing = [entry for entry in printed if store.store.state.get(entry) is None]
        assert missing == [], f"kill {kill}: {len(missing)} of {len(printed)} saved notes are gone"
        faults = await store.store.verify()
        assert {fault.what for fault in faults} <= {"torn"}
        torn += bool(faults)
    print(f"torn last lines seen: {torn}")


def _killed(data: Path, kill: int, dice: random.Random) -> list[str]:
    """Feed 2,000 lines and send SIGKILL after a random number of printed ids and a random moment more."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fieldlog", "--data", str(data), "log", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    feeding = threading.Thread(target=_feed, args=(process.stdin, kill), daemon=True)
    feeding.start()
    printed: list[bytes] = []
    stop_after = dice.choice([0, dice.randrange(LINES), dice.randrange(LINES), dice.randrange(100)])
    while len(printed) < stop_after and (line := process.stdout.readline()):
        printed.append(line)
    time.sleep(dice.random() * 0.02)
    process.send_signal(signal.SIGKILL)
    printed += process.stdout.readlines()
    process.wait()
    feeding.join()
    process.stdout.close()
    return [line.decode().strip() for line in printed if line.endswith(b"\n")]


def _feed(stdin: IO[bytes], kill: int) -> None:
    with suppress(BrokenPipeError):
        for n in range(LINES):
            stdin.write(f"kill {kill} line {n} 第{n}条 {'雨' * (n % 50)}\n".encode())
    with suppress(BrokenPipeError):
        stdin.close()
