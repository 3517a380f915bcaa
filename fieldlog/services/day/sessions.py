"""Sessions: begun from the plan or out of hand, who is there, where it is, and what may be recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.filing import Calendar
from fieldlog.model.fold import seen_items
from fieldlog.model.moment import Moment
from fieldlog.model.op import Op
from fieldlog.model.records import StoredPerson, StoredPlace, StoredPlan, StoredSession
from fieldlog.model.sentence import Sentence
from fieldlog.model.session import Session
from fieldlog.model.state import State
from fieldlog.model.vocabulary import MAY_RECORD, SESSION_TYPES
from fieldlog.services.capture.capture import Capture, going_on
from fieldlog.services.study.workspace import Was, Workspace

MEDIA = MAY_RECORD[1:]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A session of the plan. `at` and `until` are on the production clock; `done` once it has been started."""

    id: str
    date: str
    at: str
    until: str
    type: str
    title: str
    place: str | None
    people: tuple[str, ...]
    scenes: tuple[str, ...]
    done: bool


def planned(state: State, date: str) -> list[Planned]:
    """What the plan says of a production date, by the clock; what has no time at the end."""
    started = {session.planned_as for session in state.each(StoredSession)}
    found = [
        Planned(
            id=plan.id, date=plan.date, at=plan.at or "", until=plan.until or "", type=plan.type or "other",
            title=plan.title, place=plan.place, people=plan.people, scenes=plan.scenes, done=plan.id in started,
        )
        for plan in state.each(StoredPlan) if plan.date == date
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.at, one.at.rjust(5, "0"), one.id))


def dates_to_start(state: State, date: str, ended: bool) -> list[str]:
    """The production dates whose plan is offered now: the one being worked, and the next planned one where that
    has been wrapped or its boundary is past (`ended`)."""
    later = [plan.date for plan in state.each(StoredPlan) if plan.date > date] if ended else []
    return [date, *sorted(set(later))[:1]]


class Sessions:
    """The sessions of an open study. At most one goes on a device; starting one ends its last, and no other's."""

    def __init__(self, work: Workspace, capture: Capture) -> None:
        self._work, self._capture = work, capture

    async def start(
        self, title: str, *, kind: str = "other", people: Sequence[str] = (), place: str | None = None,
        scenes: Sequence[str] = (), planned_as: str | None = None, day: str = "",
    ) -> Session:  # fmt: skip
        """Begin a session; the one going on here ends.

        It belongs to the day that is now being worked, or to a later `day` (an ISO date), which it then starts.
        Raises `NotUnderstood` for a type there is not.
        """
        if kind not in SESSION_TYPES:
            raise NotUnderstood(
                Sentence("A session is one of {known}; {kind} is none.", known=", ".join(SESSION_TYPES), kind=kind)
            )
        moment = self._capture.now()
        ops = [self._ended(session, moment) for session in self._going_on()]
        session = Session(
            id=self._work.machine.new_id(), title=title, type=kind, starts=moment.text(), people=tuple(people),
            place=place, scenes=tuple(scenes), planned_as=planned_as, device=self._work.device.id,
            day=max(day, self._calendar.date_at(moment.at)),
        )  # fmt: skip
        await self._work.save([*ops, self._work.op(session, ms=moment.ms)])
        return session

    async def start_planned(self, planned: str) -> Session:
        """Begin a session as the plan has it, by its id there. Raises `NotFound`."""
        plan = self._work.store.state.find(StoredPlan, planned, removed=True)
        real = self._work.store.state.real
        return await self.start(
            plan.title, kind=plan.type or "other", place=plan.place, people=[real(one) for one in plan.people],
            scenes=plan.scenes, planned_as=planned, day=plan.date,
        )  # fmt: skip

    async def stop(self) -> int:
        """End what goes on here; how many sessions that were."""
        moment = self._capture.now()
        ops = [self._ended(session, moment) for session in self._going_on()]
        if ops:
            await self._work.save(ops)
        return len(ops)

    async def end(self, session: str) -> bool:
        """End one session, whichever device began it; whether it went on. Raises `NotFound`."""
        going = self._stored(session)
        if going.ends:
            return False
        await self._work.save([self._ended(going, self._capture.now())])
        return True

    async def never_started(self, session: str) -> None:
        """Take a start back: the session is gone, and the one it ended goes on."""
        started = self._stored(session)
        await self._work.save([self._work.removing(started), *self._reopened(started.starts)])

    async def never_stopped(self, session: str) -> None:
        """Take an end back."""
        ends = self._stored(session).ends
        if ends and (ops := self._reopened(ends, session)):
            await self._work.save(ops)

    async def bring(self, session: str, person: str) -> bool:
        """Somebody (an id) is there; whether they were not before, so that `let_go` takes it back.

        Raises `NotFound` where nobody is called so.
        """
        if all(one.id != person for one in self._work.store.state.each(StoredPerson)):
            raise NotFound(StoredPerson.gone)
        if person in self._stored(session).people:
            return False
        await self._work.save([self._work.change("add", "session", session, {"people": [person]})])
        return True

    async def let_go(self, session: str, person: str) -> None:
        """Somebody is not there."""
        stored = self._stored(session)
        if person in stored.people:
            base = {"people": seen_items(stored.doc, "people", [person])}
            await self._work.save([self._work.change("del", "session", session, {"people": [person]}, base)])

    async def move(self, session: str, place: str | None) -> tuple[Was, ...]:
        """It is here (a place's id); None where nobody says. Returns what `put_back` takes it back with."""
        if place is not None and all(one.id != place for one in self._work.store.state.each(StoredPlace)):
            raise NotFound(StoredPlace.gone)
        return await self._work.set(self._stored(session), {"place": place})

    async def allow(self, session: str, media: Iterable[str]) -> tuple[Was, ...]:
        """What may be recorded of it: of notes, audio, photo; the words it was told in stay as they were said.

        Returns what `put_back` takes it back with.
        """
        wanted = set(media)
        if not wanted <= set(MEDIA):
            raise NotUnderstood(Sentence("What may be recorded is one of {known}.", known=", ".join(MEDIA)))
        media_in_order = [medium for medium in MEDIA if medium in wanted]
        return await self._work.set(self._stored(session), {"may_record": media_in_order})

    def _going_on(self) -> list[StoredSession]:
        return going_on(self._work.store.state, self._work.device.id)

    @property
    def _calendar(self) -> Calendar:
        return self._work.store.state.calendar

    def _stored(self, session: str) -> StoredSession:
        return self._work.store.state.find(StoredSession, session, removed=True)

    def _ended(self, session: StoredSession, moment: Moment) -> Op:
        return self._work.setting(session, {"ends": moment.text()}, ms=moment.ms)

    def _reopened(self, at: str, session: str = "") -> list[Op]:
        """Let go on what ended here at just this time, and this session, whichever device began it."""
        mine = (None, self._work.device.id)
        ended = [one for one in self._work.store.state.each(StoredSession) if one.ends == at]
        ended = [one for one in ended if one.device in mine or one.id == session]
        return [self._work.setting(one, {"ends": None}) for one in ended]
