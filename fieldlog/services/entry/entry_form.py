"""Everything a person changes about an entry, as one form: read from it, and kept as one revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.filing import LONGEST_DAY, occurred
from fieldlog.model.fold import shown
from fieldlog.model.moment import iso, parse
from fieldlog.model.op import Op
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.register import Code, Scene, scene_code
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.study.typed_times import told
from fieldlog.services.study.workspace import Workspace, known

Doc = Mapping[str, Any]
DECLINED = frozenset({"declined", "withdrawn"})


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
    doc, date = state.get(entry), state.date(entry)
    if doc is None or date is None or not shown(doc):
        raise NotFound("This entry is not here any more.")
    return Form(
        text=doc.get("text", ""), kind=doc.get("kind", "jotting"), note_type=doc.get("note_type", "none"),
        speech=doc.get("speech") or "", certainty=doc.get("certainty") or "",
        people=tuple(doc.get("people", ())), place=doc.get("place") or "",
        scene=code_of(work, doc.get("scene")), codes=tuple(code_of(work, one) for one in doc.get("codes", ())),
        when=_written(work, doc, date), precision=doc.get("precision", "exact"),
    )  # fmt: skip


async def keep(work: Workspace, entry: str, was: Form, now: Form) -> dict[str, Any]:
    """Let an entry say what the form says, as one revision; what the form did not change stays as it is by now.

    Returns what `Editing.change` undoes it with. Raises `NotUnderstood` and `NotFound` with nothing changed.
    """
    doc, date = work.store.state.get(entry), work.store.state.date(entry)
    if doc is None or date is None:
        raise NotFound("This entry is not here any more.")
    fields: dict[str, Any] = {}
    for name in ("text", "kind", "note_type", "speech", "certainty", "place"):
        if getattr(now, name) != getattr(was, name):
            fields[name] = getattr(now, name) or ("" if name == "text" else None)
    if now.kind != "quote" and was.kind == "quote" and now.speech == was.speech:
        fields["speech"] = None
    if now.people != was.people:
        fields["people"] = _merged(doc.get("people", ()), was.people, now.people)
        _check_people(work, set(now.people) - set(was.people))
    making = list[Op]()
    if now.scene.strip() != was.scene:
        fields["scene"] = _scene(work, now.scene, making)
    if now.codes != was.codes:
        before, after = (tuple(_code(work, name, making) for name in form.codes) for form in (was, now))
        fields["codes"] = _merged(doc.get("codes", ()), before, after)
    if (now.when.strip(), now.precision) != (was.when, was.precision):
        fields |= _time(work, doc, date, was, now)
    return await Editing(work).change(entry, fields, making)


def code_of(work: Workspace, record: str | None) -> str:
    """The code people use for a record; its name where it has none, "" for none."""
    doc = work.store.state.get(record) if record else None
    names = ("code", "name", "title")
    return next((str(doc[name]) for name in names if doc.get(name)), str(record)) if doc else record or ""


def _written(work: Workspace, doc: Doc, date: str) -> str:
    """When it occurred, as one would type it."""
    at = occurred(doc)
    alone = doc.get("precision") == "day"
    clock = ProductionClock(date, work.zone)
    return clock.local(at).date().isoformat() if alone else clock.said(at, seconds=True)


def _check_people(work: Workspace, added: Iterable[str]) -> None:
    for one in added:
        doc = work.store.state.get(one)
        if doc is None:
            raise NotFound("This person is not in the register any more.")
        consent = doc.get("consent") or {}
        if consent.get("state") in DECLINED or (consent.get("scopes") or {}).get("notes") == "no":
            raise NotUnderstood("This person has declined; write of someone, without a name.")


def _merged(stands: Iterable[str], was: Iterable[str], now: Iterable[str]) -> list[str]:
    """What stands by now, with what the form added, and without what it took away."""
    gone = set(was) - set(now)
    return [one for one in dict.fromkeys([*stands, *now]) if one not in gone]


def _scene(work: Workspace, typed: str, making: list[Op]) -> str | None:
    if not typed.strip():
        return None
    code = scene_code(typed)
    found = known(work.store.state.docs("scenes"), code, "code")
    if found is not None:
        return str(found["id"])
    scene = Scene(id=work.machine.new_id(), code=code)
    making.append(work.op(scene))
    return scene.id


def _code(work: Workspace, typed: str, making: list[Op]) -> str:
    name = typed.strip()
    found = known(work.store.state.docs("codes"), name, "code", "label", "label_zh")
    if found is not None:
        return str(found["id"])
    made = next((op for op in making if op.r == "code" and op.v["code"] == name), None)
    if made is None:
        code = Code(id=work.machine.new_id(), code=name, label=name)
        made = work.op(code)
        making.append(made)
    return made.e


def _time(work: Workspace, doc: Doc, date: str, was: Form, now: Form) -> dict[str, Any]:
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
    if when.day or doc.get("precision") == "day":
        found["day_choice"] = when.day
    session = work.store.state.get(doc.get("session") or "")
    if session is None or not _goes_on(session, at):
        others = [one for one in work.store.state.docs("sessions") if _goes_on(one, at)]
        last = max(others, key=lambda one: parse(one["starts"]), default={"id": None})
        found["session"] = last["id"]
    return found


def _goes_on(session: Doc, at: datetime) -> bool:
    if not session.get("starts"):
        return False
    starts = parse(session["starts"])
    ends = parse(session["ends"]) if session.get("ends") else starts + LONGEST_DAY
    return starts <= at <= ends
