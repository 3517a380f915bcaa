"""The frame around every screen: top bar, strips, recording bar, navigation or rail."""

from __future__ import annotations

from typing import Any

import flet as ft

from fieldlog.ui.archive.bring_in_card import ArrivedStrip
from fieldlog.ui.day.state import Today
from fieldlog.ui.device.practice import PracticeStrip
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.parts.basics import Wish, asks, icon_target, strip, strip_action, tagged, text
from fieldlog.ui.parts.theme import BAR, DAY_SMALL, LABEL, META, NAVIGATION, NIGHT_CLOCK, RAIL, TITLE, Look
from fieldlog.ui.photo.camera import HeldStrip
from fieldlog.ui.pocket.installed_cards import CarriedStrips
from fieldlog.ui.pocket.shared_strip import OfferedStrip
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.undo_strip import UndoStrip
from fieldlog.ui.words.words import later

DESTINATIONS = (
    ("now", later("Now"), ft.Icons.EDIT_NOTE_OUTLINED, ft.Icons.EDIT_NOTE),
    ("days", later("Days"), ft.Icons.CALENDAR_MONTH_OUTLINED, ft.Icons.CALENDAR_MONTH),
    ("register", later("Register"), ft.Icons.CONTACTS_OUTLINED, ft.Icons.CONTACTS),
    ("archive", later("Archive"), ft.Icons.INVENTORY_2_OUTLINED, ft.Icons.INVENTORY_2),
)
LARGE = 1.4
"""From this size of letters on, only what matters most stands in the top bar."""

ROUTES = {"now": "/now", "days": "/days", "register": "/register/people", "archive": "/archive"}


def place_of(route: str) -> str:
    """The destination a route lies in."""
    first = route.strip("/").split("/")[0]
    return first if first in ROUTES else "archive" if first == "sync" else ""


@ft.component
def Frame(journeys: Journeys, shell: Shell, inside: ft.Control, route: str) -> ft.Control:
    """Everything that is not the screen itself. On a low window navigation gives way to the field."""
    look, place = shell.look, place_of(route)
    now = place == "now"
    middle: list[ft.Control] = [TopBar(journeys, shell, journeys.rows.stream, journeys.day.today, place)]
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
def TopBar(journeys: Journeys, shell: Shell, stream: Stream, today: Today, place: str) -> ft.Control:
    look, words = shell.look, journeys.words
    what = " · ".join(part for part in (stream.type_words, stream.when if stream.planned else "") if part)
    named = stream.code if stream.planned else stream.when
    said = words("{day} wrapped", day=named) if stream.wrapped else named
    said = words("Still {day}?", day=named) if today.outlived else said
    dot: list[ft.Control] = [ft.Icon(ft.Icons.CIRCLE, size=10, color=look.attention)] if today.outlived else []
    alone = look.scale > LARGE
    title: ft.Control = text(said, DAY_SMALL if stream.planned else TITLE, look.words, lines=1, expand=alone)
    beside: ft.Control = text(what, META, look.meta, lines=1, expand=True)
    if stream.wall:
        title, beside = ft.Container(title, expand=True, expand_loose=True), _past_midnight(stream, look)
    day = ft.Container(
        ft.Row([*dot, title, *([] if alone else [beside])], spacing=12),
        height=max(BAR, look.grown(40)),
        padding=ft.Padding.only(left=16, right=8),
        on_click=lambda _: journeys.window.open_sheet("day"),
        expand=True,
    )
    actions: list[ft.Control] = []
    if stream.only_here:
        actions.append(_copies(journeys, shell, stream))
    darken = words("Out of Dark set") if look.discreet else words("Dark set")
    actions.append(_action("now-look", ft.Icons.CONTRAST, darken, asks(journeys.look.darken), look))
    if place == "now":
        hide = asks(journeys.alone.hide)
        actions.append(_action("now-hide", ft.Icons.VISIBILITY_OFF_OUTLINED, words("Hide"), hide, look))
    else:
        more = ft.Icons.MORE_VERT
        actions.append(_action("more", more, words("More"), lambda _: journeys.window.go("/device"), look))
    chip = tagged("now-day", day, words("{day}. The day, and its wrap", day=said), button=True, expand=True)
    return ft.Container(ft.Row([chip, *actions], spacing=0), height=max(BAR, look.grown(40)))


def _past_midnight(stream: Stream, look: Look) -> ft.Control:
    """The crew's time, the wall's below it; the words beside them give way, these are never cut."""
    times: list[ft.Control] = [text(stream.clock, NIGHT_CLOCK, look.words), text(stream.wall, META, look.meta)]
    return tagged("now-clock", ft.Column(times, spacing=0, tight=True))


def _action(identifier: str, icon: ft.IconData, label: str, wish: Wish, look: Look) -> ft.Control:
    return icon_target(identifier, icon, label, wish, size=look.target, color=look.meta)


def _copies(journeys: Journeys, shell: Shell, stream: Stream) -> ft.Control:
    """How many entries are not backed up; amber when the oldest has not been for more than a day."""
    look, words = shell.look, journeys.words
    icon = ft.Icons.LAPTOP_OUTLINED if not shell.phone else ft.Icons.PHONE_ANDROID_OUTLINED
    ink = look.on_attention if stream.old else look.meta
    face = ft.Container(
        ft.Row(
            [ft.Icon(icon, size=18, color=ink), text(str(stream.only_here), LABEL, ink)], spacing=4, tight=True
        ),
        height=look.target,
        padding=ft.Padding.symmetric(horizontal=look.target / 4),
        alignment=ft.Alignment.CENTER,
        border_radius=8,
        bgcolor=look.attention_container if stream.old else None,
        on_click=lambda _: journeys.window.go("/sync"),
    )
    said = words.many("{n} entry not backed up", "{n} entries not backed up", stream.only_here)
    return tagged("now-copies", face, said, button=True)


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
