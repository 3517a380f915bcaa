"""Pictures of one window: the camera with shots that wait for each other, and files that are chosen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import flet as ft
import flet_camera as fc

from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Source
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.permission import objections
from fieldlog.services.machine.sources import Bytes
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.photo.draw import Drawing
from fieldlog.ui.photo.shots import Shot, Shots
from fieldlog.ui.photo.state import Taking
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

FLASHES = {"off": fc.FlashMode.OFF, "auto": fc.FlashMode.AUTO, "on": fc.FlashMode.ALWAYS}
REFUSALS = (RuntimeError, TimeoutError, ft.FletUnsupportedPlatformException)
"""What a camera that is not there, not allowed or not able answers with."""


BEGUN_SECONDS = 60.0
"""Until a browser has begun to bring a file."""


class PhotoJourney(Journey):
    """Photos from the camera, and files from a gallery or a folder: each is an entry."""

    def __init__(self, window: Window, rows: RowsJourney, field: FieldJourney) -> None:
        super().__init__(window)
        self.rows, self.field = rows, field
        self._picker = ft.FilePicker()
        self.camera = fc.Camera(expand=True)
        self.taking, self.drawing = Taking(), Drawing(window, field)
        self.opened = 0
        """How often the camera was: who waits for it knows whether it is still theirs."""
        self._cameras: list[fc.CameraDescription] = []
        self._at = 0
        self._chips = Chips()
        self._pressed, self._presses = asyncio.Lock(), 0
        self.shots = Shots(window, self.taking)
        window.on_sheet.append(self._sheet_turned)

    # -- the camera

    def open(self) -> None:
        """Open the camera; where photos are not agreed to, it is asked first why all the same."""
        window, taking = self.window, self.taking
        work, capture = self.work, self.capture
        self._chips = self.field.chips_for_file()
        self.opened += 1
        taking.taken, taking.last, taking.last_entry = 0, "", ""
        # One that has not quite gone yet is awake.
        taking.ready, taking.leaving = taking.leaving and taking.ready, False
        taking.objections = objections(work, "photo", capture.session_at(capture.now().at))
        window.open_sheet("photo-consent" if taking.objections else "camera")

    def open_anyway(self, reason: str) -> None:
        """Open the camera against what was objected; the reason is kept with every photo."""
        taking = self.taking
        taking.given = reason.strip()
        people = [one.person for one in taking.objections if one.person]
        self._chips = replace(self._chips, override={"reason": taking.given, "people": people})
        self.window.open_sheet("camera")

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
        window, taking, chips = self.window, self.taking, self._chips
        work, capture = self.work, self.capture
        if not taking.ready:
            return
        taking.waiting, self._presses = taking.waiting + 1, self._presses + 1
        try:
            async with self._pressed:
                if not taking.ready:
                    raise TimeoutError("the camera was put away first")
                shutter = capture.now()
                picture = await self.camera.take_picture()
        except REFUSALS:
            taking.waiting -= 1
            window.shell.notice = window.words("The camera took no picture. Try again.")
            return
        finally:
            self._presses -= 1
            taking.leaving = taking.leaving and self._presses > 0
        await self.shots.take(Shot(study=work.store.project, jpeg=bytes(picture), shutter=shutter, chips=chips))
        await window.touch.light()

    def _sheet_turned(self, was: str, now: str) -> None:
        if was == "camera" and not now:
            self.leave()

    def leave(self) -> None:
        """Out of sight at once. What was pressed for before is still taken, and what was taken saved."""
        self.taking.leaving = self._presses > 0

    async def close(self) -> None:
        """Put the camera away."""
        self.window.close_sheet()

    def left(self) -> None:
        """The camera is off the screen: the chips have gone with its photos."""
        self.taking.ready = False
        if self.taking.taken:
            self.field.used_by_file()

    async def open_last(self) -> None:
        """Put the camera away and show the photo taken last."""
        self.window.close_sheet()
        if self.taking.last_entry:
            self.rows.open(self.taking.last_entry)

    def sketch(self) -> None:
        """Draw on an empty page."""
        self.drawing.on_page()

    # -- files

    async def pick(self) -> None:
        """Let the person choose files; every one with bytes is kept. Of several it is told how far it is.

        Where a server listens each comes by itself, whatever it weighs; elsewhere all are handed over at once.
        """
        window, taking = self.window, self.taking
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
        self.field.used_by_file()
        if len(files) == 1 and taking.refused:
            window.shell.notice = taking.refused[0]
        elif not taking.refused and window.shell.sheet == "files":
            window.close_sheet()

    async def _fetch(self, file: ft.FilePickerFile) -> str:
        """Let the browser bring a file it has chosen; what is to be said of it."""
        arrivals = self.window.desk.arrivals
        expected = arrivals.expect(file.name, self._keep)
        there = ft.FilePickerUploadFile(upload_url=self.window.address(f"in/{expected.ticket}"), id=file.id)
        try:
            await self._picker.upload([there])
            await asyncio.wait_for(expected.begun.wait(), BEGUN_SECONDS)
            return str(await expected.done)
        except (*REFUSALS, OSError):
            return self.window.words("Its bytes did not arrive. Choose it again.")
        finally:
            arrivals.forget(expected)

    async def _bring(self, name: str, data: bytes | None) -> str:
        """Keep a file that was handed over; what is to be said of it."""
        if data is None:
            return self.window.words("Its bytes did not arrive. Choose it again.")
        return await self._keep(Bytes(name=name, data=data))

    async def _keep(self, source: Source) -> str:
        """Keep a file; what is to be said of it, "" where all is well. One bad file does not stop the rest."""
        window = self.window
        try:
            chips = self.field.chips_for_file()
            entry, found = await self.capture.keep(source, chips)
        except FieldLogError as refusal:
            return window.words.told(refusal)
        if entry is None or found.examined.verdict not in ("ok", "renamed"):
            return window.words(found.examined.problem)
        return ""

    # -- what is liked here

    async def like(self) -> None:
        """Show positions, or not, as it was liked here last."""
        device = await self.window.desk.device()
        self.taking.location = device.preferences.get("location") == "on"

    async def show_positions(self, wanted: bool) -> None:
        """Show where a photo was taken, or not; here and at the next start."""
        self.taking.location = wanted
        device = await self.window.desk.device()
        await self.window.attempt(device.prefer("location", "on" if wanted else "off"))
