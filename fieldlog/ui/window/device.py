"""Light touches of the device a window runs on, and what it may refuse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import flet as ft

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 5
"""For an answer that nothing depends on. Flet waits for ever, and some browsers never answer."""

BETWEEN_TICKS_SECONDS = 0.12


async def quietly(verb: Callable[[], Any]) -> None:
    """Do what a device may refuse, or never answer, without anything depending on it: browsers differ."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await verb()
    except (RuntimeError, TimeoutError, ft.FletUnsupportedPlatformException) as why:
        log.debug("a device refused: %s", why)


class Touch:
    """Haptic ticks, where the device has them."""

    def __init__(self) -> None:
        self._haptic = ft.HapticFeedback()

    async def light(self) -> None:
        await quietly(self._haptic.light_impact)

    async def firm(self) -> None:
        await quietly(self._haptic.medium_impact)

    async def double(self) -> None:
        """Something needs looking at."""
        await self.firm()
        await asyncio.sleep(BETWEEN_TICKS_SECONDS)
        await self.firm()
