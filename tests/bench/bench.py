"""What FieldLog costs, each as a ratio to a named reference measured in the same run.

    python -m tests.bench.bench [--quick]
    python -m tests.bench.bench --against COMMIT [--pairs N] [--only FIGURE]… [--entries N]

Machines are noisy and differ; ratios carry over, milliseconds do not. In pairs: see `against.py`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from tinydb import TinyDB

from fieldlog.media.sound.recorded import SEGMENT_SECONDS
from fieldlog.model.op import Op
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import write_archive
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.imports.imports import import_month
from fieldlog.services.machine.machine import folder_disk, laptop
from fieldlog.services.memo import filing
from fieldlog.services.serving import Serving
from fieldlog.services.study.studies import open_study
from fieldlog.store.journal import read
from fieldlog.store.store import Store
from tests.bench.against import Compared, Given, run
from tests.bench.loop import longest_stall
from tests.fakes.store_desk import OWN, PROJECT, note, salt
from tests.month.scaled import Scaled

QUICK = "--quick" in sys.argv
SAVES = 100 if QUICK else 400
SIZES = (100, 1000, 5000) if QUICK else (100, 1000, 15_000, 50_000)
HERE = {"team": "c" * 16, "mine": "d" * 16}
"""The writers of a device that takes in what `OWN` wrote."""

MEMO_RATE = 48_000
MEMO_SECONDS = 660 if QUICK else 3600 - 1
"""A second short of whole segments: the worst last one."""

PAIR_SAVES, PAIR_VIEWS, PAIR_MERGES, PAIR_MEMO_SECONDS, PAIR_TIMES, PAIR_FEW = 200, 20, 60, 300 - 1, 7, 3
WORDS = ["完播率", "录", "卡点", "umbrella", "rain", "take 3", "台阶", "SLEEVE", "nothing-there", "P05", "a"]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:8.2f} ms"


def line(what: str, ours: float, reference: str, theirs: float, aim: str) -> None:
    print(f"{what:46} {ms(ours)}   {reference:34} {ms(theirs)}   ratio {ours / theirs:6.2f}   (aim {aim})")


Clock = Callable[[], float]


def timed(work: Callable[..., object], *given: object, clock: Clock = time.perf_counter) -> float:
    start = clock()
    work(*given)
    return clock() - start


async def awaited(work: Awaitable[object]) -> float:
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


async def spent(work: Awaitable[object]) -> float:
    """Processor seconds of this process, in all of its threads: what the clock says of it depends on others."""
    start = time.process_time()
    await work
    return time.process_time() - start


def spent_by(command: list[str]) -> float:
    """Processor seconds of a process from its beginning to its end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime


async def median_of(work: Callable[[], Awaitable[object]], times: int) -> float:
    """Processor milliseconds of it, the median of so many times."""
    return statistics.median([await spent(work()) for _ in range(times)]) * 1000


async def filled(folder: Path, entries: int) -> Store:
    store = await Store.open(folder_disk(folder), PROJECT, salt=salt, own=OWN)
    for start in range(0, entries, 500):
        store.commit("team", [[written(n)] for n in range(start, min(start + 500, entries))])
        await store.settle()
    await store.settle(idle=True)
    return store


def written(n: int) -> Op:
    """A note of the usual length, 457 bytes as stored."""
    return note(
        n, f"note {n} 完播率掉了三个点，她把手机扣在桌上。 Nobody answers, and the lamp is moved anyway. " * 2
    )


def append_and_flush(raw: int) -> None:
    """What the disk takes for as many bytes as a line of ours has."""
    os.write(raw, b"x" * 950)
    os.fsync(raw)


async def saves(folder: Path) -> None:
    """Our save, the raw append and flush of as many bytes, and stock TinyDB, in turns so that noise hits all."""
    medians: dict[int, float] = {}
    for size in SIZES:
        store = await filled(folder / f"store{size}", size)
        raw = os.open(folder / f"raw{size}", os.O_CREAT | os.O_RDWR | os.O_APPEND)
        ours, limit = [], []
        for n in range(size, size + SAVES):
            op = written(n)
            ours.append(timed(store.commit, "team", [[op]]))
            await store.settle()
            limit.append(timed(append_and_flush, raw))
        os.close(raw)
        medians[size] = statistics.median(ours)
        line(f"a save at {size} entries", medians[size], "raw append+fsync", statistics.median(limit), "2")
        await store.close()
        if size <= 15_000:
            stock = TinyDB(folder / f"stock{size}.json", encoding="utf-8")
            stock.insert_multiple(written(n).v for n in range(size))
            times = [timed(stock.insert, written(n).v) for n in range(size, size + 15)]
            line(
                f"  beside stock TinyDB at {size}",
                medians[size],
                "JSONStorage insert",
                statistics.median(times),
                "-",
            )
            stock.close()
    line(f"a save at {SIZES[-1]}", medians[SIZES[-1]], f"a save at {SIZES[0]}", medians[SIZES[0]], "1.3")


