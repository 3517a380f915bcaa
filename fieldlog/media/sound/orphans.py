"""Recordings that were never stopped: the app was killed, or the battery ran out.

Everything here can be interrupted and done again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from fieldlog.media.sound.peaks import peaks_of
from fieldlog.media.sound.recorded import (
    Recorded,
    Segment,
    Sidecar,
    checked_id,
    read_sidecar,
    segment_path,
    sidecar_path,
)
from fieldlog.media.sound.wav import HEADER_BYTES, Told, WavPlan, header, read_plan, repaired
from fieldlog.media.vault import hash_of
from fieldlog.model.errors import NotUnderstood, WrongPlace
from fieldlog.model.ports import Disk, Handle
from fieldlog.model.sentence import Sentence

# `<id>.0001.wav.part` as ours are named; `<id>.wav`, `<id>.pcm.part` where the machine itself recorded.
_FILE = re.compile(r"(?P<id>[A-Za-z0-9_-]+)(\.(?P<number>\d{4}))?\.(?P<kind>wav|pcm)(\.(?P<state>part|new))?")


@dataclass(frozen=True, kw_only=True)
class Orphan:
    """A recording whose sidecar is still there. `bytes` is what lies beside it, in `files`."""

    id: str
    about: Mapping[str, object]
    rate: int
    channels: int
    files: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, kw_only=True)
class _Found:
    number: int
    path: str
    raw: bool
    state: str
    ours: bool


async def orphans(disk: Disk, folder: str, *, running: Collection[str] = ()) -> tuple[Orphan, ...]:
    """The recordings that wait for `adopt`, in the order of their ids; those `running` are none.

    A recording that was stopped but not yet forgotten counts: whoever files it twice under its id
    files it once.
    """
    found = []
    for entry in await disk.list(folder):
        recording, dot, kind = entry.name.rpartition(".")
        if entry.is_dir or dot + kind != ".json" or recording in running:
            continue
        try:
            sidecar = read_sidecar(await disk.read(f"{folder}/{entry.name}"))
        except NotUnderstood:
            continue
        if sidecar.id != recording:
            continue
        files = await _files(disk, folder, recording)
        paths = tuple(file.path for file in files)
        size = sum([await disk.size(path) or 0 for path in paths])
        found.append(
            Orphan(
                id=sidecar.id,
                about=sidecar.about,
                rate=sidecar.rate,
                channels=sidecar.channels,
                files=paths,
                bytes=size,
            )
        )
    return tuple(found)


async def adopt(disk: Disk, folder: str, recording: str) -> Recorded:
    """Put a recording right, as if it had been stopped where its sound ends; at most a second is missing.

    Headers are made true, an odd byte at the end is dropped, raw PCM becomes WAV, empty parts go.
    Raises `MissingFile` or `NotUnderstood` where there is no sidecar to go by.
    """
    sidecar = read_sidecar(await disk.read(sidecar_path(folder, recording)))
    known = {segment.number: segment for segment in sidecar.segments}
    unreadable = []
    for file in await _tidied(disk, await _files(disk, folder, recording), known):
        try:
            segment = await _recovered(disk, folder, sidecar, file)
        except NotUnderstood:
            unreadable.append(file.path)
            continue
        if segment is not None:
            known[segment.number] = segment
    segments = tuple(known[number] for number in sorted(known))
    await disk.replace(sidecar_path(folder, recording), replace(sidecar, segments=segments).to_bytes())
    return Recorded(
        id=recording,
        about=sidecar.about,
        rate=sidecar.rate,
        channels=sidecar.channels,
        segments=segments,
        gaps=sidecar.gaps,
        clean=False,
        unreadable=tuple(unreadable),
    )


async def forget(disk: Disk, folder: str, recording: str) -> None:
    """Remove the sidecar of a recording that is filed and whose segments are all in the vault.

    Parts without a sound go with it. Raises `WrongPlace`, removing nothing, while sound still lies here.
    """
    files = await _files(disk, folder, recording)
    for file in files:
        if (await disk.size(file.path) or 0) > (0 if file.raw else HEADER_BYTES):
            raise WrongPlace(
                Sentence(
                    "The recording {recording} still has sound outside the vault; it stays.", recording=recording
                )
            )
    for file in files:
        await disk.remove(file.path)
    await disk.remove(sidecar_path(folder, recording))


async def _files(disk: Disk, folder: str, recording: str) -> list[_Found]:
    """The files of a recording, segment by segment."""
    checked_id(recording)
    found = []
    for entry in await disk.list(folder):
        matched = _FILE.fullmatch(entry.name)
        if matched and matched["id"] == recording and not entry.is_dir:
            number, path = int(matched["number"] or 1), f"{folder}/{entry.name}"
            state = matched["state"] or ""
            raw, ours = matched["kind"] == "pcm", matched["number"] is not None
            found.append(_Found(number=number, path=path, raw=raw, state=state, ours=ours))
    return sorted(found, key=lambda file: (file.number, file.path))


async def _tidied(disk: Disk, files: list[_Found], known: Mapping[int, Segment]) -> list[_Found]:
    """One file for each segment not known yet: what a half-done adoption left over is removed."""
    finished = {file.number for file in files if not (file.raw or file.state)} | set(known)
    left: dict[int, _Found] = {}
    for file in files:
        if file.state == "new" or (file.number in finished and (file.raw or file.state)):
            await disk.remove(file.path)
        elif file.number not in known:
            left[file.number] = file
    return list(left.values())


async def _recovered(disk: Disk, folder: str, sidecar: Sidecar, file: _Found) -> Segment | None:
    """The segment in a file, under its final name; None, and the file gone, where there is no sound in it.

    Raises `NotUnderstood`, and leaves the file as it is, where its sound can't be found.
    """
    final = segment_path(folder, sidecar.id, file.number)
    handle = await disk.open(file.path)
    try:
        sounding = handle.size() > (0 if file.raw else HEADER_BYTES)
        plan = read_plan(handle, told=sidecar.told, raw=file.raw) if sounding else None
        if plan is not None and not plan.is_pcm16:
            raise NotUnderstood("This recording is not 16-bit sound.")
        if plan is not None and file.ours and plan.channels == sidecar.channels:
            # The rate is put into the sidecar first: a header that says another one is older.
            plan = replace(plan, fmt=sidecar.told.fmt)
        in_place = plan is not None and not file.raw and plan.data_at == HEADER_BYTES and len(plan.fmt) == 16
        peaks = peaks_of(handle, plan) if plan is not None else b""
        if plan is not None and in_place:
            _put_right(handle, plan)
        elif plan is not None and plan.frames:
            await _copy(disk, handle, plan, f"{final}.new")
    finally:
        handle.close()
    if plan is None or not plan.frames:
        await disk.remove(file.path)
        return None
    source = file.path if in_place else f"{final}.new"
    sha256 = await hash_of(disk, source)
    if source != final:
        await disk.move(source, final)
    if file.path not in (source, final):
        await disk.remove(file.path)
    return Segment(
        number=file.number,
        path=final,
        sha256=sha256,
        frames=plan.frames,
        rate=plan.rate,
        channels=plan.channels,
        peaks=peaks,
    )


def _put_right(handle: Handle, plan: WavPlan) -> None:
    handle.truncate(plan.data_at + plan.data_bytes)
    handle.write(header(plan.fmt, plan.data_bytes), 0)
    handle.flush()


async def _copy(disk: Disk, handle: Handle, plan: WavPlan, path: str) -> None:
    """Write the sound of a plan as a WAV with a plain header."""
    fmt = Told(rate=plan.rate, channels=plan.channels).fmt
    out = await disk.open(path, create=True)
    try:
        out.truncate(0)
        for piece in repaired(handle, replace(plan, fmt=fmt)).now():
            out.append(piece)
        out.flush()
    finally:
        out.close()
