"""The sheets of the chips: people, codes, place, and the time something was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import flet as ft

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.study.typed_times import told
from fieldlog.ui.field.kept_field import kept_field, use_half
from fieldlog.ui.field.state import Field
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.parts.basics import asks, button, chip, field, sheet_head, text
from fieldlog.ui.parts.layout import sheet_column, wrapped
from fieldlog.ui.parts.theme import LABEL, META
from fieldlog.ui.register.choices import Choice
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.times import date_words

HOURS = tuple(range(6, 30))
"""The hours of a production day as the crew counts them."""

DAYS_BACK = 7


@ft.component
def PeopleSheet(journey: NowJourney, shell: Shell, said: Field) -> ft.Control:
    """Who an entry is about: those present first, then whoever is found."""
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")
    refused, refuse = ft.use_state("")
    chosen = journey.register.choices.named(said.chips.people)
    offered = {
        one.id: one
        for one in [*chosen, *journey.register.choices.present(), *journey.register.choices.people(typed)]
    }

    async def pick(one: Choice) -> None:
        if one.declined and one.id not in said.chips.people:
            refuse(one.words)
        else:
            refuse("")
            journey.field.toggled("people", one.id)

    async def someone() -> None:
        refuse("")
        record = await journey.register.someone()
        if record:
            journey.field.toggled("people", record)

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
    new = chip("pick-new", words("New person"), look, lambda _: journey.field.meet(), icon=ft.Icons.ADD)
    told = []
    if refused:
        sentence = words("{name} has declined. Write of someone instead?", name=refused)
        told = [text(sentence, LABEL, look.attention)]
    return sheet_column(
        sheet_head(words("People"), words("Close"), look, asks(journey.field.done)),
        field("people-find", words("Code, name or role"), look, value=typed, on_change=type_),
        wrapped([*people, anyone, new]),
        *told,
        button("people-done", words("Done"), look, asks(journey.field.done), filled=True),
    )


@ft.component
def CodesSheet(journey: NowJourney, shell: Shell, said: Field) -> ft.Control:
    """What an entry is about: codes used lately first, then those found; a new word is a new code."""
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")
    offered = list(dict.fromkeys([*said.chips.codes, *journey.register.choices.codes(typed)]))

    async def pick(code: str) -> None:
        journey.field.toggled("codes", code)

    codes = [
        chip(f"code-{code}", code, look, asks(pick, code), chosen=code in said.chips.codes) for code in offered
    ]
    fresh = typed.strip()
    new: list[ft.Control] = []
    if fresh and fresh not in offered:
        new = [chip("code-new", words("New code: {name}", name=fresh), look, asks(pick, fresh), icon=ft.Icons.ADD)]
    return sheet_column(
        sheet_head(words("Codes"), words("Close"), look, asks(journey.field.done)),
        field("codes-find", words("Find or make a code"), look, value=typed, on_change=type_),
        wrapped([*codes, *new]),
        button("codes-done", words("Done"), look, asks(journey.field.done), filled=True),
    )


@ft.component
def PlaceSheet(journey: NowJourney, shell: Shell) -> ft.Control:
    """Where it was, if not where the session is."""
    words, look = journey.words, shell.look
    typed, type_ = ft.use_state("")

    async def pick(place: str | None) -> None:
        journey.window.close_sheet()
        await journey.field.choose(place=place)

    places = [
        chip(f"place-{one.words.split()[0]}", one.words, look, asks(pick, one.id))
        for one in journey.register.choices.places(typed)
    ]
    usual = journey.rows.stream.place
    said = words("As the session: {place}", place=usual) if usual else words("No place")
    return sheet_column(
        sheet_head(words("Place"), words("Close"), look, asks(journey.field.done)),
        field("place-find", words("Code or name"), look, value=typed, on_change=type_),
        wrapped([chip("place-session", said, look, asks(pick, None)), *places]),
    )


def time_sheet(days_back: int) -> Callable[..., ft.Control]:
    """The sheet that asks when it was, with a day chosen already."""

    @ft.component
    def TimeSheet(journey: NowJourney, shell: Shell) -> ft.Control:
        return _TimeSheet(journey, shell, days_back)

    return TimeSheet


@ft.component
def _TimeSheet(journey: NowJourney, shell: Shell, days_back: int) -> ft.Control:
    """A day, and about which hour; or the minute, typed."""
    words, look = journey.words, shell.look
    back, go_back = ft.use_state(days_back)
    wrong, say_wrong = ft.use_state("")
    half = use_half(journey.window, "time/new", {"exact": ""})
    today = date.fromisoformat(journey.rows.stream.date or journey.window.today().isoformat())
    day = today - timedelta(days=back)
    zone = ZoneInfo(journey.window.zone)

    async def take(at: datetime, precision: str) -> None:
        journey.field.at(at, precision)
        await journey.field.focus()

    async def typed(_: ft.ControlEvent) -> None:
        try:
            found = told(
                half["exact"], journey.window.zone, on=day.isoformat(), boundary_hour=journey.window.boundary_hour
            )
        except NotUnderstood as refusal:
            say_wrong(words.told(refusal))
            return
        half.let_go()
        journey.field.at(found.at, found.precision, found.day)
        await journey.field.focus()

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
        sheet_head(words("When was it?"), words("Close"), look, asks(journey.field.done)),
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
