"""Voice memos of one window: asked for, begun, paused, marked, stopped or erased, and every refusal said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from fieldlog.model.errors import FieldLogError
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.capture.permission import objections
from fieldlog.services.erase.erase import Erased
from fieldlog.services.memo.listening import PACE_SECONDS, Listening
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.memo.battery import Charge
from fieldlog.ui.memo.microphone import Microphone
from fieldlog.ui.memo.state import BARS, Live
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.words import Words, later

MOST_HOURS, FEW_HOURS = 99, 10
LOUDEST = 255
WARNINGS: Mapping[str, str] = {
    "no-sound": later("No sound arrives. Look at the microphone; the place is marked."),
    "silence": later("No sound for 3 s. Look at the microphone; the place is marked."),
    "low": later("Almost no space. The recording ends soon; text can still be written."),
    "full": later("Almost no space. The recording ends now; text can still be written."),
    "paused-by-system": later("Paused by this device. Tap to go on; the place is marked."),
}


def room_words(minutes: int, words: Words) -> str:
    """For how long there is room; of many hours the minutes don't matter."""
    hours = min(minutes // 60, MOST_HOURS)
    if hours >= FEW_HOURS:
        return words("room for {hours} h", hours=hours)
    return words("room for {hours} h {minutes} min", hours=hours, minutes=minutes % 60)


class MemoJourney(Journey):
    """One memo at a time. `prove` shows what of it was erased."""

    def __init__(
        self, window: Window, rows: RowsJourney, field: FieldJourney, prove: Callable[[Erased], Awaitable[None]]
    ) -> None:
        super().__init__(window)
        self.rows, self.field, self._prove = rows, field, prove
        self.live = Live()
        self._microphone = Microphone(
            window, self.live, follow=self.follow, paused=self.paused_by_system, resumed=self.resumed_by_system
        )
        self.battery = Charge(window, self.live, self.stop)
        window.on_minute.append(self.battery.look_soon)
        window.on_left.append(self._left_window)
        self._seen: tuple[Any, ...] = ()
        self._left: float | None = None
        self._warned = ""

    async def toggle(self) -> None:
        """Start a memo, or stop the one that is being recorded. What speaks against it is asked first."""
        window = self.window
        if window.desk.tape.memo is not None:
            await self.stop()
            await self.field.focus()
            return
        session = self.capture.session_at(self.capture.now().at)
        self.live.asked = objections(self.work, "audio", session)
        if self.live.asked:
            window.open_sheet("rec-ask")
        else:
            await self._start({})

    async def record_anyway(self, reason: str) -> None:
        """Record against what was said, for a reason that is kept. Never where somebody is a minor."""
        asked = self.live.asked
        if not reason.strip() or any(one.blocks for one in asked):
            return
        self.window.close_sheet()
        people = [one.person for one in asked if one.person]
        await self._start({"reason": reason.strip(), "people": people})

    async def write_instead(self) -> None:
        self.window.close_sheet()
        await self.field.focus()

    async def _start(self, override: Mapping[str, Any]) -> None:
        window, live = self.window, self.live
        try:
            await window.desk.tape.look()
        except FieldLogError as refusal:
            window.shell.notice = window.words.told(refusal)
            return
        if not await self._ask_microphone():
            window.shell.notice = window.words(
                "The microphone is not allowed here. Write a note instead, or allow it."
            )
            return
        rate, channels = self._microphone.form
        chips = replace(self.field.chips_for_file(), override=override)
        window.desk.tape.start(chips, rate=rate, channels_in=channels)
        live.seconds, live.level, live.paused, live.warning, live.room = 0, 0, False, "", ""
        self._left, self._warned = None, ""
        live.on = True  # before there is any sound, whatever the device answers
        if not await self._microphone.start():
            await self.stop()
            window.shell.notice = window.words("The microphone did not start. Write a note instead, or try again.")
            return
        self.field.used_by_file()
        await self.field.focus()
        await window.touch.firm()
        await self._microphone.stay_awake()

    async def _ask_microphone(self) -> bool:
        try:
            return await self._microphone.allowed()
        except (RuntimeError, TimeoutError):
            return False

    async def stop(self) -> None:
        await self._let_go()
        filed = await self.window.attempt(self.window.desk.tape.stop())
        await self.window.touch.firm()
        if filed is None and not self.window.shell.notice:
            self.window.shell.notice = self.window.words(
                "No sound arrived, so there is no memo. Look at the microphone."
            )

    async def _left_window(self) -> None:
        """The window is gone, and its microphone with it."""
        if self.live.on:
            await self.stop()

    async def _let_go(self) -> None:
        self.live.on = self.live.paused = False
        if self.window.shell.sheet == "recording":
            self.window.close_sheet()
        await self._microphone.stop()

    # -- while it runs

    async def mark(self) -> None:
        """A mark at this second; one goes on writing."""
        await self.window.touch.light()
        await self.window.attempt(self.window.desk.tape.mark())
        await self.field.focus()

    async def pause(self) -> None:
        """Turn the microphone off and keep the memo open, or go on with it."""
        window, memo = self.window, self.window.desk.tape.memo
        if memo is None or not self.live.on:
            return
        if memo.paused:
            await self._resume()
        else:
            await self._until_there_are_files(memo)
            await self._microphone.pause()
            window.desk.tape.pause()
            await window.touch.firm()
        await self.field.focus()

    async def _until_there_are_files(self, memo: Listening) -> None:
        """What a browser's microphone said first is held back until its rate is known; a pause would hide it."""
        for _ in range(10):
            if memo.recording or memo.over:
                return
            await asyncio.sleep(PACE_SECONDS / 5)

    async def _resume(self) -> None:
        window = self.window
        window.desk.tape.resume()
        if await self._microphone.resume():
            await window.touch.firm()
            return
        window.desk.tape.pause()
        window.shell.notice = window.words("The microphone did not start. Write a note instead, or try again.")

    async def paused_by_system(self) -> None:
        """A call or another app has taken the microphone."""
        if self.live.on:
            self.window.desk.tape.pause("paused-by-system")

    async def resumed_by_system(self) -> None:
        memo = self.window.desk.tape.memo
        if memo is not None and memo.paused == "paused-by-system":
            self.window.desk.tape.resume()

    async def erase(self) -> None:
        """Stop, and erase the memo and all its sound for good: consent was withdrawn."""
        window = self.window
        window.close_sheet()
        await self._let_go()
        erased = await window.attempt(window.desk.tape.erase())
        await window.touch.firm()
        if erased is not None:
            await self._prove(erased)

    # -- what is shown

    def look(self, session: str | None) -> None:
        """Something may have changed at the desk: whether sound may be recorded here, and what the memo does."""
        desk, live = self.window.desk, self.live
        now = (id(self.work), desk.version, session)
        if now != self._seen:
            self._seen = now
            live.barred = bool(objections(self.work, "audio", session))
            live.unseen = bool(objections(self.work, "photo", session))
        if not live.on:
            return
        if desk.tape.memo is None or desk.tape.memo.over:
            live.on = live.paused = False
            self.window.page.run_task(self._ended)
        else:
            self.follow(desk.tape.memo)

    def follow(self, memo: Listening) -> None:
        """Show how the memo stands; what is newly wrong is felt too."""
        live, words = self.live, self.window.words
        live.seconds, live.paused = int(memo.seconds), bool(memo.paused)
        live.level = 0 if memo.paused else round(memo.level / LOUDEST * BARS)
        if memo.left_seconds is not None and memo.left_seconds != self._left:
            self._left = memo.left_seconds
            minutes = int(memo.left_seconds / 60)
            live.room = room_words(minutes, words)
        warned = memo.warning if not memo.paused else memo.paused if memo.paused in WARNINGS else ""
        if warned != self._warned:
            self._warned = warned
            live.warning = words(WARNINGS[warned]) if warned else ""
            if warned:
                self.window.page.run_task(self.window.touch.double)

    async def _ended(self) -> None:
        """The memo was ended elsewhere: for want of room, or in another window."""
        window, ended = self.window, self.window.desk.tape.ended
        await self._let_go()
        if ended is not None:
            window.shell.notice = window.words(
                "Almost no space. Sound up to {time} is kept; text can still be written.",
                time=self._clock(ended.at.at),
            )
            await window.touch.double()

    def _clock(self, at: datetime) -> str:
        day, zone = self.rows.stream.date, self.window.zone
        return ProductionClock(day or at.date().isoformat(), zone).said(at)
