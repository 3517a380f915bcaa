"""The app in the pocket: in a browser without a server, Python in a worker beside the page."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.model.errors import StoreBusy
from fieldlog.services.desk import Desk
from fieldlog.services.machine import browser
from fieldlog.ui.app import open_window


async def start() -> None:
    """Open the study while the screens are still being fetched, and wait for them. Returns at once."""
    opening = asyncio.ensure_future(Desk.open(browser()))

    async def main(page: ft.Page) -> None:
        await open_window(page, await opening)

    ft.run(main)
