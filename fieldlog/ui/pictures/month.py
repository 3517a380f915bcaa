"""The month's pictures whole: the score, people by days, the calendar; and where on them a tap falls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldlog.services.rows.heat import step, steps_of
from fieldlog.services.rows.strips import Strip
from fieldlog.services.rows.together import Together
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.pictures.axis import Axis, month_axis
from fieldlog.ui.pictures.score import Columns, Rows, chosen_frame, chosen_row, dots, names, score
from fieldlog.ui.pictures.shapes import Box, Label, Picture, Shape
from fieldlog.ui.words.strip_words import counted, month_said
from fieldlog.ui.words.times import WEEKDAYS, date_words
from fieldlog.ui.words.words import Words

NARROW, WIDE = 44, 182
"""What the names of the days take at the left."""

NARROWEST_ROW, TALLEST_ROW, TALLEST_WIDE = 12, 22, 24
COLUMN, NARROWEST_COLUMN = 24, 14
SHORTEST_AXIS, LONGEST_AXIS, BETWEEN, MARGIN = 320, 560, 44, 16


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture of the month with where its days, hours and people lie; what it has not is None."""

    picture: Picture
    rows: Rows
    axis: Axis | None
    columns: Columns | None


def month_picture(
    strips: Sequence[Strip], look: Look, words: Words, *, width: float, row: float, wide: bool,
    people: Together | None = None, bars: bool = True, chosen: str = "",
) -> Drawn:  # fmt: skip
    """The score, where `bars` are wanted, and `people` beside it; a row of `row` for each day.

    It is `width` wide, or wider where there are more people than have room. `wide` names the days in full.
    """
    left = look.grown(WIDE if wide else NARROW)
    top = look.grown(76 if people and people.people and wide else 64 if people and people.people else 22)
    rows = Rows(top=top, height=row, count=len(strips))
    axis, columns = _places(strips, people, look, width, left, bars)
    ends = columns.ends + look.grown(24) if columns else (axis.x + axis.width if axis else left)
    whole = max(width, ends + MARGIN)
    at = next((n for n, one in enumerate(strips) if one.date == chosen), None)
    shapes: list[Shape] = [] if at is None else [*chosen_row(look, rows, at, 0, whole)]
    shapes += _names_of_days(strips, look, words, rows, wide=wide)
    if axis:
        shapes += score(strips, look, axis, rows)
        shapes += chosen_frame(look, rows, at, axis) if at is not None else ()
    if columns and people:
        shapes += names(columns, look, rows.top - 8, chinese=words.chinese)
        shapes += dots(people, strips, look, columns, rows)
    picture = Picture(
        width=whole, height=rows.ends + 4, shapes=tuple(shapes), said=month_said(strips, words)
    )  # fmt: skip
    return Drawn(picture=picture, rows=rows, axis=axis, columns=columns)


def _places(
    strips: Sequence[Strip], people: Together | None, look: Look, width: float, left: float, bars: bool
) -> tuple[Axis | None, Columns | None]:
    inside, count = width - left - MARGIN, len(people.people) if people else 0
    if not count or not people:
        return (month_axis(strips, inside, x=left) if bars else None), None
    most = inside - look.grown(24) - (SHORTEST_AXIS + BETWEEN if bars else 0)
    column = min(look.grown(COLUMN), max(look.grown(NARROWEST_COLUMN), most / count))
    if not bars:
        return None, Columns(x=left, width=column, people=people.people)
    long = max(SHORTEST_AXIS, min(LONGEST_AXIS, inside - BETWEEN - look.grown(24) - column * count))
    axis = month_axis(strips, long, x=left)
    return axis, Columns(x=left + long + BETWEEN, width=column, people=people.people)


def _names_of_days(
    strips: Sequence[Strip], look: Look, words: Words, rows: Rows, *, wide: bool
) -> Iterator[Label | Box]:
    """PD14, Sun 16 Mar and a warm number of entries; where there is little room 14."""
    steps = steps_of(one.entries for one in strips)
    size = min(look.grown(15 if wide else 12), rows.height)
    for n, one in enumerate(strips):
        y = rows.middle(n)
        name = one.date[5:] if one.n is None else one.code if wide else f"{one.n:02d}"
        yield Label(x=MARGIN if wide else 8, y=y, words=name, size=size, color=look.words, bold=True)
        if wide:
            small = min(look.grown(12), rows.height)
            when = date_words(one.date, words) if one.numbered else ""
            yield Label(x=look.grown(68), y=y, words=when, size=small, color=look.meta)
            warm = step(one.entries, steps)
            yield Box(x=look.grown(138), y=y - rows.height * 0.4, width=look.grown(34), height=rows.height * 0.8,
                      fill=look.data.heat[warm], round=3)  # fmt: skip
            yield Label(x=look.grown(155), y=y, words=str(one.entries), size=small, color=look.data.heat_ink[warm],
                        anchor="middle")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A day of the calendar: what it is called, how warm it is, and how far it reaches past midnight, 0 to 1."""

    strip: Strip
    name: str
    warm: int
    past: float


LATEST = 15 * 60
"""So many minutes past midnight fill the foot of a cell."""


def weeks(strips: Sequence[Strip]) -> list[list[Cell | None]]:
    """The days of the plan, or all where none has a number, by weeks from Monday on. Weeks without any are left
    out."""
    days = counted(strips)
    steps = steps_of(one.entries for one in strips)
    cells = {
        date.fromisoformat(one.date): Cell(
            strip=one, name=str(one.n if one.n is not None else int(one.date[8:])),
            warm=step(one.entries, steps), past=min(1.0, one.overrun / LATEST),
        )
        for one in days
    }  # fmt: skip
    mondays = sorted({day - timedelta(days=day.weekday()) for day in cells})
    return [[cells.get(monday + timedelta(days=n)) for n in range(7)] for monday in mondays]


def calendar_picture(strips: Sequence[Strip], look: Look, words: Words, *, side: float = 56) -> Picture:
    """The calendar as shapes, to be saved; the screen draws its cells as buttons."""
    found, gap, head, tall = weeks(strips), 4.0, 24.0, side * 1.2
    shapes: list[Shape] = [
        Label(x=MARGIN + n * (side + gap) + side / 2, y=head / 2 + 4, words=words(name), size=12, color=look.meta,
              anchor="middle")
        for n, name in enumerate(WEEKDAYS)
    ]  # fmt: skip
    for w, week in enumerate(found):
        for n, cell in enumerate(week):
            if cell is not None:
                shapes += _cell(cell, look, MARGIN + n * (side + gap), head + 8 + w * (tall + gap), side, tall)
    height = head + 8 + len(found) * (tall + gap) + MARGIN
    width = 2 * MARGIN + 7 * (side + gap)
    return Picture(width=width, height=height, shapes=tuple(shapes), said=month_said(strips, words))


def _cell(cell: Cell, look: Look, x: float, y: float, side: float, tall: float) -> Iterator[Shape]:
    ink = look.data.heat_ink[cell.warm]
    yield Box(x=x, y=y, width=side, height=tall, fill=look.data.heat[cell.warm], round=6)
    if cell.past:
        yield Box(x=x, y=y + tall - 5, width=max(3.0, side * cell.past), height=5, fill=look.data.dark)
    yield Label(x=x + 7, y=y + 16, words=cell.name, size=17, color=ink, bold=True)
    yield Label(x=x + 7, y=y + tall - 18, words=str(cell.strip.entries), size=12, color=ink)
