"""This device: its studies, how it looks and speaks, how it carries FieldLog."""

from __future__ import annotations

from fieldlog.ui.device.studies import OnThisDevice
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.pocket.actions import PocketJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.look import Dressing
from fieldlog.ui.window.window import Window


class DeviceJourney(Journey):
    """`studies` are those that lie here. All of it is there before any study is open."""

    def __init__(
        self, window: Window, look: Dressing, field: FieldJourney, photo: PhotoJourney, pocket: PocketJourney
    ) -> None:
        super().__init__(window)
        self.look, self.photo, self.pocket = look, photo, pocket
        self.studies = OnThisDevice(window, field)
