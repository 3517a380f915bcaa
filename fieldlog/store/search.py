"""Search: a scan of normalised text in memory. Exact for any word of any length in any script.

All notes are one long text, which is looked through in a millisecond or two at 15,000 notes; word indexes find
nothing for the one- and two-character words that Chinese notes are searched for. Names are looked through once for
all entries: there are a few hundred, and it is known which entries name each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from fieldlog.model.production_day import occurred
from fieldlog.model.standing import shown
from fieldlog.model.state import ENTRIES, State
from fieldlog.store.search_han import simplified
from fieldlog.store.search_joined import Joined

_BETWEEN = "\0"
"""Stands between the fields of a record, so that no word is found across two of them."""

_ONE = ("session", "place", "scene")
_MANY = ("people", "codes", "attachments")
_NAMES = (
    "code", "title", "pseudonym", "pseudonym_zh", "role", "role_zh", "name", "name_zh", "label", "label_zh",
    "caption",
)  # fmt: skip
"""The fields by which a person, place, scene, code, session or attachment is looked for."""


def normalised(text: str) -> str:
    """Text as it is searched: full and half width, composed and decomposed, upper and lower case are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def plain(text: str, *, fold: bool = False) -> str:
    """The same; with `fold` traditional and simplified characters are one, too."""
    return simplified(normalised(text)) if fold else normalised(text)


class _Sheets:
    """What is looked through: the entries' texts, the ids they had elsewhere, and the names of what they name.

    Until it `is_whole`, entries are `waiting` to be read as they were when it was begun; those that were `touched`
    since have been read anew.
    """

    def __init__(self, fold: bool, waiting: Iterable[Mapping[str, Any]]) -> None:
        self.fold, self.waiting, self.touched, self.is_whole = fold, iter(waiting), set[str](), False
        self.texts, self.sources, self.names = Joined(), Joined(), Joined()

    def put(self, entry: str, doc: Mapping[str, Any] | None) -> None:
        self.texts.put(entry, None if doc is None else plain(doc.get("text") or "", fold=self.fold))
        source = doc.get("source_id") if doc else None
        self.sources.put(entry, plain(source, fold=self.fold) if source else None)

    def name(self, record: str, names: Iterable[str]) -> None:
        # A name that holds the sign between fields has none: what it stands for is no letter.
        parts = (plain(name.replace(_BETWEEN, " "), fold=self.fold) for name in names)
        self.names.put(record, _BETWEEN.join(parts))


