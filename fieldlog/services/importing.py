"""Importing: a month file with its media, a folder of photos and recordings, a CSV of notes."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from fieldlog.media.eye import find_eye
from fieldlog.media.intake import Taken, take_in
from fieldlog.model.entry import Attachment, Entry
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.model.ids import imported_id
from fieldlog.model.moment import iso, parse, unix_ms
from fieldlog.model.op import Op
from fieldlog.model.ports import Source
from fieldlog.model.record import Record
from fieldlog.model.words import ENTRY_KINDS, NOTE_TYPES
from fieldlog.services.beside import breath
from fieldlog.services.capture import KIND_OF_FAMILY, attachment_of, clean, lane_of
from fieldlog.services.dated import dated
from fieldlog.services.machine import Machine
from fieldlog.services.month import Found, Month, corrected, created
from fieldlog.services.open import Workspace, open_study
from fieldlog.services.sources import FileSource

LINES_A_FLUSH = 500
Progress = Callable[[str, int, int], None]
"""Told what is being imported, how many are done and how many there are."""


@dataclass
class Imported:
    """What an import did. `problems` are sentences; nothing that has a problem is dropped unsaid.

    `verdicts` maps each file's name to its verdict and its sentence.
    """

    study: str = ""
    new: Counter[str] = field(default_factory=Counter)
    same: int = 0
    changed: int = 0
    kept_as_edited: int = 0
    problems: list[str] = field(default_factory=list)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)


def no_progress(what: str, done: int, total: int) -> None:
    """Tells nobody."""


async def import_month(
    machine: Machine, source: Path | Source, progress: Progress = no_progress, *, here: Workspace | None = None
) -> Imported:
    """Import a month file, from a folder with the media that lie beside it; it makes or finds its own study.

    `here` is a study that is open already; it takes its own in as it stands.
    """
    path = source if isinstance(source, Path) else None
    month = Month(await _read_json(FileSource(path=path) if path else cast("Source", source)))
    if here is not None and here.store.project == month.study.id:
        return await _take_month(here, month, path, progress)
    work = await open_study(machine, month.study.id, write=True)
    try:
        return await _take_month(work, month, path, progress)
    finally:
        await work.close()


async def _take_month(work: Workspace, month: Month, path: Path | None, progress: Progress) -> Imported:
    done = Imported(study=month.study.id)
    lines = _Lines(work, done)
    found = list(month.records())
    for place, one in enumerate(found):
        if one.file:
            one = await _with_file(work, one, path.parent if path else None, done)
        await lines.take(one)
        if place % 200 == 0:
            progress(one.record.kind_of_record, place, len(found))
            await breath()
    await lines.flush()
    await work.store.settle(idle=True)
    done.problems += month.problems
    progress("", len(found), len(found))
    return done


async def _read_json(source: Source) -> Any:
    try:
        return json.loads(b"".join([piece async for piece in source.chunks()]))
    except (OSError, ValueError) as why:
        raise NotUnderstood(f"{source.name} cannot be read as JSON ({why}); nothing was imported.") from why


class _Lines:
    """Imported records on their way into the journals: a line each, flushed many at a time."""

    def __init__(self, work: Workspace, done: Imported) -> None:
        self._work, self._done = work, done
        self._waiting: dict[str, list[Sequence[Op]]] = {"team": [], "mine": []}
        self._private: set[str] = set()

    async def take(self, found: Found) -> None:
        for op in self._ops(found):
            note_type = found.record.note_type if isinstance(found.record, Entry) else "none"
            waiting = self._waiting[lane_of(note_type)]
            waiting.append([op])
            if len(waiting) >= LINES_A_FLUSH:
                await self.flush()

    async def flush(self) -> None:
        for lane, waiting in self._waiting.items():
            if waiting:
                await self._work.save_all(waiting, lane=lane)
                waiting.clear()
        await breath()

    def _ops(self, found: Found) -> list[Op]:
        """What the store does not know yet: nothing, where the file says what it said before."""
        record, op = _cleaned(found.record), None
        doc = self._work.store.state.get(record.id)
        if doc is None:
            self._done.new[record.kind_of_record] += 1
            return [created(record, found.ms)]
        if "_erased" in doc or "_u" not in doc:
            self._done.same += 1
            return []
        op = created(record, found.ms)
        if op.u == doc["_u"]:
            self._done.same += 1
            return []
        differing = {name for name in op.v.keys() | record_fields(doc) if doc.get(name) != op.v.get(name)}
        edited = {name for name in differing if name in doc.get("_heads", {})}
        fields = {name: op.v.get(name) for name in sorted(differing - edited)}
        self._done.kept_as_edited += bool(edited)
        self._done.changed += bool(fields)
        self._done.same += not differing
        return [corrected(record, found.ms, fields, base_of(doc, fields))] if fields else []


def record_fields(doc: dict[str, Any]) -> set[str]:
    """The names of a document's fields, without what folding keeps beside them."""
    return {name for name in doc if not name.startswith("_") and name != "id"}


