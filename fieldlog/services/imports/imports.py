"""Importing: a month file with its media, photos and recordings alone or in a folder, a table of notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldlog.media.intake import Taken, take_in
from fieldlog.media.photo.eyes import find_eye
from fieldlog.model.entry import Attachment, Entry, clean
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.ids import TIMELESS, hash_bits, imported_id
from fieldlog.model.imported import created
from fieldlog.model.moment import iso
from fieldlog.model.op import Op
from fieldlog.model.ports import Source
from fieldlog.model.reasons import no_json, reason
from fieldlog.model.records import original_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.standing import erased
from fieldlog.model.strict_json import read_json
from fieldlog.services.capture.capture import KIND_OF_FAMILY, attachment_of
from fieldlog.services.capture.dated import dated
from fieldlog.services.imports.in_a_folder import is_file, is_of_a_system, is_sidecar
from fieldlog.services.imports.month_file import Found, Month
from fieldlog.services.imports.month_taking import MonthLines, private_in, said_before
from fieldlog.services.imports.report import ANOTHERS, Imported, Progress, no_progress
from fieldlog.services.machine.long_work import breath
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import FileSource, sha256_of
from fieldlog.services.study.erase_promise import named_files
from fieldlog.services.study.originals.expected import Expected, expecting
from fieldlog.services.study.studies import studies, study_to_fill
from fieldlog.services.study.workspace import Workspace


async def import_month(
    machine: Machine, source: Path | Source, progress: Progress = no_progress, *, here: Workspace | None = None,
    beside: Path | None = None, only: str | None = None,
) -> Imported:  # fmt: skip
    """Import a month file with the media that lie beside it; it makes or finds its own study.

    The media lie in its folder, or in `beside` where it is given. `here` is a study that is open already; it takes
    its own in as it stands. Raises `NotUnderstood` for what is no month file, or of another study than the `only`
    one wanted.
    """
    folder = source.parent if beside is None and isinstance(source, Path) else beside
    month = await month_of(machine, FileSource(path=source) if isinstance(source, Path) else source, here=here)
    if only is not None and month.study.id != only:
        raise NotUnderstood(Sentence(ANOTHERS, name=source.name))
    if here is not None and here.store.project == month.study.id:
        return await _take_month(here, month, folder, progress)
    async with study_to_fill(machine, month.study.id) as work:
        return await _take_month(work, month, folder, progress)


async def month_of(machine: Machine, source: Source, *, here: Workspace | None = None) -> Month:
    """A month file, read and checked, its records known again where they are on this device. Raises
    `NotUnderstood`."""
    shape = await _read_json(source)
    return Month(shape, [*await studies(machine), *([here.store.project] if here else ())])


async def ops_of_month(work: Workspace, month: Month) -> list[Op]:
    """What importing a month file alone would write now; nothing is."""
    done = Imported(study=month.study.id)
    found, lines = await _lines_of(work, month, done)
    return [
        op for one in found for op in lines.ops_of(await _with_file(work, one, None, done) if one.file else one)
    ]


async def _lines_of(work: Workspace, month: Month, done: Imported) -> tuple[list[Found], MonthLines]:
    if any(not one.startswith(TIMELESS) for one in work.store.state.where):
        # Records of an earlier version's import bear times in their ids.
        month = Month(month.shape, [work.store.project, *work.store.state.where])
    found = list(month.records())
    return found, MonthLines(work, done, await said_before(work, found), private_in(found))


async def _take_month(work: Workspace, month: Month, folder: Path | None, progress: Progress) -> Imported:
    done = Imported(study=month.study.id)
    found, lines = await _lines_of(work, month, done)
    async with expecting(work) as expected:
        for place, one in enumerate(found):
            if one.file:
                async with work.erasing:
                    one = await _with_file(work, one, folder, done, expected)
            await lines.take(one)
            if not lines.waiting:
                await expected.settle()
            if place % 200 == 0:
                progress(one.record.kind_of_record, place, len(found))
                await breath()
        await lines.flush()
        await expected.settle()
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


async def _with_file(
    work: Workspace, found: Found, folder: Path | None, done: Imported, expected: Expected | None = None
) -> Found:  # fmt: skip
    """The attachment with its file in the vault and what was found in it; where there is no file, with what was
    found in it when there was one."""
    attachment, path = found.record, (folder or Path()) / (found.file or "")
    assert isinstance(attachment, Attachment)
    known = work.store.state.raw(attachment.id) or {}
    if not erased(known):
        blank = Attachment(id=attachment.id, kind=attachment.kind)
        unsaid = [name for name in FACTS if getattr(attachment, name) == getattr(blank, name)]
        facts = {name: known.get(name) for name in unsaid}
        found = replace(found, record=_facts_of(attachment, facts))
    if folder is None or not path.resolve().is_relative_to(folder.resolve()) or not is_file(path):
        done.problems.append(Sentence(NOT_THERE, file=found.file, source_id=attachment.source_id))
        return found
    if erased(known):
        return found
    kept = original_of(known)
    if kept and kept == attachment.sha256 and await work.vault.verify(kept) is None:
        return replace(found, record=_facts_of(attachment, known))
    if expected is not None:
        await expected.add([await sha256_of(FileSource(path=path))])
    if await is_erased(work, FileSource(path=path)):
        done.erased += 1
        return found
    taken = await _take_in(work, path, done)
    done.verdicts[path.name] = (taken.examined.verdict, taken.examined.problem)
    if taken.kept is None:
        return found
    if attachment.sha256 not in (None, taken.kept.sha256):
        done.problems.append(Sentence(ANOTHER, file=found.file))
    return replace(found, record=_facts_of(attachment, attachment_of(taken, attachment.id, work.zone).fields()))


FACTS = (
    "sha256", "bytes", "mime", "extension", "rate", "channels", "width", "height", "orientation", "lat", "lon",
    "integrity", "problem", "captured_at", "captured_source",
)  # fmt: skip
"""What of an attachment its file says; when it was captured, only where nobody else does."""


def _facts_of(attachment: Attachment, seen: Mapping[str, Any]) -> Attachment:
    """The attachment with what its file says; a file that was here before is no fault of it."""
    facts = {name: seen[name] for name in FACTS if seen.get(name) is not None}
    if attachment.captured_at:
        facts = {name: value for name, value in facts.items() if not name.startswith("captured")}
    told = replace(attachment, **facts)
    return replace(told, integrity="ok", problem=None) if told.integrity == "duplicate" else told


async def _take_in(work: Workspace, path: Path, done: Imported) -> Taken:
    sidecar, about = path.with_name(path.name + ".json"), None
    if is_file(sidecar):
        try:
            about = await _read_json(FileSource(path=sidecar))
        except NotUnderstood:
            done.problems.append(Sentence(BAD_SIDECAR, name=clean(sidecar.name)))
    now = work.machine.clock().at
    return await take_in(
        work.vault, FileSource(path=path), sidecar=about if isinstance(about, dict) else None, eye=find_eye(),
        now=now, offload=work.machine.offload,
    )  # fmt: skip


async def import_folder(work: Workspace, folder: Path, progress: Progress = no_progress) -> Imported:
    """Import every file of a folder as an entry at its own time: as its head says, else its name, else its date.

    What a system keeps there for itself is passed over. The same folder again changes nothing.
    """
    there = [path for path in sorted(folder.rglob("*")) if is_file(path) and not is_sidecar(path)]
    files = [path for path in there if not is_of_a_system(path.relative_to(folder))]
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
    for place, (name, path) in enumerate(files.items()):
        progress("file", place, len(files))
        try:
            async with work.erasing:
                await _import_one(work, name, path, done)
        except OSError as why:
            done.problems.append(Sentence(UNREADABLE, name=clean(name), why=reason(why)))
        await breath()
    progress("", len(files), len(files))
    await work.store.settle(idle=True)
    return done


async def _import_one(work: Workspace, name: str, path: Path, done: Imported) -> None:
    """Nothing is erased meanwhile: what goes then is not half here."""
    if await is_erased(work, FileSource(path=path)):
        done.erased += 1
        done.verdicts[clean(name)] = ("erased", ERASED)
        return
    taken = await _take_in(work, path, done)
    done.verdicts[clean(name)] = (taken.examined.verdict, taken.examined.problem)
    if taken.kept is None:
        return
    if any(original_of(doc) == taken.kept.sha256 for doc in work.store.state.docs("attachments")):
        done.same += 1
        return
    await work.save(_file_ops(work, path, taken))
    done.new["entry"] += 1


NOT_THERE = sentence("The file {file} of {source_id} is not there; its record was kept.")
ANOTHER = sentence("The file {file} is not the one its record names; both are kept as they are.")
BAD_SIDECAR = sentence("{name} cannot be read as JSON; the file it speaks of was taken without it.")
UNREADABLE = sentence("{name} cannot be read ({why}); it was left out.")
ERASED = sentence("It was erased for good on this device, so it was not taken in.")


def _file_ops(work: Workspace, path: Path, taken: Taken) -> list[Op]:
    """An attachment and its entry, both named by the file's bytes, whatever its name and date say."""
    assert taken.kept
    when = dated(taken, path.stat().st_mtime, work.store.state.calendar, work.machine.clock().at)
    at = iso(when.at)
    attachment_id, entry_id = file_ids(work.store.project, taken.kept.sha256)
    attachment = attachment_of(taken, attachment_id, work.zone)
    entry = Entry(
        id=entry_id, kind=KIND_OF_FAMILY[taken.examined.family],
        occurred_at=at, occurred={"source": when.source}, created_at=at, attachments=(attachment.id,),
        precision=when.precision, day_choice=when.day, text="",
    )  # fmt: skip
    return [created(record, content=taken.kept.sha256) for record in (attachment, entry)]


