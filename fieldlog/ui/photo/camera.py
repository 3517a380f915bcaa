"""The camera over the whole screen: shutter, flash, other camera, the photo taken last. It stays for more."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.ui.parts.basics import asks, icon_target, memo, strip, strip_action, tagged, text
from fieldlog.ui.parts.theme import CAPTURE, LABEL, MICROPHONE
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.photo.state import Taking
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import later

WHITE, BLACK, GREY = "#FFFFFF", "#000000", "#B1BEC4"
SHOWN_SECONDS = 0.3
"""A camera must be on the page before it can be woken."""

CONTROLS_BESIDE = 1.3
"""A screen so much wider than high has the controls beside the picture."""

HERE, BESIDE = ft.Offset(0, 0), ft.Offset(1, 0)
"""In screens. Moving it is all that may be done to a camera that goes on: hidden or faded it begins anew."""

FLASH_ICONS = {
    "off": (ft.Icons.FLASH_OFF, later("Flash off")),
    "auto": (ft.Icons.FLASH_AUTO, later("Flash by itself")),
    "on": (ft.Icons.FLASH_ON, later("Flash on")),
}


@ft.component
def CameraLayer(journey: PhotoJourney, shell: Shell, taking: Taking) -> ft.Control:
    """The camera, or nothing. Put away, it is gone from sight at once, and stays until it has delivered: a camera
    that leaves the page takes with it the picture that was just pressed for."""
    if shell.sheet != "camera" and not taking.leaving:
        return ft.Container(width=0, height=0)
    return ft.Container(CameraSheet(journey, shell), expand=True, offset=BESIDE if taking.leaving else HERE)


@ft.component
def CameraSheet(journey: PhotoJourney, shell: Shell) -> ft.Control:
    """Picture and controls."""
    beside = shell.width > shell.height * CONTROLS_BESIDE
    parts: list[ft.Control] = [Viewfinder(journey), Shutter(journey, shell, journey.taking, beside)]
    stretch = ft.CrossAxisAlignment.STRETCH
    whole: ft.Control = (
        ft.Row(parts, spacing=0, expand=True, vertical_alignment=stretch)
        if beside
        else ft.Column(parts, spacing=0, expand=True, horizontal_alignment=stretch)
    )
    told = ft.Column(
        [Notice(journey, shell), HeldStrip(journey, shell, journey.taking, over_camera=True)], spacing=0
    )
    over = ft.Stack([whole, told], fit=ft.StackFit.EXPAND, expand=True)
    return ft.Container(ft.SafeArea(over, expand=True), bgcolor=BLACK, expand=True)


@ft.component
def Notice(journey: PhotoJourney, shell: Shell) -> ft.Control:
    """What is not as it should be, over the picture's upper edge."""

    def settle(_: ft.ControlEvent) -> None:
        shell.notice = ""

    if not shell.notice:
        return ft.Container(height=0)
    action = strip_action("camera-notice", journey.words("OK"), shell.look, settle)
    return ft.Column([strip("camera-strip", shell.notice, shell.look, action)], tight=True)


@ft.component
def HeldStrip(journey: PhotoJourney, shell: Shell, taking: Taking, *, over_camera: bool = False) -> ft.Control:
    """Photos that could not be saved, and why; it stays until they are, whatever else is said.

    Over the camera it has other names: the same strip stands below it.
    """
    words = journey.words
    if not taking.held:
        return ft.Container(height=0)
    said = words.many(
        "{n} photo is held in this window only. Leave it open: saving is tried again and again.",
        "{n} photos are held in this window only. Leave it open: saving is tried again and again.",
        taking.held,
    )
    again = asks(journey.shots.settle)
    action = strip_action("camera-again" if over_camera else "photos-again", words("Try now"), shell.look, again)
    return strip("camera-held" if over_camera else "photos-held", f"{said} {taking.why}", shell.look, action)


@ft.component
def _viewfinder(journey: PhotoJourney) -> ft.Control:
    """Never drawn anew: a camera that leaves the page goes to sleep."""
    return ft.Container(journey.camera, expand=True, alignment=ft.Alignment.CENTER)


