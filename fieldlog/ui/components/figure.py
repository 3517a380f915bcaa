"""A figure: a number people live by, with its unit, of what, and whether it was shown or said."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import asks, button, chip, field, sheet_head, text
from fieldlog.ui.components.choosing import done, sheet_column, wrapped
from fieldlog.ui.picking import UNITS
from fieldlog.ui.state import Shell
from fieldlog.ui.theme import LABEL, META
from fieldlog.ui.views import figure_words
from fieldlog.ui.window import Window

EMPTY: dict[str, str] = {}
PARTS = ("name", "value", "unit", "of", "mode", "by")


@ft.component
def FigureSheet(window: Window, shell: Shell) -> ft.Control:
    words, look = window.words, shell.look
    said, say = ft.use_state(EMPTY)

    def tell(part: str, value: str) -> None:
        say(lambda before: {**before, part: value})

    async def choose(part: str, value: str) -> None:
        say(lambda before: {**before, part: "" if before.get(part) == value else value})

    async def spoken(who: str) -> None:
        say(lambda before: {**before, "mode": "said", "by": "" if before.get("by") == who else who})

    async def keep(_: ft.ControlEvent) -> None:
        figure = {part: said[part].strip() for part in PARTS if said.get(part, "").strip()}
        if figure.get("name") and figure.get("value"):
            await window.compose.figure(figure, figure_words(figure, words))

    def chips(part: str, names: list[str]) -> ft.Control:
        return wrapped(
            [
                chip(f"figure-{part}-{name}", name, look, asks(choose, part, name), chosen=said.get(part) == name)
                for name in names
            ]
        )

    modes = [
        chip(
            "figure-shown", words("shown"), look, asks(choose, "mode", "shown"), chosen=said.get("mode") == "shown"
        ),
        chip("figure-said", words("said"), look, asks(choose, "mode", "said"), chosen=said.get("mode") == "said"),
    ]
    people = [
        chip(f"figure-by-{code}", code, look, asks(spoken, code), chosen=said.get("by") == code)
        for code in [one.words.split()[0] for one in window.pick.present()]
    ]
    ready = bool(said.get("name", "").strip() and said.get("value", "").strip())
    return sheet_column(
        sheet_head(words("Figure"), words("Close"), look, done(window)),
        chips("name", window.pick.figures()),
        ft.Row(
            [
                ft.Container(
                    field(
                        "figure-value",
                        words("Value"),
                        look,
                        autofocus=True,
                        keyboard=ft.KeyboardType.NUMBER,
                        on_change=lambda value: tell("value", value),
                        on_submit=keep,
                    ),
                    expand=2,
                ),
                ft.Container(
                    field("figure-name", words("Called"), look, on_change=lambda value: tell("name", value)),
                    expand=3,
                ),
            ],
            spacing=8,
        ),
        chips("unit", list(UNITS)),
        field("figure-of", words("Of what, at which point"), look, on_change=lambda value: tell("of", value)),
        wrapped([*modes, *people]),
        text(figure_words(said, words), LABEL if ready else META, look.words if ready else look.meta),
        button("figure-keep", words("Keep"), look, keep, filled=True, enabled=ready),
    )
