"""Pictures of one window: the camera with shots that wait for each other, and files that are chosen."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import flet as ft
import flet_camera as fc

from fieldlog.model.errors import FieldLogError
from fieldlog.model.moment import Moment
from fieldlog.model.ports import Source
from fieldlog.services.chips import Chips
from fieldlog.services.permission import objections
from fieldlog.services.sources import Bytes
from fieldlog.ui.drawing import Drawing
from fieldlog.ui.hardware import quietly
from fieldlog.ui.state import Taking

if TYPE_CHECKING:
    from fieldlog.ui.window import Window

FLASHES = {"off": fc.FlashMode.OFF, "auto": fc.FlashMode.AUTO, "on": fc.FlashMode.ALWAYS}
REFUSALS = (RuntimeError, TimeoutError, ft.FletUnsupportedPlatformException)
"""What a camera that is not there, not allowed or not able answers with."""


BEGUN_SECONDS = 60.0
"""Until a browser has begun to bring a file."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture the camera gave, not saved yet, with the moment of its shutter."""

    jpeg: bytes
    shutter: Moment
    chips: Chips


class Pictures:
    """Photos from the camera, and files from a gallery or a folder: each is an entry."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._picker = ft.FilePicker()
        self.camera = fc.Camera(expand=True)
        self.taking, self.drawing = Taking(), Drawing(window)
        self._cameras: list[fc.CameraDescription] = []
        self._at = 0
        self._chips = Chips()
        self._pressed, self._saving = asyncio.Lock(), asyncio.Lock()
        self._shots = deque[Shot]()

    # -- the camera

    def open(self) -> None:
        """Open the camera; where photos are not agreed to, it is asked first why all the same."""
        window, taking = self._window, self.taking
        work, capture = window.desk.work, window.desk.capture
        if work is None or capture is None:
            return
        self._chips = window.compose.chips_for_file()
        taking.taken, taking.last, taking.last_entry, taking.ready = 0, "", "", False
        taking.objections = objections(work, "photo", capture.session_at(capture.now().at))
        window.open_sheet("photo-consent" if taking.objections else "camera")

    def open_anyway(self, reason: str) -> None:
        """Open the camera against what was objected; the reason is kept with every photo."""
        taking = self.taking
        taking.given = reason.strip()
        people = [one.person for one in taking.objections if one.person]
        self._chips = replace(self._chips, override={"reason": taking.given, "people": people})
        self._window.open_sheet("camera")

    async def begin(self) -> bool:
        """Wake the camera, which is on the page already; whether there is one that may be used."""
        try:
            self._cameras = await self.camera.get_available_cameras()
            if not self._cameras:
                return False
            faces = [one.lens_direction for one in self._cameras]
            back = fc.CameraLensDirection.BACK
            self._at = faces.index(back) if back in faces else 0
            await self._wake()
        except REFUSALS:
            return False
        self.taking.cameras, self.taking.ready = len(self._cameras), True
        return True

    async def flip(self) -> None:
        """The next camera of the device."""
        if len(self._cameras) > 1:
            async with self._pressed:
                self._at = (self._at + 1) % len(self._cameras)
                await quietly(self._wake)

    async def flash(self) -> None:
        """Off, auto, on, and off again."""
        names = list(FLASHES)
        wanted = names[(names.index(self.taking.flash) + 1) % len(names)] if self.taking.flash else "off"
        if await self._flash(wanted):
            self.taking.flash = wanted

    async def _wake(self) -> None:
        one = self._cameras[min(self._at, len(self._cameras) - 1)]
        await self.camera.initialize(one, fc.ResolutionPreset.MAX, enable_audio=False)
        # Never a flash by itself; a camera that can't be told so has none.
        self.taking.flash = "off" if await self._flash("off") else ""

    async def _flash(self, wanted: str) -> bool:
        try:
            await self.camera.set_flash_mode(FLASHES[wanted])
        except REFUSALS:
            return False
        return True

    async def shoot(self) -> None:
        """Take a picture. Presses wait for each other, and every picture for the saving of the one before."""
        window, taking = self._window, self.taking
        if not taking.ready or window.desk.capture is None:
            return
        taking.waiting += 1
        try:
            async with self._pressed:
                if not taking.ready:
                    raise TimeoutError("the camera was put away first")
                shutter = window.desk.capture.now()
                picture = await self.camera.take_picture()
        except REFUSALS:
            taking.waiting -= 1
            window.shell.notice = window.words("The camera took no picture. Try again.")
            return
        await self.take(bytes(picture), shutter)
        await window.touch.light()

    async def take(self, jpeg: bytes, shutter: Moment) -> None:
        """Save a picture the camera took, after those before it."""
        capture = self._window.desk.capture
        # Where in the memo it lies is known now; by the time it is saved the memo may have ended.
        heard = capture.heard_at(shutter, self._chips) if capture else {}
        self._shots.append(Shot(jpeg=jpeg, shutter=shutter, chips=replace(self._chips, during=heard)))
        self.taking.waiting = max(self.taking.waiting, len(self._shots))
        await self.settle()

    async def settle(self) -> None:
        """Save every shot that waits, in order. What can't be saved goes on waiting, and is said."""
        async with self._saving:
            while self._shots and self._window.desk.capture is not None:
                if not await self._save(self._shots[0]):
                    return
                self._shots.popleft()
                self.taking.waiting -= 1

    async def _save(self, shot: Shot) -> bool:
        """Save a shot; whether nothing of it is left to do."""
        capture = self._window.desk.capture
        assert capture
        source = Bytes(name="photo.jpg", data=shot.jpeg)
        saved = await self._window.attempt(
            capture.file(source, shot.chips, began=shot.shutter, derive=False)
        )  # fmt: skip
        if saved is None:
            return False
        entry, found = saved
        if entry is None:
            self._window.shell.notice = self._window.words("The camera took no picture. Try again.")
        else:
            self.taking.taken += 1
            self.taking.last, self.taking.last_entry = found.kept.sha256, entry.id
        return True

    async def close(self) -> None:
        """Put the camera away once every shot is saved."""
        async with self._pressed:
            await self.settle()
        self._window.close_sheet()

    def left(self) -> None:
        """The camera is off the screen: the chips have gone with its photos."""
        self.taking.ready = False
        if self.taking.taken:
            self._window.compose.used_by_file()

    async def open_last(self) -> None:
        """Put the camera away and show the photo taken last."""
        await self.close()
        if self.taking.last_entry:
            self._window.open_entry(self.taking.last_entry)

    def sketch(self) -> None:
        """Draw on an empty page."""
        self.drawing.on_page()

    # -- files

    async def pick(self) -> None:
        """Let the person choose files; every one with bytes is kept. Of several it is told how far it is.

        Where a server listens each comes by itself, whatever it weighs; elsewhere all are handed over at once.
        """
        window, taking = self._window, self.taking
        streams = window.desk.arrivals.listening
        files = await self._picker.pick_files(
            dialog_title=window.words("Add files"), allow_multiple=True, with_data=not streams
        )
        if not files:
            return
        taking.done, taking.total, taking.refused = 0, len(files), ()
        if len(files) > 1:
            window.open_sheet("files")
        for file in files:
            problem = await (self._fetch(file) if streams else self._bring(file.name, file.bytes))
            taking.done += 1
            if problem:
                taking.refused = (*taking.refused, f"{file.name}: {problem}")
        window.compose.used_by_file()
        if len(files) == 1 and taking.refused:
            window.shell.notice = taking.refused[0]
        elif not taking.refused and window.shell.sheet == "files":
            window.close_sheet()

    async def _fetch(self, file: ft.FilePickerFile) -> str:
        """Let the browser bring a file it has chosen; what is to be said of it."""
        arrivals = self._window.desk.arrivals
        expected = arrivals.expect(file.name, self._keep)
        there = ft.FilePickerUploadFile(upload_url=self._window.address(f"in/{expected.ticket}"), id=file.id)
        try:
            await self._picker.upload([there])
            await asyncio.wait_for(expected.begun.wait(), BEGUN_SECONDS)
            return str(await expected.done)
        except (*REFUSALS, OSError):
            return self._window.words("Its bytes did not arrive. Choose it again.")
        finally:
            arrivals.forget(expected)

    async def _bring(self, name: str, data: bytes | None) -> str:
        """Keep a file that was handed over; what is to be said of it."""
        if data is None:
            return self._window.words("Its bytes did not arrive. Choose it again.")
        return await self._keep(Bytes(name=name, data=data))

    async def _keep(self, source: Source) -> str:
        """Keep a file; what is to be said of it, "" where all is well. One bad file does not stop the rest."""
        window = self._window
        if window.desk.capture is None:
            return window.words("Its bytes did not arrive. Choose it again.")
        try:
            chips = window.compose.chips_for_file()
            entry, found = await window.desk.capture.file(source, chips)
        except FieldLogError as refusal:
            return window.words.told(refusal)
        if entry is None or found.examined.verdict not in ("ok", "renamed"):
            return window.words(found.examined.problem)
        return ""

    # -- what is liked here

    async def like(self) -> None:
        """Show positions, or not, as it was liked here last."""
        device = await self._window.desk.device()
        self.taking.location = device.preferences.get("location") == "on"

    async def show_positions(self, wanted: bool) -> None:
        """Show where a photo was taken, or not; here and at the next start."""
        self.taking.location = wanted
        device = await self._window.desk.device()
        await self._window.attempt(device.prefer("location", "on" if wanted else "off"))
