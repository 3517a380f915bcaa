"""What stands in the field one writes in, and beside it."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.services.capture.chips import Chips

PLAIN = Chips()


@ft.observable
@dataclass
class Field:
    """The field one writes in. `n` goes up when its text is to be taken from the desk again.

    `chips` stand beside the text; `strip` names the choices that lie over the rail, "" none; `take` is the id of
    the take slated last.
    """

    n: int = 0
    chips: Chips = PLAIN
    strip: str = ""
    take: str = ""


@ft.observable
@dataclass
class Kept:
    """What stands under the field while one types."""

    words: str = ""
    writing: bool = False
