"""Today's stream, newest at the foot."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import button, keyed, text
from fieldlog.ui.components.tile import Tile
from fieldlog.ui.state import Shell, Stream
from fieldlog.ui.theme import BODY
from fieldlog.ui.window import Window


@ft.component
def StreamView(window: Window, shell: Shell, stream: Stream) -> ft.Control:
    words, look = window.words, shell.look
    if not stream.rows:
        said = words("{day}. Write the first thing you see.", day=stream.code)
        return ft.Container(
            text(said, BODY, look.meta), expand=True, padding=24, alignment=ft.Alignment.BOTTOM_LEFT
        )

    rows: list[ft.Control] = [keyed(Tile, row.id, row, look, window, window.entries.open) for row in stream.rows]
    if stream.total > len(stream.rows):
        earlier = words("Earlier today: {n} more", n=stream.total - len(stream.rows))
        rows.append(
            ft.Container(
                button("now-earlier", earlier, look, lambda _: window.showing.earlier()), padding=16, key="earlier"
            )
        )
    return ft.ListView(rows, reverse=True, expand=True, padding=ft.Padding.symmetric(vertical=8))
