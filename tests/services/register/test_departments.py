"""The study says to which group a department belongs, for everybody in it."""

from __future__ import annotations

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.register.departments import groups_of_people, set_group
from fieldlog.services.register.people import people, quick_add, rename
from fieldlog.services.study.workspace import Workspace
from tests.fakes.undo import take_back


async def in_department(work: Workspace, name: str, dept: str) -> None:
    made = (await quick_add(work, pseudonym=name)).made
    await rename(work, made.id, pseudonym=name, pseudonym_zh="", role="", role_zh="", dept=dept)


async def test_a_department_that_is_known_has_its_group_and_another_none(work: Workspace) -> None:
    await in_department(work, "An", "灯光组")
    await in_department(work, "Bo", "Art")
    await quick_add(work, pseudonym="Fan")
    assert groups_of_people(work) == {"P01": "camera", "P02": "", "P03": ""}


async def test_what_the_study_says_holds_for_everybody_in_it_and_is_taken_back(work: Workspace) -> None:
    await in_department(work, "An", "Art")
    await in_department(work, "Bo", " art ")
    done = await set_group(work, "ART", "costume")
    assert groups_of_people(work) == {"P01": "costume", "P02": "costume"}
    assert work.store.state.about.groups == {"art": "costume"}
    await take_back(done)
    assert groups_of_people(work) == {"P01": "", "P02": ""}


async def test_what_is_known_anyway_is_not_written_down(work: Workspace) -> None:
    await in_department(work, "An", "Sound")
    await set_group(work, "Sound", "post")
    await set_group(work, "Sound", "camera")
    assert not work.store.state.about.groups
    assert groups_of_people(work) == {"P01": "camera"}


@pytest.mark.parametrize(("dept", "group"), [("", "camera"), ("Sound", "a ninth")])
async def test_no_department_and_no_such_group_are_refused(work: Workspace, dept: str, group: str) -> None:
    with pytest.raises(NotUnderstood):
        await set_group(work, dept, group)


async def test_other_names_leave_the_department_as_it_is(work: Workspace) -> None:
    await in_department(work, "An", "Sound")
    (one,) = people(work)
    await rename(work, one.id, pseudonym="Ann", pseudonym_zh="", role="", role_zh="")
    assert groups_of_people(work) == {"P01": "camera"}
