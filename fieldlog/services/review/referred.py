"""The records that a filter's value names: a person by code or name, a code with all below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fieldlog.model.records import (
    Registered,
    StoredCode,
    StoredPerson,
    StoredPlace,
    StoredScene,
    StoredSession,
)
from fieldlog.model.register import numbered, scene_code
from fieldlog.model.state import State
from fieldlog.store.search import plain

_ANY = "*"
"""Stands for any letters: `scene:34-*`."""

Kind = type[StoredPerson] | type[StoredPlace] | type[StoredScene] | type[StoredCode] | type[StoredSession]
Named = StoredPerson | StoredPlace | StoredScene | StoredCode | StoredSession


def named(state: State, kind: Kind, said: str, *, fold: bool = False) -> set[str]:
    """The ids of all records of a kind that a value names, and of those joined to them.

    By code or a whole name; P7 is P07, and 342 the scene 34-2. Where none is called just so, those of which a name
    holds it: but a code is never guessed at.
    """
    wanted = plain(said, fold=fold).strip()
    records = list(state.each(kind))
    found = [one for one in records if _is(wanted, [plain(name, fold=fold) for name in _names(one)])]
    found = found or [one for one in records if _numbered(one, wanted)]
    if not found and _ANY not in wanted and wanted:
        found = [one for one in records if any(wanted in plain(name, fold=fold) for name in _own_names(one))]
    if kind is StoredCode:
        found = list(_with_below([one for one in records if isinstance(one, StoredCode)], found))
    return {joined for one in found for joined in state.joined(one.id)}


def _is(wanted: str, names: Iterable[str]) -> bool:
    if _ANY not in wanted:
        return wanted in names
    pattern = re.compile(".*".join(map(re.escape, wanted.split(_ANY))), re.DOTALL)
    return any(map(pattern.fullmatch, names))


def _names(one: Named) -> list[str]:
    """All that a record is called."""
    return [one.code, *_own_names(one)] if isinstance(one, Registered) else _own_names(one)


def _own_names(one: Named) -> list[str]:
    """What it is called in words."""
    match one:
        case StoredPerson():
            said: tuple[str | None, ...] = (one.pseudonym, one.pseudonym_zh)
        case StoredPlace():
            said = (one.name, one.name_zh)
        case StoredCode():
            said = (one.label, one.label_zh)
        case StoredSession():
            said = (one.title,)
        case _:
            said = ()
    return [name for name in said if name]


def _numbered(one: Named, wanted: str) -> bool:
    """Whether a code is meant that is written in another way: P7, or 342."""
    if isinstance(one, StoredScene):
        return scene_code(wanted) == plain(one.code)
    if not isinstance(one, StoredPerson | StoredPlace):
        return False
    letters, number = numbered(plain(one.code))
    return (letters, number) == numbered(wanted) and number > 0


def _with_below(codes: Iterable[StoredCode], found: Iterable[Named]) -> Iterator[Named]:
    """These codes and every one below them, by its dotted name or by the code it was put under."""
    above, waiting = list(found), list(codes)
    ids, dotted = {one.id for one in above}, {plain(code.code) for code in above if isinstance(code, StoredCode)}
    yield from above
    more = True
    while more:
        more = False
        for one in list(waiting):
            name = plain(one.code)
            below = any(name.startswith(f"{top}.") for top in dotted if top)
            below = below or (bool(one.parent) and (one.parent in ids or plain(one.parent or "") in dotted))
            if below and one.id not in ids:
                ids.add(one.id)
                dotted.add(name)
                waiting.remove(one)
                more = True
                yield one
