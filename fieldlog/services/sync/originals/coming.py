"""Originals come in: into a folder of their own until they are whole, then into the vault."""

from __future__ import annotations

from collections.abc import Sequence

from fieldlog.media.vault import hash_of
from fieldlog.model.ports import Handle
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.machine.long_work import Asked, apart
from fieldlog.services.study.erase_promise import INCOMING
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.run import Run, go_on
from fieldlog.sync import layout
from fieldlog.sync.layout import index_name, media_name, media_names, part_name, parts_in
from fieldlog.sync.target import NotThere

DAMAGED = sentence("{name} is damaged there; a device that has it puts it again.")


async def fetch(run: Run, sha256: str, asked: Asked) -> None:
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
        await run.came_or_went(one.bytes)


async def _fetch_whole(run: Run, sha256: str, name: str, asked: Asked) -> bool:
    """False where it is damaged there, which is said. Raises `NotThere`."""
    work, one, data = run.work, run.memory.media[sha256], b""
    for _ in range(2):
        try:
            data, right = await _read(run, name, sha256)
        except NotThere:
            if one.bytes:
                raise
            return await _fetch_parts(run, sha256, name, asked)
        if right:
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
            data, right = await _read(run, part_name(name, k), parts[k])
            if not right:
                return _damaged(run, part_name(name, k))
            await _append(work, handle, data)
    finally:
        handle.close()
    if await apart(work.machine.offload, lambda: hash_of(work.store.disk, path)) != sha256:
        await work.store.disk.remove(path)
        return _damaged(run, index_name(name))
    await _adopt(run, sha256)
    return True


async def _read(run: Run, name: str, sha256: str) -> tuple[bytes, bool]:
    """A file there, and whether it hashes to that."""
    pieces = [piece async for piece in run.target.read(name)]
    data, right = await run.work.machine.offload(_put_together, pieces, sha256)
    run.moved(len(data))
    return data, right


def _put_together(pieces: Sequence[bytes], sha256: str) -> tuple[bytes, bool]:
    data = b"".join(pieces)
    return data, layout.is_original(data, sha256)


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
