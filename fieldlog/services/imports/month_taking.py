"""Taking a month into the study: what its records say is new, said otherwise than before, or here already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fieldlog.model.entry import Entry, Link, clean, lane_of
from fieldlog.model.fold import folded, heads
from fieldlog.model.imported import corrected, is_imported
from fieldlog.model.op import Op
from fieldlog.model.record import Record
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.standing import changed_since, erased, made, names_of
from fieldlog.services.imports.month_file import Found
from fieldlog.services.imports.month_gate import label_of
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.long_work import breath
from fieldlog.services.study.erase_promise import save_living
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.erasing import lines_about

LINES_A_FLUSH = 500
TWICE = sentence("{record} stands twice in the file; what it says the second time was left out.")
Doc = Mapping[str, Any]


def private_in(found: Sequence[Found]) -> set[str]:
    """Personal notes, and what belongs to them alone: their files and their links."""
    entries = [one.record for one in found if isinstance(one.record, Entry)]
    notes = {entry.id for entry in entries if lane_of(entry.note_type) == "mine"}
    theirs = {file for entry in entries if entry.id in notes for file in entry.attachments}
    theirs -= {file for entry in entries if entry.id not in notes for file in entry.attachments}
    links = [one.record for one in found if isinstance(one.record, Link)]
    return notes | theirs | {link.id for link in links if {link.source, link.target} & notes}


class MonthLines:
    """Imported records on their way into the journals: a line each, flushed many at a time. `before` is what
    imports made of each record so far, `private` which of them stay out of the team's lane."""

    def __init__(
        self, work: Workspace, done: Imported, before: Mapping[str, Mapping[str, Any]], private: Collection[str]
    ) -> None:  # fmt: skip
        self._work, self._done, self._before = work, done, before
        self._waiting: dict[str, list[Sequence[Op]]] = {"team": [], "mine": []}
        self._seen: dict[str, Mapping[str, Any]] = {}
        self._private = private

    @property
    def waiting(self) -> int:
        """How many lines are not flushed yet."""
        return sum(map(len, self._waiting.values()))

    async def take(self, found: Found) -> None:
        for op in self.ops_of(found):
            waiting = self._waiting["mine" if op.e in self._private else "team"]
            waiting.append([op])
            if len(waiting) >= LINES_A_FLUSH:
                await self.flush()

    async def flush(self) -> None:
        await save_living(self._work, self._waiting)
        await breath()

    def ops_of(self, found: Found) -> list[Op]:
        """What the store does not know yet: nothing, where the file says what it said before. Nothing is saved."""
        found = replace(found, record=_cleaned(found.record))
        record, doc = found.record, self._work.store.state.raw(found.record.id)
        if record.id in self._seen:
            if found.said != self._seen[record.id]:
                self._done.problems.append(Sentence(TWICE, record=label_of(found.said)))
            return []
        self._seen[record.id] = found.said
        if doc is None:
            self._done.new[record.kind_of_record] += 1
            return [found.created()]
        if erased(doc):
            self._done.erased += 1
            return []
        if not made(doc):
            self._done.same += 1
            return []
        return self._anew(found, doc)

    def _anew(self, found: Found, doc: Mapping[str, Any]) -> list[Op]:
        """What the file says otherwise than at the last import. A change made here since stays beside it."""
        record, before = found.record, self._before.get(found.record.id)
        if before is None and not found.file:
            self._done.same += 1
            return []
        before, said = before or doc, record.fields()
        differing = {name for name in said.keys() | names_of(before) if not _equal(before, said, name)}
        if not differing:
            self._done.same += 1
            return []
        base = {name: sorted(heads(before, name)) for name in sorted(differing)}
        self._done.kept_as_edited += any(heads(doc, name).keys() - set(base[name]) for name in differing)
        self._done.changed += 1
        return [corrected(record, found.ms, {name: said.get(name) for name in base}, base)]


def _equal(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    """Whether two say the same in a field; an empty set is said like nothing."""
    a, b = one.get(name), other.get(name)
    return a == b or (not a and not b and a in (None, []) and b in (None, []))


def _cleaned(record: Record) -> Record:
    return replace(record, text=clean(record.text)) if isinstance(record, Entry) else record


async def said_before(work: Workspace, found: Iterable[Found]) -> dict[str, Doc]:
    """Id to what imports alone make of a record, of those that do not stand as these say them.

    It is read from the journals: where a change made here took the place of what an import said, nothing else
    tells that any more.
    """
    wanted = {one.record.id for one in found if _differs(work, one)}
    views: dict[str, Doc] = {record: {"id": record} for record in wanted}
    for lines in (await lines_about(work.store.disk, wanted)).values() if wanted else ():
        for op in (op for line in lines for op in line.ops):
            # Days are made by hand, too; what has an id that is made of the source's was made by an import.
            if op.e in wanted and (is_imported(op) or (op.k == "new" and op.r != "day")):
                view = views[op.e]
                views[op.e] = folded(dict(view) if len(view) > 1 else None, op)
    return views


def _differs(work: Workspace, found: Found) -> bool:
    doc = work.store.state.raw(found.record.id)
    if doc is None or erased(doc) or not made(doc):
        return False
    said = found.record.fields()
    return changed_since(doc) or any(doc.get(name) != said.get(name) for name in said.keys() | names_of(doc))
