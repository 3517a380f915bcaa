"""A hub in memory, asked without a network; and a real one on the loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from fieldlog.model.ports import Login
from fieldlog.server.hub.app import hub_app
from fieldlog.server.hub.carrying import carried
from fieldlog.services.capture.capture import Capture
from fieldlog.services.hub.hub import Hub, hub_of
from fieldlog.services.hub.keeping import Keeping, kept
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.secrets import Secrets
from fieldlog.sync.laptop_pinned import certificate_of, pinned_http
from fieldlog.sync.pairing import read_code
from fieldlog.sync.targets.hub import HubTarget
from tests.fakes.exchange import STUDY, Device
from tests.fakes.ports import free_port, port_of
from tests.sync.servers import Watched

DEVICE = "0195bbbb-0000-7000-8000-00000000000b"
HOST = "127.0.0.1"


@dataclass
class Ring:
    """A keyring in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    async def find(self, address: str) -> str:
        return self.kept.get(address, "")

    async def keep(self, address: str, secret: str) -> bool:
        self.kept[address] = secret
        return True

    async def forget(self, address: str) -> None:
        self.kept.pop(address, None)


def secrets_of(work: Workspace) -> Secrets:
    return Secrets(work.machine.offload, ring=Ring())


async def hub_in_memory() -> tuple[Device, Hub]:
    """A device of the study, and its hub, which nothing carries and nobody keeps."""
    device = await Device.new(1)
    hub = await hub_of(device.work, "Ana’s laptop")
    hub.addresses, hub.fingerprint = ["192.168.1.9:47315"], "f" * 43
    return device, hub


def asking(hub: Hub, key: str = "") -> httpx.AsyncClient:
    """Whoever asks it, with a key or as a stranger. What goes wrong inside is raised."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(hub_app(hub)), base_url="https://hub.invalid", headers=headers
    )


async def key_of(hub: Hub, device: str = DEVICE, name: str = "a phone") -> str:
    """The key of a device that is paired now."""
    token = read_code(hub.new_code()).token
    return str((await hub.pair(token, device, name))["key"])


@asynccontextmanager
async def bare_hub(data: Path) -> AsyncIterator[Hub]:
    """A real hub at the loopback whose folder is empty, and which nobody keeps."""
    work = await open_study(laptop(data), STUDY, write=True)
    try:
        hub = await hub_of(work, "Ana’s laptop")
        async with carried(hub, port=free_port(), host=HOST):
            yield hub
    finally:
        await work.close()


async def way_to(hub: Hub, device: str = DEVICE) -> tuple[HubTarget, Watched]:
    """The hub as a laptop that is paired with it reaches it, and a watch on what it is asked."""
    key = await key_of(hub, device)
    certificate = await certificate_of(hub.addresses[0], hub.fingerprint)
    http = Watched(pinned_http(Login(secret=key), certificate))
    return HubTarget(http, [f"https://{one}" for one in hub.addresses], hub.name), http


@dataclass
class Served:
    """A hub that is open."""

    hub: Hub
    keeping: Keeping

    @property
    def work(self) -> Workspace:
        return self.hub.work

    @property
    def url(self) -> str:
        return f"https://{self.hub.addresses[0]}"


@asynccontextmanager
async def hub_open(data: Path, *, port: int | None = None) -> AsyncIterator[Served]:
    """The hub of a store on the disk, begun where it is not there, at the loopback."""
    work = await open_study(laptop(data), STUDY, write=True)
    try:
        if not work.store.state.about.title:
            await Capture(work).begin(title="The Long Take")
        hub = await hub_of(work, "Ana’s laptop")
        async with kept(hub) as keeping, carried(hub, port=port or port_of(data), host=HOST):
            yield Served(hub, keeping)
    finally:
        await work.close()
