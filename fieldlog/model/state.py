"""The folded state of a study: every record in the table where it belongs, entries by production day.

Pure: no files, no clock. The same operations in any order and any batches give equal tables. A record that can't
be read lies in a table of its own, so that all others can be relied on: `readable` says which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldlog.model.errors import NotFound
from fieldlog.model.fold import ALIAS, canonical, folded
from fieldlog.model.ids import doc_key
from fieldlog.model.op import Op, ms_of_stamp
from fieldlog.model.production_day import Calendar, Doc, calendar
from fieldlog.model.readable import NOUNS, is_kind, part, unread
from fieldlog.model.records import StoredStudy, V
from fieldlog.model.standing import leaves_a_trace, shown

Table = dict[str, dict[str, Any]]
Tables = dict[str, Table]

TABLES = {
    "study": "study", "day": "days", "session": "sessions", "person": "people", "place": "places",
    "scene": "scenes", "take": "takes", "code": "codes", "attachment": "attachments", "link": "links",
    "consent-event": "consents", "planned-session": "planned",
}  # fmt: skip
"""Record kind to table. Entries lie in one table per production day; kinds of a newer version in their own."""

ENTRIES = "entries-"
OTHER, ASIDE = "other-", "aside-"
"""What begins the names of tables: of kinds that are not known here, and of records that can't be read."""

NAMELESS = "aside"
"""What can't be read, and has not even a kind that a table could be called after."""

WAITING = "waiting"
"""Records of which only later operations have arrived so far."""

_JOINED = ("people", "places", "scenes", "takes", "codes", "sessions")
"""The tables whose records an `alias` joins."""

