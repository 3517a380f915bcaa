"""Register › People: who is here under which name, what they do, and what they agreed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from fieldlog.model.called import CONSENT_ANSWERS, CONSENT_STATES, Called
from fieldlog.services.register.people import PersonRow
from fieldlog.ui.parts.basics import button, chip, icon_target, keyed, memo, row_target, text
from fieldlog.ui.parts.layout import square, two_panes
from fieldlog.ui.parts.theme import BODY, HEAD, META, Look
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.register.list_parts import (
    LARGE,
    SHOWN,
    listed,
    plus,
    scope_letters,
    scope_marks,
    scope_words,
    search,
    tabs,
)
from fieldlog.ui.register.person_screen import PersonPage
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.words import later

FILTERS: tuple[tuple[str, str | Called], ...] = (
    ("present", later("in this session")),
    ("ask", CONSENT_ANSWERS["ask"]),
    ("declined", later("declined or withdrawn")),
)


@ft.component
def People(journey: RegisterJourney, shell: Shell, code: str = "") -> ft.Control:
    """Phone: everybody, or one of them. Laptop: everybody at the left, one of them, at first the first, right."""
    _, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    if not shell.laptop:
        return keyed(PersonPage, code, journey, shell, code) if code else _List(journey, shell, "")
    everybody = [] if code else journey.people()
    chosen = code or (everybody[0].code if everybody else "")
    page = keyed(PersonPage, chosen, journey, shell, chosen) if chosen else ft.Container()
    return two_panes(shell.look, _List(journey, shell, chosen), page)


@ft.component
def _List(journey: RegisterJourney, shell: Shell, chosen: str) -> ft.Control:
    """What was looked for stays while somebody is read."""
    _, tell = ft.use_state(0)
    _, draw = ft.use_state(0)
    count, show = ft.use_state(SHOWN)
    use_changes(journey.window, tell)
    words, look, register, wanted = journey.words, shell.look, journey, journey.wanted

    def want(said: Mapping[str, str | bool]) -> None:
        for name, value in said.items():
            setattr(wanted, name, value)
        draw(lambda n: n + 1)

    found = _filtered(
        register.people(wanted.typed), wanted.only, register.present() if wanted.only == "present" else set()
    )
    rows: list[ft.Control] = [
        keyed(_Person, one.id, one, look, journey, shell.language, one.code == chosen) for one in found[:count]
    ]
    if len(found) > count:
        more = words.many("{n} more", "{n} more", len(found) - count)
        rows.append(ft.Row([button("people-more", more, look, lambda _: show(count + SHOWN))]))
    nothing = words("Nobody yet. A pseudonym and a role are enough; no real name belongs here.")
    if wanted.typed or wanted.only:
        nothing = words("Nobody like that.")
    head = [tabs(journey, look, "people"), *_head(journey, shell, want)]
    if found and look.scale <= LARGE:
        letters = ft.Row([scope_letters(words, look)], alignment=ft.MainAxisAlignment.END)
        head.append(letters)
    return listed(shell, head, rows, nothing, pane=shell.laptop)


def _head(
    journey: RegisterJourney, shell: Shell, want: Callable[[Mapping[str, str | bool]], None]
) -> list[ft.Control]:
    """One row: the field, the filter, the plus; below it the filters, while they are asked for or one is on."""
    words, look, wanted = journey.words, shell.look, journey.wanted
    shown = wanted.filters or bool(wanted.only)
    narrow = icon_target(
        "people-filter", ft.Icons.FILTER_LIST, words("Filter"), lambda _: want({"filters": not shown, "only": ""}),
        size=look.target, color=look.primary if shown else look.meta,
    )  # fmt: skip
    add = plus("people-add", words("Add a person"), look, lambda _: journey.open("person"))
    row = search("people-search", words, look, lambda said: want({"typed": said}), narrow, add, value=wanted.typed)
    if not shown:
        return [row]
    filters = [
        chip(
            f"people-only-{name}",
            words(said),
            look,
            lambda _, name=name: want({"only": "" if wanted.only == name else name, "filters": True}),
            chosen=wanted.only == name,
        )
        for name, said in FILTERS
    ]
    return [row, ft.Row(filters, wrap=True, spacing=8, run_spacing=0)]


def _filtered(found: list[PersonRow], only: str, present: set[str]) -> list[PersonRow]:
    if only == "present":
        return [one for one in found if one.id in present]
    if only == "ask":
        return [one for one in found if not one.declined and one.scopes["notes"] == "ask"]
    return [one for one in found if one.declined] if only == "declined" else found


@ft.component
def _person(one: PersonRow, look: Look, journey: RegisterJourney, language: str, chosen: bool) -> ft.Control:
    words = journey.words
    names = (one.pseudonym_zh, one.pseudonym) if words.chinese else (one.pseudonym, one.pseudonym_zh)
    shown = " ".join(dict.fromkeys(name for name in names if name))
    ink = look.meta if one.declined else look.words
    role = one.role_zh if words.chinese else one.role
    more = [role, one.dept, words("under 18") if one.minor else "", words("unidentified") if one.unknown else ""]
    large = look.scale > LARGE
    marks = scope_marks(one.scopes, look, ink, words if large else None)
    inside = ft.Row(
        [
            square(look, one.group),
            ft.Container(text(one.code, HEAD, ink, lines=1, struck=one.declined), width=look.grown(36)),
            ft.Column(
                [
                    text(shown, BODY, ink, lines=1, struck=one.declined),
                    text(" · ".join(part for part in more if part), META, look.meta, lines=1),
                    *([marks] if large else []),
                ],
                spacing=0,
                expand=True,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
            *([] if large else [marks]),
        ],
        spacing=8,
    )
    known = ", ".join(part for part in (f"{one.code}, {shown}", role, one.dept) if part)
    said = f"{known}. {scope_words(one.scopes, words)}"
    if one.declined:
        said = f"{said}. {words(CONSENT_STATES[one.state])}"
    return row_target(
        f"person-{one.code}",
        inside,
        look,
        lambda _: journey.window.go(f"/register/people/{one.code}"),
        height=80 if large else 64,
        label=said,
        chosen=chosen,
    )


_Person = memo(_person)
