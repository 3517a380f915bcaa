"""Whether a folded record can be read, and what of it can: the one place that decides it.

Journals are never refused for what they say, so a record may come to anything: written by an older or a newer
FieldLog, damaged before it was written, made by another program. One that can't be read is set aside whole, by
its id; nothing but its listing looks at it again until an operation mends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fieldlog.model import gate
from fieldlog.model.entry import Attachment, Entry, Link
from fieldlog.model.fold import ALIAS
from fieldlog.model.gate import Check, Impossible
from fieldlog.model.ids import ms_of_id
from fieldlog.model.moment import from_ms, iso
from fieldlog.model.op import Op
from fieldlog.model.record import Record, checks, required
from fieldlog.model.register import Code, ConsentEvent, Person, Place, Scene, Take
from fieldlog.model.sentence import Sentence
from fieldlog.model.session import PlannedSession, Session
from fieldlog.model.study import ProductionDay, Study

Doc = Mapping[str, Any]

NOUNS: Mapping[str, type[Record]] = {
    noun.kind_of_record: noun
    for noun in (
        Study, ProductionDay, Session, PlannedSession, Entry, Attachment, Link, Person, ConsentEvent, Place, Scene,
        Take, Code,
    )
}  # fmt: skip

_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}")
_MARK: Mapping[str, Check] = {
    "at": gate.instant, "occurred_at": gate.instant, "created_at": gate.instant, "day_choice": gate.iso_date,
    "session": gate.text, "kind": gate.text, "reason": gate.text,
}  # fmt: skip
"""What a tombstone says."""

_NO_KIND = Sentence("there is no such kind of record")


def is_kind(kind: str) -> bool:
    """Whether records of this kind can have a table, known here or not: it names a file."""
    return _KIND.fullmatch(kind) is not None


def unread(kind: str, doc: Doc) -> tuple[str, Any, Sentence] | None:
    """The first field of a folded document that can't be read, its value and why; None where all can.

    Values in conflict count as much as the one that is shown. Fields that no noun of ours has are not looked at.
    """
    known, must = _known(kind)
    if known and "_heads" not in doc and "_erased" not in doc and gate.identifier(doc["id"]) is None:
        # As nearly every record is: said again without generators, in a third of the time.
        for name, value in doc.items():
            look = known.get(name)
            if look is gate.text:
                if type(value) is not str:
                    break
            elif look is not None and look(value) is not None:
                break
        else:
            if all(name in doc for name in must):
                return None
    return next(_faults(kind, doc), None)


def _faults(kind: str, doc: Doc) -> Iterator[tuple[str, Any, Sentence]]:
    if not is_kind(kind):
        yield "kind", kind, _NO_KIND
    if (why := gate.identifier(doc["id"])) is not None:
        yield "id", doc["id"], why
    if "_erased" in doc:
        yield from _wrong(_MARK, doc["_erased"])
        return
    known, must = _known(kind)
    yield from _wrong(known, doc)
    for name in must:
        if name not in doc:
            yield name, None, gate.MISSING
    for name, kept in doc.get("_heads", {}).items():
        for head in kept if name in known else ():
            if len(head) > 2 and head[2] is not None and (why := known[name](head[2])) is not None:
                yield name, head[2], why


def _wrong(known: Mapping[str, Check], said: Doc) -> Iterator[tuple[str, Any, Sentence]]:
    for name, value in said.items():
        check = known.get(name)
        if check is not None and value is not None and (why := check(value)) is not None:
            yield name, value, why


@cache
def _known(kind: str) -> tuple[Mapping[str, Check], tuple[str, ...]]:
    """The checks of a kind of record by field, and the fields it must have; none of a kind not known here."""
    noun = NOUNS.get(kind)
    return ({**checks(noun), ALIAS: gate.text}, required(noun)) if noun else ({}, ())


def why_unread(kind: str, doc: Doc) -> Sentence:
    """A sentence that names a record which can't be read, and what of it."""
    name, value, why = unread(kind, doc) or ("id", doc["id"], gate.MISSING)
    return Sentence(
        "{kind} {id} can't be read and is set aside, unchanged: {field} says {value}, and {why}.",
        kind=gate.brief(kind), id=gate.brief(doc["id"]), field=name, value=gate.brief(value), why=why,
    )  # fmt: skip


def part(kind: str, doc: Doc) -> dict[str, Any]:
    """What can be read of a document of a noun of ours, so that it can be shown: fields that can't are left out.

    Where it must have one, it has "", and for a time that at which it was written, else that of its id, else the
    beginning of 1970.
    """
    known, must = _known(kind)
    wrong = {name for name, _, _ in _faults(kind, doc)}
    found = {name: value for name, value in doc.items() if name not in wrong}
    found |= {"id": doc["id"], "_heads": {n: kept for n, kept in doc.get("_heads", {}).items() if n not in wrong}}
    for name in must:
        if name not in found:
            written = found.get("created_at") or _of_its_id(doc["id"])
            found[name] = written if known[name] is gate.instant else ""
    return found


def _of_its_id(record: str) -> str:
    try:
        return iso(from_ms(ms_of_id(record), "UTC"))
    except ValueError:
        return iso(from_ms(0, "UTC"))


def check(op: Op) -> None:
    """Raises `Impossible` for an operation to be saved that would say what can't be."""
    if op.k == "erase":
        wrong = _wrong(_MARK, op.v)
    elif op.k in ("new", "set"):
        wrong = _wrong(_known(op.r)[0], op.v)
    else:
        return
    for name, value, why in wrong:
        raise Impossible(name, value, why)
