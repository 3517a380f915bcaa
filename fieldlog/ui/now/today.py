"""What one window shows of today: the day, its session, its last entries, and what is only on this device."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fieldlog.model.called import DAY_TYPES, SESSION_TYPES
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.records import StoredSession
from fieldlog.services.rows import reading
from fieldlog.ui.rows import views

if TYPE_CHECKING:
    from fieldlog.ui.window.window import Window

FIRST_ROWS, WINDOW_ROWS = 10, 60
"""Rows that are there when the window opens, so that one can write at once; and soon after."""

OLD = timedelta(hours=24)
"""What lies only here for longer than this is shown in amber."""


class Showing:
    """Looks at the desk for one window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._version = 0

    def refresh(self) -> None:
        """Take from the desk what today's screen shows; only what differs is drawn."""
        window, desk = self._window, self._window.desk
        self._write_where_one_may()
        if desk.trouble:
            window.warn(desk.trouble)
        if desk.version != self._version:
            self._version = desk.version
            for changed in list(window.changes):
                changed()
        if desk.work is None or desk.capture is None:
            return
        self._tell_kept()
        stream, store = window.stream, desk.work.store
        window.shell.study = store.state.about.title
        now = desk.capture.now()
        session = store.state.read(StoredSession, desk.capture.session_at(now.at))
        of_session = store.state.calendar.sessions.get(session.id) if session else None
        date = of_session or store.state.calendar.date_at(now.at)
        self._show_day(date, now.at)
        self._show_session(session, date)
        window.sitting.look(session.doc if session else {}, date, now.at)
        rows, stream.total = reading.part_of_day(store, date, -stream.window, stream.window)
        stream.rows = views.stream_rows(rows, desk.work.zone, window.words)[::-1]
        self._show_copies(now.at)

    def _write_where_one_may(self) -> None:
        """Where nobody writes, this window does; what was closed elsewhere is gone from its field."""
        window, desk = self._window, self._window.desk
        if desk.writer is None and window.seen:
            desk.writer = window
            window.compose.put(desk.text)
        window.shell.writes = desk.writer is window
        if window.shell.writes and window.compose.typing.text.strip() and not desk.text:
            window.compose.put("")

    def _show_copies(self, at: datetime) -> None:
        stream, copies = self._window.stream, self._window.desk.copies
        if copies:
            stream.only_here, stream.copies = copies.count, len(copies.copies)
            oldest = copies.oldest
            stream.old = oldest is not None and at - oldest > OLD
            stream.oldest_days = (at - oldest).days if oldest else 0

    def _show_day(self, date: str, at: datetime) -> None:
        window = self._window
        assert window.desk.work
        stream, zone, state = window.stream, window.desk.work.zone, window.desk.work.store.state
        day = reading.stored_day(state, date)
        if stream.date != date:
            stream.window = WINDOW_ROWS if stream.date else FIRST_ROWS
        stream.date, stream.code = date, reading.code_of(state, date)
        stream.when = views.date_words(date, window.words)
        clock = ProductionClock(date, zone)
        stream.wall = clock.wall(at)
        # Before midnight it is what the device shows anyway, and nothing is told each minute.
        stream.clock = clock.said(at) if stream.wall else ""
        stream.wrapped, stream.planned = bool(day.ends), bool(day.code)
        stream.type_words = window.words(DAY_TYPES.get(day.type, day.type))

    def _show_session(self, session: StoredSession | None, date: str) -> None:
        window, stream, words = self._window, self._window.stream, self._window.words
        assert window.desk.work
        zone, state = window.desk.work.zone, window.desk.work.store.state
        window.compose.look(session.id if session else None)
        window.memos.look(session.id if session else None)
        kind = words(SESSION_TYPES.get(session.type, SESSION_TYPES["other"])) if session else ""
        stream.session = (session.title if session else "") or kind
        stream.session_since = ProductionClock(date, zone).said(parse(session.starts)) if session else ""
        stream.shooting = session is not None and session.type == "shoot"
        place = state.get((session.place if session else None) or "")
        stream.place = window.pick.choice(place).words if place else ""

    def _tell_kept(self) -> None:
        window, desk, kept = self._window, self._window.desk, self._window.kept
        kept.writing, kept.words = bool(desk.text), ""
        if desk.kept is not None and desk.text and desk.work:
            at = desk.kept.at.astimezone(ZoneInfo(desk.work.zone))
            clock = ProductionClock(window.stream.date or f"{at:%Y-%m-%d}", desk.work.zone)
            kept.words = window.words("Kept · {time}", time=clock.said(at, seconds=True))

    def fill(self) -> None:
        """Show as much of today as a window holds."""
        if self._window.seen and self._window.stream.window < WINDOW_ROWS:
            self._window.stream.window = WINDOW_ROWS
            self._window.refresh()

    def earlier(self) -> None:
        """Show more of today."""
        self._window.stream.window += WINDOW_ROWS
        self._window.refresh()
