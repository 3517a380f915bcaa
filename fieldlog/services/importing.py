"""Importing: a month file with its media, photos and recordings alone or in a folder, a table of notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from fieldlog.media.eye import find_eye
from fieldlog.media.intake import Taken, take_in
from fieldlog.media.kinds import sniff
from fieldlog.model.entry import Attachment, Entry
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import base_of
from fieldlog.model.ids import imported_id
from fieldlog.model.moment import iso, unix_ms
from fieldlog.model.op import Op
from fieldlog.model.ports import Source
from fieldlog.model.reasons import no_json, reason
from fieldlog.model.record import Record
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.strict_json import read_json
from fieldlog.services.beside import breath
from fieldlog.services.capture import KIND_OF_FAMILY, attachment_of, clean, lane_of
from fieldlog.services.dated import dated
from fieldlog.services.imported import Imported, Progress, no_progress
from fieldlog.services.machine import Machine
from fieldlog.services.month import Found, Month, corrected, created
from fieldlog.services.open import Workspace, open_study
from fieldlog.services.sources import FileSource

LINES_A_FLUSH = 500


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
    progress("", len(found), len(found))
    return done


def month_in(folder: Path) -> Path | None:
    """The month file of a folder that holds one beside its media."""
    there = folder.iterdir() if folder.is_dir() else ()
    return next((path for path in there if path.name.casefold() == "month.json"), None)


async def _read_json(source: Source) -> Any:
    try:
        return read_json(b"".join([piece async for piece in source.chunks()]))
    except (OSError, ValueError) as why:
        said = reason(why) if isinstance(why, OSError) else no_json(why)
        words = Sentence("{name} can't be read as JSON ({why}). Nothing was changed.", name=source.name, why=said)
        raise NotUnderstood(words) from why


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
        doc = self._work.store.state.raw(record.id)
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
    if folder is None or not path.resolve().is_relative_to(folder.resolve()) or not _is_file(path):
        done.problems.append(Sentence(NOT_THERE, file=found.file, source_id=attachment.source_id))
        return found
    known = work.store.state.get(attachment.id)
    if known and "_erased" in known:
        return found
    if known and known.get("sha256") == attachment.sha256 and await work.vault.has(attachment.sha256 or "0" * 64):
        return replace(found, record=Attachment.of(known))
    taken = await _take_in(work, path, done)
    done.verdicts[path.name] = (taken.examined.verdict, taken.examined.problem)
    if taken.kept is None:
        return found
    if attachment.sha256 not in (None, taken.kept.sha256):
        done.problems.append(Sentence(ANOTHER, file=found.file))
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


async def _take_in(work: Workspace, path: Path, done: Imported) -> Taken:
    sidecar, about = path.with_name(path.name + ".json"), None
    if _is_file(sidecar):
        try:
            about = await _read_json(FileSource(path=sidecar))
        except NotUnderstood:
            done.problems.append(Sentence(BAD_SIDECAR, name=clean(sidecar.name)))
    now = work.machine.clock().at
    return await take_in(
        work.vault, FileSource(path=path), sidecar=about if isinstance(about, dict) else None, eye=find_eye(),
        now=now, offload=work.machine.offload,
    )  # fmt: skip


def _is_file(path: Path) -> bool:
    """Whether there is such a file; there is none whose name no disk could hold."""
    try:
        return path.is_file()
    except OSError:
        return False


async def import_folder(work: Workspace, folder: Path, progress: Progress = no_progress) -> Imported:
    """Import every file of a folder as an entry at its own time: as its head says, else its name, else its date.

    What a system keeps there for itself is passed over. The same folder again changes nothing.
    """
    there = [path for path in sorted(folder.rglob("*")) if _is_file(path) and not _is_sidecar(path)]
    files = [path for path in there if not _is_of_a_system(path.relative_to(folder))]
    done = Imported(study=work.store.project, passed_over=len(there) - len(files))
    return await _import_files(work, {path.relative_to(folder).as_posix(): path for path in files}, done, progress)


async def import_file(work: Workspace, path: Path, progress: Progress = no_progress) -> Imported:
    """Import a photo, a recording or a paper as `import_folder` imports the files of a folder."""
    return await _import_files(work, {path.name: path}, Imported(study=work.store.project), progress)


async def _import_files(
    work: Workspace, files: Mapping[str, Path], done: Imported, progress: Progress
) -> Imported:  # fmt: skip
    """A damaged file keeps its bytes and its verdict; its own time stays with it, and the entry is filed by the
    file's date. One that can't be read is named, and the others are taken."""
    known = {doc.get("sha256") for doc in work.store.state.docs("attachments")}
    for place, (name, path) in enumerate(files.items()):
        progress("file", place, len(files))
        try:
            taken = await _take_in(work, path, done)
        except OSError as why:
            done.problems.append(Sentence(UNREADABLE, name=clean(name), why=reason(why)))
            continue
        done.verdicts[clean(name)] = (taken.examined.verdict, taken.examined.problem)
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


NOT_THERE = sentence("The file {file} of {source_id} is not there; its record was kept.")
ANOTHER = sentence("The file {file} is not the one its record names; both are kept as they are.")
BAD_SIDECAR = sentence("{name} cannot be read as JSON; the file it speaks of was taken without it.")
UNREADABLE = sentence("{name} cannot be read ({why}); it was left out.")
OF_A_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "__macosx", "$recycle.bin"})


def _is_of_a_system(path: Path) -> bool:
    """Whether a system keeps something of its own there: .DS_Store, Thumbs.db, ._IMG_1.jpg."""
    return any(part.startswith(".") or part.casefold() in OF_A_SYSTEM for part in path.parts)


def is_medium(path: Path) -> bool:
    """Whether a file is a photo, a recording or a paper by what it holds, and no table or text of ours."""
    if path.suffix.casefold() in TABLES:
        return False
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, size - HEAD_BYTES))
        sniffed = sniff(head, size, tail=file.read(), name=path.name)
    return sniffed.family in ("photo", "audio") or path.suffix.casefold() in PAPERS


HEAD_BYTES = 65_536
TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
PAPERS = frozenset({".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".fdx", ".ppt", ".pptx"})


def _is_sidecar(path: Path) -> bool:
    return path.suffix == ".json" and _is_file(path.with_suffix(""))


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


async def import_csv(work: Workspace, path: Path, progress: Progress = no_progress) -> Imported:
    """Import a table of notes, CSV or XLSX: a `text` column, and when, where and of what kind it is.

    A row that can't be read is named and left out; the same file again changes nothing.
    """
    # Late: a phone that starts has no table to read.
    from fieldlog.services.notes_table import NOT_NOTES, read_notes
    from fieldlog.services.notes_taking import take_notes

    notes = read_notes(path.read_bytes(), path.name)
    if notes is None:
        raise NotUnderstood(Sentence(NOT_NOTES, name=path.name))
    return await take_notes(work, notes, datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC), progress)
