"""The month as a score: every day a line over one midnight, and beside it who was seen when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fieldlog.services.rows.strips import Strip
from fieldlog.services.rows.together import Together, Who
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.pictures.axis import Axis
from fieldlog.ui.pictures.shapes import Box, Dots, Label, Lines, Picture, Shape
from fieldlog.ui.pictures.strip import bars, clock_lines, ground, hour_labels

SIZES = ((1, 0.25), (60, 0.34), (180, 0.45), (360, 0.56), (600, 0.68))
"""Minutes together from which a dot is so large, in parts of the row."""

NAMED, UNSEEN = 0.3, 2.0
"""The ring of somebody who is only named, in parts of the row; what says *not observed*, in dp."""

TURN = -60.0
"""Degrees that names above columns are turned."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Where the days lie: a row of `height` each, the first one `top` from above."""

    top: float
    height: float
    count: int

    @property
    def ends(self) -> float:
        return self.top + self.height * self.count

    def middle(self, n: int) -> float:
        return self.top + self.height * (n + 0.5)

    def at(self, y: float) -> int | None:
        """Which row is there; None above the first and below the last."""
        n = int((y - self.top) // self.height)
        return n if 0 <= n < self.count else None


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where the people stand: a column of `width` each, from `x` on."""

    x: float
    width: float
    people: tuple[Who, ...]

    @property
    def ends(self) -> float:
        return self.x + self.width * len(self.people)

    def middle(self, n: int) -> float:
        return self.x + self.width * (n + 0.5)

    def at(self, x: float) -> Who | None:
        """Whose column is there."""
        n = int((x - self.x) // self.width)
        return self.people[n] if 0 <= n < len(self.people) else None


def score(strips: Sequence[Strip], look: Look, axis: Axis, rows: Rows) -> Iterator[Shape]:
    """The bars of every day, the hours above them, and lines where an hour has a number."""
    yield from ground(look, axis, rows.top, rows.ends - rows.top)
    hours = [axis.at(hour * 60) for hour in axis.hours(look.grown(30))]
    yield Lines(ends=tuple((x, rows.top, x, rows.ends) for x in hours), color=look.outline, width=0.25)
    yield from hour_labels(look, axis, rows.top - look.grown(9))
    gap = max(1.0, round(rows.height * 0.22))
    for n, one in enumerate(strips):
        top = rows.top + n * rows.height
        yield from bars(look, axis, one.sessions, top + gap, rows.height - 2 * gap)
        yield from clock_lines(look, axis, one, top + 2, rows.height - 4)


def chosen_row(look: Look, rows: Rows, n: int, x: float, width: float) -> Iterator[Box]:
    """The ground of the row that is read, under everything."""
    yield Box(x=x, y=rows.top + n * rows.height, width=width, height=rows.height, fill=look.primary_container)


def chosen_frame(look: Look, rows: Rows, n: int, axis: Axis) -> Iterator[Lines]:
    """What frames the row that is read, over everything."""
    top, left, right = rows.top + n * rows.height, axis.x, axis.x + axis.width
    for y in (top, top + rows.height):
        yield Lines(ends=((left, y, right, y),), color=look.words if look.dark else look.primary, width=2)


def dots(together: Together, strips: Sequence[Strip], look: Look, columns: Columns, rows: Rows) -> Iterator[Shape]:
    """Who was seen when: a dot as large as the hours together, a ring where somebody is only named, and a speck
    that says *not observed*."""
    found: dict[tuple[str, float, bool], list[tuple[float, float]]] = {}
    unseen: list[tuple[float, float]] = []
    for n, day in enumerate(strips):
        for c, who in enumerate(columns.people):
            at = columns.middle(c), rows.middle(n)
            size, hollow = dot(together, who.id, day.date)
            if size:
                found.setdefault((look.data.department(who.group), size, hollow), []).append(at)
            else:
                unseen.append(at)
    if unseen:
        yield Dots(at=tuple(unseen), size=UNSEEN, color=look.outline)
    for (color, size, hollow), places in found.items():
        yield Dots(at=tuple(places), size=max(4.0, round(size * rows.height)), color=color, hollow=hollow)


def dot(together: Together, who: str, date: str) -> tuple[float, bool]:
    """How large a dot is, in parts of the row, and whether it is a ring; 0 where nothing was observed."""
    minutes = together.minutes.get((who, date), 0)
    if minutes:
        return next(size for least, size in reversed(SIZES) if minutes >= least), False
    return (NAMED, True) if together.named.get((who, date)) else (0.0, False)


def names(columns: Columns, look: Look, y: float, *, chinese: bool) -> Iterator[Label]:
    """Names above the columns, turned."""
    for n, who in enumerate(columns.people):
        name = (who.name_zh if chinese else who.name) or who.code
        yield Label(x=columns.middle(n), y=y, words=name, size=look.grown(12), color=look.meta, turn=TURN)


def picture(width: float, height: float, shapes: Sequence[Shape], said: str) -> Picture:
    return Picture(width=width, height=height, shapes=tuple(shapes), said=said)
