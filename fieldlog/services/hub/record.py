"""What a hub remembers of itself and of the devices that are paired with it, in two places of its study's folder.

`hub.json` names devices and holds of each key its hash alone. What ends with `.key` (`keep_private`) is readable
by its owner only. Neither is in any backup, archive or exchange.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from fieldlog.model import gate
from fieldlog.model.errors import MissingFile
from fieldlog.model.moment import iso, parse
from fieldlog.model.ports import Disk
from fieldlog.services.study.kept import Form, made_of, read_kept, write_kept
from fieldlog.sync.pairing import hash_of

_TEXTS = {"id": gate.identifier, "name": gate.text, "key": gate.text, "since": gate.text, "met": gate.text}
_FORM = Form(
    path="hub.json",
    whole={"id": gate.identifier, "port": gate.amount, "app": gate.text},
    each={"devices": (list, gate.complete(**_TEXTS, revoked=gate.text))},
)


@dataclass(frozen=True, kw_only=True)
class PairedDevice:
    """A device that was paired. `key` is the sha256 of its key, in hex; "" for one that was revoked. `since`,
    `met` and `revoked` are ISO texts, "" for never."""

    id: str
    name: str
    key: str = field(repr=False)
    since: str
    met: str = ""
    revoked: str = ""

    @property
    def met_at(self) -> datetime | None:
        return parse(self.met) if gate.instant(self.met) is None else None


@dataclass
class HubRecord:
    """`id` is the hub's own, `port` the one it was last reached at (0 for none), `app` the web address of the app
    on the phone, "" where nobody said it. `devices` are those ever paired."""

    disk: Disk
    id: str
    port: int = 0
    app: str = ""
    devices: list[PairedDevice] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def of(cls, disk: Disk, new_id: Callable[[], str]) -> HubRecord:
        """That of the study whose disk this is; a new one, not kept yet, where there is none."""
        kept = await read_kept(disk, _FORM)
        known = ("version", *_FORM.whole, *_FORM.each)
        return cls(
            disk, kept.get("id") or new_id(), kept.get("port", 0), kept.get("app", ""),
            [made_of(PairedDevice, one) for one in kept.get("devices", [])],
            {name: value for name, value in kept.items() if name not in known},
        )  # fmt: skip

    @property
    def paired(self) -> list[PairedDevice]:
        """Those whose key is good."""
        return [one for one in self.devices if one.key]

    def whose(self, key: str) -> PairedDevice | None:
        """The device that has a key. How long that takes says nothing of how near a wrong one is."""
        given, found = hash_of_key(key), None
        for one in self.devices:
            if compare_digest(one.key, given):
                found = one
        return found

    async def keep(self) -> None:
        """Raises as the disk does; then the file says what it said."""
        said = {
            **self.more, "id": self.id, "port": self.port, "app": self.app,
            "devices": [vars(one) for one in self.devices],
        }  # fmt: skip
        await write_kept(self.disk, _FORM, said)

    async def pair(self, device: PairedDevice) -> None:
        """One of the same id is this one from now on. Raises as the disk does; then nothing has changed."""
        await self._let([*(one for one in self.devices if one.id != device.id), device])

    async def met(self, device: str, at: datetime) -> None:
        await self._let([replace(one, met=iso(at)) if one.id == device else one for one in self.devices])

    async def revoke(self, device: str, at: datetime) -> None:
        """Its key is good for nothing from now on. Raises as the disk does; then it still is."""
        await self._let(
            [replace(one, key="", revoked=iso(at)) if one.id == device else one for one in self.devices]
        )

    async def _let(self, devices: list[PairedDevice]) -> None:
        before, self.devices = self.devices, devices
        try:
            await self.keep()
        except BaseException:
            self.devices = before
            raise

    async def private(self, name: str) -> bytes:
        """What was kept under a name; b"" for nothing."""
        try:
            return await self.disk.read(private_path(name))
        except MissingFile:
            return b""

    async def keep_private(self, name: str, data: bytes) -> None:
        """Keep what nobody but this device's owner may read. Raises as the disk does."""
        await self.disk.replace(private_path(name), data)


def private_path(name: str) -> str:
    """Where a secret of the hub lies in its study's folder."""
    return f"hub-{name}.key"


def fingerprint_of(certificate: bytes) -> str:
    """By what a certificate (DER) is told from every other, here and in a code."""
    return hash_of(certificate)


def hash_of_key(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()
