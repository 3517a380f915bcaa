"""What is changed by one tap is said, and is taken back by one: every verb gives both, and the log keeps both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from fieldlog.model.fold import base_of
from fieldlog.model.register import Place
from fieldlog.model.session import PlannedSession
from fieldlog.model.stroke import Stroke
from fieldlog.services.capture import quick_buttons
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.permission import allowed
from fieldlog.services.capture.slate import Slate
from fieldlog.services.capture.tally import Tally
from fieldlog.services.day.callsheet import read_plan
from fieldlog.services.day.callsheet_taking import take_plan
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.entry.sketches import Sketching, pictures_of
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.register import consent, crew_list, people, places_scenes_codes
from fieldlog.services.rows.days import stored_day
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.journal import read
from tests.fakes.clock import FakeClock
from tests.fakes.made import photo
from tests.fakes.undo import take_back

DAY = "2025-03-16"
LINE = Stroke(colour="#D26A00", width=8, points=((10, 10), (50, 30)))
STAY = ("attachments", "consents")
"""What was drawn stays in the log, and so does that a consent was ever said otherwise."""


def seen(work: Workspace) -> dict[str, Mapping[str, Any]]:
    """Every document as it is shown, by its id, without what says nothing or how it came to be."""
    state = work.store.state
    return {
        doc["id"]: {
            name: value for name, value in doc.items()
            if not name.startswith("_") and value not in (None, [])
        }
        for table in state.tables if table not in STAY
        for doc in state.docs(table)
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class World:
    """A study in which one of each is there; all but the work are ids."""

    work: Workspace
    session: str
    planned: str
    place: str
    take: str
    person: str
    present: str
    unknown: str
    entry: str
    gone: str
    photo: str
    count: str

    @property
    def capture(self) -> Capture:
        return Capture(self.work)

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.work, self.capture)

    @property
    def tally(self) -> Tally:
        tally = Tally(self.work, self.capture)
        tally.entry = self.count
        return tally

    @property
    def plan(self) -> Plan:
        return Plan(self.work)

    @property
    def editing(self) -> Editing:
        return Editing(self.work)

    @property
    def now(self) -> str:
        return self.capture.now().text()


@pytest.fixture
async def world(work: Workspace) -> World:
    capture = Capture(work)
    person = (await people.quick_add(work, pseudonym="An", pseudonym_zh="安", role="Sound")).made
    present = (await people.quick_add(work, pseudonym="Bo")).made
    unknown = (await people.add_unknown(work, "tall man")).made
    session = (await Sessions(work, capture).start("Office", kind="shoot", people=(present.id,))).made
    place = Place(id=work.machine.new_id(), code="L05", name="Car park")
    planned = PlannedSession(id=work.machine.new_id(), date=DAY, title="Roof", type="shoot")
    await work.save([work.op(place), work.op(planned)])
    take = (await Slate(work, capture).add("34-2")).made
    await Plan(work).days(DAY, 3)
    entry, gone = await capture.note("the tea urn"), await capture.note("never mind")
    await Editing(work).reword(entry.id, "the big tea urn")
    await Editing(work).remove(gone.id)
    shot, _ = await capture.file(Bytes(name="a.jpg", data=photo()))
    assert shot is not None
    count = (await Tally(work, capture).one_more("phone looked at")).made
    return World(
        work=work, session=session.id, planned=planned.id, place=place.id, take=take.id, person=person.id,
        present=present.id, unknown=unknown.id, entry=entry.id, gone=gone.id, photo=shot.id, count=count.id,
    )  # fmt: skip


async def keep(at: World) -> Done[None]:
    was = entry_form.form_of(at.work, at.entry)
    return await entry_form.keep(at.work, at.entry, was, replace(was, certainty="sure"))


async def first_words(at: World) -> Done[None]:
    return await at.editing.bring_back(at.entry, (await at.editing.history(at.entry))[0].u)


async def draw_on_a_photo(at: World) -> Done[tuple[str, ...]]:
    (picture,) = pictures_of(at.work, at.photo)
    return await Sketching(at.work).mark(at.photo, picture.id, [LINE], (400, 300))


Verb = Callable[[World], Awaitable[Done[Any]]]
ONCE: Mapping[str, tuple[Verb, str]] = {
    "a session is started": (lambda at: at.sessions.start("Lift"), "Started: Lift"),
    "one of the plan is started": (lambda at: at.sessions.start_planned(at.planned), "Started: Roof"),
    "one more is counted": (lambda at: at.tally.one_more(), "Counted: 2 phone looked at"),
    "a take is slated": (lambda at: Slate(at.work, at.capture).add("34-2"), "Scene 34-2, take 2"),
    "a person is added": (lambda at: people.quick_add(at.work, pseudonym="Chen"), "P03 is in the register"),
    "somebody is described": (lambda at: people.add_unknown(at.work, "a cap"), "U2 is in the register"),
    "somebody is known now": (lambda at: people.merge(at.work, at.unknown, at.person), "U1 is P01 An now."),
    "a place is added": (lambda at: places_scenes_codes.add_place(at.work, "Roof"), "L06 is in the register"),
    "a scene is added": (lambda at: places_scenes_codes.add_scene(at.work, "352"), "35-2 is in the register"),
    "a code is added": (lambda at: places_scenes_codes.add_code(at.work, "time"), "time is in the register"),
    "a photo is drawn on": (draw_on_a_photo, "Kept beside the photo, which stays as it is."),
    "a page is drawn on": (lambda at: Sketching(at.work).page(at.capture, [LINE]), "Sketch kept."),
    "an entry is removed": (lambda at: at.editing.remove(at.entry), "Removed. It stays in the log."),
    "a day is wrapped": (lambda at: at.plan.wrap(DAY, at.now), "PD01 wrapped"),
    "a day is wrapped at a time": (
        lambda at: at.plan.wrap_typed(DAY, "08:00", at.capture.now().at), "PD01 wrapped"
    ),
}  # fmt: skip
AGAIN: Mapping[str, tuple[Verb, str]] = {
    "a session is ended": (lambda at: at.sessions.stop(), "Ended: Office"),
    "somebody comes": (lambda at: at.sessions.bring(at.session, at.person), "P01 An is here"),
    "somebody goes": (lambda at: at.sessions.let_go(at.session, at.present), "P02 Bo is not here"),
    "it is elsewhere": (lambda at: at.sessions.move(at.session, at.place), "Place: L05 Car park"),
    "sound may be recorded": (
        lambda at: at.sessions.allow(at.session, ["audio", "notes"]), "May be recorded: notes + sound"
    ),
    "a day goes on": (lambda at: at.plan.goes_on(DAY, at.now), "PD01 goes on"),
    "a day begins": (lambda at: at.plan.start("2025-03-17", at.now), "PD02 has begun"),
    "a day is of a kind": (lambda at: at.plan.type_of(DAY, "move"), "PD01: Move"),
    "a day has another number": (lambda at: at.plan.renumber(DAY, 20), "PD01 is PD20 now."),
    "a plan is taken in": (
        lambda at: take_plan(at.work, read_plan(b"date,day\n2025-03-20,5\n2025-03-21,6\n", "p.csv")),
        "The plan of 2 days is in",
    ),
    "a take is marked": (lambda at: Slate(at.work, at.capture).mark(at.take, "circled"), "34-2 · 1 · circled"),
    "buttons are chosen": (
        lambda at: quick_buttons.set_quick(at.work, ["question", "count"]), "Question · Count"
    ),
    "a template is kept": (lambda at: quick_buttons.set_templates(at.work, ["Said: "]), "Kept: Said:"),
    "a person agrees": (
        lambda at: consent.answer(at.work, at.person, {"quote": "yes"}), "P01 An · quotes: yes"
    ),
    "how a person agreed is said": (
        lambda at: consent.agreed_how(at.work, at.person, "written"), "P01 An · Agreed in writing"
    ),
    "a person is a minor": (lambda at: people.set_minor(at.work, at.person, True), "P01 An · under 18"),
    "a person is called otherwise": (
        lambda at: people.rename(at.work, at.person, pseudonym="Xia", pseudonym_zh="", role="", role_zh=""),
        "Changed.",
    ),
    "a crew list is taken in": (
        lambda at: crew_list.take_crew(at.work, [crew_list.CrewRow(line=2, role="Grip")]),
        "1 person taken in. No real name was kept.",
    ),
    "a place is called otherwise": (
        lambda at: places_scenes_codes.rename(at.work, at.place, name="Roof", name_zh="天台", about=""),
        "Changed.",
    ),
    "an entry is brought back": (lambda at: at.editing.bring_back(at.gone), "Brought back."),
    "an entry says its first words again": (first_words, "Brought back."),
    "an entry is changed": (keep, "Changed."),
}  # fmt: skip
"""Those that change nothing when they are done a second time."""
EVERY = {**ONCE, **AGAIN}


@pytest.mark.parametrize("name", EVERY)
async def test_it_is_said_and_taken_back_and_both_stand_in_the_log(world: World, name: str) -> None:
    work, (verb, said) = world.work, EVERY[name]
    before, lines = seen(work), work.store.ends[work.store.own_writers["team"]].n
    done = await verb(world)
    assert done.said == said
    assert seen(work) != before
    await take_back(done)
    assert seen(work) == before
    assert work.store.ends[work.store.own_writers["team"]].n == lines + 2


@pytest.mark.parametrize("name", AGAIN)
async def test_where_nothing_has_changed_nothing_is_said_or_taken_back(world: World, name: str) -> None:
    verb, _ = AGAIN[name]
    await verb(world)
    ends = dict(world.work.store.ends)
    again = await verb(world)
    assert (again.said, again.back) == ("", None)
    assert world.work.store.ends == ends


async def test_each_way_of_saying_it_says_what_was_done(world: World) -> None:
    sessions, work = world.sessions, world.work
    await sessions.move(world.session, world.place)
    await world.plan.wrap(DAY, world.now)
    await quick_buttons.set_templates(work, ["one", "two"])
    said = [
        await sessions.move(world.session, None),
        *[await sessions.allow(world.session, media) for media in (["notes", "audio", "photo"], ["notes"], [])],
        await world.plan.wrap(DAY, None),
        await quick_buttons.set_templates(work, ["two"]),
        await quick_buttons.set_templates(work, []),
    ]
    assert [done.said for done in said] == [
        "No place is said", "May be recorded: all", "May be recorded: notes only", "May be recorded: nothing",
        "The wrap is taken back", "Removed: one", "Removed: two",
    ]  # fmt: skip


async def test_what_a_session_allows_is_read_strictly_again(world: World) -> None:
    await take_back(await world.sessions.allow(world.session, ["notes", "audio"]))
    assert allowed(world.work.store.state.get(world.session) or {}) == ("notes",)


async def test_a_day_that_goes_on_is_asked_about_again(world: World) -> None:
    await take_back(await world.plan.goes_on(DAY, world.now))
    assert "goes_on" not in stored_day(world.work.store.state, DAY).doc


async def test_a_wrap_with_something_private_after_it_is_taken_back_in_both_lanes(
    world: World, clock: FakeClock
) -> None:
    work, wrapped = world.work, world.now
    clock.advance(minutes=10)
    note = await world.capture.note("what I thought", Chips(note_type="PN"))
    before = seen(work)
    done = await world.plan.wrap(DAY, wrapped)
    assert "session" not in seen(work)[note.id]
    await take_back(done)
    assert seen(work) == before


async def test_who_comes_in_is_told_from_who_was_there(world: World) -> None:
    sessions = world.sessions
    assert (await sessions.bring(world.session, world.person)).made
    assert not (await sessions.bring(world.session, world.person)).made
    assert (await sessions.let_go(world.session, world.person)).made
    assert not (await sessions.let_go(world.session, world.person)).made


async def test_an_undo_after_somebody_was_erased_brings_no_word_back(world: World) -> None:
    """An entry that was changed, and one that was made: neither is taken back where a tombstone stands."""
    work, entry = world.work, world.entry
    changed = await work.done([work.change("set", "entry", entry, {"text": ""})], "Changed.", None)
    page = (await Sketching(work).page(world.capture, [LINE])).made
    made = await work.done([work.change("set", "entry", page.id, {"place": world.place})], "Changed.", None)
    await Erasing(work).erase([entry, page.id], reason="asked-to")
    ends = dict(work.store.ends)
    for done in (changed, made):
        await take_back(done)
    assert work.store.ends == ends, "no line says its words again"
    assert "_erased" in (work.store.state.get(entry) or {})


async def test_an_undo_of_something_private_stays_in_its_lane(work: Workspace) -> None:
    entry, op = Capture(work).draft("what I thought", Chips(note_type="PN"))
    own, ends = work.store.own_writers, work.store.ends
    made = await work.done([*op, work.op(entry, lane="mine")], "Kept.", None, lane="mine")
    team = ends[own["team"]].n
    said = {"starred": True}
    doc = work.store.state.get(entry.id) or {}
    starred = work.change("set", "entry", entry.id, said, base_of(doc, said), lane="mine")
    await take_back(await work.done([starred], "Marked.", None, lane="mine"))
    await take_back(made)
    assert (work.store.state.get(entry.id) or {})["_deleted"]
    assert (ends[own["team"]].n, ends[own["mine"]].n) == (team, 4)
    ops = [op for line in (await read(work.store.disk, own["mine"], work.store.project)).lines for op in line.ops]
    assert {op.t[16:] for op in ops} == {own["mine"]}, "and bears its stamp"
