"""Microphone, player and light touches of the device a window runs on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import flet as ft
import flet_audio as fa
import flet_audio_recorder as far
import flet_camera as fc

from fieldlog.services.sources import Bytes

if TYPE_CHECKING:
    from fieldlog.ui.window import Window

log = logging.getLogger(__name__)
RATE = 24_000
"""What is asked for. A browser delivers what its device has, whatever is asked for, and does not tell."""

SILENT_SECONDS = 3.0
SHOWN_A_SECOND = 5


class Microphone:
    """Streams sound to the desk. One at a time, in the window that started it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._recorder: far.AudioRecorder | None = None
        self._wakelock = ft.Wakelock()
        self._shown, self._heard_at = -1.0, 0.0

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
        )
        return bool(await self._recorder.has_permission())

    async def start(self) -> bool:
        self._shown, self._heard_at = -1.0, 0.0
        if self._recorder is None or not await self._recorder.start_recording():
            return False
        await quietly(self._wakelock.enable)
        return True

    async def stop(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            await quietly(recorder.stop_recording)
        await quietly(self._wakelock.disable)

    def _heard(self, event: far.AudioRecorderStreamEvent) -> None:
        desk, live = self._window.desk, self._window.live
        desk.hear(event.chunk, event.sequence)
        memo = desk.memo
        if memo is None or not live.on:
            return
        seconds = memo.seconds
        if memo.level:
            self._heard_at = seconds
        if seconds - self._shown >= 1 / SHOWN_A_SECOND:
            self._shown = seconds
            live.seconds, live.level = int(seconds), memo.level
            live.silent = seconds - self._heard_at >= SILENT_SECONDS


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
        await self.stop()
        self._audio = fa.Audio(
            src=url,
            autoplay=True,
            release_mode=fa.ReleaseMode.STOP,
            on_position_change=self._moved,
            on_state_change=self._state,
        )
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
    """Do what a device may refuse without anything depending on it: browsers differ."""
    try:
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


class Pictures:
    """Photos from the camera, and files from a gallery or a folder: each is an entry."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._picker = ft.FilePicker()
        self.camera = fc.Camera(expand=True)
        self._cameras: list[fc.CameraDescription] = []
        self._at = 0

    async def begin(self) -> bool:
        """Wake the camera, which is on the page already; whether there is one that may be used."""
        try:
            self._cameras = await self.camera.get_available_cameras()
            if self._cameras:
                await self._wake()
        except (RuntimeError, TimeoutError, ft.FletUnsupportedPlatformException):
            return False
        return bool(self._cameras)

    async def flip(self) -> None:
        """The next camera of the device."""
        if len(self._cameras) > 1:
            self._at = (self._at + 1) % len(self._cameras)
            await quietly(self._wake)

    async def _wake(self) -> None:
        one = self._cameras[min(self._at, len(self._cameras) - 1)]
        await self.camera.initialize(one, fc.ResolutionPreset.MAX, enable_audio=False)

    async def shoot(self) -> bool:
        """Take a picture and save it; whether it is an entry now."""
        try:
            picture = await self.camera.take_picture()
        except (RuntimeError, TimeoutError):
            self._window.shell.notice = self._window.words("The camera took no picture. Try again.")
            return False
        return await self.take(bytes(picture))

    async def take(self, jpeg: bytes) -> bool:
        """Save a picture the camera took; whether it is an entry now."""
        return await self._save("photo.jpg", jpeg)

    async def pick(self) -> None:
        """Let the person choose files; every one with bytes is kept."""
        window = self._window
        files = await self._picker.pick_files(
            dialog_title=window.words("Add files"), allow_multiple=True, with_data=True
        )
        for file in files or ():
            if file.bytes is not None:
                await self._save(file.name, file.bytes)

    async def _save(self, name: str, data: bytes) -> bool:
        window = self._window
        if window.desk.capture is None:
            return False
        chips = window.compose.chips_for_file()
        saved = await window.attempt(window.desk.capture.file(Bytes(name=name, data=data), chips))
        if saved is None:
            return False
        entry, taken = saved
        if entry is None:
            window.shell.notice = window.words("{name} is empty; there is nothing to keep.", name=name)
        elif taken.examined.verdict != "ok":
            window.shell.notice = f"{name}: {taken.examined.problem or taken.examined.verdict}"
        return entry is not None
