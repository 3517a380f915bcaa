"""Above the month: the ways to draw it, what alone is shown, and the way out as a file."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.ui.parts.basics import chip, icon_target
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.month.filter_sheet import kept_words
from fieldlog.ui.review.state import CALENDAR, PEOPLE, ROWS, SCORE
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import later

VIEWS = ((CALENDAR, later("Calendar")), (ROWS, later("List")), (SCORE, later("Score")), (PEOPLE, later("People")))
MARGIN = 16


def view_chips(journey: ReviewJourney, shell: Shell, view: str) -> ft.Control:
    """On a laptop the score has people beside it, so there they are no view of their own."""
    look, words = shell.look, journey.words
    offered = [one for one in VIEWS if not (shell.laptop and one[0] == PEOPLE)]
    chips: list[ft.Control] = [
        chip(f"month-{name}", words(said), look, _chooses(journey, name), chosen=view == name)
        for name, said in offered
    ]
    targets = [
        _opens(journey, look, "filter", ft.Icons.FILTER_LIST, words("Show only")),
        _opens(journey, look, "save", ft.Icons.SAVE_ALT, words("Save as a file")),
    ]
    rail = ft.Row(
        [ft.Row(chips, spacing=4, run_spacing=0, wrap=True, expand=True), *targets],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    inside: list[ft.Control] = [rail]
    if kept := kept_words(journey):
        said = words("Shown: {what}", what=kept)
        again = chip(
            "month-everything", said, look, lambda _: journey.keep_everything(), chosen=True,
            icon=ft.Icons.CLOSE, tag=f"{said}. {words('Show everything')}",
        )  # fmt: skip
        inside.append(ft.Row([again], scroll=ft.ScrollMode.HIDDEN))
    return ft.Container(
        ft.Column(inside, spacing=0, tight=True),
        padding=ft.Padding.only(left=MARGIN, right=0 if shell.phone else 8),
    )


def _opens(journey: ReviewJourney, look: Look, name: str, icon: ft.IconData, label: str) -> ft.Control:
    def ask(_: ft.ControlEvent) -> None:
        journey.window.open_sheet(f"month-{name}")

    return icon_target(f"month-{name}", icon, label, ask, size=look.target, color=look.meta)


def _chooses(journey: ReviewJourney, name: str) -> Callable[[ft.ControlEvent], None]:
    """Choose a view; where a day is read beside the month, leave it for one that needs the width."""

    def choose(_: ft.ControlEvent) -> None:
        journey.shown.view = name
        journey.window.go("/days")

    return choose
