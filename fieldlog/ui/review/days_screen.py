"""Days: the month, and a day with its sessions."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.entry.screen import EntryPane
from fieldlog.ui.parts.basics import keyed, memo, more_row, row_target, text
from fieldlog.ui.parts.layout import two_panes
from fieldlog.ui.parts.theme import BODY, CLOCK, DAY, DAY_SMALL, HEAD, LABEL, LIST_PANE, META, Look
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.rows.landing import FAR, Part, use_row_in_sight
from fieldlog.ui.rows.tile import Tile, marked
from fieldlog.ui.rows.views import DayRow, SessionRow, day_items
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

TYPE_ICONS = {
    "prep": ft.Icons.CHECKLIST_OUTLINED,
    "shoot": ft.Icons.MOVIE_OUTLINED,
    "move": ft.Icons.LOCAL_SHIPPING_OUTLINED,
    "off": ft.Icons.WEEKEND_OUTLINED,
    "post": ft.Icons.CONTENT_CUT_OUTLINED,
    "wrap": ft.Icons.FLAG_OUTLINED,
    "unplanned": ft.Icons.RADIO_BUTTON_UNCHECKED,
}


@ft.component
def Days(journey: ReviewJourney, shell: Shell, day: str = "", entry: str = "") -> ft.Control:
    """Phone: one of the three. Laptop: the month beside a day, and that day, with its cursor, beside an entry."""
    version, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    if not shell.laptop:
        if entry:
            return keyed(EntryPane, entry, journey.entry, shell, entry)
        return keyed(DayPane, day, journey, shell, day, version) if day else Month(journey, shell, "", version)
    if entry:
        read = keyed(DayPane, day, journey, shell, day, version, entry)
        return two_panes(shell.look, read, keyed(EntryPane, entry, journey.entry, shell, entry))
    month = ft.Container(
        Month(journey, shell, day, version),
        width=LIST_PANE,
        border=ft.Border(right=ft.BorderSide(1, shell.look.hairline)),
    )
    if day:
        detail: ft.Control = keyed(DayPane, day, journey, shell, day, version)
    else:
        words = text(journey.words("Choose a day."), BODY, shell.look.meta)
        detail = ft.Container(words, alignment=ft.Alignment.CENTER)
    return ft.Row([month, ft.Container(detail, expand=True)], spacing=0, expand=True)


@ft.component
def Month(journey: ReviewJourney, shell: Shell, chosen: str, version: int) -> ft.Control:
    """The month: a row a production day; those outside the plan below."""
    words, look = journey.words, shell.look
    found = journey.rows.reader.month()
    rows: list[ft.Control] = [
        keyed(_DayTile, one.date, one, look, journey, one.code == chosen) for one in found if one.numbered
    ]
    outside = [one for one in found if not one.numbered]
    if outside:
        rows.append(ft.Container(text(words("Outside the plan"), HEAD, look.meta), padding=16))
        rows += [keyed(_DayTile, one.date, one, look, journey, one.code == chosen) for one in outside]
    if not rows:
        rows = [ft.Container(text(words("No day yet. Write the first note."), BODY, look.meta), padding=24)]
    return ft.ListView(rows, expand=True, padding=ft.Padding.symmetric(vertical=8))


@ft.component
def _day_tile(one: DayRow, look: Look, journey: ReviewJourney, chosen: bool) -> ft.Control:
    counts = ft.Row(
        [
            part
            for icon, n in (
                (ft.Icons.NOTES, one.entries),
                (ft.Icons.MIC_NONE_OUTLINED, one.voices),
                (ft.Icons.PHOTO_OUTLINED, one.photos),
            )
            if n
            for part in (ft.Icon(icon, size=14, color=look.meta), text(str(n), META, look.meta))
        ],
        spacing=3,
        tight=True,
    )
    code = text(one.code, DAY_SMALL, look.words, lines=1) if one.numbered else text("–", DAY_SMALL, look.meta)
    inside = ft.Row(
        [
            ft.Container(code, width=look.grown(76)),
            ft.Column(
                [
                    text(one.title or one.type_words, LABEL, look.words, lines=1),
                    text(f"{one.when} · {one.type_words}" if one.title else one.when, META, look.meta, lines=1),
                ],
                spacing=0,
                expand=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            counts,
            ft.Icon(TYPE_ICONS.get(one.type, ft.Icons.CIRCLE_OUTLINED), size=18, color=look.meta),
        ],
        spacing=8,
    )
    said = journey.words.many("{day}, {n} entry", "{day}, {n} entries", one.entries, day=f"{one.code}, {one.when}")
    open_day = f"/days/{one.code}"
    return row_target(
        f"day-{one.code}",
        inside,
        look,
        lambda _: journey.window.go(open_day),
        height=64,
        label=said,
        chosen=chosen,
    )


_DayTile = memo(_day_tile)


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
