"""Times as the notes show them: on the study's wall, counted from the production date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fieldlog.model.filing import occurred

LATE = timedelta(minutes=15)
"""What was written down later than this says so."""

_DAY_LATER = 24
_APPROXIMATE = {
    "about": "≈ {}", "part-of-day": "{} (part of day 时段)", "day": "{} (day only 仅日期)",
}  # fmt: skip


class When(NamedTuple):
    """An entry's time: `local` on the study's wall, `own` on the wall it was stored with."""

    local: datetime
    own: datetime


class DayClock:
    """Shows moments of one production date. A wall that turns past midnight goes on counting: 25:10."""

    def __init__(self, production_date: str, zone: str) -> None:
        self._zone: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
        self._date = date.fromisoformat(production_date).toordinal()

    def when(self, doc: Mapping[str, Any]) -> When:
        own = occurred(doc)
        return When(own.astimezone(self._zone), own)

    def local(self, text: str) -> datetime:
        """An ISO text on the study's wall; without an offset it is taken to be there already."""
        at = datetime.fromisoformat(text)
        return at.astimezone(self._zone) if at.tzinfo else at.replace(tzinfo=self._zone)

    def shown(self, at: datetime) -> str:
        """`23:10`, past midnight `25:10 (2025-03-17 01:10)`, on any other date `2025-03-15 23:10`."""
        days = at.toordinal() - self._date
        if days == 0:
            return f"{at.hour:02d}:{at.minute:02d}"
        calendar = f"{at.date()} {at.hour:02d}:{at.minute:02d}"
        if days == 1:
            return f"{at.hour + _DAY_LATER:02d}:{at.minute:02d} ({calendar})"
        return calendar

    def span(self, starts: str | None, ends: str | None) -> str:
        """From when to when; what is not known or not readable is left out."""
        return "–".join(self._readable(text) for text in (starts, ends) if text)

    def _readable(self, text: str) -> str:
        try:
            return self.shown(self.local(text))
        except ValueError:
            return text


def with_precision(clock: str, precision: str) -> str:
    return _APPROXIMATE[precision].format(clock) if precision in _APPROXIMATE else clock


def elsewhere(doc: Mapping[str, Any], when: When) -> str:
    """The time on another zone's wall, where the entry was made in one; else empty."""
    offset = when.own.utcoffset()
    if offset == when.local.utcoffset():
        return ""
    zone = (doc.get("occurred") or {}).get("zone") or ""
    there = when.own.strftime("%H:%M UTC%z")
    return f"there 当地 {there[:-2]}:{there[-2:]} {zone}".rstrip()


def doubt(doc: Mapping[str, Any]) -> str:
    """That the clock was not believed, and what it showed; else empty."""
    found = doc.get("occurred")
    if not found or not found.get("suspect"):
        return ""
    showed = f", it showed 显示 {found['wall']}" if found.get("wall") else ""
    return f"clock in doubt 时钟存疑{showed}"


def written_later(doc: Mapping[str, Any], when: When) -> str:
    """How much later than it happened it was written down: `written 2 h later`; else empty."""
    try:
        late = datetime.fromisoformat(doc["created_at"]) - when.own
    except (KeyError, ValueError, TypeError):
        return ""
    if late < LATE:
        return ""
    minutes = round(late / timedelta(minutes=1))
    if minutes < 90:
        return f"written {minutes} min later 晚 {minutes} 分钟记"
    hours = round(minutes / 60)
    if hours < 48:
        return f"written {hours} h later 晚 {hours} 小时记"
    return f"written {round(hours / 24)} d later 晚 {round(hours / 24)} 天记"
