"""A store for practice: said on every screen, with the way to a study of one's own."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.device.actions import DeviceJourney
from fieldlog.ui.parts.basics import card, icon_target, page_column, strip, strip_action, tagged, text
from fieldlog.ui.parts.theme import BODY, LABEL, TITLE
from fieldlog.ui.window.state import Shell

ONE_S_OWN = "/welcome/own"


@ft.component
def PracticeStrip(journey: DeviceJourney, shell: Shell, now: bool) -> ft.Control:
    """That nothing is kept here; and, where one does not write, how to try that."""
    words, look = journey.words, shell.look
    if not journey.window.desk.machine.practice:
        return ft.Container(height=0)
    said = words("Practice month: nothing you write here is kept.")
    if not now:
        said = words("Practice month: nothing you write here is kept. To try writing, open Now and type.")
    action = strip_action(
        "practice-own", words("Start my own study"), look, lambda _: journey.window.go(ONE_S_OWN), calm=True
    )
    return strip("practice", said, look, action, calm=True)


@ft.component
def OwnStudy(journey: DeviceJourney, shell: Shell) -> ft.Control:
    """How one comes from the practice month to a study of one's own."""
    words, look = journey.words, shell.look
    home = journey.window.home
    back = icon_target(
        "own-back", ft.Icons.ARROW_BACK, words("Back"), lambda _: journey.window.go(home), color=look.words
    )
    steps = (
        words("Go to the terminal in which FieldLog was started, and press Ctrl+C there. Where you wrote "
              "something, it asks whether to keep it."),
        words("Type the command again without “demo”: fieldlog, or python3 build/run.py in a checkout."),
        words("Choose New study. A title is enough."),
    )  # fmt: skip
    lines = [
        ft.Row(
            [
                ft.Container(text(f"{n}", LABEL, look.primary), width=look.grown(16)),
                text(said, LABEL, look.words, expand=True, selectable=True),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for n, said in enumerate(steps, 1)
    ]
    kept = words("Your own notes are kept in {folder}.", folder=journey.window.desk.machine.practice)
    return page_column(
        ft.Row([back, text(words("Start my own study"), TITLE, look.words)], spacing=8),
        card(look, *lines, tagged("own-folder", text(kept, BODY, look.words, selectable=True), kept)),
        spacing=16,
    )