async def merges(here: Path, peer: Path, times: int) -> list[tuple[float, float, float]]:
    """One new line from a peer, so often: seconds, those of the disk for as much, and the longest stall."""
    theirs = await Store.open(folder_disk(peer), PROJECT, salt=salt, own=OWN)
    ours = await Store.open(folder_disk(here), PROJECT, salt=salt, own=HERE)
    raw = os.open(here / "raw", os.O_CREAT | os.O_RDWR | os.O_APPEND)
    found = list[tuple[float, float, float]]()
    since = theirs.ends[OWN["team"]]
    for n in range(times):
        theirs.commit("team", [[written(1_000_000 + n)]])
        coming = await read(theirs.disk, OWN["team"], PROJECT, since)
        since = coming.end
        lines = [line.raw for line in coming.lines]
        took, stall = await longest_stall(awaited(ours.merge(OWN["team"], lines)))
        found.append((took, timed(append_and_flush, raw), stall))
    os.close(raw)
    await theirs.close()
    await ours.close()
    return found


async def merging(folder: Path) -> None:
    """A line that comes from another device, into a journal of the largest size."""
    size = SIZES[-1]
    await (await filled(folder / "peer", size)).close()
    shutil.copytree(folder / "peer", folder / "here")
    took, limit, stall = (
        statistics.median(one) for one in zip(*await merges(folder / "here", folder / "peer", 15), strict=True)
    )
    _, idle = await longest_stall(asyncio.sleep(0.2))
    line(f"one line into a journal of {size}", took, "raw append+fsync", limit, "that + 20 ms")
    line("  the loop's longest stall meanwhile", stall, "an idle loop's", idle, "that + 20 ms")


async def opening(folder: Path, data: Path) -> None:
    work = await open_study(laptop(data), write=False)
    state = folder / "state.json"
    state.write_text(json.dumps(work.store.state.tables, ensure_ascii=False), encoding="utf-8")
    disk = work.store.disk
    ours, theirs = [], []
    for _ in range(7):
        with state.open(encoding="utf-8") as file:
            theirs.append(timed(json.load, file))
        start = time.perf_counter()
        await Store.open(disk, work.store.project, salt=salt)
        ours.append(time.perf_counter() - start)
    line(
        "opening the month", statistics.median(ours), "json.load of the same state", statistics.median(theirs), "2"
    )
    _, p95 = searched(work.store)
    print(f"{'search over all fields, p95':46} {ms(p95)}   (aim 10 ms)")


def searched(store: Store, clock: Clock = time.perf_counter) -> tuple[float, float]:
    """The first search, and what 95 of 100 later ones stay within."""
    first = timed(lambda: list(store.search.find(["x"])), clock=clock)
    found = [timed(lambda one: list(store.search.find([one])), word, clock=clock) for word in WORDS * 20]
    return first, sorted(found)[int(len(found) * 0.95)]


REFERENCE = """
import json, hashlib, pathlib, subprocess, sys
state, media, out = map(pathlib.Path, sys.argv[1:])
out.mkdir()
records = json.loads(state.read_text(encoding="utf-8"))
(out / "records.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
subprocess.run(["cp", "-r", str(media), str(out / "media")], check=True)
for path in sorted((out / "media").rglob("*")):
    if path.is_file():
        hashlib.sha256(path.read_bytes()).hexdigest()
"""


async def archiving(folder: Path, data: Path) -> None:
    machine = laptop(data)
    media = next(data.glob("studies/*/media"))
    script = folder / "reference.py"
    script.write_text(REFERENCE, encoding="utf-8")
    ours, theirs = [], []
    for turn in range(7):
        command = [sys.executable, str(script), str(folder / "state.json"), str(media), str(folder / f"ref{turn}")]
        theirs.append(timed(subprocess.check_call, command))
        start = time.perf_counter()
        work = await open_study(machine, write=False)
        await write_archive(work, folder / f"archive{turn}")
        ours.append(time.perf_counter() - start)
    what = "archive of the month, opening included"
    line(what, statistics.median(ours), "load, dump, cp -r, sha256", statistics.median(theirs), "2")
    print(f"{'  of seven pairs':46} ratios {' '.join(f'{a / b:.2f}' for a, b in zip(ours, theirs, strict=True))}")
    work = await open_study(machine, write=True)
    await write_archive(work, folder / "archive0")
    await Capture(work).note("one more")
    start = time.perf_counter()
    written_days = (await write_archive(work, folder / "archive0")).days_written
    spent = time.perf_counter() - start
    print(f"{'archive after one note':46} {ms(spent)}   {len(written_days)} folder   (aim 1 s, one folder)")
    await work.close()


