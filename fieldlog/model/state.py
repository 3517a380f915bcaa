"""The folded state of a study: every record in the table where it belongs, entries by production day.

Pure: no files, no clock. The same operations in any order and any batches give equal tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.filing import Calendar, Doc, calendar
from fieldlog.model.fold import ALIAS, canonical, folded, shown
from fieldlog.model.ids import doc_key
from fieldlog.model.op import Op

Table = dict[str, dict[str, Any]]
Tables = dict[str, Table]

TABLES = {
    "study": "study", "day": "days", "session": "sessions", "person": "people", "place": "places",
    "scene": "scenes", "take": "takes", "code": "codes", "attachment": "attachments", "link": "links",
    "consent-event": "consents", "planned-session": "planned",
}  # fmt: skip
"""Record kind to table. Entries lie in one table per production day; kinds of a newer version in their own."""

ENTRIES = "entries-"
WAITING = "waiting"
"""Records of which only later operations have arrived so far."""

_JOINED = ("people", "places", "scenes", "takes", "codes", "sessions")
"""The tables whose records an `alias` joins."""

_CALENDAR = frozenset({"study", "days", "sessions"})


@dataclass(frozen=True, kw_only=True)
class Change:
    """What applying operations did: the records touched, and the tables that now differ or are gone.

    `refiled` says that the calendar changed, `moved` that a record left one table for another.
    """

    records: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    refiled: bool = False
    moved: bool = False


@dataclass
class State:
    """Folded tables, and where each record lies. Only `apply` changes them.

    `tables` is table to document key to document, the shape TinyDB's storages hand out.
    """

    tables: Tables = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    seen: str = ""
    _same: dict[str, str] | None = field(default=None, init=False, repr=False, compare=False)

    def get(self, record: str) -> dict[str, Any] | None:
        """The folded document of a record id, hidden ones too."""
        table = self.where.get(record)
        return self.tables[table][doc_key(record)] if table else None

    def real(self, record: str) -> str:
        """The id of the record that this one stands for: its own, unless it was joined to another."""
        if self._same is None:
            self._same = canonical(doc for table in _JOINED for doc in self.tables.get(table, {}).values())
        return self._same.get(record, record)

    def joined(self, record: str) -> set[str]:
        """The ids of all records that stand for the same as this one."""
        real = self.real(record)
        return {record, real, *(one for one, stands_for in (self._same or {}).items() if stands_for == real)}

    def docs(self, table: str) -> Iterator[dict[str, Any]]:
        """The documents of a table that a person sees."""
        return (doc for doc in self.tables.get(table, {}).values() if shown(doc))

    def entry_tables(self) -> list[str]:
        """Tables of entries, by production date."""
        return sorted(name for name in self.tables if name.startswith(ENTRIES))

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry a person sees, by production date."""
        return (doc for table in self.entry_tables() for doc in self.docs(table))

    def study(self) -> dict[str, Any] | None:
        return next(self.docs("study"), None)

    def apply(self, ops: Iterable[Op]) -> Change:
        """Fold operations in, then file what they concern: all at once, so a batch costs one filing."""
        records: dict[str, str] = {}
        tables: set[str] = set()
        moved = False
        for op in ops:
            records[op.e] = op.r
            self.seen = max(self.seen, op.t)
            touched = self._put(op)
            moved |= len(touched) > 1
            tables |= touched
        refile = (bool(tables & _CALENDAR) or self._day_begins(records)) and self.recalculate()
        if refile:
            for record in [doc["id"] for doc in self._filed_entries()]:
                touched = self._file(record)
                moved |= bool(touched)
                tables |= touched
        for emptied in [name for name in tables if not self.tables.get(name, True)]:
            del self.tables[emptied]
        return Change(records=frozenset(records), tables=frozenset(tables), refiled=refile, moved=moved)

    def recalculate(self) -> bool:
        """Make the calendar anew from the tables; true where it differs."""
        made = calendar(self.study(), list(self.docs("days")), list(self.docs("sessions")), self._filed_entries())
        changed = made != self.calendar
        self.calendar = made
        return changed

    def date(self, record: str) -> str | None:
        """The production date of an entry."""
        table = self.where.get(record, "")
        return table.removeprefix(ENTRIES) if table.startswith(ENTRIES) else None

    def _put(self, op: Op) -> set[str]:
        table, key = self.where.get(op.e), doc_key(op.e)
        before = self.tables[table][key] if table else None
        doc = folded(before, op)
        if _joins(doc) or (before and _joins(before)):
            self._same = None
        settled = table and table != WAITING and not table.startswith(ENTRIES)
        home = table if table and settled else self._home(op.r, doc)
        if table and table != home:
            del self.tables[table][key]
        self.tables.setdefault(home, {})[key] = doc
        self.where[op.e] = home
        return {home, table} if table else {home}

    def _home(self, kind: str, doc: Mapping[str, Any]) -> str:
        if "_u" not in doc and "_erased" not in doc:
            return WAITING
        if kind == "entry":
            return ENTRIES + self._date_of(doc)
        return TABLES.get(kind, f"other-{kind}")

    def _date_of(self, doc: Mapping[str, Any]) -> str:
        return self.calendar.date_of(doc.get("_erased", doc))

    def _file(self, record: str) -> set[str]:
        """Move an entry to the table of its day; the tables that differ now."""
        table, key = self.where[record], doc_key(record)
        home = self._home("entry", self.tables[table][key])
        if home == table:
            return set()
        self.tables.setdefault(home, {})[key] = self.tables[table].pop(key)
        self.where[record] = home
        return {table, home}

    def _filed_entries(self) -> Iterator[Doc]:
        return (doc for table in self.entry_tables() for doc in self.tables[table].values())

    def _day_begins(self, records: Mapping[str, str]) -> bool:
        if not (self.calendar.unstarted or self.calendar.implicit):
            return False
        for record, kind in records.items():
            if kind == "entry":
                doc = self.get(record)
                if self.calendar.starter(record) or (doc and shown(doc) and self.calendar.starts_a_day(doc)):
                    return True
        return False


def _joins(doc: Mapping[str, Any]) -> bool:
    """Whether something says of this record that it is another."""
    return ALIAS in doc or ALIAS in doc.get("_heads", ())
