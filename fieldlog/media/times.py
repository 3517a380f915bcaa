"""When a file was made, by all that it says itself: its head, its name. Reads from an open file where it must."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from fieldlog.media.boxes import made_at
from fieldlog.media.kinds import M4A, MP4, WAV, Sniffed
from fieldlog.media.photo.exif import read_told
from fieldlog.media.reading import Readable
from fieldlog.media.sound.wav import broadcast_time
from fieldlog.media.times_in_names import named_times
from fieldlog.media.written import When, suspicion, wall_clock

MOVING = frozenset({M4A.mime, MP4.mime, "video/quicktime"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """`times` are all moments that a file tells, the one that counts first, those that can't be believed last.
    `place` is (latitude, longitude) in degrees, north and east positive.
    """

    times: tuple[When, ...] = ()
    place: tuple[float, float] | None = None


NOTHING_TOLD = Told()


def read_times(name: str, readable: Readable, sniffed: Sniffed, now: datetime | None = None) -> Told:
    """What a file that came in as `name` tells; `now` is an aware moment that nothing is later than."""
    place = None
    if sniffed.family == "photo":
        found, place = read_told(readable, sniffed.mime)
    elif sniffed == WAV:
        found = [when] if (when := broadcast_time(readable)) else []
    elif sniffed.mime in MOVING:
        found = [when] if (when := _film_time(readable)) else []
    else:
        found = []
    return Told(times=in_order((*found, *named_times(name)), now), place=place)


def in_order(found: Iterable[When], now: datetime | None) -> tuple[When, ...]:
    """The most credible first: what the head says, a time in the name, when it was edited, a day alone."""
    judged = [replace(when, suspect=suspicion(when, now)) for when in found]
    return tuple(sorted(judged, key=_rank))


def _rank(when: When) -> tuple[bool, int]:
    rank = 3 if when.precision == "day" else {"name": 1, "edited": 2}.get(when.source, 0)
    return bool(when.suspect), rank


def _film_time(readable: Readable) -> When | None:
    at = made_at(readable)
    if at is None or wall_clock(at.year, at.month, at.day) is None:
        return None
    return When(wall=at.replace(tzinfo=None), utc=True, source="sound")
