"""What is shown of devices and places, of the meeting that goes on, and of a place that is being added."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.ui.sync.outcomes import MeetingRow, PlaceRow
from fieldlog.ui.sync.views import Head, StandingRow


@ft.observable
@dataclass
class Sync:
    """`head` is None until it was worked out. `devices` are devices and places that others met, `places` those of
    this device. `conflicts` counts entries with several versions. `chosen` is the row and the day of the cell that
    was tapped, `missing` what it lacks."""

    head: Head | None = None
    devices: tuple[StandingRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    conflicts: int = 0
    chosen: tuple[str, str] = ("", "")
    missing: tuple[str, ...] = ()


@ft.observable
@dataclass
class Meeting:
    """The meeting under way, None for none; `stopping` says that it was asked to stop."""

    row: MeetingRow | None = None
    stopping: bool = False


@ft.observable
@dataclass
class Adding:
    """A place that is being added. `network` says that what is typed is a server's address, `looking` that it is
    being looked at, `problem` why it can't be, `foreseen` what an exchange would do, a sentence each. With another
    `turn` the fields are empty again."""

    open: bool = False
    network: bool = False
    looking: bool = False
    turn: int = 0
    problem: str = ""
    foreseen: tuple[str, ...] = ()


@ft.observable
@dataclass
class Room:
    """Originals that could go from this phone: how many, how large, who has them, why others stay. `asked` says
    that a person is asked, `goes` that they go, `said` what came of it."""

    count: int = 0
    size: str = ""
    on: str = ""
    why: tuple[str, ...] = ()
    asked: bool = False
    goes: bool = False
    said: str = ""
