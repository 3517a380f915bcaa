"""A field that says several things, because devices changed it without knowing of each other: what each said, and
what all of it came from.

Pure. `fold.conflicts` has the values alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldlog.model.fold import heads
from fieldlog.model.op import Op, ms_of_stamp

_WRITER = 16
"""Where in a stamp the writer begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One of the values of a field, None for none. `us` are the operations that gave it, `t` the latest of their
    stamps."""

    value: Any
    us: tuple[str, ...]
    t: str

    @property
    def ms(self) -> int | None:
        """When it was said, in Unix ms; None where nobody knows, as of what was imported."""
        return ms_of_stamp(self.t) or None

    @property
    def writer(self) -> str:
        """Who said it: the id of a device's writer."""
        return self.t[_WRITER:]


def versions_of(doc: Mapping[str, Any], name: str) -> tuple[Version, ...]:
    """Every value that a field has at the same time, the one shown first; one or none where nothing is open."""
    found: list[Version] = []
    for u, (t, value) in sorted(heads(doc, name).items(), key=lambda head: (head[1][0], head[0]), reverse=True):
        same = next((n for n, one in enumerate(found) if one.value == value), None)
        if same is None:
            found.append(Version(value=value, us=(u,), t=t))
        else:
            found[same] = Version(value=value, us=(*found[same].us, u), t=found[same].t)
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What a field said before: None where it said nothing."""

    value: Any


def common_base(ops: Iterable[Op], name: str, one: Collection[str], other: Collection[str]) -> Base | None:
    """What two versions of a field came from: the latest that both were made over. `one` and `other` are the
    operations that gave them, `ops` those on the record that are still known. None where it is not known any more.
    """
    said = {op.of or op.u: op for op in ops if name in op.v or name in op.base}
    mine, theirs = _before(said, name, one), _before(said, name, other)
    shared = {u for u in mine & theirs if u in said}
    if shared:
        # Clocks may be wrong: one that another of them was made over is not the latest, whatever its stamp says.
        last = shared - _before(said, name, shared)
        return Base(value=max((said[u] for u in last), key=lambda op: (op.t, op.u)).v.get(name))
    begun = all(u in said for u in {*mine, *theirs, *one, *other})
    return Base(value=None) if begun and not any(said[u].k == "new" for u in (*one, *other)) else None


def _before(said: Mapping[str, Op], name: str, us: Collection[str]) -> set[str]:
    """Every operation that these were made over, as far as one knows; those not known any more are named, too."""
    found, next_ = set[str](), [*us]
    while next_:
        op = said.get(next_.pop())
        new = set(op.base.get(name, ())) - found if op else set[str]()
        found |= new
        next_ += new
    return found
