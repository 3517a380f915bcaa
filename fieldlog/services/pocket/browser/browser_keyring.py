"""The browser's `Keyring`: passwords in its own database, sealed with a key that it uses and never gives out."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from fieldlog.services.machine.machine import addressed

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, create_proxy, to_js

NAME, TABLE = "fieldlog-passwords", "passwords"
KEY = ""
"""Under no address lies the key itself."""


class BrowserKeyring:
    """See `Keyring`. Where the browser lets nothing be kept, or has no cipher, nothing is."""

    async def find(self, address: str) -> str:
        """See `Keyring.find`."""
        with suppress(JsException, OSError):
            key, kept = await _told("readonly", _get(KEY)), await _told("readonly", _get(address))
            if key and kept:
                opened = await js.crypto.subtle.decrypt(_how(kept.iv, address), key, kept.data)
                return str(opened.to_bytes().decode())
        return ""

    async def keep(self, address: str, secret: str) -> bool:
        """See `Keyring.keep`."""
        with suppress(JsException, OSError, AttributeError):
            key, iv = await _key(), to_js(secrets.token_bytes(12))
            data = await js.crypto.subtle.encrypt(_how(iv, address), key, to_js(secret.encode()))
            await _told("readwrite", lambda table: table.put(_object(iv=iv, data=data), address))
            return True
        return False

    async def forget(self, address: str) -> None:
        """See `Keyring.forget`."""
        with suppress(JsException, OSError):
            await _told("readwrite", lambda table: table.delete(address))


async def _key() -> Any:
    """The one key, made the first time."""
    if key := await _told("readonly", _get(KEY)):
        return key
    key = await js.crypto.subtle.generateKey(
        _object(name="AES-GCM", length=256), False, to_js(["encrypt", "decrypt"])
    )
    await _told("readwrite", lambda table: table.put(key, KEY))
    return key


def _get(name: str) -> Callable[[Any], Any]:
    return lambda table: table.get(name)


async def _told(how: str, ask: Callable[[Any], Any]) -> Any:
    """What the table answers. Raises `OSError` where the browser refuses."""
    opening = js.indexedDB.open(addressed(NAME), 1)
    begin = create_proxy(lambda _: opening.result.createObjectStore(TABLE))
    opening.onupgradeneeded = begin
    try:
        base = await _answered(opening)
    finally:
        begin.destroy()
    try:
        return await _answered(ask(base.transaction(TABLE, how).objectStore(TABLE)))
    finally:
        base.close()


async def _answered(request: Any) -> Any:
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    good = create_proxy(lambda _: answer.set_result(request.result))
    bad = create_proxy(lambda _: answer.set_exception(OSError(str(request.error))))
    request.onsuccess, request.onerror = good, bad
    try:
        return await answer
    finally:
        good.destroy()
        bad.destroy()


def _how(iv: Any, address: str) -> Any:
    return _object(name="AES-GCM", iv=iv, additionalData=to_js(address.encode()))


def _object(**values: object) -> Any:
    return to_js(values, dict_converter=js.Object.fromEntries)
