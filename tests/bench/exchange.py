"""What an exchange costs, each figure as a ratio to a named reference measured in turns in the same run.

    python -m tests.bench.exchange [--only FIGURE]… [--quick]

    folder    a first sync of photos and records to a folder in memory, over cp -r of the same bytes
    webdav    photos up to real servers, over rclone copy to the same server, without its pauses
    requests  what a photo asks of a server, up and down
    typing    how long the event loop keeps a person waiting who types while photos come in
    large     the most memory that one file of 4 GB takes, going out and coming in

Processor seconds stand beside the others: where two cores share the work, a busy machine shows in the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.exchange import exchange
from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.target import Target
from fieldlog.sync.targets.s3 import S3, Bucket
from fieldlog.sync.targets.sigv4 import Key
from fieldlog.sync.targets.webdav import WebDav
from tests.bench.bench import line
from tests.bench.exchanging import (
    PHOTO_BYTES,
    Turns,
    each_record,
    exchanged,
    filled,
    filled_large,
    forgets,
    gone,
    opened,
    rclone_program,
    runs,
    seconds,
)
from tests.bench.loop import longest_stall
from tests.bench.person import typing
from tests.month.scaled import Scaled
from tests.sync.servers import BUCKET, KEY_ID, SECRET, Watched, rclone, wsgidav

QUICK = "--quick" in sys.argv
PHOTOS, RECORDS, TURNS = (30, 500, 3) if QUICK else (300, 5000, 7)
FEW = 30
"""Photos of which the requests are counted."""

REST_SECONDS = 5
LARGE_MB = 400 if QUICK else 4000
MEMORY = Path("/dev/shm")
UNPACED = ("--config", "", "--webdav-pacer-min-sleep", "0")


@contextmanager
def scratch(*, in_memory: bool) -> Iterator[Path]:
    """An empty folder, in memory where the machine has such a place."""
    with tempfile.TemporaryDirectory(dir=MEMORY if in_memory and MEMORY.is_dir() else None) as folder:
        yield Path(folder)


# -- to a folder


async def folder(here: Path) -> None:
    """The tree that is copied is the exchange itself; `loose` has each record as a file of its own. Ours hashes
    what it reads and flushes what it writes; cp does neither."""
    tree, loose, copy = here / "tree", here / "loose", here / "copy"
    tidy = partial(gone, copy)
    hashes = f"find {copy} -type f -exec sha256sum {{}} + > {here / 'hashes'}"
    async with opened(here / "data") as work:
        await filled(work, photos=PHOTOS, notes=RECORDS - PHOTOS)
        await exchanged(work, str(tree))
        each_record(tree, loose)
        measures = {
            "first sync": lambda: first_sync(work, here / "synced"),
            "cp -r": runs("cp", "-r", tree, copy, then=tidy),
            "cp -r, each record a file": runs("cp", "-r", loose, copy, then=tidy),
            "cp -r && sync": runs("sh", "-c", f"cp -r {tree} {copy} && sync -f {copy}", then=tidy),
            "cp -r && sha256sum": runs("sh", "-c", f"cp -r {tree} {copy} && {hashes}", then=tidy),
            "rclone copy": runs(rclone_program(), "copy", "--config", "", tree, copy, then=tidy),
        }
        if shutil.which("rsync"):
            measures["rsync -a"] = runs("rsync", "-a", tree, copy, then=tidy)
        turns = Turns()
        await turns.take(TURNS, measures)
    print(f"{PHOTOS} photos of {PHOTO_BYTES / 1e6:.0f} MB and {RECORDS} records to a folder, {here}")
    turns.tell("first sync", {"cp -r": "1.1"})


async def first_sync(work: Workspace, place: Path) -> float:
    await forgets(work)
    began = time.perf_counter()
    await exchanged(work, str(place))
    took = time.perf_counter() - began
    gone(place)
    return took


# -- to WebDAV


async def webdav(here: Path) -> None:
    """Photos alone: lines are there by then. Ours ends with the receipt and the heads."""
    async with opened(here / "data") as work:
        await filled(work, photos=PHOTOS, notes=10)
        media = next((here / "data").glob("studies/*/media"))
        await beside_rclone(work, media, here / "rclone", "rclone serve webdav", rclone_webdav)
        await beside_rclone(work, media, here / "wsgidav", "wsgidav", wsgidav)


def rclone_webdav(server: Path) -> AbstractContextManager[str]:
    return rclone("webdav", server)


async def beside_rclone(
    work: Workspace, media: Path, server: Path, name: str, serving: Callable[[Path], AbstractContextManager[str]]
) -> None:
    """In a folder of its own each time: a server remembers what it had."""
    numbers = count()
    server.mkdir()
    with serving(server) as url:

        async def ours() -> float:
            return await photos_up(
                work, url.replace("http", "webdav", 1), server / "files", f"notes{next(numbers)}"
            )

        async def theirs() -> float:
            place = f"notes{next(numbers)}"
            there = f":webdav,url='{url}':{place}"
            took = await seconds(rclone_program(), "copy", *UNPACED, str(media), there)
            gone(server / "files" / place)
            return took

        turns = Turns()
        await turns.take(TURNS, {"photos up": ours, "rclone copy": theirs})
    print(f"{PHOTOS} photos of {PHOTO_BYTES / 1e6:.0f} MB to {name}")
    turns.tell("photos up", {"rclone copy": "1.43: 0.7 of its speed"})


async def photos_up(work: Workspace, url: str, files: Path, place: str) -> float:
    await forgets(work)
    began = list[float]()
    await exchanged(work, f"{url}/{place}", words_there=lambda: began.append(time.perf_counter()))
    took = time.perf_counter() - began[0]
    gone(files / place)
    return took


# -- requests


async def requests(here: Path) -> None:
    with rclone("webdav", here / "dav") as url:
        await counted(here, "WebDAV", lambda http: WebDav(http, f"{url}/notes"), "2 up and 1 down")
    with rclone("s3", here / "s3", "--auth-key", f"{KEY_ID},{SECRET}") as url:
        key = Key(id=KEY_ID, secret=SECRET, region="us-east-1")
        bucket = Bucket(endpoint=url, name=BUCKET, key=key, by_path=True)
        await counted(here, "S3", lambda http: S3(http, bucket, now=lambda: datetime.now(UTC)), "1 up and 1 down")


async def counted(here: Path, name: str, reach: Callable[[Watched], Target], aim: str) -> None:
    """Requests about photos, and all of a run where nothing is new for either."""
    async with opened(here / f"{name}-one") as one, opened(here / f"{name}-other") as other:
        await filled(one, photos=FEW, notes=1)
        up, down = [await asked_by(work, reach) for work in (one, other)]
        for work in (one, other):
            await asked_by(work, reach)
        idle = [(await asked_by(work, reach)).asked.total() for work in (one, other)]
    each = [sum(asked.of_originals.values()) / FEW for asked in (up, down)]
    folders = up.asked["MKCOL"]
    print(f"requests a photo, {name}: {each[0]} up and {each[1]} down   (aim {aim})")
    print(f"  {folders} folders made, once; nothing new: {idle[0]} and {idle[1]}   (aim 1)", flush=True)


async def asked_by(work: Workspace, reach: Callable[[Watched], Target]) -> Watched:
    """What a run asks of a server."""
    http = Watched(LaptopHttp())
    target = reach(http)
    try:
        await exchange(work, target, "counted")
    finally:
        await target.close()
    return http


# -- coming in while a person types


async def coming(here: Path) -> None:
    """A month that another device wrote, its photos with it, comes to one that has nothing yet."""
    month, place = Scaled(here / "month", entries=RECORDS - PHOTOS, photos=0, memos=0), str(here / "place")
    await import_month(laptop(here / "one"), month.file)
    study = next((here / "one" / "studies").iterdir()).name
    async with opened(here / "one", study) as one:
        await filled(one, photos=PHOTOS, notes=0)
        await exchanged(one, place)
    async with opened(here / "other", study) as other, typing(other) as typed:
        _, idle = await longest_stall(asyncio.sleep(REST_SECONDS))
        began, keys = time.perf_counter(), typed.keys
        done, busy = await longest_stall(exchanged(other, place))
        took, keys = time.perf_counter() - began, typed.keys - keys
    assert done.media_in >= PHOTOS, done
    print(f"{done.media_in} photos and {done.lines_in} lines come in to {here}: {took:.1f} s, {keys} keys typed")
    line("the loop's longest stall meanwhile", busy, "while somebody only types", idle, "that + 30 ms")


# -- one large file


async def large(here: Path) -> None:
    """Each step is a process of its own, which says what it took."""
    quick = ["--quick"] if QUICK else []
    for step in ("make", "send", "fetch"):
        await seconds(sys.executable, "-m", "tests.bench.exchange", "--step", step, str(here), *quick)


async def stepped(step: str, here: Path) -> None:
    async with opened(here / ("other" if step == "fetch" else "one")) as work:
        if step == "make":
            await filled_large(work, LARGE_MB)
            return
        began, bare = time.perf_counter(), peak_mb()
        done = await exchanged(work, str(here / "place"))
        took = time.perf_counter() - began
    assert done.media_out + done.media_in == 1, done
    print(
        f"{step} one file of {LARGE_MB} MB: {took:.1f} s, "
        f"at most {peak_mb():.0f} MB of memory, {bare:.0f} before   (aim 150)"
    )


def peak_mb() -> float:
    """The most memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


FIGURES = {
    "large": (large, False),
    "folder": (folder, True),
    "folder, on a disk": (folder, False),
    "webdav": (webdav, True),
    "requests": (requests, True),
    "typing": (coming, True),
    "typing, on a disk": (coming, False),
}
"""What measures it, and whether that is in memory. A process counts the memory of the one that begins it, so the
large file comes first."""


async def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m tests.bench.exchange", allow_abbrev=False)
    reader.add_argument("--only", action="append", choices=[*FIGURES], help="this figure; may be repeated")
    reader.add_argument("--quick", action="store_true", help="a tenth of it")
    reader.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.step:
        await stepped(asked.step[0], Path(asked.step[1]))
        return
    for name in (one for one in FIGURES if one in (asked.only or FIGURES)):
        figure, in_memory = FIGURES[name]
        with scratch(in_memory=in_memory) as here:
            await figure(here)


if __name__ == "__main__":
    asyncio.run(main())
