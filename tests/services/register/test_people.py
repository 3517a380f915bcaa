"""People: the next number, a pseudonym nobody bears, and consent that never says more than was said."""

from __future__ import annotations

from typing import Any

import pytest

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import live
from fieldlog.model.op import WHOLE
from fieldlog.model.register import someone_id
from fieldlog.model.session import Session
from fieldlog.model.vocabulary import CONSENT_SCOPES, CONSENT_STATES
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.permission import objections
from fieldlog.services.register.lookup import people_named
from fieldlog.services.register.people import (
    ANSWERS,
    add_unknown,
    merge,
    next_code,
    people,
    person,
    preset,
    proposed_pseudonym,
    proposed_pseudonyms,
    quick_add,
    rename,
    set_minor,
    someone,
)
from fieldlog.services.rows import entries
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock, machine_of
from tests.fakes.undo import take_back


async def test_people_are_numbered_by_themselves_and_a_number_is_not_given_twice(work: Workspace) -> None:
    for name in ("An", "Bo"):
        await quick_add(work, pseudonym=name)
    assert [row.code for row in people(work)] == ["P01", "P02"]
    last = people(work)[-1]
    doc = work.store.state.get(last.id)
    assert doc is not None
    await work.save([work.change("del", "person", last.id, {}, {WHOLE: sorted(live(doc))})])
    assert [row.code for row in people(work)] == ["P01"]
    assert next_code(work) == "P03"


@pytest.mark.parametrize("answer", sorted(ANSWERS))
async def test_consent_holds_what_was_said_and_the_rest_is_to_ask(work: Workspace, answer: str) -> None:
    person = (await quick_add(work, pseudonym="Fan", pseudonym_zh="帆", role="gaffer", answer=answer)).made
    row = people(work)[0]
    assert row.state == person.consent["state"] in CONSENT_STATES
    said = {"by-word": {"notes": "yes"}, "in-writing": {"notes": "yes"}}
    others = "no" if answer == "declined" else "ask"
    assert row.scopes == dict.fromkeys(CONSENT_SCOPES, others) | said.get(answer, {})


async def test_the_proposed_pseudonym_is_free_in_both_scripts(work: Workspace) -> None:
    first = proposed_pseudonym(work)
    await quick_add(work, pseudonym="someone", pseudonym_zh=first[1])
    second = proposed_pseudonym(work)
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"pseudonym": " "}, "needs a pseudonym"),
        ({"pseudonym": "Lin", "answer": "perhaps"}, "Consent is one of"),
        ({"pseudonym": "An"}, "called that already"),
    ],
)
async def test_a_slip_is_told_and_nobody_is_added(work: Workspace, said: dict[str, Any], says: str) -> None:
    await quick_add(work, pseudonym="An")
    with pytest.raises(NotUnderstood, match=says):
        await quick_add(work, **said)
    assert len(people(work)) == 1


async def test_pseudonyms_do_not_run_out_and_each_is_nobodys(work: Workspace) -> None:
    seen = set[str]()
    for _ in range(60):
        pair = proposed_pseudonym(work)
        assert not seen & set(pair)
        seen |= set(pair)
        await quick_add(work, pseudonym=pair[0], pseudonym_zh=pair[1])
    assert len(list(proposed_pseudonyms(work))) > 400


@pytest.mark.parametrize(
    ("said", "role", "role_zh"),
    [
        ("Sound", "Sound", "录音"), ("录音", "Sound", "录音"), ("Snake handler", "Snake handler", None),
        ("蛇师", None, "蛇师"),
    ],
)  # fmt: skip
async def test_a_role_from_the_list_is_known_in_both_scripts_and_any_other_is_kept_as_typed(
    work: Workspace, said: str, role: str | None, role_zh: str | None
) -> None:
    person = (await quick_add(work, pseudonym="An", role=said)).made
    assert (person.role, person.role_zh) == (role, role_zh)
    assert people(work)[0].role == people(work)[0].role_zh or role != role_zh


async def test_what_they_said_of_each_scope_goes_beyond_the_preset(work: Workspace) -> None:
    said = preset("by-word") | {"audio": "yes", "photo": "no"}
    await quick_add(work, pseudonym="An", answer="by-word", scopes=said)
    (row,) = people(work)
    assert (row.scopes["notes"], row.scopes["audio"], row.scopes["photo"], row.scopes["quote"]) == (
        "yes", "yes", "no", "ask",
    )  # fmt: skip
    with pytest.raises(NotUnderstood, match="how they agreed"):
        await quick_add(work, pseudonym="Bo", answer="told", scopes={"audio": "yes"})


