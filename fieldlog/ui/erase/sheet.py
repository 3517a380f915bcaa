"""Erasing for good: the sheet that asks what and why, and the screen for the person who asked for it."""

from __future__ import annotations

import flet as ft

from fieldlog.services.entry.sketches import Picture
from fieldlog.ui.erase.actions import PART, REASONS, EraseJourney
from fieldlog.ui.erase.state import Erasure
from fieldlog.ui.memo.bar import RecordingBar
from fieldlog.ui.parts.basics import Wish, asks, button, chip, field, icon_target, sheet_head, tagged, text
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import BODY, LABEL, META, Look, Style
from fieldlog.ui.window.state import Shell

THUMB = 72
LARGE = Style(size=30, line=40, bold=True)
"""Read from the other side of a phone that is held out."""


def erase_row(journey: EraseJourney, shell: Shell, entry: str) -> ft.Control:
    """Where an entry's page leads to this sheet."""
    return ft.Row(
        [
            button(
                "entry-erase",
                journey.words("Erase for good…"),
                shell.look,
                lambda _: journey.begin(entry),
                icon=ft.Icons.DELETE_FOREVER_OUTLINED,
                color=shell.look.fault,
            )
        ]
    )


@ft.component
def EraseSheet(journey: EraseJourney, shell: Shell, asked: Erasure) -> ft.Control:
    """What of an entry goes, and why; one tap each, and one to do it."""
    words, look = journey.words, shell.look
    head = sheet_head(words("Erase for good"), words("Close"), look, lambda _: journey.window.close_sheet())
    shown = journey.rows.reader.entry(asked.entry)
    if shown is None:
        told = asked.told or words("This entry is not here any more.")
        return sheet_column(head, text(told, BODY, look.words))
    told = words("Words, files, history and all that was made of them go, at once. This can't be undone.")

    def because(reason: str) -> Wish:
        return lambda _: journey.because(reason)

    reasons = [
        chip(f"erase-{reason}", words(said), look, because(reason), chosen=asked.reason == reason)
        for reason, said in REASONS.items()
    ]
    refusal = [tagged("erase-told", text(asked.told, LABEL, look.fault), asked.told)] if asked.told else []
    return sheet_column(
        head,
        text(f"{shown.day}  {shown.clock} · {shown.kind_words}", LABEL, look.meta),
        text(told, BODY, look.words),
        *_parts(journey, shell, asked, has_sound=shown.sound is not None, has_text=bool(shown.text)),
        text(words("Why:"), LABEL, look.meta),
        wrapped(reasons),
        *refusal,
        button(
            "erase-do",
            words("Erase for good"),
            look,
            asks(journey.do),
            filled=True,
            enabled=bool(asked.reason) and not asked.busy,
            icon=ft.Icons.DELETE_FOREVER_OUTLINED,
        ),
    )


def _parts(
    journey: EraseJourney, shell: Shell, asked: Erasure, *, has_sound: bool, has_text: bool
) -> list[ft.Control]:
    """All of it, a part of its sound, or one of its pictures; nothing where there is only one thing."""
    words, look = journey.words, shell.look
    pictures = journey.pictures(asked.entry)
    one_by_one = len(pictures) > 1 or (bool(pictures) and (has_sound or has_text))
    if not has_sound and not one_by_one:
        return []
    chips = [chip("erase-all", words("All of it"), look, lambda _: journey.choose(""), chosen=not asked.what)]
    if has_sound:
        part = words("Only a part…")
        chips.append(chip("erase-part", part, look, lambda _: journey.choose(PART), chosen=asked.what == PART))
    parts = [wrapped(chips)]
    if asked.what == PART:
        parts.append(_span(journey, look, asked))
    if one_by_one:
        thumbs = [_picture(journey, look, asked, place, one) for place, one in enumerate(pictures, 1)]
        parts.append(ft.Row(thumbs, wrap=True, spacing=8, run_spacing=8))
    return parts


def _span(journey: EraseJourney, look: Look, asked: Erasure) -> ft.Control:
    words = journey.words

    def typed_start(value: str) -> None:
        asked.start = value

    def typed_end(value: str) -> None:
        asked.end = value

    keys = ft.KeyboardType.DATETIME
    start = field(
        "erase-from", words("From, like 1:05"), look, value=asked.start, on_change=typed_start, keyboard=keys
    )
    end = field("erase-to", words("To, like 1:20"), look, value=asked.end, on_change=typed_end, keyboard=keys)
    return ft.Column(
        [
            ft.Row([ft.Container(start, expand=True), ft.Container(end, expand=True)], spacing=8),
            text(words("That part becomes silent; the rest stays where it is."), META, look.meta),
        ],
        spacing=4,
    )


def _picture(journey: EraseJourney, look: Look, asked: Erasure, place: int, one: Picture) -> ft.Control:
    chosen = asked.what == one.id
    face = ft.Container(
        ft.Image(
            src=journey.window.media(f"thumb/{one.sha256}"),
            width=THUMB,
            height=THUMB,
            fit=ft.BoxFit.COVER,
            border_radius=8,
            error_content=ft.Icon(ft.Icons.IMAGE_OUTLINED, size=24, color=look.outline),
        ),
        border=ft.Border.all(3, look.primary if chosen else look.hairline),
        border_radius=11,
        on_click=lambda _: journey.choose(one.id),
    )
    label = journey.words("Only photo {n}", n=place)
    return tagged(f"erase-photo-{place}", face, label, button=True, selected=chosen)


@ft.component
def ErasedScreen(journey: EraseJourney, shell: Shell) -> ft.Control:
    """For the person standing there: that it is gone, in both languages, and where it may still lie."""
    words, look, proof = journey.words, shell.look, journey.proof
    close = icon_target(
        "erased-close", ft.Icons.CLOSE, words("Close"), lambda _: journey.window.close_sheet(), color=look.words
    )
    inside: list[ft.Control] = []
    for place, said in enumerate(proof.said if proof else (), 1):
        inside.append(tagged(f"erased-said-{place}", text(said, LARGE, look.words), said))
    if proof:
        beyond = [text(said, BODY, look.words) for said in proof.beyond]
        places = [text(one, LABEL, look.meta, selectable=True) for one in proof.places]
        lying = [text(proof.archive, LABEL, look.meta, selectable=True)] if proof.archive else []
        counted = [text(proof.counted, LABEL, look.meta)] if proof.counted else []
        inside += [tagged("erased-elsewhere", ft.Column([*beyond, *places, *lying], spacing=8)), *counted]
        if proof.archive:
            again = button(
                "erased-archive", words("Write the archive again"), look, lambda _: journey.window.go("/archive")
            )
            inside.append(ft.Row([again]))
    page = ft.Column(
        [
            ft.Row([close], alignment=ft.MainAxisAlignment.END),
            ft.Column(
                [ft.Container(ft.Column(inside, spacing=24), padding=ft.Padding.symmetric(horizontal=24))],
                scroll=ft.ScrollMode.AUTO,
                expand=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            RecordingBar(journey.memo, shell, journey.memo.live),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(ft.SafeArea(page, expand=True), bgcolor=look.surface, expand=True)
