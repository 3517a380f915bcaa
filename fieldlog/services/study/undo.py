"""Taking back what a verb changed, field by field, for as long as a face offers it."""

from __future__ import annotations

from collections.abc import Sequence

from fieldlog.model.fold import base_of, live
from fieldlog.model.op import WHOLE, Op
from fieldlog.model.record import Record
from fieldlog.model.standing import erased
from fieldlog.services.study.workspace import Was, Workspace

__all__ = ["Was", "not_there", "put_back"]


def not_there(made: Record, lane: str = "team") -> tuple[Was, ...]:
    """What stood where a record has just been made: nothing; to be given to `put_back`."""
    return (Was(kind=made.kind_of_record, id=made.id, lane=lane, there=False),)


async def put_back(work: Workspace, before: Sequence[Was]) -> None:
    """Let records be as they were; what has been changed since by someone else stays in the log."""
    for lane in dict.fromkeys(one.lane for one in before):
        ops = [op for one in before if one.lane == lane for op in _back(work, one)]
        if ops:
            await work.save(ops, lane=lane)


def _back(work: Workspace, one: Was) -> list[Op]:
    doc = work.store.state.get(one.id)
    if doc is None or erased(doc):
        return []
    if not one.there:
        return [work.change("del", one.kind, one.id, {}, {WHOLE: sorted(live(doc))}, lane=one.lane)]
    differing = {name: value for name, value in one.fields.items() if doc.get(name) != value}
    if not differing:
        return []
    return [work.change("set", one.kind, one.id, differing, base_of(doc, differing), lane=one.lane)]
