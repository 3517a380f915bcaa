"""Find: the entries that answer a query, why each was found, and how many of each day, person and kind.

Ids and counts are made of all; rows only of those that are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fieldlog.model.records import StoredEntry, id_of, kind_of, people_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.review.filters import Filters
from fieldlog.services.review.keys import IN, NOT_YET, known
from fieldlog.services.review.query import AllOf, AnyOf, Filter, Part, Without, Word, parse
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.rows.days import Row
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.search import Search, plain

WHATS: Mapping[str, str] = {
    "people": sentence("person: {name}"), "places": sentence("place: {name}"),
    "scenes": sentence("scene: {name}"), "sessions": sentence("session: {name}"),
    "codes": sentence("code: {name}"), "attachments": sentence("file: {name}"),
    "source": sentence("id: {name}"),
}  # fmt: skip
"""How it is said why an entry was found, where that is not in its text."""


SCOPES = ("all", "text", "names")
"""Where words may be looked for: in texts, in the names of what entries name, in both."""


class Sought(NamedTuple):
    """A word that is looked for, and where: in texts, in names, or in both."""

    word: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many of what was found are of each production date, of each person (by id), and of each kind."""

    days: Mapping[str, int]
    people: Mapping[str, int]
    kinds: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Found:
    """`ids` of entries, newest day first and latest first within it. `said` are sentences about values that nobody
    knows; `words` are what to mark in texts."""

    query: AllOf
    ids: Sequence[str]
    said: Sequence[Sentence] = ()
    sought: Sequence[Sought] = ()
    fold: bool = False

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(one.word for one in self.sought if one.scope != "names"))


def find(work: Workspace, typed: str, scope: str = "all", *, fold: bool = False) -> Found:
    """What a query finds, which has words in all fields, or in a `scope`; a query that asks nothing finds nothing.

    With `fold` traditional and simplified characters are one.
    """
    query = parse(typed)
    asking = _Asking(work, fold)
    ids = asking.answer(query, scope, None) if _asks(query) else set[str]()
    said = list(dict.fromkeys(asking.filters.said))
    sought = list(dict.fromkeys(asking.sought))
    return Found(query=query, ids=work.store.search.ordered(ids), said=said, sought=sought, fold=fold)


def counts(work: Workspace, found: Found) -> Counts:
    """How what was found is spread."""
    state = work.store.state
    days, people, kinds = Counter[str](), Counter[str](), Counter[str]()
    for doc in _docs(work, set(found.ids)):
        days[state.date(id_of(doc)) or ""] += 1
        kinds[kind_of(doc) or StoredEntry.kind] += 1
        people.update({state.real(who) for who in people_of(doc)})
    return Counts(days=days, people=people, kinds=kinds)


def rows(work: Workspace, found: Found, start: int = 0, count: int | None = None) -> list[Row]:
    """What was found as rows, `count` of them from the `start`th on; each with `why`, a list of sentences."""
    shown = found.ids[start:] if count is None else found.ids[start : start + count]
    docs = (doc for record in shown if (doc := work.store.state.get(record)))
    made = entry_rows.rows(work.store.state, docs)[::-1]
    return [{**row, "why": why(work, found, row["id"])} for row in made]


def why(work: Workspace, found: Found, entry: str) -> list[Sentence]:
    """Where an entry holds what it was found by, for each word that is not in its text."""
    search, told = work.store.search, dict[Sentence, None]()
    for one in found.sought:
        if one.scope == "names" or not search.texts_hold(entry, one.word, fold=found.fold):
            told.update(dict.fromkeys(_named(work, entry, one, found.fold)))
    return list(told)


def _named(work: Workspace, entry: str, sought: Sought, fold: bool) -> Iterator[Sentence]:
    """What an entry names in which a word stands."""
    if sought.scope == "text":
        return
    state, wanted = work.store.state, plain(sought.word, fold=fold)
    for record in work.store.search.named_in(entry):
        names = work.store.search.names(record)
        name = next((name for name in names if wanted in plain(name, fold=fold)), None)
        what = WHATS.get(state.where.get(record, ""))
        if name is not None and what:
            yield Sentence(what, name=name)
    source = StoredEntry.of(state.get(entry) or {}).source_id
    if source and wanted in plain(source, fold=fold):
        yield Sentence(WHATS["source"], name=source)


