"""The hub is switched on and off, and remembered: what carries it is a fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.services.hub import switch
from fieldlog.services.hub.hub import Hub
from fieldlog.services.hub.switch import HubSwitch, Stands
from fieldlog.sync.pairing import read_code
from tests.fakes.exchange import Device
from tests.fakes.hubs import DEVICE


class Carrier:
    """Says where the hub is reached; refuses where it is told to."""

    def __init__(self, port: int = 47315, refusal: Exception | None = None) -> None:
        self.port, self.refusal, self.open = port, refusal, 0

    @asynccontextmanager
    async def __call__(self, hub: Hub) -> AsyncIterator[None]:
        if self.refusal:
            raise self.refusal
        hub.record.port, hub.addresses, hub.fingerprint = self.port, [f"192.0.2.9:{self.port}"], "f" * 43
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


async def sat(carrier: Carrier, number: int = 1) -> tuple[Device, HubSwitch]:
    device, made = await Device.new(number), HubSwitch(carrier)
    made.sit(device.work)
    return device, made


async def until(made: HubSwitch, stands: Stands) -> None:
    async with asyncio.timeout(5):
        while made.stands != stands:  # noqa: ASYNC110 - nobody else waits
            await asyncio.sleep(0.01)


async def test_without_a_carrier_there_is_no_hub() -> None:
    device, made = await Device.new(1), HubSwitch()
    made.sit(device.work)
    await made.turn(on=True)
    assert not made.here
    assert made.stands == "off"


async def test_it_is_carried_from_on_to_off() -> None:
    carrier = Carrier()
    _, made = await sat(carrier)
    await made.turn(on=True)
    assert made.stands == "begins"
    await until(made, "on")
    assert carrier.open == 1
    made.new_code()
    assert read_code(made.code).addresses == ("192.0.2.9:47315",)
    await made.turn(on=False)
    assert (carrier.open, made.stands, made.code, made.hub) == (0, "off", "", None)


async def test_why_it_can_not_be_carried_is_kept_and_it_is_off() -> None:
    _, made = await sat(Carrier(refusal=FieldLogError("no port")))
    await made.turn(on=True)
    await until(made, "off")
    assert str(made.why) == "no port"


async def test_another_port_than_last_time_is_noticed() -> None:
    device, made = await sat(Carrier())
    await made.turn(on=True)
    await until(made, "on")
    assert not made.moved
    assert made.hub
    await made.hub.record.keep()
    await made.leave()
    other = HubSwitch(Carrier(port=50123))
    other.sit(device.work)
    await other.turn(on=True)
    await until(other, "on")
    assert other.moved
    await other.leave()


async def test_it_goes_on_at_the_next_opening_only_where_it_was_left_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "AGAIN_SECONDS", 0.0)
    carrier = Carrier()
    device, made = await sat(carrier)
    await made.turn(on=True)
    await until(made, "on")
    await made.leave()
    assert carrier.open == 0
    made.sit(device.work)
    await until(made, "on")
    await made.turn(on=False)
    await made.leave()
    made.sit(device.work)
    await asyncio.sleep(0.1)
    assert made.stands == "off"


@pytest.mark.parametrize("on", [True, False])
async def test_a_key_is_taken_back_whether_it_is_on_or_off(on: bool) -> None:
    _, made = await sat(Carrier())
    await made.turn(on=True)
    await until(made, "on")
    made.new_code()
    assert made.hub
    await made.hub.pair(read_code(made.code).token, DEVICE, "a phone")
    assert made.code == "", "a code pairs one device"
    if not on:
        await made.turn(on=False)
    await made.revoke(DEVICE)
    assert [one.key for one in await made.devices()] == [""]
    await made.leave()


@pytest.mark.parametrize("said", ["notes.example.org", "ftp://notes.example.org/", "https://a b/", "javascript:x"])
async def test_the_app_is_at_a_web_address_or_nowhere(said: str) -> None:
    _, made = await sat(Carrier())
    with pytest.raises(NotUnderstood):
        await made.let_app_be_at(said)
    await made.let_app_be_at(" https://notes.example.org/#/now ")
    assert await made.app_at() == "https://notes.example.org/"
    await made.let_app_be_at("")
    assert await made.app_at() == ""
