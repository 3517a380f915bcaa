"""Folding one record: what its operations, in any order, come to.

A field is a multi-value register: its heads are the operations on it that no other operation names in
`base`. One head is the value; several are a conflict, of which the latest is shown and none is lost.
Set fields show the union of their heads and `add`s, less what `del`s saw. Everything kept beside the
fields only ever grows or is replaced by a maximum, so folding is order-free and folding again is harmless.

A folded document holds the fields as shown, and under names that start with `_` what folding needs:

    _u, _t      the creating operation and its stamp; absent while only later operations have arrived
    _heads      {field: [[u, t] or [u, t, value], …]}, only for fields changed since; value left out where
                it is the one shown
    _past       {field: [u, …]}, operations on the field that have been replaced
    _adds _dels {field: [[u, item], …]}
    _gone       operations that a deletion has seen; `_deleted` is true while they are all there is
    _erased     the tombstone of an erased record, of the earliest erasing; nothing else is kept
    _fills      {u: {of, t, v, base}}, what stands in for operations that are lost
    _true       the document without those

A fill is shown as if it were the operation that it stands in for, until that one is here.

Longer than other files, so that these names stand in one place: who folds and who reads them change together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldlog.model.op import WHOLE, Op, content_text
from fieldlog.model.vocabulary import SET_FIELDS

Doc = dict[str, Any]
Heads = dict[str, tuple[str, Any]]
"""Operation to (stamp, value)."""

ALIAS = "same_as"
"""The field in which an `alias` operation says which record this one really is."""

_LISTED, _NAMED = ("_heads", "_adds", "_dels"), ("_gone", "_erased", "_fills")
CHANGED = frozenset({*_LISTED, *_NAMED})
"""What a document has beside its fields once something was said of it since it was made."""
"""What a document has that is not as its first operation made it."""


def folded(doc: Doc | None, op: Op) -> Doc:
    """The document after one more operation; the one given is left as it is."""
    if op.k == "erase":
        return _tombstone(doc, op)
    if doc and "_erased" in doc:
        return doc
    if op.k == "fill" or (doc and "_fills" in doc):
        return _filled(doc or {"id": op.e}, op)
    if doc is None and op.k == "new":
        fields = {name: value for name, value in op.v.items() if value is not None}
        return {**fields, "id": op.e, "_u": op.u, "_t": op.t}
    record = _Record(doc or {"id": op.e})
    if op.k == "new":
        record.create(op)
    elif op.k in ("set", "alias"):
        for name, value in op.v.items():
            record.put(name, op, value, op.base.get(name, ()))
        record.put_bases(op)
    elif op.k == "add":
        for name, items in op.v.items():
            record.pairs("_adds", name, ((op.u, item) for item in items))
    elif op.v:
        for name, items in op.v.items():
            record.pairs("_dels", name, ((seen, item) for seen in op.base.get(name, ()) for item in items))
    else:
        record.hide(op.base.get(WHOLE, ()))
    return record.closed()


def heads(doc: Mapping[str, Any], name: str) -> Heads:
    """The operations whose values stand for a field."""
    kept = doc.get("_heads", {}).get(name)
    if kept is not None:
        return {head[0]: (head[1], head[2] if len(head) > 2 else doc.get(name)) for head in kept}
    if "_u" in doc and name in doc:
        return {doc["_u"]: (doc["_t"], doc[name])}
    return {}


def base_of(doc: Mapping[str, Any], names: Iterable[str]) -> dict[str, list[str]]:
    """What an operation that changes these fields replaces: the `base` its author has seen."""
    return {name: sorted(heads(doc, name)) for name in names}


def seen_items(doc: Mapping[str, Any], name: str, items: Iterable[str]) -> list[str]:
    """The operations that put these items into a set field: the `base` of a `del` for them."""
    wanted = set(items)
    by_head = {u for u, (_, value) in heads(doc, name).items() if wanted & set(value or ())}
    return sorted(by_head | {u for u, item in doc.get("_adds", {}).get(name, ()) if item in wanted})


def live(doc: Mapping[str, Any]) -> set[str]:
    """Every operation that still stands for something in the document: what a deletion of it has seen."""
    found = {head[0] for kept in doc.get("_heads", {}).values() for head in kept}
    found |= {u for pairs in doc.get("_adds", {}).values() for u, _ in pairs}
    return found | ({doc["_u"]} if "_u" in doc else set())


def conflicts(doc: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Fields with several unequal values, the shown one first. Set fields have none."""
    found: dict[str, list[Any]] = {}
    for name in doc.get("_heads", {}):
        values: list[Any] = []
        for _, value in sorted(heads(doc, name).values(), key=lambda head: head[0], reverse=True):
            if value not in values:
                values.append(value)
        if len(values) > 1 and not _is_set(doc, name):
            found[name] = values
    return found


