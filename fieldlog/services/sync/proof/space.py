"""Room is made on this device: originals go that two others have read back. Small pictures, waveforms and every
word stay.

*Proven on two devices* counts this one, too; for an original to go, two others must have it, of which one at least
is a device, each having read it back within a week. Places (sticks, servers) count for one in all: two addresses may
lead to one disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldlog.model.sentence import Sentence
from fieldlog.services.machine.long_work import Asked, Tell, never, tell_nobody
from fieldlog.services.study.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Freeable:
    """What could go: the originals by their sha256, and how many bytes they are. `on` are the names of the devices
    and places that have them. `kept` counts originals that stay because they are not proven twice elsewhere, and
    `why` says so in sentences, with what to do."""

    originals: tuple[str, ...]
    bytes: int
    on: tuple[str, ...]
    kept: int
    why: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class Freed:
    """What went: how many originals, of how many bytes. `kept` counts those that were agreed to and stayed, since
    they were not proven twice any more when their turn came."""

    count: int
    bytes: int
    kept: int


async def can_free(work: Workspace) -> Freeable:
    """What could be freed here now. Changes nothing; a person is shown this and asked."""
    raise NotImplementedError


async def free_space(
    work: Workspace, agreed: Freeable, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> Freed:
    """Let originals go to which a person agreed, telling bytes. Each is looked at once more; none goes that was not
    in `agreed`, and none that has no small picture where it could have one.

    Stopped anywhere, what went is written down as freed and what is left is whole; `Cancelled` is raised. Raises
    `NotSaved` where that can't be written down: then nothing more goes.
    """
    raise NotImplementedError


async def fetch_again(work: Workspace, entry: str) -> int:
    """Say that this entry's originals are wanted here again: the next exchange fetches them. Returns how many were
    freed. Raises `NotSaved`."""
    raise NotImplementedError