def _docs(work: Workspace, among: set[str] | None) -> Iterator[Mapping[str, Any]]:
    """The documents of these entries, in no order; None for all. Where they are many, all are passed."""
    state = work.store.state
    if among is None:
        yield from state.entries()
    elif len(among) * 4 < len(state.where):
        yield from (doc for record in among if (doc := state.get(record)))
    else:
        yield from (doc for doc in state.entries() if id_of(doc) in among)


def _asks(part: Part) -> bool:
    """Whether anything is asked for: more than where to look, and what is still being typed."""
    match part:
        case Filter():
            return part.key != "in" and bool(part.values)
        case Without():
            return _asks(part.part)
        case AllOf() | AnyOf():
            return any(map(_asks, part.parts))
    return bool(plain(part.text))


@dataclass
class _Asking:
    """One query being answered."""

    work: Workspace
    fold: bool
    sought: list[Sought] = field(default_factory=list)
    is_without: bool = False

    def __post_init__(self) -> None:
        device = self.work.device
        self.filters = Filters(self.work.store.state, frozenset({device.id, *device.former}), self.fold)

    @property
    def _search(self) -> Search:
        return self.work.store.search

    def answer(self, part: Part, scope: str, among: set[str] | None) -> set[str]:
        """The ids that a part finds, of those `among` which it is asked; None for all."""
        match part:
            case Word():
                found = self._word(part, scope)
            case Filter():
                return self._filter(part, among)
            case Without():
                return self._without(part, scope, among)
            case AnyOf():
                asked = [one for one in part.parts if _asks(one)]
                found = set[str]().union(*(self.answer(one, scope, among) for one in asked))
            case AllOf():
                return self._all(part, scope, among)
        return found if among is None else found & among

    def _word(self, part: Word, scope: str) -> set[str]:
        if not self.is_without:
            self.sought.append(Sought(part.text, scope))
        return self._search.holding(part.text, scope, fold=self.fold)

    def _filter(self, part: Filter, among: set[str] | None) -> set[str]:
        test = self.filters.test(part)
        return {id_of(doc) for doc in _docs(self.work, among) if test(doc)}

    def _without(self, part: Without, scope: str, among: set[str] | None) -> set[str]:
        before, self.is_without = self.is_without, not self.is_without
        every = self._search.every() if among is None else among
        found = every - self.answer(part.part, scope, among)
        self.is_without = before
        return found

    def _all(self, part: AllOf, scope: str, among: set[str] | None) -> set[str]:
        """What all parts find; those that cost least are asked first, and the others only among what is left."""
        for one in part.parts:
            where = one.part if isinstance(one, Without) else one
            if isinstance(where, Filter) and where.key == "in" and where.values:
                scope = self._scope(where, scope, is_without=where is not one)
        if scope == _NOWHERE:
            return set()
        asked = sorted(filter(_asks, part.parts), key=lambda one: _COSTS.index(type(one)))
        for one in asked:
            among = self.answer(one, scope, among)
        return self._search.every() if among is None else among

    def _scope(self, part: Filter, before: str, *, is_without: bool) -> str:
        """Where words are looked for from now on."""
        found = set[str]()
        for value in part.values:
            name = known(IN, value.text) if value.last is None else None
            if name is None:
                self.filters.say(part, value)
            elif ("in", name) in NOT_YET:
                self.filters.say(part, value, is_kept=False)
            else:
                found.add(name)
        if is_without:
            found = {"text", "names"} - found
        found &= {"text", "names"} if before == "all" else {before}
        return "all" if len(found) == 2 else next(iter(found), _NOWHERE)


_NOWHERE = ""
"""Where words are looked for that are to be in two places at once, or in one that nobody knows: nowhere."""

_COSTS: Sequence[type] = (Word, AllOf, AnyOf, Filter, Without)
