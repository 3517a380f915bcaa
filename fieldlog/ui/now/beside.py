"""Beside the stream on a laptop: who is here and what they agreed to, and the scene with its takes."""

from __future__ import annotations

import flet as ft

from fieldlog.model.called import CONSENT_LETTERS, TAKE_RESULTS
from fieldlog.ui.day.day_views import Here
from fieldlog.ui.day.state import Today
from fieldlog.ui.field.state import Field
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.parts.basics import asks, button, chip, icon_target, row_target, tagged, text
from fieldlog.ui.parts.layout import square, wrapped
from fieldlog.ui.parts.theme import DAY, HEAD, LABEL, META, Look
from fieldlog.ui.register.list_parts import MARKS, answer_words
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes

BESIDE = 252
SHOWN_TAKES = 6
SCOPES = ("notes", "audio", "photo")
"""In the order of `Here.answers`."""


@ft.component
def Beside(journey: NowJourney, shell: Shell, stream: Stream, today: Today, field: Field) -> ft.Control:
    _, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    inside = _here(journey, shell.look, today)
    if stream.shooting or field.chips.scene:
        inside += _pad(journey, shell.look, field.chips.scene or "")
    return ft.Container(
        ft.ListView(inside, padding=ft.Padding.symmetric(vertical=16)),
        width=BESIDE,
        border=ft.Border(left=ft.BorderSide(1, shell.look.hairline)),
    )


def _here(journey: NowJourney, look: Look, today: Today) -> list[ft.Control]:
    """Who is in the session; a tap opens their page."""
    words = journey.words
    head = ft.Row([text(words("Here"), HEAD, look.words, expand=True)], spacing=0)
    more = button(
        "beside-more", words("Somebody else"), look, lambda _: journey.window.open_sheet("may"),
        icon=ft.Icons.PERSON_ADD_ALT_OUTLINED,
    )  # fmt: skip
    add = [_padded(ft.Row([more]))] if today.session else []
    if not today.here:
        return [_padded(head), _padded(text(words("Nobody named yet."), LABEL, look.meta)), *add]
    letters = [text(words(CONSENT_LETTERS[scope]), META, look.meta, lines=1) for scope in SCOPES]
    head.controls += [_mark(letter, look) for letter in letters]
    groups = journey.register.groups()
    return [_padded(head), *(_person(journey, look, one, groups.get(one.code, "")) for one in today.here), *add]


def _person(journey: NowJourney, look: Look, one: Here, group: str) -> ft.Control:
    answers = dict(zip(SCOPES, one.answers, strict=True))
    ink = look.meta if one.declined else look.words
    inside = ft.Row(
        [
            square(look, group, 12),
            ft.Container(
                text(one.words, LABEL, ink, lines=1, struck=one.declined),
                expand=True,
                padding=ft.Padding.symmetric(horizontal=8),
            ),
            *(_mark(ft.Icon(MARKS[said], size=12, color=ink), look) for said in one.answers),
        ],
        spacing=0,
    )
    told = ", ".join(answer_words(scope, said, journey.words) for scope, said in answers.items())
    way = f"/register/people/{one.code}"
    return row_target(
        f"beside-{one.code}",
        inside,
        look,
        lambda _: journey.window.go(way),
        height=48,
        label=f"{one.words}. {told}",
    )


def _pad(journey: NowJourney, look: Look, scene: str) -> list[ft.Control]:
    """The scene between its neighbours, how the next take went, and the takes, the latest first."""
    words, slate = journey.words, journey.take.slate

    def beside(step: int) -> None:
        if code := slate.neighbour(scene, step):
            journey.take.scene(code)

    said = words("Scene {scene}", scene=scene or "–")
    shown = ft.Container(
        text(scene or "–", DAY, look.words, lines=1),
        alignment=ft.Alignment.CENTER,
        height=max(look.target, look.grown(40)),
        on_click=lambda _: journey.window.open_sheet("scene"),
    )
    before, after = words("The scene before"), words("The scene after")
    head = ft.Row(
        [
            icon_target("pad-before", ft.Icons.CHEVRON_LEFT, before, lambda _: beside(-1), color=look.words),
            tagged("pad-scene", shown, said, button=True, expand=True),
            icon_target("pad-after", ft.Icons.CHEVRON_RIGHT, after, lambda _: beside(1), color=look.words),
        ],
        spacing=0,
    )
    line = ft.Container(ft.Container(height=1, bgcolor=look.hairline), padding=ft.Padding.symmetric(vertical=12))
    if not scene:
        return [_padded(line), _padded(head)]
    results: list[ft.Control] = [
        chip(f"pad-take-{name}", words(label), look, asks(journey.take.take, name),
             tag=f"{words('next take')} · {words(label)}")
        for name, label in TAKE_RESULTS.items()
        if name != "false-start"
    ]  # fmt: skip
    takes = [
        ft.Row(
            [
                text(words("take {n}", n=one["take"]), LABEL, look.words, expand=True),
                text(words(TAKE_RESULTS.get(one.get("result") or "", "")), META, look.meta),
            ]
        )
        for one in slate.takes(scene)[-SHOWN_TAKES:][::-1]
    ]
    told: list[ft.Control] = [*takes] or [text(words("No take yet."), LABEL, look.meta)]
    return [_padded(one) for one in (line, head, wrapped(results), *told)]


def _padded(inside: ft.Control) -> ft.Control:
    return ft.Container(inside, padding=ft.Padding.symmetric(horizontal=16))


def _mark(inside: ft.Control, look: Look) -> ft.Control:
    return ft.Container(inside, width=look.grown(20), alignment=ft.Alignment.CENTER)
