"""What a window reads of the open study, in its own language."""

from __future__ import annotations

from collections.abc import Mapping

from fieldlog.model.errors import NotFound
from fieldlog.services.register.people import people
from fieldlog.services.rows import days
from fieldlog.services.rows import entries as entry_rows
from fieldlog.ui.rows import views
from fieldlog.ui.rows.meta import Known, Said
from fieldlog.ui.rows.views import EntryView, SessionRow, StreamRow
from fieldlog.ui.window.journey import Journey

Day = tuple[str, tuple[StreamRow, ...], int, Mapping[str, SessionRow]]


class Reader(Journey):
    """Reads for one window."""

    _known: tuple[object, Known] | None = None

    def place(self, name: str, record: str) -> int:
        """How many entries of a day, by its name, stand before this one; 0 where it is not among them."""
        work = self.work
        if not record:
            return 0
        try:
            return entry_rows.place_in_day(work.store, days.date_named(work.store.state, name), record)
        except NotFound:
            return 0

    def day(self, name: str, start: int, count: int) -> Day | None:
        """A day's date, `count` entries from the `start`th on, how many there are, its sessions.

        None for no such day.
        """
        work, words = self.work, self.words
        try:
            date = days.date_named(work.store.state, name)
        except NotFound:
            return None
        rows, total = entry_rows.part_of_day(work.store, date, start, count)
        sessions = {one.id: one for one in self.sessions(date)}
        return date, views.stream_rows(rows, work.zone, words, self.known()), total, sessions

    def known(self) -> Known:
        """Everybody of the register by their code, as rows name them."""
        work, chinese = self.work, self.words.chinese
        stand = (work, chinese, *(work.store.versions.get(table, 0) for table in ("people", "study")))
        if self._known is None or self._known[0] != stand:
            named = ((one.code, one.named(chinese=chinese), one.group) for one in reversed(people(work)))
            self._known = stand, {code: Said(words=name, group=group) for code, name, group in named}
        return self._known[1]

    def code(self, date: str) -> str:
        """PD14; the date where the day has no number."""
        return days.code_of(self.work.store.state, date)

    def sessions(self, date: str) -> list[SessionRow]:
        """A production date's sessions, in order."""
        work, words = self.work, self.words
        if not date:
            return []
        return [views.session_row(row, date, work.zone, words) for row in days.sessions_of(work.store, date)]

    def made_during(self, memo: str) -> list[tuple[str, float]]:
        """What was made while a memo ran: ids of entries, and seconds into its sound, in that order."""
        return entry_rows.made_during(self.work.store, memo)

    def entry(self, record: str) -> EntryView | None:
        """An entry whole; None where it is not here any more."""
        work = self.work
        try:
            return views.entry_view(entry_rows.entry(work.store, record), work.zone, self.words)
        except NotFound:
            return None
