"""Moments: when something happened or was written, and how far that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

TOLERANCE = timedelta(minutes=2)
"""Two clocks that differ by less are taken to agree."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An instant with the wall clock it was read from.

    `at` is aware and carries the offset then shown; `zone` the IANA name, where known. `wall` is the
    raw reading when it was not believed. `mono_ms` counts milliseconds since the boot named `boot`,
    and `counts_sleep` says whether it went on while the device slept.
    """

    at: datetime
    zone: str | None = None
    precision: str = "exact"
    source: str = "device"
    wall: str | None = None
    mono_ms: int | None = None
    boot: str | None = None
    counts_sleep: bool = True
    suspect: bool = False

    @property
    def ms(self) -> int:
        """Unix milliseconds."""
        return unix_ms(self.at)

    def text(self) -> str:
        """ISO 8601 with offset, milliseconds where there are any."""
        return iso(self.at)

    def details(self) -> dict[str, Any]:
        """What the ISO text cannot say, for storing beside it; only what is known."""
        found: dict[str, Any] = {
            "zone": self.zone, "source": self.source, "wall": self.wall, "mono_ms": self.mono_ms,
            "boot": self.boot, "suspect": self.suspect or None,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}

    def earlier(self, by: timedelta, precision: str | None = None) -> Self:
        """The moment moved back by hand; the readings no longer belong to it."""
        return replace(
            self, at=self.at - by, source="manual", precision=precision or self.precision,
            wall=None, mono_ms=None, boot=None,
        )  # fmt: skip


def unix_ms(at: datetime) -> int:
    """Unix milliseconds of an aware time."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int, zone: str) -> datetime:
    """The aware time of Unix milliseconds, on the wall of a zone."""
    return datetime.fromtimestamp(ms / 1000, tz=ZoneInfo(zone))


def iso(at: datetime) -> str:
    """ISO 8601 text of an aware time, with milliseconds only where there are any."""
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def parse(text: str, zone: str | None = None) -> datetime:
    """An aware time from ISO 8601 text; text without an offset is read on the wall of `zone` (default UTC).

    Raises ValueError.
    """
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone) if zone else UTC)


def settled(reading: Moment, last: Moment | None, newest_ms: int | None) -> Moment:
    """A fresh clock reading, believed or corrected; what the clock really said is kept in `wall`.

    `last` is the moment settled before this one on the device, `newest_ms` when the device wrote its
    newest entry; what others wrote and what was imported is no witness. Within one boot the counter
    decides: wall and counter that part by more than two minutes mean the wall was set, and the moment
    goes on from `last`. A counter that stops in sleep cannot speak
    against a forward step, only against a backward one. Across boots, a wall earlier than the newest
    entry is suspect and is placed just after it, so that the order of notes survives.
    """
    if last and last.boot == reading.boot and last.mono_ms is not None and reading.mono_ms is not None:
        expected = last.at + timedelta(milliseconds=reading.mono_ms - last.mono_ms)
        step = reading.at - expected
        if step < -TOLERANCE or (step > TOLERANCE and reading.counts_sleep):
            return _corrected(reading, expected)
        return reading
    if newest_ms is not None and newest_ms - reading.ms > TOLERANCE / timedelta(milliseconds=1):
        return _corrected(reading, from_ms(newest_ms + 1, "UTC"))
    return reading


def _corrected(reading: Moment, believed: datetime) -> Moment:
    at = believed.astimezone(reading.at.tzinfo)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return replace(reading, at=at, source="corrected", precision="about", wall=iso(reading.at), suspect=True)