def versions(doc: Mapping[str, Any]) -> str:
    """A text that differs whenever the document's operations do; two equal texts mean equal documents."""
    if doc.keys().isdisjoint(CHANGED):
        return str(doc.get("_u", ""))
    parts = [doc.get("_u", "")]
    for key in _LISTED:
        if key in doc:
            parts += [f"{key}{name}{pair[:2]}" for name, kept in sorted(doc[key].items()) for pair in kept]
    for key in _NAMED:
        if key in doc:
            parts.append(f"{key}{sorted(doc[key])}")
    return " ".join(parts)


def canonical(docs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Record id to the id it stands for, for records that an alias names as another.

    Of aliases given to one record at the same time the latest counts: following each would make the two it
    was taken for one. They are taken in the order of their stamps; one that would close a circle is passed over.
    """
    edges = [
        (max(t for t, _ in heads(doc, ALIAS).values()), doc["id"], doc[ALIAS]) for doc in docs if doc.get(ALIAS)
    ]
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while name in parent:
            name = parent[name]
        return name

    for _, source, target in sorted(edges):
        if root(source) != root(target):
            parent[root(source)] = root(target)
    return {name: root(name) for name in parent}


def _tombstone(doc: Doc | None, op: Op) -> Doc:
    mark = {"u": op.u, "t": op.t, **{name: said for name, said in op.v.items() if name not in ("u", "t")}}
    old = doc.get("_erased") if doc else None
    if old and _of_erasing(old) <= _of_erasing(mark):
        assert doc is not None
        return doc
    return {"id": op.e, "_erased": mark}


def _of_erasing(mark: Doc) -> tuple[str, str, str]:
    """What erasings of one record are ordered by."""
    return mark["t"], mark["u"], content_text(mark)


def _filled(doc: Doc, op: Op) -> Doc:
    """The document after one more operation, where something stands in for what is lost."""
    true: Doc = doc.get("_true", doc)
    fills: dict[str, Any] = dict(doc.get("_fills", {}))
    if op.k == "fill":
        fills[op.u] = {"of": op.of, "t": op.t, "v": op.v, "base": op.base}
    else:
        true = folded(true if len(true) > 1 else None, op)
    if "_erased" in true:
        return true
    fills = {u: fill for u, fill in fills.items() if not _is_known(true, fill)}
    told = true
    for fill in sorted(fills.values(), key=lambda one: (one["t"], one["of"], content_text(one))):
        told = _with(told, fill)
    return {**told, "_fills": {u: fills[u] for u in sorted(fills)}, "_true": true} if fills else true


def _with(doc: Doc, fill: Mapping[str, Any]) -> Doc:
    """The document as if the operation that a fill stands in for were here."""
    k = "set" if fill["base"] else "new"
    stands_for = Op(u=fill["of"], t=fill["t"], r="", e=doc["id"], k=k, v=fill["v"], base=fill["base"])
    return folded(doc if len(doc) > 1 else None, stands_for)


def _is_known(true: Doc, fill: Mapping[str, Any]) -> bool:
    """Whether the operation that a fill stands in for is here, the record was made all the same, or nothing of it
    would be seen."""
    if not fill["base"]:
        return "_u" in true
    return any(fill["of"] in heads(true, name) for name in true.get("_heads", ())) or _with(true, fill) == true


def _is_set(doc: Mapping[str, Any], name: str) -> bool:
    return name in SET_FIELDS or name in doc.get("_adds", {}) or name in doc.get("_dels", {})


class _Record:
    """A document opened for folding: touched fields are taken apart, and put together again by `closed`."""

    def __init__(self, doc: Doc) -> None:
        self.doc: Doc = {**doc}
        self.heads: dict[str, Heads] = {}
        self.past: dict[str, set[str]] = {name: set(us) for name, us in doc.get("_past", {}).items()}

    def _touch(self, name: str) -> Heads:
        if name not in self.heads:
            self.heads[name] = heads(self.doc, name)
        return self.heads[name]

    def create(self, op: Op) -> None:
        for name in self._fields():
            self._touch(name)
        if "_u" not in self.doc or (op.t, op.u) < (self.doc["_t"], self.doc["_u"]):
            self.doc["_u"], self.doc["_t"] = op.u, op.t
        for name, value in op.v.items():
            self.put(name, op, value, ())

    def _fields(self) -> list[str]:
        return [name for name in self.doc if not name.startswith("_") and name != "id"]

    def put(self, name: str, op: Op, value: Any, base: Iterable[str]) -> None:
        found, past = self._touch(name), self.past.setdefault(name, set())
        past |= set(base)
        if op.u in found and found[op.u] != (op.t, value):
            # One import on two devices: what was worked out there, like a zone, is not in the operation's name.
            found[op.u] = min(found[op.u], (op.t, value), key=content_text)
        else:
            found[op.u] = (op.t, value)
        self.heads[name] = {u: head for u, head in found.items() if u not in past}

    def put_bases(self, op: Op) -> None:
        """A `base` for a field without a value clears it."""
        for name in op.base.keys() - op.v.keys():
            self.put(name, op, None, op.base[name])

    def pairs(self, key: str, name: str, pairs: Iterable[tuple[str, Any]]) -> None:
        self._touch(name)
        kept = self.doc.get(key, {})
        joined = {(u, item) for u, item in kept.get(name, ())} | set(pairs)
        self.doc[key] = {**kept, name: [list(pair) for pair in sorted(joined)]}

    def hide(self, seen: Iterable[str]) -> None:
        self.doc["_gone"] = sorted({*self.doc.get("_gone", ()), *seen})

    def closed(self) -> Doc:
        doc, old = self.doc, self.doc.get("_heads", {})
        explicit = {name: kept for name, kept in old.items() if name not in self.heads}
        for name, found in self.heads.items():
            self._show(name, found)
            plain = not self.past.get(name) and not _is_pair(doc, name)
            if not (plain and found.keys() == {doc.get("_u")}) and (
                found or self.past.get(name) or _is_pair(doc, name)
            ):
                explicit[name] = self._stored(name, found)
        past = {name: sorted(us) for name, us in self.past.items() if us}
        for key, value in (("_heads", explicit), ("_past", past)):
            if value:
                doc[key] = {name: value[name] for name in sorted(value)}
            else:
                doc.pop(key, None)
        if "_gone" in doc:
            doc.pop("_deleted", None)
            if live(doc) <= set(doc["_gone"]):
                doc["_deleted"] = True
        return doc

    def _stored(self, name: str, found: Heads) -> list[list[Any]]:
        elide = len(found) == 1 and not _is_pair(self.doc, name)
        ordered = sorted(found.items(), key=_by_stamp)
        return [[u, t] if elide else [u, t, value] for u, (t, value) in ordered]

    def _show(self, name: str, found: Heads) -> None:
        value = self._union(name, found) if _is_set(self.doc, name) else _latest(found)
        if value is None:
            self.doc.pop(name, None)
        else:
            self.doc[name] = value

    def _union(self, name: str, found: Heads) -> Any:
        """The items of all heads; a head that is no list of names is shown as it is: it can't be read then."""
        odd = [one for one in sorted(found.items(), key=_by_stamp) if not _is_names(one[1][1])]
        if odd:
            return odd[-1][1][1]
        removed = {(u, item) for u, item in self.doc.get("_dels", {}).get(name, ())}
        pairs = [(u, item) for u, (_, items) in sorted(found.items(), key=_by_stamp) for item in items or ()]
        pairs += [(u, item) for u, item in self.doc.get("_adds", {}).get(name, ())]
        return list(dict.fromkeys(item for u, item in pairs if (u, item) not in removed))


def _is_pair(doc: Mapping[str, Any], name: str) -> bool:
    return name in doc.get("_adds", {}) or name in doc.get("_dels", {})


def _is_names(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _by_stamp(head: tuple[str, tuple[str, Any]]) -> tuple[str, str]:
    return head[1][0], head[0]


def _latest(found: Heads) -> Any:
    return max(found.items(), key=_by_stamp)[1][1] if found else None
