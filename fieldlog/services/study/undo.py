"""Taking back what a verb changed, field by field, for as long as a face offers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.fold import base_of, live, shown
from fieldlog.model.op import WHOLE, Op
from fieldlog.model.record import Record
from fieldlog.services.study.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Was:
    """A record before it was changed: its fields as they were, or that it was not there to be seen."""

    kind: str
    id: str
    lane: str = "team"
    there: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)


def was(work: Workspace, ops: Iterable[Op], lane: str = "team") -> tuple[Was, ...]:
    """What these operations, not saved yet, will change; to be given to `put_back`."""
    found = []
    for op in ops:
        doc = work.store.state.get(op.e)
        there = doc is not None and shown(doc)
        fields = {name: doc.get(name) for name in op.v} if doc is not None else {}
        found.append(Was(kind=op.r, id=op.e, lane=lane, there=there, fields=fields))
    return tuple(found)


def not_there(made: Record, lane: str = "team") -> tuple[Was, ...]:
    """What stood where a record has just been made: nothing; to be given to `put_back`."""
    return (Was(kind=made.kind_of_record, id=made.id, lane=lane, there=False),)


async def changed(work: Workspace, ops: Sequence[Op], lane: str = "team") -> tuple[Was, ...]:
    """Save operations, nothing where there are none; returns what `put_back` takes them back with."""
    before = was(work, ops, lane)
    if ops:
        await work.save(ops, lane=lane)
    return before


async def put_back(work: Workspace, before: Sequence[Was]) -> None:
    """Let records be as they were; what has been changed since by someone else stays in the log."""
    for lane in dict.fromkeys(one.lane for one in before):
        ops = [op for one in before if one.lane == lane for op in _back(work, one)]
        if ops:
            await work.save(ops, lane=lane)


def _back(work: Workspace, one: Was) -> list[Op]:
    doc = work.store.state.get(one.id)
    if doc is None or "_erased" in doc:
        return []
    if not one.there:
        return [work.change("del", one.kind, one.id, {}, {WHOLE: sorted(live(doc))}, lane=one.lane)]
    differing = {name: value for name, value in one.fields.items() if doc.get(name) != value}
    if not differing:
        return []
    return [work.change("set", one.kind, one.id, differing, base_of(doc, differing), lane=one.lane)]
