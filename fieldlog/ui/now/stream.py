"""Today's stream, newest at the foot."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.parts.basics import button, keyed, text
from fieldlog.ui.parts.theme import BODY
from fieldlog.ui.rows.drawn.photos import HIGH_LAPTOP, HIGH_NOW
from fieldlog.ui.rows.drawn.tile import Tile, marked, midnight
from fieldlog.ui.rows.items import Midnight, newest_first
from fieldlog.ui.rows.landing import FAR, use_row_in_sight
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell


@ft.component
def StreamView(journey: NowJourney, shell: Shell, stream: Stream) -> ft.Control:
    """Come back to from an entry, its row is in sight, and marked until the next one is made."""
    landing: tuple[str, int] = ft.use_memo(lambda: (journey.rows.landing.entry, stream.total), [])
    back, total = landing
    scrolling, searching = use_row_in_sight(journey.rows.landing, back)
    words, look = journey.words, shell.look
    if not stream.rows:
        said = words("{day}. Write the first thing you see.", day=stream.code)
        return ft.Container(
            text(said, BODY, look.meta), expand=True, padding=24, alignment=ft.Alignment.BOTTOM_LEFT
        )

    rows: list[ft.Control] = []
    high = HIGH_LAPTOP if shell.laptop else HIGH_NOW
    for row in newest_first(stream.rows, all_here=stream.total <= len(stream.rows), keep=(back,)):
        if isinstance(row, Midnight):
            rows.append(midnight(row.date, stream.code, look, journey.rows))
            continue
        here = row.id == back
        marks = here and stream.total == total
        tile = keyed(Tile, row.id, row, look, journey.rows, journey.rows.open, marks, high, not shell.phone)
        rows.append(marked(tile, row.id) if here else tile)
    if stream.total > len(stream.rows):
        earlier = words("Earlier today: {n} more", n=stream.total - len(stream.rows))
        rows.append(
            ft.Container(
                button("now-earlier", earlier, look, lambda _: journey.earlier()), padding=16, key="earlier"
            )
        )
    found = ft.ListView(
        rows,
        reverse=True,
        expand=True,
        padding=ft.Padding.symmetric(vertical=8),
        cache_extent=FAR if searching else None,
    )
    scrolling.current = found
    return found
