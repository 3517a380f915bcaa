"""What the lists of the register share: their tabs, their search field, and the marks of a consent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import flet as ft

from fieldlog.model.called import CONSENT_ANSWERS, CONSENT_LETTERS, CONSENT_SCOPES
from fieldlog.ui.parts.basics import Wish, chip, field, icon_target, text
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

MARK = 20
"""How wide the column of one scope is."""

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


def listed(
    shell: Shell, head: Sequence[ft.Control], rows: Sequence[ft.Control], nothing: str, *, pane: bool = False
) -> ft.Control:
    """A list under its head, or one sentence where there is nothing; as wide as one reads, or as its pane.

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
    whole = shell.phone or pane
    return ft.Row(
        [ft.Container(column, width=None if whole else 720, expand=whole)],
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )


def search(
    identifier: str,
    words: Words,
    look: Look,
    on_change: Callable[[str], None],
    *beside: ft.Control,
    value: str = "",
) -> ft.Control:
    """The one field over a list, and what stands beside it."""
    typed = ft.Container(field(identifier, words("Find"), look, value=value, on_change=on_change), expand=True)
    return ft.Row([typed, *beside], spacing=8)


def plus(identifier: str, said: str, look: Look, wish: Wish) -> ft.Control:
    """The one filled button of a list: adds to it."""
    return icon_target(
        identifier, ft.Icons.ADD, said, wish, size=look.target, color=look.fill_ink, bgcolor=look.fill,
        border=look.fill_border,
    )  # fmt: skip


def scope_letters(words: Words, look: Look) -> ft.Control:
    """N Q S P Sh, once over a list: each stands over its marks."""
    letters = [text(words(letter), META, look.meta, lines=1) for letter in CONSENT_LETTERS.values()]
    return ft.Row([_mark(letter, look) for letter in letters], spacing=0, tight=True)


def scope_marks(scopes: Mapping[str, str], look: Look, ink: str, words: Words | None = None) -> ft.Control:
    """A mark for each answer, under its letter. What it means is in the label of what it stands on.

    With `words` each letter stands beside its mark: for letters so large that there is no room at the right.
    """
    icons = {scope: ft.Icon(MARKS[scopes[scope]], size=12, color=ink) for scope in CONSENT_LETTERS}
    if words is None:
        return ft.Row([_mark(icon, look) for icon in icons.values()], spacing=0, tight=True)
    pairs = [
        ft.Row([text(words(CONSENT_LETTERS[scope]), META, look.meta, lines=1), icon], spacing=2, tight=True)
        for scope, icon in icons.items()
    ]
    return ft.Row([*pairs], spacing=12, tight=True)


def _mark(inside: ft.Control, look: Look) -> ft.Control:
    return ft.Container(inside, width=look.grown(MARK), alignment=ft.Alignment.CENTER)


def scope_words(scopes: Mapping[str, str], words: Words) -> str:
    """What the marks mean: "notes: yes, quotes: to ask"."""
    return ", ".join(answer_words(scope, scopes[scope], words) for scope in CONSENT_LETTERS)


def answer_words(scope: str, answer: str, words: Words) -> str:
    """What was answered for one scope: "quotes: to ask"."""
    return f"{words(CONSENT_SCOPES[scope])}: {words(CONSENT_ANSWERS[answer])}"
