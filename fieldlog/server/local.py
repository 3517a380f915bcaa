"""The app on this machine, for its own browser: on the loopback, under a secret path, and nothing beside it.

http://127.0.0.1:PORT/<secret>/            the app it is given
http://127.0.0.1:PORT/<secret>/media/…     what `Serving` finds
http://127.0.0.1:PORT/<secret>/in/…        where files are brought that somebody waits for
http://127.0.0.1:PORT/<secret>/dropped/…   where files are brought that were dropped on a window
everything else                            403
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from secrets import compare_digest

import uvicorn
from flet_web.fastapi import app_manager
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldlog.server.arriving import take_dropped, take_file
from fieldlog.server.media import send_media
from fieldlog.server.ports_taken import PortTaken
from fieldlog.services.capture.uploads import Arrivals
from fieldlog.services.machine.machine import Machine
from fieldlog.services.serving import Serving

LOOPBACK = "127.0.0.1"
USUAL_PORT = 47_314
"""Tried first, so that the browser remembers that this page may use the microphone."""

MOST_MESSAGE_BYTES = 64 << 20
GRACE_SECONDS = 1
ENDINGS = [one for one in signal.Signals if one.name in ("SIGINT", "SIGTERM", "SIGHUP")]
"""Ctrl-C, the system, and where there is one, the closing of the terminal's window."""

_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")

EVERYWHERE = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Who opened the page, or is opened by it, gets no hold on it, and no other site gets what it is made of.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What Flet sets: other sites may not read us; and memory shared between threads, for which a page has to be
# isolated by the second one, is only for a renderer that is not used (`ui/app.py`).
NOWHERE = ("Access-Control-Allow-Origin", "Cross-Origin-Embedder-Policy")
UNLESS_SET = {
    # The path changes with every start, so a cache would help nobody, and keep what was erased.
    "Cache-Control": "no-store",
    # The app's own files and nothing from anywhere else; Flutter compiles what it loads.
    "Content-Security-Policy": "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "connect-src 'self' data: blob: ws://127.0.0.1:* ws://localhost:*; object-src 'none'; "
    "frame-ancestors 'none'; form-action 'none'",
}


def secret_path(machine: Machine) -> str:
    """A path nobody guesses: 128 bits, drawn anew at every start."""
    return f"/{machine.new_salt()}"


class UnderSecret:
    """Lets through what names the secret and comes from this machine's own pages; all else is refused."""

    def __init__(self, app: ASGIApp, serving: Serving, prefix: str, arrivals: Arrivals | None = None) -> None:
        self._app, self._serving, self._arrivals = app, serving, arrivals
        self._prefix = "/" + prefix.strip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (self._is_ours(scope) and _is_from_here(scope)):
            await _refuse(scope, receive, send)
            return
        polite = _polite(send)
        rest = scope["path"].removeprefix(self._prefix)
        if not rest:
            await RedirectResponse(f"{self._prefix}/")(scope, receive, polite)
        elif scope["type"] == "http" and rest.startswith("/media/"):
            await send_media(self._serving, rest.removeprefix("/media/"), scope, receive, polite)
        elif scope["type"] == "http" and rest.startswith("/in/") and self._arrivals is not None:
            await take_file(self._arrivals, rest.removeprefix("/in/"), scope, receive, polite)
        elif scope["type"] == "http" and rest.startswith("/dropped/") and self._arrivals is not None:
            await take_dropped(self._arrivals, rest.removeprefix("/dropped/"), scope, receive, polite)
        else:
            await self._app({**scope, "root_path": self._prefix}, receive, polite)

    def _is_ours(self, scope: Scope) -> bool:
        first = scope["path"].split("/", 2)[1] if scope["path"].startswith("/") else ""
        return compare_digest(f"/{first}".encode("utf-8", "replace"), self._prefix.encode())


def _is_from_here(scope: Scope) -> bool:
    """Whether the page that asks was loaded from this very address, under a name of this machine's own.

    Another site may call itself by a name that leads to 127.0.0.1, and may open websockets anywhere.
    """
    headers = Headers(scope=scope)
    hosts, origin = headers.getlist("host"), headers.get("origin")
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        return False
    return origin is None or origin == f"http://{hosts[0]}"


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("", status_code=403)(scope, receive, _polite(send))


def _polite(send: Send) -> Send:
    """Sends on, with what every answer carries."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(EVERYWHERE)
            for name, value in UNLESS_SET.items():
                headers.setdefault(name, value)
            for name in NOWHERE:
                del headers[name]
        await send(message)

    return with_headers


class _Server(uvicorn.Server):
    """Says when it listens, and ends by itself at a signal: what comes after it still runs."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        found = {number: signal.getsignal(number) for number in ENDINGS}
        # `nohup` has the closing of the window ignored; it stays so.
        before = {one: was for one, was in found.items() if one.name != "SIGHUP" or was is not signal.SIG_IGN}
        loop = asyncio.get_running_loop()
        for number in before:
            try:
                loop.add_signal_handler(number, self.handle_exit, number, None)
            except NotImplementedError:
                signal.signal(number, self.handle_exit)
        try:
            yield
        finally:
            for number, handler in before.items():
                with suppress(NotImplementedError):
                    loop.remove_signal_handler(number)
                signal.signal(number, handler)


async def serve(
    app: ASGIApp, serving: Serving, *, prefix: str, port: int | None = None, ready: Callable[[str], None],
    arrivals: Arrivals | None = None,
) -> None:  # fmt: skip
    """Serve the app until one of `ENDINGS`. `ready` gets its address once it listens. Files come in by
    `arrivals`.

    Without a port the usual one is taken, or any where that is in use. Raises `PortTaken`.
    """
    listening = _listening(port)
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/{prefix.strip('/')}/"
    config = uvicorn.Config(
        UnderSecret(app, serving, prefix, arrivals), host=LOOPBACK, log_level="warning", access_log=False,
        lifespan="off", ws="websockets-sansio", ws_max_size=MOST_MESSAGE_BYTES, server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS, proxy_headers=False,
    )  # fmt: skip
    if arrivals is not None:
        arrivals.listening = True
    await app_manager.start()
    try:
        await _Server(config, lambda: ready(address)).serve([listening])
    finally:
        listening.close()
        await app_manager.shutdown()


def _listening(port: int | None) -> socket.socket:
    """A socket on the loopback that will take connections."""
    for wanted in (USUAL_PORT, 0) if port is None else (port,):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((LOOPBACK, wanted))
            made.listen()
        except OSError as why:
            made.close()
            if port is not None or why.errno != errno.EADDRINUSE:
                raise PortTaken(wanted) from why
        else:
            return made
    raise PortTaken(USUAL_PORT)
