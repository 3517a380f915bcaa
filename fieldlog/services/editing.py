"""Changing what was written: nothing is overwritten, every revision can be read and brought back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.errors import DamagedLine, NotFound, NotUnderstood
from fieldlog.model.fold import base_of, folded, live
from fieldlog.model.line import decode
from fieldlog.model.moment import from_ms, iso
from fieldlog.model.op import WHOLE, Op
from fieldlog.services.capture import lane_of
from fieldlog.services.open import Workspace
from fieldlog.store import journal as journals


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One operation on a record, in the order of the clocks.

    `at` is an ISO text on the study's wall; `writer` names the lane of a device. `before` and `after` are the
    fields it changed, as they were shown; `kind` is new, set, add, del or erase.
    """

    u: str
    at: str
    writer: str
    kind: str
    here: bool
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class Editing:
    """Changes entries of an open study."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    async def reword(self, entry: str, text: str) -> None:
        """Let an entry say this. The words it had stay in its history."""
        await self.change(entry, {"text": text})

    async def change(self, entry: str, fields: Mapping[str, Any]) -> None:
        """Give fields of an entry new values; those it has already cost nothing.

        Raises `NotFound`, and `NotUnderstood` for making a private note public or a public one private.
        """
        doc = self._doc(entry)
        differing = {name: value for name, value in fields.items() if doc.get(name) != value or "_deleted" in doc}
        lane = lane_of(doc.get("note_type", ""))
        if lane_of(differing.get("note_type", doc.get("note_type", ""))) != lane:
            raise NotUnderstood("A private note stays private, and others can't be made so yet; write it anew.")
        if differing:
            ops = [self._work.change("set", "entry", entry, differing, base_of(doc, differing), lane=lane)]
            await self._work.save(ops, lane=lane)

    async def remove(self, entry: str) -> None:
        """Take an entry out of sight. It stays in the log and can be brought back."""
        doc = self._doc(entry)
        lane = lane_of(doc.get("note_type", ""))
        await self._work.save(
            [self._work.change("del", "entry", entry, {}, {WHOLE: sorted(live(doc))}, lane=lane)], lane=lane
        )

    async def bring_back(self, entry: str, revision: str | None = None) -> None:
        """Undo a removal; with a revision, give the entry the values it had after that one."""
        doc = self._doc(entry)
        fields = {"text": doc.get("text", "")}
        if revision is not None:
            found = next((one for one in await self.history(entry) if one.u == revision), None)
            if found is None:
                raise NotFound("This revision of the entry is not on this device.")
            fields = {name: value for name, value in found.after.items() if name != "note_type"}
        await self.change(entry, fields)

    async def history(self, entry: str) -> list[Revision]:
        """Every operation on an entry that this device holds, oldest first."""
        found = [(writer, op) async for writer, op in self._ops(entry)]
        own = set(self._work.store.own_writers.values())
        revisions = list[Revision]()
        doc: dict[str, Any] | None = None
        for writer, op in sorted(found, key=lambda pair: (pair[1].t, pair[1].u)):
            was: dict[str, Any] = doc or {}
            doc = folded(doc, op)
            changed = {name for name in was.keys() | doc.keys() if was.get(name) != doc.get(name)}
            names = sorted(name for name in changed if not name.startswith("_") and name != "id")
            at = iso(from_ms(int(op.t[:12], 16), self._work.zone))
            revisions.append(Revision(
                u=op.u, at=at, writer=writer, kind=op.k, here=writer in own,
                before={name: was.get(name) for name in names}, after={name: doc.get(name) for name in names},
            ))  # fmt: skip
        return revisions

    def _doc(self, entry: str) -> Mapping[str, Any]:
        doc = self._work.store.state.get(entry)
        if doc is None or "_erased" in doc:
            raise NotFound(f"There is no entry {entry} any more.")
        return doc

    async def _ops(self, entry: str) -> AsyncIterator[tuple[str, Op]]:
        """Operations on the entry from every journal. Only lines that name it are taken apart."""
        disk, named, seen = self._work.store.disk, entry.encode(), set[str]()
        for writer in await journals.writers(disk):
            async for chunk in journals.chunks(disk, writer):
                for raw in chunk.split(b"\n"):
                    for op in _ops_in(raw) if named in raw else ():
                        if op.e == entry and op.u not in seen:
                            seen.add(op.u)
                            yield writer, op


def _ops_in(raw: bytes) -> tuple[Op, ...]:
    try:
        return tuple(decode(raw).ops)
    except DamagedLine:
        return ()
