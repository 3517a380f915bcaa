"""The least that takes photos over WebTransport, to measure the hub against: aioquic, and sha256 of each stream.

    python -m tests.bench.bare_quic

Prints a port and the hash of its certificate.
"""

from __future__ import annotations

import asyncio
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


class Hashing(QuicConnectionProtocol):
    """Answers each stream with the hash of what came on it."""

    http: H3Connection | None = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._hashes = dict[int, Any]()

    def quic_event_received(self, event: events.QuicEvent) -> None:
        if isinstance(event, events.ProtocolNegotiated):
            self.http = H3Connection(self._quic, enable_webtransport=True)
        for one in self.http.handle_event(event) if self.http else ():
            if isinstance(one, HeadersReceived) and self.http:
                draft = (b"sec-webtransport-http3-draft", b"draft02")
                self.http.send_headers(one.stream_id, [(b":status", b"200"), draft])
            elif isinstance(one, WebTransportStreamDataReceived):
                self._hashes.setdefault(one.stream_id, sha256()).update(one.data)
                if one.stream_ended:
                    told = self._hashes.pop(one.stream_id).hexdigest().encode()
                    self._quic.send_stream_data(one.stream_id, ANSWER + told, end_stream=True)


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
