"""The hub's carrier for phones under attack: no fault of ours, nothing hung up, and it stays small."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.server.hub.apps import MIB, TOKEN
from tests.server.hub.client import line, visiting

MOST_MIB = 150


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="needs /proc to see how large another process is"
)
async def test_a_thousand_streams_slow_bodies_and_floods_leave_it_small(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.server.hub.alone", "0", str(tmp_path))
    hub = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert hub.stdout
        port = int((await hub.stdout.readline()).split()[0])
        said = await attacked(port)
        assert said
        assert not {status for status in said if status >= 500}
        async with visiting(port) as client:
            assert (await client.ask("HEAD", "/part/x", headers={"Authorization": TOKEN}))[0] == 204
        assert largest_mib(hub.pid) <= MOST_MIB
    finally:
        hub.kill()
        await hub.wait()


async def attacked(port: int) -> list[int]:
    """What was answered to all of it."""
    said = list[int]()
    for _ in range(3):
        async with visiting(port) as first, visiting(port) as second, visiting(port) as third:
            clients = (first, second, third)
            half = [one.begin(b'{"method": "PUT"') for one in clients for _ in range(100)]
            slow = [one.begin(line("PUT", "/hash") + b"x") for one in clients for _ in range(20)]
            flood = [third.begin(line("PUT", "/refuse") + bytes(MIB)) for _ in range(5)]
            odd = [second.begin(os.urandom(500)) for _ in range(30)]
            waiting = [first.begin(line("GET", "/slow") + bytes(2 * MIB)) for _ in range(5)]
            await asyncio.sleep(1)
            for one in [*half, *slow, *flood, *odd, *waiting]:
                if one.got:
                    said.append(int(one.got.partition(b"\n")[0].split(b":")[1].split(b",")[0]))
    return said


def largest_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
