"""An entry as a row: time, type rule, words, photos, a player. Past midnight its time stands on the dark slate."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import flet as ft

from fieldlog.ui.parts.basics import asks, chip, memo, tagged, text
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.layout import with_hits, with_squares
from fieldlog.ui.parts.theme import BODY, CLOCK, CLOCK_PAST, META, Look
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.rows.drawn.photos import HIGH, photos
from fieldlog.ui.rows.drawn.sound_bar import SoundBar
from fieldlog.ui.rows.landing import row_key
from fieldlog.ui.rows.views import Heard, StreamRow
from fieldlog.ui.words.times import clock_of, date_words, short_date

LEFT, TIME, GAP = 8, 52, 8
"""Where the time stands, how wide it is, and what is between it and the rule."""

AROUND = ft.Padding.only(left=LEFT, right=16, top=8, bottom=8)
"""The space around what stands in a row."""

SEAM = 1
"""How far the dark slate of one row reaches into the next."""

READ = 640
"""Words are at most so wide."""

MANY_LINES, MANY_CHARACTERS = 12, 800
"""What a row shows of a long text; the entry's page shows it whole."""

Wish = Callable[[str], None]


@ft.component
def _Tile(
    row: StreamRow, look: Look, journey: RowsJourney, wish: Wish, chosen: bool = False, high: float = HIGH,
    laptop: bool = False,
) -> ft.Control:  # fmt: skip
    ink = look.types.get(row.note_type, look.meta)
    body: ft.Control = ft.Column(_body(row, look, journey, ink, high, laptop=laptop), spacing=2)
    words = ft.Container(
        ft.Container(body, width=READ) if laptop else body,
        expand=True,
        alignment=ft.Alignment.TOP_LEFT if laptop else None,
        padding=ft.Padding.only(left=12),
        border=ft.Border(left=ft.BorderSide(3, ink if row.type_words else look.hairline)),
    )
    inside = ft.Row(
        [_time(row, look, journey, ink), words], spacing=GAP, vertical_alignment=ft.CrossAxisAlignment.START
    )
    face = on_time(
        inside, look, past=row.past, ground=look.primary_container if chosen else None,
        on_click=lambda _: wish(row.id),
    )  # fmt: skip
    return tagged(f"entry-{row.id}", face, row.label, button=True, selected=chosen or None)


Tile = memo(_Tile)


def on_time(
    inside: ft.Control, look: Look, *, past: bool, ground: str | None = None, padding: ft.Padding = AROUND,
    on_click: Callable[[ft.Event[ft.Container]], None] | None = None, key: str | None = None,
) -> ft.Control:  # fmt: skip
    """What stands in the column of times stands on the dark slate where it is `past` midnight, without a gap.

    The slate reaches into what is below: scrolled by parts of a pixel, edges that only meet let light through.
    So would a `ground` under it; it lies beside it.
    """
    if not past:
        return ft.Container(inside, bgcolor=ground, padding=padding, on_click=on_click, key=key)
    left, top, wide = -padding.left, -padding.top, LEFT + look.grown(TIME)
    dark = ft.Container(left=left, top=top, bottom=-padding.bottom - SEAM, width=wide, bgcolor=look.data.dark)
    layers: list[ft.Control] = [dark, inside]
    if ground:
        layers.insert(
            0,
            ft.Container(bgcolor=ground, left=left + wide, right=-padding.right, top=top, bottom=-padding.bottom),
        )
    stack = ft.Stack(layers, clip_behavior=ft.ClipBehavior.NONE)
    return ft.Container(stack, padding=padding, on_click=on_click, key=key)


def marked(row: ft.Control, entry: str) -> ft.Control:
    """A row that can be scrolled to."""
    return ft.Container(row, key=row_key(entry))


def midnight(date: str, code: str, look: Look, journey: RowsJourney) -> ft.Control:
    """The bar where the wall's next day begins: the crew's time, the wall's date, and whose day it still is."""
    after = date_words(next_date(date), journey.words)
    day = date_words(date, journey.words) if code == date else code
    said = journey.words("{date} on the wall · still {day}", date=after, day=day)
    dark, ink = look.data.dark, look.data.on_dark
    line = ft.Container(
        left=0, right=0, top=look.grown(CLOCK_PAST.line / 2), height=1, bgcolor=look.data.bars_past["rest"]
    )
    crew = ft.Container(text("24:00", CLOCK_PAST, ink), bgcolor=dark, padding=ft.Padding.only(right=8))
    wall = ft.Container(text(said, META, ink), bgcolor=dark, padding=ft.Padding.only(left=8))
    times = ft.Row(
        [crew, ft.Container(wall, expand=True, expand_loose=True)],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN, spacing=0,
    )  # fmt: skip
    face = ft.Container(
        ft.Stack([line, times]), bgcolor=dark, padding=ft.Padding.only(left=LEFT, right=16, top=4, bottom=4)
    )
    return tagged("midnight", on_time(face, look, past=True, padding=ft.Padding.all(0)), f"24:00. {said}")


def next_date(date: str) -> str:
    """The ISO date after this one."""
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days=1)).isoformat()


def _time(row: StreamRow, look: Look, journey: RowsJourney, ink: str) -> ft.Control:
    date, _, clock = row.clock.rpartition(" ")
    on_dark = look.data.on_dark
    lines: list[ft.Control] = []
    if date:
        lines.append(text(short_date(date, journey.words), META, on_dark if row.past else look.meta))
    lines.append(text(clock, CLOCK_PAST if row.past else CLOCK, on_dark if row.past else look.meta))
    icon = KIND_ICONS.get(row.kind, KIND_ICONS["jotting"])
    lines.append(ft.Icon(icon, size=18, color=on_dark if row.past else ink))
    return ft.Column(lines, spacing=2, width=look.grown(TIME))


def _body(
    row: StreamRow, look: Look, journey: RowsJourney, ink: str, high: float, *, laptop: bool
) -> list[ft.Control]:
    body: list[ft.Control] = []
    if row.type_words:
        body.append(text(row.type_words, META, ink))
    if row.photos:
        body.append(photos(row.photos, look, journey, high, laptop=laptop))
    if row.runs:
        body.append(with_hits(look, row.runs, BODY, lines=MANY_LINES))
    elif row.text:
        body.append(text(row.text[:MANY_CHARACTERS], BODY, look.words, lines=MANY_LINES))
    if row.sound:
        body.append(SoundBar(row.sound, look, journey, journey.playing, row.flags))
    if row.meta:
        body.append(with_squares(look, [(one.words, one.group) for one in row.meta]))
    if row.why:
        body.append(text(row.why, META, look.attention))
    if row.heard:
        body.append(_heard(row, row.heard, look, journey))
    if row.states:
        body.append(text(row.states, META, look.attention))
    return body


def _heard(row: StreamRow, heard: Heard, look: Look, journey: RowsJourney) -> ft.Control:
    """Play what was heard just then."""
    at = clock_of(heard.at)
    play = asks(journey.player.play_at, heard.memo, heard.at)
    label = journey.words("Play the memo at {time}", time=at)
    return ft.Row([chip(f"heard-{row.id}", at, look, play, icon=ft.Icons.PLAY_ARROW, tag=label)])
