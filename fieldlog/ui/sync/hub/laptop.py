"""This laptop's side: the switch, the code with its steps, and the devices that are paired."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import asks, button, card, field, icon_target, keyed, tagged, text
from fieldlog.ui.parts.qr import qr_picture
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, TARGET
from fieldlog.ui.sync.hub.actions import HubJourney
from fieldlog.ui.sync.hub.state import HubState
from fieldlog.ui.sync.hub.views import STEPS, STEPS_BY_LINK, PairedRow
from fieldlog.ui.window.state import Shell


@ft.component
def HubCard(journey: HubJourney, shell: Shell, state: HubState) -> ft.Control:
    """Whether others may come; where to; who may."""
    words, look, on = journey.words, shell.look, state.stands == "on"
    said = {
        "begins": words("Getting ready"), "ends": words("Ending"),
        "off": words("Over the same Wi-Fi or a hotspot, and only devices that you paired. It ends with the app."),
    }  # fmt: skip
    told = state.told if on else (said[state.stands],)
    inside: list[ft.Control] = [_switch(journey, shell, state)]
    inside += [
        tagged(f"hub-told-{n}", text(one, LABEL, look.meta, selectable=True), one) for n, one in enumerate(told)
    ]
    if state.problem:
        inside.append(
            tagged("hub-problem", text(state.problem, LABEL, look.fault, selectable=True), state.problem)
        )
    if state.used and not state.code:
        inside.append(tagged("hub-used", text(state.used, BODY, look.primary), state.used))
    if on and not state.code:
        show = button(
            "hub-show", words("Pair a device"), look, lambda _: journey.show_code(), filled=True,
            icon=ft.Icons.QR_CODE_2,
        )  # fmt: skip
        inside.append(ft.Row([show]))
    inside += _devices(journey, shell, state)
    return card(look, *inside)


def _switch(journey: HubJourney, shell: Shell, state: HubState) -> ft.Control:
    words, look = journey.words, shell.look
    said = words("Let my phone and other computers reach this one")

    async def turned(event: ft.Event[ft.Switch]) -> None:
        await journey.turn(on=bool(event.control.value))

    face = ft.Switch(
        value=state.stands in ("on", "begins"), on_change=turned, active_color=look.primary, height=TARGET,
        disabled=state.stands in ("begins", "ends"),
    )  # fmt: skip
    return ft.Row([text(said, HEAD, look.words, expand=True), tagged("hub-switch", face, said)], spacing=12)


# -- pairing


@ft.component
def CodeCard(journey: HubJourney, shell: Shell, state: HubState) -> ft.Control:
    """The code as a square and as text, how long it is good, and three steps."""
    words, look = journey.words, shell.look
    close = icon_target(
        "hub-close", ft.Icons.CLOSE, words("Close"), lambda _: journey.close_code(), color=look.words
    )
    copy = ft.IconButton(
        icon=ft.Icons.CONTENT_COPY_OUTLINED, icon_color=look.primary, width=look.target, height=look.target,
        tooltip=words("Copy the code"), action=ft.CopyToClipboard(state.code),
    )  # fmt: skip
    steps = STEPS_BY_LINK if state.app else STEPS
    more = words("Another code")
    return card(
        look,
        ft.Row([text(words("Pair a device"), HEAD, look.words, expand=True), close]),
        qr_picture("hub-code", state.code, words("QR code that pairs one device")),
        _left(state, shell),
        *[_step(n, words(one), shell) for n, one in enumerate(steps, 1)],
        ft.Row(
            [
                tagged("hub-text", text(state.code, META, look.words, selectable=True), state.code, expand=True),
                tagged("hub-copy", copy, words("Copy the code"), button=True),
            ],
            spacing=8,
        ),
        ft.Row([button("hub-again", more, look, lambda _: journey.show_code())]),
        keyed(_AppField, "app", journey, shell, state),
        _no_way(journey, shell),
    )  # fmt: skip


def _left(state: HubState, shell: Shell) -> ft.Control:
    told = tagged("hub-left", text(state.left, META, shell.look.meta), state.left)
    return ft.Row([told], alignment=ft.MainAxisAlignment.CENTER)


def _step(n: int, said: str, shell: Shell) -> ft.Control:
    look = shell.look
    number = ft.Container(text(str(n), HEAD, look.primary), width=look.grown(24))
    return ft.Row(
        [number, text(said, LABEL, look.words, expand=True)], spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )  # fmt: skip


def _no_way(journey: HubJourney, shell: Shell) -> ft.Control:
    look = shell.look
    said = journey.words(
        "Hotel and university Wi-Fi often keeps devices apart. Then turn on the phone’s own hotspot and join it "
        "with this laptop, or hand over a backup as a file."
    )
    icon = ft.Icon(ft.Icons.WIFI_OFF_OUTLINED, size=20, color=look.meta)
    return ft.Row([icon, text(said, META, look.meta, expand=True)], spacing=12)


@ft.component
def _AppField(journey: HubJourney, shell: Shell, state: HubState) -> ft.Control:
    """Where FieldLog for the phone is: with it the camera leads there at once."""
    words, typed = journey.words, ft.use_ref(state.app)

    def type_(value: str) -> None:
        typed.current = value

    async def keep() -> None:
        await journey.let_app_be_at(typed.current or "")

    label = words("Web address of the app on the phone")
    why = words("If you know it: then the phone’s camera opens the app at once.")
    return ft.Column(
        [
            text(why, META, shell.look.meta),
            field(
                "hub-app", label, shell.look, value=state.app, on_change=type_, on_submit=asks(keep),
                error=state.app_problem or None, keyboard=ft.KeyboardType.URL,
            ),
            ft.Row([button("hub-app-keep", words("Save"), shell.look, asks(keep))]),
        ],
        spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )  # fmt: skip


# -- devices


def _devices(journey: HubJourney, shell: Shell, state: HubState) -> list[ft.Control]:
    if not state.devices:
        return []
    look = shell.look
    rows = [_device(journey, shell, state, row, n) for n, row in enumerate(state.devices)]
    return [
        ft.Divider(height=1, color=look.hairline),
        text(journey.words("Paired devices"), HEAD, look.words),
        *rows,
    ]


def _device(journey: HubJourney, shell: Shell, state: HubState, row: PairedRow, n: int) -> ft.Control:
    words, look = journey.words, shell.look
    ink = look.meta if row.revoked else look.words
    head: list[ft.Control] = [
        ft.Icon(ft.Icons.DEVICES_OUTLINED, size=24, color=ink),
        ft.Column(
            [text(row.name, HEAD, ink, lines=2), text(row.told, META, look.meta, lines=2)], spacing=0, expand=True
        ),
    ]
    if not row.revoked and state.asked != row.id:
        take = icon_target(
            f"hub-revoke-{n}", ft.Icons.KEY_OFF_OUTLINED, words("Take back the key of {name}", name=row.name),
            lambda _: journey.ask_back(row.id), color=look.meta,
        )  # fmt: skip
        head.append(take)
    lines: list[ft.Control] = [ft.Row(head, spacing=12)]
    if state.asked == row.id:
        question = words(
            "Take back the key of {name}? It is let in no more until it is paired anew. What it has stays there.",
            name=row.name,
        )
        actions = [
            button("hub-revoke-yes", words("Take it back"), look, asks(journey.take_back)),
            button("hub-revoke-no", words("Not now"), look, lambda _: journey.leave_asking()),
        ]
        lines += [text(question, LABEL, look.words), ft.Row(actions, wrap=True, spacing=8, run_spacing=8)]
    return tagged(f"hub-device-{n}", ft.Column(lines, spacing=8), f"{row.name}, {row.told}")
