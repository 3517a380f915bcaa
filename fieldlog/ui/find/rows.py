"""What was found, under the heads of its days."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.find.actions import FindJourney
from fieldlog.ui.find.state import Finding
from fieldlog.ui.parts.basics import keyed, more_row, text
from fieldlog.ui.parts.theme import BODY, HEAD, META, Look
from fieldlog.ui.rows.drawn.photos import HIGH, HIGH_LAPTOP
from fieldlog.ui.rows.drawn.tile import Tile, marked
from fieldlog.ui.rows.landing import FAR, use_row_in_sight
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.strip_words import day_name
from fieldlog.ui.words.times import date_words

HEAD_HIGH = 40


def found_rows(journey: FindJourney, shell: Shell, finding: Finding) -> ft.Control:
    """Thirty at a time; the one that was read last is marked, and in sight where one comes back to it."""
    return ft.Container(keyed(_Rows, "rows", journey, shell, finding), expand=True)


@ft.component
def _Rows(journey: FindJourney, shell: Shell, finding: Finding) -> ft.Control:
    back: str = ft.use_memo(lambda: journey.rows.landing.entry, [])
    scrolling, searching = use_row_in_sight(journey.rows.landing, back)
    look, words, result = shell.look, journey.words, finding.result
    days = {one.date: one for one in journey.days()}
    counts = dict(result.days)
    items: list[ft.Control] = []
    day, high = "", HIGH_LAPTOP if shell.laptop else HIGH
    for row in result.rows:
        if row.date != day:
            day = row.date
            one = days.get(day)
            code = one.code if one and one.numbered else date_words(day, words)
            items.append(_head(look, day, code, day_name(one, words) if one else "", counts.get(day, 0)))
        chosen = row.id in (finding.opened or finding.chosen, back)
        tile = keyed(Tile, row.id, row, look, journey.rows, journey.open, chosen, high, not shell.phone)
        items.append(marked(tile, row.id) if row.id == back else tile)
    left = result.total - len(result.rows)
    if left > 0:
        items.append(more_row("find-more", words("Show {n} more", n=left), look, lambda _: journey.more()))
    if finding.typed.strip() and not result.total:
        items.append(ft.Container(text(words("Not in any note, name or code."), BODY, look.meta), padding=24))

    def scrolled(event: ft.OnScrollEvent) -> None:
        if left > 0 and not searching and event.max_scroll_extent - event.pixels < 800:
            journey.more()

    found = ft.ListView(
        items, expand=True, on_scroll=scrolled, scroll_interval=200, cache_extent=FAR if searching else None
    )
    scrolling.current = found
    return found


def _head(look: Look, day: str, code: str, name: str, n: int) -> ft.Control:
    inside = ft.Row(
        [
            text(code, HEAD, look.words),
            text(name, META, look.meta, lines=1, expand=True),
            text(str(n), META, look.meta),
        ],
        spacing=8,
    )
    return ft.Container(
        inside, bgcolor=look.low, padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        height=look.grown(HEAD_HIGH), key=f"found-{day}",
    )  # fmt: skip
