"""Why a browser does not come to a hub, told apart, each with what a person can do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.target import TargetRefused, Unreachable

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, to_js

NOT_ALLOWED = sentence(
    "This browser does not let FieldLog reach the laptop beside it. Tap the sign before the web address, then "
    "Permissions, and allow Local network; in the installed app, hold its icon and tap App info or Site settings. "
    "Then try again. A backup reaches the laptop too, by Share or as a file."
)
NO_WAY = sentence(
    "No way through to {host}. Is the hub open there, and are both in the same Wi-Fi? Many networks keep devices "
    "apart, or a firewall on the laptop does: turn on this phone’s own hotspot, let the laptop join it, and try "
    "again. A backup reaches the laptop too, by Share or as a file."
)
NO_WEBTRANSPORT = sentence(
    "This browser can’t reach a laptop directly. Chrome and Edge from version 100, Firefox from 125 and Safari "
    "from 26.4 can: update it, or use one of these. A backup reaches the laptop too, by Share or as a file."
)
ASKS = sentence(
    "No way through to {host} yet. Where the browser asks whether FieldLog may reach the local network, tap "
    "Allow, and try again. Where it asks nothing: is the hub open there, and are both in the same Wi-Fi? Else "
    "turn on this phone’s own hotspot and let the laptop join it. A backup reaches the laptop too, by Share or as "
    "a file."
)
NAMES = ("local-network-access", "local-network")
"""What browsers call the permission."""


class NotAllowed(TargetRefused):
    """The permission to reach the local network was refused."""

    def __init__(self) -> None:
        super().__init__(NOT_ALLOWED)


class NoWay(Unreachable):
    """Nothing answers at any of these addresses, or nothing that has the right certificate."""

    said = NO_WAY

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(Sentence(self.said, host=", ".join(addresses)))


class NoWebTransport(TargetRefused):
    """The browser has no WebTransport, or none that takes a certificate by its hash."""

    def __init__(self) -> None:
        super().__init__(NO_WEBTRANSPORT)


class NotYetAllowed(NoWay):
    """Nothing answers, and the permission to reach the local network was neither given nor refused."""

    said = ASKS


async def why_none(addresses: Sequence[str]) -> NotAllowed | NoWay:
    """What to say where nothing answered."""
    match await _state():
        case "denied":
            return NotAllowed()
        case "prompt":
            return NotYetAllowed(addresses)
    return NoWay(addresses)


async def first_answered(tasks: Collection[asyncio.Task[None]], seconds: float) -> asyncio.Task[None] | None:
    """The first of these that is done without a fault, None where none is within so many seconds."""
    loop = asyncio.get_running_loop()
    until, pending = loop.time() + seconds, set(tasks)
    while pending and (left := until - loop.time()) > 0:
        done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            if one.exception() is None:
                return one
    return None


async def _state() -> str:
    """`granted`, `denied`, `prompt`; "" where the browser knows no such permission."""
    for name in NAMES:
        with suppress(JsException, AttributeError):
            found: Any = await js.navigator.permissions.query(
                to_js({"name": name}, dict_converter=js.Object.fromEntries)
            )
            return str(found.state)
    return ""
