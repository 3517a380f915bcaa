"""Photos from a phone's browser to the hub and back, over WebTransport, beside a bare aioquic server that only
hashes the same bytes, and hands as many out, in the same run. As many go at once as in an exchange.

    python -m tests.bench.hub [PHOTOS]

The browser is Chromium on this machine; ratios carry over, megabytes a second do not.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fieldlog.services.hub.hub import Hub
from tests.e2e.pyodide_page import PyodidePage, pyodide_page
from tests.fakes.hubs import bare_hub, key_of

MB, TOGETHER = 4, 6
VERBS = """
import hashlib, json, os, time
from fieldlog.model.ports import Login
from fieldlog.services.machine.long_work import several
from fieldlog.services.pocket.browser.hub_http import HubHttp

photos = {}

def named(n):
    if n not in photos:
        data = os.urandom(%(mb)d * 10**6)
        photos[n] = hashlib.sha256(data).hexdigest(), data
    return photos[n]

async def asked(http, method, url, headers={}, body=None):
    count = 0
    async with http.request(method, url, headers, body) as got:
        assert 200 <= got.status < 300, (got.status, b"".join([one async for one in got.pieces]))
        async for piece in got.pieces:
            count += len(piece)
    return count

async def up(http, url, many):
    async def sent(n):
        digest, data = named(n)
        told = {"Upload-Offset": "0", "Upload-Length": str(len(data)), "Upload-Sha256": digest}
        await asked(http, "PATCH", f"{url}/files/media/{digest[:2]}/{digest}.jpg", told, data)

    await several(many, sent)

async def down(http, url, many):
    async def fetched(n):
        digest, data = named(n)
        assert await asked(http, "GET", f"{url}/files/media/{digest[:2]}/{digest}.jpg") == len(data)

    await several(many, fetched, 3)

async def timed(verb, *how):
    began = time.perf_counter()
    await verb(*how)
    return time.perf_counter() - began
"""


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 13
    with tempfile.TemporaryDirectory() as scratch:
        async with process("tests.bench.bare_quic") as bare, process("tests.bench.hub", "serve", scratch) as hub:
            ports = [int(bare[0]), int(hub[0])]
            async with pyodide_page(Path(scratch) / "profile", local=ports) as page:
                await page.grant("local-network-access")
                await page.run(VERBS % {"mb": MB})
                for name, (port, known, key) in {"bare": bare, "hub": hub}.items():
                    login = f"Login(secret='{key}')" if key else "None"
                    await page.run(f"{name} = HubHttp({login}, ['{known}']), 'https://127.0.0.1:{port}'")
                await measured(page, count)


async def measured(page: PyodidePage, count: int) -> None:
    """In turns, so that other work on the machine meets both."""
    took = {"bare": 0.0, "hub": 0.0, "bare down": 0.0, "hub down": 0.0}
    await page.run("for name in (bare, hub): await up(*name, [0])")
    for n in range(1, count, TOGETHER):
        some = list(range(n, n + TOGETHER))
        await page.run(f"for n in {some}: named(n)")
        for name in ("bare", "hub"):
            took[name] += float(await page.run(f"await timed(up, *{name}, {some})"))
        for name in ("bare", "hub"):
            took[f"{name} down"] += float(await page.run(f"await timed(down, *{name}, {some})"))
    sent = MB * TOGETHER * len(range(1, count, TOGETHER))
    for name, seconds in took.items():
        print(f"{name:9} {sent} MB in {seconds:6.2f} s  {sent / seconds:6.1f} MB/s")
    print(f"up, the hub over the bare server: {took['bare'] / took['hub']:.2f} (aim: at least 0.7)")
    print(f"down, the hub over the bare server: {took['bare down'] / took['hub down']:.2f}")
    print(f"down: {sent / took['hub down']:.1f} MB/s (aim: at least 10)")


@asynccontextmanager
async def process(*module: str) -> AsyncIterator[list[str]]:
    """What a module prints first, while it runs."""
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", *module, stdout=asyncio.subprocess.PIPE)
    assert running.stdout
    try:
        yield (await running.stdout.readline()).decode().rstrip("\n").split(" ")
    finally:
        running.kill()
        await running.wait()


async def serve(folder: Path) -> None:
    async with bare_hub(folder) as hub:
        print(port_of(hub), hub.hashes()[0], await key_of(hub), flush=True)
        await asyncio.Event().wait()


def port_of(hub: Hub) -> str:
    return hub.addresses[0].rpartition(":")[2]


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[2])) if sys.argv[1:2] == ["serve"] else main())
