"""What the month costs to be shown in a real browser: with 15,000 entries, as a ratio to an empty one of this run.

    python -m tests.bench.month [--quick]

Both studies have 28 planned days. The views are opened in turns. Times are from asking for the month until it is
drawn.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import new_study
from tests.e2e.app import Window, running_app, window
from tests.month.scaled import Scaled

QUICK = "--quick" in sys.argv
ENTRIES, TURNS = (1500, 5) if QUICK else (15_000, 15)
STAYS_SECONDS = 1200.0

VIEWS = (("calendar", "cell-", 3.0), ("rows", "day-PD", 3.0), ("score", "month-picture", 5.0),
         ("people", "month-picture", 5.0))  # fmt: skip
"""Each view, what is there once it is drawn, and how many times an empty month's time is aimed at."""

SHOWN = """name => document.querySelector(`[flt-semantics-identifier^="${name}"]`)"""
GONE = """name => !document.querySelector(`[flt-semantics-identifier^="${name}"]`)"""


async def opens(win: Window, there: str) -> float:
    """Seconds from asking for the month until what is `there` in it is drawn."""
    await win.tap("nav-register")
    await win.page.wait_for_function(GONE, arg=there)
    await asyncio.sleep(0.5)
    start = time.perf_counter()
    await win.page.evaluate("location.hash = '/days'")
    await win.page.wait_for_function(SHOWN, arg=there)
    return time.perf_counter() - start


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="fieldlog-month-") as folder:
        base = Path(folder)
        month = Scaled(base / "month", entries=ENTRIES, photos=24, memos=8)
        await import_month(laptop(base / "full"), month.file)
        work = await new_study(
            laptop(base / "empty"), title="Empty", researcher="R1", zone="Asia/Shanghai", first_day="2025-03-03",
            days=28,
        )  # fmt: skip
        await work.close()
        async with (
            running_app(base / "empty") as nothing,
            running_app(base / "full") as full,
            window(nothing.url, most_seconds=STAYS_SECONDS) as empty_win,
            window(full.url, most_seconds=STAYS_SECONDS) as full_win,
        ):
            for view, there, aim in VIEWS:
                for win in (empty_win, full_win):
                    await win.tap("nav-days")
                    await win.tap(f"month-{view}")
                took: dict[str, list[float]] = {"empty": [], "full": []}
                for _ in range(TURNS):
                    took["empty"].append(await opens(empty_win, there))
                    took["full"].append(await opens(full_win, there))
                none, many = (statistics.median(took[name]) * 1000 for name in ("empty", "full"))
                print(f"{view:10} empty {none:6.0f} ms   {ENTRIES} entries {many:6.0f} ms   "
                      f"{many / none:5.2f} ×   (aim ≤ {aim:.0f})", flush=True)  # fmt: skip
            print(f"largest message: {full_win.largest_message / 1000:.0f} kB   (aim ≤ 120)")
            assert full_win.errors == [] == empty_win.errors


if __name__ == "__main__":
    asyncio.run(main())
