"""Files of the hub, as paired devices list, read, send and remove them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from fieldlog.server.hub.saying import Refused, begin, piece_sent, pieces, say
from fieldlog.services.hub.hub import Hub
from fieldlog.services.hub.record import PairedDevice
from fieldlog.services.hub.shelf import HEADS, MOST_FILE_BYTES, Coming, Part

OCTETS = "application/octet-stream"
VERBS = ("DELETE", "GET", "HEAD", "PATCH", "PUT")
_NUMBER, _SHA256 = re.compile(r"[0-9]{1,15}"), re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


@dataclass
class Asked:
    """A request. `begun` says that an answer has begun."""

    method: str
    path: str
    query: str
    headers: Headers
    client: str
    receive: Receive
    send: Send
    begun: bool = False

    @classmethod
    def of(cls, scope: Scope, receive: Receive, send: Send) -> Asked:
        client = scope.get("client")
        query = scope.get("query_string", b"").decode("ascii", "replace")
        asked = cls(
            scope["method"], scope["path"], query, Headers(scope=scope), str(client[0]) if client else "", receive,
            send,
        )  # fmt: skip

        async def sends(message: Message) -> None:
            asked.begun = True
            await send(message)

        asked.send = sends
        return asked

    def only(self, *methods: str) -> None:
        if self.method not in methods:
            raise Refused(405, "no such method", {"Allow": ", ".join(methods)})

    def length(self, most: int) -> int:
        """Bytes of the body, which has to say them."""
        said = self.headers.get("content-length", "")
        if not _NUMBER.fullmatch(said):
            raise Refused(411, "content-length is needed", _HANGS_UP)
        if int(said) > most:
            raise Refused(413, f"at most {most} bytes", _HANGS_UP)
        return int(said)

    def number(self, name: str, most: int) -> int:
        said = self.headers.get(name, "")
        if not _NUMBER.fullmatch(said) or int(said) > most:
            raise Refused(400, f"{name} is a number of at most {most}", _HANGS_UP)
        return int(said)


async def list_files(hub: Hub, device: PairedDevice, asked: Asked) -> None:
    """GET /files?under=log. With the heads goes all that a device wants to know at a meeting, so that where
    nothing is new one request is enough."""
    folder = dict(parse_qsl(asked.query)).get("under", "")
    if not hub.shelf.lists(folder):
        raise Refused(400, "no such folder")
    if folder == HEADS:
        await hub.met(device)
        await hub.fresh()
    await hub.ready()
    found = [vars(item) for item in await hub.shelf.list(folder)]
    said: dict[str, Any] = {"files": found}
    if folder == HEADS:
        said |= {"meeting": hub.meeting(), "begun": hub.shelf.begun(device.id)}
    await say(asked.send, 200, said)


async def answer_file(hub: Hub, device: PairedDevice, asked: Asked) -> None:
    """…/files/<name>"""
    asked.only(*VERBS)
    name = asked.path.removeprefix("/files/")
    if not hub.shelf.keeps(name):
        raise Refused(404, "no such name", _HANGS_UP)
    match asked.method:
        case "HEAD" | "GET":
            await hub.ready()
            await _read(hub, name, asked)
        case "DELETE":
            await _remove(hub, name, asked)
        case "PUT":
            await _put(hub, device, name, asked)
        case "PATCH":
            await _patch(hub, device, name, asked)


async def _read(hub: Hub, name: str, asked: Asked) -> None:
    size = await hub.shelf.size(name)
    if size is None:
        raise Refused(404, "no such file")
    if asked.method == "HEAD":
        told = {"content-length": str(size), "upload-length": str(size), "content-type": OCTETS}
        await begin(asked.send, 200, {**told, "accept-ranges": "bytes"})
        await piece_sent(asked.send, b"", more=False)
        return
    first, last, status = _stretch(asked.headers.get("range", ""), size)
    told = {"content-length": str(last - first), "content-type": OCTETS, "accept-ranges": "bytes"}
    if status == 206:
        told["content-range"] = f"bytes {first}-{last - 1}/{size}"
    reading = hub.shelf.read(name, first, last - first)
    try:
        await begin(asked.send, status, told)
        async for piece in reading:
            await piece_sent(asked.send, piece, more=True)
        await piece_sent(asked.send, b"", more=False)
    finally:
        await reading.aclose()  # type: ignore[attr-defined]


def _stretch(said: str, size: int) -> tuple[int, int, int]:
    """From where to before where, and the status. What is no range of ours is passed over, as it may be."""
    found = _RANGE.fullmatch(said)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        return 0, size, 200
    first = int(found[1])
    if first >= size:
        raise Refused(416, "nothing there", {"Content-Range": f"bytes */{size}"})
    return first, min(int(found[2]) + 1, size) if found[2] else size, 206


async def _remove(hub: Hub, name: str, asked: Asked) -> None:
    if await hub.shelf.size(name) is None:
        raise Refused(404, "no such file")
    await hub.shelf.remove(name)
    hub.took(0)
    await say(asked.send, 204)


async def _put(hub: Hub, device: PairedDevice, name: str, asked: Asked) -> None:
    """Whole, or not at all. What was cut stays nowhere."""
    length = asked.length(MOST_FILE_BYTES)
    await _must_have_room(hub, length)
    coming = Coming(device=device.id, name=name, length=length, once=hub.work.machine.new_id())
    try:
        async with hub.shelf.taking(coming) as part:
            await _write(part, asked, length)
    except BaseException:
        await hub.shelf.dropped(coming)
        raise
    await _name(hub, device, coming, asked)


async def _patch(hub: Hub, device: PairedDevice, name: str, asked: Asked) -> None:
    """Goes on with what is here of a file. What was cut stays."""
    count, length = asked.length(MOST_FILE_BYTES), asked.number("upload-length", MOST_FILE_BYTES)
    at, sha256 = asked.number("upload-offset", MOST_FILE_BYTES), asked.headers.get("upload-sha256", "")
    if not _SHA256.fullmatch(sha256) or at + count > length:
        raise Refused(400, "upload-sha256 is missing, or more bytes than upload-length", _HANGS_UP)
    await _must_have_room(hub, count)
    coming = Coming(device=device.id, name=name, length=length, sha256=sha256)
    async with hub.shelf.taking(coming) as part:
        if part.at != at:
            headers = {"Upload-Offset": str(part.at), "Upload-Length": str(length)}
            async for _ in pieces(asked.receive, count):
                """Who sends is answered when they have done."""
            raise Refused(409, "another offset", headers)
        await _write(part, asked, count)
        here = part.at
    if here < length:
        headers = {"Upload-Offset": str(here), "Upload-Length": str(length)}
        await say(asked.send, 200, {"bytes": here}, headers)
        return
    await _name(hub, device, coming, asked)


async def _write(part: Part, asked: Asked, count: int) -> None:
    async for piece in pieces(asked.receive, count):
        await part.write(piece)


async def _name(hub: Hub, device: PairedDevice, coming: Coming, asked: Asked) -> None:
    """All of it is here. A device that was revoked meanwhile has brought nothing."""
    if not any(one.id == device.id and one.key == device.key for one in hub.record.paired):
        await hub.shelf.dropped(coming)
        raise Refused(401, "not paired", {"WWW-Authenticate": "Bearer"})
    if not await hub.shelf.named(coming):
        raise Refused(422, "not what its hash says")
    hub.took(coming.length)
    headers = {"Upload-Offset": str(coming.length), "Upload-Length": str(coming.length)}
    await say(asked.send, 201, {"bytes": coming.length}, headers)


async def _must_have_room(hub: Hub, count: int) -> None:
    if not await hub.shelf.has_room(count):
        raise Refused(507, "no room", _HANGS_UP)


_HANGS_UP = {"Connection": "close"}
