"""Voice memos of one window: asked for, begun, stopped, and every refusal said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldlog.ui.hardware import Microphone

if TYPE_CHECKING:
    from fieldlog.ui.window import Window

MOST_RATE = 48_000


class Memos:
    """One memo at a time."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._microphone = Microphone(window)

    async def toggle(self) -> None:
        """Start a memo, or stop the one that is being recorded."""
        if self._window.desk.memo is not None:
            await self.stop()
            return
        allowed = await self._ask_microphone()
        if not allowed:
            self._window.shell.notice = self._window.words(
                "The microphone is not allowed here. Write a note instead, or allow it."
            )
            return
        rate, channels = self._microphone.form
        self._window.desk.start_memo(
            self._window.compose.chips_for_file(), rate=rate, channels_in=channels
        )
        self._window.live.seconds, self._window.live.level, self._window.live.silent = 0, 0, False
        if not await self._microphone.start():
            await self.stop()
            self._window.shell.notice = self._window.words(
                "The microphone did not start. Write a note instead, or try again."
            )
            return
        self._window.live.on = True
        await self._tell_room(rate or MOST_RATE)
        await self._window.touch.firm()

    async def _ask_microphone(self) -> bool:
        try:
            return await self._microphone.allowed()
        except (RuntimeError, TimeoutError):
            return False

    async def _tell_room(self, rate: int) -> None:
        assert self._window.desk.work
        minutes = int(await self._window.desk.work.store.disk.free_bytes() / (rate * 2) / 60)
        hours = min(minutes // 60, 99)
        self._window.live.room = self._window.words(
            "room for {hours} h {minutes} min", hours=hours, minutes=minutes % 60
        )

    async def stop(self) -> None:
        await self._microphone.stop()
        self._window.live.on = False
        filed = await self._window.attempt(self._window.desk.stop_memo())
        await self._window.touch.firm()
        if filed is None and not self._window.shell.notice:
            self._window.shell.notice = self._window.words(
                "No sound arrived, so there is no memo. Look at the microphone."
            )