def _cleaned(record: Record) -> Record:
    return replace(record, text=clean(record.text)) if isinstance(record, Entry) else record


async def _with_file(work: Workspace, found: Found, folder: Path | None, done: Imported) -> Found:
    """The attachment with its file in the vault and what was found in it; without, where there is no file."""
    attachment, path = found.record, (folder or Path()) / (found.file or "")
    assert isinstance(attachment, Attachment)
    if folder is None or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        done.problems.append(f"The file {found.file} of {attachment.source_id} is not there; its record was kept.")
        return found
    known = work.store.state.get(attachment.id)
    if known and "_erased" in known:
        return found
    if known and known.get("sha256") == attachment.sha256 and await work.vault.has(attachment.sha256 or "0" * 64):
        return replace(found, record=Attachment.of(known))
    taken = await _take_in(work, path)
    done.verdicts[path.name] = (taken.examined.verdict, taken.examined.problem)
    if taken.kept is None:
        return found
    if attachment.sha256 not in (None, taken.kept.sha256):
        done.problems.append(f"The file {found.file} is not the one its record names; both are kept as they are.")
    seen = attachment_of(taken, attachment.id, work.zone)
    facts = (
        "sha256", "bytes", "mime", "extension", "rate", "channels", "width", "height", "orientation", "lat", "lon",
        "integrity", "problem",
    )  # fmt: skip
    found_facts = {name: value for name in facts if (value := getattr(seen, name)) is not None}
    if seen.captured_at and not attachment.captured_at:
        found_facts |= {"captured_at": seen.captured_at, "captured_source": seen.captured_source}
    if found_facts["integrity"] == "duplicate":
        found_facts |= {"integrity": "ok", "problem": None}
    return replace(found, record=replace(attachment, **found_facts))


async def _take_in(work: Workspace, path: Path) -> Taken:
    sidecar = path.with_name(path.name + ".json")
    about = await _read_json(FileSource(path=sidecar)) if sidecar.is_file() else None
    now = work.machine.clock().at
    return await take_in(
        work.vault, FileSource(path=path), sidecar=about, eye=find_eye(), now=now, offload=work.machine.offload
    )


async def import_folder(work: Workspace, folder: Path, progress: Progress = no_progress) -> Imported:
    """Import every file of a folder as an entry at its own time: as its head says, else its name, else its date.

    A damaged file keeps its bytes and its verdict; its own time stays with it, and the entry is filed by the
    file's date. The same folder again changes nothing.
    """
    done = Imported(study=work.store.project)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_sidecar(path)]
    known = {doc.get("sha256") for doc in work.store.state.docs("attachments")}
    for place, path in enumerate(files):
        progress("file", place, len(files))
        taken = await _take_in(work, path)
        done.verdicts[path.relative_to(folder).as_posix()] = (taken.examined.verdict, taken.examined.problem)
        if taken.kept is None:
            continue
        if taken.kept.sha256 in known:
            done.same += 1
            continue
        known.add(taken.kept.sha256)
        await work.save(_file_ops(work, path, taken))
        done.new["entry"] += 1
        await breath()
    progress("", len(files), len(files))
    await work.store.settle(idle=True)
    return done


