"""The passwords of targets: in the keyring of this device, or only in memory. No file of ours shows one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.ports import Keyring, Offload
from fieldlog.model.sentence import Sentence

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "FieldLog"
SAFE_PRIORITY = 1
"""Keyrings below it keep passwords in files of their own, readable or not."""

Ask = Callable[[str], Awaitable[str]]
"""Asks a person for the secret of an address; "" where they give none."""


class SecretNeeded(NotUnderstood):
    """Nobody has the password of this address."""

    def __init__(self, address: str) -> None:
        super().__init__(Sentence("The password of {address} is needed.", address=address))
        self.address = address


class Secrets:
    """Secrets by the address they belong to, user name and all. What is `given` from outside is taken for any
    address and kept nowhere. Without a `ring` it is the laptop's own, where there is one."""

    def __init__(
        self, offload: Offload, *, ask: Ask | None = None, given: str = "", ring: Keyring | None = None
    ) -> None:  # fmt: skip
        self._ask, self._given = ask, given
        self._ring = ring or _LaptopsRing(offload)
        self._here, self._typed = dict[str, str](), dict[str, str]()

    def typed(self, address: str, secret: str) -> None:
        """A person typed it: the next time it goes before whatever is known. "" is nothing."""
        if secret:
            self._typed[address] = secret

    async def find(self, address: str, *, asks: bool = True) -> tuple[str, bool]:
        """The secret, and whether a person gave it just now: then it is kept once it has been of use. Nobody
        `asks` for what no person knows.

        Raises `SecretNeeded` where nobody has it.
        """
        if secret := self._typed.pop(address, ""):
            return secret, True
        known = self._given or self._here.get(address) or await self._ring.find(address)
        if known:
            return known, False
        if asks and self._ask and (secret := await self._ask(address)):
            return secret, True
        raise SecretNeeded(address)

    async def keep(self, address: str, secret: str) -> bool:
        """Remember it. Whether it stands in the keyring; else it is forgotten when the app ends."""
        self._here[address] = secret
        return await self._ring.keep(address, secret)

    async def forget(self, address: str) -> None:
        """It is not taken any more, or not to be used: the next time it is asked for."""
        self._here.pop(address, None)
        await self._ring.forget(address)


class _LaptopsRing:
    """See `Keyring`: that of the system, off the event loop, for it may ask a person."""

    def __init__(self, offload: Offload) -> None:
        self._offload = offload

    async def find(self, address: str) -> str:
        return str(await self._offload(_looked_up, address))

    async def keep(self, address: str, secret: str) -> bool:
        return bool(await self._offload(_stored, address, secret))

    async def forget(self, address: str) -> None:
        await self._offload(_removed, address)


def _keyring() -> KeyringBackend | None:
    """The device's own; None on a phone, and where no service keeps secrets."""
    try:
        import keyring
    except ModuleNotFoundError:
        return None
    try:
        ring = keyring.get_keyring()
        return ring if ring.priority >= SAFE_PRIORITY else None
    except RuntimeError:  # it could not be used after all
        return None


def _looked_up(address: str) -> str:
    if (ring := _keyring()) is None:
        return ""
    from keyring.errors import KeyringError

    try:
        return ring.get_password(SERVICE, address) or ""
    except (KeyringError, OSError, RuntimeError):
        return ""


def _stored(address: str, secret: str) -> bool:
    if (ring := _keyring()) is None:
        return False
    from keyring.errors import KeyringError

    try:
        ring.set_password(SERVICE, address, secret)
    except (KeyringError, OSError, RuntimeError):
        return False
    return True


def _removed(address: str) -> None:
    if (ring := _keyring()) is None:
        return
    from keyring.errors import KeyringError

    try:
        ring.delete_password(SERVICE, address)
    except (KeyringError, OSError, RuntimeError):
        return
