"""The plan of the study: its days, their numbers, their beginnings and wraps, and choices by hand.

Whatever changes here files the entries concerned anew; nothing is ever written into them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from fieldlog.model.called import DAY_TYPES as CALLED_TYPES
from fieldlog.model.entry import lane_of
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.ids import day_id
from fieldlog.model.moment import from_ms, iso, parse, unix_ms
from fieldlog.model.op import Op
from fieldlog.model.production_day import LONGEST_DAY, date_by_boundary, occurred
from fieldlog.model.records import StoredDay, StoredEntry, StoredSession
from fieldlog.model.sentence import Sentence
from fieldlog.model.state import ENTRIES, State
from fieldlog.model.study import ProductionDay, day_code
from fieldlog.model.vocabulary import DAY_TYPES
from fieldlog.services.rows.days import code_of, stored_day
from fieldlog.services.study.done import Done, both
from fieldlog.services.study.typed_times import moment_typed
from fieldlog.services.study.workspace import Workspace, differing_from


def outlived(state: State, now: datetime) -> str | None:
    """The date of a day that is open past its boundary hour and that nobody has wrapped or said to go on.

    Said once, it is not asked again before the boundary after that.
    """
    calendar = state.calendar
    span = calendar.span_at(unix_ms(now))
    if span is None:
        return None
    day = stored_day(state, span.date)
    told = day.goes_on
    asked = date_by_boundary(parse(told), calendar.zone, calendar.boundary_hour) if told else span.date
    today = date_by_boundary(now, calendar.zone, calendar.boundary_hour)
    return span.date if today > max(span.date, asked) and not day.ends else None


class Plan:
    """Changes the plan of an open study."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    async def days(self, first: str, count: int, *, number: int = 1) -> None:
        """Plan `count` days from an ISO date on, numbered from `number`; days that are there get the number."""
        dates = [(date.fromisoformat(first) + timedelta(days=n)).isoformat() for n in range(count)]
        await self._save([op for n, one in enumerate(dates) for op in self._said(one, self._numbered(number + n))])

    async def renumber(self, first: str, number: int) -> Done[None]:
        """Make the day of this date number `number`, and let every later numbered day follow."""
        later = sorted(one.date for one in self._days() if one.date > first and one.n is not None)
        ops = [op for n, one in enumerate([first, *later]) for op in self._said(one, self._numbered(number + n))]
        one, other = self._code(first), self._numbered(number)["code"]
        return await self._work.done(ops, Sentence("{one} is {other} now.", one=one, other=other), None)

    async def type_of(self, day: str, kind: str) -> Done[None]:
        """Say what a day is: prep, shoot, move … Raises `NotUnderstood`."""
        if kind not in DAY_TYPES:
            raise NotUnderstood(
                Sentence("A day is one of {known}; {kind} is none.", known=", ".join(DAY_TYPES), kind=kind)
            )
        said = Sentence("{day}: {what}", day=self._code(day), what=CALLED_TYPES[kind])
        return await self._work.done(self._said(day, {"type": kind}), said, None)

    async def start(self, day: str, at: str) -> Done[None]:
        """Start a day at an ISO time with offset; it holds what comes until it ends.

        Sessions of a day before end.
        """
        earlier = [one for one in self._sessions() if not one.ends and self._date_of(one) < day]
        ends = [self._work.setting(one, {"ends": at}) for one in earlier if parse(one.starts) <= parse(at)]
        said = Sentence("{day} has begun", day=self._code(day))
        return await self._work.done([*self._said(day, {"starts": at}), *ends], said, None)

    async def goes_on(self, day: str, at: str) -> Done[None]:
        """Say at an ISO time that an open day is not over yet; it is not asked again before the next boundary."""
        said = Sentence("{day} goes on", day=self._code(day))
        return await self._work.done(self._said(day, {"goes_on": at}), said, None)

    async def wrap(self, day: str, at: str | None) -> Done[None]:
        """Wrap a day, now or in hindsight; None takes the wrap back.

        What seemed to go on is over then: sessions of the day end, those begun since are worked out anew, and
        entries made since are in no session that had ended.
        """
        before = stored_day(self._work.store.state, day).ends or ""
        lanes: dict[str, list[Op]] = {"team": self._said(day, {"ends": at}), "mine": []}
        for session in self._sessions():
            fields = self._after_wrap(session, day, before, at)
            if fields:
                lanes["team"].append(self._work.setting(session, fields))
            if at and fields == {"ends": at}:
                for entry in self._since(session.id, parse(at)):
                    lane = lane_of(entry.note_type)
                    lanes[lane].append(self._work.setting(entry, {"session": None}, lane=lane))
        wrapped = Sentence("{day} wrapped", day=self._code(day))
        said = wrapped if at else Sentence("The wrap is taken back")
        team, mine = [await self._work.done(ops, said, None, lane=lane) for lane, ops in lanes.items()]
        return both(team, mine)

    async def wrap_typed(self, day: str, typed: str, now: datetime) -> Done[None]:
        """Wrap a day at a time as people write it: 03:10, 27:10, 2025-03-17 03:10. A time before the day began
        is meant for the night after. Raises `NotUnderstood`."""
        at = moment_typed(typed, day, self._work.zone)
        span = next((span for span in self._work.store.state.calendar.spans if span.date == day), None)
        if span and unix_ms(at) < span.starts and at.date().isoformat() == day:
            at += timedelta(days=1)
        if at > now:
            raise NotUnderstood("That time has not come yet.")
        if span and unix_ms(at) < span.starts:
            raise NotUnderstood("The day had not begun by then.")
        return await self.wrap(day, iso(at))

    async def choose(self, entry: str, day: str | None) -> None:
        """File an entry under a day by hand, whatever the rules say; None leaves it to the rules again."""
        stored = self._work.store.state.read(StoredEntry, entry)
        if stored is None:
            raise NotFound(Sentence("There is no entry {entry}.", entry=entry))
        if day is not None:
            date.fromisoformat(day)
        await self._save([self._work.setting(stored, {"day_choice": day})])

    def _days(self) -> list[StoredDay]:
        return list(self._work.store.state.each(StoredDay))

    def _code(self, day: str) -> str:
        return code_of(self._work.store.state, day)

    def _numbered(self, n: int) -> dict[str, Any]:
        return {"n": n, "code": day_code(n, self._work.store.state.about.numbering)}

    def _said(self, day: str, fields: dict[str, Any]) -> list[Op]:
        """The operations that say this of a day: nothing where it is so already."""
        stored = stored_day(self._work.store.state, day)
        if not stored.id:
            date.fromisoformat(day)
            made = {name: value for name, value in fields.items() if value is not None}
            return [self._work.op(ProductionDay(id=day_id(self._work.store.project, day), date=day, **made))]
        differing = differing_from(stored.doc, fields)
        return [self._work.setting(stored, differing)] if differing else []

    def _sessions(self) -> list[StoredSession]:
        return list(self._work.store.state.each(StoredSession))

    def _date_of(self, session: StoredSession) -> str:
        return self._work.store.state.calendar.sessions.get(session.id, "")

    def _after_wrap(self, session: StoredSession, day: str, before: str, at: str | None) -> dict[str, Any]:
        """What the wrap of a day, `before` and now `at`, changes about a session."""
        starts, ends = parse(session.starts), session.ends
        if before and session.day is None and starts > parse(before):
            return {"day": day} if starts <= (parse(at) if at else self._unwrapped_end(day)) else {}
        if self._date_of(session) != day:
            return {}
        if at is None:
            return {"ends": None} if before and ends == before else {}
        if starts > parse(at):
            return {"day": None} if session.day else {}
        if ends in (None, before) or ends in {one.starts for one in self._sessions()}:
            return {"ends": at} if ends in (None, before) or parse(str(ends)) > parse(at) else {}
        return {}

    def _unwrapped_end(self, day: str) -> datetime:
        """When a day ends that has no wrap: at the start of a later one, or after 36 hours."""
        began = next((span.starts for span in self._work.store.state.calendar.spans if span.date == day), 0)
        told = [one.starts for one in self._days() if one.date > day and one.starts]
        told += [one.starts for one in self._sessions() if (one.day or "") > day]
        return min([from_ms(began, "UTC") + LONGEST_DAY, *map(parse, told)])

    def _since(self, session: str, at: datetime) -> Iterator[StoredEntry]:
        """The entries of a session that occurred after a time: they had it only because it seemed to go on."""
        state = self._work.store.state
        date_ = state.calendar.sessions.get(session)
        for table in state.entry_tables():
            if date_ and table >= ENTRIES + date_:
                entries = [one for one in state.each(StoredEntry, table) if one.session == session]
                yield from (one for one in entries if occurred(one.doc) > at)

    async def _save(self, ops: list[Op]) -> None:
        if ops:
            await self._work.save(ops)
