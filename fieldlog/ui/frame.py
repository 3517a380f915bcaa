"""The frame around every screen: top bar, strips, recording bar, navigation or rail."""

from __future__ import annotations

from typing import Any

import flet as ft

from fieldlog.ui.archive.bring_in_card import ArrivedStrip
from fieldlog.ui.device.practice import PracticeStrip
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.parts.basics import strip, strip_action, tagged, text
from fieldlog.ui.parts.theme import META, NAVIGATION, RAIL
from fieldlog.ui.photo.camera import HeldStrip
from fieldlog.ui.pocket.installed_cards import CarriedStrips
from fieldlog.ui.pocket.shared_strip import OfferedStrip
from fieldlog.ui.top_bars import NowBar, ScreenBar
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.undo_strip import UndoStrip
from fieldlog.ui.words.words import later

DESTINATIONS = (
    ("now", later("Now"), ft.Icons.EDIT_NOTE_OUTLINED, ft.Icons.EDIT_NOTE),
    ("days", later("Days"), ft.Icons.CALENDAR_MONTH_OUTLINED, ft.Icons.CALENDAR_MONTH),
    ("register", later("Register"), ft.Icons.CONTACTS_OUTLINED, ft.Icons.CONTACTS),
    ("archive", later("Archive"), ft.Icons.INVENTORY_2_OUTLINED, ft.Icons.INVENTORY_2),
)
ROUTES = {"now": "/now", "days": "/days", "register": "/register/people", "archive": "/archive"}


def place_of(route: str) -> str:
    """The destination a route lies in."""
    first = route.strip("/").split("/")[0]
    return first if first in ROUTES else {"sync": "archive", "find": "days"}.get(first, "")


@ft.component
def Frame(journeys: Journeys, shell: Shell, inside: ft.Control, route: str) -> ft.Control:
    """Everything that is not the screen itself. On a low window navigation gives way to the field."""
    look, place = shell.look, place_of(route)
    now = place == "now"
    stream = journeys.rows.stream
    left: Any = ft.use_ref("")
    if not route.startswith("/device"):
        left.current = route
    bar = NowBar(journeys, shell, stream, journeys.day.today) if now else ScreenBar(
        journeys, shell, stream, route, left.current or journeys.window.home
    )  # fmt: skip
    middle: list[ft.Control] = [bar]
    held = HeldStrip(journeys.photo, shell, journeys.photo.taking)
    carried = CarriedStrips(
        journeys.pocket, shell, journeys.pocket.installed.carried, journeys.memo.live, journeys.rows.stream
    )
    offered = OfferedStrip(
        journeys.pocket, shell, journeys.pocket.shared.offered, journeys.memo.live, journeys.archive.under_way
    )
    arrived = ArrivedStrip(
        journeys.archive, shell, journeys.archive.incoming.coming, journeys.memo.live, journeys.archive.under_way
    )
    practice = PracticeStrip(journeys.device, shell, now)
    middle += [
        Strips(journeys, shell), practice, carried, offered, arrived, held, ft.Container(inside, expand=True)
    ]  # fmt: skip
    if not now:
        middle.append(UndoStrip(journeys.window, shell))
        middle.append(RecordingBar(journeys.memo, shell, journeys.memo.live))
    if shell.phone:
        if now and not shell.low and look.discreet and not shell.wide_open:
            middle.append(_handle(journeys, shell))
        elif not (shell.low and now):
            middle.append(_navigation(journeys, shell, place))
        body: ft.Control = ft.Column(middle, spacing=0, expand=True)
    else:
        rail = _rail(journeys, shell, place)
        body = ft.Row([rail, ft.Column(middle, spacing=0, expand=True)], spacing=0, expand=True)
    return ft.SafeArea(ft.Container(body, expand=True), expand=True)


@ft.component
def Strips(journeys: Journeys, shell: Shell) -> ft.Control:
    """What is not as it should be, one sentence each, until it is settled."""
    look, words = shell.look, journeys.words

    def settle(_: ft.ControlEvent) -> None:
        shell.notice, journeys.window.desk.trouble = "", ""

    if not shell.notice:
        return ft.Container(height=0)
    return strip("notice", shell.notice, look, strip_action("notice-ok", words("OK"), look, settle))


def _handle(journeys: Journeys, shell: Shell) -> ft.Control:
    """All there is of navigation on Now in Blackout: it opens the rest."""
    look = shell.look

    def open_(_: Any) -> None:
        shell.wide_open = True

    line = ft.Container(width=48, height=4, border_radius=2, bgcolor=look.outline)
    face = ft.Container(line, height=look.target, alignment=ft.Alignment.CENTER, on_click=open_)
    return tagged("nav-open", face, journeys.words("Open the other pages"), button=True)


def _destination(
    journeys: Journeys, shell: Shell, place: str, one: tuple[str, str, ft.IconData, ft.IconData], height: float
) -> ft.Control:
    name, said, icon, filled = one
    look, here = shell.look, place == one[0]
    ink = look.on_primary_container if here else look.meta
    pill = ft.Container(
        ft.Icon(filled if here else icon, size=24, color=ink),
        width=56,
        height=30,
        border_radius=15,
        alignment=ft.Alignment.CENTER,
        bgcolor=look.primary_container if here else None,
    )

    def go(_: Any) -> None:
        shell.wide_open = False
        journeys.window.go(ROUTES[name])

    face = ft.Container(
        ft.Column(
            [pill, text(journeys.words(said), META, look.words if here else look.meta, lines=1)],
            spacing=2,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        height=height,
        on_click=go,
        alignment=ft.Alignment.CENTER,
    )
    return tagged(f"nav-{name}", face, None, button=True, selected=here, expand=True if shell.phone else None)


def _navigation(journeys: Journeys, shell: Shell, place: str) -> ft.Control:
    look = shell.look
    tall = NAVIGATION + look.grown(META.line) - META.line
    targets = [_destination(journeys, shell, place, one, tall) for one in DESTINATIONS]
    return ft.Container(
        ft.Row(targets, spacing=0),
        height=tall,
        bgcolor=look.low,
        border=ft.Border(top=ft.BorderSide(1, look.hairline)),
    )


def _rail(journeys: Journeys, shell: Shell, place: str) -> ft.Control:
    look = shell.look
    targets = [_destination(journeys, shell, place, one, NAVIGATION + 8) for one in DESTINATIONS]
    return ft.Container(
        ft.Column(targets, spacing=4),
        width=max(RAIL, look.grown(64)),
        bgcolor=look.low,
        padding=ft.Padding.symmetric(vertical=12),
        border=ft.Border(right=ft.BorderSide(1, look.hairline)),
    )
