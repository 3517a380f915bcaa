"""The spine of the day in one window: what it is drawn from, and what a tap on it does."""

from __future__ import annotations

import asyncio

import flet as ft

from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.state import ENTRIES
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.rows.strips import Strip, bars_of, strip_of
from fieldlog.ui.day.actions import DayJourney
from fieldlog.ui.day.day_views import PlanDay
from fieldlog.ui.now.spine.views import SpineView, spine_view
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.rows.landing import DRAWN_SECONDS, SCROLL_SECONDS
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.flet_insides import ask
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

TABLES = ("sessions", "planned", "days", "scenes", "takes")
"""What a change of which changes the spine of the day."""


class SpineJourney(Journey):
    def __init__(self, window: Window, rows: RowsJourney, day: DayJourney) -> None:
        super().__init__(window)
        self.rows, self.day = rows, day

    def state(self, date: str) -> tuple[int, ...]:
        """What the spine of a date is drawn from: while it stays the same, so does the spine.

        Of its entries only their number; how the words of one change is of no matter. What else changes about
        them is seen as the next minute begins.
        """
        store = self.work.store
        held = sum(1 for _ in store.state.docs(ENTRIES + date))
        return (*(store.versions.get(table, 0) for table in TABLES), held, self.minute(date))

    def state_of_line(self, date: str) -> tuple[int, ...]:
        """The same of the strip under the bar, on which entries are not seen; minutes pass five at a time."""
        versions = self.work.store.versions
        return (*(versions.get(table, 0) for table in TABLES[:3]), self.minute(date) // 5 * 5)

    def line(self, date: str) -> Strip:
        """The day as a strip, without its entries' minutes."""
        return bars_of(self.work.store.state, date)

    def minute(self, date: str) -> int:
        """What the clock of a date says now."""
        return ProductionClock(date, self.work.zone).minutes(self.window.desk.machine.clock().at)

    def read(self, date: str, plan: tuple[PlanDay, ...]) -> SpineView:
        """The spine of a date; `plan` is what may be started now."""
        state, sessions = self.work.store.state, self.rows.reader.sessions(date)
        return spine_view(strip_of(state, date), self.minute(date), sessions, plan, state, self.words)

    async def bring(self, scrolling: ft.Control | None, y: float) -> None:
        """Scroll until this place of the spine is at the top."""
        await asyncio.sleep(DRAWN_SECONDS)
        if scrolling is None:
            return
        page, asked = self.window.page, {"offset": y, "duration": 0, "curve": ft.AnimationCurve.EASE}
        await quietly(lambda: ask(page, scrolling, "scroll_to", asked, seconds=SCROLL_SECONDS))

    async def tap(self, block: str, *, planned: bool) -> None:
        """Start what is planned; of a session that goes on its sheet; any other where it begins in its day."""
        if planned:
            await self.day.start_planned(block)
        elif block == self.day.today.session:
            self.window.open_sheet("may")
        elif first := entry_rows.first_of_session(self.work.store, self.rows.stream.date, block):
            self.rows.open(first)
        else:
            self.window.go(f"/days/{self.rows.stream.code}")
