"""Originals go out and come in, small ones before large ones, and those that were erased go from the target.

Larger ones go in parts of 8 MiB: a part that is there is not sent again, nor fetched again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fieldlog.media.vault import Stored, hash_of
from fieldlog.model import gate
from fieldlog.model.errors import NotSaved
from fieldlog.model.ports import Handle
from fieldlog.model.records import id_of, original_of
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.standing import erased, stamp_of
from fieldlog.model.state import ASIDE
from fieldlog.services.machine.long_work import Asked, apart, several
from fieldlog.services.rows.losses import SPOILT, missing_words
from fieldlog.services.study.erase_promise import INCOMING
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.remembered import Original
from fieldlog.services.sync.run import Run, go_on
from fieldlog.sync import layout
from fieldlog.sync.layout import index_name, media_name, media_names, part_name, parts_in
from fieldlog.sync.target import NotThere

DAMAGED = sentence("{name} is damaged there; a device that has it puts it again.")
KEPT_EVERY_BYTES = 64 << 20
"""After so many bytes what is there is written down: where it is not, it is asked for again."""


def named_originals(work: Workspace) -> dict[str, Original]:
    """Every original that attachments name, by its sha256: those that nobody sees any more, too."""
    found: dict[str, Original] = {}
    tables = work.store.state.tables
    for doc in (doc for name in ("attachments", f"{ASIDE}attachment") for doc in tables.get(name, {}).values()):
        sha256, size = original_of(doc), doc.get("bytes")
        if sha256 is None or gate.sha256(sha256) is not None:
            continue
        told = Original(
            extension=str(doc.get("extension", "bin")), bytes=size if type(size) is int and size > 0 else 0,
            records=[id_of(doc)],
        )  # fmt: skip
        one = found.setdefault(sha256, told)
        if one is not told:
            # What it is called must not depend on which record came first.
            one.extension, one.bytes = min(one.extension, told.extension), max(one.bytes, told.bytes)
            one.records = sorted({*one.records, *told.records})
    return found


def remember_named(run: Run) -> None:
    """Take note of what is named, before any of it goes out."""
    media = run.memory.media
    for sha256, one in named_originals(run.work).items():
        known = media.get(sha256)
        if known:
            one.bytes = one.bytes or known.bytes
            one.records = sorted({*one.records, *known.records})
            one.there = known.there and known.extension == one.extension
        one.begun = known.begun if known else run.unsure or not _made_here(run.work, one)
        media[sha256] = one


def _made_here(work: Workspace, one: Original) -> bool:
    """Whether this device made a record of it: nobody else can have sent it before."""
    own, raw = tuple(work.device.writers[work.store.project].values()), work.store.state.raw
    return any(stamp_of(doc).endswith(own) for record in one.records if (doc := raw(record)))


async def remove_erased(run: Run) -> None:
    """Remove the originals of which every record was erased. That one is gone is never taken for that."""
    raw, named = run.work.store.state.raw, named_originals(run.work)
    for sha256, one in list(run.memory.media.items()):
        if sha256 in named or not one.records or not all(erased(raw(record) or {}) for record in one.records):
            continue
        go_on(run.cancelled)
        for name in media_names(media_name(sha256, one.extension), one.bytes):
            await run.target.remove(name)
            run.memory.damaged.discard(name)
        await run.work.store.disk.remove(f"{INCOMING}/{sha256}")
        del run.memory.media[sha256]
        run.done.removed += 1
        await run.memory.keep()


async def exchange_originals(run: Run) -> None:
    """Put what is here and not there, fetch what is there and not here."""
    work, media = run.work, run.memory.media

    async def verb(asked: Asked) -> None:
        here = {one.sha256: one for one in await apart(work.machine.offload, work.vault.all)}
        named = named_originals(work)
        out = [here[sha256] for sha256 in media if sha256 in named and sha256 in here and not media[sha256].there]
        wanted = [sha256 for sha256 in media if sha256 in named and sha256 not in here]
        run.total += sum(one.bytes for one in out) + sum(media[sha256].bytes for sha256 in wanted)
        run.done.waiting = 0
        try:
            await several(sorted(out, key=lambda one: (one.bytes, one.sha256)), lambda one: _send(run, one, asked))
            await several(sorted(wanted, key=lambda one: (media[one].bytes, one)),
                          lambda sha256: _fetch(run, sha256, asked))  # fmt: skip
        finally:
            with suppress(NotSaved):
                await run.memory.keep()

    await run.writing(verb)


# -- out


async def _send(run: Run, stored: Stored, asked: Asked) -> None:
    go_on(asked)
    one = run.memory.media[stored.sha256]
    one.bytes, name = one.bytes or stored.bytes, media_name(stored.sha256, one.extension)
    if one.begun and await _is_there(run, name, stored.bytes):
        one.there = True
        return
    put = _put_parts if parts_in(stored.bytes) else _put_whole
    one.there = await put(run, stored, name, asked)
    if not one.there:
        run.done.problems += missing_words(run.work.store.state, [stored.sha256], SPOILT)
        return
    run.done.media_out += 1
    run.memory.damaged.difference_update(media_names(name, stored.bytes))
    await _keep_now_and_then(run, stored.bytes)


async def _is_there(run: Run, name: str, size: int) -> bool:
    if not parts_in(size):
        return await run.target.size(name) == size
    return await run.target.size(index_name(name)) is not None


async def _put_whole(run: Run, stored: Stored, name: str, asked: Asked) -> bool:
    """False where it is not what it was any more: then it stays here."""
    whole = hashlib.sha256()
    data = await _piece_of(run.work, stored, 0, stored.bytes, whole)
    go_on(asked)
    if whole.hexdigest() != stored.sha256:
        return False
    run.memory.media[stored.sha256].begun = True
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
        if not (resumed and await run.target.size(part_name(name, k)) == len(data)):
            resumed = False
            await run.target.put(part_name(name, k), data)
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


async def _keep_now_and_then(run: Run, count: int) -> None:
    run.unkept += count
    if run.unkept >= KEPT_EVERY_BYTES:
        run.unkept = 0
        await run.memory.keep()


# -- in


async def _fetch(run: Run, sha256: str, asked: Asked) -> None:
    go_on(asked)
    one = run.memory.media[sha256]
    name = media_name(sha256, one.extension)
    try:
        come = await (_fetch_parts if parts_in(one.bytes) else _fetch_whole)(run, sha256, name, asked)
    except NotThere:
        run.done.waiting += 1
        one.there = False
        return
    if come:
        one.there = True
        run.memory.damaged.difference_update(media_names(name, one.bytes))
        run.done.media_in += 1
        await _keep_now_and_then(run, one.bytes)


async def _fetch_whole(run: Run, sha256: str, name: str, asked: Asked) -> bool:
    """False where it is damaged there, which is said. Raises `NotThere`."""
    work, one, data = run.work, run.memory.media[sha256], b""
    for _ in range(2):
        try:
            data = b"".join([piece async for piece in run.target.read(name)])
        except NotThere:
            if one.bytes:
                raise
            return await _fetch_parts(run, sha256, name, asked)
        run.moved(len(data))
        if await work.machine.offload(layout.is_original, data, sha256):
            break
    else:
        return _damaged(run, name)
    go_on(asked)
    one.bytes = len(data)
    path = f"{INCOMING}/{sha256}"

    async def wants() -> int:
        return len(data)

    await work.room.needed(
        lambda: apart(work.machine.offload, lambda: work.store.disk.replace(path, data)), beside_text=wants
    )  # fmt: skip
    await _adopt(run, sha256)
    return True


async def _fetch_parts(run: Run, sha256: str, name: str, asked: Asked) -> bool:
    work, one = run.work, run.memory.media[sha256]
    index = layout.read_index(b"".join([piece async for piece in run.target.read(index_name(name))]))
    if index is None or (one.bytes and one.bytes != index[0]):
        return _damaged(run, index_name(name))
    size, parts = index
    one.bytes = size
    path = f"{INCOMING}/{sha256}"
    handle = await work.store.disk.open(path, create=True)
    try:
        have = min(handle.size() // layout.PART_BYTES, len(parts) - 1)
        handle.truncate(have * layout.PART_BYTES)
        run.total -= have * layout.PART_BYTES
        for k in range(have, len(parts)):
            go_on(asked)
            data = b"".join([piece async for piece in run.target.read(part_name(name, k))])
            run.moved(len(data))
            if not await work.machine.offload(layout.is_original, data, parts[k]):
                return _damaged(run, part_name(name, k))
            await _append(work, handle, data)
    finally:
        handle.close()
    if await apart(work.machine.offload, lambda: hash_of(work.store.disk, path)) != sha256:
        await work.store.disk.remove(path)
        return _damaged(run, index_name(name))
    await _adopt(run, sha256)
    return True


async def _append(work: Workspace, handle: Handle, data: bytes) -> None:
    async def wants() -> int:
        return len(data)

    await work.room.needed(lambda: work.machine.offload(_appended, handle, data), beside_text=wants)


def _appended(handle: Handle, data: bytes) -> None:
    handle.append(data)
    handle.flush()


async def _adopt(run: Run, sha256: str) -> None:
    """Into the vault. Nobody erases anything meanwhile: that waits until this run has stopped."""
    path, extension = f"{INCOMING}/{sha256}", run.memory.media[sha256].extension
    work = run.work
    await apart(work.machine.offload, lambda: work.vault.adopt(path, sha256, extension))


def _damaged(run: Run, name: str) -> bool:
    run.memory.damaged.add(name)
    run.done.problems.append(Sentence(DAMAGED, name=name))
    return False


async def sweep_incoming(work: Workspace, media: Mapping[str, Original]) -> None:
    """Remove what was fetched in part and is named by nothing any more."""
    for found in await work.store.disk.list(INCOMING):
        if found.name not in media:
            await work.store.disk.remove(f"{INCOMING}/{found.name}")
