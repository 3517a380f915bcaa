"""A production day as a strip of time: what lies past midnight stands on the dark slate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fieldlog.services.rows.strips import MIDNIGHT, Bar, Strip
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.pictures.axis import Axis
from fieldlog.ui.pictures.shapes import Box, Flag, Label, Lines, Picture, Shape

WHOLE, HEAD, MIDDLE, ROW, BAR = 56, 36, 20, 12, 10
"""Heights of a strip: a day that is done, the head of a day, between, in a row, under a bar."""

HOURS = 16
"""How much the numbers of the hours below it take, in dp, in letters of the usual size."""

TICKED = 20
"""From this height on entries are ticks above the bars."""

PARTS = {"shoot": 1.0, "talk": 0.72, "rest": 0.44}
"""How high a bar is, in parts of the highest: kinds are told apart without their colours, too."""

CLOCK_LINE = 1.5


def strip_picture(
    strip: Strip, look: Look, axis: Axis, height: float, said: str, *, hours: bool = False,
    now: int | None = None, cursor: int | None = None,
) -> Picture:  # fmt: skip
    """A strip `height` high, with numbers of hours below it where `hours` are wanted.

    `now` is where today is: what goes on reaches there, and what is planned is an outline. `cursor` marks a time.
    """
    shapes = [*ground(look, axis, 0, height), *_inside(strip, look, axis, height, now)]
    if cursor is not None:
        shapes += _cursor(look, axis, cursor, height)
    if hours:
        shapes += hour_labels(look, axis, height + look.grown(HOURS) / 2 + 1)
    tall = height + look.grown(HOURS) if hours else height
    return Picture(width=axis.x + axis.width, height=tall, shapes=tuple(shapes), said=said)


def ground(look: Look, axis: Axis, top: float, height: float) -> Iterator[Box]:
    """The time before midnight, and what lies past it."""
    left, right, dark = axis.x, axis.x + axis.width, axis.midnight
    if dark is None or dark > left:
        end = right if dark is None else dark
        yield Box(x=left, y=top, width=end - left, height=height, fill=look.container)
    if dark is not None:
        yield Box(x=dark, y=top, width=right - dark, height=height, fill=look.data.dark)


def bars(
    look: Look, axis: Axis, sessions: Iterable[Bar], top: float, height: float, now: int | None = None
) -> Iterator[Box]:
    """Sessions at their hours, standing on one line; the lower ones before the higher where they overlap."""
    for bar in sorted(sessions, key=lambda one: -PARTS[one.kind]):
        ends = bar.ends if now is None or not bar.going_on else max(bar.ends, now)
        high = round(height * PARTS[bar.kind], 1)
        for begins, end, past in parted(bar.begins, ends):
            x = axis.at(begins)
            wide = max(2.0, axis.at(end) - x)
            fill = (look.data.bars_past if past else look.data.bars)[bar.kind]
            line = look.data.rest_line if bar.kind == "rest" and not past else ""
            yield Box(
                x=x, y=top + height - high, width=wide, height=high, fill=fill, line=line, round=min(2, wide / 2)
            )


def clock_lines(look: Look, axis: Axis, strip: Strip, top: float, height: float) -> Iterator[Lines]:
    """When it was called, and when it wrapped, as far as that is on the axis."""
    for minute in (strip.call, strip.wrap):
        if minute is not None and axis.begins <= minute <= axis.ends:
            x = min(max(axis.at(minute), axis.x + 1), axis.x + axis.width - 1)
            ink = look.data.on_dark if minute > MIDNIGHT else look.words
            yield Lines(ends=((x, top, x, top + height),), color=ink, width=CLOCK_LINE)


def hour_labels(look: Look, axis: Axis, y: float, room: float = 30) -> Iterator[Label]:
    """The numbers of the hours, 24 in bold."""
    size = look.grown(11)
    for hour in axis.hours(look.grown(room)):
        x = axis.at(hour * 60)
        left, right = x < axis.x + size / 2, x > axis.x + axis.width - size / 2
        yield Label(
            x=x, y=y, words=f"{hour:02d}", size=size, color=look.words if hour == 24 else look.meta,
            bold=hour == 24, anchor="start" if left else "end" if right else "middle",
        )  # fmt: skip


def parted(begins: int, ends: int) -> Iterator[tuple[int, int, bool]]:
    """What of a stretch lies before midnight, and what past it."""
    if begins < MIDNIGHT:
        yield begins, min(ends, MIDNIGHT), False
    if ends > MIDNIGHT or begins >= MIDNIGHT:
        yield max(begins, MIDNIGHT), ends, True


def _inside(strip: Strip, look: Look, axis: Axis, height: float, now: int | None) -> Iterator[Shape]:
    ticked = height >= TICKED
    top = round(height * 0.42) if ticked else 2
    foot = round(height * 0.11) if ticked else 2
    inside = height - top - foot
    if now is not None:
        yield from _planned(look, axis, strip.planned, top, inside)
    yield from bars(look, axis, strip.sessions, top, inside, now)
    if ticked:
        yield from _ticks(look, axis, strip.ticks, round(height * 0.12), round(height * 0.22))
    yield from clock_lines(look, axis, strip, 0, height)


def _planned(look: Look, axis: Axis, planned: Iterable[Bar], top: float, height: float) -> Iterator[Box]:
    for bar in planned:
        for begins, ends, past in parted(bar.begins, bar.ends):
            x, line = axis.at(begins), look.data.on_dark if past else look.outline
            yield Box(
                x=x, y=top, width=max(3.0, axis.at(ends) - x), height=height, line=line, round=2, dashed=True
            )


def _ticks(look: Look, axis: Axis, ticks: Iterable[int], top: float, height: float) -> Iterator[Lines]:
    """A line an entry, on each ground in its own colour; what would lie on one another is drawn once."""
    for past in (False, True):
        found = sorted({round(axis.at(one) * 2) / 2 for one in ticks if (one >= MIDNIGHT) == past})
        if found:
            ink = look.data.on_dark if past else look.words
            yield Lines(ends=tuple((x, top, x, top + height) for x in found), color=ink)


def _cursor(look: Look, axis: Axis, minute: int, height: float) -> Iterator[Shape]:
    x = axis.at(minute)
    past = minute >= MIDNIGHT and not look.dark
    ink = look.attention_container if past else look.attention
    yield Lines(ends=((x, 0, x, height),), color=ink, width=2)
    yield Flag(corners=((x - 5, 0), (x + 5, 0), (x, 7)), color=ink)
