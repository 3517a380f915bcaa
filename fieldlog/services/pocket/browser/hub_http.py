"""The browser's way to a hub: WebTransport, which takes a certificate by its hash and no other authority.

Each request is a stream of its own in one session: a JSON line (method, path, headers) and the body, and the
answer likewise. All addresses are tried at once, and the first that answers is kept to.
"""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Answer, Login
from fieldlog.model.sentence import Sentence
from fieldlog.services.pocket.browser.no_way import (
    NotYetAllowed,
    NoWebTransport,
    first_answered,
    why_none,
)
from fieldlog.services.pocket.browser.policy import Policy
from fieldlog.sync.target import TargetRefused, Unreachable

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, create_proxy, to_js

PATH = "/fieldlog"
FOUND_SECONDS = 4.0
"""For all addresses together; with what comes before and after, a person has the answer within five."""

ASKED_SECONDS = 60.0
"""So long a person may take to answer the browser."""

GIVEN_UP_SECONDS = 10.0
"""So long it is not looked for again: whoever asks at the other addresses has the same answer at once."""

PIECE_SECONDS = 60.0
PIECE_BYTES = 2**20
LINE_BYTES = 2**16


class HubHttp:
    """See `Http`. `hashes` are those of certificates, one of them the hub's; `addresses` are where it may be
    (`192.168.1.9:47315`), beside those that are asked for."""

    def __init__(
        self, login: Login | None, hashes: Sequence[str], addresses: Sequence[str] = (), *,
        policy: Policy | None = None,
    ) -> None:  # fmt: skip
        self._login, self._hashes, self._addresses = login, hashes, list(addresses)
        self._policy = policy or Policy()
        self._session: _Session | None = None
        self._finding = asyncio.Lock()
        self._refused: tuple[float, FieldLogError] | None = None

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[Answer]:
        """See `Http.request`. Raises what `no_way` has, which says what a person can do."""
        parts = urlsplit(url)
        session = await self._open(parts.netloc)
        login = {"Authorization": self._login.header} if self._login else {}
        length = {} if body is None else {"Content-Length": str(len(body))}
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        line = json.dumps({"method": method, "path": path, "headers": {**headers, **login, **length}}) + "\n"
        stream = await session.stream()
        sending = asyncio.ensure_future(_sent(stream, line.encode(), body or b""))
        reading = _Reading(stream, parts.netloc)
        try:
            status, told = await reading.line()
            yield Answer(status=status, headers=told, pieces=reading.pieces())
        finally:
            sending.cancel()
            await reading.close()

    async def close(self) -> None:
        if self._session is not None:
            self._session.close()

    async def _open(self, address: str) -> _Session:
        """The session, where it is with this address. Raises `Unreachable` where another one answered."""
        async with self._finding:
            if self._session is None or self._session.is_over:
                self._session = await self._found(address)
        if self._session.address != address:
            raise Unreachable(Sentence("{host} does not answer.", host=address))
        return self._session

    async def _found(self, address: str) -> _Session:
        now = asyncio.get_running_loop().time()
        if self._refused and now < self._refused[0] and address in self._addresses:
            raise self._refused[1]
        if address not in self._addresses:
            self._addresses.append(address)
        await self._policy.passed(*(f"https://{one}" for one in self._tried()))
        try:
            return await _first_of(self._tried(), self._hashes)
        except FieldLogError as why:
            self._refused = asyncio.get_running_loop().time() + GIVEN_UP_SECONDS, why
            raise

    def _tried(self) -> list[str]:
        """All of them, but for those that the browser's rules can't name, where there are others."""
        return [one for one in self._addresses if not one.startswith("[")] or self._addresses


class _Session:
    """One that is open, with one address."""

    def __init__(self, address: str, transport: Any) -> None:
        self.address, self.is_over = address, False
        self._transport = transport
        self._over = create_proxy(self._ended)
        transport.closed.then(self._over, self._over)

    def _ended(self, _: object) -> None:
        self.is_over = True

    async def stream(self) -> Any:
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                return await self._transport.createBidirectionalStream()
        except (JsException, TimeoutError) as why:
            self.close()
            raise _cut(self.address) from why

    def close(self) -> None:
        self.is_over = True
        with suppress(JsException):
            self._transport.close()


