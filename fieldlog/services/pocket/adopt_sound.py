"""A sound that the page recorded before Python was up becomes a memo.

It is copied into `adopting/` of the study first, where nothing looks for memos that were never stopped, so that
half of one is never filed. The page's files go last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from fieldlog.media.sound.recorded import Gap, Recorded
from fieldlog.media.sound.recorder import Recording
from fieldlog.model.entry import Entry, clean
from fieldlog.model.errors import MissingFile, NotFound, NotSaved, StoreBusy
from fieldlog.model.ids import ms_of_id
from fieldlog.model.moment import Moment, from_ms, parse, settled
from fieldlog.model.ports import Disk
from fieldlog.model.records import StoredSession
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.machine.long_work import breath
from fieldlog.services.memo import filing
from fieldlog.services.memo.filing import Filed
from fieldlog.services.study.workspace import Workspace

FOLDER = "adopting"
PIECE_BYTES = 65_536
USUAL_RATE = 48_000
"""Where what was told of a sound is gone; its sound is kept all the same."""

Told = Mapping[str, Any]


def moment_of(told: Told) -> Moment:
    """The moment that the page read, believed or corrected against the newest entry it knew of."""
    read = Moment(
        at=parse(told["at"]), zone=told.get("zone"), mono_ms=told.get("mono"), boot=told.get("boot"),
        counts_sleep=False,
    )  # fmt: skip
    return settled(read, None, told.get("newest"))


def session_known(work: Workspace, session: str | None) -> str | None:
    """The id of a session that is still there; else None."""
    with suppress(NotFound):
        return work.store.state.find(StoredSession, session).id if session else None
    return None


async def sounds(disk: Disk) -> list[str]:
    """The ids of the page's sounds, in the order in which they were begun."""
    names = [entry.name for entry in await disk.list("") if not entry.is_dir]
    return sorted({name.removesuffix(".pcm") for name in names if name.endswith(".pcm")})


async def adopt_sound(work: Workspace, capture: Capture, disk: Disk, sound: str) -> Filed | None:
    """File a sound of the page's as a memo under its own id, once; None where it was filed, or has no sound.

    A sound that is still held by the page is left where it is.
    """
    filed = None
    if work.store.state.raw(sound) is None:
        try:
            handle = await disk.open_read(f"{sound}.pcm")
        except (StoreBusy, MissingFile):
            return None
        handle.close()
        about, end = await _told(disk, f"{sound}.json"), await _told(disk, f"{sound}.end")
        copied = partial(_copied, work, capture, disk, sound, about, end)
        recorded = await work.room.needed(copied)
        filed = await filing.take_in(work, recorded, FOLDER)
    for kind in ("end", "json", "pcm"):
        await disk.remove(f"{sound}.{kind}")
    return filed


async def _copied(
    work: Workspace, capture: Capture, disk: Disk, sound: str, about: Told, end: Told
) -> Recorded:  # fmt: skip
    """The sound as a recording of the study's, beside those that are made here: half a copy is never filed."""
    there = work.store.disk
    for left in await there.list(FOLDER):
        if left.name.startswith(sound):
            await there.remove(f"{FOLDER}/{left.name}")
    began = moment_of(about) if "at" in about else Moment(at=from_ms(ms_of_id(sound), work.zone), zone=work.zone)
    entry = _memo_entry(work, capture, sound, about, began)
    rate = int(about.get("rate") or USUAL_RATE)
    recording = await Recording.begin(there, FOLDER, sound, rate=rate, about={"entry": entry.fields()})
    try:
        size = await _pour(disk, f"{sound}.pcm", recording)
    except NotSaved:
        # Its files are let go of, for the next time.
        with suppress(NotSaved):
            await recording.stop()
        raise
    for gap in end.get("gaps") or ():
        note = Gap(at_seconds=round(gap["at"], 3), kind="paused-by-system", missing=round(gap["missing"], 3))
        recording.note(note)
    return replace(await recording.stop(), clean=end.get("frames") == size // 2)


async def _pour(disk: Disk, path: str, recording: Recording) -> int:
    """Push all of a file, a piece at a time; how many bytes that were."""
    handle = await disk.open_read(path)
    try:
        size = handle.size() // 2 * 2
        for at in range(0, size, PIECE_BYTES):
            recording.push(handle.read(at, min(PIECE_BYTES, size - at)))
            await recording.step()
            await breath()
        return size
    finally:
        handle.close()


def _memo_entry(work: Workspace, capture: Capture, sound: str, about: Told, began: Moment) -> Entry:
    session = session_known(work, about.get("session")) or capture.session_at(began.at)
    override = dict(about.get("override") or {})
    if "reason" in override:
        override["reason"] = clean(override["reason"])
    chips = Chips(kind="voice", session=session, override=override)
    entry, _ = capture.draft("", chips, began=began, closed=began, entry_id=sound)
    return replace(entry, during={})


async def _told(disk: Disk, path: str) -> Told:
    """What a small file says; nothing where it is missing or torn."""
    try:
        told = json.loads(await disk.read(path))
    except (MissingFile, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
