"""What is proven where: each entry counted by the devices that have read it back from their own disks and hashed it.

Nothing here asks the network: it goes by the receipts that the last exchange brought, and by what this device has
read back itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fieldlog.model.sentence import Sentence
from fieldlog.services.study.workspace import Workspace

DEVICES = 2
"""On so many devices an entry is called proven."""

CellState = Literal["full", "part", "none", "overdue"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A production day at a device: `n` of `total` entries are proven there. `day` is its ISO date, `code` PD14, or
    the date where it has no number.

    `overdue` is a day of which something is missing at a device that was not heard of for three days.
    """

    day: str
    code: str
    n: int
    total: int
    state: CellState


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A device, or a place (a stick, a server) that a device has read back. `own` is this device; it comes first,
    then devices, then places, each by name.

    `form` is `phone` or `laptop` of a device, "" of a place. `name` is what it is called, "" where nobody said:
    then say its form. `read_at` is when it was last read back, aware, by the clock of whoever did, None for never.
    `n` of `total` entries are proven there; `cells` are days that hold entries, in order. `fresh` says that it
    may be relied on when room is made.
    """

    id: str
    kind: Literal["device", "place"]
    form: Literal["phone", "laptop", ""]
    name: str
    own: bool
    read_at: datetime | None
    n: int
    total: int
    cells: tuple[Cell, ...]
    fresh: bool


@dataclass(frozen=True, kw_only=True)
class Unproven:
    """Entries of a production day that are not proven on two devices, by their ids, in order of time."""

    day: str
    code: str
    entries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Of `total` entries that a person sees, `proven` are on at least two devices; `unproven` are the others, by
    day. `only_here` counts those that no other device or place has proven; `oldest` is when the first of them was
    made, None where there are none.

    `safe` says that all are proven and that every original here could be freed: two others have read it back
    lately. `sentence` says it in one: "214 of 214 proven on 2 devices: safe to free space."
    """

    total: int
    proven: int
    safe: bool
    only_here: int
    oldest: datetime | None
    standings: tuple[Standing, ...]
    unproven: tuple[Unproven, ...]
    sentence: Sentence


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An entry of a day that is not proven at a device: its words are not (`words`), or these originals are not,
    by the names of their files. `told` is a sentence that names the entry and what is missing."""

    entry: str
    words: bool
    files: tuple[str, ...]
    told: Sentence


async def proof_of(work: Workspace) -> Proof:
    """What is proven where. Reads this device's journals, off the event loop: half a second for 15,000 entries.
    Changes nothing."""
    raise NotImplementedError


async def missing(work: Workspace, standing: str, day: str) -> tuple[Missing, ...]:
    """What is not proven at a device or place, by its `id`, of a production day (ISO), in order of time."""
    raise NotImplementedError
