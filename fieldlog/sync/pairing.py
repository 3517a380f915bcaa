"""The code by which a device is paired with a hub, or told where it is now: in a QR code, or typed. Pure.

    https://<where the app is>/#/p1.<address:port>[,<address:port>…].<fingerprint>~<hash>.<token>

`p1.…` alone is read as well. After the `#` stands a `/`: without it browsers' apps take `p1.192.168.1.9:` for the
scheme of an address, and it is lost. A code without a token pairs nobody: it only says where the hub is.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import sentence

LONGEST = 220
"""Characters: more, and a QR code is hard to read from a screen."""

UNREADABLE = sentence("This pairing code can’t be read. Copy it whole, from p1. to its end; nothing was changed.")

_BEGINS = re.compile(r"(?:^|#)/?(p1\..*)", re.ASCII | re.DOTALL)
_HASH = r"[A-Za-z0-9_-]{43}"
_CODE = re.compile(rf"p1\.(.+)\.({_HASH})(?:~({_HASH}))?\.((?:[A-Za-z0-9_-]{{16,64}})?)", re.ASCII)
_ADDRESS = re.compile(r"(?:[A-Za-z0-9.-]{1,64}|\[[0-9A-Fa-f:.]{2,45}\]):([1-9][0-9]{0,4})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class PairingCode:
    """`addresses` as in `192.168.1.9:47315` and `[2001:db8::9]:47315`. `fingerprint` is the hash (`hash_of`) of
    the certificate that a laptop is to meet, `hash` of the one that a browser is, "" for none. `token` is good for
    one pairing; "" for none."""

    addresses: tuple[str, ...]
    fingerprint: str
    hash: str = ""
    token: str = field(default="", repr=False)


def compose(code: PairingCode, app: str = "") -> str:
    """The code as text, a link where the address of an `app` is given. Addresses for which it has no room are
    left out, the last first."""
    before = f"{app.partition('#')[0]}#/" if app else ""
    hashes = f"{code.fingerprint}~{code.hash}" if code.hash else code.fingerprint
    said = f"{before}p1.{','.join(code.addresses)}.{hashes}.{code.token}"
    if len(said) > LONGEST and len(code.addresses) > 1:
        return compose(replace(code, addresses=code.addresses[:-1]), app)
    return said


def is_code(text: str) -> bool:
    """Whether this is meant as a pairing code, readable or not."""
    return _BEGINS.search(text.strip()) is not None


def read_code(text: str) -> PairingCode:
    """Raises `NotUnderstood`."""
    begins = _BEGINS.search(text.strip())
    found = _CODE.fullmatch(begins[1]) if begins else None
    addresses = tuple(found[1].split(",")) if found else ()
    if found is None or not all(map(is_address, addresses)):
        raise NotUnderstood(UNREADABLE)
    return PairingCode(addresses=addresses, fingerprint=found[2], hash=found[3] or "", token=found[4])


def is_address(said: str) -> bool:
    """Whether this is a host and a port."""
    found = _ADDRESS.fullmatch(said)
    return found is not None and int(found[1]) < 65_536


def hash_of(certificate: bytes) -> str:
    """Of a certificate (DER): its sha256 in base64url, without the sign at its end."""
    return text_of(sha256(certificate).digest())


def text_of(data: bytes) -> str:
    """Bytes as base64url, without signs at the end."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()
