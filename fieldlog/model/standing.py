"""How a folded record stands: may it be seen, was it taken out of sight, was it erased for good.

Whoever is outside of `model` and `store` asks here; what folding keeps beside the fields is named nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldlog.model.fold import CHANGED, heads, versions

Doc = Mapping[str, Any]


def shown(doc: Doc) -> bool:
    """Whether a person sees the record: it was created here or arrived whole, is not deleted, not erased."""
    return "_u" in doc and "_deleted" not in doc and "_erased" not in doc


def made(doc: Doc) -> bool:
    """Whether what made the record is here; until then only later operations are."""
    return "_u" in doc


def removed(doc: Doc) -> bool:
    """Whether somebody took the record out of sight; it can be brought back."""
    return "_deleted" in doc


def erased(doc: Doc) -> bool:
    """Whether the record was erased for good: nothing but its tombstone is kept."""
    return "_erased" in doc


def leaves_a_trace(doc: Doc) -> bool:
    """Whether there is anything to be told of the record: it is seen, or it was erased."""
    return shown(doc) or "_erased" in doc


def tombstone(doc: Doc) -> Doc:
    """What the earliest erasing said, its operation as `u` and its stamp as `t`; empty where there was none."""
    return doc.get("_erased") or {}


def version(doc: Doc) -> str:
    """`versions`, but two tombstones differ, too, and so do documents whose creation has not arrived."""
    if "_u" in doc and doc.keys().isdisjoint(CHANGED):
        return str(doc["_u"])
    if "_erased" in doc:
        return f"{doc['id']} erased {doc['_erased'].get('u')}"
    return versions(doc) if "_u" in doc else f"{doc['id']} {versions(doc)}"


def filled_in(doc: Doc) -> bool:
    """Whether something of the record was lost, and an archive's day stands in for it."""
    return "_fills" in doc


def stamp_of(doc: Doc) -> str:
    """The stamp of the operation that made the record; "" where that is not here."""
    return str(doc.get("_t", ""))


def names_of(doc: Doc) -> set[str]:
    """The names of a document's fields, without its id and without what folding keeps beside them."""
    return {name for name in doc if not name.startswith("_") and name != "id"}


def said_again(doc: Doc) -> bool:
    """Whether a field of it was said again since it was made, on one device or on two."""
    return "_heads" in doc


def changed_since(doc: Doc) -> bool:
    """Whether anything was said of the record since it was made."""
    return "_heads" in doc or "_adds" in doc or "_dels" in doc


def added(doc: Doc, name: str) -> set[str]:
    """The items that were put into a set field one by one, also those that were taken out again."""
    return {item for _, item in doc.get("_adds", {}).get(name, ())}


def ever_said(doc: Doc, name: str) -> set[str]:
    """Every operation that stands for a field or stood for it."""
    return {*heads(doc, name), *doc.get("_past", {}).get(name, ())}
