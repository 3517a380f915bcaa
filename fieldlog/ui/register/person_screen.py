"""Register › a person: what they agreed to and how that came to be, and where they appear."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from fieldlog.model.called import (
    CONSENT_ACTIONS,
    CONSENT_ANSWERS,
    CONSENT_LETTERS,
    CONSENT_MODES,
    CONSENT_SCOPES,
    CONSENT_STATES,
)
from fieldlog.model.moment import parse
from fieldlog.services.register.consent import ScopeRow, Step
from fieldlog.services.register.people import PersonRow
from fieldlog.ui.parts.basics import (
    Wish,
    asks,
    button,
    card,
    chip,
    icon_target,
    page_column,
    row_target,
    text,
)
from fieldlog.ui.parts.theme import BODY, DAY_SMALL, LABEL, META, TITLE, Look
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.register.department_card import department_card
from fieldlog.ui.register.list_parts import answer_words
from fieldlog.ui.rows.drawn.tile import marked
from fieldlog.ui.rows.landing import use_row_in_sight
from fieldlog.ui.rows.views import StreamRow
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.times import date_words, moment_words
from fieldlog.ui.words.words import Words

CHOSEN_MODES = ("told", "oral-noted", "oral-recorded", "written")


@ft.component
def PersonPage(journey: RegisterJourney, shell: Shell, code: str) -> ft.Control:
    _, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    back: str = ft.use_memo(lambda: journey.rows.landing.entry, [])
    scrolling, _ = use_row_in_sight(journey.rows.landing, back)
    words, look, register = journey.words, shell.look, journey
    one = register.person(code)
    if one is None:
        return ft.Container(
            text(words("This person is not in the register any more."), BODY, look.meta), padding=24
        )
    number, notes = register.naming("people", one.id)
    parts = [_head(journey, shell, one)]
    parts += (
        [_unknown(journey, look, one)] if one.unknown else [_consent(journey, look, one, register.grid(one.id))]
    )
    if not one.unknown:
        parts.append(department_card(journey, look, one))
    parts += [_history(journey, look, register.history(one.id)), _notes(journey, look, one, number, notes, back)]
    page = page_column(*parts)
    scrolling.current = page
    return page


def _head(journey: RegisterJourney, shell: Shell, one: PersonRow) -> ft.Control:
    words, look, register = journey.words, shell.look, journey
    names = (one.pseudonym_zh, one.pseudonym) if words.chinese else (one.pseudonym, one.pseudonym_zh)
    shown = " ".join(dict.fromkeys(name for name in names if name))
    role = one.role_zh if words.chinese else one.role
    ink = look.meta if one.declined else look.words
    back = icon_target(
        "person-back",
        ft.Icons.ARROW_BACK,
        words("All people"),
        lambda _: journey.window.go("/register/people"),
        color=look.meta,
    )
    edit = icon_target(
        "person-edit", ft.Icons.EDIT_OUTLINED, words("Pseudonym and role"),
        lambda _: register.open("person-edit", one.id), color=look.meta,
    )  # fmt: skip
    told = " · ".join(part for part in (role, one.dept, words("under 18") if one.minor else "") if part)
    return ft.Row(
        [
            *([] if shell.laptop else [back]),
            ft.Column(
                [
                    text(one.code, DAY_SMALL, ink, struck=one.declined),
                    text(shown, TITLE, ink, struck=one.declined),
                    *([text(told, META, look.meta)] if told else []),
                ],
                spacing=2,
                expand=True,
            ),
            edit,
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _unknown(journey: RegisterJourney, look: Look, one: PersonRow) -> ft.Control:
    """Who is only described: nothing is agreed, and one day somebody says who it is."""
    words = journey.words
    said = words("Unidentified. Once you say who it is, every note about them is about that person.")
    join = button(
        "person-join", words("Who is it?"), look, lambda _: journey.open("join", one.id), filled=True,
        icon=ft.Icons.MERGE_OUTLINED,
    )  # fmt: skip
    return card(look, text(said, LABEL, look.words), ft.Row([join]))


def _consent(journey: RegisterJourney, look: Look, one: PersonRow, grid: Sequence[ScopeRow]) -> ft.Control:
    words, register = journey.words, journey
    minor = chip(
        "person-minor", words("Under 18"), look, asks(register.set_minor, one.id, not one.minor),
        chosen=one.minor, icon=ft.Icons.CHILD_CARE_OUTLINED,
    )  # fmt: skip
    modes = [*CHOSEN_MODES, *(["guardian"] if one.minor or one.mode.startswith("guardian") else [])]
    how = [
        chip(
            f"consent-mode-{mode}",
            words(CONSENT_MODES[mode]),
            look,
            asks(register.agreed_how, one.id, mode),
            chosen=one.mode.startswith(mode),
        )
        for mode in modes
    ]
    told = [text(_minor_words(words), LABEL, look.attention)] if one.minor else []
    return card(
        look,
        text(words("Consent: {state}", state=words(CONSENT_STATES.get(one.state, one.state))), LABEL, look.words),
        *(_scope(journey, look, one, row) for row in grid),
        text(words("How it was said:"), LABEL, look.meta),
        ft.Row([*how, minor], wrap=True, spacing=8, run_spacing=0),
        *told,
        title=words("What they agreed to"),
    )


def _minor_words(words: Words) -> str:
    return words("Sound and photos are blocked while they are in the session. No guardian's name is kept here.")


def _scope(journey: RegisterJourney, look: Look, one: PersonRow, row: ScopeRow) -> ft.Control:
    """A line of the grid: a letter, what it means, since when, and three answers."""
    words = journey.words
    named = f"{words(CONSENT_LETTERS[row.scope])} · {words(CONSENT_SCOPES[row.scope])}"
    since = words("since {date}", date=date_words(row.since, words)) if row.since else ""
    answers = [
        chip(
            f"consent-{row.scope}-{said}",
            words(CONSENT_ANSWERS[said]),
            look,
            _answers(journey, one.id, row.scope, said),
            chosen=row.answer == said,
            tag=_told(row.scope, said, words),
        )
        for said in ("yes", "ask", "no")
    ]
    return ft.Row(
        [
            ft.Column(
                [
                    text(named, LABEL, look.words),
                    text(since, META, look.meta),
                ],
                spacing=0,
                width=look.grown(118),
            ),
            ft.Row(answers, spacing=8, tight=True),
        ],
        spacing=8,
        run_spacing=0,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _answers(journey: RegisterJourney, person: str, scope: str, said: str) -> Wish:
    return asks(journey.answer, person, scope, said)


def _told(scope: str, said: str, words: Words) -> str:
    return answer_words(scope, said, words)


def _history(journey: RegisterJourney, look: Look, steps: Sequence[Step]) -> ft.Control:
    """Every step of the consent, the latest first."""
    words = journey.words
    if not steps:
        return card(look, text(words("No change since they came into the register."), LABEL, look.meta),
                    title=words("History of consent"))  # fmt: skip
    lines = [
        ft.Column(
            [
                text(_step_words(step, words), LABEL, look.words),
                *([text(f"“{step.words}”", LABEL, look.words, selectable=True)] if step.words else []),
                text(_when(journey, step), META, look.meta),
            ],
            spacing=0,
        )
        for step in steps
    ]
    return card(look, *lines, title=words("History of consent"))


def _step_words(step: Step, words: Words) -> str:
    changed = [
        f"{answer_words(scope, step.was.get(scope, 'ask'), words)} → {words(CONSENT_ANSWERS[said])}"
        for scope, said in step.scopes.items()
    ]
    how = [words(CONSENT_MODES[step.mode])] if step.mode in CONSENT_MODES else []
    said = [words(CONSENT_ACTIONS.get(step.action, step.action)), *changed, *how, step.channel]
    return " · ".join(part for part in said if part)


def _when(journey: RegisterJourney, step: Step) -> str:
    return moment_words(parse(step.at), journey.window.zone, journey.words)


def _notes(
    journey: RegisterJourney, look: Look, one: PersonRow, number: int, notes: Sequence[StreamRow], back: str
) -> ft.Control:
    """The latest entries they appear in, and the way to all of them. `back` is the one that was come back from."""
    words = journey.words
    said = words.many("Appears in {n} entry.", "Appears in {n} entries.", number)
    rows = [
        row_target(
            f"person-entry-{place}",
            ft.Row(
                [
                    text(f"{date_words(row.date, words)} {row.clock}", META, look.meta),
                    text(row.text, LABEL, look.words, lines=1, expand=True),
                ],
                spacing=8,
            ),
            look,
            _opens(journey, row.id),
            height=48,
            label=row.text,
            chosen=row.id == back,
        )
        for place, row in enumerate(notes)
    ]
    rows = [marked(shown, row.id) if row.id == back else shown for shown, row in zip(rows, notes, strict=True)]
    if number > len(notes):
        everything = words.many("Show {n} entry", "Show all {n} entries", number)
        way = f"/register/people/{one.code}/entries"
        rows.append(
            ft.Row([button("person-entries", everything, look, lambda _: journey.window.go(way))], wrap=True)
        )
    return card(look, text(said, LABEL, look.words), *rows, title=words("Where they appear"))


def _opens(journey: RegisterJourney, entry: str) -> Wish:
    return lambda _: journey.rows.open(entry)
