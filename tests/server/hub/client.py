"""A client of WebTransport for tests, that can also do what no browser does.

async with visiting(port) as client:
    status, headers, body = await client.ask("PUT", "/x", b"…")
    stream = client.begin(b'{"method": …')      # half a request
    stream.more(b"…", end=True)
    await stream.answer()
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic import events
from aioquic.quic.configuration import QuicConfiguration

from fieldlog.server.hub.session import PATH

ORIGIN = "https://log.example.org"
Said = tuple[int, dict[str, str], bytes]


class Cut(ConnectionError):
    """The other side ended the stream in the middle, or the connection."""


class ClientStream:
    """One request, as bytes."""

    def __init__(self, client: Client, stream_id: int) -> None:
        self._client, self.id = client, stream_id
        self.got = b""
        self.over, self.cut, self.stopped = asyncio.Event(), False, False

    def more(self, data: bytes, *, end: bool = False) -> None:
        if self.over.is_set():
            return
        self._client.quic.send_stream_data(self.id, data, end)
        self._client._transmit_soon()

    def ended(self, *, cut: bool = False) -> None:
        self.cut = self.cut or cut
        self.over.set()

    async def answer(self) -> Said:
        """Status, headers and body. Raises `Cut`."""
        await self.over.wait()
        if self.cut:
            raise Cut
        line, _, body = self.got.partition(b"\n")
        said = json.loads(line)
        return said["status"], said["headers"], body


class Client(QuicConnectionProtocol):
    """One connection with one session; `refused` is the status where the session was."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.quic = self._quic
        self.http: H3Connection | None = None
        self.session = 0
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.streams = dict[int, ClientStream]()
        self.is_over = asyncio.Event()

    def open_session(self, path: str, origin: str) -> None:
        self.http = H3Connection(self._quic, enable_webtransport=True)
        self.session = self._quic.get_next_available_stream_id()
        self.http.send_headers(
            self.session,
            [
                (b":method", b"CONNECT"),
                (b":scheme", b"https"),
                (b":authority", b"hub"),
                (b":path", path.encode()),
                (b":protocol", b"webtransport"),
                *([(b"origin", origin.encode())] if origin else []),
            ],
        )
        self.transmit()

    def begin(self, data: bytes = b"", *, end: bool = False) -> ClientStream:
        assert self.http
        stream_id = self.http.create_webtransport_stream(self.session)
        stream = self.streams[stream_id] = ClientStream(self, stream_id)
        stream.more(data, end=end)
        return stream

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Said:
        return await self.begin(line(method, path, headers) + body, end=True).answer()

    def quic_event_received(self, event: events.QuicEvent) -> None:
        if isinstance(event, events.ConnectionTerminated):
            self.is_over.set()
            for stream in self.streams.values():
                if not stream.over.is_set():
                    stream.ended(cut=True)
            if not self.opened.done():
                self.opened.set_exception(Cut())
        if isinstance(event, events.StreamReset) and event.stream_id in self.streams:
            self.streams[event.stream_id].ended(cut=True)
        if isinstance(event, events.StopSendingReceived) and event.stream_id in self.streams:
            self.streams[event.stream_id].stopped = True
        if isinstance(event, events.StreamDataReceived) and event.stream_id in self.streams:
            stream = self.streams[event.stream_id]  # aioquic does not know its own streams again
            stream.got += event.data
            if event.end_stream:
                stream.ended()
            return
        for one in self.http.handle_event(event) if self.http else ():
            if isinstance(one, HeadersReceived) and one.stream_id == self.session and not self.opened.done():
                self.opened.set_result(int(dict(one.headers)[b":status"]))


def line(method: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    return json.dumps({"method": method, "path": path, "headers": dict(headers or {})}).encode() + b"\n"


@asynccontextmanager
async def visiting(port: int, *, path: str = PATH, origin: str = ORIGIN) -> AsyncIterator[Client]:
    """A client whose session is open. Raises `AssertionError` with the status where it is refused."""
    configuration = QuicConfiguration(
        alpn_protocols=H3_ALPN, is_client=True, max_datagram_frame_size=65536, verify_mode=ssl.CERT_NONE
    )
    async with connect("127.0.0.1", port, configuration=configuration, create_protocol=Client) as client:
        assert isinstance(client, Client)
        client.open_session(path, origin)
        async with asyncio.timeout(10):
            status = await client.opened
        assert status == 200, status
        try:
            yield client
        finally:
            client._closed.set()  # nobody waits until the other side has heard of it
