"""What alone is shown of the month: a person, a department, a kind of session, a place."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.model.called import DEPARTMENTS, SESSION_TYPES
from fieldlog.model.records import StoredPlace
from fieldlog.services.register.people import people
from fieldlog.services.register.places_scenes_codes import place_called
from fieldlog.ui.parts.basics import button, chip, sheet_head, text
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import HEAD
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.state import MonthShown
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import later

Choices = list[tuple[str, str]]


def persons(journey: ReviewJourney) -> Choices:
    """Ids and names of everybody of the register of whom may be written."""
    chinese = journey.words.chinese
    return [(one.id, one.named(chinese=chinese)) for one in people(journey.work) if not one.declined]


def departments(journey: ReviewJourney) -> Choices:
    groups = {one.group for one in people(journey.work)}
    return [(name, journey.words(said)) for name, said in DEPARTMENTS.items() if name in groups]


def kinds(journey: ReviewJourney) -> Choices:
    return [(name, journey.words(said)) for name, said in SESSION_TYPES.items()]


def places(journey: ReviewJourney) -> Choices:
    state = journey.work.store.state
    real = [one for one in state.each(StoredPlace) if state.real(one.id) == one.id]
    return [(one.id, journey.words(place_called(one))) for one in sorted(real, key=lambda one: one.code)]


PARTS: tuple[tuple[str, str, Callable[[ReviewJourney], Choices]], ...] = (
    ("kind", later("Kind of session"), kinds),
    ("group", later("Department"), departments),
    ("place", later("Place"), places),
    ("person", later("Person"), persons),
)


def kept_words(journey: ReviewJourney) -> str:
    """What alone is shown, in words; "" for everything."""
    said = [
        dict(choices(journey)).get(wanted, "") or wanted
        for name, _, choices in PARTS if (wanted := getattr(journey.shown, name))
    ]  # fmt: skip
    return " · ".join(said)


@ft.component
def FilterSheet(journey: ReviewJourney, shell: Shell, shown: MonthShown) -> ft.Control:
    """A tap on a choice shows only that, another on it all again."""
    look, words = shell.look, journey.words
    inside: list[ft.Control] = [
        sheet_head(words("Show only"), words("Close"), look, lambda _: journey.window.close_sheet())
    ]
    for name, said, choices in PARTS:
        offered = choices(journey)
        if offered:
            chips = [
                chip(f"keep-{name}-{value}", one, look, _keeps(journey, name, value),
                     chosen=getattr(shown, name) == value)
                for value, one in offered
            ]  # fmt: skip
            inside += [text(words(said), HEAD, look.words), wrapped(chips)]
    inside.append(
        button(
            "keep-all", words("Show everything"), look, lambda _: _all(journey), enabled=bool(kept_words(journey))
        )
    )
    return sheet_column(*inside)


def _keeps(journey: ReviewJourney, name: str, value: str) -> Callable[[ft.ControlEvent], None]:
    return lambda _: journey.keep(**{name: value})


def _all(journey: ReviewJourney) -> None:
    journey.keep_everything()
    journey.window.close_sheet()
