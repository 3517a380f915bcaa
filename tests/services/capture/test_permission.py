"""May this be recorded here: what was not said is not agreed, and a child is never recorded."""

from __future__ import annotations

from typing import Any

import pytest

from fieldlog.model.register import Person
from fieldlog.model.session import Session
from fieldlog.services.capture.permission import Medium, Objection, objections
from fieldlog.services.study.workspace import Workspace


async def person(work: Workspace, code: str, state: str = "granted", **scopes: str) -> str:
    """Someone who is told to be `minor="yes"` is one."""
    minor = scopes.pop("minor", "") == "yes"
    consent = {"state": state, "scopes": scopes}
    made = Person(
        id=work.machine.new_id(), code=code, pseudonym="Lei", pseudonym_zh="雷师傅", consent=consent, minor=minor
    )
    await work.save([work.op(made)])
    return made.id


async def session(work: Workspace, *people: str, **said: Any) -> str:
    made = Session(id=work.machine.new_id(), starts="2025-03-16T08:00:00+00:00", people=people, **said)
    await work.save([work.op(made)])
    return made.id


ALL = ("notes", "audio", "photo")


async def test_without_a_session_nothing_speaks_against_it(work: Workspace) -> None:
    assert objections(work, "audio", None) == ()
    assert objections(work, "audio", "01950000-0000-7000-8000-00000000ffff") == ()


async def test_a_session_of_which_nothing_was_said_allows_notes_only(work: Workspace) -> None:
    plain = await session(work)
    assert objections(work, "notes", plain) == ()
    assert objections(work, "audio", plain) == objections(work, "photo", plain) == (Objection(kind="session"),)


async def test_a_session_in_which_nothing_was_agreed_does_not_even_allow_notes(work: Workspace) -> None:
    closed = await session(work, may_record=(), may_record_words="none agreed")
    assert [one.kind for one in objections(work, "notes", closed)] == ["session"]


async def test_who_agreed_to_sound_has_not_agreed_to_photos(work: Workspace) -> None:
    who = await person(work, "P08", notes="yes", audio="yes", photo="no")
    here = await session(work, who, may_record=ALL)
    assert objections(work, "audio", here) == ()
    said = Objection(kind="declined", person=who, name="P08 Lei", name_zh="P08 雷师傅")
    assert objections(work, "photo", here) == (said,)
    assert not said.blocks


@pytest.mark.parametrize(
    ("state", "scopes", "kind"),
    [
        ("granted", {}, "not-agreed"),
        ("granted", {"audio": "ask"}, "not-agreed"),
        ("pending", {"audio": "yes"}, "not-agreed"),
        ("lapsed", {"audio": "yes"}, "not-agreed"),
        ("pending", {"audio": "no"}, "declined"),
        ("declined", {}, "declined"),
        ("withdrawn", {"audio": "yes"}, "declined"),
        ("partly-withdrawn", {"audio": "no"}, "declined"),
    ],
)
async def test_what_was_not_said_is_not_agreed(
    work: Workspace, state: str, scopes: dict[str, str], kind: str
) -> None:
    here = await session(work, await person(work, "P01", state, **scopes), may_record=ALL)
    assert [one.kind for one in objections(work, "audio", here)] == [kind]


async def test_what_is_left_after_a_withdrawal_in_part_still_holds(work: Workspace) -> None:
    here = await session(work, await person(work, "P14", "partly-withdrawn", notes="yes"), may_record=ALL)
    assert objections(work, "notes", here) == ()


@pytest.mark.parametrize("medium", ["audio", "photo"])
async def test_a_child_is_neither_recorded_nor_photographed_whatever_was_signed(
    work: Workspace, medium: Medium
) -> None:
    child = await person(work, "P20", minor="yes", notes="yes", audio="yes", photo="yes")
    here = await session(work, child, may_record=ALL)
    (only,) = objections(work, medium, here)
    assert only.kind == "minor" and only.blocks
    assert objections(work, "notes", here) == ()


async def test_everybody_is_asked_about_and_the_session_comes_first(work: Workspace) -> None:
    first, second = await person(work, "P02"), await person(work, "P01", "declined")
    here = await session(work, first, second, first, "somebody whose record has not arrived")
    told = [(one.kind, one.name) for one in objections(work, "audio", here)]
    assert told == [("session", ""), ("not-agreed", "P02 Lei"), ("declined", "P01 Lei"), ("not-agreed", "?")]
