"""The certificate by which laptops know a hub: made once, good for ten years, known by its fingerprint alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fieldlog.services.hub.record import HubRecord, fingerprint_of

KEPT_AS = "https"
YEARS = timedelta(days=3650)
BEFORE = timedelta(days=2)
"""The clock of whoever comes may be behind."""

NAME = "FieldLog hub"


async def own_certificate(record: HubRecord, now: datetime) -> str:
    """The fingerprint (`fingerprint_of`) of the hub's certificate, which lies with its key, as PEM, in what the
    record keeps private as `KEPT_AS`. One that can't be read, or ends soon, is made anew: then laptops are paired
    anew."""
    kept = await record.private(KEPT_AS)
    certificate = _read(kept)
    if certificate is None or certificate.not_valid_after_utc - now < timedelta(days=30):
        kept = _made(now)
        await record.keep_private(KEPT_AS, kept)
        certificate = x509.load_pem_x509_certificate(kept)
    return fingerprint_of(certificate.public_bytes(serialization.Encoding.DER))


def _read(pem: bytes) -> x509.Certificate | None:
    try:
        serialization.load_pem_private_key(pem, password=None)
        return x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError):
        return None


def _made(now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + YEARS)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("fieldlog.invalid")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
