"""The form of an entry: words, kind, people in view, place, scene, codes and the time it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import flet as ft

from fieldlog.model.called import CERTAINTY, KINDS, NOTE_TYPES, PRECISIONS, SPEECH, Called
from fieldlog.services.entry.entry_form import Form
from fieldlog.services.study.half_written import Said
from fieldlog.ui.entry.actions import EntryJourney
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, card, chip, field, icon_target, text
from fieldlog.ui.parts.theme import LABEL, META
from fieldlog.ui.register.choices import Choice
from fieldlog.ui.window.state import Shell

PUBLIC = ("ON", "TN", "MN")
EDITED_KINDS = ("jotting", "fieldnote", "quote", "photo", "voice", "paper", "memo", "question", "ethics")
"""What an entry may be made. Counts, figures and marks are what they are."""

WIDE = 640
"""As wide as one reads."""

TOLD_PRECISIONS = ("exact", "minute", "about")
Change = Callable[..., None]


def scrolling(shell: Shell, *inside: ft.Control) -> ft.Control:
    """What an entry's page shows, one below the other; as wide as there is on a phone, else as one reads."""
    column = ft.Column(list(inside), spacing=16, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Column(
        [ft.Container(column, padding=16, width=None if shell.phone else WIDE)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH if shell.phone else ft.CrossAxisAlignment.START,
    )


@ft.component
def Editor(
    journey: EntryJourney, shell: Shell, entry: str, stands: Form, head: ft.Control, below: Sequence[ft.Control]
) -> ft.Control:
    """One revision: everything changed here is kept together and undone together.

    It opens with what was half written, over the entry as it `stands` by now.

    Keeping it stands above, beside the `head`, and stays there however far one scrolls; `below` is what else the
    entry's page shows.
    """
    words, look = journey.words, shell.look
    half = use_half(journey.window, f"entry/{entry}", _fields(stands))
    was, form = _form(half.was), _form(half.now)
    wrong, say_wrong = ft.use_state("")
    _, draw = ft.use_state(0)

    def change(**said: Any) -> None:
        for name, value in said.items():
            half.say(name, list(value) if isinstance(value, tuple) else value)
        draw(lambda n: n + 1)

    async def keep() -> None:
        problem = await journey.keep(entry, was, _form(half.now))
        say_wrong(problem)
        if not problem:
            half.let_go()
            journey.changing.entry = ""

    kinds = tuple(one for one in dict.fromkeys([*EDITED_KINDS, was.kind]) if one in KINDS)
    note_type = "ON" if form.note_type == "none" else form.note_type
    speech = [_choices(journey, shell, "speech", words("Speech"), SPEECH, SPEECH, form.speech, change)]
    inside: list[ft.Control] = [
        kept_field(
            "entry-field",
            words("Caption") if was.kind == "photo" else words("Words"),
            look,
            half,
            "text",
            autofocus=True,
            lines=2 if was.kind == "photo" else 4,
            most_lines=14,
        ),
        _People(journey, shell, form.people, change),
        _Place(journey, shell, form.place, change),
        kept_field("entry-scene", words("Scene: 34-2, or 342"), look, half, "scene"),
        _Codes(journey, shell, form.codes, change),
        _note_type(journey, shell, note_type, change),
        _choices(journey, shell, "kind", words("Kind"), kinds, KINDS, form.kind, change, never_none=True),
        *(speech if form.kind == "quote" else ()),
        _choices(journey, shell, "certainty", words("How sure"), CERTAINTY, CERTAINTY, form.certainty, change),
        kept_field("entry-when", words("Time it happened: 22:05, 25:41, 2025-03-16 22:05"), look, half, "when"),
        _choices(
            journey,
            shell,
            "precision",
            words("How exactly"),
            TOLD_PRECISIONS,
            PRECISIONS,
            form.precision,
            change,
            never_none=True,
        ),
    ]

    def leaves(_: ft.ControlEvent) -> None:
        journey.leave(entry, half)

    leave = icon_target("entry-cancel", ft.Icons.CLOSE, words("Cancel"), leaves, color=look.words)
    kept = button("entry-keep", words("Save"), look, asks(keep), filled=True)
    refused = [text(wrong, LABEL, look.fault)] if wrong else []
    bar = ft.Container(
        ft.Column([ft.Row([leave, head, kept], spacing=8), *refused], spacing=4),
        padding=ft.Padding.symmetric(horizontal=16, vertical=4),
        width=None if shell.phone else WIDE,
        bgcolor=look.surface,
        border=ft.Border(bottom=ft.BorderSide(1, look.hairline)),
    )
    return ft.Column(
        [bar, scrolling(shell, card(look, *inside), *below)],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH if shell.phone else ft.CrossAxisAlignment.START,
    )


def _fields(form: Form) -> dict[str, Said]:
    return {name: list(one) if isinstance(one, tuple) else one for name, one in vars(form).items()}


def _form(said: Mapping[str, Said]) -> Form:
    return Form(**{name: tuple(one) if isinstance(one, list) else one for name, one in said.items()})  # type: ignore[arg-type]


def _titled(shell: Shell, title: str, *inside: ft.Control) -> ft.Control:
    head = text(title, META, shell.look.meta)
    return ft.Column([head, *inside], spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _wrapped(chips: Iterable[ft.Control]) -> ft.Control:
    return ft.Row(list(chips), wrap=True, spacing=8, run_spacing=0)


def _choices(
    journey: EntryJourney, shell: Shell, name: str, title: str, values: Iterable[str], said: Mapping[str, Called],
    chosen: str, change: Change, *, never_none: bool = False,
) -> ft.Control:  # fmt: skip
    """Chips of which one is chosen, or none."""

    def choose(value: str) -> Callable[[ft.ControlEvent], None]:
        return lambda _: change(**{name: value if never_none or value != chosen else ""})

    chips = [
        chip(f"entry-{name}-{one}", journey.words(said[one]), shell.look, choose(one), chosen=one == chosen)
        for one in values
    ]
    return _titled(shell, title, _wrapped(chips))


def _note_type(journey: EntryJourney, shell: Shell, note_type: str, change: Change) -> ft.Control:
    words, look = journey.words, shell.look
    title = words("Kind of note")
    if note_type == "PN":
        said = words("Private stays private: it can't be made another kind of note.")
        return _titled(shell, title, text(said, LABEL, look.types["PN"]))

    def choose(value: str) -> Callable[[ft.ControlEvent], None]:
        return lambda _: change(note_type=value)

    chips = [
        chip(
            f"entry-type-{one}",
            words(NOTE_TYPES[one]),
            look,
            choose(one),
            chosen=one == note_type,
            color=look.types.get(one),
        )
        for one in PUBLIC
    ]
    return _titled(shell, title, _wrapped(chips))


@ft.component
def _People(journey: EntryJourney, shell: Shell, people: tuple[str, ...], change: Change) -> ft.Control:
    """Who is in view: those named, then those present and whoever is found. Who declined is struck through."""
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")
    refused, refuse = ft.use_state("")
    chosen = journey.register.choices.named(people)
    offered = {
        one.id: one
        for one in [*chosen, *journey.register.choices.present(), *journey.register.choices.people(typed)]
    }

    async def pick(one: Choice) -> None:
        named = one.id in people
        refuse(one.words if one.declined and not named else "")
        if named:
            change(people=tuple(other for other in people if other != one.id))
        elif not one.declined:
            change(people=(*people, one.id))

    async def someone() -> None:
        refuse("")
        record = await journey.register.someone()
        if record and record not in people:
            change(people=(*people, record))

    chips = [
        chip(
            f"entry-person-{one.words.split()[0]}",
            one.words,
            look,
            asks(pick, one),
            chosen=one.id in people,
            struck=one.declined,
        )
        for one in offered.values()
    ]
    inside: list[ft.Control] = [
        field("entry-people-find", words("Code, name or role"), look, value=typed, on_change=type_),
        _wrapped(chips),
    ]
    if refused:
        sentence = words("{name} has declined. Write of someone instead?", name=refused)
        instead = chip(
            "entry-someone", words("someone"), look, asks(someone), icon=ft.Icons.PERSON_OFF_OUTLINED
        )  # fmt: skip
        inside += [text(sentence, LABEL, look.attention), _wrapped([instead])]
    return _titled(shell, words("People in view"), *inside)


@ft.component
def _Place(journey: EntryJourney, shell: Shell, place: str, change: Change) -> ft.Control:
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")
    offered = {
        one.id: one
        for one in [
            *journey.register.choices.named([place] if place else ()),
            *journey.register.choices.places(typed),
        ]
    }

    async def pick(one: Choice) -> None:
        change(place="" if one.id == place else one.id)

    chips = [
        chip(f"entry-place-{one.words.split()[0]}", one.words, look, asks(pick, one), chosen=one.id == place)
        for one in offered.values()
    ]
    finding = field("entry-place-find", words("Code or name"), look, value=typed, on_change=type_)
    return _titled(shell, words("Place"), finding, _wrapped(chips))


@ft.component
def _Codes(journey: EntryJourney, shell: Shell, codes: tuple[str, ...], change: Change) -> ft.Control:
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")
    offered = list(dict.fromkeys([*codes, *journey.register.choices.codes(typed)]))

    async def pick(code: str) -> None:
        change(codes=tuple(one for one in codes if one != code) if code in codes else (*codes, code))

    chips = [chip(f"entry-code-{one}", one, look, asks(pick, one), chosen=one in codes) for one in offered]
    fresh = typed.strip()
    if fresh and fresh not in offered:
        said = words("New code: {name}", name=fresh)
        chips.append(chip("entry-code-new", said, look, asks(pick, fresh), icon=ft.Icons.ADD))
    finding = field("entry-codes-find", words("Find or make a code"), look, value=typed, on_change=type_)
    return _titled(shell, words("Codes"), finding, _wrapped(chips))
