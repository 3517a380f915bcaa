"""Operations: the only thing that is ever true. Everything else is folded from them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.gate import LAST_MS

KINDS = ("new", "set", "add", "del", "alias", "erase", "fill")
"""`new` carries all fields; `set` replaces the operations in `base`; `add` and `del` work on set fields;
`del` without fields hides a record; `alias` says two records are one; `erase` leaves a tombstone; `fill` stands in
for an operation that is lost, for as long as it is."""

WHOLE = "*"
"""The key in `base` of a `del` that hides a whole record: every operation its author had seen."""


_STAMP = re.compile(r"[-0-9a-f][0-9a-f]{15}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Op:
    """One change to one record.

    `u` names the operation for ever; `t` is a hybrid clock reading (12 hex ms, 4 hex counter, writer)
    that orders the display among concurrent values and never decides what survives. `r` is the kind of
    record, `e` its id, `v` fields to values, `base` fields to the operations this one replaces. A `fill` names in
    `of` the operation that it stands in for, and has that one's `t`; with a `base`, that one changed a record.
    """

    u: str
    t: str
    r: str
    e: str
    k: str
    v: dict[str, Any] = field(default_factory=dict)
    base: dict[str, list[str]] = field(default_factory=dict)
    of: str = ""

    def as_json(self) -> dict[str, Any]:
        """The stored shape, keys in their settled order."""
        shape: dict[str, Any] = {"u": self.u, "t": self.t, "r": self.r, "e": self.e, "k": self.k, "v": self.v}
        if self.base:
            shape["base"] = self.base
        if self.of:
            shape["of"] = self.of
        return shape


def op_from_json(shape: Any) -> Op | None:
    """The operation a stored shape means, or None where it is none that we can fold: see `is_newer`.

    What its values say is not looked at: that is told of the record, once it is folded.
    """
    if not isinstance(shape, dict) or shape.get("k") not in KINDS:
        return None
    try:
        op = Op(
            u=shape["u"], t=shape["t"], r=shape["r"], e=shape["e"], k=shape["k"],
            v=shape.get("v") or {}, base=shape.get("base") or {}, of=shape["of"] if shape["k"] == "fill" else "",
        )  # fmt: skip
    except KeyError:
        return None
    named = all(isinstance(x, str) for x in (op.u, op.t, op.r, op.e, op.of))
    return op if named and _is_foldable(op) else None


def _is_foldable(op: Op) -> bool:
    """Whether its fields leave those of the fold alone, and its sets are sets of names."""
    if type(op.v) is not dict or type(op.base) is not dict:
        return False
    for name in (*op.v, *op.base):  # a generator takes twice as long, and this is asked of every operation
        if name[:1] == "_" or name == "id":
            return False
    if not op.base and op.k not in ("add", "del"):
        return True
    sets = [*op.base.values(), *(op.v.values() if op.k in ("add", "del") else ())]
    return all(type(names) is list and all(type(one) is str for one in names) for names in sets)


def is_newer(shape: Any) -> bool:
    """Whether a stored shape is an operation of a kind that only a later version knows."""
    return isinstance(shape, dict) and isinstance(shape.get("k"), str) and shape["k"] not in KINDS


def stamp(ms: int, counter: int, writer: str) -> str:
    """The text form of a hybrid clock reading; sorts as it orders."""
    return f"{ms:012x}{counter:04x}{writer}"


def ms_of_stamp(t: str) -> int | None:
    """The Unix ms of a stamp; None where it holds none that a screen can show. It orders all the same."""
    ms = int(t[:12], 16) if _STAMP.match(t) else LAST_MS
    return ms if abs(ms) < LAST_MS else None


class HybridClock:
    """Hands out stamps that never go back, whatever the wall clock does."""

    def __init__(self, writer: str, seen: str = "") -> None:
        self._writer = writer
        self._ms = 0
        self._counter = 0
        self.saw(seen)

    def saw(self, t: str) -> None:
        """Take note of a stamp from the log, so that the next one is later."""
        if _STAMP.match(t):
            self._ms, self._counter = max((self._ms, self._counter), (int(t[:12], 16), int(t[12:16], 16)))

    def stamp(self, wall_ms: int) -> str:
        """The next stamp, at the wall's milliseconds or just after the last one."""
        if wall_ms > self._ms:
            self._ms, self._counter = wall_ms, 0
        elif self._counter < 0xFFFF:
            self._counter += 1
        else:
            self._ms, self._counter = self._ms + 1, 0
        return stamp(self._ms, self._counter, self._writer)


def content_digest(*parts: Any) -> str:
    """A hex digest of JSON values, the same for equal values on every device."""
    return hashlib.sha256(content_text(parts).encode("utf-8", "surrogatepass")).hexdigest()


def content_text(value: Any) -> str:
    """A JSON value as text, the same for equal values on every device."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
