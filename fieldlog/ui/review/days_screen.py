"""Days: the month, beside it a day, beside that an entry."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.entry.screen import EntryPane
from fieldlog.ui.parts.basics import keyed
from fieldlog.ui.parts.layout import two_panes
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.review.day_pane import DayPane
from fieldlog.ui.review.month.month_screen import Month
from fieldlog.ui.review.state import CALENDAR, ROWS, MonthShown
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import use_changes


@ft.component
def Days(journey: ReviewJourney, shell: Shell, day: str = "", entry: str = "") -> ft.Control:
    """Phone: one of the three. Laptop: the month over the whole width, or beside a day; a day beside an entry."""
    version, tell = ft.use_state(0)
    use_changes(journey.window, tell)
    if entry:
        read = keyed(EntryPane, entry, journey.entry, shell, entry)
        if not shell.laptop:
            return read
        return two_panes(shell.look, keyed(DayPane, day, journey, shell, day, version, entry), read)
    if day and not shell.laptop:
        return keyed(DayPane, day, journey, shell, day, version)
    if shell.laptop:
        return _Laptop(journey, shell, journey.shown, day, version)
    return Month(journey, shell, journey.shown, "", version)


@ft.component
def _Laptop(journey: ReviewJourney, shell: Shell, shown: MonthShown, day: str, version: int) -> ft.Control:
    """A calendar and a list stand beside the day that is looked at; a score is as wide as there is."""
    if not day and journey.view(laptop=True) in (CALENDAR, ROWS):
        one = journey.chosen(journey.month())
        day = one.code if one else ""
    month = Month(journey, shell, shown, day, version)
    return two_panes(shell.look, month, keyed(DayPane, day, journey, shell, day, version)) if day else month
