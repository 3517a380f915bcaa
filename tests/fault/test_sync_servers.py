"""A month with its originals goes both ways between two laptops over real servers, on a line that breaks, by
programs that are killed: both end with the same, and nothing is sent twice."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from fieldlog.sync.targets.webdav import FRESH
from tests.cli.terminal import Ran, command, environment, started
from tests.conftest import Count, wanting
from tests.fakes.clock import FakeClock
from tests.fakes.exchange import Device, are_equal
from tests.sync.broken_line import How, Line, broken_line
from tests.sync.servers import BUCKET, KEY_ID, PASSWORD, SECRET, USER, Servers, nginx_is_there

pytestmark = pytest.mark.xdist_group("servers")

HOWS: tuple[How, ...] = ("before", "within", "after")
AT_ONCE = 4
"""So many originals are sent at a time."""

LARGE, SMALL = 8 << 20, 200_000
"""Bytes: one more goes in parts."""

FEW, A_MONTH = 5, 150
"""Originals that each of the two has before they meet."""

MOST_SECONDS = 300
NO_LOGIN_YET = 401
ROUNDS = 6


@dataclass(frozen=True, kw_only=True)
class Server:
    """`place` is its address as one types it, behind a line; `secret` the password. A run that has something to do
    asks about so many times."""

    place: str
    secret: str = ""
    asks: int = 60


SERVERS = {
    "wsgidav": Server(place="webdav://{line}/notes"),
    "rclone-webdav": Server(place=f"webdav://{USER}@{{line}}/notes", secret=PASSWORD),
    "nginx": Server(place="webdav://{line}/notes"),
    "rclone-s3": Server(
        place=f"s3://{KEY_ID}@{BUCKET}/notes?endpoint=http://{{line}}", secret=SECRET, asks=30
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    running = Servers(tmp_path_factory.mktemp("servers"))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, count: Count) -> tuple[Path, Path]:
    """Two stores of one month, each with originals that the other has not, one of them in parts."""
    folder = tmp_path_factory.mktemp("pair")
    stores = folder / "one", folder / "other"
    done(started(stores[0], "import", str(sample_month())))
    for number, store in enumerate(stores):
        done(started(store, "sync", str(folder / "stick")))
        asyncio.run(add(store, Random(number), [LARGE] + [SMALL] * (count(FEW, A_MONTH) - 1)))
    return stores


async def add(store: Path, dice: Random, sizes: Sequence[int]) -> None:
    """Originals of about these sizes, each with a note."""
    work = await open_study(laptop(store), write=True)
    for size in sizes:
        data = dice.randbytes(size + dice.randrange(1000))
        await Capture(work).file(Bytes(name="a.bin", data=data), text=data[:4].hex(), derive=False)
    await work.close()


def done(ran: Ran) -> str:
    assert ran.returncode == 0, ran
    return ran.stdout


@dataclass
class Play:
    """Two stores, and a place that both reach over one line."""

    stores: tuple[Path, Path]
    line: Line
    server: Server

    def syncing(self, store: Path, *more: str) -> subprocess.Popen[str]:
        words = command(store, "sync", self.server.place.format(line=self.line.address), *more)
        told = {**environment(store.parent), "FIELDLOG_SYNC_PASSWORD": self.server.secret}
        return subprocess.Popen(
            words, env=told, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8",
        )  # fmt: skip

    def ended(self, process: subprocess.Popen[str]) -> Ran:
        try:
            out, err = process.communicate(timeout=MOST_SECONDS)
        finally:
            process.kill()
        return Ran(process.args, process.returncode, out, err)

    def cut(self, store: Path, at: int, how: How, *, kills: bool) -> None:
        """A run that is killed at that request, or on whose line it breaks, unless it is done by then."""
        before, process = self.line.cuts, self.syncing(store)
        self.line.break_at(at, how, process.kill if kills else lambda: None)
        ran = self.ended(process)
        self.line.mend()
        if self.line.cuts == before:
            assert ran.returncode in (0, 1), ran
        else:
            assert ran.returncode == (-9 if kills else 1), ran
            assert "Traceback" not in ran.stderr, ran

    def rest(self) -> None:
        """Each in turn, undisturbed, until nothing is new for either, and a run is one request. First one may call
        damaged what was cut, and both hear what was read back. Where marks are dates, what has just changed counts
        as changed for two seconds more."""
        for _ in range(ROUNDS):
            said = list[tuple[Ran, list[int]]]()
            for store in self.stores:
                self.line.asked.clear()
                ran = self.ended(self.syncing(store))
                said.append((ran, [status for _, _, status in self.line.asked if status != NO_LOGIN_YET]))
            quiet = [ran.returncode == 0 and "Nothing was new" in ran.stdout for ran, _ in said]
            if all(quiet) and all(len(asked) == 1 for _, asked in said):
                return
            if all(quiet):
                time.sleep(FRESH.total_seconds())
        raise AssertionError(f"they never rest: {said}")


@pytest.mark.parametrize("name", SERVERS)
def test_killed_and_cut_off_both_end_with_the_same_and_nothing_is_sent_twice(
    name: str, servers: Servers, pair: tuple[Path, Path], tmp_path: Path, seed: int,
    count: Count,
) -> None:  # fmt: skip
    if name == "nginx" and not nginx_is_there():
        wanting("nginx with dav-ext is missing; build/test.py installs it")
    server, dice = SERVERS[name], Random(seed)
    stores = tmp_path / "one", tmp_path / "other"
    for there, here in zip(pair, stores, strict=True):
        shutil.copytree(there, here)
    kills, breaks = count(3, 50, least=2), count(2, 20)
    with broken_line(servers.address(name)) as line:
        play = Play(stores, line, server)
        for kills_it in dice.sample([True] * kills + [False] * breaks, kills + breaks):
            store = dice.choice(stores)
            asyncio.run(add(store, dice, [SMALL, SMALL, dice.choice([SMALL, SMALL, LARGE])]))
            play.cut(store, dice.randrange(1, server.asks), dice.choice(HOWS), kills=kills_it)
        play.rest()
        print(f"{name}: the line broke {line.cuts} times in {kills + breaks}; {len(line.asked)} requests")
        assert line.cuts, "none was cut"
        assert line.again == [], "it was there already"
        assert sum(line.puts.values()) - len(line.puts) <= line.cuts * AT_ONCE
        assert "read back" in done(play.ended(play.syncing(stores[1], "--verify")))
    archives = [store.with_name(f"{store.name}-archive") for store in stores]
    for store, archive in zip(stores, archives, strict=True):
        done(started(store, "archive", str(archive)))
    assert files(archives[0]) == files(archives[1])
    assert asyncio.run(equal(stores, 2 * count(FEW, A_MONTH) + 3 * (kills + breaks)))


async def equal(stores: tuple[Path, Path], originals: int) -> bool:
    devices = [
        Device(n, await open_study(laptop(store), write=False), FakeClock()) for n, store in enumerate(stores)
    ]
    try:
        assert [await device.work.store.verify() for device in devices] == [[], []]
        whole = await devices[0].originals()
        assert len(whole) >= originals
        assert all(whole.values())
        return await are_equal(*devices)
    finally:
        for device in devices:
            await device.work.close()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
