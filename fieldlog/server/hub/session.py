"""One browser's session of WebTransport: its streams, how much it may send, and when it is sent away."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import ErrorCode
from aioquic.h3.events import DataReceived, H3Event, HeadersReceived, WebTransportStreamDataReceived
from aioquic.quic import events
from aioquic.quic.connection import NetworkAddress, QuicConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from fieldlog.server.hub.quic_insides import Http3, Sliding, can_send, cut, is_closing, unsent
from fieldlog.server.hub.stream_request import Gone, Patience, StreamRequest, say

PATH = "/fieldlog"
ANSWERED = [(b"sec-webtransport-http3-draft", b"draft02")]
SECURE = re.compile(r"https://[^/]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


@dataclass(frozen=True, kw_only=True)
class Caps:
    """What one hub bears. Bytes that may have come in and are not yet taken: of a stranger's session
    `stranger_bytes`, of all others together `known_bytes`; of an answer `unsent_bytes` wait to be sent. A stranger
    is sent away after `stranger_s`, who says nothing after `idle_s`."""

    sessions: int = 32
    sessions_an_address: int = 8
    requests: int = 64
    stranger_bytes: int = 256 * 2**10
    known_bytes: int = 64 * 2**20
    stream_bytes: int = 16 * 2**20
    unsent_bytes: int = 2**20
    stranger_s: float = 20
    idle_s: float = 60
    patience: Patience = field(default_factory=Patience)


def is_secure(origin: str) -> bool:
    """Whether an app may come from there: a page over https, or of this machine."""
    return SECURE.fullmatch(origin) is not None


def is_granted(path: str, status: int) -> bool:
    """Whether an answer shows that a device is paired: what is refused does not, nor what everybody may read."""
    return 200 <= status < 400 and path != "/openapi.json"


@dataclass(kw_only=True, eq=False)
class Shared:
    """What all sessions share."""

    app: ASGIApp
    caps: Caps
    allowed: Callable[[str], bool]
    requests: int = 0
    known: set[Session] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app, where it has not too much to do already."""
        if self.requests >= self.caps.requests:
            await say(send, HTTPStatus.TOO_MANY_REQUESTS, "busy")
            return
        self.requests += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.requests -= 1


