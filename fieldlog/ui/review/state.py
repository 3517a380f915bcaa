"""What is shown of the month."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

CALENDAR, ROWS, SCORE, PEOPLE = "calendar", "rows", "score", "people"


@ft.observable
@dataclass
class MonthShown:
    """`view` is how the month is drawn, "" as suits the window; `chosen` the date of the day that is looked at.

    `who` is the id of the person whose column was tapped. `person`, `group`, `kind` and `place` say what alone is
    looked at, as `Kept` has it.
    """

    view: str = ""
    chosen: str = ""
    who: str = ""
    person: str = ""
    group: str = ""
    kind: str = ""
    place: str = ""
