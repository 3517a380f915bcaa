"""What stands alone over a window: a neutral clock, one note in large type, or the table's sign."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import flet as ft

from fieldlog.ui.alone.state import Apart
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.memo.actions import MemoJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.look import Dressing
from fieldlog.ui.window.state import HIDE, SHOW
from fieldlog.ui.window.window import Window
from fieldlog.ui.words import times

TWICE_SECONDS = 1.5
"""Two taps, or two presses of Esc, within this time belong together."""

NAME = "FieldLog"


class AloneJourney(Journey):
    """Hide and Show of one window. Nothing else is drawn meanwhile; what is open stays open at the desk."""

    def __init__(self, window: Window, look: Dressing, field: FieldJourney, memo: MemoJourney) -> None:
        super().__init__(window)
        self.look, self.field, self.memo = look, field, memo
        window.on_minute.append(self.tell_time)
        self.apart = Apart()
        self._pressed = -TWICE_SECONDS

    async def hide(self) -> None:
        """A clock over everything, at once. The open text stays open; nothing is sent."""
        self.window.shell.alone = HIDE
        self.tell_time()
        await self.look.titled(self.window.words("Clock"))

    def show(self, text: str) -> None:
        """One note alone, for somebody who asks what is being written."""
        self.apart.text = text
        self.window.shell.alone = SHOW

    async def press(self) -> None:
        """A tap where two are needed to come back."""
        if self._second():
            await self.come_back()

    async def come_back(self) -> None:
        """Everything as it was."""
        was, self.window.shell.alone = self.window.shell.alone, ""
        self.window.shell.sheet = ""
        self.apart.text = ""
        self._pressed = -TWICE_SECONDS
        if was == HIDE:
            await self.look.titled(NAME)
        await self.field.focus_again()

    async def key(self, event: ft.KeyboardEvent) -> bool:
        """Whether a key was meant for what stands alone: then for nothing else."""
        shell = self.window.shell
        if event.key == "Escape" and shell.covered in (HIDE, SHOW):
            if shell.covered == HIDE or self._second():
                await self.come_back()
            return True
        if event.key == "Escape":
            return False
        return bool(shell.covered)

    def _second(self) -> bool:
        """Whether this press belongs to one just before."""
        now = asyncio.get_running_loop().time()
        before, self._pressed = self._pressed, now
        return now - before < TWICE_SECONDS

    def tell_time(self) -> None:
        """Set the clock, where it is seen."""
        window = self.window
        if window.shell.alone != HIDE:
            return
        at = window.desk.machine.clock().at
        if window.desk.work is not None:
            at = at.astimezone(ZoneInfo(window.zone))
        self.apart.time = f"{at:%H:%M}"
        self.apart.date = times.date_words(f"{at:%Y-%m-%d}", window.words)
