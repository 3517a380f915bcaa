"""Times as the notes show them: on the study's wall, counted from the production date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from fieldlog.model.called import PRECISIONS
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.production_day import occurred

LATE = timedelta(minutes=15)
"""What was written down later than this says so."""

_APPROXIMATE = {"about": "≈ {}"} | {name: f"{{}} ({PRECISIONS[name]})" for name in ("part-of-day", "day")}


class When(NamedTuple):
    """An entry's time: `local` on the study's wall, `own` on the wall it was stored with."""

    local: datetime
    own: datetime


def when_of(doc: Mapping[str, Any], clock: ProductionClock) -> When:
    own = occurred(doc)
    return When(clock.local(own), own)


def span(clock: ProductionClock, starts: str | None, ends: str | None) -> str:
    """From when to when; what is not known is left out, what is not readable stays as it is."""
    return "–".join(_readable(clock, text) for text in (starts, ends) if text)


def _readable(clock: ProductionClock, text: str) -> str:
    try:
        return clock.with_calendar(datetime.fromisoformat(text))
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
