"""A phone, a laptop, and places that they reach."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.exchange import Device, Stick


@pytest.fixture
async def phone() -> AsyncIterator[Device]:
    device = await Device.new(1, keeps=False)
    yield device
    await device.work.close()


@pytest.fixture
async def laptop() -> AsyncIterator[Device]:
    device = await Device.new(2)
    yield device
    await device.work.close()


@pytest.fixture
async def desk() -> AsyncIterator[Device]:
    """Another laptop."""
    device = await Device.new(3)
    yield device
    await device.work.close()


@pytest.fixture
def stick() -> Stick:
    return Stick()
