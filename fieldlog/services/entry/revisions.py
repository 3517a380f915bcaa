"""Changing what was written: nothing is overwritten, every revision can be read and brought back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from fieldlog.model.entry import clean, lane_of
from fieldlog.model.errors import DamagedLine, NotFound, NotUnderstood
from fieldlog.model.fold import folded, seen_items
from fieldlog.model.line import decode
from fieldlog.model.moment import from_ms, iso
from fieldlog.model.op import Op, ms_of_stamp
from fieldlog.model.records import StoredEntry
from fieldlog.model.sentence import Sentence
from fieldlog.model.standing import names_of, removed
from fieldlog.model.vocabulary import CERTAINTY, ENTRY_KINDS, NOTE_TYPES, PRECISIONS, SET_FIELDS, SPEECH
from fieldlog.services.study.done import Back, Done
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals

EDITED = (
    "text", "kind", "note_type", "speech", "certainty", "people", "place", "scene", "take", "codes", "session",
    "day_choice", "occurred_at", "occurred", "precision", "figure", "count",
)  # fmt: skip
"""What a person changes about an entry, and what is given back with an earlier revision."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ENTRY_KINDS, "note_type": NOTE_TYPES, "speech": SPEECH, "certainty": CERTAINTY,
    "precision": PRECISIONS,
}  # fmt: skip
"""The closed list of each field that has one."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What was done to a record in one go, in the order of the clocks.

    `at` is an ISO text on the study's wall; `writer` names the lane of a device. `before` and `after` are the
    fields it changed, as they were shown, `whole` all of them after it; `kind` is new, set, add, del or erase,
    `hides` whether it took the record out of sight.
    """

    u: str
    at: str
    writer: str
    kind: str
    here: bool
    hides: bool = False
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    whole: Mapping[str, Any] = field(default_factory=dict)


