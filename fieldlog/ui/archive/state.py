"""Long work while it goes on, the copy that leaves this phone, and the file that waits to come in."""

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
    """The newest bundle that was made to leave this phone and is not proven; `here` while it can go out again.

    `sealed` and `since_last` are how the next one is to be.
    """

    name: str = ""
    bytes: int = 0
    here: bool = False
    sealed: bool = True
    since_last: bool = False


@ft.observable
@dataclass
class LyingZip:
    """The archive as one ZIP that lies in a browser's storage and can go out; `name` is "" for none."""

    name: str = ""
    bytes: int = 0


@ft.observable
@dataclass
class Coming:
    """A file that waits for a word: its `name`, "" where none does, the study's `title`, and what it would bring,
    a sentence each. `brings` says that something of it is new.

    `arrived` is the name of a copy that was seen in Downloads, "" where none is offered.
    """

    name: str = ""
    title: str = ""
    told: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    brings: bool = False
    arrived: str = ""


@ft.observable
@dataclass
class Asking:
    """The sealed file that waits for its passphrase, "" for none."""

    name: str = ""
