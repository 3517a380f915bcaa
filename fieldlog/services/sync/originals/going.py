"""Originals go out."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any

from fieldlog.media.vault import Stored
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import Handle
from fieldlog.services.held.look_here import no_longer
from fieldlog.services.machine.long_work import Asked
from fieldlog.services.rows.losses import SPOILT, missing_words
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.run import Run, go_on
from fieldlog.sync import layout
from fieldlog.sync.layout import index_name, media_name, media_names, part_name, parts_in
from fieldlog.sync.target import NotThere


async def send(run: Run, stored: Stored, asked: Asked) -> None:
    go_on(asked)
    one = run.memory.media[stored.sha256]
    one.bytes, name = one.bytes or stored.bytes, media_name(stored.sha256, one.extension)
    names = media_names(name, stored.bytes)
    if one.begun and run.claims.isdisjoint(names) and await _is_there(run, name, stored.bytes):
        one.there = True
        return
    put = _put_parts if parts_in(stored.bytes) else _put_whole
    one.there = await put(run, stored, name, asked)
    if not one.there:
        with suppress(NotSaved):
            await no_longer(run.work, [stored.sha256])
        run.done.problems += missing_words(run.work.store.state, [stored.sha256], SPOILT)
        return
    run.hashed[stored.sha256] = stored.bytes
    run.done.media_out += 1
    run.memory.damaged.difference_update(names)
    await run.came_or_went(stored.bytes)


async def _is_there(run: Run, name: str, size: int) -> bool:
    if not parts_in(size):
        return await run.target.size(name) == size
    return await run.target.size(index_name(name)) is not None


async def _is_whole_by_now(run: Run, name: str, data: bytes) -> bool:
    """Whether a file there that somebody found damaged has these bytes; who reads it knows. Nothing is put over it
    then."""
    if name not in run.claims or await run.target.size(name) != len(data):
        return False
    with suppress(NotThere):
        return b"".join([piece async for piece in run.target.read(name)]) == data
    return False


async def _put_whole(run: Run, stored: Stored, name: str, asked: Asked) -> bool:
    """False where it is not what it was any more: then it stays here."""
    whole = hashlib.sha256()
    data = await _piece_of(run.work, stored, 0, stored.bytes, whole)
    go_on(asked)
    if whole.hexdigest() != stored.sha256:
        return False
    run.memory.media[stored.sha256].begun = True
    if not await _is_whole_by_now(run, name, data):
        await run.target.put(name, data)
    run.moved(len(data))
    return True


async def _put_parts(run: Run, stored: Stored, name: str, asked: Asked) -> bool:
    one, whole, parts = run.memory.media[stored.sha256], hashlib.sha256(), list[str]()
    resumed, one.begun = one.begun, True
    await run.memory.keep()
    for k in range(parts_in(stored.bytes)):
        go_on(asked)
        part = hashlib.sha256()
        data = await _piece_of(run.work, stored, k * layout.PART_BYTES, layout.PART_BYTES, whole, part)
        parts.append(part.hexdigest())
        at = part_name(name, k)
        if at in run.claims:
            there = await _is_whole_by_now(run, at, data)
        else:
            there = resumed = resumed and await run.target.size(at) == len(data)
        if not there:
            await run.target.put(at, data)
        run.moved(len(data))
    if whole.hexdigest() != stored.sha256:
        return False
    await run.target.put(index_name(name), layout.index_of(stored.bytes, parts))
    return True


async def _piece_of(work: Workspace, stored: Stored, at: int, count: int, *hashing: Any) -> bytes:
    """A stretch of an original, which others may open again right after."""
    handle = await work.vault.open(stored.sha256)
    try:
        return await work.machine.offload(_piece, handle, at, count, *hashing)
    finally:
        handle.close()


def _piece(handle: Handle, at: int, count: int, *hashing: Any) -> bytes:
    """A stretch of a file; what is `hashing` goes on with it."""
    data = handle.read(at, count)
    for one in hashing:
        one.update(data)
    return data
