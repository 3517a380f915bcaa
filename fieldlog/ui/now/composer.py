"""The composer: the field, what stands beside it, microphone and camera. Nothing here moves under the thumb."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import KINDS
from fieldlog.ui.field.state import Field, Kept
from fieldlog.ui.memo.state import Live
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.now.rail import Rail
from fieldlog.ui.parts.basics import asks, icon_target, memo, quiet, strip, strip_action, tagged, text
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.theme import CAPTURE, META, MICROPHONE, WRITE, Look, text_style
from fieldlog.ui.window.state import Shell


@ft.component
def Composer(journey: NowJourney, shell: Shell) -> ft.Control:
    """Rail, field and controls; in a window that only reads, a strip that says so."""
    if not shell.writes:
        return _Reading(journey, shell)
    return ft.Column(
        [
            Rail(journey, shell, journey.field.state, journey.rows.stream),
            FieldBox(journey, shell.language, shell.look_name, shell.mirrored, journey.field.state),
            KeptLine(journey, shell, journey.field.kept),
            Controls(journey, shell, journey.field.state, journey.memo.live),
        ],
        spacing=0,
        tight=True,
    )


def _Reading(journey: NowJourney, shell: Shell) -> ft.Control:
    words, look = journey.words, shell.look
    said = words("Read-only here: FieldLog is open in another window.")
    here = strip_action("now-write-here", words("Write here"), look, lambda _: journey.window.write_here())
    return strip("now-reading", said, look, here)


@ft.component
def _FieldBox(journey: NowJourney, language: str, look_name: str, mirrored: bool, field: Field) -> ft.Control:
    """The field. It keeps its own text while one types: it is drawn anew only when a text was sent."""
    words, look = journey.words, journey.window.shell.look
    box = ft.TextField(
        value=journey.field.typing.text,
        hint_text=words("What is happening?"),
        multiline=True,
        min_lines=1,
        max_lines=5,
        autofocus=not journey.window.shell.sheet,
        on_change=lambda e: journey.field.typed(e.control.value),
        expand=True,
        text_style=text_style(WRITE, look.words),
        hint_style=text_style(WRITE, look.outline),
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=15),
        **quiet(look),
    )
    journey.field.box = box

    ft.use_effect(journey.field.focus_again, [])

    away = icon_target(
        "now-send",
        ft.Icons.ARROW_UPWARD,
        words("Send"),
        journey.field.send,
        size=look.target,
        color=look.fill_ink,
        bgcolor=look.fill,
        border=look.fill_border,
    )
    return ft.Container(
        ft.Row(
            handed([tagged("now-field", box, expand=True), away], mirrored),
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.END,
        ),
        padding=ft.Padding.symmetric(horizontal=12),
    )


FieldBox = memo(_FieldBox)


def handed(row: list[ft.Control], mirrored: bool) -> list[ft.Control]:
    """A row for the right hand, or mirrored for the left."""
    return row[::-1] if mirrored else row


@ft.component
def KeptLine(journey: NowJourney, shell: Shell, kept: Kept) -> ft.Control:
    """When the open text was last put on the disk. Always 17 high, so that nothing jumps."""
    return tagged(
        "now-kept",
        ft.Container(
            text(kept.words, META, shell.look.meta, lines=1),
            height=shell.look.grown(20),
            padding=ft.Padding.only(left=28, top=2),
        ),
        kept.words or journey.words("Nothing is open"),
    )


EDGE, NARROWEST, WIDEST = 16, 2, 12
"""Beside and between the round buttons, in dp: on a small phone they move together, and none is cut."""


@ft.component
def Controls(journey: NowJourney, shell: Shell, field: Field, live: Live) -> ft.Control:
    """More at the left; camera and microphone at the right, always in the same place. The left hand mirrors it."""
    words, look = journey.words, shell.look

    async def record(_: ft.ControlEvent) -> None:
        await journey.memo.toggle()

    def more(_: ft.ControlEvent) -> None:
        field.strip = "" if field.strip == "more" else "more"

    mic_label = words("Stop recording") if live.on else words("Record a voice memo")
    controls = [
        icon_target(
            "now-more",
            ft.Icons.ADD,
            words("More kinds of entry, files"),
            more,
            size=CAPTURE,
            color=look.words,
            border=look.hairline,
        ),
        *[_quick(journey, look, field, n) for n in range(len(journey.field.buttons))],
        ft.Container(expand=True),
        icon_target(
            "now-camera",
            ft.Icons.NO_PHOTOGRAPHY_OUTLINED if live.unseen else ft.Icons.PHOTO_CAMERA_OUTLINED,
            words("Camera"),
            lambda _: journey.photo.open(),
            size=CAPTURE,
            color=look.words,
            border=look.hairline,
        ),
        icon_target(
            "now-mic",
            _mic_icon(live),
            mic_label,
            record,
            size=MICROPHONE,
            color=look.primary,
            bgcolor=look.primary_container,
            icon_size=32,
        ),
    ]
    round_ones = CAPTURE * (len(controls) - 2) + MICROPHONE
    gap = (shell.width - 2 * EDGE - round_ones) // (len(controls) - 1)
    return ft.Container(
        ft.Row(handed(controls, shell.mirrored), spacing=max(NARROWEST, min(WIDEST, gap))),
        height=84,
        padding=ft.Padding.symmetric(horizontal=EDGE),
    )


def _mic_icon(live: Live) -> ft.IconData:
    """Struck where sound is not agreed to here; a tap tells why, and how to go on."""
    if live.on:
        return ft.Icons.STOP
    return ft.Icons.MIC_OFF_OUTLINED if live.barred else ft.Icons.MIC_NONE_OUTLINED


def _quick(journey: NowJourney, look: Look, field: Field, n: int) -> ft.Control:
    """A quick button: one tap makes the text a quote, counts one more, or whatever was chosen for it."""
    kind, words = journey.field.buttons[n], journey.words
    chosen = field.chips.kind == kind
    label = words("Count one more") if kind == "count" else words(KINDS[kind])
    return icon_target(
        f"now-quick-{n + 1}",
        KIND_ICONS[kind],
        label,
        asks(journey.take.quick, kind),
        size=CAPTURE,
        color=look.on_primary_container if chosen else look.words,
        bgcolor=look.primary_container if chosen else None,
        border=look.hairline,
    )