def file_ids(study: str, sha256: str) -> tuple[str, str]:
    """The ids of the attachment and of the entry that a file alone makes: by its bytes."""
    return imported_id(0, study, "attachment", sha256), imported_id(0, study, "file", sha256)


async def is_erased(work: Workspace, source: Source) -> bool:
    """Whether a file came in by itself before and was erased since, by tombstones that bear its bytes' hash."""
    dead = {hash_bits(record) for record in work.store.state.dead()}
    if not dead:
        return False
    sha256 = await sha256_of(source)
    return any(hash_bits(one) in dead for one in file_ids(work.store.project, sha256)) and sha256 not in (
        named_files(work)
    )


async def import_csv(work: Workspace, path: Path, progress: Progress = no_progress) -> Imported:
    """Import a table of notes, CSV or XLSX: a `text` column, and when, where and of what kind it is.

    A row that can't be read is named and left out; the same file again changes nothing.
    """
    # Late: a phone that starts has no table to read.
    from fieldlog.services.imports.notes_table import NOT_NOTES, read_notes
    from fieldlog.services.imports.notes_taking import take_notes

    notes = read_notes(path.read_bytes(), path.name)
    if notes is None:
        raise NotUnderstood(Sentence(NOT_NOTES, name=path.name))
    return await take_notes(work, notes, datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC), progress)
