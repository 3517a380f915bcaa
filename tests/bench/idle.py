"""What a phone in the hand costs when nobody types, and while sound is recorded: a share of the bare page's.

    python -m tests.bench.idle [--full]
    python -m tests.bench.idle --against COMMIT [--pairs N] [--only FIGURE]…

Processor seconds of the browser and of Python together, over five minutes (a fifth of that without --full); and
every message that went either way while the field only had the focus. In pairs (see `against.py`) both apps stand
open, and each is looked at for eight seconds, or four.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page

from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import new_study
from tests.bench.against import Compared, Found, Given, Measure, run
from tests.e2e.app import running_app, window

SECONDS = 300 if "--full" in sys.argv else 60
PAIR_SECONDS, STAYS_SECONDS = 8.0, 1200.0
SETTLED_SECONDS = 15
MOST_SECONDS = SECONDS + 120
NOTES = 6


def descendants() -> list[int]:
    """Every process that stems from this one, it left out."""
    parents = dict[int, int]()
    for found in Path("/proc").iterdir():
        if found.name.isdigit():
            try:
                stat = (found / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(found.name)] = int(stat[1])
    mine = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in mine and one not in mine}:
        mine |= more
    return sorted(mine - {os.getpid()})


def busy() -> dict[Path, float]:
    """Processor seconds of each of their threads so far. Clock ticks would be too coarse for an app at rest."""
    found = dict[Path, float]()
    for pid in descendants():
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    found[thread] = int((thread / "schedstat").read_text().split()[0]) / 1e9
    return found


async def spent(seconds: float = SECONDS) -> float:
    """Processor seconds in so many of the clock."""
    before = busy()
    await asyncio.sleep(seconds)
    after = busy()
    return sum(until - before.get(thread, 0.0) for thread, until in after.items())


@asynccontextmanager
async def bare(what: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare", what, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


async def of_bare(what: str, *, spoken: bool) -> float:
    async with bare(what) as url, window(url, spoken=spoken, most_seconds=MOST_SECONDS):
        await asyncio.sleep(SETTLED_SECONDS)
        return await spent()


async def at_noon(data: Path) -> None:
    """A study where it is about noon now, with a few notes of today."""
    ahead = 12 - datetime.now(UTC).hour
    machine = laptop(data)
    today = datetime.now(UTC) + timedelta(hours=ahead)
    work = await new_study(machine, title="竖屏的日子", zone=f"Etc/GMT{-ahead:+d}", first_day=f"{today:%Y-%m-%d}")
    for n in range(NOTES):
        await Capture(work).note(f"note {n}: Fang’s board: 15 scheduled, 8 done. 拍完再睡，算两天。")
    await work.close()


def counted(page: Page) -> list[tuple[str, int]]:
    """Messages either way from now on, with their sizes."""
    found: list[tuple[str, int]] = []

    def opened(socket: object) -> None:
        socket.on("framereceived", lambda frame: found.append(("to the page", len(frame))))  # type: ignore[attr-defined]
        socket.on("framesent", lambda frame: found.append(("from the page", len(frame))))  # type: ignore[attr-defined]

    page.on("websocket", opened)
    return found


async def of_ours() -> tuple[float, list[tuple[str, int]], float]:
    """Processor seconds with the field in focus, the messages meanwhile, and processor seconds of recording."""
    with tempfile.TemporaryDirectory() as folder:
        await at_noon(Path(folder))
        async with running_app(Path(folder)) as app:
            async with window(app.url, spoken=False, most_seconds=MOST_SECONDS) as win:
                messages = counted(win.page)
                await win.page.reload()
                await asyncio.sleep(SETTLED_SECONDS)
                messages.clear()
                idle = await spent()
                quiet = list(messages)
            async with window(app.url, most_seconds=MOST_SECONDS) as win:
                await win.record()
                await asyncio.sleep(SETTLED_SECONDS)
                return idle, quiet, await spent()


async def main() -> None:
    field = await of_bare("field", spoken=False)
    recorder = await of_bare("recorder", spoken=True)
    idle, messages, recording = await of_ours()
    share = 100 / SECONDS
    print(f"seconds of each: {SECONDS}")
    told = "{}: ours {:.1f} % of a core, bare {:.1f} %, ratio {:.2f} (aim {})"
    print(told.format("field in focus", idle * share, field * share, idle / field, 1.2))
    print(f"messages meanwhile: {len(messages)} (aim 0) {messages[:8]}")
    print(told.format("recording", recording * share, recorder * share, recording / recorder, 2))


# -- in pairs


async def prepare(given: Given) -> None:
    """Nothing: each measurement begins a study of its own, since the hour goes on."""


@asynccontextmanager
async def pair_field(given: Given) -> AsyncIterator[Measure]:
    await at_noon(given.scratch)
    async with running_app(given.scratch) as app, window(app.url, spoken=False, most_seconds=STAYS_SECONDS):
        await asyncio.sleep(SETTLED_SECONDS)
        yield measured("with the field in focus", PAIR_SECONDS)


@asynccontextmanager
async def pair_recording(given: Given) -> AsyncIterator[Measure]:
    await at_noon(given.scratch)
    async with running_app(given.scratch) as app, window(app.url, most_seconds=STAYS_SECONDS) as win:
        await win.record()
        await asyncio.sleep(SETTLED_SECONDS)
        yield measured("of recording", PAIR_SECONDS / 2)


def measured(what: str, seconds: float) -> Measure:
    async def measure() -> Found:
        return {f"{seconds:g} s {what}, processor ms": await spent(seconds) * 1000}

    return measure


PAIRS = Compared(
    module="tests.bench.idle",
    staying={"field": pair_field, "recording": pair_recording},
    prepare=prepare,
    entries=0,
)


if __name__ == "__main__":
    sys.exit(run(PAIRS, main))
