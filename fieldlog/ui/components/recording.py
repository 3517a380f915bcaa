"""The recording bar: the one red thing there is, on every screen while the microphone is live."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import icon_target, tagged, text
from fieldlog.ui.state import Live, Shell
from fieldlog.ui.theme import CAPTURE, META, RECORDING_BAR, TITLE
from fieldlog.ui.views import clock_of
from fieldlog.ui.window import Window

BARS = 12


@ft.component
def RecordingBar(window: Window, shell: Shell, live: Live) -> ft.Control:
    if not live.on:
        return ft.Container(height=0)
    words, look = window.words, shell.look

    async def stop(_: ft.ControlEvent) -> None:
        await window.memos.toggle()

    said = live.room
    if live.silent:
        said = words("No sound for 3 s. Look at the microphone.")
    elapsed = clock_of(live.seconds)
    lit = round(live.level / 255 * BARS)
    level = ft.Row(
        [
            ft.Container(
                width=4, height=8 + at * 2, border_radius=2, bgcolor=look.on_live, opacity=1 if at < lit else 0.3
            )
            for at in range(BARS)
        ],
        spacing=3,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    middle = ft.Column(
        [
            ft.Row([text(elapsed, TITLE, look.on_live), level], spacing=12),
            text(said, META, look.on_live, lines=1),
        ],
        spacing=0,
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    bar = ft.Container(
        ft.Row(
            [
                ft.Icon(ft.Icons.MIC, size=24, color=look.on_live),
                middle,
                icon_target(
                    "rec-stop",
                    ft.Icons.STOP,
                    words("Stop recording"),
                    stop,
                    size=CAPTURE,
                    color=look.on_live,
                    border=look.on_live,
                    icon_size=28,
                ),
            ],
            spacing=12,
        ),
        bgcolor=look.live,
        height=max(RECORDING_BAR, look.grown(46)),
        padding=ft.Padding.symmetric(horizontal=16),
    )
    return tagged("rec-bar", bar, words("Recording · {time}", time=elapsed))
