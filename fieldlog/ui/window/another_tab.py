"""What stands there while the app can't open: that another tab has the study, or what was refused."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft

from fieldlog.ui.parts.basics import text
from fieldlog.ui.parts.theme import BODY, FONTS, LOOKS, TITLE
from fieldlog.ui.words.words import Words, language, later

PATIENT_SECONDS = 2.0
"""So long a page that was just left may still hold the store; until then nothing is said."""


async def patiently(page: ft.Page, *one_of: asyncio.Future[Any]) -> None:
    """Wait for the first of these; where it takes longer, another tab has the store, and that is said."""
    done, _ = await asyncio.wait(one_of, timeout=PATIENT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if not done:
        say_instead(
            page,
            later("FieldLog is open in another tab"),
            later("Only one can write at a time. Go on there, or close it: this one opens by itself then."),
        )
        await asyncio.wait(one_of, return_when=asyncio.FIRST_COMPLETED)


def say_instead(page: ft.Page, head: str, said: str) -> None:
    """Two sentences instead of the app."""
    words, look = Words(language()), LOOKS["night" if page.platform_brightness == ft.Brightness.DARK else "day"]
    page.title, page.fonts, page.bgcolor = "FieldLog", FONTS, look.surface
    lines: list[ft.Control] = [text(words(head), TITLE, look.words), text(words(said), BODY, look.words)]
    page.clean()
    page.add(ft.SafeArea(ft.Column(lines, spacing=16), minimum_padding=16))
