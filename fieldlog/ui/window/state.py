"""What is on the screen of one window. Each part is watched by the components that show it, and by no others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flet as ft

from fieldlog.model.stroke import Point, Stroke
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.permission import Objection
from fieldlog.ui.day.day_views import Here, PlanDay, Preview
from fieldlog.ui.parts.theme import LAPTOP, LOOKS, LOW, PHONE, Look
from fieldlog.ui.rows.views import StreamRow

PLAIN = Chips()
BARS = 10
"""Steps in which the loudness of a recording is shown: what looks the same is not drawn anew."""

SYSTEM, HIDE, SHOW, TABLE = "system", "hide", "show", "table"


@ft.observable
@dataclass
class Shell:
    """The frame: language, look, the size of the window, and what lies over the screen.

    `sheet` names the sheet that is open, "" none; `notice` is the sentence of the strip under the top bar,
    `undo` the words of the strip that takes something back. `look_choice` is a look or "system", `look_name` the
    look that follows from it; `mirrored` puts what the thumb needs to the left. `alone` is "hide" or "show" while
    a clock or one note stands over everything. `wide_open` says that Blackout's handle shows the destinations.
    """

    language: str = "en"
    look_choice: str = SYSTEM
    look_name: str = "day"
    mirrored: bool = False
    alone: str = ""
    wide_open: bool = False
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
    def covered(self) -> str:
        """What stands alone over everything, so that nothing else can be reached; "" where nothing does."""
        return TABLE if self.sheet == TABLE else self.alone

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
class Today:
    """The session and the day beside the stream: what may be recorded, the plan, and whether the day is over.

    `session` and `place` are ids, "" none; `media` what the session lets be recorded, `may` that in words, `told`
    the words it was told in, `here` who is present. `outlived` asks whether the day still goes on. `plan` is
    what may be started now,
    `next_day` an ISO date; `preview` is a plan that was read and not taken yet.
    """

    session: str = ""
    place: str = ""
    media: tuple[str, ...] = ()
    may: str = ""
    told: str = ""
    here: tuple[Here, ...] = ()
    outlived: bool = False
    plan: tuple[PlanDay, ...] = ()
    next_day: str = ""
    preview: Preview | None = None


@ft.observable
@dataclass
class Carried:
    """How a browser without a server carries FieldLog; `here` is False where there is one.

    `home` says that it was opened from the home screen, `lasts` what the browser answered when it was asked not
    to clear what is kept (None before), `offers` that it can put it on the home screen itself, `apple` that it
    only tells how. `ready` says that a new version was fetched whole.
    """

    here: bool = False
    home: bool = False
    lasts: bool | None = None
    offers: bool = False
    apple: bool = False
    ready: bool = False


@ft.observable
@dataclass
class Field:
    """The field one writes in. `n` goes up when its text is to be taken from the desk again.

    `chips` stand beside the text; `strip` names the choices that lie over the rail, "" none; `take` is the id of
    the take slated last.
    """

    n: int = 0
    chips: Chips = PLAIN
    strip: str = ""
    take: str = ""


@ft.observable
@dataclass
class Kept:
    """What stands under the field while one types."""

    words: str = ""
    writing: bool = False


@ft.observable
@dataclass
class Live:
    """The microphone. `level` is 0..BARS; `room` says for how long there is room, `warning` what is wrong.

    While `paused` the microphone is off. `barred` says that something speaks against recording here, `unseen` that
    something speaks against photographs, `asked`
    what, while the person is being asked about it.
    """

    on: bool = False
    paused: bool = False
    seconds: int = 0
    level: int = 0
    room: str = ""
    warning: str = ""
    barred: bool = False
    unseen: bool = False
    asked: tuple[Objection, ...] = ()

    @property
    def red(self) -> bool:
        """Whether the microphone is live, for which there is the one red."""
        return self.on and not self.paused


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


@ft.observable
@dataclass
class Leaving:
    """The newest bundle that was made to leave this phone and is not proven; `here` while it can go out again."""

    name: str = ""
    bytes: int = 0
    here: bool = False


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


@ft.observable
@dataclass
class Apart:
    """What stands alone over everything: the time and date of a neutral clock, or the words of one note."""

    time: str = ""
    date: str = ""
    text: str = ""


@ft.observable
@dataclass
class Erasure:
    """What is to be erased for good: an entry, "" for all of it, "part" or a file's id as `what`, and why.

    `start` and `end` are times as typed; `told` is why it was refused, `busy` that it is being done.
    """

    entry: str = ""
    what: str = ""
    reason: str = ""
    start: str = ""
    end: str = ""
    told: str = ""
    busy: bool = False
