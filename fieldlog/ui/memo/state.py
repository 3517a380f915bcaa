"""What the microphone does, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.services.capture.permission import Objection

BARS = 10
"""Steps in which the loudness of a recording is shown: what looks the same is not drawn anew."""


@ft.observable
@dataclass
class Live:
    """The microphone. `level` is 0..BARS; `room` says for how long there is room, `warning` what is wrong.

    While `paused` the microphone is off. `barred` says that something speaks against recording here, `unseen` that
    something speaks against photographs, `asked`
    what, while the person is being asked about it.
    """

    on: bool = False
    paused: bool = False
    seconds: int = 0
    level: int = 0
    room: str = ""
    warning: str = ""
    barred: bool = False
    unseen: bool = False
    asked: tuple[Objection, ...] = ()

    @property
    def red(self) -> bool:
        """Whether the microphone is live, for which there is the one red."""
        return self.on and not self.paused
