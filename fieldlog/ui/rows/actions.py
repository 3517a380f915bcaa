"""Rows of entries, wherever they stand: what is read for them, heard from them, and opened by them."""

from __future__ import annotations

from fieldlog.ui.rows.landing import Landing
from fieldlog.ui.rows.player import Player
from fieldlog.ui.rows.reader import Reader
from fieldlog.ui.rows.state import Playing, Stream
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window


class RowsJourney(Journey):
    """`stream` is today as it is shown, `playing` the memo that is heard."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.stream, self.playing = Stream(), Playing()
        self.reader, self.player = Reader(window), Player(window, self.playing)
        self.landing = Landing(window, self.stream)

    def open(self, entry: str) -> None:
        """Go to an entry's page."""
        self.landing.opens(entry)
        self.window.go(self.page_of(entry))

    def page_of(self, entry: str) -> str:
        """The address of an entry's page."""
        return f"/days/{self.day_of(entry)}/e/{entry}"

    def day_of(self, entry: str) -> str:
        """The day an entry is shown in, by its code; today where it is not here."""
        shown = self.reader.entry(entry)
        return shown.day if shown else self.stream.code
