"""Which production day? Worked out from plan, sessions and manual choices, never stored as truth.

1. A manual choice beats all. 2. An entry in a session belongs to the session's day. 3. Else to the day
whose start..end holds it. 4. Else to its local date in the study's zone less the boundary hour.

A day starts at the earliest of "Start PDn" and its first session; a planned day that nobody started starts
with the first entry that falls on it while no other day is open, also where its first session follows. It
ends at the earliest of its wrap, the start of a later day, and 36 hours after its start; where somebody said
that it goes on, not before the boundary hour after that. Days are named by their ISO date.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fieldlog.model.moment import from_ms, parse, unix_ms
from fieldlog.model.standing import shown

LONGEST_DAY = timedelta(hours=36)
_LONGEST_MS = LONGEST_DAY // timedelta(milliseconds=1)
BOUNDARY_HOUR = 6
"""Crews wrap at three or four; a boundary of six misfiles fewest notes where nothing else is known."""

NOWHERE_ZONE = "UTC"
Doc = Mapping[str, Any]


def date_by_boundary(at: datetime, zone: str, boundary_hour: int) -> str:
    """The ISO date of an aware moment on the zone's wall clock, a day turning at `boundary_hour`.

    The hour is the one the clock shows, so a day of 23 or 25 hours turns at the same hour as any other.
    """
    local = at.astimezone(ZoneInfo(zone))
    day = local.date()
    return (day - timedelta(days=1) if local.hour < boundary_hour else day).isoformat()


def next_boundary(at: datetime, zone: str, boundary_hour: int) -> datetime:
    """When the day turns next on the zone's wall clock, after an aware moment."""
    date = datetime.fromisoformat(date_by_boundary(at, zone, boundary_hour)) + timedelta(days=1)
    return date.replace(hour=boundary_hour, tzinfo=ZoneInfo(zone))


@dataclass(frozen=True, kw_only=True)
class Span:
    """A started day: `starts` and `ends` in Unix ms. A wrap belongs to its day, a later day's start does not."""

    date: str
    starts: int
    ends: int
    wrapped: bool

    def holds(self, ms: int) -> bool:
        return self.starts <= ms and (ms < self.ends or (self.wrapped and ms == self.ends))


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The production days of a study as far as they are started; answers which day a moment is in.

    `implicit` maps the date of a planned day to the (Unix ms, entry id) of the entry that started it;
    `unstarted` holds planned dates that an entry may start, or start earlier than their first session does.
    """

    zone: str = NOWHERE_ZONE
    boundary_hour: int = BOUNDARY_HOUR
    spans: tuple[Span, ...] = ()
    sessions: Mapping[str, str] = field(default_factory=dict)
    implicit: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    unstarted: frozenset[str] = frozenset()

    def span_at(self, ms: int) -> Span | None:
        """The started day that holds an instant. Days do not overlap: a later start ends the earlier."""
        at = bisect.bisect_right(self.spans, ms, key=lambda span: span.starts) - 1
        return self.spans[at] if at >= 0 and self.spans[at].holds(ms) else None

    def date_at(self, at: datetime) -> str:
        """The production date of an aware moment that no session or choice claims."""
        span = self.span_at(unix_ms(at))
        return span.date if span else date_by_boundary(at, self.zone, self.boundary_hour)

    def date_of(self, entry: Doc) -> str:
        """The production date of an entry document."""
        choice = entry.get("day_choice") or self.sessions.get(entry.get("session") or "")
        return choice or self.date_at(occurred(entry))

    def starts_a_day(self, entry: Doc) -> bool:
        """Whether filing this entry may start a planned day, or start it earlier: then all is filed anew."""
        if not is_loose(entry, self.sessions):
            return False
        at = occurred(entry)
        if self.span_at(unix_ms(at)):
            return False
        date = date_by_boundary(at, self.zone, self.boundary_hour)
        begun = next((span.starts for span in self.spans if span.date == date), None)
        earlier = begun is None or unix_ms(at) < begun
        return earlier and (date in self.unstarted or date in self.implicit)

    def starter(self, entry_id: str) -> bool:
        """Whether a planned day began with this entry."""
        return any(by == entry_id for _, by in self.implicit.values())


def is_loose(entry: Doc, sessions: Mapping[str, str]) -> bool:
    """Whether neither a choice nor a known session says the entry's day."""
    return not entry.get("day_choice") and (entry.get("session") or "") not in sessions


