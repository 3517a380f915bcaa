"""What a folded document still tells of operations that are lost, said as operations of their own.

A day of the archive holds the folded documents of its records. Of those whose operations are not here, each field
names the operation it came from: so what it says can stand in for that one until it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldlog.model.fold import heads
from fieldlog.model.ids import imported_id
from fieldlog.model.op import Op, content_digest

Doc = Mapping[str, Any]


def fills(kind: str, told: Doc, ours: Doc | None) -> list[Op]:
    """The fills for what a document tells and ours lacks: one for each operation that is not known here.

    The same document and the same state give the same operations, on every device. Nothing for a record that was
    erased on either side.
    """
    if "_erased" in told or (ours and "_erased" in ours):
        return []
    true, found = told.get("_true", told), dict[str, dict[str, Any]]()
    known = _known(ours or {})
    for name in (name for name in told if not name.startswith("_") and name != "id"):
        here, past = _past(ours or {}, name), _past(true, name)
        lacking = {u: head for u, head in heads(true, name).items() if u not in known and u not in here}
        if not lacking and not past <= here and past - known:
            # Nothing of it is lost but that it replaced what stands there now.
            lacking = {max(past - known): (true.get("_t", ""), None)}
        for u, (t, value) in lacking.items():
            fill = found.setdefault(u, {"t": t, "v": {}, "base": {}})
            fill["v"] |= {} if u in past else {name: value}
            fill["base"] |= {name: sorted(past)} if u != true.get("_u") or u in past else {}
    return [
        Op(u=imported_id(0, "fill", u, content_digest(told["id"], fill)), t=fill["t"], r=kind, e=told["id"],
           k="fill", v=fill["v"], base=fill["base"], of=u)
        for u, fill in sorted(found.items())
    ]  # fmt: skip


def as_made(record: str, told: Doc) -> Doc:
    """A document of what is told of a record, as if one operation, called as the record is, had made it."""
    return {"id": record, "_u": record, "_t": "", **told}


def _known(ours: Doc) -> set[str]:
    """Every operation that our document shows something of."""
    found = {u for name in ours if not name.startswith("_") for u in heads(ours, name)}
    found |= {head[0] for kept in ours.get("_heads", {}).values() for head in kept}
    return found | ({ours["_u"]} if "_u" in ours else set())


def _past(doc: Doc, name: str) -> set[str]:
    return set(doc.get("_past", {}).get(name, ()))
