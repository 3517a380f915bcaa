"""Whom the phone's app asks: the servers and hubs that a study of this device exchanges with."""

from __future__ import annotations

from contextlib import suppress

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.studies import begun
from fieldlog.services.sync.hubs.known import known_hubs
from fieldlog.services.sync.over_network import is_hub, is_over_network, server_of
from fieldlog.services.sync.places.places import read_places


async def targets_in_use(machine: Machine) -> set[str]:
    """Each as `https://host:port`. Raises as the disk does."""
    found = {url for hub in await known_hubs(machine) for url in hub.urls}
    for study in await begun(machine):
        for place in await read_places(machine.disk_at(f"studies/{study}")):
            if is_over_network(place.address) and not is_hub(place.address):
                with suppress(NotUnderstood, ValueError):
                    found.add(server_of(place.address))
    return found
