"""The hub as an ASGI app: what paired devices may ask, whatever carries it. `openapi.py` says it for programmers.

Whoever has no key learns nothing but that there is a hub. No name but those of the exchange is ever looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from fieldlog.model import gate
from fieldlog.model.errors import DiskFull, FieldLogError, MissingFile, StoreBusy
from fieldlog.model.strict_json import read_json
from fieldlog.server.hub.files import Asked, answer_file, list_files
from fieldlog.server.hub.limits import Limits
from fieldlog.server.hub.openapi import OPENAPI
from fieldlog.server.hub.saying import Gone, Refused, pieces, say
from fieldlog.services.hub.hub import Hub, NoPairing
from fieldlog.services.hub.record import PairedDevice
from fieldlog.services.hub.shelf import InUse

HubApp = Callable[[Scope, Receive, Send], Awaitable[None]]
MOST_PAIRING_BYTES = 4096
NAME_LETTERS = 60
STRANGER = Refused(401, "not paired", {"WWW-Authenticate": "Bearer"})


def hub_app(hub: Hub, limits: Limits | None = None) -> HubApp:
    """The app of a hub. Whoever carries it gives `scope` its `client`: strangers are told apart by that."""
    allowed = limits or Limits(lambda: asyncio.get_running_loop().time())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await _answer(hub, allowed, Asked.of(scope, receive, send))

    return app


async def _answer(hub: Hub, limits: Limits, asked: Asked) -> None:
    try:
        device = _device(hub, asked.headers)
        with limits.entered(device.id if device else asked.client, is_device=device is not None):
            await _let_in(hub, device, asked)
    except Refused as why:
        await _refuse(asked, why)
    except Gone:
        return
    except (FieldLogError, OSError) as why:
        await _refuse(asked, _refusal(why))


async def _let_in(hub: Hub, device: PairedDevice | None, asked: Asked) -> None:
    if asked.path == "/openapi.json":
        asked.only("GET")
        await say(asked.send, 200, OPENAPI)
    elif asked.path == "/pair":
        asked.only("POST")
        await _pair(hub, asked)
    elif device is None:
        raise STRANGER
    elif asked.path == "/meeting":
        asked.only("GET")
        await hub.met(device)
        await say(asked.send, 200, hub.meeting())
    elif asked.path == "/files":
        asked.only("GET")
        await list_files(hub, device, asked)
    elif asked.path.startswith("/files/"):
        await answer_file(hub, device, asked)
    else:
        raise Refused(404, "no such path")


def _device(hub: Hub, headers: Headers) -> PairedDevice | None:
    """Whose key was given, once: a stranger's otherwise."""
    given = headers.getlist("authorization")
    scheme, _, key = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return hub.whose(key.strip()) if scheme.lower() == "bearer" else None


async def _pair(hub: Hub, asked: Asked) -> None:
    length = asked.length(MOST_PAIRING_BYTES)
    said = b"".join([piece async for piece in pieces(asked.receive, length)])
    wish = _wish(said)
    try:
        told = await hub.pair(wish["token"], wish["device"], " ".join(wish["name"].split())[:NAME_LETTERS])
    except NoPairing as why:
        raise Refused(403, "no such pairing") from why
    await say(asked.send, 201, told)


def _wish(said: bytes) -> dict[str, Any]:
    try:
        wish = read_json(said)
    except ValueError as why:
        raise Refused(400, "no JSON") from why
    if _WISH(wish) is not None:
        raise Refused(422, "token, device and name are texts; device is an id")
    return dict(wish)


_WISH = gate.complete(token=gate.text, device=gate.identifier, name=gate.text)


def _refusal(why: FieldLogError | OSError) -> Refused:
    """What the disk refuses, as an answer."""
    match why:
        case DiskFull():
            return Refused(507, "no room", _HANGS_UP)
        case MissingFile():
            return Refused(404, "no such file")
        case StoreBusy() | InUse():
            return Refused(423, "written this moment", {"Retry-After": "1", **_HANGS_UP})
    return Refused(503, "not now", {"Retry-After": "5", **_HANGS_UP})


async def _refuse(asked: Asked, why: Refused) -> None:
    """Nothing more is said where an answer has begun: it is cut."""
    if asked.begun:
        raise why
    try:
        await say(asked.send, why.status, {"detail": why.detail}, why.headers)
    except Gone:
        return


_HANGS_UP = {"Connection": "close"}