Viewfinder = memo(_viewfinder)


@ft.component
def Shutter(journey: PhotoJourney, shell: Shell, taking: Taking, beside: bool) -> ft.Control:
    words, eye = journey.words, journey

    async def begin() -> None:
        opened = eye.opened
        await asyncio.sleep(SHOWN_SECONDS)
        is_ready = await eye.begin()
        if is_ready or eye.opened != opened or shell.sheet != "camera":
            return
        journey.window.close_sheet()
        shell.notice = words("No camera answers here. Choose a picture instead.")
        await eye.pick()

    ft.use_effect(begin, [])
    ft.on_unmounted(eye.left)

    said = words("Nothing is taken yet") if taking.ready else words("The camera wakes up")
    if taking.taken:
        said = words.many("{n} photo kept", "{n} photos kept", taking.taken)
    if taking.waiting:
        said = words.many("{n} is being kept", "{n} are being kept", taking.waiting)
    if taking.held:
        said = words.many("{n} is not kept yet", "{n} are not kept yet", taking.held)
    shutter = icon_target(
        "camera-shutter",
        ft.Icons.CIRCLE,
        words("Take the photo"),
        asks(eye.shoot),
        size=MICROPHONE,
        color=WHITE if taking.ready else GREY,
        icon_size=56,
        border=WHITE,
    )
    away = icon_target(
        "camera-close",
        ft.Icons.CLOSE,
        words("Close the camera"),
        asks(eye.close),
        size=CAPTURE,
        color=WHITE,
        border=WHITE,
    )
    first, second = [away, _flash(journey, taking)], [_flip(journey, taking), _last(journey, taking)]
    told = tagged("camera-count", ft.Container(text(said, LABEL, WHITE), alignment=ft.Alignment.CENTER))
    even = ft.MainAxisAlignment.SPACE_BETWEEN
    if beside:
        column = ft.Column(
            [*first, told, shutter, ft.Container(height=LABEL.line), *second],
            alignment=even,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        return ft.Container(column, width=160, padding=16)
    row = ft.Row([*first, shutter, *second], alignment=even)
    return ft.Column(
        [told, ft.Container(row, padding=ft.Padding.only(left=16, right=16, top=4, bottom=16))],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def _flash(journey: PhotoJourney, taking: Taking) -> ft.Control:
    """Where there is no flash its place stays empty: nothing moves under the thumb."""
    if taking.flash not in FLASH_ICONS:
        return ft.Container(width=CAPTURE, height=CAPTURE)
    icon, said = FLASH_ICONS[taking.flash]
    return icon_target(
        "camera-flash", icon, journey.words(said), asks(journey.flash), size=CAPTURE, color=WHITE, border=WHITE
    )


def _flip(journey: PhotoJourney, taking: Taking) -> ft.Control:
    if taking.ready and taking.cameras < 2:
        return ft.Container(width=CAPTURE, height=CAPTURE)
    return icon_target(
        "camera-flip",
        ft.Icons.CAMERASWITCH_OUTLINED,
        journey.words("Other camera"),
        asks(journey.flip),
        size=CAPTURE,
        color=WHITE,
        border=WHITE,
    )


def _last(journey: PhotoJourney, taking: Taking) -> ft.Control:
    """The photo taken last; a tap opens its entry."""
    if not taking.last:
        return ft.Container(width=CAPTURE, height=CAPTURE)
    thumb = ft.Image(
        src=journey.window.media(f"thumb/{taking.last}"),
        width=CAPTURE,
        height=CAPTURE,
        fit=ft.BoxFit.COVER,
        border_radius=8,
        cache_width=CAPTURE * 3,
        gapless_playback=True,
        error_content=ft.Icon(ft.Icons.IMAGE_OUTLINED, size=24, color=GREY),
        exclude_from_semantics=True,
    )
    face = ft.Container(thumb, on_click=asks(journey.open_last), border_radius=8, border=ft.Border.all(1, WHITE))
    return tagged("camera-last", face, journey.words("The photo taken last"), button=True)
