"""Sheets: what comes from below on a phone, and stands at the right on a laptop."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import Wish, button, chip, field, icon_target, keyed, tagged, text
from fieldlog.ui.screens.people import PersonSheet
from fieldlog.ui.state import Shell, Stream
from fieldlog.ui.theme import LABEL, TITLE
from fieldlog.ui.views import SESSION_TYPES
from fieldlog.ui.window import Window

SHEET_WIDTH = 400


@ft.component
def SheetLayer(window: Window, shell: Shell) -> ft.Control:
    """The open sheet over a dimmed screen; a tap beside it closes it."""
    inside = {"session": SessionSheet, "day": DaySheet, "person": PersonSheet}.get(shell.sheet)
    if inside is None:
        return ft.Container(width=0, height=0)
    look = shell.look
    content = keyed(inside, shell.sheet, window, shell)
    radius = ft.BorderRadius.only(top_left=20, top_right=20) if shell.phone else ft.BorderRadius.all(0)
    sheet = ft.Container(
        content,
        bgcolor=look.surface,
        padding=ft.Padding.only(left=16, right=16, top=20, bottom=16),
        border_radius=radius,
        on_click=lambda _: None,
        ink=False,
        width=None if shell.phone else SHEET_WIDTH,
        expand=not shell.phone,
    )
    shade = ft.Container(
        bgcolor="#99000000",
        expand=True,
        on_click=lambda _: window.close_sheet(),
        key="shade",
    )
    if shell.phone:
        # The content is as high as it is, but never more than the screen less a strip to tap beside it.
        body: ft.Control = ft.Column(
            [shade, ft.Container(sheet, key="sheet")],
            spacing=0,
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    else:
        body = ft.Row(
            [shade, ft.Column([sheet], spacing=0)],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return tagged("sheet", body, expand=True)


def _head(window: Window, shell: Shell, said: str) -> ft.Control:
    close = icon_target(
        "sheet-close", ft.Icons.CLOSE, window.words("Close"), lambda _: window.close_sheet(), color=shell.look.meta
    )
    return ft.Row([text(said, TITLE, shell.look.words, expand=True), close])


@ft.component
def SessionSheet(window: Window, shell: Shell) -> ft.Control:
    """Start a session of some kind, or end the one going on."""
    words, look = window.words, shell.look
    title = ft.use_ref("")

    def typed(value: str) -> None:
        title.current = value

    def starts(kind: str) -> Wish:
        async def start(_: ft.ControlEvent) -> None:
            await window.start_session(kind, title.current or "")

        return start

    async def end(_: ft.ControlEvent) -> None:
        await window.stop_session()

    inside: list[ft.Control] = [_head(window, shell, words("Session"))]
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

    async def wrap(_: ft.ControlEvent) -> None:
        await window.wrap(stream.date, back=stream.wrapped)

    said = words("Take the wrap back") if stream.wrapped else words("Wrap {day} now", day=stream.code)
    more = words("The day ends when the crew wraps, not at midnight. What is written until then belongs to it.")
    return _column(
        _head(window, shell, stream.code),
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
