"""Everything a person changes about an entry, as one form: read from it, and kept as one revision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.moment import iso, parse
from fieldlog.model.op import Op
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.production_day import LONGEST_DAY, occurred
from fieldlog.model.records import (
    StoredCode,
    StoredEntry,
    StoredPerson,
    StoredScene,
    StoredSession,
    known,
)
from fieldlog.model.register import Code, Scene, refuses_notes, scene_code
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.study.done import Done
from fieldlog.services.study.typed_times import told
from fieldlog.services.study.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Form:
    """What an entry says of itself, as fields hold it; "" and () are unsaid.

    `people` and `place` are ids. `scene` and `codes` are as people write them: what is not there yet is made.
    `when` is the time on the production clock, 22:05:17 or 25:41, or an ISO date; `precision` is exact, minute,
    about or day.
    """

    text: str = ""
    kind: str = "jotting"
    note_type: str = "none"
    speech: str = ""
    certainty: str = ""
    people: tuple[str, ...] = ()
    place: str = ""
    scene: str = ""
    codes: tuple[str, ...] = ()
    when: str = ""
    precision: str = "exact"


def form_of(work: Workspace, entry: str) -> Form:
    """The form of an entry as it stands. Raises `NotFound`."""
    state = work.store.state
    stored, date = state.read(StoredEntry, entry), state.date(entry)
    if stored is None or date is None or not stored.shown:
        raise NotFound(StoredEntry.gone)
    return Form(
        text=stored.text, kind=stored.kind, note_type=stored.note_type, speech=stored.speech or "",
        certainty=stored.certainty or "", people=stored.people, place=stored.place or "",
        scene=code_of(work, stored.scene), codes=tuple(code_of(work, one) for one in stored.codes),
        when=_written(work, stored, date), precision=stored.precision,
    )  # fmt: skip


async def keep(work: Workspace, entry: str, was: Form, now: Form) -> Done[None]:
    """Let an entry say what the form says, as one revision; what the form did not change stays as it is by now.

    Raises `NotUnderstood` and `NotFound` with nothing changed.
    """
    stored, date = work.store.state.read(StoredEntry, entry), work.store.state.date(entry)
    if stored is None or date is None:
        raise NotFound(StoredEntry.gone)
    fields: dict[str, Any] = {}
    for name in ("text", "kind", "note_type", "speech", "certainty", "place"):
        if getattr(now, name) != getattr(was, name):
            fields[name] = getattr(now, name) or ("" if name == "text" else None)
    if now.kind != "quote" and was.kind == "quote" and now.speech == was.speech:
        fields["speech"] = None
    if now.people != was.people:
        fields["people"] = _merged(stored.people, was.people, now.people)
        _check_people(work, set(now.people) - set(was.people))
    making = list[Op]()
    if now.scene.strip() != was.scene:
        fields["scene"] = _scene(work, now.scene, making)
    if now.codes != was.codes:
        before, after = (tuple(_code(work, name, making) for name in form.codes) for form in (was, now))
        fields["codes"] = _merged(stored.codes, before, after)
    if (now.when.strip(), now.precision) != (was.when, was.precision):
        fields |= _time(work, stored, date, was, now)
    return await Editing(work).change(entry, fields, making)


def code_of(work: Workspace, record: str | None) -> str:
    """The code people use for a scene or a code, "" for none."""
    named = work.store.state.read(StoredScene, record)
    return (named.code if named else "") or record or ""


def _written(work: Workspace, entry: StoredEntry, date: str) -> str:
    """When it occurred, as one would type it."""
    at = occurred(entry.doc)
    alone = entry.precision == "day"
    clock = ProductionClock(date, work.zone)
    return clock.local(at).date().isoformat() if alone else clock.said(at, seconds=True)


def _check_people(work: Workspace, added: Iterable[str]) -> None:
    for one in added:
        person = work.store.state.read(StoredPerson, one)
        if person is None:
            raise NotFound(StoredPerson.gone)
        if refuses_notes(person.consent):
            raise NotUnderstood("This person has declined; write of someone, without a name.")


def _merged(stands: Iterable[str], was: Iterable[str], now: Iterable[str]) -> list[str]:
    """What stands by now, with what the form added, and without what it took away."""
    gone = set(was) - set(now)
    return [one for one in dict.fromkeys([*stands, *now]) if one not in gone]


def _scene(work: Workspace, typed: str, making: list[Op]) -> str | None:
    if not typed.strip():
        return None
    code = scene_code(typed)
    found = known(work.store.state.each(StoredScene), code)
    if found is not None:
        return found.id
    scene = Scene(id=work.machine.new_id(), code=code)
    making.append(work.op(scene))
    return scene.id


def _code(work: Workspace, typed: str, making: list[Op]) -> str:
    name = typed.strip()
    found = known(work.store.state.each(StoredCode), name)
    if found is not None:
        return found.id
    made = next((op for op in making if op.r == "code" and op.v["code"] == name), None)
    if made is None:
        code = Code(id=work.machine.new_id(), code=name, label=name)
        made = work.op(code)
        making.append(made)
    return made.e


def _time(work: Workspace, entry: StoredEntry, date: str, was: Form, now: Form) -> dict[str, Any]:
    """Another time told by hand; the reading with which it was written stays in `created`.

    Time and precision not changed in the form stay as they are. Out of its session the entry goes into the one
    that was going on then, or into none.
    """
    typed = now.when.strip()
    if typed == was.when:
        return {"precision": now.precision}
    when = told(typed, work.zone, on=date, boundary_hour=work.store.state.calendar.boundary_hour)
    at, chosen = when.at, now.precision != was.precision and not when.day
    found: dict[str, Any] = {
        "occurred_at": iso(at), "precision": now.precision if chosen else when.precision,
        "occurred": {"zone": work.zone, "source": "manual"},
    }  # fmt: skip
    if when.day or entry.precision == "day":
        found["day_choice"] = when.day
    session = work.store.state.read(StoredSession, entry.session)
    if session is None or not _goes_on(session, at):
        others = [one for one in work.store.state.each(StoredSession) if _goes_on(one, at)]
        last = max(others, key=lambda one: parse(one.starts), default=None)
        found["session"] = last.id if last else None
    return found


def _goes_on(session: StoredSession, at: datetime) -> bool:
    if not session.starts:
        return False
    starts = parse(session.starts)
    ends = parse(session.ends) if session.ends else starts + LONGEST_DAY
    return starts <= at <= ends
