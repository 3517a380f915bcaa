"""This device: language, look, where things lie, and the studies here."""

from __future__ import annotations

import flet as ft

from fieldlog import __version__
from fieldlog.ui.components.basics import asks, button, card, chip, page_column, text
from fieldlog.ui.screens.welcome import Languages, Studies
from fieldlog.ui.state import Shell
from fieldlog.ui.theme import BODY, LABEL, META, TITLE
from fieldlog.ui.window import Window
from fieldlog.ui.words import later

LOOK_NAMES = (("day", later("Daylight")), ("night", later("Night")))


@ft.component
def Device(window: Window, shell: Shell) -> ft.Control:
    words, look = window.words, shell.look
    looks = [
        chip(
            f"look-{name}",
            words(said),
            look,
            asks(window.dress, name),
            chosen=shell.look_name == name,
        )
        for name, said in LOOK_NAMES
    ]
    return page_column(
        text(words("This device"), TITLE, look.words),
        card(look, Languages(window, shell), title=words("Language")),
        card(look, ft.Row(looks, spacing=8), title=words("Look")),
        card(
            look,
            text(shell.study, BODY, look.words),
            text(
                words("Everything is kept on this device, in {folder}.", folder=window.data_folder),
                LABEL,
                look.meta,
                selectable=True,
            ),
            ft.Row([button("device-new", words("Another study"), look, lambda _: window.go("/welcome"))]),
            *Studies(window, shell),
            title=words("Study"),
        ),
        text(f"FieldLog {__version__}", META, look.meta),
    )