async def long_memo(folder: Path) -> None:
    took = await memo_plays(folder, MEMO_SECONDS)
    segment = b"x" * (2 * MEMO_RATE * SEGMENT_SECONDS)
    what = f"stop of a memo of {MEMO_SECONDS // 60} min until it plays"
    line(what, took, "sha256 of one segment of it", timed(hashlib.sha256, segment), "0.5 s")


async def memo_plays(folder: Path, seconds: int) -> float:
    """From the stop of a memo until its first sound is there for a player."""
    work = await open_study(laptop(folder / "memo"), "01950000-0000-7000-8000-000000000001", write=True)
    capture = Capture(work)
    await capture.begin()
    second = Random(1).randbytes(2 * MEMO_RATE)
    recording = await filing.begin(work, capture, rate=MEMO_RATE)
    for n in range(seconds):
        recording.push(second[n % 1000 :] + second[: n % 1000])
        await recording.step()
    start = time.perf_counter()
    filed = await filing.stop(work, recording)
    assert filed is not None
    served = await Serving(lambda: work).open(f"sound/{filed.entry.id}")
    assert len(served.read(0, 1_000_000)) == 1_000_000
    took = time.perf_counter() - start
    served.close()
    await work.close()
    return took


async def stalls(folder: Path, data: Path) -> None:
    """How long a screen waits for the event loop while something long is under way."""
    work = await open_study(laptop(data), write=True)
    here = folder / "stalls"
    for what, verb in (
        ("nothing is done, for comparison", lambda _: asyncio.sleep(1)),
        ("writing the archive", lambda n: write_archive(work, here / f"archive{n}")),
        ("writing it again", lambda n: write_archive(work, here / f"archive{n}")),
        ("checking the archive", lambda n: verify_archive(here / f"archive{n}")),
        ("checking the store", lambda _: verify_store(work)),
        ("making a bundle", lambda n: make_bundle(work, here / f"{n}.zip")),
    ):
        found = [(await longest_stall(verb(n)))[1] for n in range(3)]
        name = f"event loop, longest stall while {what}"
        print(f"{name:60} {' '.join(ms(stall) for stall in found)}   (aim 50 ms)")
    await work.close()


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="fieldlog-bench-"))
    try:
        await saves(folder)
        await long_memo(folder)
        entries, photos, memos = (1500, 24, 8) if QUICK else (15_000, 120, 60)
        month = Scaled(folder / "month", entries=entries, photos=photos, memos=memos)
        start = time.perf_counter()
        await import_month(laptop(folder / "data"), month.file)
        took = time.perf_counter() - start
        print(f"{'import of the month with its media':46} {ms(took)}   (aim 15 s for 120 photos and 60 memos)")
        await opening(folder, folder / "data")
        await archiving(folder, folder / "data")
        await stalls(folder, folder / "data")
        await merging(folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'peak memory of this run':46} {peak:8.0f} MB")
        digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
        print(f"bench {digest}, python {sys.version.split()[0]}, {os.cpu_count()} cores")
    finally:
        shutil.rmtree(folder)


# -- in pairs


async def prepare(given: Given) -> None:
    await (await filled(given.prepared / "store", given.entries)).close()
    await import_month(laptop(given.prepared / "data"), given.month)


async def pair_save(given: Given) -> dict[str, float]:
    """The disk's own noise is the largest of all: the ratio says most."""
    shutil.copytree(given.prepared / "store", given.scratch / "store")
    store = await Store.open(folder_disk(given.scratch / "store"), PROJECT, salt=salt, own=OWN)
    raw = os.open(given.scratch / "raw", os.O_CREAT | os.O_RDWR | os.O_APPEND)
    ours, limit, views = [], [], []
    for n in range(given.entries, given.entries + PAIR_SAVES):
        op = written(n)
        ours.append(timed(store.commit, "team", [[op]]))
        await store.settle()
        limit.append(timed(append_and_flush, raw))
        if n % PAIR_VIEWS == 0:
            views.append(await spent(store.settle(idle=True)))
    os.close(raw)
    await store.close()
    save, reference = statistics.median(ours), statistics.median(limit)
    return {
        "a save, to raw append+fsync": save / reference,
        "a save, ms": save * 1000,
        f"the views after {PAIR_VIEWS} saves, processor ms": statistics.median(views) * 1000,
    }


