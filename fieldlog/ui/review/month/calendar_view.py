"""The month as a calendar: a cell a day, warmer with more entries, with a dark foot where it ran past midnight."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.services.rows.heat import steps_of
from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.basics import tagged, text
from fieldlog.ui.parts.theme import DAY_SMALL, META, NIGHT_CLOCK, Look, Style
from fieldlog.ui.pictures.month import Cell, weeks
from fieldlog.ui.words.strip_words import strip_words
from fieldlog.ui.words.times import WEEKDAYS, date_words
from fieldlog.ui.words.words import Words

CELL, GAP, MARGIN, FOOT, INSIDE = 62, 4, 16, 4, 5
DIGIT = 0.62
"""How wide a bold digit is, in parts of its size."""

Choose = Callable[[Strip], None]


def calendar(
    strips: list[Strip], look: Look, words: Words, width: float, choose: Choose, *, chosen: str, today: str
) -> ft.Control:
    """Seven columns in `width`; a tap chooses."""
    side = (width - 2 * MARGIN - 6 * GAP) // 7
    head: list[ft.Control] = [
        ft.Container(
            text(words(name), META, look.meta, lines=1), width=side, alignment=ft.Alignment.CENTER
        )
        for name in WEEKDAYS
    ]  # fmt: skip
    rows: list[ft.Control] = [
        ft.Row(
            [_cell(cell, look, words, side, choose, chosen, today) if cell else ft.Container(width=side)
             for cell in week],
            spacing=GAP,
        )
        for week in weeks(strips)
    ]  # fmt: skip
    inside = ft.Column([ft.Row(head, spacing=GAP), *rows, _legend(strips, look, words)], spacing=GAP, tight=True)
    return ft.Container(inside, padding=ft.Padding.symmetric(horizontal=MARGIN))


def _cell(
    cell: Cell, look: Look, words: Words, side: float, choose: Choose, chosen: str, today: str
) -> ft.Control:
    one, ink = cell.strip, look.data.heat_ink[cell.warm]
    ring = look.words if one.date == chosen else look.primary if one.date == today else None
    usual = DAY_SMALL if one.date == today else NIGHT_CLOCK
    number = text(cell.name, _fitting(usual, cell.name, side, look), ink)
    entries = text(str(one.entries) if one.entries else "", _fitting(META, str(one.entries), side, look), ink)
    foot = ft.Container(
        width=max(3.0, (side - 4) * cell.past) if cell.past else 0, height=FOOT, bgcolor=look.data.dark
    )
    face = ft.Container(
        ft.Column(
            [
                ft.Container(
                    ft.Column([number, entries], spacing=0, tight=True),
                    padding=ft.Padding.only(left=INSIDE, top=4),
                    expand=True,
                ),
                foot,
            ],
            spacing=0,
        ),
        width=side,
        height=look.grown(CELL),
        bgcolor=look.data.heat[cell.warm],
        border=ft.Border.all(2, ring or look.data.heat[cell.warm]),
        border_radius=6,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
        on_click=lambda _: choose(one),
    )
    parts = (date_words(one.date, words), words("today") if one.date == today else "", strip_words(one, words))
    said = words(", ").join(part for part in parts if part)
    return tagged(f"cell-{one.date}", face, said, button=True, selected=one.date == chosen)


def _fitting(style: Style, digits: str, side: float, look: Look) -> Style:
    """The style, or a smaller one in which digits are as wide as a cell: letters of 200 % would push them out."""
    most = int((side - 2 * INSIDE - 4) / (DIGIT * max(1, len(digits))) / look.scale)
    return style if most >= style.size else Style(size=most, line=style.line, bold=style.bold)


def _legend(strips: list[Strip], look: Look, words: Words) -> ft.Control:
    """What the grounds stand for, with the numbers at which they change; and the foot."""
    steps = (0, *steps_of(one.entries for one in strips))
    grounds = [
        ft.Container(
            text(str(least) if n else f"<{steps[1]}", META, look.data.heat_ink[n], lines=1),
            bgcolor=look.data.heat[n],
            padding=ft.Padding.symmetric(horizontal=5),
            border_radius=3,
        )
        for n, least in enumerate(steps)
    ]
    past = ft.Container(width=20, height=FOOT, bgcolor=look.data.dark)
    inside: list[ft.Control] = [
        ft.Row([*grounds, text(words("entries"), META, look.meta)], spacing=2, tight=True),
        ft.Row([past, text(words("past midnight"), META, look.meta)], spacing=6, tight=True),
    ]
    return ft.Container(
        ft.Row(inside, spacing=16, wrap=True, run_spacing=4), padding=ft.Padding.symmetric(vertical=8)
    )