def _is_sidecar(path: Path) -> bool:
    return path.suffix == ".json" and path.with_suffix("").is_file()


def _file_ops(work: Workspace, path: Path, taken: Taken) -> list[Op]:
    assert taken.kept
    when = dated(taken, path.stat().st_mtime, work.store.state.calendar, work.machine.clock().at)
    ms, at = unix_ms(when.at), iso(when.at)
    sha256 = taken.kept.sha256
    attachment = attachment_of(taken, imported_id(ms, work.store.project, "attachment", sha256), work.zone)
    entry = Entry(
        id=imported_id(ms, work.store.project, "file", sha256), kind=KIND_OF_FAMILY[taken.examined.family],
        occurred_at=at, occurred={"source": when.source}, created_at=at, attachments=(attachment.id,),
        precision=when.precision, day_choice=when.day, text="",
    )  # fmt: skip
    return [created(attachment, ms), created(entry, ms)]


async def import_csv(work: Workspace, path: Path) -> Imported:
    """Import a CSV of notes: a `text` column, and `occurred_at` (or `at`, `time`, `date`), `kind`, `note_type`.

    A row that can't be read is named and left out; the same file again changes nothing.
    """
    done = Imported(study=work.store.project)
    reader = csv.DictReader(io.StringIO(_decoded(path.read_bytes())))
    columns = {(name or "").strip().casefold(): name for name in reader.fieldnames or ()}
    if "text" not in columns:
        raise NotUnderstood(f"{path.name} has no column called text; nothing was imported.")
    batches: dict[str, list[Sequence[Op]]] = {"team": [], "mine": []}
    for number, row in enumerate(reader, start=2):
        said = {name: (row.get(column) or "").strip() for name, column in columns.items()}
        try:
            found = _row_entry(work, said, row[columns["text"]] or "", path)
        except (ValueError, KeyError) as why:
            done.problems.append(f"Row {number} of {path.name} was left out: {why}.")
            continue
        if work.store.state.get(found.id):
            done.same += 1
            continue
        batches[lane_of(found.note_type)].append([created(found, unix_ms(parse(found.created_at)))])
        done.new["entry"] += 1
    for lane, lines in batches.items():
        if lines:
            await work.save_all(lines, lane=lane)
    return done


def _row_entry(work: Workspace, said: dict[str, str], text: str, path: Path) -> Entry:
    when = next((said[name] for name in ("occurred_at", "at", "time", "date") if said.get(name)), None)
    written = datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)
    at = parse(when, work.zone) if when else written
    kind, note_type = said.get("kind") or "jotting", said.get("note_type") or "none"
    if kind not in ENTRY_KINDS or note_type not in NOTE_TYPES:
        raise ValueError(f"{kind} {note_type} is no kind and note type of ours")
    precision = "day" if when and len(when) == 10 else "minute" if when else "about"
    ms = unix_ms(at)
    entry = Entry(
        id="", source_id=said.get("id") or None, kind=kind, note_type=note_type, text=clean(text),
        occurred_at=iso(at), precision=precision, occurred={"source": "manual"},
        created_at=said.get("created_at") or iso(at),
    )  # fmt: skip
    return replace(
        entry, id=imported_id(ms, work.store.project, "csv", json.dumps(entry.fields(), sort_keys=True))
    )


def _decoded(data: bytes) -> str:
    """The text of a file as people's spreadsheets write it: UTF-8 with or without BOM, else GB 18030."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
