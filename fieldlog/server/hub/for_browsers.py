"""The hub's app over WebTransport, for phones, and the certificates it shows there, one after the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from fieldlog.model import gate
from fieldlog.model.moment import iso, parse
from fieldlog.server.hub.app import HubApp
from fieldlog.server.hub.certificates import Certificate, kept_up
from fieldlog.server.hub.webtransport import WebTransport, offer
from fieldlog.server.ports_taken import PortTaken
from fieldlog.services.hub.hub import Hub
from fieldlog.services.hub.record import HubRecord

KEPT_AS = "webtransport"
LOOKS_SECONDS = 600.0
"""A laptop may sleep: what is valid for half a day beside its turn is looked at this often."""

_EACH = gate.listed(gate.complete(turn=gate.instant, certificate=gate.text, key=gate.text))


@asynccontextmanager
async def webtransport(hub: Hub, app: HubApp, port: int, host: str = "") -> AsyncIterator[WebTransport]:
    """Phones reach the app at a port while the block lasts, by `hub.hashes`. Raises `PortTaken`, and as the disk
    does."""
    shown = Shown(hub)
    await shown.look()
    try:
        carrier = await offer(app, shown.certificates[0], host=host or "0.0.0.0", port=port)
    except OSError as why:
        raise PortTaken(port) from why
    watch = asyncio.create_task(shown.go_on(carrier))
    try:
        yield carrier
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        await carrier.close()


class Shown:
    """The certificates of a hub: the first is shown, the others have their turns after it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.certificates: Sequence[Certificate] = ()

    async def look(self) -> bool:
        """Whether another one has its turn now. What is new is kept before anybody is told of it."""
        before = self.certificates or _read(await self._hub.record.private(KEPT_AS))
        now = kept_up(before, self._hub.work.machine.clock().at)
        if now != tuple(before):
            await _keep(self._hub.record, now)
        self._hub.hashes = lambda: [one.hash for one in now]
        changed = bool(self.certificates) and now[0] != self.certificates[0]
        self.certificates = now
        return changed

    async def go_on(self, carrier: WebTransport) -> None:
        """Show each in its turn. Sessions that are open stay."""
        while True:
            await asyncio.sleep(LOOKS_SECONDS)
            if await self.look():
                carrier.show(self.certificates[0])


def _read(kept: bytes) -> Sequence[Certificate]:
    """Those that were kept; none where that can't be read."""
    try:
        said: Any = json.loads(kept)
    except ValueError:
        return ()
    if _EACH(said) is not None:
        return ()
    return [Certificate(turn=parse(one["turn"]), certificate=one["certificate"], key=one["key"]) for one in said]


async def _keep(record: HubRecord, certificates: Sequence[Certificate]) -> None:
    said = [{"turn": iso(one.turn), "certificate": one.certificate, "key": one.key} for one in certificates]
    await record.keep_private(KEPT_AS, json.dumps(said).encode())
