"""The strip that takes the last thing back. On Now it stands above the rail: nothing moves under the thumb."""

from __future__ import annotations

import flet as ft

from fieldlog.ui.components.basics import asks, strip, strip_action
from fieldlog.ui.state import Shell
from fieldlog.ui.window import Window


def undo_strip(window: Window, shell: Shell) -> list[ft.Control]:
    """The strip, or nothing."""
    if not shell.undo:
        return []
    action = strip_action("undo", window.words("Undo"), shell.look, asks(window.undo), calm=True)
    return [strip("undo-strip", shell.undo, shell.look, action, calm=True)]
