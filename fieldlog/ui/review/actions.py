"""Reading what was written, day by day."""

from __future__ import annotations

from fieldlog.ui.entry.actions import EntryJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window


class ReviewJourney(Journey):
    """The days, and on each its rows; an entry is read beside them."""

    def __init__(self, window: Window, rows: RowsJourney, entry: EntryJourney) -> None:
        super().__init__(window)
        self.rows, self.entry = rows, entry
