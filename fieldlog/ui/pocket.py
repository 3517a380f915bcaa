"""The app in the pocket: in a browser without a server, Python in a worker beside the page."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.model.errors import FieldLogError, StoreBusy
from fieldlog.services.desk import Desk
from fieldlog.services.machine import browser
from fieldlog.ui.app import open_window
from fieldlog.ui.components.basics import text
from fieldlog.ui.theme import BODY, FONTS, LOOKS, TITLE
from fieldlog.ui.words import Words, language, later

AGAIN_SECONDS = 0.25
PATIENT_SECONDS = 2.0
"""So long a page that was just left may still hold the store; until then nothing is said."""


async def start() -> None:
    """Open the study while the screens are still being fetched. Returns when Flet knows whom to show it to."""
    opening = asyncio.ensure_future(_open())

    async def main(page: ft.Page) -> None:
        done, _ = await asyncio.wait([opening], timeout=PATIENT_SECONDS)
        if not done:
            _say(
                page,
                later("FieldLog is open in another tab"),
                later("Only one can write at a time. Go on there, or close it: this one opens by itself then."),
            )
        try:
            desk = await opening
        except FieldLogError as refusal:
            _say(page, later("FieldLog can’t open here"), str(refusal))
            return
        page.clean()
        await open_window(page, desk)

    ft.run(main)


async def _open() -> Desk:
    """The desk, as soon as no other tab has it."""
    while True:
        try:
            return await Desk.open(browser())
        except StoreBusy:
            await asyncio.sleep(AGAIN_SECONDS)


def _say(page: ft.Page, head: str, said: str) -> None:
    """Two sentences instead of the app."""
    words, look = Words(language()), LOOKS["night" if page.platform_brightness == ft.Brightness.DARK else "day"]
    page.title, page.fonts, page.bgcolor = "FieldLog", FONTS, look.surface
    lines: list[ft.Control] = [text(words(head), TITLE, look.words), text(words(said), BODY, look.words)]
    page.clean()
    page.add(ft.SafeArea(ft.Column(lines, spacing=16), minimum_padding=16))
