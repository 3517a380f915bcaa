"""The frame of one window, watched by what shows it. What a journey shows lies in its own state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from fieldlog.ui.parts.theme import LAPTOP, LOOKS, LOW, PHONE, Look

SYSTEM, HIDE, SHOW, TABLE = "system", "hide", "show", "table"


@ft.observable
@dataclass
class Shell:
    """The frame: language, look, the size of the window, and what lies over the screen.

    `sheet` names the sheet that is open, "" none; `notice` is the sentence of the strip under the top bar,
    `undo` the words of the strip that takes something back. `look_choice` is a look or "system", `look_name` the
    look that follows from it; `mirrored` puts what the thumb needs to the left. `alone` is "hide" or "show" while
    a clock or one note stands over everything. `wide_open` says that Blackout's handle shows the destinations.
    """

    language: str = "en"
    look_choice: str = SYSTEM
    look_name: str = "day"
    mirrored: bool = False
    alone: str = ""
    wide_open: bool = False
    width: float = 412
    height: float = 892
    scale: float = 1.0
    sheet: str = ""
    notice: str = ""
    undo: str = ""
    study: str = ""
    writes: bool = True

    @property
    def look(self) -> Look:
        return replace(LOOKS[self.look_name], scale=self.scale)

    @property
    def covered(self) -> str:
        """What stands alone over everything, so that nothing else can be reached; "" where nothing does."""
        return TABLE if self.sheet == TABLE else self.alone

    @property
    def phone(self) -> bool:
        return self.width < PHONE

    @property
    def laptop(self) -> bool:
        return self.width >= LAPTOP

    @property
    def low(self) -> bool:
        return self.height < LOW
