"""What stands alone over everything."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass
class Apart:
    """What stands alone over everything: the time and date of a neutral clock, or the words of one note."""

    time: str = ""
    date: str = ""
    text: str = ""
