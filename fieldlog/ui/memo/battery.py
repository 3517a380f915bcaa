"""The battery, while sound is recorded: told when it is low, and the memo ended before it is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from fieldlog.ui.memo.state import Live
from fieldlog.ui.window.window import Window

LOW, EMPTY = 15, 5
"""Per cent at which it is said, and at which a memo is ended so that all of it is kept."""

FED = {ft.BatteryState.CHARGING, ft.BatteryState.FULL, ft.BatteryState.CONNECTED_NOT_CHARGING}


class Charge:
    """Looked at once a minute, and only while this window records. Where there is no battery nothing is said.

    `stop` ends the memo and keeps it.
    """

    def __init__(self, window: Window, live: Live, stop: Callable[[], Awaitable[None]]) -> None:
        self._window, self._live, self._stop = window, live, stop
        self._battery = ft.Battery()
        self._told = False
        self._looking: asyncio.Task[None] | None = None

    def look_soon(self) -> None:
        """A minute has begun."""
        if self._live.on:
            self._looking = asyncio.ensure_future(self._look())
        else:
            self._told = False

    async def _look(self) -> None:
        try:
            level = await self._battery.get_battery_level()
            if level is not None and level <= LOW:
                await self.heed(level, fed=await self._battery.get_battery_state() in FED)
        except (RuntimeError, TimeoutError, ValueError, ft.FletUnsupportedPlatformException):
            return

    async def heed(self, level: int, *, fed: bool) -> None:
        """What follows from a charge of `level` per cent; nothing while the device is `fed`."""
        window = self._window
        if fed or not self._live.on:
            return
        if level <= EMPTY:
            await self._stop()
            window.warn(
                window.words(
                    "The battery is at {level} %. The memo was ended so that all of it is kept.", level=level
                )
            )
        elif level <= LOW and not self._told:
            self._told = True
            window.warn(
                window.words(
                    "The battery is at {level} %. At {empty} % the memo is ended and kept.",
                    level=level,
                    empty=EMPTY,
                )
            )
