"""A hub: what it offers to paired devices, and how a device is paired, met and revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from fieldlog.model.errors import FieldLogError
from fieldlog.model.moment import iso
from fieldlog.model.sentence import sentence
from fieldlog.services.hub.record import HubRecord, PairedDevice, hash_of_key
from fieldlog.services.hub.shelf import Shelf
from fieldlog.services.study.workspace import Workspace
from fieldlog.sync.pairing import PairingCode, compose, text_of

FOLDER = "hub"
"""Of a hub, in its study's folder: an exchange like any other."""

TOKEN_LIVES = timedelta(minutes=10)
WRONG_TOKENS = 5
MET_EVERY = timedelta(minutes=1)
"""When a device was last met is written down so often."""

MOST_HASHES = 8


class NoPairing(FieldLogError):
    """The token is used, too old, or none of this hub's."""

    def __init__(self) -> None:
        super().__init__(sentence("This pairing code is used, too old or wrong. Show a new one."))


@dataclass
class _Token:
    hash: str
    until: datetime
    wrong: int = 0


async def _nothing() -> None: ...


@dataclass
class Hub:
    """Made by `hub_of`. Who carries it says at which `addresses` it is reached (`192.168.1.9:47315`), by which
    certificate laptops know it (`fingerprint`), and which `hashes` browsers will need, the present one first.

    `heard` are told of whatever a person may want to see; `came` when a device has brought something. `ready` is
    waited for before anything is read: what was erased here is gone from the folder then. `fresh` is before heads
    are listed.
    """

    work: Workspace
    record: HubRecord
    shelf: Shelf
    name: str
    addresses: Sequence[str] = ()
    fingerprint: str = ""
    hashes: Callable[[], Sequence[str]] = tuple
    heard: list[Callable[[], None]] = field(default_factory=list)
    came: Callable[[], None] = lambda: None
    ready: Callable[[], Awaitable[None]] = _nothing
    fresh: Callable[[], Awaitable[None]] = _nothing
    where: Callable[[], Sequence[str]] | None = None
    """Looks at which addresses it is reached now; None where these stay."""

    received: int = 0
    """Bytes that devices have brought since it was opened."""

    _token: _Token | None = field(default=None, repr=False)
    _pairing: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    @property
    def study(self) -> str:
        return self.work.store.project

    # -- pairing

    def new_code(self) -> str:
        """The text of a code that pairs one device, within ten minutes; every code before it is void."""
        self.look_around()
        token = text_of(bytes.fromhex(self.work.machine.new_salt()))
        self._token = _Token(hash=_hash(token), until=self._now() + TOKEN_LIVES)
        return self.code(token)

    def code(self, token: str = "") -> str:
        """The text of a code with this token; without one it only says where the hub is."""
        hashes = self.hashes()
        code = PairingCode(
            addresses=tuple(self.addresses), fingerprint=self.fingerprint, hash=hashes[0] if hashes else "",
            token=token,
        )  # fmt: skip
        return compose(code, self.record.app)

    def close_code(self) -> None:
        """Nobody can be paired any more, until there is a new code."""
        self._token = None

    def look_around(self) -> None:
        """It may have come into another network."""
        if self.where is not None:
            self.addresses = self.where()

    @property
    def pairs_until(self) -> datetime | None:
        """So long the code is good that was made last; None where it is not."""
        return self._token.until if self._token is not None and self.pairs else None

    @property
    def pairs(self) -> bool:
        """Whether a code is good this moment."""
        return self._token is not None and self._now() <= self._token.until

    async def pair(self, token: str, device: str, name: str) -> Mapping[str, Any]:
        """A device has the token of the code: its key, and all it needs to come back. Raises `NoPairing`, and as
        the disk does; then the token is as good as before."""
        async with self._pairing:
            self._is_right(token)
            key = text_of(bytes.fromhex(self.work.machine.new_salt() + self.work.machine.new_salt()))
            paired = PairedDevice(id=device, name=name, key=hash_of_key(key), since=iso(self._now()))
            await self.record.pair(paired)
            self._token = None
        self._tell()
        return {"key": key, **self.meeting(), "fingerprint": self.fingerprint}

    def _is_right(self, token: str) -> None:
        known = self._token
        right = compare_digest(_hash(token), known.hash if known else _hash(""))
        if known is None or self._now() > known.until or not right:
            if known is not None and not right:
                known.wrong += 1
                if known.wrong >= WRONG_TOKENS:
                    self._token = None
                    self._tell()
            raise NoPairing

    # -- devices

    def whose(self, key: str) -> PairedDevice | None:
        """The paired device that has a key; None for every other key."""
        return self.record.whose(key)

    def meeting(self) -> dict[str, Any]:
        """What a device has to know to find this hub again."""
        self.look_around()
        return {
            "hub": self.record.id, "name": self.name, "study": self.study, "addresses": list(self.addresses),
            "hashes": list(self.hashes())[:MOST_HASHES], "time": iso(self._now()),
        }  # fmt: skip

    async def met(self, device: PairedDevice) -> None:
        """A device has come."""
        if device.met_at is None or self._now() - device.met_at >= MET_EVERY:
            await self.record.met(device.id, self._now())
            self._tell()

    async def revoke(self, device: str) -> None:
        """From now on a device, by its id, is a stranger. Raises as the disk does."""
        await self.record.revoke(device, self._now())
        self._tell()

    def took(self, count: int) -> None:
        """A device has brought a file of so many bytes, or has taken one away."""
        self.received += count
        self.came()
        self._tell()

    def _now(self) -> datetime:
        return self.work.machine.clock().at

    def _tell(self) -> None:
        for tell in list(self.heard):
            tell()


async def hub_of(work: Workspace, name: str = "") -> Hub:
    """The hub of an open study. `name` is what a person calls this device. Raises as the disk does."""
    record = await HubRecord.of(work.store.disk, work.machine.new_id)
    await record.keep()
    folder = work.machine.disk_at(f"studies/{work.store.project}/{FOLDER}")
    return Hub(work, record, Shelf(folder, work.machine.offload), name or work.device.label or "FieldLog")


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
