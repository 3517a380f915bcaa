"""The one memo that may be under way at a desk: begun, heard, looked after, and ended where there is no room."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fieldlog.model.entry import Entry
from fieldlog.model.errors import FieldLogError, NotFound, NotSaved
from fieldlog.model.moment import Moment
from fieldlog.services.capture.chips import Chips
from fieldlog.services.machine.reserve import NoRoomForSound
from fieldlog.services.memo.filing import Filed
from fieldlog.services.memo.listening import Listening, Paused
from fieldlog.services.memo.watch import USUAL, Limits

if TYPE_CHECKING:
    from fieldlog.services.desk import Desk
    from fieldlog.services.erase.erase import Erased

STEP_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A memo that ended unasked because the disk was filling up. `at` is when; `filed` None where that is still
    to be done."""

    at: Moment
    filed: Filed | None


class Tape:
    """Belongs to a desk, whose `memo` it begins and ends."""

    def __init__(self, desk: Desk, limits: Limits = USUAL) -> None:
        self._desk, self.limits = desk, limits
        self.ended: Ended | None = None
        self._stepping: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Raise `NoRoomForSound` where a memo would soon have to end."""
        if self._desk.work is None:
            raise NotFound("There is no study open.")
        free = await self._desk.work.store.disk.free_bytes()
        if self._desk.room.given_up or free <= self.limits.least_bytes:
            raise NoRoomForSound

    def start(self, chips: Chips, *, rate: int | None, channels_in: int | None) -> Listening:
        """Begin a memo, unless there is one. Raises `NotFound` where no study is open."""
        desk = self._desk
        if desk.work is None or desk.capture is None:
            raise NotFound("There is no study open.")
        if desk.memo is None:
            desk.memo = Listening(
                desk.work, desk.capture, chips, rate=rate, channels_in=channels_in, limits=self.limits
            )
            self.ended = None
            self._stepping = asyncio.ensure_future(self._step(desk.memo))
            desk.tell()
        return desk.memo

    def hear(self, chunk: bytes, sequence: int) -> None:
        """Sound from the microphone; on the disk within a second."""
        if self._desk.memo is None:
            return
        try:
            self._desk.memo.hear(chunk, sequence)
        except NotSaved as refusal:
            self._desk.refused(refusal)

    def pause(self, by: Paused = "paused") -> None:
        """The microphone is off for a while; the memo goes on with `resume`."""
        if self._desk.memo is not None and not self._desk.memo.paused:
            self._desk.memo.pause(by)
            self._desk.tell()

    def resume(self) -> None:
        if self._desk.memo is not None and self._desk.memo.paused:
            self._desk.memo.resume()
            self._desk.tell()

    def tie(self, moment: Moment) -> Mapping[str, Any] | None:
        """Where in the memo under way a moment lies; None where none is."""
        return self._desk.memo.tie(moment) if self._desk.memo is not None else None

    async def mark(self, text: str = "") -> Entry | None:
        """A mark at this second of the memo, an entry of its own; None where no memo is under way.

        When it returns, the entry is on the disk.
        """
        desk = self._desk
        if desk.memo is None or desk.memo.over or desk.capture is None:
            return None
        return await desk.capture.note(text, Chips(kind="marker"))

    async def stop(self) -> Filed | None:
        """End the memo and file it; None where none is under way or nothing was heard.

        Where the disk refuses, the memo is still the desk's: stop it again.
        """
        desk = self._desk
        memo, desk.memo = desk.memo, None
        if memo is None:
            return None
        if self._stepping:
            # Not cancelled: it may be in the middle of opening a file.
            await self._stepping
        try:
            filed = await memo.stop()
        except FieldLogError as refusal:
            desk.memo = memo
            desk.refused(refusal)
            raise
        desk.tell()
        return filed

    async def erase(self) -> Erased | None:
        """End the memo and erase it and all its sound for good; None where nothing was heard of it."""
        from fieldlog.services.erase.erase import Erasing

        filed, work = await self.stop(), self._desk.work
        if filed is None or work is None:
            return None
        return await Erasing(work).erase([filed.entry.id], reason="asked-to")

    async def _step(self, memo: Listening) -> None:
        said = memo.warning
        while self._desk.memo is memo:
            await asyncio.sleep(STEP_SECONDS)
            if self._desk.memo is not memo:
                return
            try:
                await memo.step()
            except NotSaved as refusal:
                self._desk.refused(refusal)
            # What was kept for text and had to be given up is not for sound: it would be gone in a minute.
            if (memo.warning == "full" or self._desk.room.given_up) and self._desk.memo is memo:
                self._desk.do(self._end())
                return
            if memo.warning != said:
                said = memo.warning
                self._desk.tell()

    async def _end(self) -> None:
        """There is no room for more sound: what there is is filed, and that is told."""
        desk = self._desk
        if desk.capture is None or desk.memo is None:
            return
        self.ended = Ended(at=desk.capture.now(), filed=None)
        filed = await self.stop()
        self.ended = replace(self.ended, filed=filed)
        desk.trouble = ""
        desk.tell()
