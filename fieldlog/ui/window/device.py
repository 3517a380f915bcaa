"""Microphone, player and light touches of the device a window runs on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import flet as ft
import flet_audio as fa
import flet_audio_recorder as far

if TYPE_CHECKING:
    from fieldlog.ui.window.window import Window

log = logging.getLogger(__name__)
RATE = 24_000
"""What is asked for. A browser delivers what its device has, whatever is asked for, and does not tell."""

PATIENCE_SECONDS = 5
"""For an answer that nothing depends on. Flet waits for ever, and some browsers never answer."""

SHOWN_A_SECOND = 5
BETWEEN_TICKS_SECONDS = 0.12


class Microphone:
    """Streams sound to the desk. One at a time, in the window that started it."""

    def __init__(self, window: Window) -> None:
        self._window = window
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
        desk, live = self._window.desk, self._window.live
        desk.tape.hear(event.chunk, event.sequence)
        memo = desk.tape.memo
        if memo is None or not live.on or live.paused:
            return
        if abs(memo.seconds - self._shown) >= 1 / SHOWN_A_SECOND:
            self._shown = memo.seconds
            self._window.memos.follow(memo)

    async def _state(self, event: ft.Event[Any]) -> None:
        """The recorder says what became of it, as a bare word: where nobody asked, the system did it."""
        if not self._asked and event.data == "paused":
            await self._window.memos.paused_by_system()
        elif not self._asked and event.data == "recording":
            await self._window.memos.resumed_by_system()


class Player:
    """Plays one memo at a time, never by itself."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._audio: fa.Audio | None = None

    async def toggle(self, entry: str, url: str) -> None:
        """Play this memo from where it was, or pause it."""
        playing = self._window.playing
        if playing.entry == entry and self._audio is not None:
            if playing.going:
                await self._audio.pause()
            elif playing.at:
                await self._audio.resume()
            else:
                await self._audio.play()
            playing.going = not playing.going
            return
        await self._open(entry, url)

    async def play_at(self, entry: str, seconds: float) -> None:
        """Play this memo from a second of it on, whatever is heard now."""
        playing, there = self._window.playing, ft.Duration(milliseconds=int(seconds * 1000))
        if playing.entry == entry and self._audio is not None:
            await self._audio.play(there)
        else:
            await self._open(entry, self._window.media(f"sound/{entry}"), there)
        playing.at, playing.going = seconds, True

    async def _open(self, entry: str, url: str, there: ft.Duration | None = None) -> None:
        """Load a memo and play it, from `there` on where that is told."""
        playing = self._window.playing
        await self.stop()

        async def loaded(_: ft.ControlEvent) -> None:
            if there is not None and playing.entry == entry and not started:
                started.append(True)
                await audio.play(there)

        started = list[bool]()
        audio = fa.Audio(
            src=url,
            autoplay=there is None,
            release_mode=fa.ReleaseMode.STOP,
            on_position_change=self._moved,
            on_state_change=self._state,
            on_loaded=loaded,
        )
        self._audio = audio
        playing.entry, playing.at, playing.going = entry, 0.0, True

    async def seek(self, seconds: float) -> None:
        if self._audio is not None:
            await self._audio.seek(ft.Duration(milliseconds=int(seconds * 1000)))
            self._window.playing.at = seconds

    async def stop(self) -> None:
        audio, self._audio = self._audio, None
        if audio is not None:
            await quietly(audio.release)
        self._window.playing.entry, self._window.playing.going = "", False

    def _moved(self, event: fa.AudioPositionChangeEvent) -> None:
        self._window.playing.at = event.position / 1000

    def _state(self, event: fa.AudioStateChangeEvent) -> None:
        if event.state == fa.AudioState.COMPLETED:
            self._window.playing.going, self._window.playing.at = False, 0.0


async def quietly(verb: Callable[[], Any]) -> None:
    """Do what a device may refuse, or never answer, without anything depending on it: browsers differ."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await verb()
    except (RuntimeError, TimeoutError, ft.FletUnsupportedPlatformException) as why:
        log.debug("a device refused: %s", why)


class Touch:
    """Haptic ticks, where the device has them."""

    def __init__(self) -> None:
        self._haptic = ft.HapticFeedback()

    async def light(self) -> None:
        await quietly(self._haptic.light_impact)

    async def firm(self) -> None:
        await quietly(self._haptic.medium_impact)

    async def double(self) -> None:
        """Something needs looking at."""
        await self.firm()
        await asyncio.sleep(BETWEEN_TICKS_SECONDS)
        await self.firm()
