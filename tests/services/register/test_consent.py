"""Consent: one answer at a time, every step kept, and where two devices disagree the stricter holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.model.register import consent_of
from fieldlog.model.vocabulary import CONSENT_ACTIONS, CONSENT_ANSWERS, CONSENT_SCOPES, CONSENT_STATES
from fieldlog.services.register.consent import (
    ASKED_SCOPES,
    agreed_how,
    answer,
    grid,
    history,
    state_after,
)
from fieldlog.services.register.people import people, quick_add
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.undo import take_back


async def test_each_step_is_kept_with_what_it_was_before(work: Workspace, clock: FakeClock) -> None:
    who = (await quick_add(work, pseudonym="An", answer="told")).made.id
    clock.advance(days=2)
    await answer(work, who, {"notes": "yes"})
    clock.advance(days=3)
    await answer(work, who, {"audio": "no"})
    await agreed_how(work, who, "written")
    steps = history(work, who)
    assert [(step.action, dict(step.scopes), dict(step.was), step.mode) for step in steps] == [
        ("noted", {}, {}, "written"),
        ("narrowed", {"audio": "no"}, {"audio": "ask"}, "oral-noted"),
        ("given", {"notes": "yes"}, {"notes": "ask"}, "oral-noted"),
    ]
    rows = {row.scope: (row.answer, row.since) for row in grid(work, who)}
    assert rows["notes"] == ("yes", "2025-03-18")
    assert rows["audio"] == ("no", "2025-03-21")
    assert rows["quote"] == ("ask", "")
    assert list(rows) == list(ASKED_SCOPES)
    assert people(work)[0].mode == "written"


async def test_saying_the_same_again_is_no_step(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="by-word")).made.id
    await answer(work, who, {"notes": "yes", "audio": "ask"})
    await agreed_how(work, who, "oral-noted")
    assert history(work, who) == []


async def test_a_yes_taken_back_is_partly_withdrawn_and_the_last_one_withdrawn(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "yes"})).made.id
    await answer(work, who, {"audio": "no"})
    assert people(work)[0].state == "partly-withdrawn"
    await answer(work, who, dict.fromkeys(ASKED_SCOPES, "no"))
    assert (people(work)[0].state, people(work)[0].declined) == ("withdrawn", True)
    assert [step.action for step in history(work, who)] == ["narrowed", "narrowed"]


async def test_who_refuses_everything_without_ever_having_agreed_has_declined(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An")).made.id
    await answer(work, who, dict.fromkeys(ASKED_SCOPES, "no"))
    assert (people(work)[0].state, history(work, who)[0].action) == ("declined", "declined")
    await answer(work, who, {"notes": "yes"})
    assert (people(work)[0].state, people(work)[0].declined) == ("granted", False)


async def test_of_answers_given_on_two_devices_the_stricter_holds(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="by-word")).made.id
    before = dict(work.store.state.get(who) or {})

    def elsewhere(**consent: Any) -> None:
        op = work.change("set", "person", who, {"consent": consent}, base_of(before, ["consent"]))
        work.store.commit("team", [[op]])

    elsewhere(state="partly-withdrawn", mode="oral-noted", scopes={"audio": "no"})
    elsewhere(state="granted", mode="written", scopes={"audio": "yes", "notes": "yes", "photo": "yes"})
    (row,) = people(work)
    assert row.state == "partly-withdrawn"
    assert (row.scopes["audio"], row.scopes["notes"], row.scopes["photo"]) == ("no", "ask", "ask")
    await answer(work, who, {"notes": "yes"})
    settled = people(work)[0]
    assert (settled.scopes["audio"], settled.scopes["notes"]) == ("no", "yes")
    assert len((work.store.state.get(who) or {})["_heads"]["consent"]) == 1


async def test_an_answer_by_mistake_is_corrected_and_nobody_is_said_to_have_withdrawn(
    work: Workspace, clock: FakeClock
) -> None:
    who = (await quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "yes"})).made.id
    before = dict((work.store.state.get(who) or {})["consent"])
    clock.advance(days=4)
    taken = await answer(work, who, {"audio": "no"})
    assert people(work)[0].state == "partly-withdrawn"
    await take_back(taken)
    assert (work.store.state.get(who) or {})["consent"] == before
    assert [(step.action, dict(step.scopes), step.state) for step in history(work, who)] == [
        ("corrected", {"audio": "yes"}, "granted"),
        ("narrowed", {"audio": "no"}, "partly-withdrawn"),
    ]
    since = {row.scope: row.since for row in grid(work, who)}
    assert since["audio"] == "2025-03-16"


async def test_how_somebody_agreed_is_corrected_too(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="told")).made.id
    taken = await agreed_how(work, who, "written")
    await take_back(taken)
    assert (people(work)[0].mode, [step.action for step in history(work, who)]) == ("told", ["corrected", "noted"])


async def test_what_was_said_since_is_not_overruled_by_a_correction(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "yes"})).made.id
    first = await answer(work, who, {"photo": "yes"})
    await answer(work, who, {"audio": "no"})
    with pytest.raises(NotUnderstood):
        await take_back(first)
    assert people(work)[0].scopes["audio"] == "no"


async def test_an_answer_from_another_device_meanwhile_is_not_overruled_either(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "yes"})).made.id
    seen = dict(work.store.state.get(who) or {})
    taken = await answer(work, who, {"photo": "yes"})
    said = {"consent": {"state": "withdrawn", "scopes": dict.fromkeys(ASKED_SCOPES, "no")}}
    work.store.commit("team", [[work.change("set", "person", who, said, base_of(seen, said))]])
    with pytest.raises(NotUnderstood):
        await take_back(taken)
    assert people(work)[0].declined


async def test_nor_is_one_whose_clock_is_behind_though_ours_is_shown(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "yes"})).made.id
    seen = dict(work.store.state.get(who) or {})
    taken = await answer(work, who, {"photo": "yes"})
    ours = (work.store.state.get(who) or {})["consent"]
    said = {"consent": {"state": "withdrawn", "scopes": dict.fromkeys(ASKED_SCOPES, "no")}}
    op = work.change("set", "person", who, said, base_of(seen, said))
    work.store.commit("team", [[replace(op, t=f"{1:012x}0000other")]])
    assert (work.store.state.get(who) or {})["consent"] == ours, "ours is later, and shown"
    with pytest.raises(NotUnderstood):
        await take_back(taken)
    assert people(work)[0].declined


async def test_a_slip_is_told_and_nothing_changes(work: Workspace) -> None:
    who = (await quick_add(work, pseudonym="An")).made.id
    for slip in ({"smell": "yes"}, {"audio": "perhaps"}):
        with pytest.raises(NotUnderstood):
            await answer(work, who, slip)
    with pytest.raises(NotUnderstood):
        await agreed_how(work, who, "by pigeon")
    with pytest.raises(NotFound):
        await answer(work, "nobody", {"audio": "yes"})
    assert history(work, who) == []


@pytest.mark.parametrize(
    "told",
    [{}, {"state": None}, {"scopes": None}, {"state": "granted", "scopes": {"audio": "perhaps", "photo": 1}}],
)
def test_a_consent_that_says_little_says_ask(told: dict[str, Any]) -> None:
    read = consent_of({"id": "x", "consent": told})
    assert set(read["scopes"].values()) == {"ask"}
    assert read["state"] in CONSENT_STATES


scopes = st.fixed_dictionaries(dict.fromkeys(CONSENT_SCOPES, st.sampled_from(CONSENT_ANSWERS)))


@given(st.sampled_from(CONSENT_STATES), scopes, scopes)
def test_whatever_changes_the_state_never_says_more_than_the_answers(
    state: str, was: dict[str, str], now: dict[str, str]
) -> None:
    after = state_after({"state": state, "scopes": was}, now)
    agreed = "yes" in {now[scope] for scope in ASKED_SCOPES}
    assert after in CONSENT_STATES
    assert (after in ("granted",)) <= agreed
    assert (after in ("declined", "withdrawn")) == ({now[scope] for scope in ASKED_SCOPES} == {"no"})


def test_every_action_has_a_word() -> None:
    assert {"asked", "given", "declined", "narrowed", "widened", "noted", "corrected", "withdrawn"} == set(
        CONSENT_ACTIONS
    )