class Session(QuicConnectionProtocol):
    """One browser's, with the requests that are under way."""

    def __init__(self, quic: QuicConnection, hub: Shared) -> None:
        super().__init__(quic)
        self._hub = hub
        self._http: Http3 | None = None
        self._session: int | None = None
        self._origin = b""
        self._streams = dict[int, _Stream]()
        self._waiting = 0
        self._stranger: asyncio.TimerHandle | None = None
        self._ended = False
        self.host = ""
        Sliding(quic, self._window, lambda: self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether nobody is there any more."""
        return self._ended or is_closing(self._quic)

    def _window(self) -> int:
        caps, known = self._hub.caps, self._hub.known
        return caps.known_bytes // len(known) if self in known else caps.stranger_bytes

    def datagram_received(self, data: bytes | str, addr: NetworkAddress) -> None:
        if not self.host:
            self.host = str(addr[0])
            self._stranger = self._loop.call_later(self._hub.caps.stranger_s, self._sent_away)
        super().datagram_received(data, addr)
        if self.is_over:  # it hung up: what it was at is of no use
            self._over()

    def _sent_away(self) -> None:
        if self not in self._hub.known:
            self.close(error_code=ErrorCode.H3_NO_ERROR)

    def transmit(self) -> None:
        super().transmit()
        for stream in self._streams.values():
            stream.look()

    def quic_event_received(self, event: events.QuicEvent) -> None:
        if isinstance(event, events.ConnectionTerminated):
            self._over()
        elif isinstance(event, events.ProtocolNegotiated):
            self._http = Http3(self._quic)
        elif isinstance(event, (events.StreamReset, events.StopSendingReceived)):
            if event.stream_id == self._session:
                self.close(error_code=ErrorCode.H3_NO_ERROR)
            elif (stream := self._streams.get(event.stream_id)) is not None:
                stream.request.lost()
                if stream.is_answered:
                    self._let_go(stream.id)
        if self._http is not None:
            for one in self._http.handle_event(event):
                self._http_event(one)

    def _http_event(self, event: H3Event) -> None:
        if isinstance(event, HeadersReceived):
            self._asked(event)
        elif isinstance(event, WebTransportStreamDataReceived):
            self._heard(event)
        elif isinstance(event, DataReceived) and event.stream_id == self._session and event.stream_ended:
            self.close(error_code=ErrorCode.H3_NO_ERROR)

    def _asked(self, event: HeadersReceived) -> None:
        """Open the one session that a connection has, where the page may."""
        if event.stream_id == self._session:  # more headers behind the first
            return
        said = dict(event.headers)
        status = b"404"
        if (said.get(b":method"), said.get(b":protocol")) == (b"CONNECT", b"webtransport"):
            origin = said.get(b"origin", b"")
            if not self._hub.allowed(origin.decode("latin-1")):
                status = b"403"
            elif said.get(b":path") == PATH.encode() and self._session is None:
                self._session, self._origin, status = event.stream_id, origin, b"200"
        assert self._http
        is_open = status == b"200"
        headers = [(b":status", status), *(ANSWERED if is_open else ())]
        if can_send(self._quic, event.stream_id):
            self._http.send_headers(event.stream_id, headers, end_stream=not is_open)

    def _heard(self, event: WebTransportStreamDataReceived) -> None:
        stream = self._streams.get(event.stream_id)
        if stream is None:
            if event.session_id != self._session or event.stream_id & 3:  # not a browser's, or only one way
                self._quic.stop_stream(event.stream_id, ErrorCode.H3_REQUEST_CANCELLED)
                return
            stream = self._streams[event.stream_id] = _Stream(self, event.stream_id)
            task = self._loop.create_task(self._answer(stream))
            self._hub.tasks.add(task)
            task.add_done_callback(self._hub.tasks.discard)
        if not stream.is_answered:
            self._waiting += len(event.data)
            stream.request.heard(event.data, event.stream_ended)
        elif event.stream_ended:
            self._let_go(stream.id)

    async def _answer(self, stream: _Stream) -> None:
        try:
            path, status = await stream.request.answer(self._hub.ask)
            if is_granted(path, status) and not self.is_over:
                self._hub.known.add(self)
        finally:
            stream.is_answered = True
            if stream.request.ended:
                self._let_go(stream.id)
        self._transmit_soon()

    def _let_go(self, stream_id: int) -> None:
        """Nothing more comes on a stream, and all was said."""
        self._streams.pop(stream_id, None)
        if self._http is not None:
            self._http.let_go(stream_id)

    def _over(self) -> None:
        if self._ended:
            return
        self._ended = True
        self._hub.known.discard(self)
        if self._stranger is not None:
            self._stranger.cancel()
        for stream in self._streams.values():
            stream.request.lost()
            stream.look()

    @property
    def about(self) -> Scope:
        """What is known of all requests of this session."""
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "3",
            "scheme": "https",
            "root_path": "",
            "client": (self.host, 0),
            "server": None,
            "headers": [(b"host", b"hub"), (b"origin", self._origin)],
        }

    def taken(self, count: int) -> None:
        self._waiting -= count
        self._transmit_soon()


class _Stream:
    """See `Line`: one request's stream in a session."""

    def __init__(self, session: Session, stream_id: int) -> None:
        self.id = stream_id
        self.is_answered = False
        self._session, self._quic = session, session._quic
        self._news = asyncio.Event()
        self.request = StreamRequest(self, session.about, session._hub.caps.patience)

    async def put(self, data: bytes, *, end: bool) -> None:
        if self._session.is_over or not can_send(self._quic, self.id):
            raise Gone
        self._quic.send_stream_data(self.id, data, end)
        self._session._transmit_soon()
        most = self._session._hub.caps.unsent_bytes
        while not end and (left := unsent(self._quic, self.id)) > most:
            await self._less_than(left)

    async def _less_than(self, left: int) -> None:
        """Wait until something was taken. Raises `Gone` where nothing is in good time."""
        try:
            async with asyncio.timeout(self._session._hub.caps.patience.unread_s):
                while unsent(self._quic, self.id) >= left and not self._session.is_over:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as why:
            self.cut()
            raise Gone from why
        if self._session.is_over:
            raise Gone

    def look(self) -> None:
        """Packets went out or came in."""
        self._news.set()

    def cut(self) -> None:
        """See `Line.cut`."""
        if not self._session.is_over:
            cut(self._quic, self.id)
            self._session._transmit_soon()

    def taken(self, count: int) -> None:
        self._session.taken(count)
