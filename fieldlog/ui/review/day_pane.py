"""A day as it is read: its head, its entries under their sessions."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import icon_target, keyed, more_row, text
from fieldlog.ui.parts.icons import SESSION_ICONS
from fieldlog.ui.parts.theme import BODY, CLOCK, HEAD, LARGE, LIST_PANE, META, RAIL
from fieldlog.ui.pictures.axis import day_axis
from fieldlog.ui.pictures.strip import HEAD as STRIP
from fieldlog.ui.pictures.views import GoTo, strip_view
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.rows.drawn.photos import HIGH, HIGH_LAPTOP
from fieldlog.ui.rows.drawn.tile import GAP, LEFT, TIME, Tile, marked, midnight, on_time
from fieldlog.ui.rows.items import AFTER, BETWEEN, WITHOUT, Loose, Midnight, day_items
from fieldlog.ui.rows.landing import FAR, Part, use_row_in_sight
from fieldlog.ui.rows.views import SessionRow
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.strip_words import length_words, span_words
from fieldlog.ui.words.words import Words, later

MARGIN = 16


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
    date, rows, total, sessions = read
    items: list[ft.Control] = []
    if part.start and rows:
        top = rows[0].id
        more = words("Show {n} earlier", n=part.before)
        items.append(more_row("day-earlier", more, look, lambda _: show(part.earlier(top))))
    high = HIGH_LAPTOP if shell.laptop else HIGH
    at_end = part.start + len(rows) >= total
    for item in day_items(rows, sessions, begins=not part.start, ends=at_end, keep=(part.row, mark)):
        match item:
            case SessionRow():
                items.append(_session(item, shell, words))
            case Loose():
                items.append(_loose(item, shell, words))
            case Midnight():
                items.append(midnight(item.date, journey.rows.reader.code(date), look, journey.rows))
            case _:
                chosen = item.id == mark
                tile = keyed(
                    Tile, item.id, item, look, journey.rows, journey.rows.open, chosen, high, not shell.phone
                )
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

    async def go_to(minute: int) -> None:
        place, row = journey.at(date, minute)
        if row:
            show(Part.around(place, row))

    return ft.Column(
        [_head(journey, shell, date, cursor, go_to), found],
        spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )  # fmt: skip


def _head(journey: ReviewJourney, shell: Shell, date: str, cursor: str, go_to: GoTo) -> ft.Control:
    """The day's strip, which stays in sight, and its numbers. A tap on it leads to that time."""
    look, words, one = shell.look, journey.words, journey.whole_strip(date)
    now = journey.now(date)
    axis = day_axis(one, pane_width(shell, narrow=bool(cursor)) - 2 * MARGIN, now=now)
    place = journey.rows.reader.place(date, cursor) if cursor else -1
    at = one.ticks[place] if 0 <= place < len(one.ticks) else None
    strip = strip_view(
        "day-strip", one, look, words, axis, STRIP, hours=True, now=now, cursor=at, go_to=go_to
    )  # fmt: skip
    observed = words("{time} observed", time=length_words(one.observed, words)) if one.observed else ""
    parts = [
        span_words(one, words), words.many("{n} entry", "{n} entries", one.entries), observed,
        words.many("{n} person", "{n} people", one.people) if one.people else "",
    ]  # fmt: skip
    said = text(" · ".join(part for part in parts if part), META, look.meta, expand=True)
    find = icon_target(
        "day-find", ft.Icons.SEARCH, words("Find in {day}", day=one.code),
        lambda _: journey.window.go(f"/find/day:{one.code}"), size=look.target, color=look.meta,
    )  # fmt: skip
    return ft.Container(
        ft.Column([strip, ft.Row([said, find], spacing=8)], spacing=0, tight=True),
        padding=ft.Padding.only(left=MARGIN, right=4, top=4),
        border=ft.Border(bottom=ft.BorderSide(1, look.hairline)),
    )


def pane_width(shell: Shell, *, narrow: bool) -> float:
    """How wide a day is: the whole window, what is left beside the month, or, beside an entry, a list."""
    if shell.phone:
        return shell.width
    room = shell.width - max(RAIL, shell.look.grown(64)) - 1
    if not shell.laptop:
        return room
    return LIST_PANE - 1 if narrow else room - LIST_PANE


def _session(one: SessionRow, shell: Shell, words: Words) -> ft.Control:
    look = shell.look
    about = words("goes on") if one.again else f"{one.hours} · {one.type_words}"
    ink = look.data.on_dark if one.past else look.meta
    icon = ft.Icon(SESSION_ICONS.get(one.type, SESSION_ICONS["other"]), size=18, color=ink)
    title, beside = text(one.title, HEAD, look.words, lines=2), text(about, CLOCK, look.meta)
    # With large letters the one would push the other out.
    named: ft.Control = ft.Row([ft.Container(title, expand=True), beside], spacing=GAP)
    if look.scale > LARGE:
        named = ft.Column([title, beside], spacing=0)
    inside = ft.Row(
        [
            ft.Container(icon, width=look.grown(TIME), alignment=ft.Alignment.CENTER_LEFT),
            ft.Container(named, expand=True),
        ],
        spacing=GAP,
    )
    return on_time(inside, look, past=one.past, ground=look.low, key=f"session-{one.key}")


LOOSE = {BETWEEN: later("Between sessions"), AFTER: later("After the sessions"), WITHOUT: later("In no session")}


def _loose(one: Loose, shell: Shell, words: Words) -> ft.Control:
    """The head of what is in no session: without a ground, so that nobody takes it for one."""
    look = shell.look
    said, column = text(words(LOOSE[one.where]), HEAD, look.meta, expand=True), LEFT + look.grown(TIME)
    inside = ft.Container(
        ft.Row([said]),
        margin=ft.Margin.only(left=column if one.past else 0),
        padding=ft.Padding.only(left=GAP if one.past else column + GAP, top=8, bottom=8),
        border=ft.Border(top=ft.BorderSide(1, look.hairline)),
    )
    return on_time(inside, look, past=one.past, padding=ft.Padding.all(0), key=f"loose-{one.key}")
