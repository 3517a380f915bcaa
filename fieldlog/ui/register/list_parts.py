"""What the lists of the register share: their tabs, their search field, and the marks of a consent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import flet as ft

from fieldlog.model.called import CONSENT_ANSWERS, CONSENT_LETTERS, CONSENT_SCOPES
from fieldlog.ui.parts.basics import chip, field, text
from fieldlog.ui.parts.theme import BODY, META, Look
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import Words, later

TABS = (
    ("people", later("People")),
    ("places", later("Places")),
    ("scenes", later("Scenes")),
    ("codes", later("Codes")),
)
LARGE = 1.4
"""From this size of letters on the head of a list scrolls with it."""

SHOWN = 60
"""So many rows at first, and so many more each time more are asked for."""

MARKS = {"yes": ft.Icons.CIRCLE, "ask": ft.Icons.CIRCLE_OUTLINED, "no": ft.Icons.CLOSE}


def tabs(journey: RegisterJourney, look: Look, here: str) -> ft.Control:
    """People, places, scenes, codes: what the register is made of."""
    chips = [
        chip(f"register-{name}", journey.words(said), look, _goes(journey, name), chosen=name == here)
        for name, said in TABS
    ]
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=0)


def _goes(journey: RegisterJourney, name: str) -> Callable[[object], None]:
    return lambda _: journey.window.go(f"/register/{name}")


def listed(shell: Shell, head: Sequence[ft.Control], rows: Sequence[ft.Control], nothing: str) -> ft.Control:
    """A list under its head, or one sentence where there is nothing; as wide as one reads.

    Where the system shows letters so large that the head would leave no room, it scrolls with the list.
    """
    look = shell.look
    inside = rows or [ft.Container(text(nothing, BODY, look.meta), padding=24)]
    top = ft.Container(
        ft.Column(list(head), spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.only(left=16, right=16, top=8, bottom=4),
    )
    if look.scale > LARGE:
        column: ft.Control = ft.ListView([top, *inside], expand=True)
    else:
        column = ft.Column([top, ft.ListView(list(inside), expand=True)], spacing=0, expand=True)
    return ft.Row(
        [ft.Container(column, width=None if shell.phone else 720, expand=shell.phone)],
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )


def search(identifier: str, words: Words, look: Look, on_change: Callable[[str], None]) -> ft.Control:
    """The one field over a list."""
    return field(identifier, words("Find"), look, on_change=on_change)


def scope_marks(scopes: Mapping[str, str], words: Words, look: Look, ink: str) -> ft.Control:
    """N Q S P Sh, each with its mark. What it means is in the label of what it stands on."""
    columns: list[ft.Control] = [
        ft.Column(
            [text(words(letter), META, look.meta), ft.Icon(MARKS[scopes[scope]], size=12, color=ink)],
            spacing=2,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        for scope, letter in CONSENT_LETTERS.items()
    ]
    return ft.Row(columns, spacing=8, tight=True)


def scope_words(scopes: Mapping[str, str], words: Words) -> str:
    """What the marks mean: "notes: yes, quotes: to ask"."""
    return ", ".join(answer_words(scope, scopes[scope], words) for scope in CONSENT_LETTERS)


def answer_words(scope: str, answer: str, words: Words) -> str:
    """What was answered for one scope: "quotes: to ask"."""
    return f"{words(CONSENT_SCOPES[scope])}: {words(CONSENT_ANSWERS[answer])}"
