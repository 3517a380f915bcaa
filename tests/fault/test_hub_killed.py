"""Two laptops exchange by way of a third, whose hub is killed again and again: all three end with the same."""

from __future__ import annotations

import asyncio
import platform
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random

from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.study.studies import open_study
from tests.cli.terminal import Ran, command, environment, started
from tests.conftest import Count
from tests.fakes.clock import FakeClock
from tests.fakes.exchange import Device, are_equal
from tests.fakes.serving import ended, serving, with_keyring

SMALL, LARGE = 200_000, 9 << 20
MOST_SECONDS = 120
ROUNDS = 4


async def add(store: Path, dice: Random, sizes: list[int]) -> None:
    work = await open_study(laptop(store), write=True)
    for size in sizes:
        data = dice.randbytes(size)
        await Capture(work).file(Bytes(name="a.bin", data=data), text=data[:4].hex(), derive=False)
    await work.close()


async def are_alike(stores: list[Path]) -> bool:
    devices = [Device(n, await open_study(laptop(one), write=False), FakeClock()) for n, one in enumerate(stores)]
    try:
        assert [await device.work.store.verify() for device in devices] == [[]] * len(stores)
        assert all((await devices[0].originals()).values())
        return await are_equal(*devices)
    finally:
        for device in devices:
            await device.work.close()


class Play:
    """A laptop with a hub, and two others that are paired with it."""

    def __init__(self, folder: Path) -> None:
        self.hub = folder / "hub"
        self.others = [folder / "one", folder / "other"]
        self.rings = {one: with_keyring(folder / f"{one.name}.json") for one in self.others}

    def syncing(self, store: Path, address: str) -> subprocess.Popen[str]:
        env = {**environment(store.parent), **self.rings[store]}
        return subprocess.Popen(
            command(store, "sync", address), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def synced(self, store: Path, address: str) -> Ran:
        process = self.syncing(store, address)
        out, err = process.communicate(timeout=MOST_SECONDS)
        assert "Traceback" not in err, err
        return Ran(process.args, process.returncode, out, err)

    def name(self) -> str:
        return platform.node()

    def pair(self) -> None:
        for one in self.others:
            with serving(self.hub) as (hub, code):
                ran = self.synced(one, code)
                assert ran.returncode == 0, ran
                ended(hub)

    def cut(self, dice: Random) -> bool:
        """Both exchange at once, and the hub is killed once so many files have come to it. Whether it was before
        they were done."""
        with serving(self.hub) as (hub, _), ExitStack() as stack:
            before, more = self.came(), dice.randrange(1, 6)
            runs = [self.syncing(one, self.name()) for one in self.others]
            for run in runs:
                stack.callback(run.kill)
            while any(run.poll() is None for run in runs) and self.came() < before + more:
                time.sleep(0.01)
            hub.kill()
            said = [run.communicate(timeout=MOST_SECONDS) for run in runs]
            assert not [err for _, err in said if "Traceback" in err], said
            return any(run.returncode for run in runs)

    def came(self) -> int:
        """How many files, whole or in the making, lie in the hub's folder."""
        return sum(1 for _ in self.hub.glob("studies/*/hub/**/*"))

    def rest(self) -> None:
        for _ in range(ROUNDS):
            with serving(self.hub) as (hub, _):
                said = [self.synced(one, self.name()) for one in self.others]
                ended(hub)
            if all(ran.returncode == 0 and "Nothing was new" in ran.stdout for ran in said):
                return
        raise AssertionError(f"they never rest: {said}")


def test_the_hub_killed_at_any_moment_leaves_all_three_alike(tmp_path: Path, seed: int, count: Count) -> None:
    play, dice = Play(tmp_path), Random(seed)
    assert started(play.hub, "log", "the first note").returncode == 0
    asyncio.run(add(play.hub, dice, [LARGE, SMALL]))
    play.pair()
    cuts, kills = 0, count(4, 50, least=2)
    for _ in range(kills):
        for one in play.others:
            asyncio.run(add(one, dice, [SMALL, LARGE]))
        cuts += play.cut(dice)
    play.rest()
    print(f"the hub was killed {cuts} times before both were done, of {kills}")
    assert cuts
    assert asyncio.run(are_alike([play.hub, *play.others]))
