"""What a production day's folder is made from: chosen from the state once, frozen from then on. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from fieldlog.archive.names import day_folder
from fieldlog.model.errors import NotFound
from fieldlog.model.fold import canonical
from fieldlog.model.moment import from_ms, parse, unix_ms
from fieldlog.model.op import ms_of_stamp
from fieldlog.model.production_day import occurred
from fieldlog.model.standing import erased, leaves_a_trace, shown, stamp_of, version
from fieldlog.model.state import ENTRIES, State

Doc = Mapping[str, Any]
Docs = Mapping[str, Doc]

RENDERING = 2
"""Raised whenever the same content comes to be written differently: every day is then written anew."""

TEXT_BYTES_AN_ENTRY = 1700
"""What an entry of usual length takes in the four texts of its day, all together."""

NOUNS = ("people", "places", "scenes", "takes", "codes", "sessions")
_ONE = {"place": "places", "scene": "scenes", "take": "takes", "session": "sessions"}
_MANY = {"people": "people", "codes": "codes", "scenes": "scenes"}


@dataclass(frozen=True, kw_only=True)
class DayContent:
    """Every folded document that a day's folder shows, and nothing that may still change.

    `study` has no more than id and titles, so that other news of it leaves written days as they are.
    `entries` are in order of the instant they tell of, ties by id; `erased` are the tombstones of the day;
    `loose` the ids of attachments that no entry names. `names` has the nouns spoken of, by table and id,
    hidden ones too, so that no id stays without its name; `same` leads from an id to the one it stands for.
    """

    date: str
    zone: str
    study: Doc
    day: Doc | None = None
    entries: tuple[Doc, ...] = ()
    erased: tuple[Doc, ...] = ()
    attachments: Docs = field(default_factory=dict)
    loose: tuple[str, ...] = ()
    links: tuple[Doc, ...] = ()
    sessions: tuple[Doc, ...] = ()
    takes: tuple[Doc, ...] = ()
    names: Mapping[str, Docs] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The day's folder, and how the names of its files begin."""
        return day_folder(self.date, self.day)


def gather(state: State, date: str) -> DayContent:
    """What the folder of one production date is made from."""
    return Survey(state).day(date)


class Survey:
    """A state held still: what is gathered from it fits together, whatever is folded in meanwhile.

    A date gets a folder where it has an entry, a tombstone, a session or a loose attachment, or where its
    day was started; a day that is only planned has none. What a person deleted stays in the log only.
    Raises `NotFound` for a state without a study.
    """

    def __init__(self, state: State) -> None:
        study = state.study()
        if study is None:
            raise NotFound("This store has no study yet; write a first note, then the archive.")
        self.study, self.calendar = study, state.calendar
        self._title: Doc = {name: study[name] for name in ("id", "title", "title_zh") if name in study}
        self._entries = {
            table.removeprefix(ENTRIES): list(state.tables[table].values()) for table in state.entry_tables()
        }
        self.tables: dict[str, Docs] = {name: by_id(state, name) for name in NOUNS}
        self.days = {day["date"]: day for day in reversed(in_order(state.docs("days")))}
        self._attachments = by_id(state, "attachments")
        self._same = canonical(chain.from_iterable(table.values() for table in self.tables.values()))
        self._sessions = _grouped(self._dated_sessions())
        self._takes = _grouped((take.get("day") or "", take) for take in state.docs("takes"))
        self._links = _grouped(
            (end, link) for link in state.docs("links") for end in {link["source"], link["target"]}
        )
        self._loose = _grouped((self._date_of_file(found), found) for found in self._unnamed())

    def dates(self) -> list[str]:
        """Production dates that get a folder, in order."""
        return sorted(self._dates() | self._loose.keys())

    def _dates(self) -> set[str]:
        noted = {date for date, docs in self._entries.items() if any(leaves_a_trace(doc) for doc in docs)}
        started = {date for date, day in self.days.items() if day.get("starts")}
        return noted | started | self._sessions.keys()

    def weight(self, date: str) -> int:
        """About how many bytes the folder of a date comes to; what was taken out of sight is counted, too."""
        filed = self._entries.get(date, ())
        named = {name for doc in filed if "attachments" in doc for name in doc["attachments"]}
        named.update(doc["id"] for doc in self._loose.get(date, ()))
        known = [self._attachments[name] for name in named if name in self._attachments]
        return TEXT_BYTES_AN_ENTRY * len(filed) + sum(int(doc.get("bytes") or 0) for doc in known)

    def folder(self, date: str) -> str:
        """The name of a date's folder."""
        return day_folder(date, self.days.get(date))

    def day(self, date: str) -> DayContent:
        filed = self._entries.get(date, ())
        entries = [doc for doc in filed if shown(doc)]
        entries.sort(key=lambda doc: (occurred(doc).timestamp(), doc["id"]))
        loose = sorted(doc["id"] for doc in self._loose.get(date, ()))
        named = chain(chain.from_iterable(doc.get("attachments", ()) for doc in entries), loose)
        attachments = {name: self._attachments[name] for name in named if name in self._attachments}
        attachments = {name: doc for name, doc in attachments.items() if shown(doc)}
        links = chain.from_iterable(self._links.get(doc["id"], ()) for doc in entries)
        takes = in_order(self._takes.get(date, ()))
        day, own = self.days.get(date), self._sessions.get(date, [])
        spoken = self._spoken_of([*entries, *attachments.values(), *takes, *own, day or {}])
        sessions = {doc["id"]: doc for doc in (*own, *spoken["sessions"].values())}.values()
        return DayContent(
            date=date, zone=self.calendar.zone, study=self._title, day=day, entries=tuple(entries),
            erased=tuple(in_order(filter(erased, filed))), attachments=attachments,
            loose=tuple(loose), links=tuple(in_order({link["id"]: link for link in links}.values())),
            sessions=tuple(sorted(sessions, key=lambda doc: (str(doc.get("starts", "")), doc["id"]))),
            takes=tuple(takes), names=spoken,
            same={name: self._same[name] for table in spoken.values() for name in table if name in self._same},
        )  # fmt: skip

    def _spoken_of(self, docs: Collection[Doc]) -> dict[str, Docs]:
        """The nouns these documents name, and what those of them name in turn that are sessions."""
        ids: dict[str, set[str]] = {table: set() for table in NOUNS}
        _collect(docs, ids)
        _collect([self.tables["sessions"].get(name, {}) for name in ids["sessions"]], ids)
        found: dict[str, Docs] = {}
        for table, known in self.tables.items():
            wanted = ids[table] | {self._same[name] for name in ids[table] if name in self._same}
            found[table] = {name: known[name] for name in sorted(wanted) if name in known}
        return found

    def _dated_sessions(self) -> Iterator[tuple[str, Doc]]:
        for name, session in self.tables["sessions"].items():
            if shown(session) and name in self.calendar.sessions:
                yield self.calendar.sessions[name], session

    def _unnamed(self) -> Iterator[Doc]:
        """Attachments that no entry names, not even a deleted one."""
        naming = (doc for docs in self._entries.values() for doc in docs if "attachments" in doc)
        named = {name for doc in naming for name in doc["attachments"]}
        return (doc for name, doc in self._attachments.items() if name not in named and shown(doc))

    def _date_of_file(self, attachment: Doc) -> str:
        """That on which it was captured; where nothing tells that, the first that gets a folder."""
        ms = captured_ms(attachment)
        dates = () if ms else self._dates()
        return min(dates) if dates else self.calendar.date_at(from_ms(ms, "UTC"))


