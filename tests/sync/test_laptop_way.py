"""Which address of a hub answers, and why none does, within seconds."""

from __future__ import annotations

import asyncio
import errno
import time

import pytest

from fieldlog.sync import laptop_way
from fieldlog.sync.laptop_way import NoHubThere, nearest

SILENT = "192.0.2.77:47315"


async def a_door() -> tuple[asyncio.Server, str]:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    return server, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def no_door() -> str:
    server, address = await a_door()
    server.close()
    await server.wait_closed()
    return address


async def test_the_one_that_answers_is_found_beside_those_that_do_not() -> None:
    server, address = await a_door()
    async with server:
        assert await nearest([await no_door(), address]) == address


async def test_where_nobody_listens_it_is_asked_whether_it_is_switched_on() -> None:
    with pytest.raises(NoHubThere, match="lets nobody in"):
        await nearest([await no_door()])


async def test_where_nothing_comes_back_it_is_the_network_or_a_firewall(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silence(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(laptop_way, "FOUND_SECONDS", 0.2)
    monkeypatch.setattr(asyncio, "open_connection", silence)
    began = time.monotonic()
    with pytest.raises(NoHubThere, match="keep devices apart"):
        await nearest([SILENT, "192.0.2.78:47315"])
    assert time.monotonic() - began < 5


async def test_where_no_network_leads_there_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> None:
        raise OSError(errno.ENETUNREACH, "away")

    monkeypatch.setattr(asyncio, "open_connection", away)
    with pytest.raises(NoHubThere, match="in no network that leads to"):
        await nearest([SILENT])
