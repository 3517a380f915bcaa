"""Days: the month as calendar, list, score, or people by days."""

from __future__ import annotations

import flet as ft

from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.basics import text
from fieldlog.ui.parts.theme import BODY, LIST_PANE, RAIL
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.month.calendar_view import calendar
from fieldlog.ui.review.month.chosen_day import chosen_card
from fieldlog.ui.review.month.day_rows import day_rows, outside
from fieldlog.ui.review.month.score_view import score_view
from fieldlog.ui.review.month.view_chips import view_chips
from fieldlog.ui.review.state import CALENDAR, PEOPLE, ROWS, SCORE, MonthShown
from fieldlog.ui.window.state import Shell

FIRST, UNDER, NEAR = 14, 6, 800
"""So many rows of days are drawn at first, fewer under a calendar, and as many more once one is so near to their
end, in dp."""

MARGIN, MOST = 16, 640
"""A page beside which nothing stands is at most so wide."""


@ft.component
def Month(journey: ReviewJourney, shell: Shell, shown: MonthShown, beside: str, version: int) -> ft.Control:
    """The month in the view that was chosen. `beside` is the code of the day that is read at its right, if any."""
    more, show = ft.use_state(0)
    look, words = shell.look, journey.words
    strips = journey.month()
    if not strips:
        return ft.Container(text(words("No day yet. Write the first note."), BODY, look.meta), padding=24)
    view = journey.view(laptop=shell.laptop)
    narrow = shell.laptop and (view in (CALENDAR, ROWS) or bool(beside))
    width = month_width(shell, narrow=narrow)
    if narrow and view in (SCORE, PEOPLE):
        view = ROWS
    views = view_chips(journey, shell, view)
    if view in (SCORE, PEOPLE):
        return score_view(
            journey, shell, strips, width, views, with_people=view == PEOPLE or shell.laptop,
            bars=shell.laptop or view == SCORE,
        )  # fmt: skip
    inside: list[ft.Control] = [views]
    chosen = beside_date(strips, beside) or _chosen(journey, strips)

    def choose(one: Strip) -> None:
        if shell.laptop or view == ROWS:
            journey.open(one.code)
        else:
            journey.choose(one.date)

    rows: list[ft.Control] = []
    first = FIRST if view == ROWS else UNDER
    if view == ROWS or shell.laptop:
        rows = day_rows(strips, look, words, width, choose, chosen=chosen if beside else "")
    elif any(one.numbered for one in strips):
        rows = outside(strips, look, words, width, choose, chosen=chosen if beside else "")
    if view != ROWS:
        inside.append(calendar(strips, look, words, width, choose, chosen=chosen, today=journey.today))
        if not shell.laptop and chosen:
            empty = not any(one.entries or one.sessions for one in strips)
            card = chosen_card(journey, shell, chosen, width - 2 * MARGIN, empty=empty)
            inside.append(ft.Container(card, padding=ft.Padding.symmetric(horizontal=MARGIN, vertical=8)))

    def scrolled(event: ft.OnScrollEvent) -> None:
        if first + more < len(rows) and event.max_scroll_extent - event.pixels < NEAR:
            show(more + FIRST)

    inside += rows[: first + more]
    column = ft.ListView(
        inside, expand=True, padding=ft.Padding.only(bottom=16), width=width, on_scroll=scrolled,
        scroll_interval=200,
    )  # fmt: skip
    return column if narrow or shell.phone else ft.Row([column], alignment=ft.MainAxisAlignment.CENTER)


def month_width(shell: Shell, *, narrow: bool) -> float:
    """How wide what is drawn of the month is."""
    if narrow:
        return LIST_PANE - 1
    rail = 0 if shell.phone else max(RAIL, shell.look.grown(64)) + 1
    room = shell.width - rail
    return room if shell.phone or shell.laptop else min(room, MOST)


def beside_date(strips: list[Strip], code: str) -> str:
    """The date of the day that is read beside the month."""
    return next((one.date for one in strips if code in (one.code, one.date)), "")


def _chosen(journey: ReviewJourney, strips: list[Strip]) -> str:
    one = journey.chosen(strips)
    return one.date if one else ""
