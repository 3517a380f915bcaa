"""The composer: the field, what stands beside it, microphone and camera. Nothing here moves under the thumb."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.ui.components.basics import (
    chip,
    icon_target,
    memo,
    quiet,
    rail_height,
    strip,
    strip_action,
    tagged,
    text,
)
from fieldlog.ui.state import Field, Kept, Live, Shell
from fieldlog.ui.theme import CAPTURE, META, MICROPHONE, WRITE, Look, text_style
from fieldlog.ui.views import NOTE_TYPES
from fieldlog.ui.window import Window
from fieldlog.ui.words import later

DRAWN_SECONDS = 0.1
"""A field can take the focus once it is drawn."""

TYPE_CHIPS = (
    ("ON", later("Observed")),
    ("TN", later("Interpretation")),
    ("MN", later("Method")),
    ("PN", later("Private")),
)


@ft.component
def Composer(window: Window, shell: Shell) -> ft.Control:
    """Rail, field and controls; in a window that only reads, a strip that says so."""
    if not shell.writes:
        return _Reading(window, shell)
    return ft.Column(
        [
            Rail(window, shell, window.field),
            FieldBox(window, shell.language, shell.look_name, window.field),
            KeptLine(window, shell, window.kept),
            Controls(window, shell, window.field, window.live),
        ],
        spacing=0,
        tight=True,
    )


def _Reading(window: Window, shell: Shell) -> ft.Control:
    words, look = window.words, shell.look
    said = words("FieldLog is open in another window. This one is for reading.")
    here = strip_action("now-write-here", words("Write here instead"), look, lambda _: window.write_here())
    return strip("now-reading", said, look, here)


@ft.component
def Rail(window: Window, shell: Shell, field: Field) -> ft.Control:
    """Chips beside the text; tapping one that has choices shows them in its place."""
    words, look = window.words, shell.look
    if field.strip == "type":
        choices = [
            chip(
                f"now-type-{name}",
                words(said),
                look,
                lambda _, name=name: window.chose(note_type=name),
                chosen=field.note_type == name,
                color=look.types.get(name),
                icon=ft.Icons.LOCK_OUTLINED if name == "PN" else None,
            )
            for name, said in TYPE_CHIPS
        ]
        return _rail(choices, look)

    def open_types(_: ft.ControlEvent) -> None:
        field.strip = "type"

    quote = field.kind == "quote"
    name = field.note_type if field.note_type != "none" else "ON"
    private = name == "PN"
    chips = [
        chip(
            "now-type",
            words(NOTE_TYPES[name]),
            look,
            open_types,
            chosen=name != "ON",
            icon=ft.Icons.LOCK_OUTLINED if private else None,
            tag=words("Kind of note"),
        ),
        chip(
            "now-quote",
            words("Quote"),
            look,
            icon=ft.Icons.FORMAT_QUOTE_OUTLINED,
            chosen=quote,
            wish=lambda _: window.chose(kind="jotting" if quote else "quote"),
        ),
    ]
    if private:
        chips.append(text(words("stays with you"), META, look.types["PN"]))
    return _rail(chips, look)


def _rail(chips: list[ft.Control], look: Look) -> ft.Control:
    return ft.Container(
        ft.Row(chips, spacing=8, scroll=ft.ScrollMode.HIDDEN),
        height=rail_height(look),
        padding=ft.Padding.symmetric(horizontal=12),
    )


@ft.component
def _FieldBox(window: Window, language: str, look_name: str, field: Field) -> ft.Control:
    """The field. It keeps its own text while one types: it is drawn anew only when a text was sent."""
    words, look = window.words, window.shell.look
    box = ft.TextField(
        value=window.typing.text,
        hint_text=words("What is happening?"),
        multiline=True,
        min_lines=1,
        max_lines=5,
        on_change=lambda e: window.typed(e.control.value),
        expand=True,
        text_style=text_style(WRITE, look.words),
        hint_style=text_style(WRITE, look.outline),
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        **quiet(look),
    )
    window.box = box

    async def focus() -> None:
        # Once it is drawn, whatever was there before: a screen, a sheet, the camera.
        await asyncio.sleep(DRAWN_SECONDS)
        await window.focus()

    ft.use_effect(focus, [])

    async def send(_: ft.ControlEvent) -> None:
        await window.send()

    return ft.Container(
        ft.Row(
            [
                tagged("now-field", box, expand=True),
                icon_target(
                    "now-send",
                    ft.Icons.ARROW_UPWARD,
                    words("Send"),
                    send,
                    color=look.on_primary,
                    bgcolor=look.primary,
                ),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.END,
        ),
        padding=ft.Padding.symmetric(horizontal=12),
    )


FieldBox = memo(_FieldBox)


@ft.component
def KeptLine(window: Window, shell: Shell, kept: Kept) -> ft.Control:
    """When the open text was last put on the disk. Always 17 high, so that nothing jumps."""
    return tagged(
        "now-kept",
        ft.Container(
            text(kept.words, META, shell.look.meta, lines=1),
            height=shell.look.grown(20),
            padding=ft.Padding.only(left=28, top=2),
        ),
        kept.words or window.words("Nothing is open"),
    )


@ft.component
def Controls(window: Window, shell: Shell, field: Field, live: Live) -> ft.Control:
    """Files at the left; camera and microphone at the right, always in the same place."""
    words, look = window.words, shell.look

    async def record(_: ft.ControlEvent) -> None:
        await window.memos.toggle()

    async def pick(_: ft.ControlEvent) -> None:
        await window.pick_files()

    mic_label = words("Stop recording") if live.on else words("Record a voice memo")
    return ft.Container(
        ft.Row(
            [
                icon_target(
                    "now-more",
                    ft.Icons.ADD,
                    words("Add files"),
                    pick,
                    size=CAPTURE,
                    color=look.words,
                    border=look.hairline,
                ),
                ft.Container(expand=True),
                icon_target(
                    "now-camera",
                    ft.Icons.PHOTO_CAMERA_OUTLINED,
                    words("Camera"),
                    lambda _: window.open_camera(),
                    size=CAPTURE,
                    color=look.words,
                    border=look.hairline,
                ),
                icon_target(
                    "now-mic",
                    ft.Icons.STOP if live.on else ft.Icons.MIC_NONE_OUTLINED,
                    mic_label,
                    record,
                    size=MICROPHONE,
                    color=look.primary,
                    bgcolor=look.primary_container,
                    icon_size=32,
                ),
            ],
            spacing=12,
        ),
        height=84,
        padding=ft.Padding.symmetric(horizontal=16),
    )