async def _first_of(addresses: Sequence[str], hashes: Sequence[str]) -> _Session:
    """A session with whichever answers first. Raises `NoWebTransport`, `NotAllowed` and `NoWay`."""
    begun = [(address, _begun(address, hashes)) for address in addresses]
    tasks = {asyncio.ensure_future(_ready(transport)): (address, transport) for address, transport in begun}
    found = await first_answered(tasks, FOUND_SECONDS)
    if found is not None:
        _hang_up({task: way for task, way in tasks.items() if task is not found})
        return _Session(*tasks[found])
    why = await why_none(addresses)
    if isinstance(why, NotYetAllowed):  # who hangs up takes the browser's question away
        asyncio.get_running_loop().call_later(ASKED_SECONDS, _hang_up, tasks)
    else:
        _hang_up(tasks)
    raise why


def _hang_up(tasks: Mapping[asyncio.Task[None], tuple[str, Any]]) -> None:
    for task, (_, transport) in tasks.items():
        task.cancel()
        with suppress(JsException):
            transport.close()


def _begun(address: str, hashes: Sequence[str]) -> Any:
    if not hasattr(js, "WebTransport"):
        raise NoWebTransport
    values = [{"algorithm": "sha-256", "value": urlsafe_b64decode(one + "=" * (-len(one) % 4))} for one in hashes]
    how = {"serverCertificateHashes": values, "congestionControl": "throughput"}
    try:
        return js.WebTransport.new(f"https://{address}{PATH}", to_js(how, dict_converter=js.Object.fromEntries))
    except JsException as why:
        if why.name == "NotSupportedError":
            raise NoWebTransport from why
        raise TargetRefused(Sentence("{host} is no address that can be reached.", host=address)) from why


async def _ready(transport: Any) -> None:
    quiet = create_proxy(lambda _: None)
    transport.closed.catch(quiet)  # nobody waits for it yet
    await transport.ready


async def _sent(stream: Any, line: bytes, body: bytes) -> None:
    """What is refused in the middle is told by the answer, or by there being none."""
    writer = stream.writable.getWriter()
    try:
        await writer.write(to_js(line))
        data = to_js(body)
        for at in range(0, len(body), PIECE_BYTES):
            await writer.write(data.subarray(at, at + PIECE_BYTES))
        await writer.close()
    except JsException:
        return
    except asyncio.CancelledError:
        with suppress(JsException):
            writer.abort().catch(create_proxy(lambda _: None))
        raise


class _Reading:
    """What comes back on a stream."""

    def __init__(self, stream: Any, host: str) -> None:
        self._host, self._rest, self._done = host, b"", False
        self._reader = stream.readable.getReader()

    async def line(self) -> tuple[int, dict[str, str]]:
        """The status and the headers."""
        line = b""
        while b"\n" not in line and len(line) < LINE_BYTES:
            if not (piece := await self._piece()):
                break
            line += piece
        line, _, self._rest = line.partition(b"\n")
        try:
            said = json.loads(line)
            return int(said["status"]), {str(name): str(value) for name, value in said["headers"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as why:
            raise _cut(self._host) from why

    async def pieces(self) -> AsyncIterator[bytes]:
        piece, self._rest = self._rest, b""
        while piece or (piece := await self._piece()):
            for at in range(0, len(piece), PIECE_BYTES):
                yield piece[at : at + PIECE_BYTES]
            piece = b""

    async def close(self) -> None:
        if not self._done:
            with suppress(JsException):
                self._reader.cancel().catch(create_proxy(lambda _: None))

    async def _piece(self) -> bytes:
        """b"" at the end."""
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                read = await self._reader.read()
        except (JsException, TimeoutError) as why:
            raise _cut(self._host) from why
        if read.done:
            self._done = True
            return b""
        return bytes(read.value.to_bytes())


def _cut(host: str) -> Unreachable:
    return Unreachable(Sentence("{host} stopped in the middle of an answer.", host=host))
