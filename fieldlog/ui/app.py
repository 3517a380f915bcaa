"""The app: windows on the desk, and their routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import flet as ft

from fieldlog.model.ports import Source
from fieldlog.services.desk import Desk
from fieldlog.services.machine.bundled import assets
from fieldlog.services.sync.hubs.reach import is_hubs_code
from fieldlog.ui.alone.layer import AloneLayer
from fieldlog.ui.archive.screens import Archive, CopiesPage
from fieldlog.ui.conflicts.screen import Conflicts
from fieldlog.ui.conflicts.side_by_side import ConflictPage
from fieldlog.ui.device.practice import OwnStudy
from fieldlog.ui.device.restore_screen import BringInPage, RestorePage
from fieldlog.ui.device.screen import Device
from fieldlog.ui.device.welcome import NewStudy, Welcome
from fieldlog.ui.erase.sheet import ErasedScreen
from fieldlog.ui.find.screen import Find
from fieldlog.ui.frame import Frame
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.now.screen import Now
from fieldlog.ui.parts.basics import memo, text
from fieldlog.ui.parts.theme import BODY, FONTS
from fieldlog.ui.photo.camera import CameraLayer
from fieldlog.ui.photo.draw_screen import SketchScreen
from fieldlog.ui.pocket.install_screen import Install
from fieldlog.ui.register.lists_screen import Codes, Places, Scenes
from fieldlog.ui.register.naming_screen import NamingPage
from fieldlog.ui.register.people_screen import People
from fieldlog.ui.review.days_screen import Days
from fieldlog.ui.sheets import SheetLayer
from fieldlog.ui.sync.join_screen import JoinPage
from fieldlog.ui.sync.screen import Synced
from fieldlog.ui.window.flet_insides import guard, guard_connections
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.state import HIDE, SHOW, Shell
from fieldlog.ui.window.window import Window

WINDOW = "fieldlog.window"
NOWHERE = (None, "", "/")
"""Addresses that name no screen."""

WITHOUT_A_STUDY = ("/welcome", "/device")
"""What can be shown before a study is open."""


def asgi(desk: Desk) -> Any:
    """The app as an ASGI application, to be mounted under a secret path by whoever serves it."""
    from flet_web.fastapi import app as flet_app

    async def main(page: ft.Page) -> None:
        await open_window(page, desk)

    async def dropped(source: Source) -> None:
        """It is for the window in which one writes, whichever it was dropped on."""
        if isinstance(desk.writer, Window):
            await desk.writer.drop(source)

    guard_connections()
    desk.arrivals.dropped = dropped

    return flet_app(
        main,
        assets_dir=str(assets()),
        no_cdn=True,
        # The other one draws on a thread beside the page's. It was seen to hang for good, both of them spinning,
        # and to fail with a bare "null function".
        web_renderer=ft.WebRenderer.CANVAS_KIT,
        app_name="FieldLog",
        app_short_name="FieldLog",
        app_description="Field notes by production day",
        route_url_strategy=ft.RouteUrlStrategy.HASH,
    )


async def open_window(page: ft.Page, desk: Desk) -> Journeys:
    """A new tab: everything it shows, and how it hears of the rest."""
    window = Window(page, desk)
    journeys = Journeys(window)
    page.session.store.set(WINDOW, window)
    guard(page, window.failed)
    page.title, page.fonts, page.padding, page.spacing = "FieldLog", FONTS, 0, 0

    def resized(event: ft.PageResizeEvent) -> None:
        window.resized(event.width, event.height)

    async def left(_: Any) -> None:
        await window.disconnect()

    async def key(event: ft.KeyboardEvent) -> None:
        await journeys.key(event)

    def turned(event: ft.Event[Any]) -> None:
        # The browser tells it as a bare word, whatever type Flet's handler says.
        journeys.look.system_turned(event.data == ft.Brightness.DARK.value)

    page.on_resize, page.on_disconnect, page.on_close = resized, left, left
    page.on_connect = lambda _: window.connect()
    page.on_keyboard_event, page.on_platform_brightness_change = key, turned
    await journeys.look.like()
    window.connect()
    if page.route in NOWHERE:
        # Home is what is drawn first, not found out by way of an empty screen and the browser's answer.
        page.route = window.first
        page.navigate(window.first)
    page.render(App, journeys)
    return journeys


@ft.component
def App(journeys: Journeys) -> ft.Control:
    """The routes. The frame stays while the screen inside it changes."""

    def screen(part: Callable[..., ft.Control], journey: Journey) -> Callable[[], ft.Control]:
        def routed() -> ft.Control:
            return part(journey, window.shell, **ft.use_route_params())

        return ft.component(routed)

    one, window = journeys, journeys.window
    routes: list[ft.Route] = ft.use_memo(
        lambda: [
            ft.Route(path="welcome", component=screen(Welcome, one.device)),
            ft.Route(path="welcome/new", component=screen(NewStudy, one.device)),
            ft.Route(path="welcome/home", component=screen(Install, one.pocket)),
            ft.Route(path="welcome/own", component=screen(OwnStudy, one.device)),
            ft.Route(path="welcome/restore", component=screen(RestorePage, one.device)),
            ft.Route(path="welcome/bring-in", component=screen(BringInPage, one.device)),
            ft.Route(path="welcome/join", component=screen(JoinPage, one.sync)),
            ft.Route(path="now", component=screen(Now, one.now)),
            ft.Route(path="find", component=screen(Find, one.find)),
            ft.Route(path="find/:typed", component=screen(Find, one.find)),
            ft.Route(path="days", component=screen(Days, one.review)),
            ft.Route(path="days/:day", component=screen(Days, one.review)),
            ft.Route(path="days/:day/e/:entry", component=screen(Days, one.review)),
            ft.Route(path="register/people", component=screen(People, one.register)),
            ft.Route(path="register/people/:code", component=screen(People, one.register)),
            ft.Route(path="register/:table/:record/entries", component=screen(NamingPage, one.register)),
            ft.Route(path="register/places", component=screen(Places, one.register)),
            ft.Route(path="register/scenes", component=screen(Scenes, one.register)),
            ft.Route(path="register/codes", component=screen(Codes, one.register)),
            ft.Route(path="archive", component=screen(Archive, one.archive)),
            ft.Route(path="archive/copies", component=screen(CopiesPage, one.archive)),
            ft.Route(path="archive/conflicts", component=screen(Conflicts, one.conflicts)),
            ft.Route(path="archive/conflicts/:record/:field", component=screen(ConflictPage, one.conflicts)),
            ft.Route(path="sync", component=screen(Synced, one.sync)),
            ft.Route(path="device", component=screen(Device, one.device)),
        ],
        [],
    )
    outer = ft.use_memo(lambda: [ft.Route(component=framed(journeys), outlet=True, children=routes)], [])
    home = ft.use_memo(lambda: screen(Home, one), [])
    return ft.Router(outer, not_found=home)


@ft.component
def Home(journeys: Journeys, shell: Shell) -> ft.Control:
    """Any other address leads home; that of a laptop's code to the question whether to pair."""
    route = unquote(journeys.window.page.route)

    async def on() -> None:
        if is_hubs_code(route):
            await journeys.sync.opened(route)
        else:
            journeys.window.go(journeys.window.home)

    ft.use_effect(on, [route])
    return ft.Container(expand=True, bgcolor=shell.look.surface)


