"""Find: the field, its filters, a bar for each day, the rows; on a laptop what they can be narrowed by, and the
entry."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import flet as ft

from fieldlog.ui.entry.screen import EntryPane
from fieldlog.ui.find.actions import FindJourney
from fieldlog.ui.find.narrow import narrowings
from fieldlog.ui.find.rows import found_rows
from fieldlog.ui.find.state import Finding, Result
from fieldlog.ui.parts.basics import chip, field, icon_target, keyed, memo, tagged, text, where
from fieldlog.ui.parts.layout import wrapped
from fieldlog.ui.parts.theme import BODY, HEAD, LABEL, META, RAIL, Look
from fieldlog.ui.pictures.days_bars import day_at, days_bars
from fieldlog.ui.pictures.drawn import canvas
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import Words

MARGIN, COUNTS, ROWS = 16, 236, 472
"""Beside the page; how wide counts and rows are on a laptop."""

EXAMPLES = (
    "day:PD03..PD05", "person:P07", "type:TN", "kind:voice", "code:labour", "-is:left", "late:2h", "has:photo",
)  # fmt: skip


@ft.component
def Find(journey: FindJourney, shell: Shell, typed: str = "") -> ft.Control:
    """`typed` is a query in the address, to begin with."""
    ft.use_effect(lambda: journey.begin(unquote(typed)), [typed])
    return _Find(journey, shell, journey.finding)


@ft.component
def _Find(journey: FindJourney, shell: Shell, finding: Finding) -> ft.Control:
    look, words, result = shell.look, journey.words, finding.result
    head = ft.Container(
        ft.Column([_field(journey, shell, finding), *_filters(journey, look, finding)], spacing=4, tight=True),
        padding=ft.Padding.only(left=MARGIN, right=MARGIN, top=8, bottom=4),
    )
    if not shell.laptop:
        width = shell.width - (0 if shell.phone else max(RAIL, look.grown(64)) + 1)
        counted = _counted(journey, look, words, result, width - 2 * MARGIN)
        return ft.Column([head, *counted, found_rows(journey, shell, finding)], spacing=0, expand=True)
    left = ft.ListView(
        [*_counted(journey, look, words, result, COUNTS - 2 * MARGIN), *narrowings(journey, look, result)],
        width=COUNTS,
    )
    line = ft.Border(right=ft.BorderSide(1, look.hairline))
    read: ft.Control = ft.Container(expand=True)
    opened = finding.opened or (result.rows[0].id if result.rows else "")
    if opened:
        read = ft.Container(keyed(EntryPane, opened, journey.entry, shell, opened), expand=True)
    panes: list[ft.Control] = [
        ft.Container(left, border=line),
        ft.Container(found_rows(journey, shell, finding), width=ROWS, border=line),
        read,
    ]
    return ft.Column(
        [head, ft.Row(panes, spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.START)],
        spacing=0, expand=True,
    )  # fmt: skip


def _field(journey: FindJourney, shell: Shell, finding: Finding) -> ft.Control:
    """It keeps what is typed; it is made anew where it is given something."""
    look, words = shell.look, journey.words
    typing = keyed(_Typing, f"given-{finding.given}", journey, look, words)
    clear = icon_target(
        "find-clear", ft.Icons.CLOSE, words("Clear"), lambda _: journey.ask(""), size=look.target, color=look.meta
    )
    return ft.Row([ft.Container(typing, expand=True), *([clear] if finding.typed else [])], spacing=4)


@ft.component
def _typing(journey: FindJourney, look: Look, words: Words) -> ft.Control:
    """Not drawn anew with each answer, which would overtake what is typed meanwhile."""
    return field(
        "find-field", words("Find in all notes, names and codes"), look, value=journey.finding.typed,
        on_change=journey.typed, autofocus=True,
    )  # fmt: skip


_Typing = memo(_typing)


def _filters(journey: FindJourney, look: Look, finding: Finding) -> list[ft.Control]:
    """The filters that are asked for, each to be taken off; how Chinese is compared; what nobody knows."""
    words, result = journey.words, finding.result

    def off(typed: str) -> Callable[[ft.ControlEvent], None]:
        return lambda _: journey.ask(typed)

    chips: list[ft.Control] = [
        chip(f"find-off-{n}", one.words, look, off(one.typed), chosen=True, icon=ft.Icons.CLOSE,
             tag=words("Without {filter}", filter=one.words))
        for n, one in enumerate(result.chips)
    ]  # fmt: skip
    if any(sign > "\u2e7f" for sign in finding.typed):
        chips.append(
            chip(
                "find-fold", words("traditional = simplified"), look, lambda _: journey.fold(), chosen=finding.fold
            )
        )
    found: list[ft.Control] = [wrapped(chips)] if chips else []
    return [*found, *(text(one, META, look.attention) for one in result.said)]


def _counted(journey: FindJourney, look: Look, words: Words, result: Result, width: float) -> list[ft.Control]:
    """How many, on how many of the days, and a bar for each of them; a tap looks at that day alone."""
    if not journey.finding.typed.strip():
        return [_empty(journey, look)]
    days = journey.days()
    on = words.many("{n} day", "{n} days", len(days))
    said = words("{n} found on {days} of {all}", n=result.total, days=len(result.days), all=on)
    told: list[ft.Control] = [tagged("find-count", text(said, HEAD, look.words), said, live_region=True)]
    if result.total:
        told.append(_bars(journey, look, result, width, said))
    order = words("oldest first") if journey.finding.oldest else words("newest first")
    if result.total > 1:
        told.append(ft.Row([chip("find-order", order, look, lambda _: journey.turn())]))
    return [ft.Container(ft.Column(told, spacing=4, tight=True), padding=ft.Padding.symmetric(horizontal=MARGIN))]


def _bars(journey: FindJourney, look: Look, result: Result, width: float, said: str) -> ft.Control:
    days = journey.days()
    drawn = canvas(days_bars(days, dict(result.days), look, width, said))

    async def tap(event: ft.TapEvent[ft.GestureDetector]) -> None:
        at = where(event)
        day = day_at(days, at.x, width) if at else None
        if day is not None:
            journey.of_day(day.date)

    by_day = {one.date: one.code for one in days}
    spoken = ", ".join(f"{by_day.get(date, date)} {n}" for date, n in result.days)
    return tagged("find-days", ft.GestureDetector(drawn, on_tap_up=tap), spoken)


def _empty(journey: FindJourney, look: Look) -> ft.Control:
    """What can be asked, to be tapped."""
    words = journey.words
    said = words("Words are found as they stand, in any script. A quoted phrase is one word; - leaves out.")
    chips = [chip(f"find-example-{n}", one, look, _adds(journey, one)) for n, one in enumerate(EXAMPLES)]
    can = text(words("Filters can be combined."), LABEL, look.meta)
    inside = ft.Column([text(said, BODY, look.meta), wrapped([*chips]), can], spacing=12, tight=True)
    return ft.Container(inside, padding=MARGIN)


def _adds(journey: FindJourney, example: str) -> Callable[[ft.ControlEvent], None]:
    return lambda _: journey.narrow(example)
