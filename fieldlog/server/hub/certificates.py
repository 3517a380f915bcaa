"""Short certificates, by whose hash a browser knows the hub: ECDSA P-256, 13 days, the next eight made ahead.

A browser takes such a certificate only where it lives for 14 days at most. Each has a turn of 12 days, and is
valid half a day before and after it, so that a phone whose clock is wrong by hours still takes it. Eight turns are
three months: so long a phone finds the hub again without having met it.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ssl import PEM_cert_to_DER_cert

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TURN = timedelta(days=12)
SPARE = timedelta(hours=12)
AHEAD = 8
NAME = "fieldlog-hub"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One of them and its key, both as PEM; `turn` is when the hub begins to show it, aware."""

    turn: datetime
    certificate: str
    key: str

    @property
    def ends(self) -> datetime:
        """When the next one's turn comes."""
        return self.turn + TURN

    @property
    def hash(self) -> str:
        """What a browser is told of it: sha256 of the DER, base64url without padding."""
        digest = sha256(PEM_cert_to_DER_cert(self.certificate)).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def __repr__(self) -> str:
        return f"Certificate(turn={self.turn.isoformat()}, hash={self.hash})"  # never its key


def kept_up(known: Iterable[Certificate], now: datetime) -> tuple[Certificate, ...]:
    """Those that are still of use at `now`, and new ones behind them: the first is the one to show, eight follow.

    Where all have had their turn, or the clock was set back before them, all are new: whoever knows only the old
    ones has to be told anew.
    """
    mine = sorted((one for one in known if one.ends > now), key=lambda one: one.turn)
    if not mine or mine[0].turn > now:
        mine = [made(now)]
    mine = _without_gap(mine)
    while len(mine) <= AHEAD:
        mine.append(made(mine[-1].ends))
    return tuple(mine)


def _without_gap(mine: list[Certificate]) -> list[Certificate]:
    """As many from the first on as follow each other."""
    kept = mine[:1]
    for one in mine[1:]:
        if one.turn != kept[-1].ends:
            break
        kept.append(one)
    return kept


def made(turn: datetime) -> Certificate:
    """A new one whose turn begins then."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(turn - SPARE)
        .not_valid_after(turn + TURN + SPARE)
        # Without an extension Chromium refuses it, in the same words as for a wrong hash.
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    return Certificate(turn=turn, certificate=pem.decode(), key=secret.decode())
