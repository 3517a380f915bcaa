"""Sheets: what comes from below on a phone, and stands at the right on a laptop."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.ui.day.day_sheets import DaySheet, PlanSheet
from fieldlog.ui.day.session_sheets import MaySheet, SessionSheet
from fieldlog.ui.device.remove_sheet import RemoveSheet
from fieldlog.ui.erase.sheet import EraseSheet
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.memo.sheets import AskSheet, RecordingSheet
from fieldlog.ui.now.chip_sheets import CodesSheet, PeopleSheet, PlaceSheet, time_sheet
from fieldlog.ui.parts.basics import keyed, tagged
from fieldlog.ui.parts.theme import RECORDING_BAR, TARGET
from fieldlog.ui.photo.sheets import FilesSheet, PhotoConsentSheet
from fieldlog.ui.pocket.address_sheet import AddressSheet
from fieldlog.ui.register.lists_screen import ItemSheet
from fieldlog.ui.register.people_sheets import CrewSheet, JoinSheet, PersonEditSheet, PersonSheet, UnknownSheet
from fieldlog.ui.review.month.filter_sheet import FilterSheet
from fieldlog.ui.review.month.save_sheet import SaveSheet
from fieldlog.ui.take.figure_sheet import FigureSheet
from fieldlog.ui.take.quick_sheet import QuickSheet
from fieldlog.ui.take.scene_pad import SceneSheet
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.undo_strip import UndoStrip

SHEET_WIDTH = 400
Sheet = tuple[Journey, Callable[..., ft.Control], tuple[object, ...], float]


@ft.component
def SheetLayer(journeys: Journeys, shell: Shell) -> ft.Control:
    """The open sheet over a dimmed screen; a tap beside it closes it. A live microphone is seen below it."""
    sheets = sheets_of(journeys)
    if shell.sheet not in sheets:
        return ft.Container(width=0, height=0)
    journey, inside, watched, usual = sheets[shell.sheet]
    fits = usual * shell.scale**2 < shell.height - 2 * TARGET - RECORDING_BAR
    look = shell.look
    content = ft.Column(
        [keyed(inside, shell.sheet, journey, shell, *watched)],
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
    undo = UndoStrip(journeys.window, shell, under_sheet=True)
    bar = RecordingBar(journeys.memo, shell, journeys.memo.live)
    shade = ft.Container(bgcolor="#99000000", expand=True, on_click=lambda _: journeys.window.close_sheet())
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


def sheets_of(of: Journeys) -> dict[str, Sheet]:
    """Each sheet: whose it is, what is in it, what that watches, and about how high it is on a phone.

    Larger letters make it higher and break more lines.
    """
    return {
        "session": (of.day, SessionSheet, (of.rows.stream, of.day.today), 620),
        "session-long": (of.day, SessionSheet, (of.rows.stream, of.day.today), 2000),
        "may": (of.day, MaySheet, (of.rows.stream, of.day.today), 2000),
        "day": (of.day, DaySheet, (), 2000),
        "plan": (of.day, PlanSheet, (of.day.today,), 2000),
        "person": (of.register, PersonSheet, (), 800),
        "unknown": (of.register, UnknownSheet, (), 260),
        "person-edit": (of.register, PersonEditSheet, (), 340),
        "join": (of.register, JoinSheet, (), 480),
        "crew": (of.register, CrewSheet, (), 560),
        "item": (of.register, ItemSheet, (), 320),
        "people": (of.now, PeopleSheet, (of.field.state,), 420),
        "codes": (of.now, CodesSheet, (of.field.state,), 420),
        "place": (of.now, PlaceSheet, (), 400),
        "time": (of.now, time_sheet(0), (), 560),
        "yesterday": (of.now, time_sheet(1), (), 560),
        "scene": (of.take, SceneSheet, (of.field.state,), 560),
        "figure": (of.take, FigureSheet, (), 640),
        "quick": (of.take, QuickSheet, (), 480),
        "month-filter": (of.review, FilterSheet, (of.review.shown,), 2000),
        "month-save": (of.review, SaveSheet, (of.review.shown,), 560),
        "erase": (of.erase, EraseSheet, (of.erase.asked,), 560),
        "photo-consent": (of.photo, PhotoConsentSheet, (of.photo.taking,), 480),
        "files": (of.photo, FilesSheet, (of.photo.taking,), 560),
        "rec-ask": (of.memo, AskSheet, (), 440),
        "recording": (of.memo, RecordingSheet, (), 380),
        "remove-study": (of.device, RemoveSheet, (of.device.leaving,), 480),
        "address": (of.pocket, AddressSheet, (), 520),
    }
