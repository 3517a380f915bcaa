"""Sheets of pictures: what speaks against a photo here, how far files are that come in; the location switch."""

from __future__ import annotations

import flet as ft

from fieldlog.services.capture.permission import Objection
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, card, sheet_head, tagged, text
from fieldlog.ui.parts.layout import sheet_column
from fieldlog.ui.parts.theme import LABEL, META, TARGET
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.photo.state import Taking
from fieldlog.ui.window.state import Shell


@ft.component
def PhotoConsentSheet(journey: PhotoJourney, shell: Shell, taking: Taking) -> ft.Control:
    """Who has not agreed to be photographed, and the reason that is kept where one photographs all the same."""
    words, look = journey.words, shell.look
    half = use_half(journey.window, "reason/photo", {"reason": taking.given})
    missing, miss = ft.use_state(False)

    async def anyway() -> None:
        if half["reason"].strip():
            half.let_go()
            journey.open_anyway(half["reason"])
        else:
            miss(True)

    async def instead() -> None:
        journey.window.close_sheet()
        await journey.field.focus()

    blocked = any(one.blocks for one in taking.objections)
    inside: list[ft.Control] = [
        sheet_head(words("Photos here"), words("Close"), look, asks(instead)),
        *(text(objection_words(journey, one), LABEL, look.words) for one in taking.objections),
    ]
    if blocked:
        inside.append(text(words("With a minor in the session no photo is taken."), LABEL, look.attention))
    else:
        inside += [
            text(words("If that has changed, write how; it is kept with the photo."), LABEL, look.meta),
            kept_field(
                "photo-reason",
                words("Why, and who said so"),
                look,
                half,
                "reason",
                error=words("A reason is needed; it is kept with the photo.") if missing else None,
                lines=2,
            ),
            button("photo-anyway", words("Photograph, with a reason"), look, asks(anyway)),
        ]
    inside.append(button("photo-note", words("Write a note instead"), look, asks(instead), filled=True))
    return sheet_column(*inside)


def objection_words(journey: PhotoJourney, one: Objection) -> str:
    """What speaks against a photo, as a sentence."""
    words = journey.words
    name = one.name_zh if words.chinese else one.name
    said = {
        "session": words("In this session photos are not agreed."),
        "declined": words("{name} has declined to be photographed.", name=name),
        "not-agreed": words("{name} has not agreed to be photographed.", name=name),
        "minor": words("{name} is a minor.", name=name),
    }
    return said[one.kind]


@ft.component
def FilesSheet(journey: PhotoJourney, shell: Shell, taking: Taking) -> ft.Control:
    """How many files have come in, and a sentence for each that is not as it should be."""
    words, look = journey.words, shell.look
    over = taking.done >= taking.total
    said = words("{done} of {total} files", done=taking.done, total=taking.total)
    bar = ft.ProgressBar(
        value=taking.done / max(1, taking.total), color=look.primary, bgcolor=look.high, semantics_label=said
    )
    close = asks(journey.field.done)
    inside: list[ft.Control] = [
        sheet_head(words("Files come in"), words("Close"), look, close),
        tagged("files-progress", ft.Column([text(said, LABEL, look.words), bar], spacing=8, tight=True), said),
        *(text(one, LABEL, look.words) for one in taking.refused),
    ]
    if taking.refused:
        inside.insert(2, text(words("All others are kept. Of these:"), META, look.meta))
    if over:
        inside.append(button("files-done", words("Done"), look, close, filled=True))
    return sheet_column(*inside)


@ft.component
def LocationSwitch(journey: PhotoJourney, shell: Shell) -> ft.Control:
    return _LocationSwitch(journey, shell, journey.taking)


@ft.component
def _LocationSwitch(journey: PhotoJourney, shell: Shell, taking: Taking) -> ft.Control:
    """Whether the entry page shows where a photo was taken. FieldLog itself asks for no position."""
    words, look = journey.words, shell.look

    ft.use_effect(journey.like, [])

    async def turned(event: ft.Event[ft.Switch]) -> None:
        await journey.show_positions(bool(event.control.value))

    face = ft.Switch(value=taking.location, on_change=turned, active_color=look.primary, height=TARGET)
    switch = tagged("device-location", face, words("Where photos were taken"))
    told = words(
        "Shows the position that a photo brings along. FieldLog asks for none; an original keeps what it says."
    )
    row = ft.Row([text(told, LABEL, look.meta, expand=True), switch], spacing=12)
    return card(look, row, title=words("Where photos were taken"))