class Search:
    """The normalised texts of all entries, made at the first search and kept true by `touch`.

    `prepare` makes them a piece at a time, for whoever has nothing else to do. Sheets with traditional and
    simplified characters as one are made beside the others where somebody asks for them.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._sheets: dict[bool, _Sheets] = {}
        self._naming: dict[str, tuple[str, ...]] = {}
        self._named_by: dict[str, set[str]] = {}
        self._when: dict[str, float] = {}

    def touch(self, records: Collection[str], tables: Iterable[str], *, refiled: bool) -> None:
        """Take note of a change. A changed person, place or code concerns every entry that names it; of which day
        an entry is, is asked when it is found."""
        if not self._sheets:
            return
        for record in records:
            doc = self._entry(record)
            if doc or any(record in one.texts.texts for one in self._sheets.values()):
                self._read(record, doc, self._sheets.values())
        for sheets in self._sheets.values():
            if not sheets.is_whole:
                sheets.touched.update(records)
        known = {one for record in records for one in self._state.joined(record)} & self._named_by.keys()
        for sheets in self._sheets.values():
            for record in known:
                sheets.name(record, self.names(record))

    def find(self, words: Iterable[str], scope: str = "all") -> Iterator[str]:
        """Ids of the entries that hold every one of `words`, newest production day first.

        Each word may be a phrase; it is found as it stands, anywhere in a field. No words find nothing.
        """
        wanted = [word for word in words if normalised(word)]
        found = set.intersection(*(self.holding(word, scope) for word in wanted)) if wanted else set[str]()
        yield from self.ordered(found)

    def holding(self, word: str, scope: str = "all", *, fold: bool = False) -> set[str]:
        """The ids of the entries that hold a word or phrase in their text, in their names, or in either."""
        sheets, wanted = self._of(fold), plain(word, fold=fold)
        if not wanted:
            return set()
        found = sheets.texts.find(wanted) if scope != "names" else set()
        if scope != "text":
            found |= sheets.sources.find(wanted)
            for record in sheets.names.find(wanted):
                found |= self._named_by[record]
        return found

    def every(self) -> set[str]:
        """The ids of all entries that a person sees."""
        return set(self._of(False).texts.texts)

    def ordered(self, found: Iterable[str]) -> list[str]:
        """Ids of entries, newest production day first and latest first within it."""
        self._of(next(iter(self._sheets), False))
        ids, when = sorted(found, reverse=True), self._when
        for one in ids:
            if one not in when:
                when[one] = occurred(self._state.get(one) or {}).timestamp()
        ids.sort(key=when.__getitem__, reverse=True)
        ids.sort(key=self._state.where.__getitem__, reverse=True)
        return ids

    def texts_hold(self, entry: str, word: str, *, fold: bool = False) -> bool:
        """Whether an entry's own text holds a word."""
        return plain(word, fold=fold) in self._of(fold).texts.texts.get(entry, "")

    def named_in(self, entry: str) -> tuple[str, ...]:
        """The ids of all records that an entry names."""
        return self._naming.get(entry, ())

    def names(self, record: str) -> list[str]:
        """The names of a record, and of the one it was joined to."""
        docs = [self._state.get(one) or {} for one in dict.fromkeys((record, self._state.real(record)))]
        return [str(doc[name]) for doc in docs for name in _NAMES if doc.get(name)]

    def prepare(self, entries: int, *, fold: bool = False) -> bool:
        """Read at most so many more entries for searches to come; whether all are read."""
        if fold not in self._sheets:
            self._sheets[fold] = _Sheets(fold, list(self._state.entries()))
            for record in self._named_by:
                self._sheets[fold].name(record, self.names(record))
        sheets = self._sheets[fold]
        for doc in islice(sheets.waiting, entries):
            if doc["id"] not in sheets.touched:
                self._read(doc["id"], doc, (sheets,))
            entries -= 1
        sheets.is_whole |= entries > 0
        return sheets.is_whole

    def _of(self, fold: bool) -> _Sheets:
        if fold not in self._sheets or not self._sheets[fold].is_whole:
            self.prepare(len(self._state.where) + 1, fold=fold)
        return self._sheets[fold]

    def _entry(self, record: str) -> Mapping[str, Any] | None:
        """An entry that a person sees; None for any other record."""
        if not self._state.where.get(record, "").startswith(ENTRIES):
            return None
        doc = self._state.get(record)
        return doc if doc and shown(doc) else None

    def _read(self, entry: str, doc: Mapping[str, Any] | None, into: Iterable[_Sheets]) -> None:
        """Take in an entry as it is now, None for one that nobody sees any more."""
        named = _named_in(doc) if doc else ()
        self._when.pop(entry, None)
        if (before := self._naming.pop(entry, ())) and before != named:
            for record in before:
                self._named_by[record].discard(entry)
        for record in named:
            if record not in self._named_by:
                self._named_by[record] = set()
                for sheets in self._sheets.values():
                    sheets.name(record, self.names(record))
            self._named_by[record].add(entry)
        if named:
            self._naming[entry] = named
        for one in into:
            one.put(entry, doc)


def _named_in(entry: Mapping[str, Any]) -> tuple[str, ...]:
    found = [one for name in _ONE if (one := entry.get(name))]
    for name in _MANY:
        found += entry.get(name, ())
    return tuple(dict.fromkeys(found))
