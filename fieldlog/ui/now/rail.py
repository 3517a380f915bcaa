"""The rail beside the text: one chip for each thing that can be said of it; tapping one shows its choices."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import CERTAINTY, KINDS, NOTE_TYPES, SPEECH
from fieldlog.ui.field.state import Field
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.now.strips import STRIPS, bare_words
from fieldlog.ui.parts.basics import Wish, asks, chip, icon_target, rail_height
from fieldlog.ui.parts.icons import KIND_ICONS
from fieldlog.ui.parts.theme import Look
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import time_words


@ft.component
def Rail(journey: NowJourney, shell: Shell, field: Field, stream: Stream) -> ft.Control:
    """The chips, or in their place the choices of the one that was tapped."""
    choices = STRIPS.get(field.strip)
    if choices is not None:
        back = icon_target(
            "now-strip-close",
            ft.Icons.CHEVRON_LEFT,
            journey.words("Back"),
            _close(field),
            size=shell.look.target,
            color=shell.look.meta,
        )
        return _rail([back, *choices(journey, shell.look, field)], shell)
    return _rail(_chips(journey, shell.look, field, stream), shell)


def _close(field: Field) -> Wish:
    def close(_: ft.ControlEvent) -> None:
        field.strip = ""

    return close


def _opens(field: Field, strip: str) -> Wish:
    def show(_: ft.ControlEvent) -> None:
        field.strip = strip

    return show


def _chips(journey: NowJourney, look: Look, field: Field, stream: Stream) -> list[ft.Control]:
    words, said, compose = journey.words, field.chips, journey.field
    time = time_words(said, stream.date or "2000-01-01", journey.window.zone, words)
    name = said.note_type if said.note_type != "none" else "ON"
    private = name == "PN"
    found = [
        chip(
            "now-time",
            time,
            look,
            _opens(field, "time"),
            icon=ft.Icons.SCHEDULE,
            tag=words("When it was: {time}", time=time),
            chosen=said.at is not None or bool(said.back) or said.precision is not None,
        ),
        chip(
            "now-type",
            words(NOTE_TYPES[name]),
            look,
            _opens(field, "type"),
            chosen=name != "ON",
            icon=ft.Icons.LOCK_OUTLINED if private else None,
            tag=words("Kind of note: {kind}", kind=words(NOTE_TYPES[name])),
        ),
    ]
    if private:
        found.append(bare_words(words("stays with you"), look, look.types["PN"]))
    if said.kind != "jotting":
        count = f" · {said.count}" if said.count else ""
        found.append(
            chip(
                "now-kind",
                words(KINDS[said.kind]) + count,
                look,
                asks(compose.choose, kind="jotting", count=None),
                chosen=True,
                icon=KIND_ICONS.get(said.kind),
                tag=words("{kind}. Tap to make it a jotting again", kind=words(KINDS[said.kind])),
            )
        )
    if said.kind == "quote":
        speech = words(SPEECH[said.speech]) if said.speech else words("how kept?")
        found.append(chip("now-speech", speech, look, _opens(field, "speech"), chosen=bool(said.speech)))
    found += _slate(journey, look, field, stream)
    people = journey.register.choices.named(said.people)
    present = people or journey.register.choices.present()
    who = ", ".join(one.words for one in present[:2]) + (f" +{len(present) - 2}" if len(present) > 2 else "")
    found.append(
        chip(
            "now-people",
            who or words("People"),
            look,
            lambda _: journey.window.open_sheet("people"),
            chosen=bool(people),
            icon=ft.Icons.PERSON_OUTLINED,
            tag=words("People: {names}", names=who or words("nobody named")),
        )
    )
    codes = ", ".join(said.codes[:2]) + (f" +{len(said.codes) - 2}" if len(said.codes) > 2 else "")
    found.append(
        chip(
            "now-codes",
            codes or words("Code"),
            look,
            lambda _: journey.window.open_sheet("codes"),
            chosen=bool(said.codes),
            icon=ft.Icons.SELL_OUTLINED,
        )
    )
    place = next((one.words for one in journey.register.choices.named([said.place] if said.place else [])), "")
    found.append(
        chip(
            "now-place",
            place or stream.place or words("Place"),
            look,
            lambda _: journey.window.open_sheet("place"),
            chosen=bool(said.place),
            icon=ft.Icons.PLACE_OUTLINED,
        )
    )
    certain = words(CERTAINTY[said.certainty]) if said.certainty else words("How sure?")
    found.append(chip("now-certainty", certain, look, _opens(field, "certainty"), chosen=bool(said.certainty)))
    return found


def _slate(journey: NowJourney, look: Look, field: Field, stream: Stream) -> list[ft.Control]:
    """Scene and takes: in a shoot, and once a scene was named."""
    words, scene = journey.words, field.chips.scene
    opens = chip(
        "now-scene",
        scene or words("Scene"),
        look,
        lambda _: journey.window.open_sheet("scene"),
        chosen=bool(scene),
        icon=ft.Icons.MOVIE_OUTLINED,
        tag=words("Scene {scene}", scene=scene or ""),
    )
    if not scene:
        return [opens] if stream.shooting else []
    after = journey.take.slate.neighbour(scene, 1)
    more: list[ft.Control] = (
        [
            chip(
                "now-scene-next",
                f"{after} ›",
                look,
                lambda _: journey.take.scene(after),
                tag=words("Go on to scene {scene}", scene=after),
            )
        ]
        if after
        else []
    )
    take = words("take {n} · next take", n=field.chips.take) if field.chips.take else words("next take")
    label = words("Slate the next take of scene {scene}", scene=scene)
    return [opens, chip("now-take", take, look, asks(journey.take.take), tag=label), *more]


def _rail(chips: list[ft.Control], shell: Shell) -> ft.Control:
    """One row that scrolls under the thumb; where a mouse would have to scroll it, as many rows as it takes."""
    phone = shell.phone
    return ft.Container(
        ft.Row(
            chips,
            spacing=8,
            run_spacing=0,
            wrap=not phone,
            scroll=ft.ScrollMode.HIDDEN if phone else None,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        height=rail_height(shell.look) if phone else None,
        padding=ft.Padding.symmetric(horizontal=12),
    )
