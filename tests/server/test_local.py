"""The app on this machine: nobody gets in without the secret, and what is sent is sent right."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from flet_web.fastapi import app as flet_app
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from fieldlog.server.local import secret_path, serve
from fieldlog.server.media import NoSuchRange, stretch
from fieldlog.server.ports_taken import PortTaken
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.machine.machine import laptop
from fieldlog.services.serving import Serving
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.made import Bytes, riff, tone

PREFIX = "/0123456789abcdef0123456789abcdef"
MOST_SECONDS = 20
FROM_FLET = {"Cross-Origin-Embedder-Policy": "require-corp", "Access-Control-Allow-Origin": "*"}


async def _where(request: Request) -> PlainTextResponse:
    said = f"{request.scope['root_path']} {request.url.path}"
    return PlainTextResponse(said, headers=FROM_FLET)


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


def small_app() -> Starlette:
    return Starlette(routes=[WebSocketRoute("/ws", _echo), Route("/{rest:path}", _where)])


@asynccontextmanager
async def served(app: ASGIApp, work: Workspace | None = None, port: int = 0) -> AsyncIterator[str]:
    """The address while it is served; it ends as by Ctrl-C."""
    address = asyncio.get_running_loop().create_future()
    serving = Serving(lambda: work)
    task = asyncio.create_task(serve(app, serving, prefix=PREFIX, port=port, ready=address.set_result))
    await asyncio.wait({task, address}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    try:
        yield address.result()
    finally:
        signal.raise_signal(signal.SIGTERM)
        async with asyncio.timeout(MOST_SECONDS):
            await task


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(tmp_path), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(opened).begin()
    yield opened
    await opened.close()


async def test_the_app_is_found_under_the_secret_and_nothing_anywhere_else() -> None:
    async with served(small_app()) as address, httpx.AsyncClient() as browser:
        inside = await browser.get(f"{address}day/PD14")
        assert (inside.status_code, inside.text) == (200, f"{PREFIX} {PREFIX}/day/PD14")
        assert (await browser.get(address.rstrip("/"))).headers["location"] == f"{PREFIX}/"
        root = address.removesuffix(f"{PREFIX[1:]}/")
        for path in (
            "",
            "ws",
            "media/thumb/x",
            f"{PREFIX[1:]}x/",
            f"{PREFIX[1:-1]}/",
            f"x{PREFIX}/",
            f"/{PREFIX}/",
        ):
            outside = await browser.get(root + path)
            assert (outside.status_code, outside.text) == (403, ""), path


async def test_other_names_for_this_machine_and_other_sites_are_refused() -> None:
    async with served(small_app()) as address, httpx.AsyncClient() as browser:
        port = urlsplit(address).port
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "[::1]", ""):
            assert (await browser.get(address, headers={"Host": host})).status_code == 403, host
        for origin in ("http://evil.example", "null", f"https://127.0.0.1:{port}", "http://127.0.0.1:1"):
            assert (await browser.get(address, headers={"Origin": origin})).status_code == 403, origin
        good = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
        assert (await browser.get(address, headers=good)).status_code == 200


async def test_a_websocket_opens_under_the_secret_from_our_own_page_only() -> None:
    async with served(small_app()) as address:
        ours = address.replace("http", "ws", 1)
        async with connect(f"{ours}ws", origin=None) as socket_:
            await socket_.send("夜戏")
            assert await socket_.recv() == "夜戏"
        own = address.removesuffix(f"{PREFIX}/")
        async with connect(f"{ours}ws", additional_headers={"Origin": own}):
            pass
        refused = [
            (ours.replace(PREFIX, "") + "ws", {}),
            (ours.replace(PREFIX, "/guess") + "ws", {}),
            (f"{ours}ws", {"Origin": "http://evil.example"}),
        ]
        for url, headers in refused:
            with pytest.raises(InvalidStatus) as why:
                await connect(url, additional_headers=headers)
            assert why.value.response.status_code == 403


async def test_it_ends_at_a_signal_though_a_window_is_open() -> None:
    async with served(small_app()) as address:
        window = await connect(address.replace("http", "ws", 1) + "ws")
    with pytest.raises(ConnectionClosed):
        await window.recv()


async def test_started_to_outlive_its_window_it_does() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        async with served(small_app()) as address, httpx.AsyncClient() as browser:
            signal.raise_signal(signal.SIGHUP)
            assert (await browser.get(address)).status_code == 200
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_every_answer_keeps_the_secret_to_itself() -> None:
    async with served(small_app()) as address, httpx.AsyncClient() as browser:
        for path in ("", "media/file/x", "../"):
            headers = (await browser.get(address + path)).headers
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert "access-control-allow-origin" not in headers
            assert "cross-origin-embedder-policy" not in headers
            assert "default-src" in headers["content-security-policy"]
            assert "server" not in headers


async def test_a_recording_is_sent_whole_or_in_the_stretch_that_is_asked_for(work: Workspace) -> None:
    data = riff(tone(300_000))
    entry, _ = await Capture(work).file(Bytes("a.wav", data, 1 << 16), Chips())
    assert entry
    async with served(small_app(), work) as address, httpx.AsyncClient() as browser:
        url = f"{address}media/sound/{entry.id}"
        whole = await browser.get(url)
        assert (whole.status_code, whole.content) == (200, data)
        assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("audio/wav", "bytes")
        for asked, at, end in (("0-0", 0, 1), ("70000-", 70_000, len(data)), ("-9", len(data) - 9, len(data)),
                               ("44-9999999", 44, len(data)), ("-9999999", 0, len(data))):  # fmt: skip
            part = await browser.get(url, headers={"Range": f"bytes={asked}"})
            assert (part.status_code, part.content) == (206, data[at:end]), asked
            assert part.headers["content-range"] == f"bytes {at}-{end - 1}/{len(data)}"
        beyond = await browser.get(url, headers={"Range": f"bytes={len(data)}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
        for headers in (
            {"Range": "bytes=0-1,4-5"},
            {"Range": "lines=1-2"},
            {"Range": "bytes=0-4", "If-Range": '"x"'},
        ):
            assert (await browser.get(url, headers=headers)).status_code == 200, headers
        head = await browser.head(url, headers={"Range": "bytes=10-19"})
        assert (head.status_code, head.headers["content-length"], head.content) == (206, "10", b"")
        assert (await browser.post(url)).status_code == 405


async def test_an_original_is_saved_under_its_name_and_never_runs_as_a_page(work: Workspace) -> None:
    _, taken = await Capture(work).file(Bytes('通告"单.html', b"<script>alert(1)</script>"), Chips())
    assert taken.kept
    async with served(small_app(), work) as address, httpx.AsyncClient() as browser:
        answer = await browser.get(f"{address}media/file/{taken.kept.sha256}")
        assert answer.content == b"<script>alert(1)</script>"
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert "%E9%80%9A%E5%91%8A%22%E5%8D%95.html" in answer.headers["content-disposition"]
        refused = await browser.get(f"{address}media/file/{'0' * 64}")
        assert (refused.status_code, refused.text) == (
            404, "There is no such picture, recording or file in this study."
        )  # fmt: skip


async def test_the_page_of_the_app_finds_its_files_under_the_secret() -> None:
    async def main(page: object) -> None: ...

    async with served(flet_app(main, no_cdn=True)) as address, httpx.AsyncClient() as browser:
        page = (await browser.get(address)).text
        assert f'<base href="{PREFIX}/">' in page
        assert f'webSocketEndpoint="{PREFIX}/ws"' in page
        assert (await browser.get(f"{address}flutter_bootstrap.js")).status_code == 200


async def test_a_port_that_is_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            async with served(small_app(), port=port):
                pass


def test_every_start_has_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = {secret_path(laptop(tmp_path)) for _ in range(50)}
    assert len(secrets) == 50
    assert {len(secret) for secret in secrets} == {33}


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_stretch_is_what_a_slice_would_be(size: int, first: int, last: int) -> None:
    data = bytes(range(size))
    for asked, wanted in ((f"{first}-", data[first:]), (f"{first}-{last}", data[first : last + 1])):
        try:
            found = stretch(f"bytes={asked}", size)
        except NoSuchRange:
            assert first >= size
            continue
        assert found is None if last < first and asked[-1] != "-" else found and data[slice(*found)] == wanted