def occurred(entry: Doc) -> datetime:
    """When the entry's matter happened; when it was written, where nothing else is readable."""
    for name in ("occurred_at", "created_at"):
        try:
            return parse(entry[name])
        except (KeyError, ValueError, TypeError):
            continue
    return from_ms(0, "UTC")


def in_time(entry: Doc) -> tuple[datetime, str]:
    """What entries are ordered by: when they occurred, and their ids."""
    return occurred(entry), entry["id"]


def session_date(session: Doc, days: Mapping[str, Doc], zone: str, boundary_hour: int) -> str:
    """The production date of a session: as said, else that of a day with start and wrap around its start,
    else its start by the boundary hour."""
    if session.get("day"):
        return str(session["day"])
    at = parse(session["starts"])
    for date, day in days.items():
        if day.get("starts") and day.get("ends") and parse(day["starts"]) <= at <= parse(day["ends"]):
            return date
    return date_by_boundary(at, zone, boundary_hour)


def calendar(
    study: Doc | None, days: Iterable[Doc], sessions: Iterable[Doc], entries: Iterable[Doc] = ()
) -> Calendar:
    """The calendar that these records make. `entries` are needed only where planned days may start by one."""
    study = study or {}
    zone = study.get("default_tz") or NOWHERE_ZONE
    hour = study.get("day_boundary_hour", BOUNDARY_HOUR)
    plan = {day["date"]: day for day in days if shown(day)}
    by_session = {
        session["id"]: session_date(session, plan, zone, hour)
        for session in sessions
        if shown(session) and session.get("starts")
    }
    starts = {date: unix_ms(parse(day["starts"])) for date, day in plan.items() if day.get("starts")}
    open_plan = frozenset(plan.keys() - starts.keys())
    for session in sessions:
        if session["id"] in by_session:
            date, ms = by_session[session["id"]], unix_ms(parse(session["starts"]))
            starts[date] = min(ms, starts.get(date, ms))
    wraps = {date: unix_ms(parse(day["ends"])) for date, day in plan.items() if day.get("ends")}
    lasts = {
        date: unix_ms(next_boundary(parse(day["goes_on"]), zone, hour))
        for date, day in plan.items() if day.get("goes_on")
    }  # fmt: skip
    made = Calendar(
        zone=zone, boundary_hour=hour, sessions=by_session, unstarted=open_plan,
        spans=spans(starts, wraps, lasts),
    )  # fmt: skip
    return started_by_entries(made, starts, wraps, lasts, entries) if open_plan else made


def spans(starts: Mapping[str, int], wraps: Mapping[str, int], lasts: Mapping[str, int]) -> tuple[Span, ...]:
    """Started days in order, each ended by its wrap, the next start of a later date, or after 36 hours or when
    it was said to last longer."""
    ordered = sorted((ms, date) for date, ms in starts.items())
    found = []
    for place, (ms, date) in enumerate(ordered):
        later = next((start for start, other in ordered[place + 1 :] if other > date), None)
        wrap = wraps.get(date)
        wrap = wrap if wrap is not None and wrap >= ms else None
        longest = max(ms + _LONGEST_MS, lasts.get(date, 0))
        ends = min(end for end in (wrap, later, longest) if end is not None)
        found.append(Span(date=date, starts=ms, ends=ends, wrapped=ends == wrap and ends != later))
    return tuple(found)


def started_by_entries(
    made: Calendar, starts: Mapping[str, int], wraps: Mapping[str, int], lasts: Mapping[str, int],
    entries: Iterable[Doc],
) -> Calendar:  # fmt: skip
    """The calendar after planned days have been started by the first entry that falls on them."""
    loose = sorted(
        (unix_ms(occurred(entry)), entry["id"])
        for entry in entries
        if shown(entry) and is_loose(entry, made.sessions)
    )
    implicit: dict[str, tuple[int, str]] = {}
    for ms, entry_id in loose:
        if made.span_at(ms):
            continue
        date = date_by_boundary(from_ms(ms, "UTC"), made.zone, made.boundary_hour)
        if date in made.unstarted and ms < starts.get(date, ms + 1):
            implicit[date] = (ms, entry_id)
            begun = dict(starts) | {day: at for day, (at, _) in implicit.items()}
            made = Calendar(
                zone=made.zone, boundary_hour=made.boundary_hour, sessions=made.sessions, implicit=implicit,
                unstarted=made.unstarted - {date}, spans=spans(begun, wraps, lasts),
            )  # fmt: skip
    return made
