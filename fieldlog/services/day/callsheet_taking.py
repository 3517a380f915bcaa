"""Taking a plan that was read into the study: what it would add and change, and doing it.

The same file again changes nothing. A newer file of the same days moves and corrects what the older one
planned; what it no longer names stays. Nobody is added to the register: a plan knows real names, we do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fieldlog.model.ids import day_id, imported_id
from fieldlog.model.imported import created
from fieldlog.model.op import Op
from fieldlog.model.record import Record
from fieldlog.model.records import StoredDay, StoredPerson, StoredPlace, StoredPlan, StoredRecord, StoredScene
from fieldlog.model.register import Place, Scene
from fieldlog.model.sentence import Counted
from fieldlog.model.session import PlannedSession
from fieldlog.model.standing import erased
from fieldlog.model.study import ProductionDay, day_code
from fieldlog.model.vocabulary import SET_FIELDS
from fieldlog.services.day.callsheet import PlanLine, Problem, Sheet
from fieldlog.services.rows.days import stored_day
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What taking a plan would do. `days` and `sessions` are those the file speaks of, `scenes` and `places`
    those it would add to the register; `ops` is empty where all of it is known already, and
    where the plan is `refused` as a whole."""

    ops: tuple[Op, ...]
    days: int = 0
    sessions: int = 0
    scenes: int = 0
    places: int = 0
    new: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    same: int = 0
    problems: tuple[Problem, ...] = ()
    refused: bool = False


def foresee(work: Workspace, sheet: Sheet) -> Foreseen:
    """What taking this plan would do; nothing is done."""
    return _Taking(work).all_of(sheet)


def year_of(work: Workspace) -> int:
    """The year that a date without one is of: that of the study's last day, else this one."""
    dates = [day.date for day in work.store.state.each(StoredDay)]
    return int(max(dates)[:4]) if dates else work.machine.clock().at.year


async def take_plan(work: Workspace, sheet: Sheet) -> Done[Foreseen]:
    """Take a plan in, as one line: whole or not at all."""
    found = foresee(work, sheet)
    said = Counted("The plan of {n} day is in", "The plan of {n} days is in", found.days)
    return await work.done(found.ops, said, found)


