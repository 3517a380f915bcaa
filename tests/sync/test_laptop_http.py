"""How a laptop answers servers that ask who it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.machinery import ModuleSpec
from types import ModuleType

import httpx
import pytest

from fieldlog.model.ports import Login
from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.target import Unreachable

ANA = Login(user="ana", secret="s3cret")
DIGEST = 'Digest realm="r", nonce="{nonce}", qop="auth", algorithm=SHA-256'
BASIC = 'Basic realm="r"'
FILE = b"what is sent"


async def asked(login: Login, url: str, *asks: str, times: int = 1) -> list[str]:
    """What stood in `Authorization` each time, where a server asks for these."""
    given = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        given.append(request.headers.get("authorization", ""))
        taken = any(given[-1].startswith(one.partition(" ")[0]) for one in asks)
        headers = [] if taken else [("WWW-Authenticate", one.format(nonce=len(given))) for one in asks]
        return httpx.Response(200 if taken else 401, headers=headers)

    http = LaptopHttp(login, transport=httpx.MockTransport(answer))
    for _ in range(times):
        async with http.request("PUT", url, {}, b"body") as said:
            assert said.status == (200 if asks else 401)
    await http.close()
    return given


async def test_over_https_a_password_is_given_at_once() -> None:
    assert await asked(ANA, "https://x/", BASIC) == [ANA.header]


async def test_over_http_it_is_given_only_where_it_is_asked_for() -> None:
    assert await asked(ANA, "http://x/", BASIC, times=2) == ["", ANA.header, ANA.header]


async def test_where_digest_will_do_the_password_is_not_given() -> None:
    first, second, third = await asked(ANA, "http://x/", BASIC, DIGEST, times=2)
    assert first == ""
    assert second.startswith('Digest username="ana", realm="r", nonce="1"')
    assert "nc=00000002" in third


async def test_where_digest_was_refused_the_password_is_not_given_either() -> None:
    given = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        given.append(request.headers.get("authorization", ""))
        return httpx.Response(
            401, headers=[("WWW-Authenticate", one.format(nonce="n")) for one in (BASIC, DIGEST)]
        )

    http = LaptopHttp(ANA, transport=httpx.MockTransport(answer))
    async with http.request("GET", "http://x/", {}) as said:
        assert said.status == 401
    await http.close()
    assert [one.partition(" ")[0] for one in given] == ["", "Digest"]


async def test_a_token_is_given_as_one() -> None:
    assert await asked(Login(secret="t0ken"), "http://x/", "Bearer") == ["Bearer t0ken"]


async def test_a_wrong_password_is_tried_once() -> None:
    assert await asked(ANA, "https://x/") == [ANA.header]


@pytest.mark.parametrize(
    "asks", ["Digest realm", 'Digest realm="r", nonce="n", algorithm=SHA-512-256', "Digest x=1"]
)
async def test_who_asks_in_a_way_nobody_knows_gets_no_password(asks: str) -> None:
    given = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        given.append(request.headers.get("authorization", ""))
        return httpx.Response(401, headers={"WWW-Authenticate": asks})

    http = LaptopHttp(ANA, transport=httpx.MockTransport(answer))
    with pytest.raises(Unreachable):
        async with http.request("GET", "http://x/", {}):
            pass
    await http.close()
    assert given == [""]


async def test_a_certificate_nobody_trusts_is_said_to_be_one() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", request=request)

    http = LaptopHttp(transport=httpx.MockTransport(answer))
    with pytest.raises(Unreachable, match=r"does not trust the certificate of cloud\.example\.org:8443"):
        async with http.request("GET", "https://cloud.example.org:8443/x", {}):
            pass
    await http.close()


@asynccontextmanager
async def keeping_on(body: bytes) -> AsyncIterator[tuple[str, list[int]]]:
    """The address of a server that answers 201 with this body and hangs up on nobody; a number for each that came,
    of what it asked."""
    asked, hearing = list[int](), list[asyncio.Task[None]]()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = len(asked)
        asked.append(0)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(FILE):
                asked[place] += 1
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                await writer.drain()
        writer.close()

    def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hearing.append(asyncio.ensure_future(hear(reader, writer)))

    listening = await asyncio.start_server(heard, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/", asked
        await asyncio.gather(*hearing)


@pytest.mark.parametrize(("body", "connections"), [(b"", [3]), (b"Created.", [3]), (b"x" * 100_000, [1, 1, 1])])
async def test_files_go_over_one_connection_where_answers_are_short(body: bytes, connections: list[int]) -> None:
    async with keeping_on(body) as (url, asked):
        http = LaptopHttp()
        for _ in range(3):
            async with http.request("PUT", url, {}, FILE) as said:
                assert said.status == 201
        await http.close()
    assert asked == connections


class Looks:
    """What is looked for on the path of modules."""

    def __init__(self) -> None:
        self.names = list[str]()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        self.names.append(name)
        return None


async def test_no_request_looks_for_a_module_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async with keeping_on(b"") as (url, _):
        http, looks = LaptopHttp(), Looks()
        async with http.request("PUT", url, {}, FILE):
            pass
        monkeypatch.setattr(sys, "meta_path", [looks, *sys.meta_path])
        async with http.request("PUT", url, {}, FILE):
            pass
        await http.close()
    assert looks.names == []
