"""The one memo that may be under way at a desk: begun, heard, looked after, and ended where there is no room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fieldlog.model.entry import Entry
from fieldlog.model.errors import FieldLogError, NotFound, NotSaved
from fieldlog.model.moment import Moment
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.machine.reserve import NoRoomForSound, Room
from fieldlog.services.memo.filing import Filed
from fieldlog.services.memo.listening import Listening, Paused
from fieldlog.services.memo.watch import USUAL, Limits
from fieldlog.services.study.workspace import Workspace

if TYPE_CHECKING:
    from fieldlog.services.erase.erase import Erased

STEP_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A memo that ended unasked because the disk was filling up. `at` is when; `filed` None where that is still
    to be done."""

    at: Moment
    filed: Filed | None


class Tape:
    """Has `memo`, the one under way, or None.

    `tell` is called when something changed, `refused` with what was refused in the background, `settled` when that
    no longer holds; `do` does something in the background.
    """

    def __init__(
        self, room: Room, *, tell: Callable[[], None], refused: Callable[[FieldLogError], None],
        settled: Callable[[], None], do: Callable[[Coroutine[Any, Any, Any]], None], limits: Limits = USUAL,
    ) -> None:  # fmt: skip
        self._room, self._tell, self._refused, self._settled, self._do = room, tell, refused, settled, do
        self.limits = limits
        self.memo: Listening | None = None
        self.ended: Ended | None = None
        self._open: tuple[Workspace, Capture] | None = None
        self._stepping: asyncio.Task[None] | None = None

    def sit(self, work: Workspace, capture: Capture) -> None:
        """Memos go into this study from now on, and what is captured meanwhile is tied to them."""
        self._open = work, capture
        capture.during = self.tie

    def leave(self) -> None:
        """No study is open."""
        self._open = None

    async def look(self) -> None:
        """Raise `NoRoomForSound` where a memo would soon have to end."""
        work, _ = self._study()
        free = await work.store.disk.free_bytes()
        if self._room.given_up or free <= self.limits.least_bytes:
            raise NoRoomForSound

    def start(self, chips: Chips, *, rate: int | None, channels_in: int | None) -> Listening:
        """Begin a memo, unless there is one; `hear` what the microphone delivers. Without `rate` or `channels_in`,
        which a browser does not tell, the true ones are found. Raises `NotFound` where no study is open."""
        work, capture = self._study()
        if self.memo is None:
            self.memo = Listening(work, capture, chips, rate=rate, channels_in=channels_in, limits=self.limits)
            self.ended = None
            self._stepping = asyncio.ensure_future(self._step(self.memo))
            self._tell()
        return self.memo

    def _study(self) -> tuple[Workspace, Capture]:
        if self._open is None:
            raise NotFound("There is no study open.")
        return self._open

    def hear(self, chunk: bytes, sequence: int) -> None:
        """Sound from the microphone, PCM16; on the disk within a second."""
        if self.memo is None:
            return
        try:
            self.memo.hear(chunk, sequence)
        except NotSaved as refusal:
            self._refused(refusal)

    def pause(self, by: Paused = "paused") -> None:
        """The microphone is off for a while; the memo goes on with `resume`."""
        if self.memo is not None and not self.memo.paused:
            self.memo.pause(by)
            self._tell()

    def resume(self) -> None:
        if self.memo is not None and self.memo.paused:
            self.memo.resume()
            self._tell()

    def tie(self, moment: Moment) -> Mapping[str, Any] | None:
        """Where in the memo under way a moment lies; None where none is."""
        return self.memo.tie(moment) if self.memo is not None else None

    async def mark(self, text: str = "") -> Entry | None:
        """A mark at this second of the memo, an entry of its own; None where no memo is under way.

        When it returns, the entry is on the disk.
        """
        if self.memo is None or self.memo.over:
            return None
        _, capture = self._study()
        return await capture.note(text, Chips(kind="marker"))

    async def stop(self) -> Filed | None:
        """End the memo and file it; None where none is under way or nothing was heard.

        Where the disk refuses, the memo is still there: stop it again.
        """
        memo, self.memo = self.memo, None
        if memo is None:
            return None
        if self._stepping:
            # Not cancelled: it may be in the middle of opening a file.
            await self._stepping
        try:
            filed = await memo.stop()
        except FieldLogError as refusal:
            self.memo = memo
            self._refused(refusal)
            raise
        self._tell()
        return filed

    async def erase(self) -> Erased | None:
        """End the memo and erase it and all its sound for good; None where nothing was heard of it."""
        from fieldlog.services.erase.erase import Erasing

        filed = await self.stop()
        if filed is None:
            return None
        work, _ = self._study()
        return await Erasing(work).erase([filed.entry.id], reason="asked-to")

    async def _step(self, memo: Listening) -> None:
        said = memo.warning
        while self.memo is memo:
            await asyncio.sleep(STEP_SECONDS)
            if self.memo is not memo:
                return
            try:
                await memo.step()
            except NotSaved as refusal:
                self._refused(refusal)
            # What was kept for text and had to be given up is not for sound: it would be gone in a minute.
            if (memo.warning == "full" or self._room.given_up) and self.memo is memo:
                self._do(self._end())
                return
            if memo.warning != said:
                said = memo.warning
                self._tell()

    async def _end(self) -> None:
        """There is no room for more sound: what there is is filed, and that is told."""
        if self.memo is None:
            return
        _, capture = self._study()
        self.ended = Ended(at=capture.now(), filed=None)
        filed = await self.stop()
        self.ended = replace(self.ended, filed=filed)
        self._settled()
        self._tell()
