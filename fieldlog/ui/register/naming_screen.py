"""Register › whoever or whatever it is › all entries that name it, the newest first, read in parts."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import icon_target, keyed, more_row, text
from fieldlog.ui.parts.theme import BODY, HEAD, META, TITLE
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.rows.drawn.photos import HIGH, HIGH_LAPTOP
from fieldlog.ui.rows.drawn.tile import Tile, marked
from fieldlog.ui.rows.landing import FAR, Part, use_row_in_sight
from fieldlog.ui.rows.views import StreamRow
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.times import date_words

MOST_WIDE = 720


@ft.component
def NamingPage(journey: RegisterJourney, shell: Shell, table: str, record: str) -> ft.Control:
    return keyed(_Naming, f"{table}-{record}", journey, shell, table, record)


@ft.component
def _Naming(journey: RegisterJourney, shell: Shell, table: str, record: str) -> ft.Control:
    """The entries under their days, as in a day; come back to, around the one that was left."""
    _, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    words, look, register = journey.words, shell.look, journey
    about = register.id_of(table, record)
    mark: str = ft.use_memo(lambda: journey.rows.landing.entry, [])
    first: Part = ft.use_memo(lambda: Part.around(register.place_naming(table, about, mark), mark), [])
    part, show = ft.use_state(first)
    scrolling, searching = use_row_in_sight(journey.rows.landing, part.row)
    named = register.named(table, record)
    if not named:
        gone = words("This is not in the register any more.")
        return ft.Container(text(gone, BODY, look.meta), padding=24)
    total, rows = register.naming(table, about, part.start, part.count)
    items: list[ft.Control] = []
    if part.start and rows:
        top = rows[0].id
        said = words("Show {n} newer", n=part.before)
        items.append(more_row("naming-newer", said, look, lambda _: show(part.earlier(top))))
    day, high = "", HIGH_LAPTOP if shell.laptop else HIGH
    for row in rows:
        if row.date != day:
            day = row.date
            items.append(_day(journey, shell, row))
        tile = keyed(Tile, row.id, row, look, journey.rows, journey.rows.open, row.id == mark, high, shell.laptop)
        items.append(marked(tile, row.id) if row.id in (mark, part.row) else tile)
    left = part.left(total, len(rows))
    if left:
        items.append(more_row("naming-more", words("Show {n} more", n=left), look, lambda _: show(part.later())))
    found = ft.ListView(items, expand=True, cache_extent=FAR if searching else None)
    scrolling.current = found
    column = ft.Column([_head(journey, shell, table, record, named, total), found], spacing=0, expand=True)
    return ft.Row(
        [ft.Container(column, width=None if shell.phone else MOST_WIDE, expand=shell.phone)],
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )


def _head(journey: RegisterJourney, shell: Shell, table: str, record: str, named: str, total: int) -> ft.Control:
    look, words = shell.look, journey.words
    way = f"/register/people/{record}" if table == "people" else f"/register/{table}"
    back = icon_target(
        "naming-back", ft.Icons.ARROW_BACK, words("Back"), lambda _: journey.window.go(way), color=look.words
    )
    said = words.many("{n} entry", "{n} entries", total)
    inside: list[ft.Control] = [text(named, TITLE, look.words, lines=2), text(said, META, look.meta)]
    return ft.Container(
        ft.Row([back, ft.Column(inside, spacing=0, expand=True)], spacing=8),
        padding=ft.Padding.symmetric(horizontal=8, vertical=4),
    )


def _day(journey: RegisterJourney, shell: Shell, row: StreamRow) -> ft.Control:
    """The day that the entries below it are of."""
    look, when = shell.look, date_words(row.date, journey.words)
    code = journey.rows.reader.code(row.date)
    said = when if code == row.date else f"{code} · {when}"
    return ft.Container(
        text(said, HEAD, look.words, lines=1),
        bgcolor=look.low,
        padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        key=f"day-of-{row.id}",
    )
