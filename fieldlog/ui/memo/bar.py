"""The recording bar: the one red thing there is, on every screen while the microphone is live."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.memo.state import BARS, Live
from fieldlog.ui.parts.basics import Wish, asks, icon_target, tagged, text
from fieldlog.ui.parts.theme import CAPTURE, META, TITLE, Look
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import clock_of

HIGHEST, LOWEST = 24, 6


@ft.component
def RecordingBar(journey: MemoJourney, shell: Shell, live: Live) -> ft.Control:
    """Grows upwards when a line is added, so that what lies below it stays where it is."""
    if not live.on:
        return ft.Container(height=0)
    words, look = journey.words, shell.look
    ink = look.on_live if live.red else look.words
    elapsed = clock_of(live.seconds)
    said = words("Paused") if live.paused else live.room
    middle = ft.Container(
        ft.Column(
            [
                ft.Row(
                    [_dot(live, look, ink), text(elapsed, TITLE, ink, lines=1), _level(live, ink)],
                    spacing=8,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                text(said, META, look.attention if live.paused else ink),
            ],
            spacing=0,
            tight=True,
        ),
        expand=True,
        on_click=lambda _: journey.window.open_sheet("recording"),
        padding=ft.Padding.symmetric(vertical=6),
    )
    more = words("Erase, or show it to the table")
    row = ft.Row(
        [
            tagged("rec-open", middle, more, button=True, expand=True),
            _target("rec-mark", ft.Icons.BOOKMARK_ADD_OUTLINED, words("Mark this moment"), journey.mark, ink),
            _pause(journey, live, ink),
            _target("rec-stop", ft.Icons.STOP, words("Stop recording"), journey.toggle, ink),
        ],
        spacing=8,
    )
    face = ft.Container(
        row,
        bgcolor=look.live if live.red else look.surface,
        border=None if live.red else ft.Border.all(2, look.outline),
        padding=ft.Padding.only(left=16, right=8, top=4, bottom=4),
    )
    amber = [_amber(live.warning, look)] if live.warning else []
    label = words("Recording · {time}", time=elapsed) if live.red else words("Paused · {time}", time=elapsed)
    stretched = ft.CrossAxisAlignment.STRETCH
    return tagged("rec-bar", ft.Column([*amber, face], spacing=0, horizontal_alignment=stretched), label)


def _pause(journey: MemoJourney, live: Live, ink: str) -> ft.Control:
    words = journey.words
    icon, said = (ft.Icons.MIC, words("Go on recording")) if live.paused else (ft.Icons.PAUSE, words("Pause"))
    return _target("rec-pause", icon, said, journey.pause, ink)


def _target(identifier: str, icon: ft.IconData, label: str, verb: Wish, ink: str) -> ft.Control:
    return icon_target(identifier, icon, label, asks(verb), size=CAPTURE, color=ink, border=ink, icon_size=28)


def _dot(live: Live, look: Look, ink: str) -> ft.Control:
    """Full while the microphone is live, a ring while it is off. It doesn't blink."""
    return ft.Container(
        width=12,
        height=12,
        border_radius=6,
        bgcolor=ink if live.red else None,
        border=ft.Border.all(2, ink if live.red else look.attention),
    )


def _level(live: Live, ink: str) -> ft.Control:
    """Bars that share the space that is left."""
    step = (HIGHEST - LOWEST) / (BARS - 1)
    bars: list[ft.Control] = [
        ft.Container(
            height=LOWEST + at * step,
            border_radius=2,
            bgcolor=ink if at < live.level else ft.Colors.with_opacity(0.3, ink),
            expand=True,
        )
        for at in range(BARS)
    ]
    return ft.Row(bars, spacing=2, expand=True, vertical_alignment=ft.CrossAxisAlignment.END)


def _amber(warning: str, look: Look) -> ft.Control:
    mark = ft.Icon(ft.Icons.WARNING_AMBER_ROUNDED, size=20, color=look.attention)
    inside = ft.Row([mark, text(warning, META, look.on_attention, expand=True)], spacing=12)
    face = ft.Container(
        inside, bgcolor=look.attention_container, padding=ft.Padding.symmetric(vertical=8, horizontal=16)
    )
    return tagged("rec-warning", face, None, live_region=True)
