"""The app: windows on the desk, and their routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldlog.services.desk import Desk
from fieldlog.services.machine.bundled import assets
from fieldlog.ui.alone.layer import AloneLayer
from fieldlog.ui.archive.screens import Archive, CopiesPage
from fieldlog.ui.device.screen import Device
from fieldlog.ui.device.welcome import NewStudy, Welcome
from fieldlog.ui.erase.sheet import ErasedScreen
from fieldlog.ui.frame import Frame
from fieldlog.ui.now.screen import Now
from fieldlog.ui.parts.basics import memo, text
from fieldlog.ui.parts.theme import BODY, FONTS
from fieldlog.ui.photo.camera import CameraLayer
from fieldlog.ui.photo.draw_screen import SketchScreen
from fieldlog.ui.pocket.install_screen import Install
from fieldlog.ui.register.lists_screen import Codes, Places, Scenes
from fieldlog.ui.register.naming_screen import NamingPage
from fieldlog.ui.register.people_screen import People
from fieldlog.ui.register.person_screen import PersonPage
from fieldlog.ui.review.days_screen import Days
from fieldlog.ui.sheets import SheetLayer
from fieldlog.ui.window.flet_insides import guard, guard_connections
from fieldlog.ui.window.state import HIDE, SHOW, Shell
from fieldlog.ui.window.window import Window

WINDOW = "fieldlog.window"
NOWHERE = (None, "", "/")
"""Addresses that name no screen."""


def asgi(desk: Desk) -> Any:
    """The app as an ASGI application, to be mounted under a secret path by whoever serves it."""
    from flet_web.fastapi import app as flet_app

    async def main(page: ft.Page) -> None:
        await open_window(page, desk)

    guard_connections()

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


async def open_window(page: ft.Page, desk: Desk) -> Window:
    """A new tab: everything it shows, and how it hears of the rest."""
    window = Window(page, desk)
    page.session.store.set(WINDOW, window)
    guard(page, window.failed)
    page.title, page.fonts, page.padding, page.spacing = "FieldLog", FONTS, 0, 0

    def resized(event: ft.PageResizeEvent) -> None:
        window.resized(event.width, event.height)

    async def left(_: Any) -> None:
        await window.disconnect()

    async def key(event: ft.KeyboardEvent) -> None:
        await window.key(event)

    def turned(event: ft.Event[Any]) -> None:
        # The browser tells it as a bare word, whatever type Flet's handler says.
        window.dressing.system_turned(event.data == ft.Brightness.DARK.value)

    page.on_resize, page.on_disconnect, page.on_close = resized, left, left
    page.on_connect = lambda _: window.connect()
    page.on_keyboard_event, page.on_platform_brightness_change = key, turned
    await window.dressing.like()
    window.connect()
    if page.route in NOWHERE:
        # Home is what is drawn first, not found out by way of an empty screen and the browser's answer.
        page.route = window.home
        page.navigate(window.home)
    page.render(App, window)
    return window


@ft.component
def App(window: Window) -> ft.Control:
    """The routes. The frame stays while the screen inside it changes."""

    def screen(part: Callable[..., ft.Control]) -> Callable[[], ft.Control]:
        def routed() -> ft.Control:
            return part(window, window.shell, **ft.use_route_params())

        return ft.component(routed)

    routes: list[ft.Route] = ft.use_memo(
        lambda: [
            ft.Route(path="welcome", component=screen(Welcome)),
            ft.Route(path="welcome/new", component=screen(NewStudy)),
            ft.Route(path="welcome/home", component=screen(Install)),
            ft.Route(path="now", component=screen(Now)),
            ft.Route(path="days", component=screen(Days)),
            ft.Route(path="days/:day", component=screen(Days)),
            ft.Route(path="days/:day/e/:entry", component=screen(Days)),
            ft.Route(path="register/people", component=screen(People)),
            ft.Route(path="register/people/:code", component=screen(PersonPage)),
            ft.Route(path="register/:table/:record/entries", component=screen(NamingPage)),
            ft.Route(path="register/places", component=screen(Places)),
            ft.Route(path="register/scenes", component=screen(Scenes)),
            ft.Route(path="register/codes", component=screen(Codes)),
            ft.Route(path="archive", component=screen(Archive)),
            ft.Route(path="archive/copies", component=screen(CopiesPage)),
            ft.Route(path="device", component=screen(Device)),
        ],
        [],
    )
    outer = ft.use_memo(lambda: [ft.Route(component=framed(window), outlet=True, children=routes)], [])
    home = ft.use_memo(lambda: screen(Home), [])
    return ft.Router(outer, not_found=home)


@ft.component
def Home(window: Window, shell: Shell) -> ft.Control:
    """Any other address leads home."""
    ft.use_effect(lambda: window.go(window.home), [])
    return ft.Container(expand=True, bgcolor=shell.look.surface)


def framed(window: Window) -> Any:
    @ft.component
    def Layout() -> ft.Control:
        inside: Any = ft.use_route_outlet()
        route = ft.use_route_location()
        window.landing.arrived(route)
        if not inside:
            return Home(window, window.shell)
        return Layers(window, window.shell, inside, route)

    return Layout


@ft.component
def _probe(window: Window) -> ft.Control:
    """A letter behind everything, to see how large the system shows letters."""

    def sized(event: Any) -> None:
        window.shell.scale = max(1.0, min(2.0, round(event.height / BODY.line, 2)))

    letter = ft.Container(text("0", BODY, "#00000000"), on_size_change=sized)
    return ft.Semantics(content=ft.Row([letter], tight=True), hidden=True, exclude_semantics=True)


Probe = memo(_probe)


@ft.component
def Layers(window: Window, shell: Shell, inside: Any, route: str) -> ft.Control:
    """The screen in its frame, and over it a sheet or the camera."""
    probe = Probe(window)
    if route.startswith("/welcome"):
        bare = ft.SafeArea(ft.Container(inside, expand=True, bgcolor=shell.look.surface), expand=True)
        return ft.Stack([probe, bare], expand=True)
    if shell.covered in (HIDE, SHOW):
        # Nothing of the screen is drawn below: it can be neither reached by a key nor read aloud.
        return ft.Stack([probe, AloneLayer(window, shell)], expand=True)
    over: list[ft.Control] = [SheetLayer(window, shell)]
    if shell.covered:
        over = [AloneLayer(window, shell)]
    elif shell.sheet == "erased":
        over = [ErasedScreen(window, shell)]
    elif shell.sheet == "sketch":
        over = [SketchScreen(window, shell)]
    camera = CameraLayer(window, shell, window.eye.taking)
    return ft.Stack([probe, Frame(window, shell, inside, route), *over, camera], expand=True)
