"""The browser's own cipher, as a `Cipher`: in a worker, without a page."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Any, cast

from fieldlog.model.errors import NotOpened
from fieldlog.model.ports import Cipher

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, to_js


def find_cipher() -> Cipher | None:
    """That of this browser; None where the page was not fetched over https, and has none."""
    return cast("Cipher", WebCrypto()) if getattr(js.crypto, "subtle", None) else None


class WebCrypto:
    """See `Cipher`."""

    def random(self, count: int) -> bytes:
        """See `Cipher.random`: Python in a browser asks the browser."""
        return secrets.token_bytes(count)

    async def stretched(self, secret: bytes, salt: bytes, iterations: int) -> bytes:
        """See `Cipher.stretched`."""
        key = await js.crypto.subtle.importKey("raw", to_js(secret), "PBKDF2", False, to_js(["deriveBits"]))
        how = _options(name="PBKDF2", hash="SHA-256", salt=to_js(salt), iterations=iterations)
        return _bytes(await js.crypto.subtle.deriveBits(how, key, 256))

    async def sealed(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """See `Cipher.sealed`."""
        whose = await _key(key, "encrypt")
        return _bytes(await js.crypto.subtle.encrypt(_how(nonce, bound), whose, to_js(data)))

    async def opened(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """See `Cipher.opened`."""
        whose = await _key(key, "decrypt")
        try:
            return _bytes(await js.crypto.subtle.decrypt(_how(nonce, bound), whose, to_js(data)))
        except JsException as why:
            raise NotOpened from why


async def _key(key: bytes, use: str) -> Any:
    return await js.crypto.subtle.importKey("raw", to_js(key), "AES-GCM", False, to_js([use]))


def _how(nonce: bytes, bound: bytes) -> Any:
    return _options(name="AES-GCM", iv=to_js(nonce), additionalData=to_js(bound), tagLength=128)


def _options(**values: object) -> Any:
    return to_js(values, dict_converter=js.Object.fromEntries)


def _bytes(buffer: Any) -> bytes:
    found: bytes = buffer.to_bytes()
    return found
