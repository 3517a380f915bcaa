"""What the plan, a session and the day say on screens, as plain values: no Flet, no deciding."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldlog.model.called import MAY_RECORD, SESSION_TYPES
from fieldlog.model.records import StoredPlace
from fieldlog.services.day.callsheet import Problem
from fieldlog.services.day.callsheet_taking import Foreseen
from fieldlog.services.day.sessions import Planned
from fieldlog.services.register.people import PersonRow
from fieldlog.ui.words.words import Words, later

WHY = {
    "no-header": later("No row names columns such as date, scenes, people."),
    "unreadable": later("This can't be read as a table. Save it as XLSX or CSV."),
    "too-large": later("This is far larger than a plan. Nothing was read."),
    "column": later("Two columns are called “{said}”. Give one another name; nothing was read."),
    "torn": later("Line {line} has a quotation mark that does not belong there; it was left out."),
    "wide": later("Line {line} has more cells than there are columns (“{said}”); it was left out."),
    "beside": later("Line {line}: “{said}” stands beside the table; the rest of the line is taken."),
    "twice": later("One day is on two dates: {said}. Number them differently; nothing was taken."),
    "date": later("Line {line}: “{said}” is no date; the line was left out."),
    "no-date": later("Line {line}: no date here or above; the line was left out."),
    "year": later("Line {line}: “{said}” has no year and nothing near says which; the line was left out."),
    "day-or-month": later("Line {line}: in “{said}” day and month can't be told apart; the line was left out."),
    "time": later("Line {line}: “{said}” is no time; the rest of the line is taken."),
    "scene": later("Line {line}: “{said}” is no scene; the rest of the line is taken."),
    "number": later("Line {line}: “{said}” is no day number; the rest of the line is taken."),
    "type": later("Line {line}: “{said}” is no type of day or session; the rest of the line is taken."),
    "person": later("Line {line}: nobody in the register is called “{said}”; add them there first."),
}
"""Why something of a plan was not taken; what else stands on its line is."""


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A session of the plan as a row. `about` is place, people and scenes in a few words."""

    id: str
    clock: str
    title: str
    about: str
    done: bool

    @property
    def label(self) -> str:
        return ", ".join(part for part in (self.clock, self.title, self.about) if part)


@dataclass(frozen=True, kw_only=True)
class PlanDay:
    """A day of the plan: its code, and what is planned."""

    code: str
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, kw_only=True)
class Here:
    """Somebody present: the name, and the answer for notes, sound and photo (yes, ask, no)."""

    id: str
    code: str
    words: str
    answers: tuple[str, ...]
    declined: bool
    minor: bool


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A plan that was read and not taken yet, in words."""

    name: str
    days: int
    sessions: int
    scenes: int
    places: int
    problems: tuple[str, ...]
    nothing_new: bool


def plan_row(one: Planned, place: str, words: Words) -> PlanRow:
    people = words.many("{n} person", "{n} people", len(one.people)) if one.people else ""
    scenes = words.many("{n} scene", "{n} scenes", len(one.scenes)) if one.scenes else ""
    kind = words(SESSION_TYPES.get(one.type, SESSION_TYPES["other"]))
    return PlanRow(
        id=one.id, clock=one.at, title=one.title or kind, done=one.done,
        about=" · ".join(part for part in (place, people, scenes) if part),
    )  # fmt: skip


def may_words(media: Collection[str], words: Words, against: Sequence[str] = (), medium: str = "") -> str:
    """What may be recorded, as on the badge: all, notes + photo, notes only, nothing.

    Where the session allows a `medium` and somebody present does not, it says who: `against` are their codes.
    """
    if against:
        who = " ".join([*against[:1], *([f"+{len(against) - 1}"] if len(against) > 1 else [])])
        return words("{who}: no {medium}", who=who, medium=words(MAY_RECORD[medium]))
    if not media:
        return words("nothing")
    if len(media) == len(MEDIA):
        return words("all")
    if tuple(media) == ("notes",):
        return words("notes only")
    return " + ".join(words(MAY_RECORD[medium]) for medium in MEDIA if medium in media)


MEDIA = ("notes", "audio", "photo")


def here(row: PersonRow, words: Words) -> Here:
    answers = tuple("no" if row.declined else row.scopes.get(medium, "ask") for medium in MEDIA)
    return Here(
        id=row.id, code=row.code, words=row.named(chinese=words.chinese), answers=answers, declined=row.declined,
        minor=row.minor,
    )  # fmt: skip


def place_words(doc: Mapping[str, Any] | None, words: Words) -> str:
    """A place's name in this script; its code where it has none."""
    place = StoredPlace.of(doc or {})
    names = (place.name_zh, place.name) if words.chinese else (place.name, place.name_zh)
    return next((name for name in names if name), place.code)


def problem_words(problem: Problem, words: Words) -> str:
    return words(WHY[problem.why], line=problem.line, said=problem.said)


def preview(name: str, found: Foreseen, words: Words) -> Preview:
    return Preview(
        name=name, days=found.days, sessions=found.sessions, scenes=found.scenes, places=found.places,
        problems=tuple(problem_words(problem, words) for problem in found.problems), nothing_new=not found.ops,
    )  # fmt: skip
