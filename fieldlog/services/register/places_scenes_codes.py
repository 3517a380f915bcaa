"""Places, scenes and codes: lists one looks through, adds to in a moment, and corrects the names of.

What is joined to a person, and people themselves, are in `services/people`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from fieldlog.model.called import Called
from fieldlog.model.errors import NotFound, NotUnderstood
from fieldlog.model.production_day import in_time
from fieldlog.model.records import REGISTER, Registered, StoredCode, StoredPlace, StoredScene
from fieldlog.model.register import Code, Place, Scene, numbered, scene_code
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.register.lookup import lookup, said
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

Table = Literal["places", "scenes", "codes"]
R = TypeVar("R", Place, Scene, Code)


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A place, scene or code as lists show it. `about` is a place's kind, a scene's synopsis, a code's definition.

    `uses` counts the entries that name it, for a code also those that name one below it. `depth` is how deep
    a code lies in the tree of dotted names; a branch nobody made a code of has no `id`.
    """

    id: str
    code: str
    name: str = ""
    name_zh: str = ""
    about: str = ""
    uses: int = 0
    depth: int = 0

    def named(self, *, chinese: bool) -> str:
        """What it is called in this script, else in the other; "" where it has only a code."""
        return (self.name_zh or self.name) if chinese else (self.name or self.name_zh)


def place_called(place: StoredPlace) -> Called:
    """What a place is called in each script: "L05 Car park"."""
    row = _row(place, 0)
    names = (row.named(chinese=chinese) for chinese in (False, True))
    return Called(*(name if name == row.code else f"{row.code} {name}".strip() for name in names))


def rows(work: Workspace, table: Table) -> list[RegisterRow]:
    """Everything in a table, in the order of its codes; codes as a tree, branches before what lies below."""
    counted = uses(work, table)
    records = [one for one in work.store.state.each(REGISTER[table]) if work.store.state.real(one.id) == one.id]
    if table == "codes":
        return _tree([_row(one, 0) for one in records], counted)
    found = [_row(one, counted[one.id]) for one in records]
    return sorted(found, key=lambda row: (_in_order(row.code), row.id))


def found_rows(work: Workspace, table: Table, typed: str) -> list[RegisterRow]:
    """What a search field over the list leaves of it, the likeliest first; all of it where nothing is typed."""
    all_of_it = rows(work, table)
    if not typed.strip():
        return all_of_it
    by_id = {row.id: row for row in all_of_it}
    named = lookup(work, table).find(typed, len(all_of_it) or 1)
    return [by_id[one.id] for one in named if one.id in by_id]


def uses(work: Workspace, table: str) -> Counter[str]:
    """How many entries name each record of a register table, by its id; a code or a branch of codes, by its name,
    also those that name one below it. Only days that changed are counted again."""
    state, kept = work.store.state, work.lookups.setdefault("uses", ({}, None))[0]
    total, joined, meant = Counter[str](), work.store.versions.get(table, 0), _meaning(work, table)
    for day in state.entry_tables():
        stand = (work.store.versions.get(day, 0), joined)
        if kept.get((day, table), (None,))[0] != stand:
            named = (_keys(entry, table, meant) for entry in state.docs(day))
            kept[day, table] = (stand, Counter(one for keys in named for one in keys))
        total.update(kept[day, table][1])
    return total


def number_naming(work: Workspace, table: str, record: str) -> int:
    """In how many entries a record of a register table is named; a code also by those below it."""
    return uses(work, table)[_key(work, table, record)]


def entries_naming(work: Workspace, table: str, record: str, limit: int) -> list[str]:
    """Ids of the latest entries that name a record of a register table, or a code below it, the latest first."""
    state, found, meant = work.store.state, list[str](), _meaning(work, table)
    key = _key(work, table, record)
    for day in reversed(state.entry_tables()):
        naming = [entry for entry in state.docs(day) if key in _keys(entry, table, meant)]
        found += [one for _, one in sorted(map(in_time, naming), reverse=True)]
        if len(found) >= limit:
            break
    return found[:limit]


def _key(work: Workspace, table: str, record: str) -> str:
    """What a record is counted by: a code by its name, all else by its id."""
    if table != "codes":
        return work.store.state.real(record)
    code = work.store.state.read(StoredCode, record)
    return (code.code if code else "") or record


def _meaning(work: Workspace, table: str) -> Callable[[str], Iterable[str]]:
    """What is counted for an id that an entry names."""
    state = work.store.state
    if table != "codes":
        return lambda one: (state.real(one),)
    branches = {code.id: tuple(_branches(code.code or code.id)) for code in state.each(StoredCode)}
    return lambda one: branches.get(one, (one,))


def _keys(entry: Mapping[str, Any], table: str, meant: Callable[[str], Iterable[str]]) -> set[str]:
    return {key for one in said(entry, table) for key in meant(one)}


