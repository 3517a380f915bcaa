"""Now: the stream of today and the composer. Opening the app ends here, in a field one can type in."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import row_target, tagged, text
from fieldlog.ui.components.composer import Composer
from fieldlog.ui.components.recording import RecordingBar
from fieldlog.ui.components.stream import StreamView
from fieldlog.ui.state import Shell, Stream
from fieldlog.ui.theme import CLOCK, HEAD, LABEL, META
from fieldlog.ui.window import Window

SESSIONS_PANE, STREAM_MOST = 320, 720


@ft.component
def Now(window: Window, shell: Shell) -> ft.Control:
    """Phone: session, stream, composer. Laptop: today's sessions beside them."""
    above = [] if shell.low else [SessionLine(window, shell, window.stream)]
    column = ft.Column(
        [
            *above,
            StreamView(window, shell, window.stream),
            RecordingBar(window, shell, window.live),
            Composer(window, shell),
        ],
        spacing=0,
        expand=True,
    )
    if shell.phone:
        return column
    middle = ft.Container(column, width=STREAM_MOST)
    centred = ft.Row([middle], alignment=ft.MainAxisAlignment.CENTER, expand=True, spacing=0)
    if not shell.laptop:
        return ft.Container(column, expand=True)
    return ft.Row([SessionsPane(window, shell, window.stream), centred], spacing=0, expand=True)


@ft.component
def SessionLine(window: Window, shell: Shell, stream: Stream) -> ft.Control:
    """The session one writes in; tapping it starts or ends one."""
    words, look = window.words, shell.look
    said = stream.session or words("No session. Start?")
    ink = look.words if stream.session else look.meta
    inside: list[ft.Control] = [
        ft.Icon(ft.Icons.GROUPS_OUTLINED, size=18, color=ink),
        text(said, HEAD if stream.session else LABEL, ink, lines=1, expand=True),
    ]
    if stream.session_since:
        inside.append(text(words("since {time}", time=stream.session_since), CLOCK, look.meta))
    face = ft.Container(
        ft.Row([*inside, ft.Icon(ft.Icons.EXPAND_MORE, size=18, color=look.meta)], spacing=8),
        height=max(48, look.grown(26)),
        padding=ft.Padding.symmetric(horizontal=16),
        on_click=lambda _: window.open_sheet("session"),
        border=ft.Border(bottom=ft.BorderSide(1, look.hairline)),
    )
    return tagged("now-session", face, words("Session: {name}", name=said), button=True)


@ft.component
def SessionsPane(window: Window, shell: Shell, stream: Stream) -> ft.Control:
    """Today's sessions, on a laptop."""
    words, look = window.words, shell.look
    rows = [
        row_target(
            f"session-{one.id}",
            ft.Column(
                [
                    text(one.title, HEAD if one.going_on else LABEL, look.words, lines=2),
                    text(f"{one.hours} · {one.type_words}", META, look.meta),
                ],
                spacing=2,
            ),
            look,
            None,
            chosen=one.going_on,
        )
        for one in window.reader.sessions(stream.date)
    ]
    head = ft.Container(text(words("Sessions of the day"), HEAD, look.words), padding=16)
    none = ft.Container(text(words("None yet."), LABEL, look.meta), padding=ft.Padding.symmetric(horizontal=16))
    return ft.Container(
        ft.Column([head, ft.ListView(rows or [none], expand=True)], spacing=0),
        width=SESSIONS_PANE,
        border=ft.Border(right=ft.BorderSide(1, look.hairline)),
    )
