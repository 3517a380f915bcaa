"""A month on set, lived hour by hour with the verbs people have: days of thirty hours, early calls, forgotten
wraps and a phone whose clock jumps. Every note is in the day it belongs to, in its order, and what the clock
said wrongly is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from fieldlog.model.moment import parse, unix_ms
from fieldlog.model.production_day import date_by_boundary, occurred
from fieldlog.model.session import PlannedSession
from fieldlog.model.state import State
from fieldlog.services.capture.capture import Capture
from fieldlog.services.day.plan import Plan, outlived
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.studies import new_study, open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of

FIRST = date(2025, 3, 3)
DAYS = 28
ZONE = "Asia/Shanghai"
JUMPS = (timedelta(days=-70), timedelta(hours=-8), timedelta(minutes=-40), timedelta(hours=9), timedelta(days=365))


@dataclass
class Month:
    """One life of the month. `meant` is the date each note and session belongs to, `wrong` the notes written
    while the phone's clock was not right; `written` are all notes in their order."""

    work: Workspace
    clock: FakeClock
    rng: Random
    meant: dict[str, str] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    off: timedelta = timedelta()
    asked: int = 0
    long_days: int = 0
    forgotten: int = 0

    def __post_init__(self) -> None:
        self.capture, self.plan = Capture(self.work), Plan(self.work)
        self.sessions = Sessions(self.work, self.capture)

    @property
    def state(self) -> State:
        return self.work.store.state

    @property
    def now(self) -> datetime:
        """What the clock on the wall of the set says, not the phone's."""
        return self.clock.wall - self.off

    def until(self, at: datetime) -> None:
        self.clock.advance(seconds=max(0.0, (at - self.now).total_seconds()))

    def jump(self) -> None:
        """The phone's clock is set wrong, or right again."""
        by = -self.off if self.off else self.rng.choice(JUMPS)
        self.clock.wall += by
        self.off += by

    async def note(self, day: date) -> str:
        entry = await self.capture.note(f"{self.now:%d %H:%M}")
        self.written.append(entry.id)
        self.meant[entry.id] = day.isoformat()
        if self.off:
            self.wrong.add(entry.id)
        return entry.id

    async def live(self) -> None:
        free = at(FIRST, 7)
        for n in range(DAYS):
            day = FIRST + timedelta(days=n)
            begins = max(free, at(day, self.rng.choice((4.5, 7, 9, 10, 13, 16))))
            if begins >= at(day, 29):
                continue  # slept through: the day before took all of it
            free = await self.day(day, begins)

    async def day(self, day: date, begins: datetime) -> datetime:
        """A production day from its call to the end of its night; when one may work again."""
        hours = self.rng.choice((9, 12, 14, 17, 22, 30, 31))
        wraps, last = begins + timedelta(hours=hours), begins
        self.until(begins)
        await self.begin(day, begins)
        while (last := last + timedelta(minutes=self.rng.randint(7, 160))) < wraps:
            self.until(last)
            await self.hour(day)
        self.until(wraps)
        self.long_days += hours >= 30
        if self.rng.random() < 0.6 or wraps >= at(day, 24 + 16):
            await self.plan.wrap(day.isoformat(), self.capture.now().text())
            if self.now + timedelta(minutes=40) < at(day, 30):
                self.until(self.now + timedelta(minutes=40))
                await self.note(day)  # on the way home, before the boundary
        else:
            await self.forget(day, wraps)
        return max(self.now, wraps) + timedelta(hours=4)

    async def begin(self, day: date, begins: datetime) -> None:
        said = day.isoformat()
        # A day begins by itself with the first thing in it, unless the last is open or it is before its hour.
        closed = self.state.calendar.span_at(unix_ms(begins)) is None
        by_itself = closed and date_by_boundary(begins, ZONE, 6) == said
        how = self.rng.choice(("plan", "start", "session", "note") if by_itself else ("plan", "start"))
        if how == "plan":
            record = PlannedSession(id=self.work.machine.new_id(), date=said, title="Call", type="shoot")
            await self.work.save([self.work.op(record)])
            self.meant[(await self.sessions.start_planned(record.id)).made.id] = said
        elif how == "start":
            await self.plan.start(said, self.capture.now().text())
        elif how == "session":
            self.meant[(await self.sessions.start("Call", kind="shoot")).made.id] = said
        await self.note(day)

    async def hour(self, day: date) -> None:
        what = self.rng.random()
        if what < 0.12:
            self.meant[(await self.sessions.start("Another", kind="meeting")).made.id] = day.isoformat()
        elif what < 0.16:
            await self.sessions.stop()
        elif what < 0.22:
            self.jump()
        if outlived(self.state, self.capture.now().at) is not None:
            self.asked += 1
            await self.plan.goes_on(day.isoformat(), self.capture.now().text())
            assert outlived(self.state, self.capture.now().at) is None
        await self.note(day)

    async def forget(self, day: date, wraps: datetime) -> None:
        """Nobody wraps. The next morning's notes go on in the old day, until one is asked and remembers."""
        self.forgotten += 1
        if self.rng.random() < 0.4:
            return  # the next call comes first, and ends it
        breakfast = max(wraps + timedelta(hours=1), at(day, 24 + 7))
        self.until(breakfast)
        await self.note(day + timedelta(days=1))
        self.until(breakfast + timedelta(hours=1))
        typed = wraps.replace(tzinfo=None) - datetime.combine(day, datetime.min.time())
        minutes = int(typed.total_seconds() // 60)
        await self.plan.wrap_typed(day.isoformat(), f"{minutes // 60}:{minutes % 60:02d}", self.capture.now().at)
        await self.note(day + timedelta(days=1))


def at(day: date, hour: float) -> datetime:
    """An hour of a production day, counted from its midnight in Shanghai."""
    return datetime.fromisoformat(f"{day.isoformat()}T00:00+08:00") + timedelta(hours=hour)


async def lived(machine: Machine, clock: FakeClock, rng: Random) -> Month:
    clock.wall = at(FIRST, 5)
    work = await new_study(machine, title="Rain", zone=ZONE, first_day=FIRST.isoformat(), days=DAYS)
    month = Month(work, clock, rng)
    await month.live()
    return month


async def test_a_month_of_long_days_and_jumping_clocks_has_no_misfiled_note(
    seed: int, count: Callable[[int, int], int]
) -> None:
    boundary_alone = long_days = forgotten = asked = jumped = 0
    for life in range(count(6, 60)):
        clock = FakeClock()
        machine = machine_of(clock)
        month = await lived(machine, clock, Random(f"{seed} {life}"))
        state = month.state
        where = {one: state.date(one) or state.calendar.sessions[one] for one in month.meant}
        misfiled = {one: (month.meant[one], where[one]) for one in where if where[one] != month.meant[one]}
        assert misfiled == {}, f"life {life}: {misfiled}"
        docs = [state.get(one) or {} for one in month.written]
        assert docs == sorted(docs, key=lambda doc: (occurred(doc), doc["id"])), f"life {life}: order"
        assert {doc["id"] for doc in docs if doc["occurred"].get("suspect")} == month.wrong, f"life {life}: marks"
        boundary_alone += sum(date_by_boundary(parse(d["occurred_at"]), ZONE, 6) != where[d["id"]] for d in docs)
        long_days, forgotten = long_days + month.long_days, forgotten + month.forgotten
        asked, jumped = asked + month.asked, jumped + len(month.wrong)
        study = month.work.store.project
        await month.work.close()
        again = await open_study(machine, study, write=True)
        assert {one: again.store.state.date(one) for one in month.written} == {o: where[o] for o in month.written}
        await again.close()
    assert min(boundary_alone, long_days, forgotten, asked, jumped) > 0, "the month was too quiet to show anything"
