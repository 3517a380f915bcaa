"""The player of a window: one memo at a time, never by itself."""

from __future__ import annotations

import flet as ft
import flet_audio as fa

from fieldlog.ui.rows.state import Playing
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.window import Window


class Player:
    """Plays one memo at a time, never by itself."""

    def __init__(self, window: Window, playing: Playing) -> None:
        self._window, self._playing = window, playing
        self._audio: fa.Audio | None = None

    async def toggle(self, entry: str, url: str) -> None:
        """Play this memo from where it was, or pause it."""
        playing = self._playing
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
        playing, there = self._playing, ft.Duration(milliseconds=int(seconds * 1000))
        if playing.entry == entry and self._audio is not None:
            await self._audio.play(there)
        else:
            await self._open(entry, self._window.media(f"sound/{entry}"), there)
        playing.at, playing.going = seconds, True

    async def _open(self, entry: str, url: str, there: ft.Duration | None = None) -> None:
        """Load a memo and play it, from `there` on where that is told."""
        playing = self._playing
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
            self._playing.at = seconds

    async def stop(self) -> None:
        audio, self._audio = self._audio, None
        if audio is not None:
            await quietly(audio.release)
        self._playing.entry, self._playing.going = "", False

    def _moved(self, event: fa.AudioPositionChangeEvent) -> None:
        self._playing.at = event.position / 1000

    def _state(self, event: fa.AudioStateChangeEvent) -> None:
        if event.state == fa.AudioState.COMPLETED:
            self._playing.going, self._playing.at = False, 0.0
