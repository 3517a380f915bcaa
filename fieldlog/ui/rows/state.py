"""What is on the screen of today's rows, and the memo that is heard."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.ui.rows.views import StreamRow

FIRST_ROWS, WINDOW_ROWS = 10, 60
"""Rows that are there when the window opens, so that one can write at once; and soon after."""


@ft.observable
@dataclass
class Stream:
    """Today: the day being worked, its session, its last entries (newest first) and how many there are in all."""

    code: str = ""
    date: str = ""
    when: str = ""
    clock: str = ""
    wall: str = ""
    wrapped: bool = False
    planned: bool = True
    type_words: str = ""
    session: str = ""
    session_since: str = ""
    place: str = ""
    shooting: bool = False
    rows: tuple[StreamRow, ...] = ()
    total: int = 0
    window: int = 20
    only_here: int = 0
    old: bool = False
    oldest_days: int = 0
    copies: int = 0


@ft.observable
@dataclass
class Playing:
    """The memo that is heard: its entry's id, and how far it is, in seconds."""

    entry: str = ""
    going: bool = False
    at: float = 0.0
