"""Where the hours of a day and its sessions stand on the spine: minutes in, dp out; no Flet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

MIDNIGHT = 1440
HOUR, TWO_HOURS = 60, 120
FEWEST_HOURS, LEAST_PER_HOUR = 12, 22.0
"""What an axis has at least: so many hours, and so many dp an hour; where that is more than fits, it scrolls."""

MORNING = 360
"""Where the axis of a day begins of which nothing is known."""

EARLIEST, LATEST = -1440, 5760
"""No axis reaches further, whatever a clock that was wrong says."""

GAP = 4
"""Between two blocks, in dp."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """A session or what is planned, in minutes on the production clock."""

    id: str
    begins: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class Axis:
    """From which hour to which the spine reaches, in minutes, and how high an hour is."""

    begins: int
    ends: int
    per_hour: float

    def y(self, minute: int) -> int:
        """Where a minute stands; one beyond the axis at its end."""
        within = min(max(minute, self.begins), self.ends)
        return round((within - self.begins) * self.per_hour / HOUR)

    @property
    def height(self) -> int:
        return self.y(self.ends)


@dataclass(frozen=True, kw_only=True)
class Hour:
    """An hour that is written on the axis: the middle of its words, of midnight their top."""

    hour: int
    y: int

    @property
    def midnight(self) -> bool:
        return self.hour == MIDNIGHT // HOUR

    @property
    def past(self) -> bool:
        return self.hour >= MIDNIGHT // HOUR


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a block stands beside the axis, in whole dp."""

    id: str
    x: int
    y: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def beside(self, x: int, width: int) -> bool:
        """Whether something of this width could not be moved past it, up or down."""
        return self.x < x + width and x < self.x + self.width


@dataclass(frozen=True, kw_only=True)
class Room:
    """What blocks have: the width for all of them, what one takes at the least."""

    width: int
    least_height: int
    least_width: int

    def lanes(self, wanted: int) -> int:
        """How many stand side by side: as many as overlap, as far as there is room."""
        return max(1, min(wanted, (self.width + GAP) // (self.least_width + GAP)))

    def lane(self, n: int, lanes: int) -> tuple[int, int]:
        """Where a lane begins, and how wide it is."""
        wide = (self.width - GAP * (lanes - 1)) // lanes
        return n * (wide + GAP), wide


def axis_of(known: Iterable[int | None], now: int | None, height: float) -> Axis:
    """The axis of a day, in whole hours: from an hour before the first `known` of it to one after the last.

    `now` is on it as well. Where nothing is known, it begins in the morning.
    """
    minutes = [one for one in known if one is not None] or [MORNING + HOUR]
    within = [min(max(one, EARLIEST), LATEST) for one in (*minutes, *([now] if now is not None else []))]
    first = (min(within) - HOUR) // HOUR * HOUR
    last = max(ceil((max(within) + HOUR) / HOUR) * HOUR, first + FEWEST_HOURS * HOUR)
    return Axis(begins=first, ends=last, per_hour=max(LEAST_PER_HOUR, height * HOUR / (last - first)))


def hours_of(axis: Axis, line: float) -> Iterator[Hour]:
    """The hours written on an axis, in letters so high: every second one, or fewer where they would touch."""
    step = TWO_HOURS
    while step * axis.per_hour / HOUR < line * 1.5 + GAP:
        step += TWO_HOURS
    for minute in range(ceil(axis.begins / step) * step, axis.ends + 1, step):
        found = Hour(hour=minute // HOUR, y=axis.y(minute))
        above, below = (0, line) if found.midnight else (line / 2, line / 2)
        if found.y - above >= 0 and found.y + below <= axis.height:
            yield found


def placed(spans: Iterable[Span], axis: Axis, room: Room) -> tuple[Place, ...]:
    """Where each block stands, in the order in which they begin.

    What overlaps in time stands side by side. A short one is as high as its words, and what comes after it
    is moved down as little as needed.
    """
    found = list[Place]()
    for together in _overlapping(sorted(spans, key=lambda one: (one.begins, one.ends, one.id))):
        for span, lane, lanes in _laned(together, room):
            x, wide = room.lane(lane, lanes)
            free = [one.bottom + GAP for one in found if one.beside(x, wide)]
            top = max([axis.y(span.begins), *free, *(one.y for one in found[-1:])])
            high = max(room.least_height, axis.y(span.ends) - GAP - top)
            found.append(Place(id=span.id, x=x, y=top, width=wide, height=high))
    return tuple(found)


def _overlapping(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Those that overlap, each with one of the others; the groups one after the other."""
    together, until = list[Span](), EARLIEST
    for span in spans:
        if together and span.begins >= until:
            yield together
            together, until = [], EARLIEST
        together.append(span)
        until = max(until, span.ends)
    if together:
        yield together


def _laned(spans: Sequence[Span], room: Room) -> Iterator[tuple[Span, int, int]]:
    """Each with its lane, and how many lanes there are: the first that is free by then, else the next to be."""
    ends, lanes = list[int](), list[int]()
    most = room.lanes(len(spans))
    for span in spans:
        free = [n for n, until in enumerate(ends) if until <= span.begins]
        if free or len(ends) == most:
            lane = free[0] if free else ends.index(min(ends))
            ends[lane] = max(ends[lane], span.ends)
        else:
            lane = len(ends)
            ends.append(span.ends)
        lanes.append(lane)
    return ((span, lane, len(ends)) for span, lane in zip(spans, lanes, strict=True))
