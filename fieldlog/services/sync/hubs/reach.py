"""A hub is paired with by its code, and reached by its key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError, NotFound, NotUnderstood
from fieldlog.model.line import compact
from fieldlog.model.ports import Http, Login
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.strict_json import read_json
from fieldlog.services.machine.machine import Machine
from fieldlog.services.sync.hubs.known import KnownHub, forget_hub, keep_hub, known_hub, known_hubs
from fieldlog.services.sync.secrets import SecretNeeded, Secrets
from fieldlog.sync.pairing import PairingCode, is_code, read_code
from fieldlog.sync.target import Target, TargetRefused, Unreachable
from fieldlog.sync.targets.asking import Asking
from fieldlog.sync.targets.hub import HubTarget, NotPaired

NO_HUB = sentence("There is no hub {address} that this device is paired with. Give the code that it shows.")
NO_KEY = sentence("The key for {name} is not here any more. Pair it again: a new code is shown there.")
NOT_SEEN = sentence("This device is not paired with that hub. Show a code to pair with it there.")
TOO_LATE = sentence("This pairing code is used, too old or wrong. Show a new one there.")
ODD = sentence("What answers there is no hub that can be paired with.")
MOST_SAID = 1 << 20
UNNAMED = "FieldLog"


async def open_hub(machine: Machine, address: str, secrets: Secrets) -> Target:
    """The hub of an address `hub://…`. Raises `NotFound`, `NotPaired`, and `Unreachable` where it is nowhere."""
    hub = await known_hub(machine, address)
    if hub is None:
        raise NotFound(Sentence(NO_HUB, address=address))
    try:
        key, _ = await secrets.find(address, asks=False)
    except SecretNeeded as why:
        raise NotPaired(Sentence(NO_KEY, name=hub.name)) from why
    http = _http(machine, hub, Login(secret=key))

    async def told(said: Mapping[str, Any], url: str) -> None:
        await keep_hub(machine, hub.met(dict(said), url.removeprefix("https://")))

    return HubTarget(http, await _urls(machine, hub), hub.name, told=told)


async def _urls(machine: Machine, hub: KnownHub) -> list[str]:
    """Where it is to be asked: on a laptop the one address that answers."""
    return [f"https://{one}" for one in await _near(machine, hub.addresses)]


async def _near(machine: Machine, addresses: Sequence[str]) -> Sequence[str]:
    """The addresses that are worth a question; a browser tries them all by itself. Raises `Unreachable`."""
    if machine.to_hub is not None or not addresses:
        return addresses
    from fieldlog.sync.laptop_way import nearest  # not on a phone

    first = await nearest(addresses)
    return [first, *(one for one in addresses if one != first)]


async def pair(machine: Machine, text: str, secrets: Secrets, *, device: str, name: str) -> KnownHub:
    """Pair this `device`, by its id and what a person calls it, with the hub whose code `text` is; with a code
    that only says where a hub is, look for it there from now on.

    Raises `NotUnderstood`, `Unreachable`, and `TargetRefused` where the code is good no more.
    """
    code = read_code(text)
    if not code.token:
        return await _found_again(machine, code)
    refused: FieldLogError = NotUnderstood(ODD)
    for address in await _near(machine, code.addresses):
        try:
            hub, key = await _paired_at(machine, code, address, device=device, name=name or UNNAMED)
        except Unreachable as why:
            refused = why
            continue
        await keep_hub(machine, hub)
        await secrets.keep(hub.address, key)
        return hub
    raise refused


async def hub_called(machine: Machine, said: str) -> str:
    """The address of the hub that has this name, or this very address; "" for none."""
    hubs = await known_hubs(machine)
    return next((one.address for one in hubs if said.strip() in (one.name, one.address)), "")


async def whose_code(machine: Machine, text: str) -> str:
    """Who has shown this code: a hub that is known here by its name, another one by where it is. Nothing is asked
    of it. Raises `NotUnderstood`."""
    code = read_code(text)
    known = [one.name for one in await known_hubs(machine) if one.fingerprint == code.fingerprint]
    return known[0] if known else code.addresses[0]


async def forget(machine: Machine, address: str, secrets: Secrets) -> Callable[[], Awaitable[None]]:
    """Let go of what is known of an address: its password, and of a hub all else. What it returns brings a hub and
    its key back; a password is asked for again."""
    hub, key = await known_hub(machine, address), ""
    if hub is not None:
        with suppress(SecretNeeded):
            key, _ = await secrets.find(address, asks=False)
        await forget_hub(machine, address)
    await secrets.forget(address)

    async def back() -> None:
        if hub is not None:
            await keep_hub(machine, hub)
            await secrets.keep(address, key)

    return back


def is_hubs_code(text: str) -> bool:
    """Whether this is meant as the code of a hub."""
    return is_code(text)


async def _found_again(machine: Machine, code: PairingCode) -> KnownHub:
    for hub in await known_hubs(machine):
        if hub.fingerprint == code.fingerprint:
            found = hub.found_at(code.addresses)
            await keep_hub(machine, found)
            return found
    raise NotFound(NOT_SEEN)


async def _paired_at(
    machine: Machine, code: PairingCode, address: str, *, device: str, name: str
) -> tuple[KnownHub, str]:
    certificate = ""
    if machine.to_hub is None:
        from fieldlog.sync.laptop_pinned import certificate_of  # not on a phone

        certificate = await certificate_of(address, code.fingerprint)
    first = KnownHub(
        id="", name="", study="", fingerprint=code.fingerprint, certificate=certificate, addresses=code.addresses,
        hashes=(code.hash,) if code.hash else (),
    )  # fmt: skip
    http = _http(machine, first, None)
    try:
        said = await _asked(http, address, {"token": code.token, "device": device, "name": name})
    finally:
        await http.close()
    if _PAIRED(said) is not None:
        raise TargetRefused(ODD)
    told = KnownHub(
        id=said["hub"], name=said["name"], study=said["study"], fingerprint=code.fingerprint,
        certificate=certificate, addresses=code.addresses, hashes=first.hashes,
    )  # fmt: skip
    return told.met(said, address), said["key"]


async def _asked(http: Http, address: str, wish: Mapping[str, str]) -> dict[str, Any]:
    """Once: the token may be used though no answer came."""
    url, headers = f"https://{address}/pair", {"Content-Type": "application/json"}
    async with Asking(http, address).answer("POST", url, headers, compact(wish), also={403}) as got:
        if got.status == 403:
            raise TargetRefused(TOO_LATE)
        said = bytearray()
        async for piece in got.pieces:
            said += piece
            if len(said) > MOST_SAID:
                raise TargetRefused(ODD)
    try:
        value = read_json(bytes(said))
    except ValueError as why:
        raise TargetRefused(ODD) from why
    return value if isinstance(value, dict) else {}


_PAIRED = gate.complete(hub=gate.identifier, name=gate.text, study=gate.identifier, key=gate.text)


def _http(machine: Machine, hub: KnownHub, login: Login | None) -> Http:
    if machine.to_hub is not None:
        return machine.to_hub(login, hub.hashes, hub.addresses)
    from fieldlog.sync.laptop_pinned import pinned_http  # not on a phone

    return pinned_http(login, hub.certificate)
