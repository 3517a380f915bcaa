"""The scene pad: keys for the slate's number, its neighbours, and the takes of the scene."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.model.called import TAKE_RESULTS
from fieldlog.model.register import scene_code
from fieldlog.ui.field.state import Field
from fieldlog.ui.parts.basics import asks, chip, icon_target, sheet_head, tagged, text
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import CAPTURE, DAY, LABEL, META, TITLE
from fieldlog.ui.take.actions import TakeJourney
from fieldlog.ui.window.state import Shell

SHOWN_TAKES = 6


@ft.component
def SceneSheet(journey: TakeJourney, shell: Shell, said: Field) -> ft.Control:
    """What is typed is the scene at once: 342 is 34-2."""
    words, look = journey.words, shell.look
    digits, type_ = ft.use_state("")
    scene = said.chips.scene or ""

    def press(key: str) -> None:
        now = digits[:-1] if key == "⌫" else digits + key
        type_(now)
        journey.scene(scene_code(now))

    async def beside(step: int) -> None:
        if code := journey.slate.neighbour(scene, step):
            type_("")
            journey.scene(code)

    keys = ft.Column(
        [
            ft.Row(
                [_key(journey, shell, key, press) for key in row], spacing=8, alignment=ft.MainAxisAlignment.CENTER
            )
            for row in ("123", "456", "789", "-0⌫")
        ],
        spacing=8,
    )
    head = ft.Row(
        [
            icon_target(
                "scene-before",
                ft.Icons.CHEVRON_LEFT,
                words("The scene before"),
                asks(beside, -1),
                size=CAPTURE,
                color=look.words,
                border=look.hairline,
            ),
            tagged(
                "scene-now",
                ft.Container(text(scene or "–", DAY, look.words), alignment=ft.Alignment.CENTER),
                words("Scene {scene}", scene=scene or "–"),
                expand=True,
            ),
            icon_target(
                "scene-after",
                ft.Icons.CHEVRON_RIGHT,
                words("The scene after"),
                asks(beside, 1),
                size=CAPTURE,
                color=look.words,
                border=look.hairline,
            ),
        ]
    )
    results = (
        [
            chip(f"scene-take-{name}", f"{words('next take')} · {words(label)}", look, asks(journey.take, name))
            for name, label in TAKE_RESULTS.items()
            if name != "false-start"
        ]
        if scene
        else []
    )
    takes = journey.slate.takes(scene)[-SHOWN_TAKES:] if scene else []
    told = " · ".join(
        f"{one['take']} {words(TAKE_RESULTS.get(one.get('result') or '', ''))}".strip() for one in takes
    )
    return sheet_column(
        sheet_head(words("Scene"), words("Close"), look, asks(journey.field.done)),
        head,
        keys,
        wrapped(results),
        text(
            words("Takes: {takes}", takes=told) if told else words("No take yet."),
            LABEL if told else META,
            look.meta,
        ),
    )


def _key(journey: TakeJourney, shell: Shell, key: str, press: Callable[[str], None]) -> ft.Control:
    look = shell.look
    shown = (
        ft.Icon(ft.Icons.BACKSPACE_OUTLINED, size=24, color=look.words)
        if key == "⌫"
        else text(key, TITLE, look.words)
    )
    face = ft.Container(
        shown,
        width=88,
        height=CAPTURE,
        border_radius=12,
        bgcolor=look.low,
        border=ft.Border.all(1, look.hairline),
        alignment=ft.Alignment.CENTER,
        on_click=lambda _: press(key),
    )
    name = {"⌫": "back", "-": "dash"}.get(key, key)
    return tagged(f"scene-key-{name}", face, journey.words("Delete the last") if key == "⌫" else key, button=True)
