"""What is on the screen of one window. Each part is watched by the components that show it, and by no others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from fieldlog.ui.theme import LAPTOP, LOOKS, LOW, PHONE, Look
from fieldlog.ui.views import StreamRow


@ft.observable
@dataclass
class Shell:
    """The frame: language, look, the size of the window, and what lies over the screen.

    `sheet` names the sheet that is open, "" none; `notice` is the sentence of the strip under the top bar,
    `undo` the words of the strip that takes something back.
    """

    language: str = "en"
    look_name: str = "day"
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
    def phone(self) -> bool:
        return self.width < PHONE

    @property
    def laptop(self) -> bool:
        return self.width >= LAPTOP

    @property
    def low(self) -> bool:
        return self.height < LOW


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
    rows: tuple[StreamRow, ...] = ()
    total: int = 0
    window: int = 60
    only_here: int = 0
    old: bool = False
    oldest_days: int = 0
    copies: int = 0


@ft.observable
@dataclass
class Field:
    """The field one writes in. `n` goes up when its text is to be taken from the desk again."""

    n: int = 0
    note_type: str = "none"
    kind: str = "jotting"
    strip: str = ""


@ft.observable
@dataclass
class Kept:
    """What stands under the field while one types."""

    words: str = ""
    writing: bool = False


@ft.observable
@dataclass
class Live:
    """The microphone. `level` is 0..255; `silent` says that nothing was heard for three seconds."""

    on: bool = False
    seconds: int = 0
    level: int = 0
    room: str = ""
    silent: bool = False


@ft.observable
@dataclass
class Playing:
    """The memo that is heard: its entry's id, and how far it is, in seconds."""

    entry: str = ""
    going: bool = False
    at: float = 0.0


@ft.observable
@dataclass
class Work:
    """Something long: archive, verify or copy while it goes on; then what came of it and every fault."""

    what: str = ""
    done: int = 0
    total: int = 0
    stopping: bool = False
    said: str = ""
    faults: tuple[str, ...] = ()
