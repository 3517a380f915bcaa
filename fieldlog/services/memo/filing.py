"""Voice memos: begun, stopped, and adopted where the app was killed in between.

The sidecar carries the whole entry from the first moment, so that a recording that was never stopped is
filed under its session all the same. A memo's entry has the recording's id: filing it twice files it once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from fieldlog.media.sound.orphans import adopt, forget, orphans
from fieldlog.media.sound.recorded import Recorded
from fieldlog.media.sound.recorder import Recording
from fieldlog.model.entry import Attachment, Entry, lane_of
from fieldlog.model.ids import imported_id
from fieldlog.model.imported import created
from fieldlog.model.moment import Moment, parse, unix_ms
from fieldlog.model.readable import part
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.study.workspace import Workspace

FOLDER = "recording"
RATE = 24_000
"""Samples a second, 16 bits, one channel: 173 MB an hour."""


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A memo that is now an entry. `clean` is false where it was put together after the app was killed."""

    entry: Entry
    seconds: float
    clean: bool
    unreadable: tuple[str, ...] = ()


async def begin(
    work: Workspace, capture: Capture, chips: Chips | None = None, *, rate: int = RATE, channels_in: int = 1,
    segment_frames: int | None = None, began: Moment | None = None, entry_id: str | None = None,
) -> Recording:  # fmt: skip
    """Begin a memo; push sound into what is returned. Whatever happens from here on, its sound is filed.

    It is of this moment, or of the one in which it `began`, and its entry is `entry_id` where that was given.
    """
    chips = replace(chips or Chips(), kind="voice")
    entry, made = capture.draft("", chips, began=began, entry_id=entry_id)
    if made:
        await work.save(made, lane=lane_of(entry.note_type))
    about = {"entry": replace(entry, during={}).fields()}
    return await Recording.begin(
        work.store.disk, FOLDER, entry.id, rate=rate, about=about, channels_in=channels_in,
        segment_frames=segment_frames,
    )  # fmt: skip


async def stop(work: Workspace, recording: Recording) -> Filed | None:
    """End a memo and file it: its segments into the vault, then the records that name them in one line.

    A memo in which no sound ever arrived is none.
    """
    return await take_in(work, await work.room.needed(recording.stop), FOLDER)


async def take_in(work: Workspace, recorded: Recorded, folder: str) -> Filed | None:
    """File what was recorded in a folder of the study; None, and nothing left of it, where there is no sound."""
    if not recorded.segments:
        await forget(work.store.disk, folder, recorded.id)
        return None
    return await _file(work, recorded, folder)


async def adopt_orphans(work: Workspace) -> list[Filed]:
    """File every memo that was never stopped, as if it had been stopped where its sound ends."""
    disk = work.store.disk
    filed = []
    for found in await orphans(disk, FOLDER):
        recorded = await work.room.needed(partial(adopt, disk, FOLDER, found.id)) if found.bytes else None
        if recorded is None:
            continue
        if recorded.segments or recorded.unreadable:
            filed.append(await _file(work, recorded))
        else:
            await forget(disk, FOLDER, found.id)
    return filed


async def _file(work: Workspace, recorded: Recorded, folder: str = FOLDER) -> Filed:
    said: Any = recorded.about.get("entry", {})
    attachments = [await _segment(work, recorded, place) for place in range(len(recorded.segments))]
    entry = replace(_entry(recorded.id, said), attachments=tuple(one.id for one in attachments))
    if work.store.state.raw(entry.id) is None:
        ms = unix_ms(parse(entry.created_at))
        ops = [created(record, ms) for record in (*attachments, entry)]
        await work.save(ops, lane=lane_of(entry.note_type))
    if not recorded.unreadable:
        await forget(work.store.disk, folder, recorded.id)
    return Filed(entry=entry, seconds=recorded.seconds, clean=recorded.clean, unreadable=recorded.unreadable)


def _entry(record: str, said: Any) -> Entry:
    """What was told of a memo when it began, as far as it can be read."""
    told = said if isinstance(said, dict) else {}
    return Entry.of(part(Entry.kind_of_record, {**told, "id": record}))


async def _segment(work: Workspace, recorded: Recorded, place: int) -> Attachment:
    segment = recorded.segments[place]
    kept = await work.room.needed(lambda: work.vault.adopt(segment.path, segment.sha256, "wav"))
    await work.keep_peaks(segment.sha256, segment.peaks)
    last = place == len(recorded.segments) - 1
    return Attachment(
        id=imported_id(0, work.store.project, "segment", recorded.id, str(segment.number)),
        kind="audio", sha256=segment.sha256, bytes=kept.bytes, mime="audio/wav", extension="wav",
        duration=round(segment.seconds, 3), rate=segment.rate, channels=segment.channels, frames=segment.frames,
        gaps=tuple({"at": gap.at_seconds, "kind": gap.kind, "missing": gap.missing} for gap in recorded.gaps)
        if last else (),
        integrity="ok" if recorded.clean else "repaired",
    )  # fmt: skip
