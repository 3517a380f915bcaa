"""The least that takes photos over WebTransport and hands some out, to measure the hub against: aioquic, sha256 of
each stream that is sent, and for each that asks the same bytes from memory.

    python -m tests.bench.bare_quic

Prints a port and the hash of its certificate.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived, WebTransportStreamDataReceived
from aioquic.quic import events
from aioquic.quic.configuration import QuicConfiguration
from aioquic.tls import load_pem_private_key, load_pem_x509_certificates

from fieldlog.server.hub.certificates import made

ANSWER = b'{"status":200,"headers":{}}\n'
ASKS = b'{"method": "GET"'
PHOTO = os.urandom(4 * 10**6)


class Hashing(QuicConnectionProtocol):
    """Answers each stream with the hash of what came on it, or with a photo where it asks for one."""

    http: H3Connection | None = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._hashes = dict[int, Any]()
        self._asking = set[int]()

    def quic_event_received(self, event: events.QuicEvent) -> None:
        if isinstance(event, events.ProtocolNegotiated):
            self.http = H3Connection(self._quic, enable_webtransport=True)
        for one in self.http.handle_event(event) if self.http else ():
            if isinstance(one, HeadersReceived) and self.http:
                draft = (b"sec-webtransport-http3-draft", b"draft02")
                self.http.send_headers(one.stream_id, [(b":status", b"200"), draft])
            elif isinstance(one, WebTransportStreamDataReceived):
                self._heard(one)

    def _heard(self, event: WebTransportStreamDataReceived) -> None:
        if event.data.startswith(ASKS) and event.stream_id not in self._hashes:
            self._asking.add(event.stream_id)
        self._hashes.setdefault(event.stream_id, sha256()).update(event.data)
        if event.stream_ended:
            told = self._hashes.pop(event.stream_id).hexdigest().encode()
            said = PHOTO if event.stream_id in self._asking else told
            self._quic.send_stream_data(event.stream_id, ANSWER + said, end_stream=True)


async def main() -> None:
    certificate = made(datetime.now(UTC))
    configuration = QuicConfiguration(
        alpn_protocols=H3_ALPN, is_client=False, max_data=64 << 20, max_stream_data=16 << 20,
        max_datagram_frame_size=65536,
    )  # fmt: skip
    configuration.certificate = load_pem_x509_certificates(certificate.certificate.encode())[0]
    configuration.private_key = load_pem_private_key(certificate.key.encode())
    server = await serve("127.0.0.1", 0, configuration=configuration, create_protocol=Hashing)
    transport: Any = server._transport
    print(transport.get_extra_info("sockname")[1], certificate.hash, "", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
