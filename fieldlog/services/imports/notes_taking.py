"""Taking a table of notes into the study: what its rows say is new, changed or here already.

A row with an id is the same entry whatever else it says by now; any other is what its cells say. So nothing
depends on the file's own date, the zone of the study or how times are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fieldlog.model.entry import Entry, clean, lane_of
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import heads
from fieldlog.model.ids import TIMELESS, hash_bits, imported_id
from fieldlog.model.imported import corrected, created
from fieldlog.model.moment import iso, parse
from fieldlog.model.op import Op, content_digest, stamp
from fieldlog.model.readable import check
from fieldlog.model.records import StoredEntry, StoredPlace, known
from fieldlog.model.register import Place
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.standing import erased, ever_said, made
from fieldlog.model.vocabulary import ENTRY_KINDS, IMPORTED_KINDS, NOTE_TYPES
from fieldlog.services.imports.notes_table import NoteRow, Notes
from fieldlog.services.imports.report import Imported, Progress, no_progress
from fieldlog.services.machine.long_work import breath
from fieldlog.services.study.erase_promise import save_living
from fieldlog.services.study.typed_times import Told, told
from fieldlog.services.study.workspace import Workspace

LINES_A_FLUSH = 500
MARKS = "_cells"
"""In `extra`: a digest of each cell at the last import, by which the next one sees what the row says anew."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text",), "place": ("place",), "kind": ("kind",), "note_type": ("note_type",),
    "created_at": ("created_at",),
    **dict.fromkeys(("at", "date", "time"), ("occurred_at", "precision", "day_choice", "created_at")),
}  # fmt: skip
"""What of an entry follows from which cell; from any other, `extra` alone."""

LEFT_OUT = sentence("Line {line} of {name} was left out: {why}")
IN_COLUMN = sentence("{columns}: {why}")
NO_KIND = sentence("“{said}” is no kind of entry or note type.")
OTHER_LANE = sentence("it would make a private note public, or a public one private.")


async def take_notes(
    work: Workspace, notes: Notes, written: datetime, progress: Progress = no_progress
) -> Imported:  # fmt: skip
    """Take in what a table of notes says. `written` is the file's own date, which a row without a time gets.

    What is wrong with a row is said, and the others are taken.
    """
    done = Imported(study=work.store.project, problems=list(notes.problems))
    taking = _Taking(work, notes.name, written, done)
    for count, row in enumerate(notes.rows):
        try:
            taking.take(row)
        except NotUnderstood as why:
            said = why.args[0]
            done.problems.append(Sentence(LEFT_OUT, line=row.line, name=notes.name, why=said))
        if count % 200 == 0:
            progress("entry", count, len(notes.rows))
            await breath()
        if taking.waiting >= LINES_A_FLUSH:
            await taking.flush()
    await taking.flush()
    progress("", len(notes.rows), len(notes.rows))
    return done


