"""The way out of the month's pictures: the numbers as CSV, the picture as SVG."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldlog.services.rows.strips import Strip
from fieldlog.ui.parts.basics import asks, row_target, sheet_head, text
from fieldlog.ui.parts.layout import sheet_column
from fieldlog.ui.parts.theme import LABEL, META, Look
from fieldlog.ui.pictures.axis import day_axis
from fieldlog.ui.pictures.month import TALLEST_WIDE, calendar_picture, month_picture
from fieldlog.ui.pictures.shapes import Picture
from fieldlog.ui.pictures.strip import WHOLE, strip_picture
from fieldlog.ui.pictures.svg import svg
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.state import CALENDAR, PEOPLE, MonthShown
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.strip_words import strip_words, when_words

PAGE = 1160
"""How wide a saved score is, in dp."""


def picture_of(journey: ReviewJourney, look: Look, view: str) -> Picture:
    """The picture of a view, as large as a page, whatever window it is seen in."""
    strips, words = journey.month(), journey.words
    if view == CALENDAR:
        return calendar_picture(strips, look, words)
    return month_picture(
        strips, look, words, width=PAGE, row=TALLEST_WIDE, wide=True, people=journey.together(),
        bars=view != PEOPLE,
    ).picture  # fmt: skip


def strip_of_day(journey: ReviewJourney, look: Look, day: Strip) -> Picture:
    """A day's strip, as wide as a page."""
    now = journey.now(day.date)
    said = strip_words(day, journey.words)
    return strip_picture(day, look, day_axis(day, PAGE, now=now), WHOLE, said, hours=True, now=now)


@ft.component
def SaveSheet(journey: ReviewJourney, shell: Shell, shown: MonthShown) -> ft.Control:
    """What can be saved of what is shown; the filter holds for it, too."""
    from fieldlog.services.rows.number_sheets import days_table, people_table, times_table

    look, words = shell.look, journey.words
    view = journey.view(laptop=shell.laptop)

    def offer(name: str, said: str, about: str, file: str, make: Callable[[], bytes]) -> ft.Control:
        inside = ft.Column([text(said, LABEL, look.words), text(about, META, look.meta)], spacing=2, tight=True)
        return row_target(
            f"save-{name}", inside, look, asks(_saves(journey, file, make)), label=f"{said}. {about}"
        )

    strips = journey.month()
    one = journey.chosen(strips)
    of_day: list[ft.Control] = []
    if one is not None:
        day = journey.strip(one.date)
        of_day = [
            offer("strip", words("The strip of {day} (SVG)", day=day.code), when_words(day, words),
                  f"{day.code}.svg", lambda: svg(strip_of_day(journey, look, day), look.surface)),
            offer("day", words("The times of {day} (CSV)", day=day.code),
                  words("Call, wrap, sessions, what is planned, and the minute of each entry."),
                  f"{day.code}.csv", lambda: times_table([day])),
        ]  # fmt: skip
    return sheet_column(
        sheet_head(words("Save as a file"), words("Close"), look, lambda _: journey.window.close_sheet()),
        offer("picture", words("This picture (SVG)"), words("For papers and slides; in the colours of this look."),
              f"{view}.svg", lambda: svg(picture_of(journey, look, view), look.surface)),
        offer("days", words("Days (CSV)"), words("A row a day: call, wrap, hours observed, entries."),
              "days.csv", lambda: days_table(strips)),
        offer("times", words("Sessions (CSV)"), words("A row a session, at its hours."),
              "sessions.csv", lambda: times_table(strips)),
        offer("people", words("People by days (CSV)"),
              words("A row for each person and day: minutes together, how often named."),
              "people-by-days.csv", lambda: people_table(journey.together(), strips)),
        *of_day,
    )  # fmt: skip


def _saves(journey: ReviewJourney, file: str, make: Callable[[], bytes]) -> Callable[[], Awaitable[None]]:
    async def save() -> None:
        journey.window.close_sheet()
        await journey.save(file, make())

    return save
