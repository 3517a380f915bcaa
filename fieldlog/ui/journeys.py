"""All journeys of one window. They are made here, and each is given here what it wants of others."""

from __future__ import annotations

import flet as ft

from fieldlog.services.erase.erase import Erased
from fieldlog.ui.alone.actions import AloneJourney
from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.conflicts.actions import ConflictsJourney
from fieldlog.ui.day.actions import DayJourney
from fieldlog.ui.device.actions import DeviceJourney
from fieldlog.ui.entry.actions import EntryJourney
from fieldlog.ui.erase.actions import EraseJourney
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.find.actions import FindJourney
from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.now.actions import NowJourney
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.sync.actions import SyncJourney
from fieldlog.ui.take.actions import TakeJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.look import Dressing
from fieldlog.ui.window.window import Window

KEYS = {"1": "/now", "2": "/days", "3": "/register/people", "4": "/archive"}


class Journeys(Journey):
    """Bottom first: a journey knows those made before it, and is told of no other."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.look = Dressing(window)
        self.rows = RowsJourney(window)
        self.field = FieldJourney(window, self.rows)
        self.register = RegisterJourney(window, self.rows, self.field)
        self.memo = MemoJourney(window, self.rows, self.field, self._prove)
        self.photo = PhotoJourney(window, self.rows, self.field)
        self.archive = ArchiveJourney(window, self.rows, self.field)
        self.alone = AloneJourney(window, self.look, self.field, self.memo)
        self.erase = EraseJourney(window, self.rows, self.memo, self.alone)
        self.day = DayJourney(window, self.rows, self.field, self.register)
        self.pocket = PocketJourney(window, self.rows, self.memo, self.archive)
        self.conflicts = ConflictsJourney(window, self.rows, self.register)
        self.take = TakeJourney(window, self.field, self.register)
        self.now = NowJourney(
            window, self.rows, self.field, self.register, self.memo, self.photo, self.day, self.alone, self.take
        )
        self.entry = EntryJourney(
            window, self.rows, self.register, self.photo, self.alone, self.erase, self.conflicts
        )  # fmt: skip
        self.device = DeviceJourney(window, self.look, self.field, self.photo, self.pocket, self.archive)
        self.review = ReviewJourney(window, self.rows, self.entry)
        self.find = FindJourney(window, self.rows, self.entry, self.review)
        self.sync = SyncJourney(window, self.rows)

    async def _prove(self, erased: Erased) -> None:
        await self.erase.prove(erased)

    async def key(self, event: ft.KeyboardEvent) -> None:
        """Ctrl or ⌘ with Enter sends, with a number goes to a destination; Esc closes what lies on top.

        On an entry's page it goes back; while the entry is being changed it does nothing, for what is typed there.
        """
        window, held = self.window, event.ctrl or event.meta
        if await self.alone.key(event) or await self.conflicts.key(event) or await self.review.key(event):
            return
        if await self.find.key(event):
            return
        if event.key == "Escape" and not window.shell.sheet:
            self.entry.leave_open()
        elif event.key == "Escape":
            window.close_sheet()
        elif held and event.key == "Enter" and window.shell.writes:
            await self.field.send()
        elif held and event.key in KEYS:
            window.go(KEYS[event.key])
