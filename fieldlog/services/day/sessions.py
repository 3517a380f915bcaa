"""Sessions: begun from the plan or out of hand, who is there, where it is, and what may be recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.filing import Calendar
from fieldlog.model.fold import base_of, live, seen_items
from fieldlog.model.moment import Moment
from fieldlog.model.op import WHOLE, Op
from fieldlog.model.sentence import Sentence
from fieldlog.model.session import Session
from fieldlog.model.state import State
from fieldlog.model.vocabulary import MAY_RECORD, SESSION_TYPES
from fieldlog.services.capture.capture import Capture, going_on
from fieldlog.services.study.undo import Was, changed
from fieldlog.services.study.workspace import Workspace, known

Doc = Mapping[str, Any]
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
    started = {doc.get("planned_as") for doc in state.docs("sessions")}
    found = [
        Planned(
            id=doc["id"], date=doc["date"], at=str(doc.get("at") or ""), until=str(doc.get("until") or ""),
            type=str(doc.get("type") or "other"), title=str(doc.get("title") or ""), place=doc.get("place"),
            people=tuple(doc.get("people") or ()), scenes=tuple(doc.get("scenes") or ()),
            done=doc["id"] in started,
        )
        for doc in state.docs("planned") if doc.get("date") == date
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.at, one.at.rjust(5, "0"), one.id))


def dates_to_start(state: State, date: str, ended: bool) -> list[str]:
    """The production dates whose plan is offered now: the one being worked, and the next planned one where that
    has been wrapped or its boundary is past (`ended`)."""
    later = [doc["date"] for doc in state.docs("planned") if doc["date"] > date] if ended else []
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
        ops = [self._ended(doc, moment) for doc in self._going_on()]
        session = Session(
            id=self._work.machine.new_id(), title=title, type=kind, starts=moment.text(), people=tuple(people),
            place=place, scenes=tuple(scenes), planned_as=planned_as, device=self._work.device.id,
            day=max(day, self._calendar.date_at(moment.at)),
        )  # fmt: skip
        await self._work.save([*ops, self._work.op(session, ms=moment.ms)])
        return session

    async def start_planned(self, planned: str) -> Session:
        """Begin a session as the plan has it, by its id there. Raises `NotFound`."""
        doc = self._work.store.state.get(planned)
        if doc is None or self._work.store.state.where.get(planned) != "planned":
            raise NotFound("This is not in the plan any more.")
        real = self._work.store.state.real
        return await self.start(
            str(doc.get("title") or ""), kind=str(doc.get("type") or "other"), place=doc.get("place"),
            people=[real(one) for one in doc.get("people") or ()], scenes=doc.get("scenes") or (),
            planned_as=planned, day=doc["date"],
        )  # fmt: skip

    async def stop(self) -> int:
        """End what goes on here; how many sessions that were."""
        moment = self._capture.now()
        ops = [self._ended(doc, moment) for doc in self._going_on()]
        if ops:
            await self._work.save(ops)
        return len(ops)

    async def end(self, session: str) -> bool:
        """End one session, whichever device began it; whether it went on. Raises `NotFound`."""
        doc = self._doc(session)
        if doc.get("ends"):
            return False
        await self._work.save([self._ended(doc, self._capture.now())])
        return True

    async def never_started(self, session: str) -> None:
        """Take a start back: the session is gone, and the one it ended goes on."""
        doc = self._doc(session)
        gone = self._work.change("del", "session", session, {}, {WHOLE: sorted(live(doc))})
        await self._work.save([gone, *self._reopened(doc["starts"])])

    async def never_stopped(self, session: str) -> None:
        """Take an end back."""
        ends = self._doc(session).get("ends")
        if ends and (ops := self._reopened(ends, session)):
            await self._work.save(ops)

    async def bring(self, session: str, person: str) -> bool:
        """Somebody (an id) is there; whether they were not before, so that `let_go` takes it back.

        Raises `NotFound` where nobody is called so.
        """
        if known(self._work.store.state.docs("people"), person) is None:
            raise NotFound("This person is not in the register any more.")
        if person in self._doc(session).get("people", ()):
            return False
        await self._work.save([self._work.change("add", "session", session, {"people": [person]})])
        return True

    async def let_go(self, session: str, person: str) -> None:
        """Somebody is not there."""
        doc = self._doc(session)
        if person in doc.get("people", ()):
            base = {"people": seen_items(doc, "people", [person])}
            await self._work.save([self._work.change("del", "session", session, {"people": [person]}, base)])

    async def move(self, session: str, place: str | None) -> tuple[Was, ...]:
        """It is here (a place's id); None where nobody says. Returns what `put_back` takes it back with."""
        if place is not None and known(self._work.store.state.docs("places"), place) is None:
            raise NotFound("This place is not in the register any more.")
        return await self._set(session, {"place": place})

    async def allow(self, session: str, media: Iterable[str]) -> tuple[Was, ...]:
        """What may be recorded of it: of notes, audio, photo; the words it was told in stay as they were said.

        Returns what `put_back` takes it back with.
        """
        wanted = set(media)
        if not wanted <= set(MEDIA):
            raise NotUnderstood(Sentence("What may be recorded is one of {known}.", known=", ".join(MEDIA)))
        return await self._set(session, {"may_record": [medium for medium in MEDIA if medium in wanted]})

    def _going_on(self) -> list[dict[str, Any]]:
        return going_on(self._work.store.state, self._work.device.id)

    @property
    def _calendar(self) -> Calendar:
        return self._work.store.state.calendar

    def _doc(self, session: str) -> Doc:
        doc = self._work.store.state.get(session)
        if doc is None or self._work.store.state.where.get(session) != "sessions":
            raise NotFound("This session is not here any more.")
        return doc

    async def _set(self, session: str, fields: dict[str, Any]) -> tuple[Was, ...]:
        doc = self._doc(session)
        differing = {name: value for name, value in fields.items() if doc.get(name) != value}
        if not differing:
            return ()
        return await changed(
            self._work, [self._work.change("set", "session", session, differing, base_of(doc, differing))]
        )

    def _ended(self, doc: Doc, moment: Moment) -> Op:
        base = base_of(doc, ["ends"])
        return self._work.change("set", "session", doc["id"], {"ends": moment.text()}, base, ms=moment.ms)

    def _reopened(self, at: str, session: str = "") -> list[Op]:
        """Let go on what ended here at just this time, and this session, whichever device began it."""
        mine = (None, self._work.device.id)
        docs = [doc for doc in self._work.store.state.docs("sessions") if doc.get("ends") == at]
        ended = [doc for doc in docs if doc.get("device") in mine or doc["id"] == session]
        return [
            self._work.change("set", "session", doc["id"], {"ends": None}, base_of(doc, ["ends"])) for doc in ended
        ]
