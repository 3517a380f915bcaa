"""What 15,000 entries cost in the pocket, beside the same verb on this laptop, measured in the same run.

    python -m tests.bench.pocket [--quick] [--profile VERB]
    python -m tests.bench.pocket --against COMMIT [--pairs N] [--entries N]

The browser is Chromium on this machine, not a phone; ratios carry over, milliseconds do not. In pairs: see
`against.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from tests.bench import earlier
from tests.bench.against import Compared, Found, Given, Measure, run
from tests.e2e.pyodide_page import PyodidePage, pyodide_page
from tests.month.scaled import Scaled

QUICK = "--quick" in sys.argv
PROFILE = sys.argv[sys.argv.index("--profile") + 1] if "--profile" in sys.argv else ""
ENTRIES = 1500 if QUICK else 15_000
AIMS = {
    "opening, Python just begun": 2000.0, "opening again": 2000.0, "the desk from nothing": 2000.0,
    "saving a note": 20.0, "saving a note, p95": 20.0, "a day of 800, all entries": 300.0,
    "the first search": 1000.0, "search, p95": 100.0,
    "writing the views after a note": 100.0,
}  # fmt: skip

VERBS = """
import asyncio, cProfile, io, pstats, statistics, time
from fieldlog.services.rows.days import days
from fieldlog.services.rows.entries import day
from fieldlog.services.capture.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.copies.outbox import make_outgoing
from fieldlog.services.study.studies import open_study

try:
    from fieldlog.services.rows.strips import month, strip_of
    from fieldlog.services.rows.together import together
except ImportError:  # an earlier FieldLog
    month = None

WORDS = ["完播率", "录", "卡点", "umbrella", "rain", "take 3", "台阶", "SLEEVE", "nothing-there", "P05", "a"]
took = {}

async def timed(what, verb):
    profile = cProfile.Profile() if what == PROFILE else None
    if profile:
        profile.enable()
    start = time.perf_counter()
    found = verb()
    if hasattr(found, "__await__"):
        found = await found
    took.setdefault(what, (time.perf_counter() - start) * 1000)
    if profile:
        profile.disable()
        said = io.StringIO()
        pstats.Stats(profile, stream=said).sort_stats("cumulative").print_stats(45)
        print(said.getvalue())
    return found

async def opening(machine):
    work = await timed("opening, Python just begun", lambda: open_study(machine, write=True))
    await work.close()
    work = await timed("opening again", lambda: open_study(machine, write=True))
    await work.close()

async def measured(machine):
    desk = await timed("the desk from nothing", lambda: Desk.open(machine))
    work, capture = desk.work, desk.capture
    largest = max(days(work.store), key=lambda row: row["entries"])
    rows = await timed("a day of 800, all entries", lambda: list(day(work.store, largest["code"])))
    took["entries of that day"] = len(rows)
    if month is not None:
        state = work.store.state
        strips = await timed("the month in numbers", lambda: month(state))
        await timed("who was seen when", lambda: together(state, work.store.project, strips))
        await timed("the strip of that day", lambda: strip_of(state, largest["date"]))
    await timed("the first search", lambda: list(work.store.search.find(["x"])))
    times = []
    for word in WORDS * 5:
        start = time.perf_counter()
        list(work.store.search.find([word]))
        times.append((time.perf_counter() - start) * 1000)
    took["search, p95"] = sorted(times)[int(len(times) * 0.95)]
    await timed("the first note", lambda: capture.note("灯还没好"))
    times = []
    for n in range(60):
        start = time.perf_counter()
        await capture.note(f"note {n} 完播率掉了三个点")
        times.append((time.perf_counter() - start) * 1000)
    took["saving a note"] = statistics.median(times)
    took["saving a note, p95"] = sorted(times)[int(len(times) * 0.95)]
    await timed("writing the views after a note", lambda: work.store.settle(idle=True))
    stall = 0.0
    making = asyncio.ensure_future(timed("a copy made, read back, hashed", lambda: make_outgoing(work)))
    while not making.done():
        start = time.perf_counter()
        await asyncio.sleep(0.005)
        stall = max(stall, (time.perf_counter() - start) * 1000)
    await making
    took["  longest stall meanwhile"] = stall
    await desk.close()
    return took
