"""A hub is opened: its certificate, its doors and what carries its app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from fieldlog.server.hub.app import hub_app
from fieldlog.server.hub.door import doors, own_addresses
from fieldlog.server.hub.for_browsers import webtransport
from fieldlog.server.hub.https import https
from fieldlog.server.hub.own_certificate import KEPT_AS, own_certificate
from fieldlog.services.hub.hub import Hub
from fieldlog.services.hub.record import private_path


@asynccontextmanager
async def carried(hub: Hub, *, port: int | None = None, host: str = "") -> AsyncIterator[None]:
    """Devices reach the hub while the block lasts, at `hub.addresses`. `host` is the one address it listens at, by
    default every one. Raises `PortTaken`."""
    machine, record = hub.work.machine, hub.record
    hub.fingerprint = await own_certificate(record, machine.clock().at)
    open_doors = doors(port, record.port, host)
    found = open_doors[0].getsockname()[1]
    if record.port != found:
        record.port = found
        await record.keep()
    hub.addresses = [f"{host}:{found}"] if host else own_addresses(found)
    hub.where = None if host else partial(own_addresses, found)
    certificate = Path(machine.place) / "studies" / hub.study / private_path(KEPT_AS)
    async with AsyncExitStack() as stack:
        for door in open_doors:
            stack.callback(door.close)
        app = hub_app(hub)
        await stack.enter_async_context(https(app, open_doors, certificate))
        await stack.enter_async_context(webtransport(hub, app, found, host))
        yield
