"""What is worked out from originals: previews, waveforms, repaired recordings.

    derived/3f/3f9a…c1/thumb.jpg        at most 320 px, upright
    derived/3f/3f9a…c1/preview.jpg      at most 1600 px, upright
    derived/3f/3f9a…c1/peaks.bin        one byte for every 100 ms
    derived/3f/3f9a…c1/repaired.wav     the sound of a recording that was cut off, playable

All of it can be thrown away and made again from the originals.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

from fieldlog.media.photo.eye import PREVIEW_SIDE_PX, THUMB_SIDE_PX, Eye
from fieldlog.media.reading import Part
from fieldlog.media.sound.peaks import peaks_of
from fieldlog.media.sound.wav import repaired
from fieldlog.media.vault import Vault
from fieldlog.media.verdict import Examined
from fieldlog.model.errors import MissingFile, NotUnderstood
from fieldlog.model.ports import Offload

T = TypeVar("T")
Derivative = Literal["thumb.jpg", "preview.jpg", "peaks.bin", "repaired.wav"]


def derived_path(vault: Vault, sha256: str, name: Derivative) -> str:
    """Where a derivative lies or would lie."""
    return f"{vault.derived_folder(sha256)}/{name}"


async def made_of(vault: Vault, sha256: str) -> frozenset[str]:
    """The names of what has been derived from a file."""
    return frozenset(entry.name for entry in await vault.disk.list(vault.derived_folder(sha256)))


async def read_derived(vault: Vault, sha256: str, name: Derivative) -> bytes:
    """A thumb, preview or peaks. Raises `MissingFile` where it was not made."""
    return await vault.disk.read(derived_path(vault, sha256, name))


async def make_for(
    vault: Vault,
    sha256: str,
    examined: Examined,
    *,
    eye: Eye | None = None,
    offload: Offload | None = None,
) -> tuple[Derivative, ...]:
    """Make whatever can be derived from a file in the vault and isn't there yet; returns what is there now.

    A picture needs an `eye`; decoding goes through `offload` where given. What can't be derived is
    left out: the original stays what it is. Raises `MissingFile`, also where the file was erased meanwhile:
    then nothing made of it is left.
    """
    there, photo = await made_of(vault, sha256), b""
    handle = await vault.open(sha256)
    try:
        if examined.family == "photo" and examined.showable and eye is not None:
            if not {"thumb.jpg", "preview.jpg"} <= there:
                photo = handle.read(0, handle.size())
        elif examined.plan is not None:
            if examined.plan.faults and examined.plan.frames and "repaired.wav" not in there:
                await _save_repaired(vault, sha256, repaired(handle, examined.plan))
            if examined.plan.is_pcm16 and "peaks.bin" not in there:
                peaks = peaks_of(handle, examined.plan)
                await vault.disk.replace(derived_path(vault, sha256, "peaks.bin"), peaks)
    finally:
        handle.close()
    if photo and eye is not None:
        await _save_previews(vault, sha256, photo, eye, offload or in_place)
    if not await vault.has(sha256):
        await vault.erase(sha256)
        raise MissingFile(sha256)
    names: tuple[Derivative, ...] = ("thumb.jpg", "preview.jpg", "peaks.bin", "repaired.wav")
    now_there = await made_of(vault, sha256)
    return tuple(name for name in names if name in now_there)


async def _save_previews(vault: Vault, sha256: str, data: bytes, eye: Eye, offload: Offload) -> None:
    try:
        preview, thumb = await offload(eye.previews, data, (PREVIEW_SIDE_PX, THUMB_SIDE_PX))
    except NotUnderstood:
        return
    await vault.disk.replace(derived_path(vault, sha256, "preview.jpg"), preview)
    await vault.disk.replace(derived_path(vault, sha256, "thumb.jpg"), thumb)


async def _save_repaired(vault: Vault, sha256: str, sound: Part) -> None:
    """Streamed: a repaired recording may be hours long."""
    path = derived_path(vault, sha256, "repaired.wav")
    part = f"{path}.part"
    out = await vault.disk.open(part, create=True)
    try:
        out.truncate(0)
        for piece in sound.now():
            out.append(piece)
        out.flush()
    finally:
        out.close()
    await vault.disk.move(part, path)


async def in_place(work: Callable[..., T], /, *frozen: object) -> T:
    """The `Offload` of who has none: the work is done where it stands, or waited for where a browser does it."""
    result: Any = work(*frozen)
    return cast(T, await result if inspect.isawaitable(result) else result)
