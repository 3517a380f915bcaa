"""This device: its studies, how it looks and speaks, how it carries FieldLog."""

from __future__ import annotations

from fieldlog.model.errors import FieldLogError
from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.device.restoring import Restoring
from fieldlog.ui.device.state import Leaving
from fieldlog.ui.device.studies import OnThisDevice
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.look import Dressing
from fieldlog.ui.window.window import Window


class DeviceJourney(Journey):
    """`studies` are those that lie here, `restoring` brings one back. All of it is there before any study is
    open."""

    def __init__(
        self, window: Window, look: Dressing, field: FieldJourney, photo: PhotoJourney, pocket: PocketJourney,
        archive: ArchiveJourney,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self.look, self.photo, self.pocket, self.archive = look, photo, pocket, archive
        self.studies = OnThisDevice(window, field)
        self.leaving = Leaving()
        self.restoring = Restoring(window, archive.incoming)

    async def ask_to_remove(self) -> None:
        """How the open study stands before it leaves this device, and what that needs."""
        from fieldlog.services.archive.removal import standing

        found = await self.window.attempt(standing(self.work))
        if found is not None:
            self.leaving.title, self.leaving.where = found.title, found.where
            self.leaving.typed = self.leaving.told = ""
            self.window.open_sheet("remove-study")

    async def remove(self) -> None:
        """Remove the open study from this device. What is wrong with that is told on the sheet."""
        try:
            await self.window.desk.remove_study(self.leaving.typed)
        except FieldLogError as refusal:
            self.leaving.told = self.words.told(refusal)
            return
        self.window.close_sheet()
        self.studies.arrive()