"""

FILL = """
import os
from fieldlog.services.machine.machine import browser
disk = browser().disk_at("")
for folder, _, names in os.walk("/app/store"):
    for name in names:
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            await disk.replace(os.path.relpath(path, "/app/store"), file.read())
"""
MOVED = """
import sys
from tests.bench.earlier import Moved
sys.meta_path.insert(0, Moved())
"""
EARLIER = {"tests/bench/__init__.py": b"", "tests/bench/earlier.py": Path(earlier.__file__).read_bytes()}
HEAP = """
import js, pyodide_js
int(pyodide_js._module.HEAPU8.length)
"""


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="fieldlog-pocket-"))
    try:
        month = Scaled(folder / "month", entries=ENTRIES, photos=0, memos=0)
        data = folder / "data"
        await import_month(laptop(data), month.file)
        here = await beside(data)
        async with filled(folder / "profile", data) as page:
            there, heap = await in_the_pocket(page)
        print(f"{ENTRIES} entries; the largest day has {there.pop('entries of that day'):.0f}")
        here.pop("entries of that day")
        for what, ms in there.items():
            aim = f"(aim {AIMS[what]:.0f} ms)" if what in AIMS else ""
            ratio = ms / here[what]
            print(f"{what:34} {ms:9.1f} ms   on this laptop {here[what]:9.1f} ms   ratio {ratio:6.1f}   {aim}")
        print(f"{'memory of Python':34} {heap[0] / 1e6:9.0f} MB before opening, {heap[1] / 1e6:.0f} MB after all")
        print(f"Python {sys.version.split()[0]} on the laptop, {os.cpu_count()} cores")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def files(data: Path) -> list[Path]:
    return [path for path in sorted(data.rglob("*")) if path.is_file() and path.suffix in (".json", ".jsonl")]


async def beside(data: Path) -> dict[str, float]:
    """The same verbs on a copy of the data, by this Python."""
    copy = data.with_name("copy")
    shutil.copytree(data, copy)
    names: dict[str, Any] = {"PROFILE": ""}
    exec(compile(VERBS, "verbs", "exec"), names)
    await names["opening"](laptop(copy))
    took: dict[str, float] = await names["measured"](laptop(copy))
    return took


@asynccontextmanager
async def filled(profile: Path, data: Path) -> AsyncIterator[PyodidePage]:
    """A browser whose storage holds the data."""
    store = {f"store/{path.relative_to(data).as_posix()}": path.read_bytes() for path in files(data)}
    async with pyodide_page(profile, files={**store, **EARLIER}) as page:
        await page.run(MOVED + FILL)
        yield page
        for line in page.said:
            print(line)


async def in_the_pocket(page: PyodidePage) -> tuple[dict[str, float], tuple[int, int]]:
    """Milliseconds of each verb, in a Python just begun; its memory before and after, in bytes."""
    await page.reload()
    browser = "from fieldlog.services.machine.machine import browser"
    await page.run(f"{MOVED}\nPROFILE = {PROFILE!r}\n{VERBS}\n{browser}")
    before = await page.run(HEAP)
    await page.run("await opening(browser())")
    took = json.loads(await page.run("import json\njson.dumps(await measured(browser()))"))
    return took, (before, await page.run(HEAP))


# -- in pairs


async def prepare(given: Given) -> None:
    await import_month(laptop(given.prepared / "data"), given.month)


@asynccontextmanager
async def pair_verbs(given: Given) -> AsyncIterator[Measure]:
    async with filled(given.scratch / "profile", given.prepared / "data") as page:

        async def measure() -> Found:
            took, _ = await in_the_pocket(page)
            return {f"{what.strip()}, ms": ms for what, ms in took.items() if what != "entries of that day"}

        yield measure


PAIRS = Compared(module="tests.bench.pocket", staying={"verbs": pair_verbs}, prepare=prepare)


if __name__ == "__main__":
    sys.exit(run(PAIRS, main))
