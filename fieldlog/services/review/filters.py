"""What each filter asks of an entry, and what is said of a value that nobody knows.

A value that is not known finds nothing. What is not kept by this version is said to be so, and finds nothing, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from fieldlog.model.called import CERTAINTY, FORMS, KINDS, NOTE_TYPES, SPEECH, Called
from fieldlog.model.errors import NotFound
from fieldlog.model.moment import parse
from fieldlog.model.production_clock import ProductionClock
from fieldlog.model.production_day import occurred
from fieldlog.model.records import (
    StoredCode,
    StoredDay,
    StoredEntry,
    StoredFile,
    StoredLink,
    StoredPerson,
    StoredPlace,
    StoredScene,
    StoredSession,
    codes_of,
    device_of,
    files_of,
    id_of,
    people_of,
    place_of,
    scene_of,
    session_of,
)
from fieldlog.model.register import numbered
from fieldlog.model.sentence import Sentence
from fieldlog.model.state import State
from fieldlog.services.review.keys import HAS, IS, NOT_YET, known
from fieldlog.services.review.query import Filter, Value
from fieldlog.services.review.referred import Kind, named
from fieldlog.services.rows.days import date_named, dates
from fieldlog.store.search import normalised

Doc = Mapping[str, Any]
Test = Callable[[Doc], bool]

_LAST = {"last", "最后", "最近"}
_HERE = {"here", "this", "本机"}
_TIME = re.compile(r"(\d{1,3})(?::(\d{2}))?")
_LONG = re.compile(r"(\d+(?:\.\d+)?)\s*(m|min|分|分钟|h|小时|d|天)?")
_SECONDS = {"m": 60, "min": 60, "分": 60, "分钟": 60, "h": 3600, "小时": 3600, "d": 86400, "天": 86400}
_FILES = {"photo": "photo", "sound": "audio", "paper": "document"}


class _Unknown(Exception):
    """Nobody knows this value."""


class _NotYet(Exception):
    """This version keeps nothing of the kind."""


@dataclass
class Filters:
    """The filters over one state, which must not change meanwhile. `here` are the ids of this device; `said` gets
    a sentence for each value that is not known, and for what is not kept yet."""

    state: State
    here: Set[str] = frozenset()
    fold: bool = False
    said: list[Sentence] = field(default_factory=list)

    def test(self, asked: Filter) -> Test:
        """What an entry must be for a filter: any of its values is enough."""
        tests = [test for value in asked.values if (test := self._known(asked, value))]
        return lambda doc: any(test(doc) for test in tests)

    def _known(self, asked: Filter, value: Value) -> Test | None:
        try:
            return self._of(asked.key, value)
        except _Unknown:
            self.say(asked, value)
        except _NotYet:
            self.say(asked, value, is_kept=False)
        return None

    def say(self, asked: Filter, value: Value, *, is_kept: bool = True) -> None:
        """That a value finds nothing, and why."""
        typed = f"{asked.called}:{value}"
        said = Sentence("{asked} is not known in this study.", asked=typed)
        self.said.append(said if is_kept else Sentence("{asked} can't be asked for yet.", asked=typed))

    def _of(self, key: str, value: Value) -> Test:
        match key:
            case "day":
                return self._day(value)
            case "time":
                return self._time(value)
            case "late":
                return _late(value)
        if value.last is not None:
            raise _Unknown
        match key:
            case "type":
                return _one_of("note_type", NOTE_TYPES, value)
            case "kind":
                return _one_of("kind", KINDS, value)
            case "said":
                return _one_of("speech", SPEECH, value)
            case "sure":
                return _one_of("certainty", CERTAINTY, value)
            case "is":
                return self._is(value)
            case "has":
                return self._has(value)
            case "device":
                return self._device(value)
        return self._named(key, value)

    # -- when

    def _day(self, value: Value) -> Test:
        first = self._date(value.text, value.last is not None)
        last = first if value.last is None else self._date(value.last, True)
        days = {one for one in self._days if (not first or first <= one) and (not last or one <= last)}
        return lambda doc: self.state.date(id_of(doc)) in days

    @property
    def _days(self) -> list[str]:
        return dates(self.state)

    def _date(self, said: str, is_end: bool) -> str:
        """The date of a day; the end of a range may also be a date on which nothing is planned, and "" is open."""
        plain = normalised(said).strip()
        if not plain and is_end:
            return ""
        if plain in _LAST:
            held = [table for table in self.state.entry_tables() if any(self.state.docs(table))]
            return held[-1].removeprefix("entries-") if held else ""
        with suppress(NotFound):
            return date_named(self.state, plain)
        letters, number = numbered(plain)
        for day in self.state.each(StoredDay):
            if number and numbered((day.code or "").casefold()) == (letters, number):
                return day.date
        with suppress(ValueError):
            if is_end:
                return date.fromisoformat(plain).isoformat()
        raise _Unknown

    def _time(self, value: Value) -> Test:
        first, at_once = _minutes(value.text, 0)
        last = _minutes(value.last, 10**9)[0] if value.last is not None else first + at_once
        clocks = dict[str, ProductionClock]()

        def test(doc: Doc) -> bool:
            # A note of which only the day is known stands at the hour at which the day turns: that is no time.
            day = self.state.date(id_of(doc))
            if not day or StoredEntry.of(doc).precision == "day":
                return False
            if day not in clocks:
                clocks[day] = ProductionClock(day, self.state.calendar.zone)
            return first <= clocks[day].minutes(occurred(doc)) <= last

        return test

    # -- who, where, what of

    def _named(self, key: str, value: Value) -> Test:
        kind, of = _REFERS[key]
        ids = named(self.state, kind, value.text, fold=self.fold)
        if not ids:
            raise _Unknown
        return lambda doc: not ids.isdisjoint(of(doc))

    def _device(self, value: Value) -> Test:
        wanted = normalised(value.text).strip()
        if wanted in _HERE:
            return lambda doc: device_of(doc) in self.here
        names = {one: [one] for doc in self.state.entries() if (one := device_of(doc))}
        for told in self.state.about.devices:
            if told.get("id") in names:
                names[told["id"]].append(str(told.get("label") or ""))
        for form in FORMS.keys() & names.keys():
            names[form] += FORMS[form]
        ids = {one for one, called in names.items() if wanted in map(normalised, called)}
        if not ids:
            raise _Unknown
        return lambda doc: device_of(doc) in ids

    # -- how it stands, and what it has

    def _is(self, value: Value) -> Test:
        name = known(IS, value.text)
        if name is None:
            raise _Unknown
        if ("is", name) in NOT_YET:
            raise _NotYet
        return partial(_stands, name, self._written_up())

    def _written_up(self) -> set[str]:
        """The ids of the entries that a note in sight expands."""
        notes = ((one.source, one.target) for one in self.state.each(StoredLink) if one.rel == "expands")
        return {target for source, target in notes if self._seen(source)}

    def _has(self, value: Value) -> Test:
        name = known(HAS, value.text)
        if name is None:
            raise _Unknown
        if ("has", name) in NOT_YET:
            raise _NotYet
        if name == "link":
            links = [(one.source, one.target) for one in self.state.each(StoredLink)]
            ends = {end for both in links if all(map(self._seen, both)) for end in both}
            return lambda doc: id_of(doc) in ends
        files = {one.id for one in self.state.each(StoredFile) if one.kind == _FILES[name]}
        return lambda doc: not files.isdisjoint(files_of(doc))

    def _seen(self, entry: str) -> bool:
        found = self.state.read(StoredEntry, entry)
        return found is not None and found.shown


_REFERS: Mapping[str, tuple[Kind, Callable[[Doc], Iterable[str]]]] = {
    "person": (StoredPerson, people_of),
    "scene": (StoredScene, lambda doc: filter(None, (scene_of(doc),))),
    "place": (StoredPlace, lambda doc: filter(None, (place_of(doc),))),
    "session": (StoredSession, lambda doc: filter(None, (session_of(doc),))),
    "code": (StoredCode, codes_of),
}
"""What each of these keys names, and what of it an entry refers to."""


def _stands(name: str, written_up: Set[str], doc: Doc) -> bool:
    one = StoredEntry.of(doc)
    match name:
        case "raw":
            return one.stage == "raw" and one.id not in written_up
        case "left":
            return one.stage == "reviewed"
        case "written-up":
            return one.stage == "expanded" or one.id in written_up
        case "doubtful":
            return one.suspect
        case "private":
            return one.note_type == "PN"
    return one.starred


def _one_of(name: str, table: Mapping[str, Called], value: Value) -> Test:
    """A field of which the table has all values, by its stored name or by its word in either language."""
    wanted = normalised(value.text).strip()
    found = {stored for stored, said in table.items() if wanted in map(normalised, (stored, *said))}
    if not found:
        raise _Unknown
    return lambda doc: getattr(StoredEntry.of(doc), name) in found


def _minutes(said: str, usual: int) -> tuple[int, int]:
    """Minutes on the production clock, and how many more are meant: 22 alone is all its hour. "" is open."""
    plain = normalised(said).strip()
    if not plain:
        return usual, 0
    found = _TIME.fullmatch(plain)
    if not found or int(found[2] or 0) > 59:
        raise _Unknown
    return int(found[1]) * 60 + int(found[2] or 0), 0 if found[2] else 59


def _late(value: Value) -> Test:
    """So much or more between what happened and its writing; of a range, not more than its end."""
    least, most = _seconds(value.text, 0.0), _seconds(value.last or "", float("inf"))

    def test(doc: Doc) -> bool:
        try:
            written = parse(StoredEntry.of(doc).created_at)
        except ValueError:
            return False
        return least <= (written - occurred(doc)).total_seconds() <= most

    return test


def _seconds(said: str, usual: float) -> float:
    """2h, 30m, 1.5小时; a number alone is hours. "" is open."""
    plain = normalised(said).strip()
    if not plain:
        return usual
    found = _LONG.fullmatch(plain)
    if not found:
        raise _Unknown
    return float(found[1]) * _SECONDS[found[2] or "h"]
