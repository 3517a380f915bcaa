"""How long the phone's app takes from its icon to its own field, with an empty study and with 15,000 entries.

    python -m tests.bench.boot [--quick]
    python -m tests.bench.boot --against COMMIT [--pairs N] [--only FIGURE]… [--entries N]

The built site in Chromium on this machine, started by its service worker with the site gone; from the beginning of
the page's loading. The empty study is the reference. In pairs: see `against.py`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import POCKET, addressed, laptop
from tests.bench.against import Compared, Found, Given, Measure, run
from tests.bench.earlier import NotThere
from tests.e2e.pocket_app import READY, Phone, pocket
from tests.month.scaled import Scaled

PROJECT = Path(__file__).parents[2]
QUICK = "--quick" in sys.argv
ENTRIES = 1500 if QUICK else 15_000
BOOTS = 2 if QUICK else 5
PUT = """async ([root, names]) => {
  const top = await navigator.storage.getDirectory();
  for (const name of names) {
    const bytes = await (await fetch(`store/${name}`)).arrayBuffer();
    let folder = top;
    const parts = [root, ...name.split("/")];
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
    const stream = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
    await stream.write(bytes);
    await stream.close();
  }
}"""
WATCH = """(() => {
  const look = () => {
    if (!window.handed && document.getElementById("quick")?.hidden) window.handed = performance.now();
    requestAnimationFrame(look);
  };
  look();
})();"""
SEEN = "performance.getEntriesByName('quick-up')[0].startTime"


def storage() -> str:
    """The app's folder in the browser's storage; earlier it was the same at every address."""
    try:
        return addressed(POCKET)
    except NotThere:
        return POCKET


async def boots(phone: Phone, count: int = BOOTS) -> list[tuple[float, float]]:
    """Milliseconds until the page's field is there, and until the app's own has taken over; each a new browser."""
    found = []
    for _ in range(count):
        await phone.kill()
        win = await phone.open(up=None, script=WATCH)
        await win.page.wait_for_function("window.handed", timeout=60_000)
        page, own = await win.page.evaluate(f"[{SEEN}, window.handed]")
        found.append((float(page), float(own)))
    return found


@asynccontextmanager
async def with_month(site: Path, data: Path, folder: Path) -> AsyncIterator[Phone]:
    """A phone whose app holds the data; the site is gone."""
    names = [path.relative_to(data).as_posix() for path in sorted(data.rglob("*.json*")) if path.is_file()]
    bare = folder / "bare"
    shutil.copytree(data, bare / "store")
    (bare / "index.html").write_text("<!doctype html><title>-</title>", "utf-8")
    async with pocket(site, folder / "full") as phone:
        phone.site.folder = bare
        win = await phone.open(up=None)
        await win.page.evaluate(PUT, [storage(), names])
        await win.page.close()
        phone.site.folder = site
        win = await phone.open()
        assert await win.page.evaluate(READY)
        phone.close_site()
        yield phone


@asynccontextmanager
async def with_nothing(site: Path, folder: Path) -> AsyncIterator[Phone]:
    """A phone with an empty study; the site is gone."""
    async with pocket(site, folder / "empty") as phone:
        await phone.begin_a_study()
        phone.close_site()
        yield phone


def built(folder: Path) -> Path:
    """The phone's app, made for this run."""
    command = [sys.executable, str(PROJECT / "build" / "pocket.py"), "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


async def measure(site: Path, folder: Path) -> None:
    month = Scaled(folder / "month", entries=ENTRIES, photos=0, memos=0)
    await import_month(laptop(folder / "data"), month.file)
    async with with_nothing(site, folder) as phone:
        empty = await boots(phone)
    async with with_month(site, folder / "data", folder) as phone:
        full = await boots(phone)
    print(f"from the icon, offline, median of {BOOTS}; {ENTRIES} entries beside an empty study")
    for n, (what, aim) in enumerate((("the page's field", 500), ("the app's own field", 4000))):
        there, here = (statistics.median(one[n] for one in took) for took in (full, empty))
        print(f"{what:24} {there:7.0f} ms   empty {here:7.0f} ms   ratio {there / here:5.2f}   (aim {aim} ms)")


# -- in pairs


MAKE = """
import pathlib, pocket, sys, sysconfig
pocket.make(pathlib.Path(sysconfig.get_path("purelib")), pathlib.Path(sys.argv[1]))
"""


def made(folder: Path) -> None:
    """The phone's app, of the packages that are installed: a set-up of its own would cost minutes."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "build")}
    subprocess.run(
        [sys.executable, "-c", MAKE, str(folder)], check=True, stdout=subprocess.DEVNULL, env=environment
    )


async def prepare(given: Given) -> None:
    made(given.prepared / "site")
    await import_month(laptop(given.prepared / "data"), given.month)


def measured(phone: Phone, where: str) -> Measure:
    async def measure() -> Found:
        [(page, own)] = await boots(phone, 1)
        await phone.kill()
        return {f"the page's field, {where}, ms": page, f"the app's own field, {where}, ms": own}

    return measure


@asynccontextmanager
async def pair_empty(given: Given) -> AsyncIterator[Measure]:
    async with with_nothing(given.prepared / "site", given.scratch) as phone:
        yield measured(phone, "an empty study")


@asynccontextmanager
async def pair_month(given: Given) -> AsyncIterator[Measure]:
    async with with_month(given.prepared / "site", given.prepared / "data", given.scratch) as phone:
        yield measured(phone, f"{given.entries} entries")


PAIRS = Compared(
    module="tests.bench.boot",
    staying={"empty": pair_empty, "month": pair_month},
    prepare=prepare,
)


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="fieldlog-boot-", ignore_cleanup_errors=True) as base:
        await measure(built(Path(base) / "site"), Path(base))


if __name__ == "__main__":
    sys.exit(run(PAIRS, main))
