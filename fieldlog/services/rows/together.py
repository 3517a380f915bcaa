"""Who was seen when: hours with each person on each production day, in numbers.

Nothing here says that somebody was away. Where nobody was observed with them, that is all that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldlog.model.departments import GROUPS, group_of
from fieldlog.model.records import StoredPerson, people_of
from fieldlog.model.register import consent_of, numbered, refuses_notes, someone_id
from fieldlog.model.state import State
from fieldlog.services.rows.days import of_day
from fieldlog.services.rows.sieve import EVERYTHING, Kept
from fieldlog.services.rows.strips import Strip, union


@dataclass(frozen=True, kw_only=True)
class Who:
    """A person with a column. `group` is one of the eight groups of departments, or ""."""

    id: str
    code: str
    name: str
    name_zh: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Together:
    """`minutes` maps (a person's id, a date) to minutes in sessions with them, where some overlap once; `named` to
    how many entries name them. A pair that is in neither was not observed."""

    people: tuple[Who, ...]
    minutes: Mapping[tuple[str, str], int]
    named: Mapping[tuple[str, str], int]


def together(state: State, project: str, strips: list[Strip], kept: Kept = EVERYTHING) -> Together:
    """Everybody of the register of whom may be written, by department, then by code, and when they were seen.

    Who was joined to another is that other. *Someone* is nobody.
    """
    people, sieve = _columns(state, project, kept), kept.of(state)
    known = {one.id for one in people}
    minutes, named = dict[tuple[str, str], int](), dict[tuple[str, str], int]()
    real: dict[str, str] = {}
    for day in strips:
        seen: dict[str, list[tuple[int, int]]] = {}
        for bar in day.sessions:
            for who in {state.real(one) for one in bar.people} & known:
                seen.setdefault(who, []).append((bar.begins, bar.ends))
        minutes |= {(who, day.date): union(stretches) for who, stretches in seen.items()}
        for doc in of_day(state, day.date):
            if (said := people_of(doc)) and sieve.entry(doc):
                for who in {real[one] if one in real else real.setdefault(one, state.real(one)) for one in said}:
                    if who in known:
                        named[who, day.date] = named.get((who, day.date), 0) + 1
    return Together(people=people, minutes=minutes, named=named)


def _columns(state: State, project: str, kept: Kept) -> tuple[Who, ...]:
    groups, nobody = state.about.groups, someone_id(project)
    found = [
        Who(id=one.id, code=one.code, name=one.pseudonym or one.pseudonym_zh or "",
            name_zh=one.pseudonym_zh or one.pseudonym or "", group=group_of(one.dept, groups))
        for one in state.each(StoredPerson)
        if state.real(one.id) == one.id != nobody and not refuses_notes(consent_of(one.doc))
    ]  # fmt: skip
    found = [one for one in found if kept.person in ("", one.id) and kept.group in ("", one.group)]
    order = {group: n for n, group in enumerate((*GROUPS, ""))}
    return tuple(sorted(found, key=lambda one: (order[one.group], *numbered(one.code), one.id)))
