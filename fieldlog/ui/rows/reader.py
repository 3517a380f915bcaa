"""What a window reads of the open study, in its own language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fieldlog.model.errors import NotFound
from fieldlog.services.rows import reading
from fieldlog.ui.rows import views
from fieldlog.ui.rows.views import DayRow, EntryView, SessionRow, StreamRow

if TYPE_CHECKING:
    from fieldlog.ui.window.window import Window

Day = tuple[DayRow, tuple[StreamRow, ...], int, Mapping[str, SessionRow]]


class Reader:
    """Reads for one window. Without a study everything is empty."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def month(self) -> list[DayRow]:
        """Every production day, in order."""
        work = self._window.desk.work
        return [views.day_row(row, self._window.words) for row in reading.days(work.store)] if work else []

    def place(self, name: str, record: str) -> int:
        """How many entries of a day, by its name, stand before this one; 0 where it is not among them."""
        work = self._window.desk.work
        if work is None or not record:
            return 0
        try:
            return reading.place_in_day(work.store, reading.date_named(work.store.state, name), record)
        except NotFound:
            return 0

    def day(self, name: str, start: int, count: int) -> Day | None:
        """A day's head, `count` entries from the `start`th on, how many there are, its sessions.

        None for no such day.
        """
        work, words = self._window.desk.work, self._window.words
        if work is None:
            return None
        try:
            date = reading.date_named(work.store.state, name)
        except NotFound:
            return None
        rows, total = reading.part_of_day(work.store, date, start, count)
        head = views.day_row(reading.day_row(work.store, date), words)
        sessions = {one.id: one for one in self.sessions(date)}
        return head, views.stream_rows(rows, work.zone, words), total, sessions

    def code(self, date: str) -> str:
        """PD14; the date where the day has no number."""
        work = self._window.desk.work
        return reading.code_of(work.store.state, date) if work else date

    def sessions(self, date: str) -> list[SessionRow]:
        """A production date's sessions, in order."""
        work, words = self._window.desk.work, self._window.words
        if work is None or not date:
            return []
        return [views.session_row(row, date, work.zone, words) for row in reading.sessions_of(work.store, date)]

    def entry(self, record: str) -> EntryView | None:
        """An entry whole; None where it is not here any more."""
        work = self._window.desk.work
        if work is None:
            return None
        try:
            return views.entry_view(reading.entry(work.store, record), work.zone, self._window.words)
        except NotFound:
            return None