class Editing:
    """Changes entries of an open study."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    async def reword(self, entry: str, text: str) -> None:
        """Let an entry say this. The words it had stay in its history."""
        await self.change(entry, {"text": text})

    async def change(
        self, entry: str, fields: Mapping[str, Any], making: Sequence[Op] = ()
    ) -> Done[None]:  # fmt: skip
        """Give fields of an entry new values, None for none; those it has already cost nothing.

        `making` are operations that make what the values name, saved in the same line; taken back, that stays.
        Raises `NotFound`, and `NotUnderstood` for a word that is in no list, or for making a
        private note public or a public one private.
        """
        stored = self._stored(entry)
        given = {name: _stored(name, value) for name, value in fields.items()}
        for name, known in WORDS.items():
            if given.get(name) is not None and given[name] not in known:
                raise NotUnderstood(
                    Sentence("{said} is none of {known}.", said=given[name], known=", ".join(known))
                )
        differing = {
            name: value for name, value in given.items() if _value(stored.doc, name) != value or stored.removed
        }
        lane = lane_of(stored.note_type)
        if "note_type" in differing and lane_of(differing["note_type"]) != lane:
            raise NotUnderstood("A private note stays private, and others can't be made so yet; write it anew.")
        if not differing:
            return Done(made=None)
        before = {name: _value(stored.doc, name) for name in differing}
        await self._work.save([*making, *self._ops_for(stored, differing, lane)], lane=lane)
        return Done(made=None, said=Sentence("Changed."), back=lambda: self.change(entry, before))

    def _ops_for(self, stored: StoredEntry, differing: Mapping[str, Any], lane: str) -> list[Op]:
        """Sets lose and gain single members, so that what another device does to them meanwhile stays."""
        plain = {name: value for name, value in differing.items() if name not in SET_FIELDS}
        added, dropped, seen = dict[str, list[str]](), dict[str, list[str]](), dict[str, list[str]]()
        for name in differing.keys() - plain.keys():
            was, wanted = _value(stored.doc, name), differing[name]
            added[name] = [one for one in wanted if one not in was]
            if gone := [one for one in was if one not in wanted]:
                dropped[name], seen[name] = gone, seen_items(stored.doc, name, gone)
        told: list[tuple[str, dict[str, list[str]], dict[str, list[str]]]] = [
            ("del", dropped, seen), ("add", {name: items for name, items in added.items() if items}, {}),
        ]  # fmt: skip
        ops = [self._work.setting(stored, plain, lane=lane)] if plain else []
        return ops + [
            self._work.change(kind, "entry", stored.id, values, base, lane=lane)
            for kind, values, base in told
            if values
        ]

    async def remove(self, entry: str) -> Done[None]:
        """Take an entry out of sight. It stays in the log and can be brought back."""
        stored = self._stored(entry)
        lane = lane_of(stored.note_type)
        await self._work.save([self._work.removing(stored, lane=lane)], lane=lane)
        said = Sentence("Removed. It stays in the log.")
        return Done(made=None, said=said, back=lambda: self.bring_back(entry))

    async def bring_back(self, entry: str, revision: str | None = None) -> Done[None]:
        """Undo a removal; with a revision, let the entry say of itself what it said after that one.

        Taken back, it says again what it said before. Raises `NotFound`.
        """
        if revision is None:
            done = await self.change(entry, {"text": self._stored(entry).text})
            return _brought_back(done, lambda: self.remove(entry))
        history = await self.history(entry)
        found = next((one for one in history if one.u == revision), None)
        if found is None:
            raise NotFound("This revision of the entry is not on this device.")
        done = await self.change(entry, {name: found.whole.get(name) for name in EDITED})
        return _brought_back(done, lambda: self.bring_back(entry, history[-1].u))

    async def history(self, entry: str) -> list[Revision]:
        """Everything that was done to an entry, as far as this device holds it, oldest first."""
        found = sorted([done async for done in self._ops(entry)], key=lambda done: (done.op.t, done.op.u))
        revisions = list[Revision]()
        doc: dict[str, Any] = {}
        for _, together in groupby(found, key=lambda done: done.line):
            was, dones = doc, list(together)
            for done in dones:
                doc = folded(doc or None, done.op)
            changed = {name for name in was.keys() | doc.keys() if was.get(name) != doc.get(name)}
            names = sorted(names_of(was | doc) & changed)
            last = dones[-1]
            revisions.append(Revision(
                u=last.op.u, at=self._at(last.op, doc), writer=last.writer,
                kind=_kind_of(dones), here=self._work.store.is_own(last.writer),
                hides=removed(doc) and not removed(was),
                before={name: was.get(name) for name in names}, after={name: doc.get(name) for name in names},
                whole={name: doc[name] for name in names_of(doc)},
            ))  # fmt: skip
        return revisions

    def _at(self, op: Op, doc: Mapping[str, Any]) -> str:
        """When something was done; of what was imported and tells no time, when the entry was written."""
        ms = ms_of_stamp(op.t)
        return (
            iso(from_ms(ms, self._work.zone))
            if ms
            else StoredEntry.of(doc).created_at or iso(from_ms(0, self._work.zone))
        )

    def _stored(self, entry: str) -> StoredEntry:
        stored = self._work.store.state.read(StoredEntry, entry)
        if stored is None or stored.erased:
            raise NotFound(Sentence("There is no entry {entry} any more.", entry=entry))
        return stored

    async def _ops(self, entry: str) -> AsyncIterator[_Done]:
        """Operations on the entry from every journal. Only lines that name it are taken apart."""
        disk, named, seen, line = self._work.store.disk, entry.encode(), set[str](), 0
        for writer in await journals.writers(disk):
            async for chunk in journals.chunks(disk, writer):
                for raw in chunk.split(b"\n"):
                    line += 1
                    for op in _ops_in(raw) if named in raw else ():
                        if op.e == entry and op.u not in seen:
                            seen.add(op.u)
                            yield _Done(op=op, writer=writer, line=line)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Done:
    """An operation, whose it is, and the number of the line it stands in: what was done in one go."""

    op: Op
    writer: str
    line: int


def _brought_back(done: Done[None], back: Back) -> Done[None]:
    return replace(done, said=Sentence("Brought back."), back=back) if done.back else done


def _kind_of(dones: Sequence[_Done]) -> str:
    kinds = {done.op.k for done in dones}
    return next((kind for kind in ("new", "erase") if kind in kinds), "set" if len(kinds) > 1 else kinds.pop())


def _stored(name: str, value: Any) -> Any:
    if name in SET_FIELDS:
        return list(value or ())
    return clean(value) if isinstance(value, str) else value


def _value(doc: Mapping[str, Any], name: str) -> Any:
    return doc.get(name, [] if name in SET_FIELDS else None)


def _ops_in(raw: bytes) -> tuple[Op, ...]:
    try:
        return tuple(decode(raw).ops)
    except DamagedLine:
        return ()
