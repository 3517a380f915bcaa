"""A figure: a number people live by, with its unit, of what, and whether it was shown or said."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.model.called import KINDS
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, chip, sheet_head, text
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import LABEL, META
from fieldlog.ui.register.choices import UNITS
from fieldlog.ui.rows.views import figure_words
from fieldlog.ui.take.actions import TakeJourney
from fieldlog.ui.window.state import Shell

PARTS = ("name", "value", "unit", "of", "mode", "by")
EMPTY: dict[str, str] = dict.fromkeys(PARTS, "")


@ft.component
def FigureSheet(journey: TakeJourney, shell: Shell) -> ft.Control:
    words, look = journey.words, shell.look
    half = use_half(journey.window, "figure/new", EMPTY)
    _, draw = ft.use_state(0)
    said = {part: half[part] for part in PARTS}

    # The same function each time: what it is given to is not drawn anew for it.
    typed: Callable[[], None] = ft.use_memo(lambda: lambda: draw(lambda n: n + 1), [])

    async def choose(part: str, value: str) -> None:
        half.say(part, "" if half[part] == value else value)
        typed()

    async def spoken(who: str) -> None:
        half.say("mode", "said")
        await choose("by", who)

    async def keep(_: ft.ControlEvent) -> None:
        figure = {part: half[part].strip() for part in PARTS if half[part].strip()}
        if (
            figure.get("name")
            and figure.get("value")
            and await journey.figure(figure, figure_words(figure, words))
        ):
            half.let_go()

    submit = ft.use_memo(lambda: keep, [])

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
        for code in [one.words.split()[0] for one in journey.register.choices.present()]
    ]
    ready = bool(said.get("name", "").strip() and said.get("value", "").strip())
    return sheet_column(
        sheet_head(words(KINDS["figure"]), words("Close"), look, asks(journey.field.done)),
        chips("name", journey.register.choices.figures()),
        ft.Row(
            [
                ft.Container(
                    kept_field(
                        "figure-value",
                        words("Value"),
                        look,
                        half,
                        "value",
                        typed=typed,
                        autofocus=True,
                        keyboard=ft.KeyboardType.NUMBER,
                        on_submit=submit,
                    ),
                    expand=2,
                ),
                ft.Container(kept_field("figure-name", words("Name"), look, half, "name", typed=typed), expand=3),
            ],
            spacing=8,
        ),
        chips("unit", list(UNITS)),
        kept_field("figure-of", words("Of what, at which point"), look, half, "of", typed=typed),
        wrapped([*modes, *people]),
        text(figure_words(said, words), LABEL if ready else META, look.words if ready else look.meta),
        button("figure-keep", words("Save"), look, keep, filled=True, enabled=ready),
    )