class _Taking:
    """One plan on its way into the study."""

    def __init__(self, work: Workspace) -> None:
        self._work, self._state = work, work.store.state
        self._ops: list[Op] = []
        self._new = Counter[str]()
        self._changed = self._same = 0
        self._known = {kind.table: self._names(kind) for kind in (StoredPerson, StoredPlace, StoredScene)}
        self._problems: list[Problem] = []

    def all_of(self, sheet: Sheet) -> Foreseen:
        days: dict[str, dict[str, Any]] = {}
        sessions: dict[tuple[str, str, int], PlannedSession] = {}
        nth = Counter[tuple[str, str]]()
        for line in sheet.rows:
            place, scenes = self._place(line.place), tuple(self._scene(code) for code in line.scenes)
            _merge(days.setdefault(line.date, {}), self._of_day(line, place))
            if line.names_session or line.scenes or line.people or line.call:
                made = self._session(line, place, scenes)
                sessions[made.date, made.title, nth[made.date, made.title]] = made
                nth[made.date, made.title] += 1
        if twice := self._twice(days):
            return Foreseen(ops=(), problems=twice, refused=True)
        for date, fields in days.items():
            self._day(date, fields)
        for (date, title, place_in_day), made in sessions.items():
            self._record(replace(made, id=self._id("planned", date, title, str(place_in_day))))
        return Foreseen(
            ops=tuple(self._ops), days=len(days), sessions=len(sessions), scenes=self._new["scene"],
            places=self._new["place"], new=self._new, changed=self._changed, same=self._same,
            problems=(*sheet.problems, *dict.fromkeys(self._problems)),
        )  # fmt: skip

    def _twice(self, days: Mapping[str, Mapping[str, Any]]) -> tuple[Problem, ...]:
        """The days whose number another date has already, here or in the plan itself."""
        numbered = {day.date: day.n for day in self._state.each(StoredDay)}
        numbered |= {date: fields["n"] for date, fields in days.items() if "n" in fields}
        dates: dict[int, list[str]] = {}
        for date, n in sorted(numbered.items()):
            dates.setdefault(n or 0, []).append(date)
        return tuple(
            Problem(line="", why="twice", said=f"{fields['code']}: {', '.join(dates[fields['n']])}")
            for fields in {fields["n"]: fields for fields in days.values() if "n" in fields}.values()
            if len(dates[fields["n"]]) > 1
        )

    def _of_day(self, line: PlanLine, place: str | None) -> dict[str, Any]:
        """What a line says of its day. One that plans a session of several says only what days alone have."""
        said: dict[str, Any] = {
            "shoot_day": line.shoot_day, "call": line.call or None, "type": line.day_type or None,
        }  # fmt: skip
        if line.day is not None:
            said |= {"n": line.day, "code": day_code(line.day, self._state.about.numbering)}
        if not line.names_session:
            said |= {"title": line.title or None, "place": place}
        elif line.session:
            said |= {"title": line.title or None}
        return {name: value for name, value in said.items() if value is not None}

    def _session(self, line: PlanLine, place: str | None, scenes: tuple[str, ...]) -> PlannedSession:
        kind = line.session_type or ("shoot" if line.day_type == "shoot" or line.scenes else "other")
        return PlannedSession(
            id="", date=line.date, at=line.at or line.call or None, until=line.until or None, type=kind,
            title=line.session or line.title, place=place, scenes=scenes, people=tuple(self._people(line)),
        )  # fmt: skip

    def _people(self, line: PlanLine) -> Iterable[str]:
        people = self._known["people"]
        for said in line.people:
            found = people.get(said.casefold()) or people.get(said.split()[0].casefold())
            if found is None:
                self._problems.append(Problem(line=line.line, why="person", said=said))
            else:
                yield found

    def _place(self, said: str) -> str | None:
        if not said:
            return None
        return self._named("places", said, lambda new: Place(id=new, code=said, name=said))

    def _scene(self, code: str) -> str:
        episode = code.lstrip("R").split("-")[0]
        number = int(episode) if "-" in code and episode.isdigit() else None
        return self._named("scenes", code, lambda new: Scene(id=new, code=code, episode=number))

    def _named(self, table: str, said: str, make: Callable[[str], Record]) -> str:
        """The record of a register table that this names; made where there is none."""
        plain = said.casefold()
        if plain not in self._known[table]:
            self._known[table][plain] = new = self._id(table, plain)
            self._record(make(new))
        return self._known[table][plain]

    def _names(self, kind: type[StoredRecord]) -> dict[str, str]:
        """Every name of a register table to the id it stands for; codes go before names, and of two that share one
        the first."""
        found: dict[str, str] = {}
        records = [(one.called, self._state.real(one.id)) for one in self._state.each(kind)]
        for names in zip(*(called for called, _ in records), strict=True):
            for name, (_, real) in zip(names, records, strict=True):
                if name:
                    found.setdefault(name.strip().casefold(), real)
        return found

    def _day(self, date: str, fields: dict[str, Any]) -> None:
        day = stored_day(self._state, date)
        if day.id:
            self._change(day, fields)
        else:
            self._record(ProductionDay(id=day_id(self._work.store.project, date), date=date, **fields))

    def _record(self, record: Record) -> None:
        """A record as the plan has it: made, changed where it says otherwise, or as it is."""
        doc = self._state.raw(record.id)
        if doc is None or erased(doc):
            if doc is None:
                self._ops.append(created(record, 0))
                self._new[record.kind_of_record] += 1
            return
        said = record.fields()
        if record.kind_of_record == PlannedSession.kind_of_record:
            said = {name: [] if name in SET_FIELDS else None for name in _PLANNED & doc.keys()} | said
        self._change(_STORED[record.kind_of_record].of(doc), said)

    def _change(self, stored: StoredRecord, fields: Mapping[str, Any]) -> None:
        gone = not stored.shown
        differing = {
            name: value for name, value in fields.items() if gone or not _equal(name, stored.doc.get(name), value)
        }
        if not differing:
            self._same += 1
            return
        self._ops.append(self._work.setting(stored, differing))
        if gone:
            self._new[stored.kind_of_record] += 1
        else:
            self._changed += 1

    def _id(self, *parts: str) -> str:
        return imported_id(0, self._work.store.project, "plan", *parts)


_STORED: Mapping[str, type[StoredRecord]] = {
    kind.kind_of_record: kind for kind in (StoredDay, StoredPlan, StoredPlace, StoredScene)
}  # fmt: skip
"""What a plan makes."""

_PLANNED = {"at", "until", "type", "place", "people", "scenes"}
"""What a newer plan may leave out of a session, and then means it to be gone."""


def _equal(name: str, one: Any, other: Any) -> bool:
    return set(one or ()) == set(other) if name in SET_FIELDS else one == other


def _merge(one: dict[str, Any], other: Mapping[str, Any]) -> None:
    """What the first line of a day says stands; a later one adds. A day on which is shot is a shooting day."""
    for name, value in other.items():
        one.setdefault(name, value)
    if other.get("type") == "shoot":
        one["type"] = "shoot"