def framed(journeys: Journeys) -> Any:
    @ft.component
    def Layout() -> ft.Control:
        inside: Any = ft.use_route_outlet()
        route = ft.use_route_location()
        journeys.rows.landing.arrived(route)
        if not inside or (journeys.window.desk.work is None and not route.startswith(WITHOUT_A_STUDY)):
            return Home(journeys, journeys.window.shell)
        return Layers(journeys, journeys.window.shell, inside, route)

    return Layout


@ft.component
def _probe(journeys: Journeys) -> ft.Control:
    """A letter behind everything, to see how large the system shows letters."""

    def sized(event: Any) -> None:
        journeys.window.shell.scale = max(1.0, min(2.0, round(event.height / BODY.line, 2)))

    letter = ft.Container(text("0", BODY, "#00000000"), on_size_change=sized)
    return ft.Semantics(content=ft.Row([letter], tight=True), hidden=True, exclude_semantics=True)


Probe = memo(_probe)


@ft.component
def Layers(journeys: Journeys, shell: Shell, inside: Any, route: str) -> ft.Control:
    """The screen in its frame, and over it a sheet or the camera."""
    probe = Probe(journeys)
    if route.startswith("/welcome"):
        bare = ft.SafeArea(ft.Container(inside, expand=True, bgcolor=shell.look.surface), expand=True)
        return ft.Stack([probe, bare], expand=True)
    if shell.covered in (HIDE, SHOW):
        # Nothing of the screen is drawn below: it can be neither reached by a key nor read aloud.
        return ft.Stack([probe, AloneLayer(journeys.alone, shell)], expand=True)
    over: list[ft.Control] = [SheetLayer(journeys, shell)]
    if shell.covered:
        over = [AloneLayer(journeys.alone, shell)]
    elif shell.sheet == "erased":
        over = [ErasedScreen(journeys.erase, shell)]
    elif shell.sheet == "sketch":
        over = [SketchScreen(journeys.photo, shell)]
    camera = CameraLayer(journeys.photo, shell, journeys.photo.taking)
    return ft.Stack([probe, Frame(journeys, shell, inside, route), *over, camera], expand=True)
