"""An axis of hours, as the crew counts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldlog.services.rows.strips import MIDNIGHT, Strip

HOUR = 60
MONTH = (6 * HOUR, 39 * HOUR)
"""What the axis of many days reaches over at the least."""

EMPTY = (6 * HOUR, 30 * HOUR)
LONGEST = 60 * HOUR
"""A day that begins at midnight and lasts 36 hours ends here."""

STEPS = (1, 2, 3, 4, 6, 12)
ROOM = 30
"""A number of an hour takes so much of the axis, in dp."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Minutes from `begins` to `ends` on `width` dp, from `x` on."""

    begins: int
    ends: int
    width: float
    x: float = 0

    def at(self, minute: float) -> float:
        """Where a minute is. What is before or after the axis stands at its end."""
        inside = min(max(minute, self.begins), self.ends)
        return self.x + self.width * (inside - self.begins) / (self.ends - self.begins)

    def minute(self, x: float) -> int:
        """Which minute is there."""
        share = min(1.0, max(0.0, (x - self.x) / self.width))
        return round(self.begins + share * (self.ends - self.begins))

    @property
    def midnight(self) -> float | None:
        """Where midnight is; None where all of it is before, the left end where all is after."""
        return self.at(MIDNIGHT) if self.ends > MIDNIGHT else None

    def hours(self, room: float = ROOM) -> Iterator[int]:
        """The hours that have a number, `room` apart at least; 24 is always one of them, and none past 48."""
        per_hour = self.width * HOUR / (self.ends - self.begins)
        step = next((one for one in STEPS if one * per_hour >= room), STEPS[-1])
        first = -(-self.begins // HOUR)
        yield from (hour for hour in range(first, min(self.ends // HOUR, 48) + 1) if hour % step == 0)


def day_axis(strip: Strip, width: float, *, now: int | None = None, x: float = 0) -> Axis:
    """From an hour before its call to an hour after its wrap, in whole hours; a day of which nothing is known yet
    has the usual hours."""
    known = [minute for bar in (*strip.sessions, *strip.planned) for minute in (bar.begins, bar.ends)]
    known += [minute for minute in (strip.begins, strip.ends, now) if minute is not None]
    if not known:
        return Axis(begins=EMPTY[0], ends=EMPTY[1], width=width, x=x)
    begins = max(min(known), 0) // HOUR - 1
    ends = max(-(-min(max(known), LONGEST) // HOUR) + 1, begins + 6)
    return Axis(begins=begins * HOUR, ends=ends * HOUR, width=width, x=x)


def month_axis(strips: Iterable[Strip], width: float, *, x: float = 0) -> Axis:
    """One axis for all of them: 06 to 39, and further where a day goes further."""
    found = list(strips)
    first = min(
        [MONTH[0], *(bar.begins // HOUR * HOUR for one in found for bar in one.sessions if bar.begins >= 0)]
    )
    last = max([MONTH[1], *(-(-(one.ends or 0) // HOUR) * HOUR for one in found)])
    return Axis(begins=first, ends=min(last, LONGEST), width=width, x=x)