async def pair_open(given: Given) -> dict[str, float]:
    work = await open_study(laptop(given.prepared / "data"), write=False)
    disk, project = work.store.disk, work.store.project
    opened = await median_of(lambda: Store.open(disk, project, salt=salt), PAIR_TIMES)
    return {"opening the month, processor ms": opened}


async def pair_search(given: Given) -> dict[str, float]:
    work = await open_study(laptop(given.prepared / "data"), write=False)
    first, p95 = searched(work.store, time.process_time)
    return {
        "the first search, processor ms": first * 1000,
        "search over all fields, p95, processor ms": p95 * 1000,
    }


async def pair_archive(given: Given) -> dict[str, float]:
    shutil.copytree(given.prepared / "data", given.scratch / "data")
    work = await open_study(laptop(given.scratch / "data"), write=True)
    archive = given.scratch / "archive"
    first = await spent(write_archive(work, archive))
    same = await median_of(lambda: write_archive(work, archive), PAIR_FEW)
    await Capture(work).note("one more")
    again = await spent(write_archive(work, archive))
    await work.close()
    return {
        "archive of the month, processor ms": first * 1000,
        "archive with nothing new, processor ms": same,
        "archive after one note, processor ms": again * 1000,
    }


async def pair_verify(given: Given) -> dict[str, float]:
    """The command as a person gives it, its start included, and what it does of that."""
    work = await open_study(laptop(given.prepared / "data"), write=False)
    archive = given.scratch / "archive"
    await write_archive(work, archive)
    command = [sys.executable, "-m", "fieldlog", "--data", str(given.scratch / "none"), "verify", str(archive)]
    asked = statistics.median([spent_by(command) for _ in range(PAIR_FEW)])
    command = [sys.executable, "-m", "fieldlog", "--data", str(given.prepared / "data"), "verify"]
    of_the_store = statistics.median([spent_by(command) for _ in range(PAIR_FEW)])
    return {
        "fieldlog verify ARCHIVE, processor ms": asked * 1000,
        "fieldlog verify, processor ms": of_the_store * 1000,
        "checking the archive, processor ms": await median_of(lambda: verify_archive(archive), PAIR_FEW),
        "checking the store, processor ms": await median_of(lambda: verify_store(work), PAIR_FEW),
    }


async def pair_bundle(given: Given) -> dict[str, float]:
    shutil.copytree(given.prepared / "data", given.scratch / "data")
    work = await open_study(laptop(given.scratch / "data"), write=True)
    bundles = (given.scratch / f"{n}.zip" for n in range(PAIR_FEW))
    made = await median_of(lambda: make_bundle(work, next(bundles)), PAIR_FEW)
    await work.close()
    took = await spent(import_bundle(laptop(given.scratch / "there"), given.scratch / "0.zip"))
    return {"making a bundle, processor ms": made, "import of a bundle, processor ms": took * 1000}


async def pair_memo(given: Given) -> dict[str, float]:
    return {"stop of a memo until it plays, ms": await memo_plays(given.scratch, PAIR_MEMO_SECONDS) * 1000}


async def pair_import(given: Given) -> dict[str, float]:
    took = await spent(import_month(laptop(given.scratch / "data"), given.month))
    return {"import of the month, processor ms": took * 1000}


async def pair_merge(given: Given) -> dict[str, float]:
    for name in ("here", "peer"):
        shutil.copytree(given.prepared / "store", given.scratch / name)
    found = await merges(given.scratch / "here", given.scratch / "peer", PAIR_MERGES)
    took, limit, _ = (statistics.median(one) for one in zip(*found, strict=True))
    return {"one line merged, to raw append+fsync": took / limit, "one line merged, ms": took * 1000}


PAIRS = Compared(
    module="tests.bench.bench",
    figures={
        "save": pair_save, "open": pair_open, "search": pair_search, "archive": pair_archive,
        "verify": pair_verify, "bundle": pair_bundle, "memo": pair_memo, "import": pair_import,
        "merge": pair_merge,
    },
    prepare=prepare, photos=6, memos=3,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(run(PAIRS, main))
