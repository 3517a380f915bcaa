"""The photos of a row: as wide as its words, two beside each other, and how many more there are."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import text
from fieldlog.ui.parts.theme import HEAD, Look
from fieldlog.ui.rows.actions import RowsJourney

HIGH, HIGH_LAPTOP, HIGH_NOW, SMALL = 150, 168, 116, 56
"""On a day, on a laptop, on Now, and in Dark set, where every picture shines."""

SHOWN, GAP, WIDEST = 2, 8, 640
PIXELS = {"thumb": 320, "preview": 1280}
"""How many pixels of each are kept drawn at the most."""


def photos(shas: tuple[str, ...], look: Look, journey: RowsJourney, high: float, *, laptop: bool) -> ft.Control:
    """A row of pictures, `high` from the beginning, so that nothing moves when they come."""
    if look.discreet:
        small = [_picture(sha, look, journey, "thumb", SMALL, SMALL) for sha in shas[:4]]
        return ft.Row(small, spacing=GAP)
    sharp = "preview" if laptop or len(shas) == 1 else "thumb"
    shown: list[ft.Control] = [
        ft.Container(_picture(sha, look, journey, sharp, high), expand=True) for sha in shas[:SHOWN]
    ]
    more = len(shas) - SHOWN
    if more > 0:
        told = ft.Container(
            text(f"+{more}", HEAD, look.data.on_dark),
            bgcolor=look.data.dark,
            border_radius=8,
            padding=ft.Padding.symmetric(horizontal=8, vertical=4),
            right=8,
            bottom=8,
        )
        shown[-1] = ft.Stack([shown[-1].content, told], expand=True)  # type: ignore[attr-defined]
    return ft.Container(ft.Row(shown, spacing=GAP), width=WIDEST)


def _picture(
    sha256: str, look: Look, journey: RowsJourney, which: str, high: float, wide: float | None = None
) -> ft.Control:
    drawn = ft.Image(
        src=journey.window.media(f"{which}/{sha256}"),
        width=wide or float("inf"),
        height=high,
        fit=ft.BoxFit.COVER,
        border_radius=8,
        opacity=look.thumb_opacity,
        cache_width=PIXELS[which] if wide is None else round(wide * 3),
        error_content=ft.Icon(ft.Icons.IMAGE_OUTLINED, size=24, color=look.outline),
        semantics_label=journey.words("Photo"),
    )
    return ft.Container(drawn, height=high, bgcolor=look.container, border_radius=8)
