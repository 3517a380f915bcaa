"""A laptop's `Http`: httpx. On phones there is none, so this is imported late."""

from __future__ import annotations

import asyncio
import logging
import ssl
import sys
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from typing import Any, cast

import httpx

from fieldlog.model.ports import Answer, Login
from fieldlog.model.sentence import Sentence
from fieldlog.sync.target import Unreachable

TIMES = httpx.Timeout(60, connect=10)
"""Seconds without a byte, and until somebody picks up."""

LIMITS = httpx.Limits(keepalive_expiry=4)
"""Seconds: most servers hang up after five, and a request that crosses with that gets no answer."""

if find_spec("sniffio") is None:
    # httpx looks for it on every disk of the path, several times a request; this says once that there is none.
    sys.modules["sniffio"] = cast("Any", None)

SHORT_BYTES, READ_OUT_SECONDS = 64 << 10, 1.0
"""So much of an answer nobody asked to read is read, and no longer: a new connection costs less than more."""

for _tells in ("httpx", "httpcore"):  # of addresses and headers, which may hold a secret
    logging.getLogger(_tells).setLevel(logging.WARNING)


class LaptopHttp:
    """See `Http`. Asks as `login`, whom the machine or else `trusts` knows; `transport` is another network, for
    tests."""

    def __init__(
        self, login: Login | None = None, *, trusts: ssl.SSLContext | None = None, times: httpx.Timeout = TIMES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._client = httpx.AsyncClient(
            auth=_Answering(login) if login else None,
            headers={"Accept-Encoding": "identity", "User-Agent": "FieldLog"},
            timeout=times,
            verify=trusts or True,
            limits=LIMITS,
            transport=transport,
        )

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[Answer]:
        """See `Http.request`."""
        self._client.cookies.clear()  # with a session's cookie some servers ask for more than the password
        try:
            async with self._client.stream(method, url, headers=dict(headers), content=body) as said:
                yield Answer(status=said.status_code, headers=dict(said.headers), pieces=said.aiter_bytes())
                await _read_out(said)
        except httpx.HTTPError as why:
            host = httpx.URL(url).netloc.decode()
            if "CERTIFICATE_VERIFY_FAILED" in str(why):
                raise Unreachable(
                    Sentence("This device does not trust the certificate of {host}.", host=host)
                ) from why
            raise Unreachable(Sentence("{host} does not answer.", host=host)) from why

    async def close(self) -> None:
        await self._client.aclose()


async def _read_out(said: httpx.Response) -> None:
    """Read what nobody read of a short answer: else httpx hangs up, and each file is sent over a connection of its
    own."""
    told = said.headers.get("content-length", "")
    is_long = said.request.method != "HEAD" and told.isdecimal() and int(told) > SHORT_BYTES
    if said.is_stream_consumed or is_long:
        return
    size = 0
    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(READ_OUT_SECONDS):
            async for piece in said.aiter_raw():
                size += len(piece)
                if size > SHORT_BYTES:
                    return


class _Answering(httpx.Auth):
    """Gives a server what it asks for: digest where it knows that, else basic. Over https basic need not be asked
    for; a token is always given."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._digest = httpx.DigestAuth(login.user, login.secret)
        self._basic_is_asked = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        plain = not self._login.user or self._basic_is_asked or request.url.scheme == "https"
        if plain:
            request.headers["Authorization"] = self._login.header
        if not self._login.user:
            yield request
            return
        flow = self._digest.auth_flow(request)
        said = yield next(flow)
        with suppress(StopIteration):
            while True:
                said = yield self._next(flow, said)
        offers = said.headers.get("www-authenticate", "").lower()
        if said.status_code == 401 and not plain and "basic" in offers and "digest" not in offers:
            self._basic_is_asked = True
            request.headers["Authorization"] = self._login.header
            yield request

    def _next(self, flow: Generator[httpx.Request, httpx.Response, None], said: httpx.Response) -> httpx.Request:
        """What digest sends next. A challenge it can't read is a fault of the server."""
        try:
            return flow.send(said)
        except (KeyError, ValueError, NotImplementedError) as why:
            raise httpx.RemoteProtocolError("asks for a login in a way nobody knows") from why
