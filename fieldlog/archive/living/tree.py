"""Reading and writing the archive's folder: what lies there, and hashing on the way."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from fieldlog.archive.living.outlet import Outlet
from fieldlog.archive.names import part_name
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Disk

CHUNK_BYTES = 1 << 19
"""What is larger costs memory new to the process with every piece: a fifth more in all."""

AT_ONCE_BYTES = 4 << 20
"""Files up to this size are put in place from memory: one flush less each."""

DEEPEST = 8
"""Folders below this are named, not entered: ours are three deep, and a link may lead round in a circle."""

Seen = Callable[[int], None]
"""Told the bytes that were just read or written."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far it is: bytes written or read of all, as far as that is known. `path` is the present one."""

    done: int
    total: int
    path: str


async def walk(disk: Outlet, folder: str = "", depth: int = 1) -> dict[str, int]:
    """Path to size of every file below a folder, in order.

    A folder that is too deep, or that this device can't look into, is named with a / at its end.
    """
    found: dict[str, int] = {}
    await asyncio.sleep(0)
    for entry in await disk.list(folder):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not entry.is_dir:
            found[path] = entry.bytes
            continue
        try:
            found |= await walk(disk, path, depth + 1) if depth < DEEPEST else {f"{path}/": 0}
        except FieldLogError:
            found[f"{path}/"] = 0
    return found


async def chunks(disk: Outlet, path: str) -> AsyncIterator[bytes]:
    """A file's bytes. Raises `MissingFile`."""
    handle = await disk.open_read(path)
    try:
        at, size = 0, handle.size()
        while at < size and (data := handle.read(at, min(CHUNK_BYTES, size - at))):
            yield data
            at += len(data)
            await asyncio.sleep(0)
    finally:
        handle.close()


async def hashed(source: AsyncIterator[bytes], seen: Seen | None = None) -> str:
    """The hash of what comes out of a source."""
    digest = hashlib.sha256()
    async for data in source:
        digest.update(data)
        if seen:
            seen(len(data))
        await asyncio.sleep(0)
    return digest.hexdigest()


async def copied(
    disk: Disk, path: str, source: AsyncIterator[bytes], *, expected: str | None, seen: Seen
) -> tuple[str, int]:
    """Put what comes out of `source` at `path`, flushed but for its name, whole or not at all; its hash and size.

    Where a hash is expected and another comes out, nothing is put there. What the source or `seen` raises
    is passed on, and the half-written file beside `path` is removed.
    """
    digest, held, size = hashlib.sha256(), [], 0
    part, handle, done = part_name(path), None, False
    try:
        async for data in source:
            digest.update(data)
            held.append(data)
            size += len(data)
            seen(len(data))
            if handle is None and size > AT_ONCE_BYTES:
                handle = await disk.open(part, create=True)
                handle.truncate(0)
            if handle is not None:
                handle.append(b"".join(held))
                held.clear()
            await asyncio.sleep(0)
        done = expected in (None, digest.hexdigest())
        if handle is not None and done:
            handle.flush()
    finally:
        if handle is not None:
            handle.close()
            if not done:
                await disk.remove(part)
    if done and handle is not None:
        await disk.move(part, path, named=False)
    elif done:
        await disk.replace(path, b"".join(held), named=False)
    return digest.hexdigest(), size


async def read_start(disk: Outlet, path: str, count: int) -> bytes:
    handle = await disk.open_read(path)
    try:
        return handle.read(0, count)
    finally:
        handle.close()


def below(there: Mapping[str, int], folder: str) -> dict[str, int]:
    """The part of a walk that lies in a folder (ending in /), paths relative to it."""
    return {path[len(folder) :]: size for path, size in there.items() if path.startswith(folder)}
