"""How a browser without a server carries FieldLog, and what other apps share with it."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@ft.observable
@dataclass
class Carried:
    """How a browser without a server carries FieldLog; `here` is False where there is one.

    `home` says that it was opened from the home screen, `lasts` what the browser answered when it was asked not
    to clear what is kept (None before), `offers` that it can put it on the home screen itself, `apple` that it
    only tells how. `ready` says that a new version was fetched whole. `neighbours` are names of what other pages
    of this host name keep in the browser; `warned` says that somebody has read that.
    `offline` is "whole" once it opens without a network, "coming" while it is being fetched, "broken" where that
    ended before its end, "" before anything is known; `fetched` of its `files` are here.
    `beside` is the store that is not opened: what an `earlier` version left, `anothers` where that belongs to
    another FieldLog at this host name, or what was begun here (`own`).
    """

    here: bool = False
    home: bool = False
    lasts: bool | None = None
    offers: bool = False
    apple: bool = False
    ready: bool = False
    offline: str = ""
    fetched: int = 0
    files: int = 0
    neighbours: tuple[str, ...] = ()
    warned: bool = False
    beside: str = ""


@ft.observable
@dataclass
class Offered:
    """A bundle or a month file that another app shared: its name, "" where none waits for a word."""

    name: str = ""
