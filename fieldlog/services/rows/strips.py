"""What a production day looks like as a strip of time, in numbers: call, wrap, sessions, the plan, entries.

All times are whole minutes on the production clock: 1541 is 25:41. Every picture of a day or of the month is drawn
from these numbers, and the same numbers leave as a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.production_day import Doc, occurred
from fieldlog.model.records import StoredDay, StoredPlan, StoredSession, people_of, session_of
from fieldlog.model.state import State
from fieldlog.services.rows.days import dates, of_day, stored_day
from fieldlog.services.rows.sieve import EVERYTHING, Kept
from fieldlog.services.study.typed_times import clock_of, plain

MIDNIGHT = 1440
"""Where a day runs past midnight."""

KINDS: Mapping[str, str] = {
    "shoot": "shoot", "meeting": "talk", "creative": "talk", "interview": "talk", "informal": "rest",
    "travel": "rest", "desk": "rest", "other": "rest",
}  # fmt: skip
"""How a session is drawn, by its type."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A session as it lies on its day. `kind` is one of shoot, talk, rest. One that goes on reaches until its last
    entry. `entries` is how many were made in it. Of the plan `id` is the planned session's."""

    id: str
    title: str
    type: str
    begins: int
    ends: int
    going_on: bool = False
    entries: int = 0
    place: str | None = None
    people: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return KINDS.get(self.type, "rest")


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A production day in numbers. `call` is when it began, else what the call sheet says; `wrap` when it ended.

    `sessions` and `planned` stand in the order in which they begin; `planned` has only what nobody started, and
    only what has a time. `ticks` are the minutes of its entries, in order; `entries` is how many there are.
    `people` is how many are in its sessions or named in an entry: it is counted where `ticks` are.
    """

    date: str
    code: str
    type: str
    title: str
    n: int | None
    call: int | None
    wrap: int | None
    sessions: tuple[Bar, ...]
    planned: tuple[Bar, ...]
    entries: int
    ticks: tuple[int, ...] = ()
    people: int = 0
    shoot_day: int | None = None
    scenes_scheduled: int | None = None
    scenes_done: int | None = None

    @property
    def numbered(self) -> bool:
        """Whether it is a day of the plan."""
        return self.n is not None

    @property
    def observed(self) -> int:
        """Minutes in sessions; where some overlap, once."""
        return union((bar.begins, bar.ends) for bar in self.sessions)

    @property
    def begins(self) -> int | None:
        """Its call, or the first that is known of it; None where nothing is."""
        known = [bar.begins for bar in self.sessions] + list(self.ticks[:1])
        return self.call if self.call is not None else min(known, default=None)

    @property
    def ends(self) -> int | None:
        """Its wrap, or the last that is known of it; None where nothing is."""
        known = [bar.ends for bar in self.sessions] + list(self.ticks[-1:])
        return self.wrap if self.wrap is not None else max(known, default=None)

    @property
    def overrun(self) -> int:
        """Minutes past midnight."""
        return max(0, (self.ends or 0) - MIDNIGHT)


def union(stretches: Iterable[tuple[int, int]]) -> int:
    """Minutes that lie in any of these stretches."""
    total, reached = 0, -(10**9)
    for begins, ends in sorted(stretches):
        total += max(0, ends - max(begins, reached))
        reached = max(reached, ends)
    return total


def strip_of(state: State, date: str, kept: Kept = EVERYTHING) -> Strip:
    """One production date, with the minute of each of its entries."""
    return _Strips(state, kept).strip(date, ticks=True)


def bars_of(state: State, date: str) -> Strip:
    """The same without the minutes of its entries."""
    return _Strips(state, EVERYTHING).strip(date)


def month(state: State, kept: Kept = EVERYTHING) -> list[Strip]:
    """Every production date that is planned or holds a session or an entry, in order; without `ticks`."""
    strips = _Strips(state, kept)
    return [strips.strip(date) for date in sorted({*dates(state), *strips.sessions} - {""})]


class _Strips:
    """Makes strips of a state; what they need of all sessions and of the plan is looked up once."""

    def __init__(self, state: State, kept: Kept) -> None:
        self._state, self._sieve = state, kept.of(state)
        self.sessions: dict[str, list[StoredSession]] = {}
        self._plans: dict[str, list[tuple[int, StoredPlan]]] = {}
        self._days = {one.date: one for one in state.each(StoredDay)}
        started = set[str | None]()
        for one in state.each(StoredSession):
            started.add(one.planned_as)
            if self._sieve.session(one):
                self.sessions.setdefault(state.calendar.sessions.get(one.id, ""), []).append(one)
        for plan in state.each(StoredPlan):
            at = minutes_typed(plan.at)
            if plan.id not in started and at is not None:
                self._plans.setdefault(plan.date, []).append((at, plan))

    def strip(self, date: str, *, ticks: bool = False) -> Strip:
        day, clock = self._days.get(date) or stored_day(self._state, date), self._clock(date)
        entries, made, last = self._held(date, clock)
        bars = [
            self._bar(clock, one, made[one.id], last.get(one.id)) for one in self.sessions.get(date, ())
        ]  # fmt: skip
        call = clock.minutes(parse(day.starts)) if day.starts else minutes_typed(day.call)
        docs = list(self._entries(date)) if ticks else []
        named = [*(bar.people for bar in bars), *map(people_of, docs)]
        return Strip(
            date=date, code=day.code or date, type=day.type, title=day.title or "", n=day.n,
            call=call, wrap=clock.minutes(parse(day.ends)) if day.ends else None,
            sessions=tuple(sorted(bars, key=lambda bar: (bar.begins, bar.ends, bar.id))),
            planned=tuple(self._planned(date)), entries=entries,
            ticks=tuple(sorted(clock.minutes(occurred(doc)) for doc in docs)),
            people=len({self._state.real(one) for people in named for one in people}) if ticks else 0,
            shoot_day=day.shoot_day, scenes_scheduled=day.scenes_scheduled, scenes_done=day.scenes_done,
        )  # fmt: skip

    def _clock(self, date: str) -> ProductionClock:
        return ProductionClock(date, self._state.calendar.zone)

    def _entries(self, date: str) -> Iterator[Doc]:
        found = of_day(self._state, date)
        return found if self._sieve.everything else filter(self._sieve.entry, found)

    def _held(self, date: str, clock: ProductionClock) -> tuple[int, Counter[str], dict[str, int]]:
        """How many entries a date has, how many each session, and when the last was in each that goes on."""
        open_ = {one.id for one in self.sessions.get(date, ()) if not one.ends}
        made, last, entries = Counter[str](), dict[str, int](), 0
        for doc in self._entries(date):
            entries += 1
            session = session_of(doc) or ""
            made[session] += 1
            if session in open_:
                last[session] = max(clock.minutes(occurred(doc)), last.get(session, 0))
        return entries, made, last

    def _bar(self, clock: ProductionClock, one: StoredSession, made: int, last: int | None) -> Bar:
        begins = clock.minutes(parse(one.starts))
        ends = clock.minutes(parse(one.ends)) if one.ends else last or begins
        return Bar(
            id=one.id, title=one.title, type=one.type, begins=begins, ends=max(begins, ends), place=one.place,
            going_on=not one.ends, entries=made, people=one.people, scenes=one.scenes,
        )  # fmt: skip

    def _planned(self, date: str) -> Iterator[Bar]:
        """What is planned at a time, in order; where no end is told, until the next begins, an hour at most."""
        timed = sorted(self._plans.get(date, ()), key=lambda one: (one[0], one[1].id))
        for n, (at, one) in enumerate(timed):
            later = min([at + 60, *(other for other, _ in timed[n + 1 :] if other > at)])
            until = minutes_typed(one.until)
            yield Bar(
                id=one.id, title=one.title, type=one.type or "other", begins=at, place=one.place,
                people=one.people, scenes=one.scenes, ends=until if until is not None and until > at else later,
            )  # fmt: skip


def minutes_typed(text: str | None) -> int | None:
    """16:00 or 25:10 of a plan in minutes; None where it is no time."""
    found = clock_of(plain(text)) if text else None
    return found.seconds // 60 if found else None
