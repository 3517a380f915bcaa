"""What the camera does, and what is drawn on."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.model.stroke import Point, Stroke
from fieldlog.services.capture.permission import Objection


@ft.observable
@dataclass
class Taking:
    """The camera, and files that come in.

    `taken` counts the photos kept since it was opened, `waiting` those not saved yet, `held` those that were
    refused and are held in memory only, with `why`. `leaving` says that it is out of sight and still delivers what
    was pressed before. `last` is the sha256 of
    the newest and `last_entry` its entry. `flash` is off, auto or on, "" where there is none; `cameras` counts
    them. `objections` are why no photo is agreed to here, `given` the reason last given all the same. `done`
    of `total` files have come in; `refused` has a sentence for each that was not kept whole. `location` says
    whether positions are shown.
    """

    ready: bool = False
    taken: int = 0
    waiting: int = 0
    held: int = 0
    why: str = ""
    leaving: bool = False
    last: str = ""
    last_entry: str = ""
    flash: str = ""
    cameras: int = 0
    objections: tuple[Objection, ...] = ()
    given: str = ""
    done: int = 0
    total: int = 0
    refused: tuple[str, ...] = ()
    location: bool = False


@ft.observable
@dataclass
class Paper:
    """What is drawn on: a photo of an entry, or an empty page where `photo` is "".

    `size` is (width, height) of the upright picture in pixels, in which the strokes are; `past` are earlier
    states of them, the newest last. `going` is the stroke under the finger.
    """

    entry: str = ""
    photo: str = ""
    sha256: str = ""
    size: tuple[int, int] = (0, 0)
    colour: str = ""
    strokes: tuple[Stroke, ...] = ()
    past: tuple[tuple[Stroke, ...], ...] = ()
    going: tuple[Point, ...] = ()
