"""A phone without a server: how it carries FieldLog, and what other apps share with it."""

from __future__ import annotations

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.pocket.installed import Carrying
from fieldlog.ui.pocket.shared import Sharing
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window


class PocketJourney(Journey):
    """On a laptop there is neither, and nothing of it is shown."""

    def __init__(self, window: Window, rows: RowsJourney, memo: MemoJourney, archive: ArchiveJourney) -> None:
        super().__init__(window)
        self.rows, self.memo, self.archive = rows, memo, archive
        self.installed, self.shared = Carrying(window, memo.live), Sharing(window, archive.outbox)
