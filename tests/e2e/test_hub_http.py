"""A phone's browser comes to a hub over WebTransport: what comes through, what is gone on with, and what is said
where there is no way."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fieldlog.server.hub.certificates import made
from fieldlog.server.hub.webtransport import offer
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, pyodide_page
from tests.server.hub.apps import MIB, TOKEN, Kept

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
ALLOWED = "local-network-access"
IN_THE_BROWSER = """
import asyncio, hashlib, json, time
import js
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Login
from fieldlog.services.pocket.browser.hub_http import HubHttp

async def asked(http, method, url, body=None, headers={}):
    try:
        async with http.request(method, url, headers, body) as got:
            return [got.status, dict(got.headers), b"".join([one async for one in got.pieces]).decode()]
    except FieldLogError as why:
        return [type(why).__name__, str(why)]
"""


async def told(page: PyodidePage, source: str) -> Any:
    """What a line of Python is there."""
    return json.loads(await page.run(f"json.dumps({source})"))


@asynccontextmanager
async def phone_and_hub(tmp_path: Path, *, allowed: bool = True) -> AsyncIterator[tuple[PyodidePage, int, Kept]]:
    """A page of the internet, and a hub beside it: `http` is the way there."""
    kept, certificate = Kept(tmp_path), made(datetime.now(UTC))
    carrier = await offer(kept.app, certificate, host="127.0.0.1")
    try:
        async with pyodide_page(tmp_path / "profile", local=[carrier.port]) as page:
            if allowed:
                await page.grant(ALLOWED)
            await page.run(
                f"{IN_THE_BROWSER}\nhub = 'https://127.0.0.1:{carrier.port}'\nhashes = ['{certificate.hash}']\n"
                f"http = HubHttp(Login(secret='right'), hashes, ['127.0.0.1:{carrier.port}'])"
            )
            yield page, carrier.port, kept
    finally:
        await carrier.close()


async def test_requests_and_answers_come_through_whole(tmp_path: Path) -> None:
    async with phone_and_hub(tmp_path) as (page, port, _):
        status, headers, body = await told(
            page, "await asked(http, 'POST', hub + '/echo?x=%C3%A4', '灯'.encode())"
        )
        assert (status, headers["content-type"]) == (201, "application/json")
        said = json.loads(body)
        assert (said["body"], said["query"], said["headers"]["authorization"]) == ("灯", {"x": "ä"}, TOKEN)
        assert said["headers"]["origin"].startswith("http://127.0.0.1:")
        got = await told(page, "await asked(http, 'PUT', hub + '/hash', bytes(3_000_000))")
        assert got[2] == await told(page, "hashlib.sha256(bytes(3_000_000)).hexdigest()")
        assert await told(page, "len((await asked(http, 'GET', hub + '/zeros/3000000'))[2])") == 3_000_000
        many = "await asyncio.gather(*(asked(http, 'PUT', hub + '/hash', bytes(n)) for n in range(20)))"
        assert {one[0] for one in await told(page, many)} == {200}
        kind, why = await told(page, "await asked(http, 'GET', hub + '/torn')")
        assert (kind, why) == ("Unreachable", f"127.0.0.1:{port} stopped in the middle of an answer.")
        early = "await asked(http, 'PUT', hub + '/refuse', bytes(8_000_000))"
        assert (await told(page, early))[0] == 401


async def test_without_the_permission_a_person_is_told_what_to_tap(tmp_path: Path) -> None:
    async with phone_and_hub(tmp_path, allowed=False) as (page, _, _):
        began = time.monotonic()
        kind, why = await told(page, "await asked(http, 'POST', hub + '/echo')")
        assert (kind, "tap Allow" in why) == ("NotYetAllowed", True)
        await page.refuse(ALLOWED)
        kind, why = await told(page, "await asked(HubHttp(None, hashes), 'POST', hub + '/echo')")
        assert (kind, "allow Local network" in why) == ("NotAllowed", True)
        assert time.monotonic() - began < 5


async def test_no_way_through_is_told_within_five_seconds(tmp_path: Path) -> None:
    async with phone_and_hub(tmp_path) as (page, port, _):
        began = time.monotonic()
        nowhere = "HubHttp(None, hashes, ['127.0.0.1:9', '192.0.2.1:9'])"
        kind, why = await told(page, f"await asked({nowhere}, 'GET', 'https://127.0.0.1:9/echo')")
        assert time.monotonic() - began < 5
        assert (kind, "hotspot" in why, "as a file" in why) == ("NoWay", True, True)
        wrong = f"HubHttp(None, ['{'A' * 43}'], ['127.0.0.1:{port}'])"
        assert (await told(page, f"await asked({wrong}, 'GET', hub + '/echo')"))[0] == "NoWay"


async def test_a_browser_without_webtransport_is_told_so(tmp_path: Path) -> None:
    async with phone_and_hub(tmp_path) as (page, _, _):
        await page.run("js.eval('delete self.WebTransport')")
        kind, why = await told(page, "await asked(HubHttp(None, hashes), 'GET', hub + '/echo')")
        assert (kind, "Safari" in why) == ("NoWebTransport", True)


async def test_whichever_address_answers_is_kept_to(tmp_path: Path) -> None:
    async with phone_and_hub(tmp_path) as (page, port, _):
        await page.run(f"two = HubHttp(None, hashes, ['127.0.0.1:9', '127.0.0.1:{port}'])")
        kind, why = await told(page, "await asked(two, 'POST', 'https://127.0.0.1:9/echo')")
        assert (kind, why) == ("Unreachable", "127.0.0.1:9 does not answer.")
        assert (await told(page, "await asked(two, 'POST', hub + '/echo')"))[0] == 201


async def test_an_upload_goes_on_after_the_hub_was_killed_and_has_another_certificate(tmp_path: Path) -> None:
    """24 MiB, PATCHed at an offset. The hash of the next certificate is known from the last meeting."""
    port, seen = 0, list[int]()
    async with AsyncExitStack() as stack:
        first, port, old = await alone(0, tmp_path)
        page = await stack.enter_async_context(pyodide_page(tmp_path / "profile", local=[port]))
        await page.grant(ALLOWED)
        await page.run(f"{IN_THE_BROWSER}{GOES_ON}\nhub, old = 'https://127.0.0.1:{port}', '{old}'")
        going = asyncio.ensure_future(page.run("json.dumps(await sent(old))"))
        have = await grown(tmp_path / "photo", 6 * MIB)
        first.kill()
        await first.wait()
        assert json.loads(await going)[0] in ("Unreachable", "NoWay")
        second, _, new = await alone(port, tmp_path)
        seen.append(size_of(tmp_path / "photo"))
        assert (old != new, have <= seen[0] < 24 * MIB) == (True, True)
        assert await told(page, f"await sent('{new}')") == [204, str(24 * MIB)]
        right = await told(page, "hashlib.sha256(photo).hexdigest()")
        assert sha256((tmp_path / "photo").read_bytes()).hexdigest() == right
        assert await told(page, "offsets") == [0, seen[0]]
        second.kill()
        await second.wait()


GOES_ON = """
photo = bytes(range(256)) * (24 * 2**12)
offsets = []

async def sent(hash):
    http = HubHttp(Login(secret="right"), ["A" * 43, hash], [hub.removeprefix("https://")])
    for _ in range(40):  # until the hub is open again
        status, headers, _ = said = (await asked(http, "HEAD", hub + "/part/photo") + [""])[:3]
        if status == 204:
            break
    at = int(headers["upload-offset"])
    offsets.append(at)
    said = await asked(http, "PATCH", hub + "/part/photo", photo[at:], {"Upload-Offset": str(at)})
    return [said[0], said[1]["upload-offset"] if said[0] == 204 else said[1]]
"""


async def alone(port: int, folder: Path) -> tuple[asyncio.subprocess.Process, int, str]:
    """A hub of its own process, its port, and the hash of its certificate."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.server.hub.alone", str(port), str(folder), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    told_port, told_hash = (await process.stdout.readline()).decode().split()
    return process, int(told_port), told_hash


async def grown(path: Path, count: int) -> int:
    """The size of a file, as soon as it has so many bytes."""
    async with asyncio.timeout(60):
        while (have := size_of(path)) < count:  # noqa: ASYNC110 (another process writes it)
            await asyncio.sleep(0.01)
    return have


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
