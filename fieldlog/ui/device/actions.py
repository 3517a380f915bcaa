"""This device: its studies, how it looks and speaks, how it carries FieldLog."""

from __future__ import annotations

from fieldlog.ui.archive.actions import ArchiveJourney
from fieldlog.ui.device.restoring import Restoring
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
        self.restoring = Restoring(window, archive.incoming)
