"""A laptop's `Http` to one server that has a certificate of its own making: that certificate and no other is met.

On phones there is none, so this is imported late.
"""

from __future__ import annotations

import asyncio
import ssl

import httpx

from fieldlog.model.ports import Login
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.sync.laptop_http import LaptopHttp
from fieldlog.sync.pairing import hash_of
from fieldlog.sync.target import Unreachable

CONNECT_SECONDS = 3.0
"""In the same network; a hub has several addresses, and most are of no use from here."""

TIMES = httpx.Timeout(60, connect=CONNECT_SECONDS)
ANOTHER = sentence("What answers at {address} is not the hub of this code. Show a new code there.")


def pinned_http(login: Login | None, certificate: str) -> LaptopHttp:
    """Asks whoever has this certificate (PEM), whatever their address."""
    trusts = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusts.check_hostname = False
    trusts.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trusts.load_verify_locations(cadata=certificate)
    return LaptopHttp(login, trusts=trusts, times=TIMES)


async def certificate_of(address: str, fingerprint: str) -> str:
    """The certificate (PEM) that whoever is at an address shows. Nothing is sent to them.

    Raises `Unreachable` where nobody is, or somebody whose certificate has another hash (`hash_of`).
    """
    looks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    looks.check_hostname, looks.verify_mode = False, ssl.CERT_NONE
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=looks)
    except (OSError, TimeoutError) as why:
        raise Unreachable(Sentence("{host} does not answer.", host=address)) from why
    shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    if shown is None or hash_of(shown) != fingerprint:
        raise Unreachable(Sentence(ANOTHER, address=address))
    return ssl.DER_cert_to_PEM_cert(shown)
