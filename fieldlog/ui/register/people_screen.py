"""Register › People: who is here under which name, what they do, and what they agreed to."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.model.called import CONSENT_ANSWERS, CONSENT_STATES, Called
from fieldlog.services.register.people import PersonRow
from fieldlog.ui.parts.basics import asks, button, chip, keyed, memo, row_target, text
from fieldlog.ui.parts.theme import DAY_SMALL, HEAD, META, Look
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.register.list_parts import (
    SHOWN,
    listed,
    scope_marks,
    scope_words,
    search,
    tabs,
)
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.words import later

FILTERS: tuple[tuple[str, str | Called], ...] = (
    ("present", later("in this session")),
    ("ask", CONSENT_ANSWERS["ask"]),
    ("declined", later("declined or withdrawn")),
)


@ft.component
def People(journey: RegisterJourney, shell: Shell) -> ft.Control:
    _, tell = ft.use_state(0)
    typed, type_ = ft.use_state("")
    only, filter_ = ft.use_state("")
    count, show = ft.use_state(SHOWN)
    use_changes(journey.window, tell)
    words, look, register = journey.words, shell.look, journey
    found = _filtered(register.people(typed), only, register.present() if only == "present" else set())
    rows: list[ft.Control] = [keyed(_Person, one.id, one, look, journey, shell.language) for one in found[:count]]
    if len(found) > count:
        more = words.many("{n} more", "{n} more", len(found) - count)
        rows.append(ft.Row([button("people-more", more, look, lambda _: show(count + SHOWN))]))
    nothing = words("Nobody yet. A pseudonym and a role are enough; no real name belongs here.")
    if typed or only:
        nothing = words("Nobody like that.")
    return listed(
        shell, [tabs(journey, look, "people"), _head(journey, shell, type_, only, filter_)], rows, nothing
    )


def _head(
    journey: RegisterJourney, shell: Shell, type_: Callable[[str], None], only: str, filter_: Callable[[str], None]
) -> ft.Control:
    words, look, register = journey.words, shell.look, journey
    add = button(
        "people-add", words("Add a person"), look, lambda _: register.open("person"), filled=True,
        icon=ft.Icons.PERSON_ADD_OUTLINED,
    )  # fmt: skip
    described = button(
        "people-unknown", words("Unidentified person"), look, lambda _: register.open("unknown"),
        icon=ft.Icons.PERSON_SEARCH_OUTLINED,
    )  # fmt: skip
    listed_ = button(
        "people-import", words("Crew list"), look, asks(register.pick_crew), icon=ft.Icons.UPLOAD_FILE_OUTLINED
    )
    filters = [
        chip(
            f"people-only-{name}",
            words(said),
            look,
            lambda _, name=name: filter_("" if only == name else name),
            chosen=only == name,
        )
        for name, said in FILTERS
    ]
    return ft.Column(
        [
            ft.Row([add, described, listed_], wrap=True, spacing=8, run_spacing=8),
            search("people-search", words, look, type_),
            ft.Row(filters, wrap=True, spacing=8, run_spacing=0),
        ],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _filtered(found: list[PersonRow], only: str, present: set[str]) -> list[PersonRow]:
    if only == "present":
        return [one for one in found if one.id in present]
    if only == "ask":
        return [one for one in found if not one.declined and one.scopes["notes"] == "ask"]
    return [one for one in found if one.declined] if only == "declined" else found


@ft.component
def _person(one: PersonRow, look: Look, journey: RegisterJourney, language: str) -> ft.Control:
    words = journey.words
    names = (one.pseudonym_zh, one.pseudonym) if words.chinese else (one.pseudonym, one.pseudonym_zh)
    shown = " ".join(dict.fromkeys(name for name in names if name))
    ink = look.meta if one.declined else look.words
    role = one.role_zh if words.chinese else one.role
    more = [role or one.dept, words("under 18") if one.minor else "", words("unidentified") if one.unknown else ""]
    inside = ft.Row(
        [
            ft.Container(text(one.code, DAY_SMALL, ink, struck=one.declined), width=look.grown(60)),
            ft.Column(
                [
                    text(shown, HEAD, ink, lines=1, struck=one.declined),
                    text(" · ".join(part for part in more if part), META, look.meta, lines=1),
                ],
                spacing=0,
                expand=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            scope_marks(one.scopes, words, look, ink),
        ],
        spacing=8,
    )
    said = f"{one.code}, {shown}. {scope_words(one.scopes, words)}"
    if one.declined:
        said = f"{said}. {words(CONSENT_STATES[one.state])}"
    return row_target(
        f"person-{one.code}",
        inside,
        look,
        lambda _: journey.window.go(f"/register/people/{one.code}"),
        height=64,
        label=said,
    )


_Person = memo(_person)
