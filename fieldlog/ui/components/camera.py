"""The camera over the whole screen: shutter, other camera, how many were kept. It stays for more."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.ui.components.basics import icon_target, memo, tagged, text
from fieldlog.ui.state import Shell
from fieldlog.ui.theme import CAPTURE, LABEL, MICROPHONE
from fieldlog.ui.window import Window

WHITE, BLACK = "#FFFFFF", "#000000"
SHOWN_SECONDS = 0.3
"""A camera must be on the page before it can be woken."""


@ft.component
def CameraSheet(window: Window, shell: Shell) -> ft.Control:
    column = ft.Column(
        [Viewfinder(window), Shutter(window, shell)],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(ft.SafeArea(column, expand=True), bgcolor=BLACK, expand=True)


@ft.component
def _viewfinder(window: Window) -> ft.Control:
    """Never drawn anew: a camera that leaves the page goes to sleep."""
    return ft.Container(window.eye.camera, expand=True, alignment=ft.Alignment.CENTER)


Viewfinder = memo(_viewfinder)


@ft.component
def Shutter(window: Window, shell: Shell) -> ft.Control:
    words = window.words
    ready, set_ready = ft.use_state(False)
    taken, set_taken = ft.use_state(0)

    async def begin() -> None:
        await asyncio.sleep(SHOWN_SECONDS)
        if await window.eye.begin():
            set_ready(True)
            return
        window.close_sheet()
        shell.notice = words("No camera answers here. Choose a picture instead.")
        await window.eye.pick()

    ft.use_effect(begin, [])

    async def shoot(_: ft.ControlEvent) -> None:
        if ready and await window.eye.shoot():
            set_taken(lambda n: n + 1)

    async def flip(_: ft.ControlEvent) -> None:
        await window.eye.flip()

    said = words("Nothing is taken yet") if ready else words("The camera wakes up")
    if taken:
        said = words.many("{n} photo kept", "{n} photos kept", taken)
    targets = [
        icon_target(
            "camera-close",
            ft.Icons.CLOSE,
            words("Close the camera"),
            lambda _: window.close_sheet(),
            size=CAPTURE,
            color=WHITE,
            border=WHITE,
        ),
        icon_target(
            "camera-shutter",
            ft.Icons.CIRCLE,
            words("Take the photo"),
            shoot,
            size=MICROPHONE,
            color=WHITE,
            icon_size=56,
            border=WHITE,
        ),
        icon_target(
            "camera-flip",
            ft.Icons.CAMERASWITCH_OUTLINED,
            words("Other camera"),
            flip,
            size=CAPTURE,
            color=WHITE,
            border=WHITE,
        ),
    ]
    return ft.Column(
        [
            tagged("camera-count", ft.Container(text(said, LABEL, WHITE), alignment=ft.Alignment.CENTER)),
            ft.Container(ft.Row(targets, alignment=ft.MainAxisAlignment.SPACE_EVENLY), padding=16),
        ],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )
