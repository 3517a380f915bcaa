"""What one window shows of today: the day, its session, its last entries, and what is only on this device."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from fieldlog.model.called import DAY_TYPES, SESSION_TYPES
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.records import StoredSession
from fieldlog.services.rows import days
from fieldlog.services.rows import entries as entry_rows
from fieldlog.ui.alone.actions import AloneJourney
from fieldlog.ui.day.actions import DayJourney
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.now.spine.actions import SpineJourney
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.rows import views
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.rows.state import FIRST_ROWS, WINDOW_ROWS
from fieldlog.ui.take.actions import TakeJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window
from fieldlog.ui.words import times

SOON_SECONDS = 1.0
"""Until as much is shown as a window holds."""

OLD = timedelta(hours=24)
"""What lies only here for longer than this is shown in amber."""


class NowJourney(Journey):
    """Today in one window, and the journeys that begin on its screen."""

    def __init__(
        self, window: Window, rows: RowsJourney, field: FieldJourney, register: RegisterJourney, memo: MemoJourney,
        photo: PhotoJourney, day: DayJourney, alone: AloneJourney, take: TakeJourney,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self.rows, self.field, self.register, self.memo = rows, field, register, memo
        self.photo, self.day, self.alone, self.take = photo, day, alone, take
        self.spine = SpineJourney(window, rows, day)
        self._filling: asyncio.TimerHandle | None = None
        window.on_refresh.append(self.refresh)

    def refresh(self) -> None:
        """Take from the desk what today's screen shows; only what differs is drawn."""
        stream, store, now = self.rows.stream, self.work.store, self.capture.now()
        session = self.session
        of_session = store.state.calendar.sessions.get(session.id) if session else None
        date = of_session or store.state.calendar.date_at(now.at)
        self._show_day(date, now.at)
        self._show_session(session, date)
        self.day.look(session, date, now.at)
        rows, stream.total = entry_rows.part_of_day(store, date, -stream.window, stream.window)
        stream.rows = views.stream_rows(rows, self.work.zone, self.words, self.rows.reader.known())[::-1]
        self._show_copies(now.at)
        if self._filling is None and self.window.seen:
            loop, context = asyncio.get_running_loop(), self.window.context.copy()
            self._filling = loop.call_later(SOON_SECONDS, self.fill, context=context)

    def _show_copies(self, at: datetime) -> None:
        stream, copies = self.rows.stream, self.window.desk.copies
        if copies:
            stream.only_here, stream.copies = copies.count, len(copies.copies)
            oldest = copies.oldest
            stream.old = oldest is not None and at - oldest > OLD
            stream.oldest_days = (at - oldest).days if oldest else 0

    def _show_day(self, date: str, at: datetime) -> None:
        window = self.window
        stream, zone, state = self.rows.stream, self.work.zone, self.work.store.state
        day = days.stored_day(state, date)
        if stream.date != date:
            stream.window = WINDOW_ROWS if stream.date else FIRST_ROWS
        stream.date, stream.code = date, days.code_of(state, date)
        stream.when = times.date_words(date, window.words)
        clock = ProductionClock(date, zone)
        stream.wall = clock.wall(at)
        # Before midnight it is what the device shows anyway, and nothing is told each minute.
        stream.clock = clock.said(at) if stream.wall else ""
        stream.wrapped, stream.planned = bool(day.ends), bool(day.code)
        stream.type_words = window.words(DAY_TYPES.get(day.type, day.type))

    def _show_session(self, session: StoredSession | None, date: str) -> None:
        stream, words, state = self.rows.stream, self.words, self.work.store.state
        self.field.look(session.id if session else None)
        self.memo.look(session.id if session else None)
        kind = words(SESSION_TYPES.get(session.type, SESSION_TYPES["other"])) if session else ""
        stream.session = (session.title if session else "") or kind
        clock = ProductionClock(date, self.work.zone)
        stream.session_since = clock.said(parse(session.starts)) if session else ""
        stream.shooting = session is not None and session.type == "shoot"
        place = state.get((session.place if session else None) or "")
        stream.place = self.register.choices.choice(place).words if place else ""

    def fill(self) -> None:
        """Show as much of today as a window holds."""
        if self.window.seen and self.rows.stream.window < WINDOW_ROWS:
            self.rows.stream.window = WINDOW_ROWS
            self.window.refresh()

    def earlier(self) -> None:
        """Show more of today."""
        self.rows.stream.window += WINDOW_ROWS
        self.window.refresh()
