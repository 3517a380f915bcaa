"""How far each writer came, kept outside the journals: so that an end, a file or a whole journal that is gone is
seen.

    reached.json    {"version":1,"reached":{writer:{"lane":…,"n":17,"head":sha256}},"crc":"…"}

It is written with the views where fifty lines came since, at an opening, at a closing and before anything leaves
this device; so it may be behind the journals, and never says more than was on the disk. Damaged, it says nothing,
and is made anew.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from fieldlog.model.errors import MissingFile
from fieldlog.model.line import compact
from fieldlog.model.ports import Disk

FILE = "reached.json"
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The last line of a writer that was ever here: its lane, number and the hash of its head."""

    lane: str
    n: int
    head: str


async def read_reached(disk: Disk) -> dict[str, Reached]:
    """Writer to how far it came; nothing where that was never kept, or can't be read."""
    try:
        said = json.loads(await disk.read(FILE))
        if said["crc"] != _checksum(said["reached"]):
            return {}
        return {writer: _of(at) for writer, at in said["reached"].items()}
    except (MissingFile, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


async def write_reached(disk: Disk, reached: Mapping[str, Reached], *, named: bool = True) -> None:
    """Keep it. Raises as the disk does; then it says what it said."""
    said = {writer: asdict(at) for writer, at in sorted(reached.items())}
    data = compact({"version": VERSION, "reached": said, "crc": _checksum(said)}) + b"\n"
    await disk.replace(FILE, data, named=named)


def further(ours: Mapping[str, Reached], theirs: Mapping[str, Reached]) -> dict[str, Reached]:
    """Of each writer how far it came by either; ours where both say the same."""
    found = {**theirs, **ours}
    return {writer: max((at for at in (ours.get(writer), theirs.get(writer)) if at), key=_n) for writer in found}


def _n(at: Reached) -> int:
    return at.n


def _of(said: Mapping[str, object]) -> Reached:
    """Raises KeyError or TypeError for what is none."""
    lane, n, head = said["lane"], said["n"], said["head"]
    if not (isinstance(lane, str) and type(n) is int and isinstance(head, str)):
        raise TypeError(f"{said} says not how far")
    return Reached(lane=lane, n=n, head=head)


def _checksum(said: object) -> str:
    return f"{zlib.crc32(compact(said)):08x}"