class _Taking:
    """Rows on their way into the journals."""

    def __init__(self, work: Workspace, name: str, written: datetime, done: Imported) -> None:
        self._work, self._state, self._done = work, work.store.state, done
        self._name, self._written = name, written
        self._lines: dict[str, list[Sequence[Op]]] = {"team": [], "mine": []}
        self._places: dict[str, str] = {}
        self._here = {hash_bits(record): record for record in self._state.where}

    @property
    def waiting(self) -> int:
        return sum(map(len, self._lines.values()))

    async def flush(self) -> None:
        await save_living(self._work, self._lines)

    def take(self, row: NoteRow) -> None:
        """Raises `NotUnderstood` where the row can't be understood."""
        record = self._id(row)
        doc = self._state.raw(record)
        former = self._here.get(hash_bits(self._former_id(row))) if doc is None else None
        if erased(doc or self._state.raw(former or "") or {}):
            self._done.erased += 1
        elif doc is not None:
            self._again(StoredEntry.of(doc), row)
        elif former is not None:
            self._done.same += 1
        else:
            entry = self._entry(record, row)
            digest = content_digest(record, row.said, row.nth)
            u, t = imported_id(0, digest), stamp(0, 0, digest[:16])
            op = Op(u=u, t=t, r="entry", e=record, k="new", v=entry.fields())
            check(op)
            self._lines[lane_of(entry.note_type)].append([op])
            self._done.new["entry"] += 1

    def _again(self, stored: StoredEntry, row: NoteRow) -> None:
        """What a row says anew of an entry that came from it, in place of what it said last."""
        before = stored.extra.get(MARKS)
        if not isinstance(before, dict) or not made(stored.doc) or {**before, **_marks(row)} == before:
            self._done.same += 1
            return
        entry = self._entry(stored.id, row)
        if lane_of(entry.note_type) != lane_of(stored.note_type):
            raise NotUnderstood(Sentence(OTHER_LANE))
        doc = stored.doc
        fields = self._anew(doc, row, before, entry.fields())
        base = {name: _said_by_imports(doc, name) for name in fields}
        again = corrected(entry, 0, fields, base)
        check(again)
        self._done.kept_as_edited += any(heads(doc, name).keys() - set(base[name]) for name in fields)
        self._done.changed += 1
        self._lines[lane_of(entry.note_type)].append([again])

    def _anew(
        self, doc: Mapping[str, Any], row: NoteRow, before: Mapping[str, str], said: Mapping[str, Any]
    ) -> dict[str, Any]:
        marks = _marks(row)
        differing = {name for name, mark in marks.items() if before.get(name, "") != mark}
        changed = {what for what, head in row.columns.items() if _plain(head) in differing}
        names = {field for what in changed for field in FIELDS.get(what, ())}
        if row.cells.get("created_at") and "created_at" not in changed:
            names -= {"created_at"}
        fields = {name: said.get(name) for name in sorted(names)}
        fields = {
            name: value for name, value in fields.items()
            if doc.get(name) != value and (value is not None or _said_by_imports(doc, name))
        }  # fmt: skip
        return {**fields, "extra": {**said["extra"], MARKS: {**before, **marks}}}

    def _id(self, row: NoteRow) -> str:
        project, named = self._work.store.project, row.cells.get("id")
        if named:
            return imported_id(0, project, "row-id", named)
        content = json.dumps({_plain(head): value for head, value in row.said.items() if value}, sort_keys=True)
        return imported_id(0, project, "row", content, str(row.nth), "" if row.when else self._name)

    def _entry(self, record: str, row: NoteRow) -> Entry:
        said = row.cells
        kind, note_type = said.get("kind") or "jotting", said.get("note_type") or "none"
        kind = IMPORTED_KINDS.get(kind, kind)
        for what, one, words in (("kind", kind, ENTRY_KINDS), ("note_type", note_type, NOTE_TYPES)):
            if one not in words:
                raise _in_column(row, [what], Sentence(NO_KIND, said=one))
        when = self._told(row, row.when, "at", "date", "time")
        at = iso(when.at if when else self._written)
        made = self._told(row, said.get("created_at", ""), "created_at")
        return Entry(
            id=record, source_id=said.get("id") or None, kind=kind, note_type=note_type, text=clean(row.text),
            occurred_at=at, precision=when.precision if when else "about", occurred={"source": "manual"},
            day_choice=when.day if when else None, created_at=iso(made.at) if made else at,
            place=self._place(said.get("place", ""), lane_of(note_type)),
            extra={**row.rest, **({MARKS: _marks(row)} if said.get("id") else {})},
        )  # fmt: skip

    def _told(self, row: NoteRow, said: str, *columns: str) -> Told | None:
        """The time in these columns of a row; None where nothing is said."""
        if not said:
            return None
        try:
            return told(said, self._work.zone, boundary_hour=self._state.calendar.boundary_hour)
        except NotUnderstood as why:
            raise _in_column(row, columns, why.args[0]) from why

    def _place(self, said: str, lane: str) -> str | None:
        """The id of a place called so, made where there is none, in the lane of the note that names it."""
        plain = said.casefold()
        if not plain or plain in self._places:
            return self._places.get(plain)
        there = known(self._state.each(StoredPlace), said)
        place = Place(id=imported_id(0, self._work.store.project, "plan", "places", plain), code=said, name=said)
        gone = self._state.read(StoredPlace, place.id)
        if there is None and gone is None:
            self._lines[lane].append([created(place, 0)])
            self._done.new["place"] += 1
        elif there is None and gone is not None and not gone.erased:
            self._lines[lane].append([self._work.setting(gone, {"name": said}, lane=lane)])
        self._places[plain] = there.id if there else place.id
        return self._places[plain]

    def _former_id(self, row: NoteRow) -> str:
        """The id that the first versions gave a row: it bore a time, and hung on how the row was understood."""
        said = {head.casefold(): value for head, value in row.said.items()}
        when = next((said[name] for name in ("occurred_at", "at", "time", "date") if said.get(name)), None)
        try:
            at = iso(parse(when, self._work.zone) if when else self._written)
        except ValueError:
            return ""
        entry = Entry(
            id="", source_id=said.get("id") or None, kind=said.get("kind") or "jotting", text=clean(row.text),
            note_type=said.get("note_type") or "none", occurred_at=at, occurred={"source": "manual"},
            precision="day" if when and len(when) == 10 else "minute" if when else "about",
            created_at=said.get("created_at") or at,
        )  # fmt: skip
        return imported_id(0, self._work.store.project, "csv", json.dumps(entry.fields(), sort_keys=True))


def _in_column(row: NoteRow, columns: Iterable[str], why: str) -> NotUnderstood:
    """What is wrong with a row, and in which of its columns."""
    heads = ", ".join(row.columns[what] for what in columns if row.cells.get(what))
    return NotUnderstood(Sentence(IN_COLUMN, columns=heads, why=why))


def _plain(head: str) -> str:
    return head.casefold()


def _marks(row: NoteRow) -> dict[str, str]:
    """A digest of each cell."""
    return {
        _plain(head): hashlib.sha256(value.encode()).hexdigest()[:12] if value else ""
        for head, value in row.said.items()
    }  # fmt: skip


def _said_by_imports(doc: Mapping[str, Any], name: str) -> list[str]:
    """The operations on a field that came from imports: their ids bear no time."""
    return sorted(u for u in ever_said(doc, name) if u.startswith(TIMELESS))
