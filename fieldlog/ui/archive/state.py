"""Long work while it goes on, and the copy that leaves this phone."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


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


@ft.observable
@dataclass
class Leaving:
    """The newest bundle that was made to leave this phone and is not proven; `here` while it can go out again."""

    name: str = ""
    bytes: int = 0
    here: bool = False
