"""People: the next number, a pseudonym nobody bears, and consent that never says more than was said."""

from __future__ import annotations

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import live
from fieldlog.model.op import WHOLE
from fieldlog.model.words import CONSENT_SCOPES, CONSENT_STATES
from fieldlog.services.open import Workspace
from fieldlog.services.people import ANSWERS, next_code, people, proposed_pseudonym, quick_add


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
    person = await quick_add(work, pseudonym="Fan", pseudonym_zh="帆", role="gaffer", answer=answer)
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
        ({"pseudonym": "An"}, "P01 is called An already"),
    ],
)
async def test_a_slip_is_told_and_nobody_is_added(work: Workspace, said: dict[str, str], says: str) -> None:
    await quick_add(work, pseudonym="An")
    with pytest.raises(NotUnderstood, match=says):
        await quick_add(work, **said)
    assert len(people(work)) == 1
