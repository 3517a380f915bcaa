"""Type-ahead: from a few keys to the people, codes, places and scenes they may mean.

All names lie in one long text, so that the scanning is done by `str.find`: ten thousand names are looked
through in well under a millisecond, and what a search costs in Python depends on how many it may return.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from typing import Any

from fieldlog.model.records import (
    REGISTER,
    Registered,
    StoredCode,
    StoredPerson,
    StoredPlace,
    StoredScene,
    codes_of,
    people_of,
    place_of,
    scene_of,
)
from fieldlog.model.register import numbered, someone_id
from fieldlog.model.standing import stamp_of
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.search import normalised

LIMIT = 8
RECENT_ENTRIES = 40
"""So many of the newest entries say what was used recently."""

_ROW, _NAME = "\x1e", "\x1f"
"""What a row, and each name in it, begins with; no name holds either."""

_WORD_STARTS = (" ", ".", "-", "/", "·")
_DIGITS = re.compile(r"(\D*?)0*(\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Something that can be picked. `names` are all it is found by beside its code: pseudonyms, roles, labels."""

    id: str
    code: str = ""
    names: tuple[str, ...] = ()


class Lookup:
    """Rows to choose among, made once and searched at every key."""

    def __init__(self, rows: Sequence[Named]) -> None:
        self._rows = rows
        texts = [_ROW + "".join(_NAME + _plain(name) for name in (row.code, *row.names) if name) for row in rows]
        self._text = "".join(texts) + _ROW
        self._starts, at = list[int](), 0
        for text in texts:
            self._starts.append(at)
            at += len(text)
        self._places = {row.id: place for place, row in enumerate(rows)}
        self._exact = dict[str, list[int]]()
        for place, row in enumerate(rows):
            for key in _exact_keys(row.code):
                self._exact.setdefault(key, []).append(place)

    @classmethod
    def of(cls, rows: Iterable[Named]) -> Lookup:
        return cls(tuple(rows))

    def find(self, typed: str, limit: int = LIMIT, *, recent: Iterable[str] = ()) -> list[Named]:
        """The rows that what was typed may mean, the likeliest first; all its words must be there.

        First come those whose code it is ("p07" and "7" mean P07), then those with a name that begins so,
        then others used recently (`recent`, ids, the latest first), then those where it begins a word or
        stands anywhere. Within a rank the recent ones come first, the rest in the order given. Nothing
        typed gives the recent ones and then the first of all.
        """
        found = dict[int, None]()
        for place in self._ranked(_plain(typed).strip(), recent):
            found.setdefault(place)
            if len(found) >= limit:
                break
        return [self._rows[place] for place in found]

    def _ranked(self, whole: str, recent: Iterable[str]) -> Iterator[int]:
        used = [self._places[one] for one in recent if one in self._places]
        if not whole:
            yield from used
            yield from range(len(self._rows))
            return
        yield from self._exact.get(whole, ())
        words = sorted(whole.split(), key=len, reverse=True)
        begins = [place for place in used if self._row_has(place, _NAME + whole)]
        yield from begins
        yield from self._having(_NAME + whole)
        yield from (place for place in used if all(self._row_has(place, word) for word in words))
        first, rest = words[0], words[1:]
        for sign in (_NAME, *_WORD_STARTS):
            yield from self._having(sign + first, rest)
        yield from self._having(first, rest)

    def _having(self, part: str, others: Sequence[str] = ()) -> Iterator[int]:
        """The rows with this part, and the others somewhere; the scan goes on behind each."""
        at = self._text.find(part)
        while at >= 0:
            place = bisect_right(self._starts, at) - 1
            if all(self._row_has(place, other) for other in others):
                yield place
            at = self._text.find(part, self._end(place))

    def _row_has(self, place: int, part: str) -> bool:
        return self._text.find(part, self._starts[place], self._end(place)) >= 0

    def _end(self, place: int) -> int:
        return self._starts[place + 1] if place + 1 < len(self._starts) else len(self._text) - 1


def people_named(work: Workspace, typed: str, limit: int = LIMIT) -> list[Named]:
    """People by code, pseudonym in either script, role or description; not those joined to another."""
    return _found(work, "people", typed, limit)


def codes_named(work: Workspace, typed: str, limit: int = LIMIT) -> list[Named]:
    """Codes by dotted name and by label in either script; not those that have gone into another."""
    return _found(work, "codes", typed, limit)


def places_named(work: Workspace, typed: str, limit: int = LIMIT) -> list[Named]:
    """Places by code and by name in either script."""
    return _found(work, "places", typed, limit)


def recent(work: Workspace, table: str) -> list[str]:
    """Ids of a table's records that the newest entries name, the latest first."""
    days = work.store.state.entry_tables()[-2:]
    stand = tuple((day, work.store.versions.get(day, 0)) for day in days)
    kept = work.lookups.get("recent")
    if kept is None or kept[0] != stand:
        docs = chain.from_iterable(work.store.state.docs(day) for day in days)
        newest = nlargest(RECENT_ENTRIES, docs, key=stamp_of)
        named = {name: dict.fromkeys(one for entry in newest for one in said(entry, name)) for name in REGISTER}
        kept = work.lookups["recent"] = (stand, {name: list(ids) for name, ids in named.items()})
    used: list[str] = kept[1].get(table, [])
    return used


def lookup(work: Workspace, table: str) -> Lookup:
    """The lookup of a register table, made anew only after the table has changed."""
    stand = work.store.versions.get(table, 0)
    kept = work.lookups.get(table)
    if kept is None or kept[0] != stand:
        nobody, state = someone_id(work.store.project), work.store.state
        real = (one for one in state.each(REGISTER[table]) if state.real(one.id) == one.id != nobody)
        ordered = sorted(map(_named, real), key=lambda one: (*numbered(one.code), one.id))
        kept = work.lookups[table] = (stand, Lookup.of(ordered))
    made: Lookup = kept[1]
    return made


_SAID: Mapping[str, Callable[[Mapping[str, Any]], Sequence[str] | str | None]] = {
    "people": people_of, "codes": codes_of, "places": place_of, "scenes": scene_of,
}  # fmt: skip


def said(entry: Mapping[str, Any], table: str) -> tuple[str, ...]:
    """The ids of a table's records that an entry names."""
    ids = _SAID[table](entry) or ()
    return (ids,) if isinstance(ids, str) else tuple(ids)


def _found(work: Workspace, table: str, typed: str, limit: int) -> list[Named]:
    return lookup(work, table).find(typed, limit, recent=recent(work, table))


def _named(one: Registered) -> Named:
    names: tuple[str | None, ...]
    match one:
        case StoredPerson():
            names = (one.pseudonym, one.pseudonym_zh, one.role, one.role_zh, one.dept)
        case StoredCode():
            names = (one.label, one.label_zh)
        case StoredPlace():
            names = (one.name, one.name_zh, one.kind)
        case StoredScene():
            names = (one.synopsis,)
        case _:
            names = ()
    return Named(id=one.id, code=one.code, names=tuple(dict.fromkeys(name for name in names if name)))


def _plain(text: str) -> str:
    return normalised(text.replace(_ROW, " ").replace(_NAME, " "))


def _exact_keys(code: str) -> Iterator[str]:
    """What means just this code: the code, P7 and 7 for P07, 342 for 34-2."""
    plain = _plain(code).strip()
    if not plain:
        return
    keys = {plain, plain.replace("-", "")}
    if numbered := _DIGITS.fullmatch(plain):
        keys |= {numbered[1] + numbered[2], numbered[2]}
    yield from keys
