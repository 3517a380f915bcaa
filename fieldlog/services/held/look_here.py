"""This device's own disk, read back and hashed: journals from where they were read to, originals that are new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from fieldlog.media.vault import Stored
from fieldlog.model.branch import writer_of
from fieldlog.model.errors import DamagedLine, MissingFile, StoreBusy
from fieldlog.model.line import Line, decode, follows, head_start
from fieldlog.services.held.read_here import Journal, ReadHere, change_read_here, read_here
from fieldlog.services.machine.long_work import (
    Asked,
    Tell,
    Word,
    apart,
    beside,
    breath,
    in_turns,
    never,
    tell_nobody,
)
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from fieldlog.store.journal import FOLDER, Files
from fieldlog.sync.receipt import Stretch, stretches_of

AT_ONCE_BYTES = 256 << 20
"""After so many bytes what was read is written down: a stop costs no more."""


async def look_here(
    work: Workspace, *, hashed: Mapping[str, int] | None = None, tell: Tell = tell_nobody,
    cancelled: Asked = never,
) -> ReadHere:  # fmt: skip
    """Read back and hash what was not yet, telling bytes; what is gone counts no more. `hashed` are originals,
    with their bytes, that were read from the disk and found right just now.

    Raises `Cancelled`: what was read by then counts. Raises `NotSaved` where that can't be written down.
    """
    known, hashed = await read_here(work), hashed or {}
    found = await beside(
        work.machine.offload, in_turns(lambda _: _journals(work, known.journals)), tell, cancelled
    )
    there = {one.sha256: one for one in await apart(work.machine.offload, work.vault.all)}
    right = {one: size for one, size in hashed.items() if one in there and there[one].bytes == size}
    here = await change_read_here(work, partial(_take_note, work, known.device, found, there, right))
    todo = [
        one for one in there.values()
        if one.sha256 not in right and here.originals.get(one.sha256, (-1, ""))[0] != one.bytes
    ]  # fmt: skip
    total, done = sum(one.bytes for one in todo), 0

    def told(now: int, _: int) -> None:
        tell(done + now, total)

    for some in _batches(todo):
        looked = await beside(work.machine.offload, in_turns(partial(_hashed, work, some)), told, cancelled)
        done += sum(one.bytes for one in some)
        wrong = {one.sha256 for one in some} - looked.keys()
        here = await change_read_here(work, partial(_count, work, looked, wrong))
    return here


async def take_down(work: Workspace, files: Mapping[str, Files], right: Mapping[str, int]) -> None:
    """Everything was read just now: `files` of each journal, and originals, of which those that are `right` are
    told with their bytes. Raises `NotSaved`."""
    found = await apart(work.machine.offload, lambda: _read_whole(files))

    def change(here: ReadHere) -> None:
        here.journals, here.at = found, work.machine.clock().text()
        _count(work, right, here.originals.keys() - right.keys(), here)

    await change_read_here(work, change)


async def _read_whole(files: Mapping[str, Files]) -> dict[str, Journal]:
    found = dict[str, Journal]()
    for name, some in files.items():
        stretches = list[Stretch]()
        for _, data in some:
            stretches = _stretched(writer_of(name), data[: data.rfind(b"\n") + 1], stretches)
            await breath()
        held = tuple(
            (journals.path(name, n).rpartition("/")[2], data.rfind(b"\n") + 1) for n, data in some if data
        )
        found[name] = Journal(files=held, stretches=tuple(stretches))
    return found


async def no_longer(work: Workspace, originals: Collection[str]) -> None:
    """These originals (sha256) were found gone or damaged, or go: they count no more. Raises `NotSaved`."""
    if originals:
        await change_read_here(work, partial(_count, work, {}, originals))


async def doubt_originals(work: Workspace) -> None:
    """One of them, nobody knows which, was found damaged: none counts before it is read again. Raises
    `NotSaved`."""
    await change_read_here(work, lambda here: here.originals.clear())


def _count(work: Workspace, right: Mapping[str, int], wrong: Collection[str], here: ReadHere) -> None:
    at = work.machine.clock()
    for sha256 in wrong:
        here.originals.pop(sha256, None)
    if right:
        here.at = at.text()
        here.originals |= {sha256: (size, at.at.date().isoformat()) for sha256, size in right.items()}


def _take_note(
    work: Workspace, device: str, found: Mapping[str, Journal], there: Mapping[str, Stored],
    right: Mapping[str, int], here: ReadHere,
) -> None:  # fmt: skip
    if here.device != device:
        return  # It has another name since: what it knew under the former one counts for nothing.
    if here.journals != found:
        here.journals, here.at = dict(found), work.machine.clock().text()
    gone = [one for one, (size, _) in here.originals.items() if one not in there or there[one].bytes != size]
    _count(work, {one: size for one, size in right.items() if one not in here.originals}, gone, here)


def _batches(todo: Iterable[Stored]) -> Iterable[list[Stored]]:
    some, size = list[Stored](), 0
    for one in todo:
        some.append(one)
        size += one.bytes
        if size >= AT_ONCE_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


async def _hashed(work: Workspace, some: Iterable[Stored], word: Word) -> dict[str, int]:
    """Of these originals those that are what they were, with their bytes."""
    right = dict[str, int]()
    word.total = sum(one.bytes for one in some)
    for one in some:
        with suppress(MissingFile, StoreBusy):
            if await work.vault.verify(one.sha256, word.moved) is None:
                right[one.sha256] = one.bytes
        await breath()
    return right


async def _journals(work: Workspace, known: Mapping[str, Journal]) -> dict[str, Journal]:
    hurt = {fault.writer for fault in work.store.faults}
    return {
        name: await _journal(work, name, Journal() if name in hurt else known.get(name, Journal()))
        for name in await journals.writers(work.store.disk)
    }


async def _journal(work: Workspace, name: str, known: Journal) -> Journal:
    """A journal read to its end: from where it was read to, where nothing before that has changed."""
    disk = work.store.disk
    found = await disk.list(f"{FOLDER}/{name}")
    listed = [(one.name, one.bytes) for one in found if one.name.endswith(".jsonl") and one.bytes]
    if tuple(listed) == known.files:
        return known
    before = len(known.files) - 1
    if before < 0 or tuple(listed[:before]) != known.files[:before] or len(listed) <= before:
        known, before = Journal(), 0
    files, stretches, read = list(known.files[:before]), list(known.stretches), known.files[before:]
    for place, (file, _) in enumerate(listed[before:]):
        data = await disk.read(f"{FOLDER}/{name}/{file}")
        offset = read[0][1] if read and place == 0 and read[0][0] == file else 0
        if offset and not _ends_with(data, offset, stretches):
            return await _journal(work, name, Journal())
        end = data.rfind(b"\n") + 1
        stretches = _stretched(writer_of(name), data[offset:end], stretches)
        files.append((file, end))
        await breath()
    return Journal(files=tuple(files), stretches=tuple(stretches))


def _stretched(writer: str, data: bytes, behind: Sequence[Stretch]) -> list[Stretch]:
    """The stretches that these bytes of a journal make, going on `behind` others. A line that goes on as its
    writer writes is told by a glance."""
    found, start, on = list(behind), b"", 0
    n, head = (found[-1].last, found[-1].head) if found else (0, "")
    for raw in data.split(b"\n"):
        if next_head := follows(raw, start, n + 1, head):
            n, head, on = n + 1, next_head, on + 1
            continue
        if on:
            found[-1], on = replace(found[-1], last=n, head=head), 0
        for line in _lines(raw):
            found = stretches_of(writer, [line], found)
            start = head_start(line.raw) if line.writer == writer else b""
            n, head = (found[-1].last, found[-1].head) if found else (0, "")
    if on:
        found[-1] = replace(found[-1], last=n, head=head)
    return found


def _ends_with(data: bytes, offset: int, stretches: Collection[Stretch]) -> bool:
    """Whether what was read up to there still ends with the line it ended with: nothing was rewritten."""
    last = max(stretches, key=lambda one: one.last, default=None)
    start = data.rfind(b"\n", 0, max(offset - 1, 0)) + 1
    line = next(_lines(data[start:offset]), None)
    return bool(last and line and data[offset - 1 : offset] == b"\n" and line.head_hash == last.head)


def _lines(data: bytes) -> Iterator[Line]:
    for raw in data.split(b"\n"):
        with suppress(DamagedLine):
            yield decode(raw)
