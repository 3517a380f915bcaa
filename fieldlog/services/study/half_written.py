"""What stands in a form and is kept by nobody yet: a changed entry, a new person, a reason, a title.

From its first key it is on this device's disk, whatever becomes of the window, and stands in the same form when
that is opened again: until it is kept or left. It is never copied, sent or archived, and what of it belongs to an
entry goes when that is erased for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Disk
from fieldlog.model.sentence import Sentence
from fieldlog.model.strict_json import read_json
from fieldlog.services.machine.reserve import Room
from fieldlog.services.study.kept import Form, read_kept, write_kept

FILE = "half-written.json"
KEEP_SECONDS = 0.25
"""From a key until it is on the disk."""

AGAIN_SECONDS = 5.0
"""After a refusal, until keeping is tried again unasked."""

Said = str | list[str]
"""What a field holds: a text, or what is chosen of many."""


def _said(value: Any) -> Sentence | None:
    return gate.text(value) if isinstance(value, str) else gate.texts(value)


_FIELDS = gate.mapped(_said)
HALF_WRITTEN = Form(
    path=FILE, whole={}, each={"places": (dict, gate.complete(said=_FIELDS, was=_FIELDS))}
)  # fmt: skip


@dataclass(kw_only=True)
class Half:
    """What a person changed in one form: each field with what it holds, and what stood there when they began."""

    said: dict[str, Said] = field(default_factory=dict)
    was: dict[str, Said] = field(default_factory=dict)


NOTHING = Half()


class HalfWritten:
    """The forms of a study, or of the device where no study is open yet, each by its place: `entry/<id>`,
    `person/new`. Every window of the process shares them.

    Nothing is on the disk before `keep`, which comes by itself within a quarter of a second; `changes` goes up
    with each thing said. `told` hears of every refusal, and None once it was kept after one. `gone` says of a
    record that it was erased: nothing is taken for it any more.
    """

    def __init__(self, disk: Disk, room: Room, gone: Callable[[str], bool] = lambda _: False) -> None:
        self._disk, self._room, self._gone = disk, room, gone
        self._places: dict[str, Half] = {}
        self._more: dict[str, Any] = {}
        self.changes = self._kept = 0
        self._busy, self._closed, self._refused = asyncio.Lock(), False, False
        self._keeping: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self.told: Callable[[FieldLogError | None], None] = lambda _: None

    async def read(self) -> None:
        """Take up what the disk holds, as far as it can be read."""
        more = await read_kept(self._disk, HALF_WRITTEN)
        places = more.pop("places", {})
        self._places = {place: Half(said=dict(one["said"]), was=dict(one["was"])) for place, one in places.items()}
        self._more = more

    def at(self, place: str) -> Half:
        """What is half written there; nothing said where nothing is."""
        return self._places.get(place, NOTHING)

    def say(self, place: str, name: str, value: Said, was: Said) -> None:
        """The whole field as it now stands. What `was` there before anybody typed is nothing to be kept."""
        half = self._places.get(place) or Half()
        if value != was:
            half.said[name], half.was[name] = value, half.was.get(name, was)
        elif half.said.pop(name, None) is None:
            return
        else:
            half.was.pop(name, None)
        self.put(place, half)

    def put(self, place: str, half: Half) -> None:
        """All of a form at once, as `let_go` gave it back."""
        if self._closed or self._gone(_record(place)):
            return
        if half.said:
            self._places[place] = half
        else:
            self._places.pop(place, None)
        self._changed()

    def let_go(self, place: str) -> Half:
        """The form was kept, or left: nothing of it stands there again. Gives back what did."""
        half = self._places.pop(place, None)
        if half is not None:
            self._changed()
        return half or Half()

    async def keep(self) -> None:
        """Put it all on the disk. Raises as the disk does: then it says what it said, and this is still to do."""
        async with self._busy:
            while (changes := self.changes) != self._kept:
                await self._room.needed(self._put)
                self._kept = changes

    async def erase(self, records: Collection[str]) -> None:
        """Let nothing be left of what belongs to these records, nor in what was laid aside as damaged or half
        replaced when the app was killed."""
        for place in [one for one in self._places if _record(one) in records]:
            self.let_go(place)
        names = {found.name for found in await self._disk.list("")}
        if FILE in names and _speaks_of(await self._disk.read(FILE), records):
            self.changes += 1
        await self.keep()
        for found in await self._disk.list(""):
            if found.name.startswith(f"{FILE}.") and _speaks_of(await self._disk.read(found.name), records):
                await self._disk.remove(found.name)

    async def rest(self) -> None:
        """Keep what is to be kept, and wait for nothing more. Nothing depends on it: machines are killed."""
        if self._again:
            self._again.cancel()
        if self._keeping:
            self._keeping.cancel()
        with suppress(FieldLogError):
            await self.keep()

    async def close(self) -> None:
        """As `rest`; what is said after it is not taken."""
        await self.rest()
        self._closed = True

    async def _put(self) -> None:
        places = {place: {"said": dict(one.said), "was": dict(one.was)} for place, one in self._places.items()}
        await write_kept(self._disk, HALF_WRITTEN, {**self._more, "places": places})

    def _changed(self) -> None:
        self.changes += 1
        self._soon()

    def _soon(self) -> None:
        """Keep it, soon; keys that follow each other are kept together."""
        if self._again:
            self._again.cancel()
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.ensure_future(self._keep_soon())

    async def _keep_soon(self) -> None:
        await asyncio.sleep(KEEP_SECONDS)
        try:
            await self.keep()
        except FieldLogError as refusal:
            self._refused = True
            self.told(refusal)
            self._again = asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._soon)
            return
        if self._refused:
            self._refused = False
            self.told(None)


def _record(place: str) -> str:
    """The id of what a form is about; "new" where there is none yet."""
    return place.partition("/")[2]


def _speaks_of(data: bytes, records: Collection[str]) -> bool:
    """Whether bytes name one of these records, or can't be read, so that nobody knows."""
    try:
        read_json(data)
    except ValueError:
        return True
    return any(record.encode() in data for record in records)
