"""Now: the stream of today and the composer. Opening the app ends here, in a field one can type in."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.day.session_sheets import PlanRows
from fieldlog.ui.day.state import Today
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.now.beside import Beside
from fieldlog.ui.now.composer import Composer
from fieldlog.ui.now.spine.day_line import DayLine
from fieldlog.ui.now.spine.pane import SpinePane
from fieldlog.ui.now.stream import StreamView
from fieldlog.ui.parts.basics import at_least_wide, icon_target, tagged, text
from fieldlog.ui.parts.theme import HEAD, LABEL, META
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.undo_strip import UndoStrip

STREAM_MOST, WIDE, LARGE = 640, 1240, 1.4
"""From a window this wide on, and up to letters this large, there are three panes."""

PAD_RIGHT = ft.Padding.only(right=8)


@ft.component
def Now(journey: NowJourney, shell: Shell) -> ft.Control:
    """Phone: session, stream, composer. Laptop: the spine of the day left of them, who is here right."""
    stream, today = journey.rows.stream, journey.day.today
    # Something always stands there: where a keyboard comes up, the field under it must not be drawn anew.
    above: list[ft.Control] = [ft.Container(height=0) for _ in range(3)]
    if not shell.low:
        line = (
            DayLine(journey.spine, shell.look, journey.words, shell.width, stream.date)
            if shell.phone
            else above[0]
        )
        above = [line, SessionLine(journey, shell, stream, today), PlanRows(journey.day, shell, stream, today)]
    column = ft.Column(
        [
            *above,
            StreamView(journey, shell, stream),
            UndoStrip(journey.window, shell) if shell.writes else ft.Container(height=0),
            RecordingBar(journey.memo, shell, journey.memo.live),
            Composer(journey, shell),
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
    panes: list[ft.Control] = [SpinePane(journey.spine, shell, stream, today), centred]
    if shell.width >= WIDE and shell.scale <= LARGE:
        panes.append(Beside(journey, shell, stream, today, journey.field.state))
    return ft.Row(panes, spacing=0, expand=True)


@ft.component
def SessionLine(journey: NowJourney, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    """The session one writes in, its place, and what may be recorded; each opens its sheet."""
    words, look = journey.words, shell.look
    said = stream.session or words("No session. Start?")
    ink = look.words if stream.session else look.meta
    since = words("since {time}", time=stream.session_since) if stream.session else ""
    about = " · ".join(part for part in (stream.place, since) if part)
    beside: list[ft.Control] = [text(about, META, look.meta, lines=1)] if about else []
    face = ft.Container(
        ft.Row(
            [
                ft.Icon(ft.Icons.GROUPS_OUTLINED, size=18, color=ink),
                ft.Column(
                    [text(said, HEAD if stream.session else LABEL, ink, lines=1), *beside],
                    spacing=0,
                    expand=True,
                    alignment=ft.MainAxisAlignment.CENTER,
                ),
                ft.Icon(ft.Icons.EXPAND_MORE, size=18, color=look.meta),
            ],
            spacing=8,
        ),
        height=max(look.target, look.grown(40)),
        padding=ft.Padding.only(left=16, right=8),
        on_click=lambda _: journey.day.open(),
    )
    label = ", ".join(part for part in (words("Session: {name}", name=said), about) if part)
    line: list[ft.Control] = [tagged("now-session", face, label, button=True, expand=True)]
    if today.session:
        line.append(_badge(journey, shell, today))
    if stream.wall and not stream.wrapped:
        line.append(_wrap(journey, shell, stream))
    return ft.Container(
        ft.Row(line, spacing=0), border=ft.Border(bottom=ft.BorderSide(1, look.hairline)), padding=PAD_RIGHT
    )


def _wrap(journey: NowJourney, shell: Shell, stream: Stream) -> ft.Control:
    """Past midnight the wrap is one tap; it is taken back as easily."""

    async def wrap(_: ft.ControlEvent) -> None:
        await journey.day.wrap(stream.date, back=False)

    look, said = shell.look, journey.words("Wrap {day} now", day=stream.code)
    return icon_target("now-wrap", ft.Icons.FLAG_OUTLINED, said, wrap, size=look.target, color=look.meta)


def _badge(journey: NowJourney, shell: Shell, today: Today) -> ft.Control:
    """What may be recorded, in a word or two."""
    look = shell.look
    face = ft.Container(
        text(today.may, META, look.meta, lines=1),
        padding=ft.Padding.symmetric(horizontal=8, vertical=4),
        border_radius=8,
        border=ft.Border.all(1, look.hairline),
    )
    target = ft.Container(
        ft.Row([face], tight=True),
        height=max(look.target, look.grown(40)),
        padding=ft.Padding.symmetric(horizontal=max(4, (look.target - 16 - at_least_wide(today.may, META)) / 2)),
        on_click=lambda _: journey.window.open_sheet("may"),
    )
    said = journey.words("May be recorded: {what}", what=today.may)
    return tagged("now-may", target, said, button=True)
