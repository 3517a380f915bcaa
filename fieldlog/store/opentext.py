"""The open text: what is being written and not sent yet, on this device only.

Two files take turns. Each holds a number, a hash and one JSON document; writing goes to the one with the lower
number, so that the other stays whole until the new one is flushed. After a cut of the power the text is the
last that was kept or the one being kept, never half of one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from fieldlog.model.line import compact
from fieldlog.model.ports import Disk, Handle
from fieldlog.model.strict_json import DEEPEST_OF_OURS, read_json

SLOTS = ("open/0.json", "open/1.json")
_FORMAT = b"fieldlog-open/1"
_NUMBER = re.compile(rb"[0-9]{1,18}")


class OpenText:
    """The two slots, held open. One process at a time: the caller has the writer's lock."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._handles: list[Handle] = []
        self._held: list[str | None] = []
        self._number = 0
        self.kept: dict[str, Any] | None = None
        """What was kept last; None where nothing is open."""

    @classmethod
    async def open(cls, disk: Disk) -> OpenText:
        found = cls(disk)
        await found.reopen()
        found._tidy()
        return found

    async def reopen(self) -> None:
        """Read the slots again, as after a refused write. What can't be believed counts as empty."""
        self.close()
        for path in SLOTS:
            self._handles.append(await self._disk.open(path, create=True))
        read = [_decoded(handle.read(0, handle.size())) for handle in self._handles]
        self._held = [doc.get("id") if doc else None for _, doc in read]
        self._number, self.kept = max(read, key=lambda slot: slot[0])

    def keep(self, doc: Mapping[str, Any] | None) -> None:
        """Make this what is open; durable when it returns. Words of another entry do not stay beside it.

        Raises `DiskFull` or `NotSaved`: then what was kept before is still kept.
        """
        number = self._number + 1
        data = _encoded(number, doc)
        slot, other = number % len(SLOTS), (number + 1) % len(SLOTS)
        handle = self._handles[slot]
        handle.write(data, 0)
        if handle.size() > len(data):
            handle.truncate(len(data))
        handle.flush()
        self._number, self.kept = number, None if doc is None else dict(doc)
        self._held[slot] = doc.get("id") if doc else None
        if self._held[other] not in (None, self._held[slot]):
            self._empty(other)

    def clear(self) -> None:
        """Nothing is open any more, and the words of neither slot stay on the disk."""
        self.keep(None)
        other = (self._number + 1) % len(SLOTS)
        if self._handles[other].size():
            self._empty(other)

    def _tidy(self) -> None:
        """Words that were sent do not stay in the slot in which they stood before, whatever stopped the app."""
        for slot, held in enumerate(self._held):
            if held is not None and held != (self.kept or {}).get("id"):
                self._empty(slot)

    def _empty(self, slot: int) -> None:
        self._handles[slot].truncate(0)
        self._handles[slot].flush()
        self._held[slot] = None

    def close(self) -> None:
        for handle in self._handles:
            handle.close()
        self._handles.clear()


def _encoded(number: int, doc: Mapping[str, Any] | None) -> bytes:
    body = compact(doc)
    return b"%s %d %s\n%s" % (_FORMAT, number, _hash(number, body), body)


def _decoded(data: bytes) -> tuple[int, dict[str, Any] | None]:
    """Number and document of a slot; 0 and None where it is empty, torn or damaged."""
    head, _, body = data.partition(b"\n")
    parts = head.split(b" ")
    if len(parts) != 3 or parts[0] != _FORMAT or not _NUMBER.fullmatch(parts[1]):
        return 0, None
    number = int(parts[1])
    if parts[2] != _hash(number, body):
        return 0, None
    try:
        doc = read_json(body, DEEPEST_OF_OURS)
    except ValueError:
        return 0, None
    return number, doc if isinstance(doc, dict) else None


def _hash(number: int, body: bytes) -> bytes:
    return hashlib.sha256(b"%d\n%s" % (number, body)).hexdigest().encode()
