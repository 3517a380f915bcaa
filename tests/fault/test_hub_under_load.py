"""A hub that strangers overrun, while a device of its own sends what it has: nothing breaks, and it stays
small."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from random import Random

import httpx
import pytest

from fieldlog.sync.laptop_pinned import certificate_of
from fieldlog.sync.pairing import read_code
from tests.cli.terminal import started
from tests.fakes.hubs import DEVICE
from tests.fakes.serving import ended, serving

STREAMS = 1000
MOST_KILOBYTES = 150_000
MIB = 1 << 20
NAMES = [f"media/ab/ab{n:062x}.wav.{n}" for n in range(16)]

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc tells how much is used")


def most_kilobytes(number: int) -> int:
    said = Path(f"/proc/{number}/status").read_text("ascii")
    return int(said.partition("VmHWM:")[2].split()[0])


@asynccontextmanager
async def paired(code_text: str) -> AsyncIterator[httpx.AsyncClient]:
    """A device that comes from an address of its own."""
    code = read_code(code_text)
    port = code.addresses[0].rpartition(":")[2]
    trusts = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusts.check_hostname = False
    trusts.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trusts.load_verify_locations(cadata=await certificate_of(f"127.0.0.1:{port}", code.fingerprint))
    here = httpx.AsyncHTTPTransport(verify=trusts, local_address="127.0.0.2", retries=2)
    async with httpx.AsyncClient(transport=here, base_url=f"https://127.0.0.1:{port}", timeout=60) as client:
        said = await client.post("/pair", json={"token": code.token, "device": DEVICE, "name": "a phone"})
        client.headers["Authorization"] = f"Bearer {said.json()['key']}"
        yield client


async def overrun(port: int, dice: Random) -> list[asyncio.StreamWriter]:
    """A thousand streams, some with half a request on them, all left open."""
    looks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    looks.check_hostname, looks.verify_mode = False, ssl.CERT_NONE
    held, begins = (
        list[asyncio.StreamWriter](),
        [b"", b"GET /", b"PUT /files/x HTTP/1.1\r\nContent-Length: 9\r\n\r\n"],
    )

    async def one() -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            held.append(writer)
            writer.write(dice.choice([*begins, dice.randbytes(40_000)]))

    for _ in range(STREAMS // 50):
        await asyncio.gather(*(one() for _ in range(50)))
    return held


async def sends(client: httpx.AsyncClient, name: str, data: bytes) -> None:
    """As a device does that is told to come back later."""
    told = {
        "Upload-Offset": "0",
        "Upload-Length": str(len(data)),
        "Upload-Sha256": sha256(data).hexdigest(),
    }
    for _ in range(20):
        said = await client.patch(f"/files/{name}", content=data, headers=told)
        assert said.status_code < 500
        if said.status_code == 201:
            break
        await asyncio.sleep(float(said.headers.get("retry-after", "0")))
    else:
        raise AssertionError("it was never let in")
    assert (await client.get(f"/files/{name}")).content == data


async def test_a_thousand_streams_leave_the_hub_small_and_its_own_devices_served(
    tmp_path: Path, seed: int
) -> None:
    data, dice = tmp_path / "data", Random(seed)
    started(data, "log", "one")
    with serving(data) as (hub, code):
        async with paired(code) as client:
            port = int(str(client.base_url).rpartition(":")[2].strip("/"))
            held = await overrun(port, dice)
            parts = [dice.randbytes(8 * MIB) for _ in NAMES]
            await asyncio.gather(*(sends(client, name, part) for name, part in zip(NAMES, parts, strict=True)))
            listed = (await client.get("/files", params={"under": "media"})).json()["files"]
            assert [one["name"] for one in listed] == sorted(NAMES)
        used = most_kilobytes(hub.pid)
        print(f"{len(held)} streams, {used // 1000} MB")
        for writer in held:
            writer.transport.abort()
        ended(hub)
    assert used <= MOST_KILOBYTES
