"""The hub's app over https, for laptops."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from fieldlog.server.hub.app import HubApp
from fieldlog.server.hub.door import Door

HANDSHAKE_SECONDS = 5.0
ASKS_SECONDS = 10.0
"""So long a connection may be open without asking anything whole."""

GRACE_SECONDS = 1.0
MOST_HEAD_BYTES = 16 << 10


class _Connection(H11Protocol):
    """Ends where nothing whole is asked in good time."""

    _look: asyncio.TimerHandle | None = None
    _idle = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look = self.loop.call_later(ASKS_SECONDS, self._looked)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _looked(self) -> None:
        asked: Any = self.cycle
        nothing_asked = asked is None or asked.response_complete
        if nothing_asked and self._idle:
            self.transport.close()
            return
        self._idle = nothing_asked
        self._look = self.loop.call_later(ASKS_SECONDS, self._looked)


@asynccontextmanager
async def https(app: HubApp, at: Sequence[Door], certificate: Path) -> AsyncIterator[None]:
    """The app at these doors while the block lasts. `certificate` holds a key and its certificate (PEM)."""
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(certificate)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False, date_header=False,
        proxy_headers=False, h11_max_incomplete_event_size=MOST_HEAD_BYTES, interface="asgi3",
    )  # fmt: skip
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config.load()
    state, loop = ServerState(), asyncio.get_running_loop()

    def connection() -> asyncio.Protocol:
        made: Any = _Connection(config=config, server_state=state, app_state={}, _loop=loop)
        return made  # type: ignore[no-any-return]

    servers = [
        await loop.create_server(connection, sock=door, ssl=shows, ssl_handshake_timeout=HANDSHAKE_SECONDS)
        for door in at
    ]
    try:
        yield
    finally:
        for server in servers:
            server.close()
        await _let_go(state)


async def _let_go(state: ServerState) -> None:
    """Answers that have begun may end in good time; then whoever is still there is not waited for."""
    for one in list(state.connections):
        one.shutdown()
    if state.tasks:
        await asyncio.wait(list(state.tasks), timeout=GRACE_SECONDS)
    for task in list(state.tasks):
        task.cancel()
    for one in list(state.connections):
        one.transport.abort()
    await asyncio.sleep(0)
