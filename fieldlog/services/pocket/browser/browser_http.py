"""The browser's `Http`: its fetch, in a worker without a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from fieldlog.model.ports import Answer, Login
from fieldlog.model.sentence import Sentence
from fieldlog.services.pocket.browser.policy import Policy
from fieldlog.sync.target import TargetRefused, Unreachable

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, to_js

ANSWER_SECONDS = 300.0
"""Until an answer begins: what is sent before is up to 8 MiB, and how far that is a browser does not tell."""

PIECE_SECONDS = 60.0
PIECE_BYTES = 2**20
MOVED = 302


class BrowserHttp:
    """See `Http`. A login is always given as basic or bearer: a page does not see what a server asks for."""

    def __init__(self, login: Login | None = None, *, policy: Policy | None = None) -> None:
        self._login, self._policy = login, policy or Policy()

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[Answer]:
        """See `Http.request`. Raises `TargetRefused` where the server is there and lets no page in, `OpenAnew`
        where it is new here."""
        await self._policy.passed(url)
        login = {"Authorization": self._login.header} if self._login else {}
        stop = js.AbortController.new()
        try:
            said = await _answered(url, stop, method=method, headers={**headers, **login}, body=body)
            if said is None:
                raise await _why_none(url)
            yield Answer(
                status=said.status or MOVED,  # of a redirect a page is told nothing
                headers=js.Object.fromEntries(said.headers).to_py(),
                pieces=_pieces(said, urlsplit(url).netloc),
            )
        finally:
            stop.abort()

    async def close(self) -> None: ...


async def _answered(url: str, stop: Any, *, body: bytes | None = None, **how: Any) -> Any:
    """What fetch answers, None where nothing came."""
    how = {"redirect": "manual", **how}
    how |= {"credentials": "omit", "cache": "no-store", "referrerPolicy": "no-referrer"}
    how |= {"signal": stop.signal} if body is None else {"signal": stop.signal, "body": to_js(body)}
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await js.fetch(url, to_js(how, dict_converter=js.Object.fromEntries))
    except (JsException, TimeoutError):
        return None


async def _why_none(url: str) -> TargetRefused | Unreachable:
    """A server that lets no page in answers all the same where nobody asks to read it."""
    host, stop = urlsplit(url).netloc, js.AbortController.new()
    there = await _answered(url, stop, method="HEAD", mode="no-cors", redirect="follow")
    stop.abort()
    if there is None:
        return Unreachable(Sentence("{host} does not answer.", host=host))
    return TargetRefused(
        Sentence(
            "{host} is there, but lets no web page in (CORS). Whoever runs it can allow this page; or sync by way "
            "of the laptop, or share a bundle.",
            host=host,
        )
    )


async def _pieces(said: Any, host: str) -> AsyncIterator[bytes]:
    if not said.body:
        return
    reader = said.body.getReader()
    while True:
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                read = await reader.read()
        except (JsException, TimeoutError) as why:
            raise Unreachable(Sentence("{host} stopped in the middle of an answer.", host=host)) from why
        if read.done:
            return
        data: bytes = read.value.to_bytes()
        for at in range(0, len(data), PIECE_BYTES):
            yield data[at : at + PIECE_BYTES]
