"""A field that says several things, because devices changed it without knowing of each other: what each said, and
what all of it came from.

Pure. `fold.conflicts` has the values alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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


def first_said(ops: Iterable[Op], name: str, version: Version) -> Version:
    """The version as it was first said: taken back to, it was said again later, perhaps by somebody else."""
    said = _by_name(ops, name)
    first = max((_first(said, name, u) for u in version.us), key=lambda u: (said[u].t if u in said else "", u))
    return replace(version, t=said[first].t) if first in said else version


def common_base(ops: Iterable[Op], name: str, one: Collection[str], other: Collection[str]) -> Base | None:
    """What two versions of a field came from: the latest that both were made over. `one` and `other` are the
    operations that gave them, `ops` those on the record that are still known. None where it is not known any more.
    """
    said = _by_name(ops, name)
    firsts = [{_first(said, name, u) for u in us} for us in (one, other)]
    mine, theirs = ({*first, *_before(said, name, first)} for first in firsts)
    shared = {u for u in mine & theirs if u in said}
    if shared:
        # Clocks may be wrong: one that another of them was made over is not the latest, whatever its stamp says.
        last = (shared - _before(said, name, shared)) or shared
        return Base(value=max((said[u] for u in last), key=lambda op: (op.t, op.u)).v.get(name))
    begun = all(u in said and said[u].k != "new" for u in mine | theirs)
    return Base(value=None) if begun else None


def _by_name(ops: Iterable[Op], name: str) -> dict[str, Op]:
    """The operations that say something of a field, by what others name them."""
    return {op.of or op.u: op for op in ops if name in op.v or name in op.base}


def _first(said: Mapping[str, Op], name: str, u: str) -> str:
    """The operation that first said what this one says, where it took back to that."""
    seen = {u}
    while again := set(_taken_back_to(said, name, u)) - seen:
        u = max(again, key=lambda one: (said[one].t, one))
        seen.add(u)
    return u


def _taken_back_to(said: Mapping[str, Op], name: str, u: str) -> list[str]:
    """What had said the same and was replaced by the one operation that this one replaces."""
    over = said[u].base.get(name, ()) if u in said else ()
    if len(over) != 1 or over[0] not in said:
        return []
    replaced = said[over[0]].base.get(name, ())
    return [one for one in replaced if one in said and said[one].v.get(name) == said[u].v.get(name)]


def _before(said: Mapping[str, Op], name: str, us: Collection[str]) -> set[str]:
    """Every operation that these were made over, as far as one knows; those not known any more are named, too."""
    found, next_ = set[str](), [*us]
    while next_:
        op = said.get(next_.pop())
        new = set(op.base.get(name, ())) - found if op else set[str]()
        found |= new
        next_ += new
    return found
