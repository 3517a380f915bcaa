"""The study's own table of departments: which of the eight groups each belongs to, where it says so."""

from __future__ import annotations

from fieldlog.model.called import DEPARTMENTS
from fieldlog.model.departments import GROUPS, group_of, key_of
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.records import StoredStudy
from fieldlog.model.sentence import Sentence
from fieldlog.services.register.people import people
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace


def groups_of_people(work: Workspace) -> dict[str, str]:
    """Each person's group, one of `GROUPS`, or "" where nobody knows; by their code."""
    return {one.code: one.group for one in people(work)}


async def set_group(work: Workspace, dept: str, group: str) -> Done[None]:
    """Say to which group a department belongs, for everybody in it. What is known anyway is not written down.

    Raises `NotUnderstood` for no department or no such group, `NotFound` where there is no study yet.
    """
    key = key_of(dept)
    if not key or group not in GROUPS:
        raise NotUnderstood("Say which department it is, and to which group it belongs.")
    if work.store.state.study() is None:
        raise NotFound(StoredStudy.gone)
    study = work.store.state.about
    table = {name: said for name, said in study.groups.items() if name != key}
    if group_of(dept) != group:
        table[key] = group
    said = Sentence("{dept} belongs to: {group}", dept=dept.strip(), group=DEPARTMENTS[group])
    return await work.set(study, {"groups": table or None}, said)
