"""Welcome: a new study in one page, the practice month, or what comes from elsewhere. Writing begins within a
minute."""

from __future__ import annotations

from typing import Any

import flet as ft

from fieldlog.ui.device.actions import DeviceJourney
from fieldlog.ui.device.practice import PracticeStrip
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import (
    Wish,
    asks,
    button,
    card,
    chip,
    icon_target,
    page_column,
    row_target,
    tagged,
    text,
)
from fieldlog.ui.parts.theme import BODY, DAY, HEAD, LABEL, META, TITLE
from fieldlog.ui.window.state import Shell

LANGUAGES = (("en", "English"), ("zh", "中文"))


@ft.component
def Welcome(journey: DeviceJourney, shell: Shell) -> ft.Control:
    words, look = journey.words, shell.look
    busy, set_busy = ft.use_state("")

    async def sample(_: ft.ControlEvent) -> None:
        set_busy(words("Bringing in the practice month"))
        await journey.studies.bring_sample()
        set_busy("")

    choices = [
        _choice(
            "welcome-new",
            ft.Icons.EDIT_NOTE_OUTLINED,
            words("New study"),
            words("A title is enough; the rest can wait."),
            shell,
            lambda _: journey.window.go(journey.pocket.installed.before("/welcome/new")),
        ),
        _choice(
            "welcome-sample",
            ft.Icons.CALENDAR_MONTH_OUTLINED,
            words("Look at the practice month"),
            words("A fictional micro-drama crew, 28 production days. Try anything."),
            shell,
            sample,
        ),
        *_from_elsewhere(journey, shell),
    ]
    top: list[ft.Control] = [ft.Container(Languages(journey, shell), expand=True)]
    if journey.window.desk.work is not None:
        back = icon_target(
            "welcome-back", ft.Icons.CLOSE, words("Back"), lambda _: journey.window.go("/now"), color=look.words
        )
        top.append(back)
    inside: list[ft.Control] = [
        PracticeStrip(journey, shell, False),
        ft.Row(top),
        text("FieldLog", DAY, look.words),
        text(words("Notes, voice memos and photos of a production, by production day."), BODY, look.words),
        text(words("It works without a network. What is kept is on this device."), LABEL, look.meta),
        *choices,
    ]
    if busy:
        inside += [text(busy, LABEL, look.meta), ft.ProgressBar(color=look.primary, bgcolor=look.high)]
    inside.append(Studies(journey, shell))
    return page_column(*inside, spacing=16)


def _from_elsewhere(journey: DeviceJourney, shell: Shell) -> list[ft.Control]:
    """What was written elsewhere comes in: a file, another device's study, and where there are folders also one of
    these."""
    words, folders = journey.words, journey.archive.outbox.doorway is None
    bring_in = _choice(
        "welcome-bring-in",
        ft.Icons.MOVE_TO_INBOX_OUTLINED,
        words("Bring in a backup"),
        words("A file from your phone or from somebody else.")
        if folders
        else words("A file from another device: its study goes on here."),
        shell,
        lambda _: journey.window.go(journey.pocket.installed.before("/welcome/bring-in")),
    )
    join = _choice(
        "welcome-join",
        ft.Icons.SYNC_ALT,
        words("Join a study"),
        words("From a laptop of yours by its code, or from a folder or a server."),
        shell,
        lambda _: journey.window.go(journey.pocket.installed.before("/welcome/join")),
    )
    if not folders:
        return [join, bring_in]
    return [
        join,
        bring_in,
        _choice(
            "welcome-restore",
            ft.Icons.SETTINGS_BACKUP_RESTORE,
            words("Restore from an archive folder"),
            words("A study that was archived comes back."),
            shell,
            lambda _: journey.window.go("/welcome/restore"),
        ),
    ]


def _choice(identifier: str, icon: ft.IconData, said: str, more: str, shell: Shell, wish: Wish) -> ft.Control:
    look = shell.look
    inside = ft.Row(
        [
            ft.Icon(icon, size=24, color=look.primary),
            ft.Column([text(said, HEAD, look.words), text(more, META, look.meta)], spacing=0, expand=True),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24, color=look.meta),
        ],
        spacing=16,
    )
    framed = row_target(identifier, inside, look, wish)
    return ft.Container(framed, border=ft.Border.all(1, look.hairline), border_radius=12, bgcolor=look.lowest)


@ft.component
def Studies(journey: DeviceJourney, shell: Shell) -> ft.Control:
    """The studies on this device, but for the one that is open; they are looked for when this is shown."""
    words, look = journey.words, shell.look
    found, show = ft.use_state(tuple(journey.studies.studies))

    async def look_around() -> None:
        await journey.studies.look_around()
        show(tuple(journey.studies.studies))

    ft.use_effect(look_around, [])
    rows: list[ft.Control] = []
    for place, one in enumerate(found):

        async def open_it(_: ft.ControlEvent, study: str = one.id) -> None:
            await journey.studies.open_study(study)

        said = words.many("{n} entry", "{n} entries", one.entries)
        inside = ft.Column([text(one.title, HEAD, look.words, lines=2), text(said, META, look.meta)], spacing=0)
        rows.append(row_target(f"study-{place}", inside, look, open_it))
    head = [text(words("On this device"), HEAD, look.meta)] if rows else []
    return ft.Column([*head, *rows], horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def Languages(journey: DeviceJourney, shell: Shell) -> ft.Control:
    chips = [
        chip(
            f"language-{name}",
            said,
            shell.look,
            asks(journey.look.speak, name),
            chosen=shell.language == name,
        )
        for name, said in LANGUAGES
    ]
    return ft.Row(chips, spacing=8)


@ft.component
def NewStudy(journey: DeviceJourney, shell: Shell) -> ft.Control:
    """Five fields, of which only the first is required."""
    words, look = journey.words, shell.look
    usual = {
        "title": "",
        "researcher": "R1",
        "zone": journey.studies.proposed_zone(),
        "first": journey.window.today().isoformat(),
        "days": "28",
    }
    half = use_half(journey.window, "study/new", usual, before_study=True)
    problem, set_problem = ft.use_state("")

    async def begin(_: ft.ControlEvent) -> None:
        wrong = await journey.studies.begin_study({name: half[name] for name in usual})
        set_problem(wrong)
        if not wrong:
            half.let_go()

    def one(name: str, label: str, **more: Any) -> ft.Control:
        return kept_field(f"study-{name}", label, look, half, name, **more)

    back = icon_target(
        "study-back", ft.Icons.ARROW_BACK, words("Back"), lambda _: journey.window.go("/welcome"), color=look.words
    )
    number = ft.KeyboardType.NUMBER
    # It may be about any of the fields, and names what it is about.
    wrong = [tagged("study-wrong", text(problem, BODY, look.fault), live_region=True)] if problem else []
    return page_column(
        ft.Row([back, text(words("New study"), TITLE, look.words)], spacing=8),
        card(
            look,
            one("title", words("Title, or a working title"), autofocus=True, on_submit=begin),
            one("researcher", words("You are (initials)")),
            one("zone", words("Time zone")),
            one("first", words("First production day"), keyboard=ft.KeyboardType.DATETIME),
            one("days", words("How many days"), keyboard=number),
        ),
        *wrong,
        ft.Row([button("study-begin", words("Start writing"), look, begin, filled=True)]),
    )