def _collect(docs: Collection[Doc], ids: dict[str, set[str]]) -> None:
    for name, table in _ONE.items():
        ids[table].update([doc[name] for doc in docs if name in doc])
    for name, table in _MANY.items():
        ids[table].update(chain.from_iterable([doc[name] for doc in docs if name in doc]))


def captured_ms(attachment: Doc) -> int:
    """Unix ms at which an attachment was captured; when its record was made, where that is not known; 0 where
    nothing says either, as of one that was imported."""
    try:
        return unix_ms(parse(attachment["captured_at"]))
    except (KeyError, ValueError, TypeError):
        pass
    return max(0, ms_of_stamp(stamp_of(attachment)) or 0)


def moment_of(attachment: Doc, content: DayContent) -> datetime:
    """When an attachment that no entry names was captured; the beginning of its day where nothing tells that."""
    ms = captured_ms(attachment)
    begins = datetime.combine(date.fromisoformat(content.date), time(), ZoneInfo(content.zone))
    return from_ms(ms, "UTC") if ms else begins


def by_id(state: State, table: str) -> dict[str, Doc]:
    """Every document of a table, hidden ones too."""
    return {doc["id"]: doc for doc in state.tables.get(table, {}).values()}


def in_order(docs: Iterable[Doc]) -> list[Doc]:
    """By id, which is by when they were made."""
    return sorted(docs, key=lambda doc: str(doc["id"]))


def fingerprint(content: DayContent) -> str:
    """A hex digest that differs whenever the day would be written differently.

    Made from the versions of all documents, not from what they say: about a microsecond each.
    """
    parts = [f"{RENDERING} {content.date} {content.zone} {sorted(content.study.items())}"]
    groups: list[Iterable[Doc]] = [
        [content.day] if content.day else [], content.entries, content.erased, content.attachments.values(),
        content.links, content.sessions, content.takes, *(table.values() for table in content.names.values()),
    ]  # fmt: skip
    for group in groups:
        parts.append("\n")
        parts += map(version, group)
    parts += (f"{name}={root}" for name, root in sorted(content.same.items()))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _grouped(pairs: Iterable[tuple[str, Doc]]) -> dict[str, list[Doc]]:
    found: dict[str, list[Doc]] = defaultdict(list)
    for key, doc in pairs:
        found[key].append(doc)
    return dict(found)
