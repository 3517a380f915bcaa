"""A strip on the screen: the picture, its sentence, and a tap that goes to a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.basics import tagged, where
from fieldlog.ui.parts.theme import TARGET, Look
from fieldlog.ui.pictures.axis import Axis
from fieldlog.ui.pictures.drawn import canvas
from fieldlog.ui.pictures.strip import strip_picture
from fieldlog.ui.words.strip_words import strip_words
from fieldlog.ui.words.words import Words

GoTo = Callable[[int], Awaitable[None]]


def strip_view(
    identifier: str, strip: Strip, look: Look, words: Words, axis: Axis, height: float, *, hours: bool = False,
    now: int | None = None, cursor: int | None = None, go_to: GoTo | None = None,
    said: str = "",
) -> ft.Control:  # fmt: skip
    """A strip `height` high. With `go_to` a tap goes to the minute that was tapped; by keys or a screen reader, to
    the day's beginning. A finger needs more than the strip, so the target reaches beyond it."""
    said = said or strip_words(strip, words)
    drawn = canvas(strip_picture(strip, look, axis, height, said, hours=hours, now=now, cursor=cursor))
    if go_to is None:
        return tagged(identifier, drawn, said, image=True)
    wish = go_to
    around = max(0.0, (TARGET - (drawn.height or 0)) / 2)

    async def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        at = where(event)
        await wish(axis.minute(at.x) if at else strip.begins or axis.begins)

    target = ft.Container(drawn, padding=ft.Padding.symmetric(vertical=around))
    return tagged(identifier, ft.GestureDetector(target, on_tap_up=tap), said, button=True)
