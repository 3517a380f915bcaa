"""Register › People: who is here under which name, what they do, and what they agreed to."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.services.people import PersonRow
from fieldlog.ui.components.basics import button, chip, field, keyed, memo, row_target, sheet_head, text
from fieldlog.ui.state import Shell
from fieldlog.ui.theme import BODY, DAY_SMALL, HEAD, LABEL, META, TITLE, Look
from fieldlog.ui.window import Window, use_changes
from fieldlog.ui.words import later

LETTERS = (("notes", "N"), ("quote", "Q"), ("audio", "A"), ("photo", "P"), ("share", "S"))
MARKS = {"yes": ft.Icons.CIRCLE, "ask": ft.Icons.CIRCLE_OUTLINED, "no": ft.Icons.CLOSE}
SCOPES = {
    "notes": later("notes"),
    "quote": later("quotes"),
    "audio": later("sound"),
    "photo": later("photos"),
    "share": later("sharing"),
}
SAID = {"yes": later("yes"), "ask": later("to ask"), "no": later("no")}
ANSWERS = (
    ("not-asked", later("Not asked")),
    ("told", later("Told")),
    ("by-word", later("Agreed by word")),
    ("in-writing", later("Agreed in writing")),
    ("declined", later("Declined")),
)
ROLES = (
    later("Producer"),
    later("Director"),
    later("Writer"),
    later("Cinematography"),
    later("Sound"),
    later("Lighting"),
    later("Actor"),
    later("Editor"),
    later("Production"),
    later("Data"),
)


@ft.component
def People(window: Window, shell: Shell) -> ft.Control:
    _, tell = ft.use_state(0)
    use_changes(window, tell)
    words, look = window.words, shell.look
    found = window.reader.people()
    rows: list[ft.Control] = [keyed(_Person, one.id, one, look, window, shell.language) for one in found]
    if not rows:
        none = words("Nobody yet. A pseudonym and a role are enough; no real name belongs here.")
        rows = [ft.Container(text(none, BODY, look.meta), padding=24)]
    add = button(
        "people-add",
        words("Add a person"),
        look,
        lambda _: window.open_sheet("person"),
        filled=True,
        icon=ft.Icons.PERSON_ADD_OUTLINED,
    )
    head = ft.Row([text(words("People"), TITLE, look.words, expand=True), add])
    column = ft.Column(
        [ft.Container(head, padding=16), ft.ListView(rows, expand=True)],
        spacing=0,
        expand=True,
    )
    return ft.Row(
        [ft.Container(column, width=None if shell.phone else 720, expand=shell.phone)],
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )


@ft.component
def _person(one: PersonRow, look: Look, window: Window, language: str) -> ft.Control:
    words = window.words
    names = (one.pseudonym_zh, one.pseudonym) if words.chinese else (one.pseudonym, one.pseudonym_zh)
    shown = " ".join(name for name in names if name)
    gone = one.state in ("declined", "withdrawn")
    ink = look.meta if gone else look.words
    name = text(shown, HEAD, ink, lines=1, struck=gone)
    scopes = ft.Row(
        [
            ft.Column(
                [text(letter, META, look.meta), ft.Icon(MARKS[one.scopes[scope]], size=12, color=ink)],
                spacing=2,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
            for scope, letter in LETTERS
        ],
        spacing=8,
        tight=True,
    )
    inside = ft.Row(
        [
            ft.Container(text(one.code, DAY_SMALL, ink), width=look.grown(60)),
            ft.Column(
                [name, text(one.role_zh if words.chinese else one.role, META, look.meta, lines=1)],
                spacing=0,
                expand=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            scopes,
        ],
        spacing=8,
    )
    said = ", ".join(f"{words(SCOPES[scope])}: {words(SAID[one.scopes[scope]])}" for scope, _ in LETTERS)
    return row_target(f"person-{one.code}", inside, look, None, height=64, label=f"{one.code}, {shown}. {said}")


_Person = memo(_person)


@ft.component
def PersonSheet(window: Window, shell: Shell) -> ft.Control:
    """Quick add: a role, a pseudonym that is proposed, an answer; the number is given by itself."""
    words, look = window.words, shell.look
    role, choose_role = ft.use_state("")
    answer, choose = ft.use_state("not-asked")
    problem, set_problem = ft.use_state("")
    names = ft.use_memo(lambda: list(window.host.proposed_pseudonym()), [])

    def typed(place: int) -> Callable[[str], None]:
        def keep(value: str) -> None:
            names[place] = value

        return keep

    async def add(_: ft.ControlEvent) -> None:
        set_problem(await window.host.add_person(names[0], names[1], role, answer))

    roles = [
        chip(
            f"person-role-{place}",
            words(one),
            look,
            lambda _, one=one: choose_role(words(one)),
            chosen=role == words(one),
        )
        for place, one in enumerate(ROLES)
    ]
    answers = [
        chip(f"person-answer-{name}", words(said), look, lambda _, name=name: choose(name), chosen=answer == name)
        for name, said in ANSWERS
    ]
    return ft.Column(
        [
            sheet_head(words("Who is it?"), words("Close"), look, lambda _: window.close_sheet()),
            ft.Row(roles, wrap=True, spacing=8, run_spacing=0),
            ft.Row(
                [
                    ft.Container(
                        field(
                            "person-name",
                            words("Pseudonym"),
                            look,
                            value=names[0],
                            on_change=typed(0),
                            error=problem or None,
                        ),
                        expand=True,
                    ),
                    ft.Container(
                        field("person-name-zh", words("In Chinese"), look, value=names[1], on_change=typed(1)),
                        expand=True,
                    ),
                ],
                spacing=8,
            ),
            text(words("Was asked to take part:"), LABEL, look.meta),
            ft.Row(answers, wrap=True, spacing=8, run_spacing=0),
            ft.Row([button("person-done", words("Add"), look, add, filled=True)]),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
