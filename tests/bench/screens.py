"""What the app's screens cost, measured in a real browser on the generated month.

    python -m tests.bench.screens [--quick]
    python -m tests.bench.screens --against COMMIT [--pairs N] [--only FIGURE]… [--entries N]

Each row says what is aimed at. A press and the wait for a row include the test's own driving of the browser.
In pairs: see `against.py`.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from tests.bench.against import Compared, Found, Given, Measure, run
from tests.e2e.app import Window, running_app, window
from tests.e2e.browsers import a_context
from tests.e2e.test_pictures import write_notes
from tests.month.scaled import Scaled

QUICK = "--quick" in sys.argv
NOTES = 10 if QUICK else 50
BEFORE = 80 if QUICK else 800
"""Notes of the same day that are there already."""

USABLE_MS = 60_000
PAIR_NOTES, PAIR_BEFORE, STAYS_SECONDS = 2, 200, 1200.0

SHOWN = """word => [...document.querySelectorAll('[flt-semantics-identifier^="entry-"]')]
  .some(node => node.outerHTML.includes(word))"""


def row(what: str, value: str, aim: str) -> None:
    print(f"{what:66} {value:>22}   (aim {aim})")


async def sends(win: Window, notes: int = NOTES, *, first: int = 0) -> list[float]:
    """Seconds from the press on send to the row in the stream, a note after the other, numbered from `first`."""
    took = []
    for n in range(first, first + notes):
        note = f"bench {n} 拍完再睡，算两天"
        await win.type("now-field", note)
        await win.see("Kept")
        box = await win.find("now-send").bounding_box()
        assert box
        start = time.perf_counter()
        await win.page.mouse.click(box["x"] + 20, box["y"] + 20)
        await win.page.wait_for_function(SHOWN, arg=note)
        took.append(time.perf_counter() - start)
        await asyncio.sleep(0.6)
    return took


WATCH = """(() => { const Real = WebSocket;
  window.WebSocket = class extends Real { constructor(...said) { super(...said);
    this.addEventListener('open', () => { window.connected = performance.now(); }); } };
  const heard = () => ['INPUT', 'TEXTAREA'].includes(document.activeElement?.tagName);
  document.addEventListener('focusin', () => {
    if (window.connected && !window.usable && heard()) window.usable = performance.now(); }, true);
  const look = () => {
    if (window.connected && !window.drawn && heard()) window.drawn = performance.now();
    requestAnimationFrame(look); };
  look(); })()"""


async def usable(url: str) -> tuple[float, float]:
    """Seconds from the client's connection until a field hears keys, unasked, and until it is drawn."""
    async with a_context(viewport={"width": 412, "height": 892}, permissions=["microphone", "camera"]) as opened:
        page = await opened.new_page()
        await page.add_init_script(WATCH)
        await page.goto(url)
        await page.wait_for_function("window.usable && window.drawn", timeout=USABLE_MS)
        heard, drawn = await page.evaluate("[window.usable, window.drawn].map(at => at - window.connected)")
        return heard / 1000, drawn / 1000


async def largest_day(data: Path) -> tuple[str, int]:
    from fieldlog.services.rows.days import days
    from fieldlog.services.study.studies import open_study

    work = await open_study(laptop(data), write=False)
    rows = list(days(work.store))
    most = max(rows, key=lambda one: int(one["entries"]))
    return str(most["code"]), int(most["entries"])


async def opens_day(win: Window, code: str, entries: int) -> float:
    """Seconds from asking for a day until its head and its first entries stand there."""
    await win.tap("nav-archive")
    await asyncio.sleep(1)
    start = time.perf_counter()
    await win.page.evaluate("code => { location.hash = '/days/' + code }", code)
    await win.see(f"{entries} entries")
    await win.page.wait_for_function("document.querySelector('[flt-semantics-identifier^=\"entry-\"]')")
    return time.perf_counter() - start


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="fieldlog-screens-") as folder:
        base = Path(folder)
        entries, photos, memos = (1500, 24, 8) if QUICK else (15_000, 120, 60)
        month = Scaled(base / "month", entries=entries, photos=photos, memos=memos)
        await import_month(laptop(base / "data"), month.file)
        code, count = await largest_day(base / "data")
        write_notes(base / "data", BEFORE)
        start = time.perf_counter()
        async with running_app(base / "data") as app:
            row("from the command to an address", f"{time.perf_counter() - start:.2f} s", "-")
            opened = [await usable(app.url) for _ in range(5)]
            for n, what in enumerate(("hears keys", "is drawn")):
                took = [one[n] * 1000 for one in opened]
                said = f"{statistics.median(took):.0f} ms, worst {max(took):.0f}"
                row(f"the field {what} after connecting, {entries} entries, median of 5", said, "500 ms")
            async with window(app.url) as win:
                seconds = sorted(await sends(win))
                said = f"{statistics.median(seconds) * 1000:.0f} ms, worst {seconds[-1] * 1000:.0f}"
                row(f"a note in the stream after send, {BEFORE} in the day, median of {NOTES}", said, "200 ms")
                shown = [await opens_day(win, code, count) for _ in range(5)]
                row(f"a day of {count} shown, median of 5", f"{statistics.median(shown) * 1000:.0f} ms", "500 ms")
                for _ in range(12):
                    await win.page.mouse.move(200, 500)
                    await win.page.mouse.wheel(0, 8000)
                    await asyncio.sleep(0.3)
                row("largest message to the client", f"{win.largest_message / 1000:.0f} kB", "200 kB")
                assert win.errors == [], win.errors


# -- in pairs


async def prepare(given: Given) -> None:
    await import_month(laptop(given.prepared / "data"), given.month)
    write_notes(given.prepared / "data", PAIR_BEFORE)


def copied(given: Given) -> Path:
    shutil.copytree(given.prepared / "data", given.scratch / "data")
    return given.scratch / "data"


@asynccontextmanager
async def pair_start(given: Given) -> AsyncIterator[Measure]:
    data = copied(given)

    async def measure() -> Found:
        start = time.perf_counter()
        async with running_app(data) as app:
            address = time.perf_counter() - start
            heard, drawn = await usable(app.url)
        return {
            "from the command to an address, ms": address * 1000,
            "the field hears keys after connecting, ms": heard * 1000,
            "the field is drawn after connecting, ms": drawn * 1000,
        }

    yield measure


@asynccontextmanager
async def pair_send(given: Given) -> AsyncIterator[Measure]:
    numbers = itertools.count(step=PAIR_NOTES)
    async with running_app(copied(given)) as app, window(app.url, most_seconds=STAYS_SECONDS) as win:

        async def measure() -> Found:
            took = await sends(win, PAIR_NOTES, first=next(numbers))
            return {"a note in the stream after send, ms": statistics.median(took) * 1000}

        yield measure


@asynccontextmanager
async def pair_day(given: Given) -> AsyncIterator[Measure]:
    data = copied(given)
    code, entries = await largest_day(data)
    async with running_app(data) as app, window(app.url, most_seconds=STAYS_SECONDS) as win:

        async def measure() -> Found:
            return {"the largest day shown, ms": await opens_day(win, code, entries) * 1000}

        yield measure


PAIRS = Compared(
    module="tests.bench.screens",
    staying={"start": pair_start, "send": pair_send, "day": pair_day},
    prepare=prepare,
)


if __name__ == "__main__":
    sys.exit(run(PAIRS, main))
