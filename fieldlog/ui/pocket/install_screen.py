"""Before a study is begun in a tab on a phone: put FieldLog on the home screen, and why."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import button, card, icon_target, page_column, text
from fieldlog.ui.parts.theme import BODY, LABEL, TITLE
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.pocket.installed_cards import home_words, install_button, offline_words
from fieldlog.ui.pocket.state import Carried
from fieldlog.ui.window.state import Shell


@ft.component
def Install(journey: PocketJourney, shell: Shell) -> ft.Control:
    return _Install(journey, shell, journey.installed.carried)


@ft.component
def _Install(journey: PocketJourney, shell: Shell, carried: Carried) -> ft.Control:
    words, look = journey.words, shell.look
    back = icon_target(
        "install-back",
        ft.Icons.ARROW_BACK,
        words("Back"),
        lambda _: journey.window.go("/welcome"),
        color=look.words,
    )
    why = words(
        "A page in a browser is cleared when the phone runs out of space, or is not opened for a while. On the "
        "home screen what you write stays, and FieldLog opens without a network."
    )
    begun = words("Begin your study there: a tab and the home screen may keep their notes apart.")
    steps: list[ft.Control] = [text(home_words(journey, carried), BODY, look.words)]
    if not carried.apple:  # its home screen fetches everything for itself
        steps += [text(one, LABEL, look.meta) for one in offline_words(journey, carried)]
    if carried.offers:
        steps.append(ft.Row([install_button(journey, shell, filled=True)]))
    here = button(
        "install-later", words("Begin in this tab"), look, lambda _: journey.window.go(journey.installed.then)
    )
    return page_column(
        ft.Row([back, text(words("First, the home screen"), TITLE, look.words, expand=True)], spacing=8),
        card(look, text(why, BODY, look.words), *steps, text(begun, LABEL, look.meta)),
        ft.Row([here]),
        spacing=16,
    )
