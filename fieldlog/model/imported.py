"""Imported operations: named by what their source says, so that the same source is the same operation anywhere."""

from __future__ import annotations

from typing import Any

from fieldlog.model.ids import TIMELESS, hash_bits, imported_id
from fieldlog.model.op import Op, content_digest, stamp
from fieldlog.model.record import Record


def created(record: Record, ms: int = 0, content: Any = None) -> Op:
    """The operation that makes an imported record, named by what its source says (`content`, as JSON has it), else
    by the record's fields: the same words give the same operation anywhere, however they are understood."""
    fields = record.fields()
    digest = content_digest(record.id, fields if content is None else content)
    u, t = imported_id(0, digest), stamp(ms, 0, digest[:16])
    return Op(u=u, t=t, r=record.kind_of_record, e=record.id, k="new", v=fields)


def corrected(record: Record, ms: int, fields: dict[str, Any], base: dict[str, list[str]]) -> Op:
    """The operation by which a source that changed since says something else of a record imported before."""
    digest = content_digest(record.id, fields, base)
    u, t = imported_id(0, digest), stamp(ms, 1, digest[:16])
    return Op(u=u, t=t, r=record.kind_of_record, e=record.id, k="set", v=fields, base=base)


def is_imported(op: Op) -> bool:
    """Whether an import made this operation: then it is named by what it says, in earlier versions with a time."""
    if op.u.startswith(TIMELESS):
        return True
    if op.k not in ("new", "set"):
        return False
    said = [op.v, op.base] if op.base else [op.v]
    return hash_bits(op.u) == hash_bits(imported_id(0, content_digest(op.e, *said)))
