"""Nothing a run has started outlives it, also where it is stopped or killed.

Every process of a run bears the run's mark in its environment, down to the browser's. `Guard` is a process beside
the run that waits for its end, by a pipe that breaks, and then kills whoever still bears the mark.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

MARK = "FIELDLOG_RUN"
PROCESSES = Path("/proc")
SETTLED_SECONDS = 0.5


def mark_this_run() -> str:
    """Mark all that is started from here on; a run within a run bears both marks."""
    mark = f"{os.environ.get(MARK, '')}/{uuid4().hex[:12]}"
    os.environ[MARK] = mark
    return mark


def bearing(mark: str) -> Iterator[tuple[int, str]]:
    """Whoever bears a mark but this process: process ids and commands. Nobody where there is no /proc."""
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            marked = f"{MARK}={mark}".encode() in (folder / "environ").read_bytes()
            if marked and int(folder.name) != os.getpid() and "Z" not in _state(folder):
                yield int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()


def _state(folder: Path) -> str:
    return (folder / "stat").read_text().rpartition(")")[2].split()[0]


def left_over(mark: str, seconds: float = SETTLED_SECONDS) -> list[str]:
    """Who still bears a mark after so many seconds; they are killed."""
    until = time.monotonic() + seconds
    while any(bearing(mark)) and time.monotonic() < until:
        time.sleep(0.02)
    found = []
    for process, command in bearing(mark):
        found.append(command)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return found


class Guard:
    """Runs beside this process, in a session of its own, so that no Ctrl+C reaches it, until this process ends."""

    def __init__(self, mark: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name != MARK}
        command = [sys.executable, __file__, mark]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)

    def close(self) -> None:
        """As if this process had ended."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def main() -> None:
    sys.stdin.buffer.read()
    for _ in range(50):
        if not left_over(sys.argv[1], 0):
            return
        time.sleep(0.02)


if __name__ == "__main__":
    main()
