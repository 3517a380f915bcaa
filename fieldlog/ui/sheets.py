"""Sheets: what comes from below on a phone, and stands at the right on a laptop."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.ui.day.day_sheets import DaySheet, PlanSheet
from fieldlog.ui.day.session_sheets import MaySheet, SessionSheet
from fieldlog.ui.erase.sheet import EraseSheet
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.memo.sheets import AskSheet, RecordingSheet
from fieldlog.ui.now.choice_sheets import CodesSheet, PeopleSheet, PlaceSheet, time_sheet
from fieldlog.ui.parts.basics import keyed, tagged
from fieldlog.ui.parts.theme import RECORDING_BAR, TARGET
from fieldlog.ui.photo.sheets import FilesSheet, PhotoConsentSheet
from fieldlog.ui.register.lists_screen import ItemSheet
from fieldlog.ui.register.people_sheets import CrewSheet, JoinSheet, PersonEditSheet, PersonSheet, UnknownSheet
from fieldlog.ui.take.figure_sheet import FigureSheet
from fieldlog.ui.take.quick_sheet import QuickSheet
from fieldlog.ui.take.scene_pad import SceneSheet
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.undo_strip import UndoStrip
from fieldlog.ui.window.window import Window

SHEET_WIDTH = 400


@ft.component
def SheetLayer(window: Window, shell: Shell) -> ft.Control:
    """The open sheet over a dimmed screen; a tap beside it closes it. A live microphone is seen below it."""
    if shell.sheet not in SHEETS:
        return ft.Container(width=0, height=0)
    inside, usual = SHEETS[shell.sheet]
    fits = usual * shell.scale**2 < shell.height - 2 * TARGET - RECORDING_BAR
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
        expand=not (shell.phone and fits),
    )
    undo = UndoStrip(window, shell, under_sheet=True)
    bar = RecordingBar(window, shell, window.live)
    shade = ft.Container(bgcolor="#99000000", expand=True, on_click=lambda _: window.close_sheet())
    if shell.phone:
        # As high as its content, but never the whole screen: a strip to tap beside it stays.
        beside = ft.Container(height=TARGET)
        stretched = ft.CrossAxisAlignment.STRETCH
        over: ft.Control = ft.Column(
            [beside, sheet, undo, bar],
            spacing=0,
            alignment=ft.MainAxisAlignment.END,
            horizontal_alignment=stretched,
        )
    else:
        column = ft.Column([sheet, undo], spacing=0, width=SHEET_WIDTH)
        right = ft.Row(
            [column],
            alignment=ft.MainAxisAlignment.END,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            expand=True,
        )
        over = ft.Column([right, bar], spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    body = ft.Stack([shade, over], fit=ft.StackFit.EXPAND, expand=True)
    return tagged("sheet", body, expand=True)


SHEETS: dict[str, tuple[Callable[..., ft.Control], float]] = {
    "session": (SessionSheet, 620),
    "session-long": (SessionSheet, 2000),
    "may": (MaySheet, 2000),
    "day": (DaySheet, 2000),
    "plan": (PlanSheet, 2000),
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
    "erase": (EraseSheet, 560),
    "photo-consent": (PhotoConsentSheet, 480),
    "files": (FilesSheet, 560),
    "rec-ask": (AskSheet, 440),
    "recording": (RecordingSheet, 380),
}
"""Each sheet, and about how high it is on a phone; larger letters make it higher and break more lines."""
