"""Sessions: begun from the plan or out of hand, who is there, where it is, and what may be recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldlog.model.called import MAY_RECORD as CALLED_MEDIA
from fieldlog.model.called import SESSION_TYPES as CALLED_TYPES
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import seen_items
from fieldlog.model.moment import Moment
from fieldlog.model.op import Op
from fieldlog.model.production_day import Calendar
from fieldlog.model.records import StoredPerson, StoredPlace, StoredPlan, StoredSession
from fieldlog.model.sentence import Sentence, joined
from fieldlog.model.session import Session
from fieldlog.model.state import State
from fieldlog.model.vocabulary import MAY_RECORD, SESSION_TYPES
from fieldlog.services.capture.capture import Capture, going_on
from fieldlog.services.register.people import called
from fieldlog.services.register.places_scenes_codes import place_called
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

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
    ) -> Done[Session]:  # fmt: skip
        """Begin a session; the one going on here ends, and goes on again where that is taken back.

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
        said = Sentence("Started: {name}", name=session.title)
        return Done(made=session, said=said, back=lambda: self._never_started(session.id))

    async def start_planned(self, planned: str) -> Done[Session]:
        """Begin a session as the plan has it, by its id there. Raises `NotFound`."""
        plan = self._work.store.state.find(StoredPlan, planned, removed=True)
        real = self._work.store.state.real
        return await self.start(
            plan.title, kind=plan.type or "other", place=plan.place, people=[real(one) for one in plan.people],
            scenes=plan.scenes, planned_as=planned, day=plan.date,
        )  # fmt: skip

    async def stop(self) -> Done[int]:
        """End what goes on here; `made` is how many sessions that were."""
        return await self._end(self._going_on())

    async def end(self, session: str) -> Done[int]:
        """End one session, whichever device began it; `made` is 0 where it had ended. Raises `NotFound`."""
        going = self._stored(session)
        return await self._end([] if going.ends else [going])

    async def _end(self, going: Sequence[StoredSession]) -> Done[int]:
        if not going:
            return Done(made=0)
        moment, last = self._capture.now(), going[-1]
        await self._work.save([self._ended(session, moment) for session in going])
        name = last.title or CALLED_TYPES.get(last.type, CALLED_TYPES["other"])
        said = Sentence("Ended: {name}", name=name)
        return Done(made=len(going), said=said, back=lambda: self._never_stopped(last.id))

    async def _never_started(self, session: str) -> None:
        """The session is gone, and the one it ended goes on."""
        started = self._stored(session)
        await self._work.save([self._work.removing(started), *self._reopened(started.starts)])

    async def _never_stopped(self, session: str) -> None:
        ends = self._stored(session).ends
        if ends and (ops := self._reopened(ends, session)):
            await self._work.save(ops)

    async def bring(self, session: str, person: str) -> Done[bool]:
        """Somebody (an id) is there; `made` is whether they were not before.

        Raises `NotFound` where nobody is called so.
        """
        if all(one.id != person for one in self._work.store.state.each(StoredPerson)):
            raise NotFound(StoredPerson.gone)
        if person in self._stored(session).people:
            return Done(made=False)
        await self._work.save([self._work.change("add", "session", session, {"people": [person]})])
        said = Sentence("{name} is here", name=called(self._work, person))
        return Done(made=True, said=said, back=lambda: self.let_go(session, person))

    async def let_go(self, session: str, person: str) -> Done[bool]:
        """Somebody is not there; `made` is whether they were before."""
        stored = self._stored(session)
        if person not in stored.people:
            return Done(made=False)
        base = {"people": seen_items(stored.doc, "people", [person])}
        await self._work.save([self._work.change("del", "session", session, {"people": [person]}, base)])
        said = Sentence("{name} is not here", name=called(self._work, person))
        return Done(made=True, said=said, back=lambda: self.bring(session, person))

    async def move(self, session: str, place: str | None) -> Done[None]:
        """It is here (a place's id); None where nobody says. Raises `NotFound`."""
        where = next((one for one in self._work.store.state.each(StoredPlace) if one.id == place), None)
        if place is not None and where is None:
            raise NotFound(StoredPlace.gone)
        nowhere = Sentence("No place is said")
        said = Sentence("Place: {name}", name=place_called(where)) if where is not None else nowhere
        return await self._work.set(self._stored(session), {"place": place}, said)

    async def allow(self, session: str, media: Iterable[str]) -> Done[None]:
        """What may be recorded of it: of notes, audio, photo; the words it was told in stay as they were said."""
        wanted = set(media)
        if not wanted <= set(MEDIA):
            raise NotUnderstood(Sentence("What may be recorded is one of {known}.", known=", ".join(MEDIA)))
        media_in_order = [medium for medium in MEDIA if medium in wanted]
        said = Sentence("May be recorded: {what}", what=_may(media_in_order))
        return await self._work.set(self._stored(session), {"may_record": media_in_order}, said)

    def _going_on(self) -> list[StoredSession]:
        return going_on(self._work.store.state, self._work.device.ids)

    @property
    def _calendar(self) -> Calendar:
        return self._work.store.state.calendar

    def _stored(self, session: str) -> StoredSession:
        return self._work.store.state.find(StoredSession, session, removed=True)

    def _ended(self, session: StoredSession, moment: Moment) -> Op:
        return self._work.setting(session, {"ends": moment.text()}, ms=moment.ms)

    def _reopened(self, at: str, session: str = "") -> list[Op]:
        """Let go on what ended here at just this time, and this session, whichever device began it."""
        mine = (None, *self._work.device.ids)
        ended = [one for one in self._work.store.state.each(StoredSession) if one.ends == at]
        ended = [one for one in ended if one.device in mine or one.id == session]
        return [self._work.setting(one, {"ends": None}) for one in ended]


def _may(media: Sequence[str]) -> Sentence:
    """What may be recorded: all, notes + photo, notes only, nothing."""
    match tuple(media):
        case ():
            return Sentence("nothing")
        case ("notes",):
            return Sentence("notes only")
        case one if one == MEDIA:
            return Sentence("all")
        case _:
            return joined(*(CALLED_MEDIA[medium] for medium in media), by=" + ")
