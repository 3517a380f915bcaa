"""What the rail shows in its place: the choices of the chip that was tapped."""

from __future__ import annotations

from datetime import timedelta

import flet as ft

from fieldlog.model.called import CERTAINTY, KINDS, NOTE_TYPES, PRECISIONS, SPEECH, TAKE_RESULTS
from fieldlog.ui.field.state import Field
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.parts.basics import asks, chip, rail_height, text
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.theme import META, Look
from fieldlog.ui.words.times import BACKS

TYPE_CHIPS = ("ON", "TN", "MN", "PN")
KIND_CHIPS = ("quote", "question", "ethics", "count", "fieldnote", "memo")


def bare_words(words: str, look: Look, ink: str) -> ft.Control:
    """Words among the chips, as high as they are; bare, a row that wraps draws a fault in their place."""
    return ft.Container(
        text(words, META, ink), padding=ft.Padding.symmetric(vertical=(rail_height(look) - 17) / 2)
    )


def _times(journey: NowJourney, look: Look, field: Field) -> list[ft.Control]:
    words, said, compose = journey.words, field.chips, journey.field
    about = chip(
        "now-time-about", words(PRECISIONS["about"]), look, asks(compose.about), chosen=said.precision == "about"
    )
    backs: list[ft.Control] = [
        chip(
            f"now-time-{seconds}",
            words(name),
            look,
            asks(compose.earlier, timedelta(seconds=seconds)),
            chosen=said.at is None and said.back == timedelta(seconds=seconds),
        )
        for seconds, name in BACKS
    ]
    yesterday = chip(
        "now-time-yesterday", words("yesterday"), look, lambda _: journey.window.open_sheet("yesterday")
    )
    other = chip(
        "now-time-other",
        words("other"),
        look,
        lambda _: journey.window.open_sheet("time"),
        chosen=said.at is not None,
    )
    return [*backs, about, yesterday, other]


def _types(journey: NowJourney, look: Look, field: Field) -> list[ft.Control]:
    return [
        chip(
            f"now-type-{name}",
            journey.words(NOTE_TYPES[name]),
            look,
            asks(journey.field.choose, note_type=name),
            chosen=field.chips.note_type == name,
            color=look.types.get(name),
            icon=ft.Icons.LOCK_OUTLINED if name == "PN" else None,
        )
        for name in TYPE_CHIPS
    ]


def _speech(journey: NowJourney, look: Look, field: Field) -> list[ft.Control]:
    return [
        chip(
            f"now-speech-{name}",
            journey.words(said),
            look,
            asks(journey.field.choose, speech=name),
            chosen=field.chips.speech == name,
        )
        for name, said in SPEECH.items()
    ]


def _certainty(journey: NowJourney, look: Look, field: Field) -> list[ft.Control]:
    none = field.chips.certainty
    return [
        chip(
            f"now-certainty-{name}",
            journey.words(said),
            look,
            asks(journey.field.choose, certainty=None if none == name else name),
            chosen=none == name,
        )
        for name, said in CERTAINTY.items()
    ]


def _takes(journey: NowJourney, look: Look, field: Field) -> list[ft.Control]:
    head = bare_words(f"{field.chips.scene} · {field.chips.take}", look, look.words)
    return [
        head,
        *(
            chip(f"now-take-{name}", journey.words(said), look, asks(journey.take.mark_take, name))
            for name, said in TAKE_RESULTS.items()
        ),
    ]


def _more(journey: NowJourney, look: Look, field: Field) -> list[ft.Control]:
    words, compose = journey.words, journey.field
    kinds: list[ft.Control] = [
        chip(
            f"now-kind-{name}",
            words(KINDS[name]),
            look,
            asks(compose.as_kind, name),
            icon=KIND_ICONS[name],
            chosen=field.chips.kind == name,
        )
        for name in KIND_CHIPS
    ]
    figure = chip(
        "now-figure",
        words(KINDS["figure"]),
        look,
        lambda _: journey.window.open_sheet("figure"),
        icon=KIND_ICONS["figure"],
    )
    ready = [
        chip(f"now-template-{n}", template, look, asks(compose.insert, template), icon=ft.Icons.NOTES)
        for n, template in enumerate(journey.field.templates)
    ]
    return [
        figure,
        *kinds,
        chip("now-paper", words(KINDS["paper"]), look, asks(journey.photo.pick), icon=KIND_ICONS["paper"]),
        chip("now-files", words("Files"), look, asks(journey.photo.pick), icon=ft.Icons.ATTACH_FILE),
        chip("now-sketch", words("Sketch"), look, lambda _: journey.photo.sketch(), icon=ft.Icons.DRAW_OUTLINED),
        chip("now-paste", words("Paste"), look, asks(compose.paste), icon=ft.Icons.CONTENT_PASTE),
        *ready,
        chip(
            "now-quick",
            words("Buttons and templates"),
            look,
            lambda _: journey.window.open_sheet("quick"),
            icon=ft.Icons.TUNE,
        ),
    ]


STRIPS = {
    "time": _times,
    "type": _types,
    "speech": _speech,
    "certainty": _certainty,
    "take": _takes,
    "more": _more,
}
"""What lies over the rail, by the name of the strip."""