_CALENDAR = frozenset({"study", "days", "sessions", f"{ASIDE}study"})
_KINDS = {table: kind for kind, table in TABLES.items()}


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
        """The folded document of a record id, hidden ones too; None for one that is set aside."""
        table = self.where.get(record)
        return self.tables[table][doc_key(record)] if table and not table.startswith(NAMELESS) else None

    def raw(self, record: str) -> dict[str, Any] | None:
        """The same, be it set aside or not: nothing it says can be relied on."""
        table = self.where.get(record)
        return self.tables[table][doc_key(record)] if table else None

    def read(self, kind: type[V], record: str | None) -> V | None:
        """What `get` gives, as a view; None for no record."""
        doc = self.get(record) if record else None
        return kind.of(doc) if doc is not None else None

    def find(self, kind: type[V], record: str, *, removed: bool = False) -> V:
        """The record of a kind that a person may see; with `removed` also one that was taken out of sight.

        Raises `NotFound` for anything else.
        """
        table, found = self.where.get(record, ""), self.read(kind, record)
        there = table.startswith(ENTRIES) if kind.table == ENTRIES else table == kind.table
        if found is None or not there or not (found.shown or (removed and not found.erased)):
            raise NotFound(kind.gone)
        return found

    def each(self, kind: type[V], table: str = "") -> Iterator[V]:
        """The records of a kind that a person sees; of entries those of one `table`, or of every day."""
        docs = self.entries() if kind.table == ENTRIES and not table else self.docs(table or kind.table)
        return map(kind.of, docs)

    def every(self, kind: type[V]) -> Iterator[V]:
        """The records of a kind, but for entries: those that nobody sees any more, too."""
        return map(kind.of, self.tables.get(kind.table, {}).values())

    def aside(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Kind and document of every record that can't be read, but for those that were deleted."""
        for name in sorted(self.tables):
            if name.startswith(NAMELESS):
                docs = filter(leaves_a_trace, self.tables[name].values())
                yield from ((name.removeprefix(ASIDE), doc) for doc in docs)

    def part(self, record: str) -> dict[str, Any] | None:
        """What can be read of an entry that is set aside; None for any other record."""
        doc = self.tables.get(f"{ASIDE}entry", {}).get(doc_key(record))
        return part("entry", doc) if doc and shown(doc) else None

    def parts(self, date: str) -> list[dict[str, Any]]:
        """What can be read of the entries of a production date that are set aside."""
        found = [part("entry", doc) for doc in self.tables.get(f"{ASIDE}entry", {}).values() if shown(doc)]
        return [doc for doc in found if self._date_of(doc) == date]

    def real(self, record: str) -> str:
        """The id of the record that this one stands for: its own, unless it was joined to another."""
        if self._same is None:
            self._same = canonical(doc for table in _JOINED for doc in self.tables.get(table, {}).values())
        return self._same.get(record, record)

    def joined(self, record: str) -> set[str]:
        """The ids of all records that stand for the same as this one."""
        real = self.real(record)
        return {record, real, *(one for one, stands_for in (self._same or {}).items() if stands_for == real)}

    def dead(self) -> set[str]:
        """The ids of all records that were erased."""
        return {doc["id"] for table in self.tables.values() for doc in table.values() if "_erased" in doc}

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
        """The study's record; where that can't be read, what of it can."""
        found = next(self.docs("study"), None)
        if found is None:
            found = next((part("study", doc) for doc in self.docs(f"{ASIDE}study")), None)
        return found

    @property
    def about(self) -> StoredStudy:
        """The same to be read; of a study that has no record yet all is as usual."""
        return StoredStudy.of(self.study() or {"id": ""})

    def apply(self, ops: Iterable[Op], *, anew: Collection[str] = ()) -> Change:
        """Fold operations in, then file what they concern: all at once, so a batch costs one filing.

        The records of `anew` are forgotten before: `ops` hold all that is still said of them.
        """
        records: dict[str, str] = dict.fromkeys(anew, "")
        tables: set[str] = set(map(self._forget, self.where.keys() & set(anew)))
        moved = bool(tables)
        for op in ops:
            records[op.e] = op.r
            if op.t > self.seen and ms_of_stamp(op.t) is not None:
                self.seen = op.t
            touched = self._put(op)
            moved |= len(touched) > 1
            tables |= touched
        refile = (bool(anew or tables & _CALENDAR) or self._day_begins(records)) and self.recalculate()
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
        """The production date of an entry, also of one that is set aside."""
        table = self.where.get(record, "")
        if table.startswith(ENTRIES):
            return table.removeprefix(ENTRIES)
        doc = self.part(record) if table == f"{ASIDE}entry" else None
        return self._date_of(doc) if doc else None

    def _put(self, op: Op) -> set[str]:
        table, key = self.where.get(op.e), doc_key(op.e)
        before = self.tables[table][key] if table else None
        doc = folded(before, op)
        if _joins(doc) or (before and _joins(before)):
            self._same = None
        home = self._home(_kind_of(table, op), doc)
        if table and table != home:
            del self.tables[table][key]
        self.tables.setdefault(home, {})[key] = doc
        self.where[op.e] = home
        return {home, table} if table else {home}

    def _forget(self, record: str) -> str:
        """Drop what a record was folded to; the table in which it was."""
        table = self.where.pop(record)
        del self.tables[table][doc_key(record)]
        self._same = None
        return table

    def _home(self, kind: str, doc: Mapping[str, Any]) -> str:
        if "_u" not in doc and "_erased" not in doc:
            return WAITING
        if unread(kind, doc):
            return ASIDE + kind if is_kind(kind) else NAMELESS
        if kind == "entry":
            return ENTRIES + self._date_of(doc)
        return TABLES.get(kind, OTHER + kind)

    def _date_of(self, doc: Mapping[str, Any]) -> str:
        return self.calendar.date_of(doc.get("_erased", doc))

    def _file(self, record: str) -> set[str]:
        """Move an entry to the table of its day; the tables that differ now."""
        table, key = self.where[record], doc_key(record)
        home = ENTRIES + self._date_of(self.tables[table][key])
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


def _kind_of(table: str | None, op: Op) -> str:
    """The kind of a record that lay in this table, after one more operation on it.

    Only what makes or erases a record says its kind. Where they disagree, a kind that is known here goes before
    one that is not, else the first in text order: whichever came first.
    """
    if table is None or table == WAITING:
        return op.r
    kept = "entry" if table.startswith(ENTRIES) else _KINDS.get(table)
    if kept is None:
        kept = "" if table == NAMELESS else table.removeprefix(OTHER).removeprefix(ASIDE)
    said = op.r if op.k in ("new", "erase", "fill") else kept
    return min(kept, said, key=lambda kind: (kind not in NOUNS, not is_kind(kind), kind))


def _joins(doc: Mapping[str, Any]) -> bool:
    """Whether something says of this record that it is another."""
    return ALIAS in doc or ALIAS in doc.get("_heads", ())
