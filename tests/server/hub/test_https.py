"""A hub over https, attacked by hand."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from fieldlog.server.hub import https as carrier
from fieldlog.server.hub.door import MOST_OF_ONE
from fieldlog.services.hub.hub import Hub
from tests.fakes.hubs import bare_hub, key_of

SEGMENT = "log/a1b2c3d4e5f60718/1-2-9-0123456789abcdef.jsonl"
HEAD = "head/a1b2c3d4e5f60718.json"
SECRET = b"nobody is to read this"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    for path in ("data/secret.json", "secret.json", "data/studies/secret.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(SECRET)
    async with bare_hub(tmp_path / "data") as hub:
        yield hub


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connected(hub: Hub) -> Stream:
    looks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    looks.check_hostname, looks.verify_mode = False, ssl.CERT_NONE
    host, _, port = hub.addresses[0].partition(":")
    return await asyncio.open_connection(host, int(port), ssl=looks)


async def said_to(hub: Hub, data: bytes) -> tuple[int, bytes]:
    """The status and the rest of what is answered to these bytes; 0 where nothing is."""
    reader, writer = await connected(hub)
    writer.write(data)
    try:
        async with asyncio.timeout(20):
            answer = await reader.read(1 << 16)
            if (
                b"content-length" in answer.partition(b"\r\n\r\n")[0].lower()
                and not answer.partition(b"\r\n\r\n")[2]
            ):
                answer += await reader.read(1 << 16)
    except ConnectionError:
        answer = b""
    writer.transport.abort()
    return (int(answer.split(b" ")[1]) if answer else 0), answer


def request(method: str, path: str, key: str, body: bytes = b"", *more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", f"Authorization: Bearer {key}", *more]
    sends = method in ("PUT", "PATCH", "POST") and not more
    lines += [f"Content-Length: {len(body)}"] if sends else []
    return "\r\n".join([*lines, "", ""]).encode() + (body if sends or more else b"")


@pytest.mark.parametrize(
    "path",
    [
        "/files/../../../secret.json", "/files/%2e%2e/%2e%2e/secret.json", "/files/..%2f..%2fsecret.json",
        "/files//etc/passwd", "/files/log/../../hub.json", "/files/log/%00/x", "/files/..\\..\\secret.json",
        "/files/log/a/../../../../secret.json", "//files/hub.json", "/files/%252e%252e/secret.json",
        "http://elsewhere/files/../secret.json", "/files/hub.json", "/files/../hub-https.key",
        "/files?under=../..",
        "/files?under=log/../..", "/files?under=%2e%2e", "/../secret.json", "/files/./log",
        "/files/%c0%ae%c0%ae/x", "*",
    ],
)  # fmt: skip
async def test_no_path_leads_out_of_the_folder(hub: Hub, tmp_path: Path, path: str) -> None:
    key = await key_of(hub)
    before = sorted(str(one) for one in tmp_path.rglob("*"))
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
        status, answer = await said_to(hub, request(method, path, key, b"x"))
        assert 400 <= status < 500, answer
        assert SECRET not in answer
        assert b"PRIVATE" not in answer
    assert sorted(str(one) for one in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01" * 50,
        "GET /é HTTP/1.1\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 20_000 + b"\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"POST /pair HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n",
        b"POST /pair HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        b"POST /pair HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
        b"POST /pair HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_refused_and_the_hub_lives_on(hub: Hub, data: bytes) -> None:
    status, answer = await said_to(hub, data)
    assert status == 0 or 400 <= status < 500, answer
    assert (await said_to(hub, request("GET", "/meeting", await key_of(hub))))[0] == 200


async def test_who_says_to_send_much_and_sends_nothing_is_cut_off(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldlog.server.hub.saying.PIECE_SECONDS", 0.2)
    key = await key_of(hub)
    status, _ = await said_to(hub, request("PUT", f"/files/{HEAD}", key, b"x", "Content-Length: 8000000"))
    assert status == 408
    assert await hub.shelf.list("") == []


async def test_who_asks_nothing_whole_is_not_waited_for(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier, "ASKS_SECONDS", 0.2)
    for begins in (b"", b"GET /meeting HTTP/1.1\r\nHost"):
        reader, writer = await connected(hub)
        writer.write(begins)
        async with asyncio.timeout(5):
            assert await reader.read() in (b"",)
        writer.transport.abort()


async def test_one_address_has_so_many_connections_and_who_comes_after_is_not_kept(hub: Hub) -> None:
    held = [await plainly(hub) for _ in range(MOST_OF_ONE)]
    await asyncio.sleep(0.1)
    assert await is_let_go(hub)
    await end(held.pop())
    for _ in range(50):
        await asyncio.sleep(0.02)
        if not await is_let_go(hub):
            break
    else:
        raise AssertionError("nobody is let in any more")
    for one in held:
        await end(one)


async def plainly(hub: Hub) -> Stream:
    """A connection on which nothing is said."""
    host, _, port = hub.addresses[0].partition(":")
    return await asyncio.open_connection(host, int(port))


async def is_let_go(hub: Hub) -> bool:
    """Whether one more connection is closed at once."""
    reader, writer = await plainly(hub)
    try:
        async with asyncio.timeout(0.5):
            return await reader.read() == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    finally:
        await end((reader, writer))


async def end(stream: Stream) -> None:
    stream[1].close()
    with suppress(OSError):
        await stream[1].wait_closed()


async def test_plain_http_gets_no_answer(hub: Hub) -> None:
    reader, writer = await plainly(hub)
    writer.write(b"GET /meeting HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(5):
        said = await reader.read()
    assert b"HTTP" not in said
    await end((reader, writer))
