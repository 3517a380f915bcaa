"""The carrier for phones: any ASGI app over WebTransport, each request on a bidirectional stream of its own.

A browser comes to `https://<address>:<port>/fieldlog` and knows the certificate by its hash (`certificates.py`).
A stream is as `stream_request.py` has it. Whoever has not yet asked anything that was granted may send a little
only, and is sent away soon. A certificate that is changed holds for who comes from then on; sessions go on.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from typing import Any, cast

from aioquic._buffer import Buffer
from aioquic.asyncio.server import QuicServer
from aioquic.h3.connection import H3_ALPN
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import NetworkAddress, QuicConnection
from aioquic.quic.packet import pull_quic_header
from aioquic.tls import load_pem_private_key, load_pem_x509_certificates
from starlette.types import ASGIApp

from fieldlog.server.hub.certificates import Certificate
from fieldlog.server.hub.session import Caps, Session, Shared, is_secure

CID_BYTES = 8
ARRIVING_BYTES = 4 * 2**20
"""What the system keeps while this process is at something else, as far as it lets it: what is lost is sent again,
and ever more slowly."""

logging.getLogger("quic").setLevel(logging.ERROR)  # it tells of every address that hangs up


class WebTransport:
    """The hub's carrier while it is open: `port` is that of UDP. `show` changes the certificate."""

    def __init__(self, hub: Shared, server: QuicServer, configuration: QuicConfiguration, port: int) -> None:
        self._hub, self._server, self._configuration, self.port = hub, server, configuration, port

    def show(self, certificate: Certificate) -> None:
        """From now on who comes is shown this one; who is here stays."""
        _put(self._configuration, certificate)

    async def close(self) -> None:
        """Hang up on everybody."""
        self._server.close()
        for task in (tasks := set(self._hub.tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def offer(
    app: ASGIApp,
    certificate: Certificate,
    *,
    host: str = "0.0.0.0",
    port: int = 0,
    allowed: Callable[[str], bool] = is_secure,
    caps: Caps | None = None,
) -> WebTransport:
    """Offer an app. `allowed` says from which pages; port 0 is any that is free. Raises `OSError` where it is
    taken."""
    caps = caps or Caps()
    hub = Shared(app=app, caps=caps, allowed=allowed)
    configuration = QuicConfiguration(
        alpn_protocols=H3_ALPN,
        is_client=False,
        max_data=caps.stranger_bytes,
        max_stream_data=caps.stream_bytes,
        max_datagram_frame_size=65536,
        idle_timeout=caps.idle_s,
        connection_id_length=CID_BYTES,
    )
    _put(configuration, certificate)
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: _Door(hub, configuration=configuration), local_addr=(host, port)
    )
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ARRIVING_BYTES)
    return WebTransport(hub, server, configuration, transport.get_extra_info("sockname")[1])


def _put(configuration: QuicConfiguration, certificate: Certificate) -> None:
    configuration.certificate = load_pem_x509_certificates(certificate.certificate.encode())[0]
    configuration.private_key = load_pem_private_key(certificate.key.encode())
    configuration.verify_mode = ssl.CERT_NONE


class _Door(QuicServer):
    """Lets so many in, and so many of one address."""

    def __init__(self, hub: Shared, *, configuration: QuicConfiguration) -> None:
        self._hub = hub
        self._sessions = set[Session]()
        super().__init__(configuration=configuration, create_protocol=self._session, retry=True)

    def _session(self, quic: QuicConnection, stream_handler: Any = None) -> Session:
        session = Session(quic, self._hub)
        self._sessions.add(session)
        return session

    def datagram_received(self, data: bytes | str, addr: NetworkAddress) -> None:
        if self._is_full(addr) and self._is_new(data):
            return
        super().datagram_received(data, addr)

    def _is_full(self, addr: NetworkAddress) -> bool:
        if len(self._sessions) < self._hub.caps.sessions_an_address:
            return False
        self._sessions = {one for one in self._sessions if not one.is_over}
        of_it = sum(one.host == addr[0] for one in self._sessions)
        return len(self._sessions) >= self._hub.caps.sessions or of_it >= self._hub.caps.sessions_an_address

    def _is_new(self, data: bytes | str) -> bool:
        try:
            header = pull_quic_header(Buffer(data=cast(bytes, data)), host_cid_length=CID_BYTES)
        except ValueError:
            return True
        return header.destination_cid not in self._protocols
