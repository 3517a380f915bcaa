"""What this device is called where others see it."""

from __future__ import annotations

import platform

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import sentence
from fieldlog.services.study.device import Device

LONGEST = 60
TOO_LONG = sentence("A device’s name has at most 60 characters.")


def own_name(device: Device) -> str:
    """The name that a person gave it; else a laptop's own, "" on a phone, which has none."""
    return device.label or (platform.node() if device.machine.keeps else "")


async def name_device(device: Device, name: str) -> None:
    """Call this device so; "" takes the name back. Others hear of it at the next exchange. Raises `NotUnderstood`
    and `NotSaved`."""
    plain = " ".join(name.split())
    if len(plain) > LONGEST:
        raise NotUnderstood(TOO_LONG)
    if plain != device.label:
        await device.change(lambda kept: setattr(kept, "label", plain))
