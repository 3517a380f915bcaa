"""The month as a list: a row a day, with its strip on the axis of the month."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.basics import row_target, text
from fieldlog.ui.parts.theme import DAY_SMALL, HEAD, LABEL, META, Look
from fieldlog.ui.pictures.axis import Axis, month_axis
from fieldlog.ui.pictures.drawn import canvas
from fieldlog.ui.pictures.strip import ROW, strip_picture
from fieldlog.ui.words.strip_words import day_name, strip_words, to_words
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words

CODE, MARGIN, HIGH = 76, 16, 70

Choose = Callable[[Strip], None]


def day_rows(
    strips: list[Strip], look: Look, words: Words, width: float, choose: Choose, *, chosen: str
) -> list[ft.Control]:
    """Days of the plan, then those outside of it, by date."""
    axis = month_axis(strips, width - 2 * MARGIN - look.grown(CODE))
    planned = [one for one in strips if one.numbered]
    rows = [_row(one, look, words, axis, choose, one.date == chosen) for one in planned]
    return rows + outside(strips, look, words, width, choose, chosen=chosen)


def outside(
    strips: list[Strip], look: Look, words: Words, width: float, choose: Choose, *, chosen: str
) -> list[ft.Control]:
    """The days that have no number, below their head."""
    found = [one for one in strips if not one.numbered]
    if not found:
        return []
    axis = month_axis(strips, width - 2 * MARGIN - look.grown(CODE))
    head = ft.Container(text(words("Outside the plan"), HEAD, look.meta), padding=MARGIN)
    return [head, *(_row(one, look, words, axis, choose, one.date == chosen) for one in found)]


def _row(one: Strip, look: Look, words: Words, axis: Axis, choose: Choose, chosen: bool) -> ft.Control:
    said = strip_words(one, words)
    when = date_words(one.date, words)
    about = " · ".join(part for part in (when if one.numbered else "", to_words(one, words)) if part)
    entries = words.many("{n} note", "{n} notes", one.entries) if one.entries else ""
    name = day_name(one, words) if one.numbered or one.title else when
    inside = ft.Row(
        [
            ft.Container(
                text(one.code if one.numbered else "–", DAY_SMALL, look.words, lines=1), width=look.grown(CODE)
            ),
            ft.Column(
                [
                    text(name, LABEL, look.words, lines=1),
                    canvas(strip_picture(one, look, axis, ROW, said)),
                    ft.Row([text(about, META, look.meta, expand=True), text(entries, META, look.meta)], spacing=8),
                ],
                spacing=3,
                expand=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        ],
        spacing=0,
    )
    label = words(", ").join((when, name, said))
    return row_target(
        f"day-{one.code}", inside, look, lambda _: choose(one), height=HIGH, label=label, chosen=chosen
    )  # fmt: skip
