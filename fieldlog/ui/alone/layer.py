"""What stands alone over everything: a neutral clock, one note in large type, the sign for a meeting's table."""

from __future__ import annotations

from math import ceil

import flet as ft

from fieldlog.ui.alone.actions import AloneJourney
from fieldlog.ui.alone.state import Apart
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.memo.state import Live
from fieldlog.ui.parts.basics import Wish, asks, icon_target, tagged, text
from fieldlog.ui.parts.glyphs import drawable
from fieldlog.ui.parts.theme import BLACKOUT, CAPTURE, MICROPHONE, Look, Style
from fieldlog.ui.window.state import HIDE, SHOW, Shell
from fieldlog.ui.words.times import clock_of

HAN, LATIN = 1.0, 0.62
"""How wide a letter is at most, of its size."""

LINE = 1.35
SHOWN = (96, 80, 64, 56, 48, 40, 32)
"""Sizes of a note that is shown, in dp; the largest with which it fits. Longer ones scroll."""

EDGE = 32
SIGN_LINE, SMALLER = 1.1, 0.6
RECORDING, PAUSED, ENDED = ("Recording", "正在录音"), ("Paused", "已暂停"), ("Not recording", "未在录音")
"""What lies on a table speaks to everybody at it, whatever language the app speaks."""


@ft.component
def AloneLayer(journey: AloneJourney, shell: Shell) -> ft.Control:
    """The one thing to be seen. While the microphone is live, it says so here too."""
    if shell.covered == HIDE:
        return Hidden(journey, shell, journey.apart)
    if shell.covered == SHOW:
        return Shown(journey, shell, journey.apart)
    return Table(journey, shell, journey.memo.live)


@ft.component
def Hidden(journey: AloneJourney, shell: Shell, apart: Apart) -> ft.Control:
    """Time and date, and nothing of the study. Two taps lead back."""
    look = BLACKOUT if shell.look.dark else shell.look
    size = min(shell.width / 3.2, shell.height / 4)
    clock = ft.Column(
        [_sized(apart.time, size, look.words, shell), _sized(apart.date, size / 5, look.meta, shell)],
        spacing=0,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    face = ft.Container(
        clock, alignment=ft.Alignment.CENTER, expand=True, bgcolor=look.surface, on_click=asks(journey.press)
    )
    said = tagged("hide-clock", face, f"{apart.time}, {apart.date}", button=True, expand=True)
    return _over(journey, shell, look, said)


@ft.component
def Shown(journey: AloneJourney, shell: Shell, apart: Apart) -> ft.Control:
    """The words of one note, as large as they fit. Two taps on the corner, or Esc twice, lead back."""
    look = shell.look
    size = size_that_fits(apart.text, shell.width - 2 * EDGE, shell.height - 3 * CAPTURE)
    words = ft.Container(
        _sized(apart.text, size, look.words, shell, line=LINE), padding=ft.Padding.symmetric(horizontal=EDGE)
    )
    back = icon_target(
        "show-close",
        ft.Icons.LOCK_OUTLINED,
        journey.words("Tap twice to go back"),
        asks(journey.press),
        size=look.target,
        color=look.outline,
    )
    page = ft.Column(
        [
            ft.Row([back], alignment=ft.MainAxisAlignment.END),
            ft.Column([tagged("show-note", words, apart.text)], scroll=ft.ScrollMode.AUTO, expand=True),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return _over(journey, shell, look, ft.Container(page, expand=True, bgcolor=look.surface))


def _over(journey: AloneJourney, shell: Shell, look: Look, what: ft.Control) -> ft.Control:
    """Over the whole screen, with the recording bar at the foot where sound is recorded."""
    column = ft.Column([what, RecordingBar(journey.memo, shell, journey.memo.live)], spacing=0, expand=True)
    return ft.Container(ft.SafeArea(column, expand=True), bgcolor=look.surface, expand=True)


@ft.component
def Table(journey: AloneJourney, shell: Shell, live: Live) -> ft.Control:
    """For the middle of a table: that sound is recorded, in both languages, to be read from two metres.

    On an upright phone the words run along its long side. Red only while the microphone is live.
    """
    look, words = shell.look, journey.words
    ink, ground = (look.on_live, look.live) if live.red else (look.words, look.surface)
    said = RECORDING if live.red else PAUSED if live.on else ENDED
    time = clock_of(live.seconds) if live.on else ""
    upright = shell.height > shell.width
    height = shell.height - 2 * (MICROPHONE + EDGE)
    long, short = (height, shell.width - EDGE) if upright else (shell.width - 2 * EDGE, height)
    size = min(long / max(map(width_of, said)), short / ((2 + SMALLER) * SIGN_LINE))
    sign = ft.Column(
        [_sized(one, size, ink, shell, line=SIGN_LINE, bold=True) for one in said]
        + [_sized(time, size * SMALLER, ink, shell, line=SIGN_LINE, bold=True)],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    turned = ft.RotatedBox(quarter_turns=1 if upright else 0, content=sign)
    names = words("Recording · {time}", time=time) if live.red else " ".join(said)
    close = icon_target(
        "table-close",
        ft.Icons.CLOSE,
        words("Close"),
        lambda _: journey.window.close_sheet(),
        size=CAPTURE,
        color=ink,
    )
    page = ft.Column(
        [
            ft.Row([close], alignment=ft.MainAxisAlignment.END),
            ft.Container(tagged("table-sign", turned, names), alignment=ft.Alignment.CENTER, expand=True),
            _table_foot(journey, live, ink),
        ],
        spacing=0,
        expand=True,
    )
    return ft.Container(ft.SafeArea(page, expand=True), bgcolor=ground, expand=True, padding=EDGE / 4)


def _table_foot(journey: AloneJourney, live: Live, ink: str) -> ft.Control:
    """A mark and the end of the memo, while there is one."""
    words, memos = journey.words, journey.memo
    shown: list[ft.Control] = []
    if live.on:
        mark = words("Mark this moment")
        shown = [
            _target("table-mark", ft.Icons.BOOKMARK_ADD_OUTLINED, mark, memos.mark, ink),
            _target("table-stop", ft.Icons.STOP, words("Stop recording"), memos.toggle, ink),
        ]
    return ft.Row(shown, alignment=ft.MainAxisAlignment.CENTER, spacing=EDGE, height=MICROPHONE)


def _target(identifier: str, icon: ft.IconData, label: str, verb: Wish, ink: str) -> ft.Control:
    return icon_target(identifier, icon, label, asks(verb), size=MICROPHONE, color=ink, border=ink, icon_size=32)


def _sized(
    words: str, size: float, ink: str, shell: Shell, *, line: float = 1.2, bold: bool = False
) -> ft.Control:
    """Words at a size of the screen's, whatever size of letters the system asks for."""
    own = max(1, int(size / shell.scale))
    return text(words, Style(size=own, line=round(own * line), bold=bold), ink)


def width_of(words: str) -> float:
    """About how wide a line is, in sizes of its letters."""
    return sum(HAN if ord(letter) > 0x2E7F else LATIN for letter in drawable(words))


def size_that_fits(words: str, width: float, height: float) -> int:
    """The largest size of `SHOWN` in which words stand in this many dp, no word broken; else the smallest."""
    for size in SHOWN:
        lines = sum(max(1, ceil(width_of(line) * size * 1.1 / width)) for line in words.splitlines())
        longest = max((width_of(word) for word in words.split() if word.isascii()), default=0)
        if lines * size * LINE <= height and longest * size <= width:
            return size
    return SHOWN[-1]
