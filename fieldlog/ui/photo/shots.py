"""Shots of the camera until they are saved: in their order, and tried again for as long as the window lives."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from dataclasses import dataclass, replace

from fieldlog.model.errors import FieldLogError
from fieldlog.model.moment import Moment
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.machine.sources import Bytes
from fieldlog.ui.photo.state import Taking
from fieldlog.ui.window.window import Window

AGAIN_SECONDS = 5.0
"""After a refusal, until saving is tried again unasked."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture the camera gave, not saved yet, with the moment of its shutter and the study it belongs to."""

    study: str
    jpeg: bytes
    shutter: Moment
    chips: Chips


class Shots:
    """What waits is held in memory only: the screens say so from the first refusal on, until it is saved."""

    def __init__(self, window: Window, taking: Taking) -> None:
        self._window, self._taking = window, taking
        self._waiting = deque[Shot]()
        self._saving = asyncio.Lock()
        self._context = contextvars.copy_context()
        self._again: asyncio.TimerHandle | None = None
        self._trying: asyncio.Future[None] | None = None

    async def take(self, shot: Shot) -> None:
        """Save a picture the camera took, after those before it."""
        capture = self._capture_of(shot)
        if capture is not None:
            # Where in the memo it lies is known now; by the time it is saved the memo may have ended.
            heard = capture.heard_at(shot.shutter, shot.chips)
            shot = replace(shot, chips=replace(shot.chips, during=heard))
        self._waiting.append(shot)
        self._taking.waiting = max(self._taking.waiting, len(self._waiting))
        await self.settle()

    async def settle(self) -> None:
        """Save every shot that waits, in order. What is refused goes on waiting, and is tried again unasked."""
        async with self._saving:
            told = ""
            try:
                while self._waiting and not told:
                    told = await self._save(self._waiting[0])
                    if not told:
                        self._waiting.popleft()
                        self._taking.waiting -= 1
            finally:
                self._try_again_later()
            if told and not self._taking.held:
                await self._window.touch.double()
            self._taking.held, self._taking.why = len(self._waiting), told

    def _try_again_later(self) -> None:
        if self._again:
            self._again.cancel()
        self._again = None
        if self._waiting:
            loop = asyncio.get_running_loop()
            self._again = loop.call_later(AGAIN_SECONDS, self._begin_again, context=self._context.copy())

    def _begin_again(self) -> None:
        # Not one of the desk's jobs: those end with the study that is open.
        self._trying = asyncio.ensure_future(self.settle())

    def _capture_of(self, shot: Shot) -> Capture | None:
        """Where a shot is saved; None while another study is open than the one it was taken in."""
        work = self._window.desk.work
        return self._window.desk.capture if work is not None and work.store.project == shot.study else None

    async def _save(self, shot: Shot) -> str:
        """Save a shot; why it could not be, "" where nothing of it is left to do."""
        window, capture = self._window, self._capture_of(shot)
        if capture is None:
            return window.words("It belongs to another study: open that one again.")
        source = Bytes(name="photo.jpg", data=shot.jpeg)
        try:
            entry, found = await capture.keep(source, shot.chips, began=shot.shutter, derive=False)
        except FieldLogError as refusal:
            return window.words.told(refusal)
        if entry is None or found.kept is None:
            window.shell.notice = window.words("The camera took no picture. Try again.")
        else:
            self._taking.taken += 1
            self._taking.last, self._taking.last_entry = found.kept.sha256, entry.id
        return ""
