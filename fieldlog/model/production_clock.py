"""The production clock: an instant as the crew counts it, said alike on screen, in the archive and in a terminal.

It counts on from the midnight that the production date began with: 22:05, at 01:41 of the next morning 25:41, and
on to 47:59, the end of the day after. What lies beyond, or before that midnight, is said as on the wall, with its
date: 2025-03-18 00:30. What is said so is understood when it is typed (`services/study/typed_times`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

MOST_HOURS = 48
"""Where the clock ends: times on it are less than this many hours after its midnight."""

_DAYS = range(MOST_HOURS // 24)


class ProductionClock:
    """The clock of one production date (ISO), on the wall of a zone (an IANA name)."""

    def __init__(self, day: str, zone: str) -> None:
        self._zone: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
        self._midnight = date.fromisoformat(day).toordinal()

    def local(self, at: datetime) -> datetime:
        """An instant on the wall; without an offset it is taken to be there already."""
        return at.astimezone(self._zone) if at.tzinfo else at.replace(tzinfo=self._zone)

    def said(self, at: datetime, *, seconds: bool = False) -> str:
        """22:05, 25:41, or 2025-03-18 00:30; with `seconds` 25:41:09."""
        local = self.local(at)
        days = local.toordinal() - self._midnight
        rest = f":{local.second:02d}" if seconds else ""
        if days in _DAYS:
            return f"{local.hour + 24 * days:02d}:{local.minute:02d}{rest}"
        return f"{local.date()} {local.hour:02d}:{local.minute:02d}{rest}"

    def minutes(self, at: datetime) -> int:
        """Whole minutes on this clock since its midnight: 1541 at 25:41, below 0 before, without an end."""
        local = self.local(at)
        return (local.toordinal() - self._midnight) * 1440 + local.hour * 60 + local.minute

    def counts(self, at: datetime) -> bool:
        """Whether an instant is said without a date."""
        return self.local(at).toordinal() - self._midnight in _DAYS

    def with_calendar(self, at: datetime) -> str:
        """As `said`, and past midnight the calendar beside it: 25:10 (2025-03-17 01:10)."""
        local = self.local(at)
        said = self.said(local)
        if local.toordinal() - self._midnight in _DAYS[1:]:
            return f"{said} ({local.date()} {local.hour:02d}:{local.minute:02d})"
        return said

    def wall(self, at: datetime) -> str:
        """The time on the wall where it is past the date's midnight: 01:41 +1; else ""."""
        local = self.local(at)
        days = local.toordinal() - self._midnight
        return f"{local.hour:02d}:{local.minute:02d} +{days}" if days > 0 else ""
