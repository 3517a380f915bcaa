"""The hub's carrier for phones under attack: no fault of ours, nothing hung up, and it stays small."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
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
    """What was answered to all of it: a thousand open streams, floods, slow bodies, what is no request."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(visiting(port)) for _ in range(8)]
        streams = [one.begin(b'{"method": "PUT"') for one in clients for _ in range(100)]
        streams += [one.begin(line("PUT", "/hash") + b"x") for one in clients for _ in range(15)]
        streams += [one.begin(line("PUT", "/refuse") + bytes(MIB)) for one in clients for _ in range(3)]
        streams += [one.begin(os.urandom(500)) for one in clients for _ in range(5)]
        streams += [one.begin(line("GET", "/slow") + bytes(2 * MIB)) for one in clients for _ in range(2)]
        assert len(streams) >= 1000
        await asyncio.sleep(3)
        return [json.loads(one.got.partition(b"\n")[0])["status"] for one in streams if b"\n" in one.got]


def largest_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