async def add_place(work: Workspace, name: str, name_zh: str = "") -> Done[Place]:
    """Add a place under the next code, L05. Raises `NotUnderstood` without a name, or for one that is there."""
    names = [" ".join(said.split()) for said in (name, name_zh)]
    if not any(names):
        raise NotUnderstood("A place needs a name, in either language.")
    for there in work.store.state.each(StoredPlace):
        if (set(names) - {""}) & {there.name, there.name_zh}:
            raise NotUnderstood("A place here is called that already.")
    ever = (numbered(place.code) for place in work.store.state.every(StoredPlace))
    number = max((n for letter, n in ever if letter == "L"), default=0) + 1
    place = Place(
        id=work.machine.new_id(), code=f"L{number:02d}", name=names[0] or names[1], name_zh=names[1] or None
    )
    return await _added(work, place)


async def add_scene(work: Workspace, typed: str, synopsis: str = "") -> Done[Scene]:
    """Add a scene by what stands on the slate; 342 is 34-2. Raises `NotUnderstood` for none, or one there is."""
    code = scene_code(typed)
    _free(work, "scenes", code, sentence("A scene needs the number on its slate, such as 34-2."))
    episode = re.match(r"(\d+)-", code)
    scene = Scene(
        id=work.machine.new_id(), code=code, episode=int(episode[1]) if episode else None,
        synopsis=synopsis.strip() or None,
    )  # fmt: skip
    return await _added(work, scene)


async def add_code(work: Workspace, code: str, label: str = "", label_zh: str = "") -> Done[Code]:
    """Add a code by its dotted name, metrics.completion. Raises `NotUnderstood` for none, or one there is."""
    name = ".".join(part for part in (part.strip() for part in code.replace("。", ".").split(".")) if part)
    _free(work, "codes", name, sentence("A code needs a name, such as metrics or metrics.completion."))
    made = Code(
        id=work.machine.new_id(), code=name, label=label.strip() or name.rsplit(".", 1)[-1],
        label_zh=label_zh.strip() or None,
    )  # fmt: skip
    return await _added(work, made)


async def _added(work: Workspace, made: R) -> Done[R]:
    return await work.done([work.op(made)], Sentence("{name} is in the register", name=made.code), made)


async def rename(work: Workspace, record: str, *, name: str, name_zh: str, about: str) -> Done[None]:
    """Call a place, scene or code otherwise. Raises `NotFound`, and `NotUnderstood` for no name."""
    table = work.store.state.where.get(record, "")
    if table not in _FIELDS:
        raise NotFound("This is not in the register any more.")
    stored, fields = work.store.state.find(REGISTER[table], record, removed=True), _FIELDS[table]
    if fields[0] and not (name.strip() or name_zh.strip()):
        raise NotUnderstood("It needs a name, in either language.")
    given = zip(fields, (name.strip() or name_zh.strip(), name_zh.strip(), about.strip()), strict=True)
    wanted = {named: value or None for named, value in given if named}
    return await work.set(stored, wanted, Sentence("Changed."))


_FIELDS: Mapping[str, tuple[str, str, str]] = {
    "places": ("name", "name_zh", "kind"), "scenes": ("", "", "synopsis"), "codes": ("label", "label_zh", "memo"),
}  # fmt: skip
"""What a table calls a name, a Chinese name and what it is about; "" where it has none."""


def _free(work: Workspace, table: Table, code: str, without: str) -> None:
    """Raise `NotUnderstood` where there is no code, or one that is in the register already."""
    if not code:
        raise NotUnderstood(without)
    if any(one.code.casefold() == code.casefold() for one in work.store.state.each(REGISTER[table])):
        raise NotUnderstood("This is in the register already.")


def _row(one: Registered, used: int) -> RegisterRow:
    row = RegisterRow(id=one.id, code=one.code, uses=used)
    match one:
        case StoredPlace():
            return replace(row, name=one.name, name_zh=one.name_zh or "", about=one.kind or "")
        case StoredScene():
            return replace(row, about=one.synopsis or "")
        case StoredCode():
            return replace(row, name=one.label, name_zh=one.label_zh or "", about=one.memo)
        case _:
            return row


def _tree(found: Sequence[RegisterRow], counted: Counter[str]) -> list[RegisterRow]:
    """Codes with the branches they lie on, each with how many entries name it or one below it."""
    by_name = {row.code: row for row in found}
    names = {name for row in found for name in _branches(row.code)}
    return [
        replace(by_name.get(name) or RegisterRow(id="", code=name), uses=counted[name], depth=name.count("."))
        for name in sorted(names, key=lambda name: [part.casefold() for part in name.split(".")])
    ]


def _branches(name: str) -> Iterator[str]:
    """metrics, metrics.roi: a dotted name and what it lies on."""
    parts = name.split(".")
    yield from (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _in_order(code: str) -> tuple[tuple[int, str], ...]:
    """So that 9-2 comes before 34-2, and L2 before L10."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", code)
    return tuple((int(part), "") if part.isdigit() and part.isascii() else (-1, part) for part in parts)
