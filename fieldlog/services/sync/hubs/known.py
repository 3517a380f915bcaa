"""The hubs that this device is paired with, in `hubs.json` of the data root: how each is found and told from any
other. The key by which a hub knows this device is no part of it: that is in the keyring, by the hub's address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from fieldlog.model import gate
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.kept import Form, made_of, read_kept, write_kept
from fieldlog.sync.pairing import is_address

SCHEME = "hub"
MOST_ADDRESSES = 8
_TEXTS = gate.listed(gate.text)
_FORM = Form(
    path="hubs.json",
    whole={},
    each={
        "hubs": (
            list,
            gate.complete(
                id=gate.identifier,
                name=gate.text,
                study=gate.identifier,
                fingerprint=gate.text,
                certificate=gate.text,
                addresses=_TEXTS,
                hashes=_TEXTS,
            ),
        )
    },
)


@dataclass(frozen=True, kw_only=True)
class KnownHub:
    """`certificate` is the one of which `fingerprint` is the hash, as PEM, "" where this device can't ask for it.
    `addresses` are tried in this order. Of `hashes` one is that of the certificate which a browser will meet."""

    id: str
    name: str
    study: str
    fingerprint: str
    certificate: str = ""
    addresses: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """How it is kept and shown."""
        return f"{SCHEME}://{self.id}"

    @property
    def urls(self) -> list[str]:
        return [f"https://{one}" for one in self.addresses]

    def found_at(self, addresses: Iterable[str]) -> KnownHub:
        """Known to be at these addresses, the first first; it may be at the others still."""
        found = [one for one in dict.fromkeys((*addresses, *self.addresses)) if is_address(one)]
        return replace(self, addresses=tuple(found[:MOST_ADDRESSES]))

    def met(self, said: dict[str, Any], at: str) -> KnownHub:
        """After a meeting at one of its addresses, at which it `said` how to find it again."""
        hub = self.found_at([at, *_texts(said.get("addresses"))])
        hashes, name = _texts(said.get("hashes")), said.get("name")
        return replace(hub, hashes=tuple(hashes) or self.hashes, name=name if type(name) is str else self.name)


async def known_hubs(machine: Machine) -> list[KnownHub]:
    """In the order in which they were paired."""
    kept = await read_kept(machine.disk_at(""), _FORM)
    return [_read(one) for one in kept.get("hubs", [])]


async def known_hub(machine: Machine, address: str) -> KnownHub | None:
    """The hub of an address `hub://…`."""
    return next((one for one in await known_hubs(machine) if one.address == address), None)


async def keep_hub(machine: Machine, hub: KnownHub) -> None:
    """Remember a hub; one of the same id is this one from now on. Raises as the disk does."""
    hubs = await known_hubs(machine)
    if hub in hubs:
        return
    there = any(one.id == hub.id for one in hubs)
    await _write(machine, [hub if one.id == hub.id else one for one in hubs] if there else [*hubs, hub])


async def forget_hub(machine: Machine, address: str) -> None:
    """It is none of this device's hubs any more."""
    await _write(machine, [one for one in await known_hubs(machine) if one.address != address])


async def _write(machine: Machine, hubs: list[KnownHub]) -> None:
    disk = machine.disk_at("")
    await write_kept(disk, _FORM, {**await read_kept(disk, _FORM), "hubs": [_told(one) for one in hubs]})


def _told(hub: KnownHub) -> dict[str, Any]:
    return {**vars(hub), "addresses": list(hub.addresses), "hashes": list(hub.hashes)}


def _read(said: dict[str, Any]) -> KnownHub:
    return made_of(KnownHub, {**said, "addresses": tuple(said["addresses"]), "hashes": tuple(said["hashes"])})


def _texts(value: Any) -> list[str]:
    return [one for one in value if type(one) is str][:16] if isinstance(value, list) else []
