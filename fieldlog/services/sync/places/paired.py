"""A hub becomes a place of this device, by the code that it shows."""

from __future__ import annotations

from fieldlog.model.errors import WrongPlace
from fieldlog.model.sentence import Sentence
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.device import Device
from fieldlog.services.sync.exchange import ANOTHERS
from fieldlog.services.sync.hubs.own_name import own_name
from fieldlog.services.sync.hubs.reach import hub_called, is_hubs_code, pair
from fieldlog.services.sync.places.places import Place
from fieldlog.services.sync.secrets import Secrets


async def paired_place(machine: Machine, text: str, secrets: Secrets, *, study: str = "", name: str = "") -> Place:
    """Pair this device, which a person calls `name`, with the hub whose code `text` is. The place is not kept yet,
    and nothing is exchanged. `study` is the one it is to have, "" for any.

    Raises `NotUnderstood`, `Unreachable`, `TargetRefused` where the code is good no more, and `WrongPlace` where
    the hub has another study.
    """
    device = await Device.load(machine)
    await device.change(lambda _: None)  # which keeps the id of a new one
    hub = await pair(machine, text, secrets, device=device.id, name=name or own_name(device))
    if study and hub.study != study:
        raise WrongPlace(Sentence(ANOTHERS, address=hub.name))
    return Place(address=hub.address, called=hub.name)


async def place_meant(machine: Machine, text: str, secrets: Secrets, *, study: str = "") -> Place:
    """What a person typed as a place: a hub's code, its name, or any other address."""
    if is_hubs_code(text):
        return await paired_place(machine, text, secrets, study=study)
    return Place(address=await hub_called(machine, text) or text)
