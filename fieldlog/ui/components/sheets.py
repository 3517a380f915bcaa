"""Sheets: what comes from below on a phone, and stands at the right on a laptop."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.ui.components.basics import Wish, button, chip, field, keyed, sheet_head, tagged, text
from fieldlog.ui.components.choosing import CodesSheet, PeopleSheet, PlaceSheet, time_sheet
from fieldlog.ui.components.figure import FigureSheet
from fieldlog.ui.components.pad import SceneSheet
from fieldlog.ui.components.people_sheets import CrewSheet, JoinSheet, PersonEditSheet, PersonSheet, UnknownSheet
from fieldlog.ui.components.quick import QuickSheet
from fieldlog.ui.screens.register import ItemSheet
from fieldlog.ui.state import Shell, Stream
from fieldlog.ui.theme import LABEL, TARGET
from fieldlog.ui.views import SESSION_TYPES
from fieldlog.ui.window import Window

SHEET_WIDTH = 400


@ft.component
def SheetLayer(window: Window, shell: Shell) -> ft.Control:
    """The open sheet over a dimmed screen; a tap beside it closes it."""
    if shell.sheet not in SHEETS:
        return ft.Container(width=0, height=0)
    inside, usual = SHEETS[shell.sheet]
    fits = usual * shell.scale**2 < shell.height - TARGET
    look = shell.look
    content = ft.Column(
        [keyed(inside, shell.sheet, window, shell)],
        scroll=None if fits else ft.ScrollMode.AUTO,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    sheet = ft.Container(
        content,
        bgcolor=look.surface,
        padding=ft.Padding.only(left=16, right=16, top=20, bottom=16),
        border_radius=ft.BorderRadius.only(top_left=20, top_right=20) if shell.phone else None,
        on_click=lambda _: None,
        width=None if shell.phone else SHEET_WIDTH,
        expand=shell.phone and not fits,
    )
    shade = ft.Container(bgcolor="#99000000", expand=True, on_click=lambda _: window.close_sheet())
    if shell.phone:
        # As high as its content, but never the whole screen: a strip to tap beside it stays.
        beside = ft.Container(height=TARGET)
        stretched = ft.CrossAxisAlignment.STRETCH
        over: ft.Control = ft.Column(
            [beside, sheet], spacing=0, alignment=ft.MainAxisAlignment.END, horizontal_alignment=stretched
        )
    else:
        over = ft.Row(
            [sheet], alignment=ft.MainAxisAlignment.END, vertical_alignment=ft.CrossAxisAlignment.STRETCH
        )
    body = ft.Stack([shade, over], fit=ft.StackFit.EXPAND, expand=True)
    return tagged("sheet", body, expand=True)


@ft.component
def SessionSheet(window: Window, shell: Shell) -> ft.Control:
    """Start a session of some kind, or end the one going on."""
    words, look = window.words, shell.look

    def close(_: ft.ControlEvent) -> None:
        window.close_sheet()

    title = ft.use_ref("")

    def typed(value: str) -> None:
        title.current = value

    def starts(kind: str) -> Wish:
        async def start(_: ft.ControlEvent) -> None:
            await window.start_session(kind, title.current or "")

        return start

    async def end(_: ft.ControlEvent) -> None:
        await window.stop_session()

    inside: list[ft.Control] = [sheet_head(words("Session"), words("Close"), look, close)]
    if window.stream.session:
        said = words("End “{name}”", name=window.stream.session)
        inside.append(
            ft.Row([button("session-end", said, look, end, icon=ft.Icons.STOP_CIRCLE_OUTLINED)], wrap=True)
        )
    inside += [
        field("session-title", words("Called (may be left empty)"), look, on_change=typed),
        text(words("Start:"), LABEL, look.meta),
        ft.Row(
            [
                chip(f"session-start-{kind}", words(said), look, starts(kind))
                for kind, said in SESSION_TYPES.items()
            ],
            wrap=True,
            spacing=8,
            run_spacing=0,
        ),
    ]
    return _column(*inside)


@ft.component
def DaySheet(window: Window, shell: Shell) -> ft.Control:
    """Wrap the day, or take the wrap back."""
    return _DaySheet(window, shell, window.stream)


@ft.component
def _DaySheet(window: Window, shell: Shell, stream: Stream) -> ft.Control:
    words, look = window.words, shell.look

    def close(_: ft.ControlEvent) -> None:
        window.close_sheet()

    async def wrap(_: ft.ControlEvent) -> None:
        await window.host.wrap(stream.date, back=stream.wrapped)

    said = words("Take the wrap back") if stream.wrapped else words("Wrap {day} now", day=stream.code)
    more = words("The day ends when the crew wraps, not at midnight. What is written until then belongs to it.")
    return _column(
        sheet_head(stream.code, words("Close"), look, close),
        text(f"{stream.when} · {stream.type_words} · {stream.clock}", LABEL, look.meta),
        text(more, LABEL, look.words),
        ft.Row(
            [
                button("day-wrap", said, look, wrap, icon=ft.Icons.FLAG_OUTLINED),
                button("day-open", words("Read the day"), look, lambda _: window.go(f"/days/{stream.code}")),
            ],
            wrap=True,
        ),
    )


def _column(*inside: ft.Control) -> ft.Control:
    return ft.Column(list(inside), spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


SHEETS: dict[str, tuple[Callable[..., ft.Control], float]] = {
    "session": (SessionSheet, 400),
    "day": (DaySheet, 300),
    "person": (PersonSheet, 800),
    "unknown": (UnknownSheet, 260),
    "person-edit": (PersonEditSheet, 340),
    "join": (JoinSheet, 480),
    "crew": (CrewSheet, 560),
    "item": (ItemSheet, 320),
    "people": (PeopleSheet, 420),
    "codes": (CodesSheet, 420),
    "place": (PlaceSheet, 400),
    "time": (time_sheet(0), 560),
    "yesterday": (time_sheet(1), 560),
    "scene": (SceneSheet, 560),
    "figure": (FigureSheet, 640),
    "quick": (QuickSheet, 480),
}
"""Each sheet, and about how high it is on a phone; larger letters make it higher and break more lines."""