async def test_someone_unknown_is_described_numbered_apart_and_agreed_to_nothing(work: Workspace) -> None:
    await add_unknown(work, " tall man,  blue cap ")
    await quick_add(work, pseudonym="An")
    await add_unknown(work, "戴红帽子的女人")
    assert [(row.code, row.pseudonym, row.unknown) for row in people(work)] == [
        ("P01", "An", False), ("U1", "tall man, blue cap", True), ("U2", "戴红帽子的女人", True),
    ]  # fmt: skip
    assert set(people(work)[1].scopes.values()) == {"ask"}
    with pytest.raises(NotUnderstood, match="look like"):
        await add_unknown(work, "  ")


async def test_when_the_unknown_man_gets_a_name_the_old_notes_are_about_him(work: Workspace) -> None:
    man = (await add_unknown(work, "tall man, blue cap")).made
    lei = (await quick_add(work, pseudonym="Lei", pseudonym_zh="雷")).made
    note = await Capture(work).note("he moves the crane", Chips(people=("U1",)))
    joined = await merge(work, man.id, lei.id)
    assert [row.code for row in people(work)] == ["P01"]
    assert [work.store.state.real(who) for who in note.people] == [lei.id]
    assert list(work.store.search.find(["雷"])) == [note.id] == list(work.store.search.find(["blue cap"]))
    assert people_named(work, "blue cap") == []
    assert person(work, "U1") == person(work, lei.id) == people(work)[0]
    await take_back(joined)
    assert [row.code for row in people(work)] == ["P01", "U1"]
    assert list(work.store.search.find(["雷"])) == []


async def test_two_people_who_are_known_are_never_joined(work: Workspace) -> None:
    one, two = [(await quick_add(work, pseudonym=name)).made.id for name in ("An", "Bo")]
    for pair in ((one, two), ((man := (await add_unknown(work, "a man")).made).id, man.id)):
        with pytest.raises(NotUnderstood, match="unidentified"):
            await merge(work, *pair)
    with pytest.raises(NotFound):
        await merge(work, man.id, "nobody")


async def test_someone_is_made_once_is_the_same_on_every_device_and_in_no_list(work: Workspace) -> None:
    nobody = await someone(work)
    assert await someone(work) == nobody == someone_id(work.store.project)
    assert not people(work)
    assert not people_named(work, "someone")
    other = await open_study(machine_of(FakeClock()), work.store.project, write=True)
    await someone(other)
    assert other.store.state.get(nobody) == work.store.state.get(nobody)
    await other.close()
    assert (await quick_add(work, pseudonym="An")).made.code == "P01"


async def test_a_person_is_called_otherwise_and_may_keep_the_name(work: Workspace) -> None:
    one = (await quick_add(work, pseudonym="An", pseudonym_zh="安", role="Sound")).made
    await quick_add(work, pseudonym="Bo", pseudonym_zh="博")
    await rename(work, one.id, pseudonym="An", pseudonym_zh="老安", role="Boom", role_zh="")
    row = people(work)[0]
    assert (row.pseudonym, row.pseudonym_zh, row.role, row.role_zh) == ("An", "老安", "Boom", "Boom")
    with pytest.raises(NotUnderstood, match="called that already"):
        await rename(work, one.id, pseudonym="An", pseudonym_zh="博", role="", role_zh="")


async def test_declined_and_minor_are_told_with_the_row(work: Workspace) -> None:
    await quick_add(work, pseudonym="An", answer="declined")
    child = (await quick_add(work, pseudonym="Bo")).made
    await set_minor(work, child.id, True)
    assert [(row.declined, row.minor) for row in people(work)] == [(True, False), (False, True)]
    await set_minor(work, child.id, False)
    assert not people(work)[1].minor
    assert people(work)[0].named(chinese=True) == "P01 An"


async def test_a_row_names_the_person_an_unknown_man_turned_out_to_be_once(work: Workspace) -> None:
    man, lei = (
        (await add_unknown(work, "a man")).made,
        (await quick_add(work, pseudonym="Lei", answer="declined")).made,
    )
    note = await Capture(work).note("the man, and Lei", Chips(people=("U1", "P01")))
    here = Session(id=work.machine.new_id(), starts="2025-03-16T08:00:00+00:00", people=(man.id,))
    await work.save([work.op(here)])
    assert entries.entry(work.store, note.id)["people"] == ["U1", "P01"]
    await merge(work, man.id, lei.id)
    assert entries.entry(work.store, note.id)["people"] == ["P01"]
    assert [(one.kind, one.name) for one in objections(work, "notes", here.id)] == [("declined", "P01 Lei")]
