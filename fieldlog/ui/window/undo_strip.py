"""The strip that takes the last thing back. It stands above the recording bar and the rail: nothing moves under
the thumb when it comes and goes.

While a sheet is open it stands below the sheet, since what lies under a sheet can't be reached.
"""

from __future__ import annotations

import flet as ft

from fieldlog.ui.parts.basics import asks, strip, strip_action
from fieldlog.ui.window.state import Shell
from fieldlog.ui.window.window import Window


@ft.component
def UndoStrip(window: Window, shell: Shell, *, under_sheet: bool = False) -> ft.Control:
    """The strip, or nothing in its place: what stands beside it must not be drawn anew when it comes and goes."""
    if not shell.undo or under_sheet != bool(shell.sheet):
        return ft.Container(height=0)
    action = strip_action("undo", window.words("Undo"), shell.look, asks(window.undo), calm=True)
    return strip("undo-strip", shell.undo, shell.look, action, calm=True)
