"""What This device shows of a study that is to leave."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass
class Leaving:
    """A study that is to be removed from this device: its `title`, `where` all of it is besides here, what was
    `typed`, and why it was not done (`told`)."""

    title: str = ""
    where: tuple[str, ...] = ()
    typed: str = ""
    told: str = ""
