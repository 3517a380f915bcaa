"""The microphone of a window."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft
import flet_audio_recorder as far

from fieldlog.services.memo.listening import Listening
from fieldlog.ui.memo.state import Live
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.window import Window

RATE = 24_000
"""What is asked for. A browser delivers what its device has, whatever is asked for, and does not tell."""

SHOWN_A_SECOND = 5


class Microphone:
    """Streams sound to the desk's tape. One at a time, in the window that started it.

    `follow` is told of a memo that was heard further, `paused` and `resumed` that the system took the microphone
    and gave it back.
    """

    def __init__(
        self, window: Window, live: Live, *, follow: Callable[[Listening], None],
        paused: Callable[[], Awaitable[None]], resumed: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._window, self._live = window, live
        self._follow, self._paused, self._resumed = follow, paused, resumed
        self._recorder: far.AudioRecorder | None = None
        self._wakelock = ft.Wakelock()
        self._shown = -1.0
        self._asked, self._off = False, False

    @property
    def form(self) -> tuple[int | None, int | None]:
        """Samples a second and channels as they will arrive, where that is known."""
        return (None, None) if self._window.page.web else (RATE, 1)

    async def allowed(self) -> bool:
        """Ask the person once; whether sound may be recorded."""
        self._recorder = far.AudioRecorder(
            configuration=far.AudioRecorderConfiguration(
                encoder=far.AudioEncoder.PCM16BITS,
                sample_rate=RATE,
                channels=1,
                auto_gain=False,
                cancel_echo=False,
                suppress_noise=False,
            ),
            on_stream=self._heard,
            on_state_change=self._state,
        )
        return bool(await self._recorder.has_permission())

    async def start(self) -> bool:
        self._shown, self._asked, self._off = -1.0, False, False
        try:
            return self._recorder is not None and await self._recorder.start_recording()
        except (RuntimeError, TimeoutError):
            return False

    async def stay_awake(self) -> None:
        """Keep the screen on until it stops, where the device lets us."""
        await quietly(self._wakelock.enable)

    async def stop(self) -> None:
        self._asked = True
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            await quietly(recorder.stop_recording)
        await quietly(self._wakelock.disable)

    async def pause(self) -> None:
        """Hear nothing for a while. What was heard before this returns has been delivered."""
        self._asked = True
        if self._recorder is None:
            return
        try:
            await self._recorder.pause_recording()
        except (RuntimeError, TimeoutError):
            self._off = True
            await quietly(self._recorder.stop_recording)

    async def resume(self) -> bool:
        """Listen again; whether it does."""
        if self._recorder is None:
            return False
        try:
            if self._off:
                self._off = not await self._recorder.start_recording()
            else:
                await self._recorder.resume_recording()
        except (RuntimeError, TimeoutError):
            return False
        self._asked = self._off
        return not self._off

    def _heard(self, event: far.AudioRecorderStreamEvent) -> None:
        desk, live = self._window.desk, self._live
        desk.tape.hear(event.chunk, event.sequence)
        memo = desk.tape.memo
        if memo is None or not live.on or live.paused:
            return
        if abs(memo.seconds - self._shown) >= 1 / SHOWN_A_SECOND:
            self._shown = memo.seconds
            self._follow(memo)

    async def _state(self, event: ft.Event[Any]) -> None:
        """The recorder says what became of it, as a bare word: where nobody asked, the system did it."""
        if not self._asked and event.data == "paused":
            await self._paused()
        elif not self._asked and event.data == "recording":
            await self._resumed()
