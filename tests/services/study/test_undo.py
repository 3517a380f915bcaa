"""What is changed by one tap is taken back by one: every verb gives what that needs, and the log keeps both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from fieldlog.model.fold import base_of
from fieldlog.model.register import Place
from fieldlog.services.capture import quick_buttons
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.permission import allowed
from fieldlog.services.capture.slate import Slate
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.register import people, places_scenes_codes
from fieldlog.services.rows.reading import day_doc
from fieldlog.services.study.undo import Was, not_there, put_back
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.journal import read

DAY = "2025-03-16"


def seen(work: Workspace) -> dict[str, Mapping[str, Any]]:
    """Every document as it is shown, by its id, without what is kept of how it came to be."""
    state = work.store.state
    return {
        doc["id"]: {name: value for name, value in doc.items() if not name.startswith("_")}
        for table in state.tables
        for doc in state.docs(table)
    }


@pytest.fixture
async def made(work: Workspace) -> dict[str, str]:
    """Ids of one of each."""
    capture = Capture(work)
    session = await Sessions(work, capture).start("Office", kind="shoot")
    place = Place(id=work.machine.new_id(), code="L05", name="Car park")
    await work.save([work.op(place)])
    take = await Slate(work, capture).add("34-2")
    person = await people.quick_add(work, pseudonym="An", pseudonym_zh="安", role="Sound")
    await Plan(work).days(DAY, 3)
    return {"session": session.id, "place": place.id, "take": take.id, "person": person.id}


async def move(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await Sessions(work, Capture(work)).move(made["session"], made["place"])


async def allow(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await Sessions(work, Capture(work)).allow(made["session"], ["notes", "audio"])


async def goes_on(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await Plan(work).goes_on(DAY, "2025-03-17T06:10:00+08:00")


async def type_of(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await Plan(work).type_of(DAY, "shoot")


async def renumber(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await Plan(work).renumber(DAY, 20)


async def mark(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await Slate(work, Capture(work)).mark(made["take"], "NG")


async def rename_person(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await people.rename(work, made["person"], pseudonym="Bo", pseudonym_zh="", role="Light", role_zh="")


async def set_minor(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await people.set_minor(work, made["person"], True)


async def rename_place(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await places_scenes_codes.rename(work, made["place"], name="Roof", name_zh="天台", about="windy")


async def set_quick(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await quick_buttons.set_quick(work, ["question", "count"])


async def set_templates(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return await quick_buttons.set_templates(work, ["What was said:"])


async def add_person(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return not_there(await people.quick_add(work, pseudonym="Chen"))


async def add_unknown(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return not_there(await people.add_unknown(work, "tall man, blue cap"))


async def add_scene(work: Workspace, made: Mapping[str, str]) -> tuple[Was, ...]:
    return not_there(await places_scenes_codes.add_scene(work, "352"))


VERBS = (
    move, allow, goes_on, type_of, renumber, mark, rename_person, set_minor, rename_place, set_quick,
    set_templates, add_person, add_unknown, add_scene,
)  # fmt: skip
Verb = Callable[[Workspace, Mapping[str, str]], Awaitable[tuple[Was, ...]]]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
async def test_it_is_as_it_was_and_both_stand_in_the_log(
    work: Workspace, made: dict[str, str], verb: Verb
) -> None:
    before, lines = seen(work), work.store.ends[work.store.own_writers["team"]].n
    taken = await verb(work, made)
    assert seen(work) != before
    await put_back(work, taken)
    assert seen(work) == before
    assert work.store.ends[work.store.own_writers["team"]].n == lines + 2


@pytest.mark.parametrize("verb", [move, allow, type_of, mark, rename_person, set_quick], ids=lambda v: v.__name__)
async def test_saying_the_same_again_leaves_nothing_to_take_back(
    work: Workspace, made: dict[str, str], verb: Verb
) -> None:
    await verb(work, made)
    assert await verb(work, made) == ()


async def test_what_a_session_allows_is_read_strictly_again(work: Workspace, made: dict[str, str]) -> None:
    await put_back(work, await allow(work, made))
    assert allowed(work.store.state.get(made["session"]) or {}) == ("notes",)


async def test_a_day_that_goes_on_is_asked_about_again(work: Workspace, made: dict[str, str]) -> None:
    await put_back(work, await goes_on(work, made))
    assert "goes_on" not in day_doc(work.store.state, DAY)


async def test_who_comes_in_is_told_from_who_was_there(work: Workspace, made: dict[str, str]) -> None:
    sessions = Sessions(work, Capture(work))
    assert await sessions.bring(made["session"], made["person"])
    assert not await sessions.bring(made["session"], made["person"])
    await sessions.let_go(made["session"], made["person"])
    assert (work.store.state.get(made["session"]) or {}).get("people") == []


async def test_an_undo_after_somebody_was_erased_brings_no_word_back(
    work: Workspace, made: dict[str, str]
) -> None:
    """An earlier change and a fresh one: neither is taken back where a tombstone stands."""
    entry = await Capture(work).note("a word too much")
    changes = await Editing(work).change(entry.id, {"text": "half of it"})
    assert changes
    before = work.was([work.change("set", "entry", entry.id, {"text": "", "place": made["place"]})])
    made_here = (Was(kind="entry", id=entry.id, there=False),)
    await Erasing(work).erase([entry.id], reason="asked-to")
    ends = dict(work.store.ends)
    for one in (before, made_here):
        await put_back(work, one)
    assert work.store.ends == ends, "no line says its words again"
    doc = work.store.state.get(entry.id)
    assert doc is not None
    assert "_erased" in doc


async def test_an_undo_of_something_private_stays_in_its_lane(work: Workspace) -> None:
    entry = await Capture(work).note("what I thought", Chips(note_type="PN"))
    own, ends = work.store.own_writers, work.store.ends
    team = ends[own["team"]].n
    said = {"starred": True}
    doc = work.store.state.get(entry.id) or {}
    op = work.change("set", "entry", entry.id, said, base_of(doc, said), lane="mine")
    await put_back(work, await work.put([op], lane="mine"))
    await put_back(work, not_there(entry, "mine"))
    assert (work.store.state.get(entry.id) or {})["_deleted"]
    assert (ends[own["team"]].n, ends[own["mine"]].n) == (team, 4)
    ops = [op for line in (await read(work.store.disk, own["mine"], work.store.project)).lines for op in line.ops]
    assert {op.t[16:] for op in ops} == {own["mine"]}, "and bears its stamp"
