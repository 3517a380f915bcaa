"""The bar at the top: today's on Now; on every other screen its own day or title."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldlog.services.rows.strips import Strip
from fieldlog.ui.day.state import Today
from fieldlog.ui.journeys import Journeys
from fieldlog.ui.parts.basics import Wish, asks, icon_target, tagged, text
from fieldlog.ui.parts.theme import BAR, DAY, DAY_SMALL, LABEL, LARGE, META, NIGHT_CLOCK, TITLE, Look
from fieldlog.ui.rows.landing import entry_of
from fieldlog.ui.rows.state import Stream
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes
from fieldlog.ui.words.strip_words import day_name, days_words, month_words
from fieldlog.ui.words.times import date_words
from fieldlog.ui.words.words import Words, later

TITLES = {
    "register": later("Register"), "archive": later("Archive"), "sync": later("Archive"), "find": later("Find"),
    "device": later("This device"), "welcome": "FieldLog",
}  # fmt: skip


@ft.component
def NowBar(journeys: Journeys, shell: Shell, stream: Stream, today: Today) -> ft.Control:
    """The day being worked; past midnight the crew's time, never cut. A tap opens the day's sheet."""
    look, words = shell.look, journeys.words
    what = " · ".join(part for part in (stream.type_words, stream.when if stream.planned else "") if part)
    named = stream.code if stream.planned else stream.when
    said = words("{day} wrapped", day=named) if stream.wrapped else named
    said = words("Still {day}?", day=named) if today.outlived else said
    dot: list[ft.Control] = [ft.Icon(ft.Icons.CIRCLE, size=10, color=look.attention)] if today.outlived else []
    alone = look.scale > LARGE
    title: ft.Control = text(said, DAY_SMALL if stream.planned else TITLE, look.words, lines=1, expand=alone)
    beside: ft.Control = text(what, META, look.meta, lines=1, expand=True)
    if stream.wall:
        title, beside = ft.Container(title, expand=True, expand_loose=True), _past_midnight(stream, look)
    day = ft.Container(
        ft.Row([*dot, title, *([] if alone else [beside])], spacing=12),
        height=max(BAR, look.grown(40)),
        padding=ft.Padding.only(left=16, right=8),
        on_click=lambda _: journeys.window.open_sheet("day"),
        expand=True,
    )
    hide = asks(journeys.alone.hide)
    actions = [
        *_copies(journeys, shell, stream),
        _darken(journeys, look),
        _action("now-hide", ft.Icons.VISIBILITY_OFF_OUTLINED, words("Hide"), hide, look),
    ]
    chip = tagged("now-day", day, words("{day}. The day, and its wrap", day=said), button=True, expand=True)
    return ft.Container(ft.Row([chip, *actions], spacing=0), height=max(BAR, look.grown(40)))


@ft.component
def ScreenBar(journeys: Journeys, shell: Shell, stream: Stream, route: str, back: str) -> ft.Control:
    """The screen's own title; where a day is read the day, the way back, and the days beside it.

    `back` is the address that *This device* was opened from; it lies in no destination.
    """
    _, tell = ft.use_state(0)
    use_changes(journeys.window, tell)
    look, words = shell.look, journeys.words
    first, day = _places(route)
    more = _action("more", ft.Icons.MORE_VERT, words("More"), lambda _: journeys.window.go("/device"), look)
    find = _action("find", ft.Icons.SEARCH, words("Find"), lambda _: journeys.window.go("/find"), look)
    if first == "days" and stream.date:
        strips = journeys.review.month()
        one = next((strip for strip in strips if day in (strip.code, strip.date)), None) if day else None
        if one is not None:
            beside = [*_copies(journeys, shell, stream), find, _darken(journeys, look)]
            if entry_of(route) and not shell.laptop:
                return _bar(look, [_of_entry(one, look, words)], [*beside, more])
            return _bar(look, _of_day(journeys, shell, one, strips), [*([] if shell.phone else beside), more])
        title, about = days_words(strips, words), month_words(strips, words)
    else:
        title, about = words(TITLES.get(first, "FieldLog")), ""
    inside: list[ft.Control] = [_bar_title("screen-title", title, about, look)]
    if first == "device":
        inside.insert(0, _way_back("screen-back", words("Back"), lambda _: journeys.window.go(back), look))
    found = [] if first == "find" else [find]
    # A phone has room for one of them; the look is in This device, too.
    dark = [] if shell.phone and found else [_darken(journeys, look)]
    return _bar(look, inside, [*_copies(journeys, shell, stream), *found, *dark, more])


def _places(route: str) -> tuple[str, str]:
    """The destination a route lies in, and the day it names, if it does."""
    parts = route.strip("/").split("/")
    return parts[0], parts[1] if parts[0] == "days" and len(parts) > 1 else ""


def _bar(look: Look, inside: list[ft.Control], actions: list[ft.Control]) -> ft.Control:
    return ft.Container(
        ft.Row([*inside, *actions], spacing=0),
        height=max(BAR, look.grown(44)),
        padding=ft.Padding.only(left=0 if len(inside) > 1 else 16),
    )


def _of_day(journeys: Journeys, shell: Shell, one: Strip, strips: list[Strip]) -> list[ft.Control]:
    """Back to the month, the day, and the days before and after it."""
    look, words, n = shell.look, journeys.words, strips.index(one)

    def leads(to: Strip) -> Callable[[ft.ControlEvent], None]:
        return lambda _: journeys.window.go(f"/days/{to.code}")

    back = _way_back("day-back", words("Back to the month"), lambda _: journeys.window.go("/days"), look)
    title, when = _named(one, words)
    found: list[ft.Control] = [back, _bar_title("screen-title", title, day_name(one, words), look, when)]
    for name, label, icon, at in (
        ("before", later("The day before"), ft.Icons.CHEVRON_LEFT, n - 1),
        ("after", later("The day after"), ft.Icons.CHEVRON_RIGHT, n + 1),
    ):
        if 0 <= at < len(strips):
            target = icon_target(
                f"day-{name}", icon, words(label), leads(strips[at]), size=look.target, color=look.words
            )
        else:
            target = ft.Container(width=look.target)
        found.append(target)
    return found


def _of_entry(one: Strip, look: Look, words: Words) -> ft.Control:
    """The day of an entry that is read alone; its page has the way back."""
    return _bar_title("screen-title", *_named(one, words), look)


def _named(one: Strip, words: Words) -> tuple[str, str]:
    """What a day is called, and beside that its date; outside the plan it has the date alone."""
    when = date_words(one.date, words)
    return (one.code, when) if one.numbered else (when, "")


def _way_back(identifier: str, label: str, wish: Wish, look: Look) -> ft.Control:
    return icon_target(identifier, ft.Icons.ARROW_BACK, label, wish, size=look.target, color=look.words)


def _bar_title(identifier: str, title: str, about: str, look: Look, more: str = "") -> ft.Control:
    """A title, and beside it in small words what it is about; with large letters the title alone."""
    alone = look.scale > LARGE
    large = text(title, DAY if not alone else DAY_SMALL, look.words, lines=1)
    small = [text(one, META if n or not more else LABEL, look.meta, lines=3 if not more else 1)
             for n, one in enumerate((about, more)) if one]  # fmt: skip
    beside: list[ft.Control] = []
    if small and not alone:
        beside = [ft.Column([*small], spacing=0, expand=True, alignment=ft.MainAxisAlignment.CENTER)]
    inside = ft.Row([ft.Container(large, expand=alone), *beside], spacing=12)
    return tagged(identifier, inside, header=True, expand=True)


def _past_midnight(stream: Stream, look: Look) -> ft.Control:
    """The crew's time, the wall's below it; the words beside them give way, these are never cut."""
    times: list[ft.Control] = [text(stream.clock, NIGHT_CLOCK, look.words), text(stream.wall, META, look.meta)]
    return tagged("now-clock", ft.Column(times, spacing=0, tight=True))


def _action(identifier: str, icon: ft.IconData, label: str, wish: Wish, look: Look) -> ft.Control:
    return icon_target(identifier, icon, label, wish, size=look.target, color=look.meta)


def _darken(journeys: Journeys, look: Look) -> ft.Control:
    said = journeys.words("Out of Dark set") if look.discreet else journeys.words("Dark set")
    return _action("now-look", ft.Icons.CONTRAST, said, asks(journeys.look.darken), look)


def _copies(journeys: Journeys, shell: Shell, stream: Stream) -> list[ft.Control]:
    """How many entries are not backed up; amber when the oldest has not been for more than a day."""
    if not stream.only_here:
        return []
    look, words = shell.look, journeys.words
    icon = ft.Icons.LAPTOP_OUTLINED if not shell.phone else ft.Icons.PHONE_ANDROID_OUTLINED
    ink = look.on_attention if stream.old else look.meta
    face = ft.Container(
        ft.Row(
            [ft.Icon(icon, size=18, color=ink), text(str(stream.only_here), LABEL, ink)], spacing=4, tight=True
        ),
        height=look.target,
        padding=ft.Padding.symmetric(horizontal=look.target / 4),
        alignment=ft.Alignment.CENTER,
        border_radius=8,
        bgcolor=look.attention_container if stream.old else None,
        on_click=lambda _: journeys.window.go("/sync"),
    )
    said = words.many("{n} entry not backed up", "{n} entries not backed up", stream.only_here)
    return [tagged("now-copies", face, said, button=True)]
