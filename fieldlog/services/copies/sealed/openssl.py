"""The laptop's cipher, as a `Cipher`. Import it late: a phone has no such library."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldlog.model.errors import NotOpened


class OpenSsl:
    """See `Cipher`. Nothing here waits."""

    def random(self, count: int) -> bytes:
        """See `Cipher.random`."""
        return secrets.token_bytes(count)

    async def stretched(self, secret: bytes, salt: bytes, iterations: int) -> bytes:
        """See `Cipher.stretched`."""
        return hashlib.pbkdf2_hmac("sha256", secret, salt, iterations, 32)

    async def sealed(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """See `Cipher.sealed`."""
        return AESGCM(key).encrypt(nonce, data, bound)

    async def opened(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """See `Cipher.opened`."""
        try:
            return AESGCM(key).decrypt(nonce, data, bound)
        except InvalidTag as why:
            raise NotOpened from why
