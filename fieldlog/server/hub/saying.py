"""What a hub answers, as ASGI messages, and how it takes a body: in pieces, from who sends it fast enough."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.types import Receive, Send

PIECE_SECONDS = 20.0
"""Without a byte."""

FREE_SECONDS, LEAST_BYTES_A_SECOND = 20.0, 2048.0
"""After the first, a body comes at least that fast."""

SEND_SECONDS = 60.0
EVERYWHERE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Refused(Exception):
    """A request that is answered with a status of 400 or above and a few words for a programmer."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


class Gone(Exception):
    """Who asked has hung up."""


async def say(send: Send, status: int, said: Any = None, headers: Mapping[str, str] | None = None) -> None:
    """Answer with JSON; with no body where nothing is `said`."""
    body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
    kind = {"content-type": "application/json"} if body else {}
    length = {} if status in (204, 304) else {"content-length": str(len(body))}
    await begin(send, status, {**kind, **length, **(headers or {})})
    await piece_sent(send, body, more=False)


async def begin(send: Send, status: int, headers: Mapping[str, str]) -> None:
    told = {**EVERYWHERE, **{name.lower(): value for name, value in headers.items()}}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def piece_sent(send: Send, data: bytes, *, more: bool) -> None:
    """Raises `Gone` where nobody takes it in good time."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await send({"type": "http.response.body", "body": data, "more_body": more})
    except (TimeoutError, OSError) as why:
        raise Gone from why


async def pieces(receive: Receive, length: int) -> AsyncIterator[bytes]:
    """A body of so many bytes, in pieces. Raises `Refused` for another length and for what comes too slowly, and
    `Gone`."""
    loop = asyncio.get_running_loop()
    began, had, more = loop.time(), 0, True
    while more:
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                message = await receive()
        except TimeoutError as why:
            raise _slow() from why
        if message["type"] == "http.disconnect":
            raise Gone
        data, more = message.get("body", b""), message.get("more_body", False)
        had += len(data)
        if had > length:
            raise Refused(400, "more bytes than were told", _HANGS_UP)
        if data:
            yield data
        over = loop.time() - began - FREE_SECONDS
        if more and over > 0 and had < over * LEAST_BYTES_A_SECOND:
            raise _slow()
    if had < length:
        raise Refused(400, "fewer bytes than were told", _HANGS_UP)


def _slow() -> Refused:
    return Refused(408, "too slow", _HANGS_UP)


_HANGS_UP = {"Connection": "close"}
