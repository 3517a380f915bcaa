"""Sheets to choose from: people, codes, place, and the time something was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import flet as ft

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.study.typed_times import told
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.parts.basics import asks, button, chip, field, sheet_head, text
from fieldlog.ui.parts.theme import LABEL, META
from fieldlog.ui.register.choices import Choice
from fieldlog.ui.rows.views import date_words
from fieldlog.ui.window.state import Field, Shell
from fieldlog.ui.window.window import Window

HOURS = tuple(range(6, 30))
"""The hours of a production day as the crew counts them."""

DAYS_BACK = 7


def sheet_column(*inside: ft.Control) -> ft.Control:
    return ft.Column(list(inside), spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def wrapped(chips: list[ft.Control]) -> ft.Control:
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=0)


def done(window: Window) -> Callable[[ft.ControlEvent], object]:
    async def close(_: ft.ControlEvent) -> None:
        window.close_sheet()
        await window.compose.focus()

    return close


@ft.component
def PeopleSheet(window: Window, shell: Shell) -> ft.Control:
    return _PeopleSheet(window, shell, window.field)


@ft.component
def _PeopleSheet(window: Window, shell: Shell, said: Field) -> ft.Control:
    """Who an entry is about: those present first, then whoever is found."""
    words, look = window.words, shell.look
    typed, type_ = ft.use_state("")
    refused, refuse = ft.use_state("")
    chosen = window.pick.named(said.chips.people)
    offered = {one.id: one for one in [*chosen, *window.pick.present(), *window.pick.people(typed)]}

    async def pick(one: Choice) -> None:
        if one.declined and one.id not in said.chips.people:
            refuse(one.words)
        else:
            refuse("")
            window.compose.toggled("people", one.id)

    async def someone() -> None:
        refuse("")
        record = await window.host.someone()
        if record:
            window.compose.toggled("people", record)

    people = [
        chip(
            f"pick-{one.words.split()[0]}",
            one.words,
            look,
            asks(pick, one),
            chosen=one.id in said.chips.people,
            struck=one.declined,
            icon=None if one.asked or one.declined else ft.Icons.HELP_OUTLINE_OUTLINED,
        )
        for one in offered.values()
    ]
    anyone = chip("pick-someone", words("someone"), look, asks(someone), icon=ft.Icons.PERSON_OFF_OUTLINED)
    new = chip("pick-new", words("New person"), look, lambda _: window.compose.meet(), icon=ft.Icons.ADD)
    told = []
    if refused:
        sentence = words("{name} has declined. Write of someone instead?", name=refused)
        told = [text(sentence, LABEL, look.attention)]
    return sheet_column(
        sheet_head(words("People"), words("Close"), look, done(window)),
        field("people-find", words("Code, name or role"), look, value=typed, on_change=type_),
        wrapped([*people, anyone, new]),
        *told,
        button("people-done", words("Done"), look, done(window), filled=True),
    )


@ft.component
def CodesSheet(window: Window, shell: Shell) -> ft.Control:
    return _CodesSheet(window, shell, window.field)


@ft.component
def _CodesSheet(window: Window, shell: Shell, said: Field) -> ft.Control:
    """What an entry is about: codes used lately first, then those found; a new word is a new code."""
    words, look = window.words, shell.look
    typed, type_ = ft.use_state("")
    offered = list(dict.fromkeys([*said.chips.codes, *window.pick.codes(typed)]))

    async def pick(code: str) -> None:
        window.compose.toggled("codes", code)

    codes = [
        chip(f"code-{code}", code, look, asks(pick, code), chosen=code in said.chips.codes) for code in offered
    ]
    fresh = typed.strip()
    new: list[ft.Control] = []
    if fresh and fresh not in offered:
        new = [chip("code-new", words("New code: {name}", name=fresh), look, asks(pick, fresh), icon=ft.Icons.ADD)]
    return sheet_column(
        sheet_head(words("Codes"), words("Close"), look, done(window)),
        field("codes-find", words("Find or make a code"), look, value=typed, on_change=type_),
        wrapped([*codes, *new]),
        button("codes-done", words("Done"), look, done(window), filled=True),
    )


@ft.component
def PlaceSheet(window: Window, shell: Shell) -> ft.Control:
    """Where it was, if not where the session is."""
    words, look = window.words, shell.look
    typed, type_ = ft.use_state("")

    async def pick(place: str | None) -> None:
        window.close_sheet()
        await window.compose.choose(place=place)

    places = [
        chip(f"place-{one.words.split()[0]}", one.words, look, asks(pick, one.id))
        for one in window.pick.places(typed)
    ]
    usual = window.stream.place
    said = words("As the session: {place}", place=usual) if usual else words("No place")
    return sheet_column(
        sheet_head(words("Place"), words("Close"), look, done(window)),
        field("place-find", words("Code or name"), look, value=typed, on_change=type_),
        wrapped([chip("place-session", said, look, asks(pick, None)), *places]),
    )


def time_sheet(days_back: int) -> Callable[..., ft.Control]:
    """The sheet that asks when it was, with a day chosen already."""

    @ft.component
    def TimeSheet(window: Window, shell: Shell) -> ft.Control:
        return _TimeSheet(window, shell, days_back)

    return TimeSheet


@ft.component
def _TimeSheet(window: Window, shell: Shell, days_back: int) -> ft.Control:
    """A day, and about which hour; or the minute, typed."""
    words, look = window.words, shell.look
    back, go_back = ft.use_state(days_back)
    wrong, say_wrong = ft.use_state("")
    half = use_half(window, "time/new", {"exact": ""})
    today = date.fromisoformat(window.stream.date or window.host.today().isoformat())
    day = today - timedelta(days=back)
    zone = ZoneInfo(window.zone)

    async def take(at: datetime, precision: str) -> None:
        window.compose.at(at, precision)
        await window.compose.focus()

    async def typed(_: ft.ControlEvent) -> None:
        try:
            found = told(half["exact"], window.zone, on=day.isoformat(), boundary_hour=window.boundary_hour)
        except NotUnderstood as refusal:
            say_wrong(words.told(refusal))
            return
        half.let_go()
        window.compose.at(found.at, found.precision, found.day)
        await window.compose.focus()

    days = [
        chip(
            f"time-day-{n}",
            date_words((today - timedelta(days=n)).isoformat(), words),
            look,
            lambda _, n=n: go_back(n),
            chosen=n == back,
        )
        for n in range(DAYS_BACK)
    ]
    hours = [
        chip(f"time-hour-{hour}", f"{hour:02d}", look, asks(take, hour_on(day, hour, zone), "about"))
        for hour in HOURS
    ]
    return sheet_column(
        sheet_head(words("When was it?"), words("Close"), look, done(window)),
        ft.Row(days, spacing=8, scroll=ft.ScrollMode.HIDDEN),
        text(words("About this hour"), META, look.meta),
        wrapped(hours),
        kept_field(
            "time-exact",
            words("Or the time: 16:40, 25:10"),
            look,
            half,
            "exact",
            on_submit=typed,
            error=wrong or None,
        ),
        button("time-set", words("Set the time"), look, typed),
    )


def hour_on(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """An hour of a production day on the wall; 25 is one in the night after it."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), tzinfo=zone)
