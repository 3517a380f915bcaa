"""One request on a stream of WebTransport: a JSON line (method, path, headers) and a body come in, another line
(status, headers) and a body go out. In between an ASGI app is asked, as over any other carrier."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope, Send

log = logging.getLogger(__name__)
LINE_BYTES = 16 * 2**10
PIECE_BYTES = 2**20
WORTH_BYTES, SOON_SECONDS = 2**16, 0.005
"""A packet holds a kilobyte: the app is asked to take so much at once, or what came in so long."""

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long is waited, in seconds: `line_s` for the line of a request; `body_s` for its body in all, and one
    more for each `slowest` bytes of it that came; `unread_s` while nothing of an answer is taken."""

    line_s: float = 10
    body_s: float = 20
    slowest: int = 4096
    unread_s: float = 30


class Line(Protocol):
    """The stream that a request came on."""

    async def put(self, data: bytes, *, end: bool) -> None:
        """Send; returns when the other side has taken most of it. Raises `Gone` where it takes no more."""
        ...

    def cut(self) -> None:
        """End the stream at once, so that the other side sees that something is missing."""
        ...

    def taken(self, count: int) -> None:
        """So many bytes that came in are in nobody's way any more."""
        ...


class Gone(ConnectionError):
    """The other side has hung up, or is too slow."""


class _Malformed(ValueError):
    """A line that is no request."""


class StreamRequest:
    """One of them; `about` are the parts of the ASGI scope that the connection knows. `heard` and `lost` are
    called as bytes come in; `answer` asks the app."""

    def __init__(self, line: Line, about: Scope, patience: Patience) -> None:
        self._line, self._about, self._patience = line, about, patience
        self._pieces = deque[bytes]()
        self._news = asyncio.Event()
        self._came, self._held, self._waited = 0, 0, 0.0
        self._is_scoped = False
        self._soon: asyncio.TimerHandle | None = None
        self._ended = self._gone = False
        self._answer: tuple[int, bytes] | None = None
        self._is_read = self._begun = self._done = False

    def heard(self, data: bytes, ended: bool) -> None:
        """Bytes came in, the last ones where it has `ended`."""
        if data:
            self._pieces.append(data)
            self._came += len(data)
            self._held += len(data)
        self._ended = self._ended or ended
        if self._ended or self._held >= WORTH_BYTES or not self._is_scoped:
            self._news.set()
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SOON_SECONDS, self._wake)

    def _wake(self) -> None:
        self._soon = None
        self._news.set()

    def lost(self) -> None:
        """The other side is gone, or wants no more."""
        self._gone = True
        self._news.set()

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self._ended or self._gone

    async def answer(self, app: ASGIApp) -> tuple[str, int]:
        """Ask the app, and send what it says. Returns the path that was asked for, and the status, 0 for none."""
        path = ""
        try:
            scope = await self._scope()
            self._is_scoped = True
            path = scope["path"]
            await app(scope, self._receive, self._send)
        except _Malformed as why:
            await self._say(HTTPStatus.BAD_REQUEST, str(why))
        except Gone:
            pass
        except Exception:
            log.exception("the hub could not answer")
            await self._say(HTTPStatus.INTERNAL_SERVER_ERROR, "fault")
        finally:
            self._let_go()
        return path, self._answer[0] if self._answer else 0

    def _let_go(self) -> None:
        self._line.taken(sum(len(one) for one in self._pieces))
        self._pieces.clear()
        if not self._done or not self._ended:
            self._line.cut()

    async def _say(self, status: HTTPStatus, detail: str) -> None:
        """An answer of our own, where none was begun."""
        if not self._answer:
            with suppress(Gone):
                await say(self._send, status, detail)

    async def _scope(self) -> Scope:
        try:
            async with asyncio.timeout(self._patience.line_s):
                line = await self._first_line()
        except TimeoutError as why:
            await self._say(HTTPStatus.REQUEST_TIMEOUT, "too slow")
            raise Gone from why
        return {**self._about, **_read(line, self._about["headers"])}

    async def _first_line(self) -> bytes:
        line = b""
        while b"\n" not in line:
            more = await self._piece(LINE_BYTES)
            line += more
            if not more or (len(line) > LINE_BYTES and b"\n" not in line[:LINE_BYTES]):
                raise _Malformed("no line")
        line, _, rest = line.partition(b"\n")
        if rest:
            self._pieces.appendleft(rest)
            self._held += len(rest)
            self._line.taken(-len(rest))
        return line

    async def _piece(self, most: int) -> bytes:
        """What came next, at most so many bytes; b"" at the end. Raises `Gone`."""
        while not self._pieces and not self._ended and not self._gone:
            self._news.clear()
            await self._news.wait()  # until there is something worth it
        if self._gone:
            raise Gone
        parts, count = list[bytes](), 0
        while self._pieces and count < most:
            part = self._pieces.popleft()
            if len(part) > most - count:
                self._pieces.appendleft(part[most - count :])
                part = part[: most - count]
            parts.append(part)
            count += len(part)
        self._held -= count
        self._line.taken(count)
        return b"".join(parts)

    async def _receive(self) -> Message:
        if self._is_read:
            await self._left()
            return {"type": "http.disconnect"}
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = self._patience.body_s + self._came / self._patience.slowest - self._waited
        try:
            async with asyncio.timeout(left):
                body = await self._piece(PIECE_BYTES)
        except TimeoutError:
            await self._say(HTTPStatus.REQUEST_TIMEOUT, "too slow")
            self.lost()
            return {"type": "http.disconnect"}
        except Gone:
            return {"type": "http.disconnect"}
        finally:
            self._waited += loop.time() - began
        self._is_read = self._ended and not self._pieces
        return {"type": "http.request", "body": body, "more_body": not self._is_read}

    async def _left(self) -> None:
        """Wait until the other side is gone, or all was said."""
        while not self._gone and not self._done:
            self._news.clear()
            await self._news.wait()

    async def _send(self, message: Message) -> None:
        if self._gone or self._done:
            raise Gone
        if message["type"] == "http.response.start":
            self._answer = message["status"], _line_of(message["status"], message.get("headers", ()))
            return
        assert self._answer, "an app says how before it says what"
        start = b"" if self._begun else self._answer[1]
        more = message.get("more_body", False)
        self._begun, self._done = True, not more
        self._news.set()
        await self._line.put(start + message.get("body", b""), end=not more)


async def say(send: Send, status: HTTPStatus, detail: str) -> None:
    """A whole answer that refuses."""
    body = json.dumps({"detail": detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _read(line: bytes, ours: list[tuple[bytes, bytes]]) -> Scope:
    """The parts of a scope that a line says. What we know ourselves goes before what it claims."""
    try:
        asked = json.loads(line)
        method, (path, _, query) = asked["method"], asked["path"].partition("?")
        told = [
            (str(name).lower().encode("ascii"), str(said).encode("latin-1"))
            for name, said in asked.get("headers", {}).items()
        ]
        if method not in METHODS or not path.startswith("/"):
            raise _Malformed("no request")
        known = {name for name, _ in ours}
        return {
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [*(one for one in told if one[0] not in known), *ours],
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
        raise _Malformed("no request") from why


def _line_of(status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
    said = dict[str, str]()
    for raw, value in headers:
        name = raw.decode("latin-1").lower()
        said[name] = f"{said[name]}, {value.decode('latin-1')}" if name in said else value.decode("latin-1")
    return json.dumps({"status": status, "headers": said}, separators=(",", ":")).encode() + b"\n"
