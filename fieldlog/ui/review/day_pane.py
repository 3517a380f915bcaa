"""A day as it is read: its head, its entries under their sessions."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import keyed, more_row, text
from fieldlog.ui.parts.theme import BODY, CLOCK, DAY, HEAD, META
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.rows.landing import FAR, Part, use_row_in_sight
from fieldlog.ui.rows.tile import Tile, marked
from fieldlog.ui.rows.views import DayRow, SessionRow, day_items
from fieldlog.ui.window.state import Shell


@ft.component
def DayPane(journey: ReviewJourney, shell: Shell, day: str, version: int, cursor: str = "") -> ft.Control:
    """A day: its head, its entries under their sessions, sixty at a time; come back to, around one of them.

    `cursor` is the entry that is read beside it.
    """
    back: str = ft.use_memo(lambda: cursor or journey.rows.landing.entry, [])
    mark = cursor or back
    first: Part = ft.use_memo(lambda: Part.around(journey.rows.reader.place(day, back), back), [])
    part, show = ft.use_state(first)
    scrolling, searching = use_row_in_sight(journey.rows.landing, part.row)
    words, look = journey.words, shell.look
    read = journey.rows.reader.day(day, part.start, part.count)
    if read is None:
        return ft.Container(text(words("There is no production day {day}.", day=day), BODY, look.meta), padding=24)
    head, rows, total, sessions = read
    items: list[ft.Control] = [_head(journey, shell, head, total)]
    if part.start and rows:
        top = rows[0].id
        more = words("Show {n} earlier", n=part.before)
        items.append(more_row("day-earlier", more, look, lambda _: show(part.earlier(top))))
    for item in day_items(rows, sessions):
        if isinstance(item, SessionRow):
            items.append(_session(item, shell))
        else:
            tile = keyed(Tile, item.id, item, look, journey.rows, journey.rows.open, item.id == mark)
            items.append(marked(tile, item.id) if item.id in (mark, part.row) else tile)
    left = part.left(total, len(rows))
    if left:
        more = words("Show {n} more", n=left)
        items.append(more_row("day-more", more, look, lambda _: show(part.later())))
    if not total:
        items.append(ft.Container(text(words("Nothing on this day yet."), BODY, look.meta), padding=24))

    def scrolled(event: ft.OnScrollEvent) -> None:
        if left and not searching and event.max_scroll_extent - event.pixels < 800:
            show(part.later())

    found = ft.ListView(
        items, expand=True, on_scroll=scrolled, scroll_interval=200, cache_extent=FAR if searching else None
    )
    scrolling.current = found
    return found


def _head(journey: ReviewJourney, shell: Shell, head: DayRow, total: int) -> ft.Control:
    look = shell.look
    said = journey.words.many("{n} entry", "{n} entries", total)
    inside: list[ft.Control] = [
        text(head.code, DAY, look.words),
        text(f"{head.when} · {head.type_words} · {said}", META, look.meta),
    ]
    if head.title:
        inside.insert(1, text(head.title, BODY, look.words))
    return ft.Container(ft.Column(inside, spacing=2), padding=16)


def _session(one: SessionRow, shell: Shell) -> ft.Control:
    look = shell.look
    return ft.Container(
        ft.Row(
            [
                text(one.title, HEAD, look.words, lines=1, expand=True),
                text(f"{one.hours} · {one.type_words}", CLOCK, look.meta),
            ],
            spacing=8,
        ),
        bgcolor=look.low,
        padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        key=f"session-{one.key}",
    )
