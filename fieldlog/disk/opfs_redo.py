"""Replacing a file whole in a browser that can't rename one file over another.

The new content goes into a file of its own first, the redo file, with its target's path and a
checksum. Only when that is flushed is the target overwritten in place. A power cut before leaves the
target alone; one after leaves a whole redo file, and `finish` overwrites the target again. So after
`finish`, which must come before any reading, every file is the old one or the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from fieldlog.disk.opfs_handle import discard, kind, options, read_all, write_all
from fieldlog.model.errors import DiskFull

with suppress(ModuleNotFoundError):
    from pyodide.ffi import JsException

Place = Callable[[str], Awaitable[tuple[Any, str]]]
"""Gives the folder of a path inside the store, made if missing, and the name in it."""


async def replace(top: Any, redo: str, place: Place, path: str, data: bytes) -> None:
    """Make `path` hold exactly `data`, by way of the file `redo` in the folder `top`.

    Raises `JsException` or `DiskFull`; the target is then what it was.
    """
    folder, name = await place(path)
    target = await _opened(folder, name)
    try:
        await _write_redo(top, redo, path.encode() + b"\0" + data)
        if target is None:
            target = await _opened(folder, name, create=True)
            await _overwrite_new(folder, name, target, data)
        else:
            _overwrite_old(target, data)
    finally:
        if target is not None:
            target.close()
        await discard(top, redo)


async def finish(top: Any, redo: str, place: Place) -> None:
    """Do again what a power cut may have stopped half-way. Nothing is done while another tab is at it."""
    try:
        access = await _opened(top, redo)
    except JsException as error:
        if kind(error) == "NoModificationAllowedError":
            return
        raise
    if access is None:
        return
    try:
        content = read_all(access, 0, access.getSize())
        checksum, body = content[:32], content[32:]
        if hashlib.sha256(body).digest() == checksum:
            path, data = body.split(b"\0", 1)
            folder, name = await place(path.decode())
            target = await _opened(folder, name, create=True)
            try:
                _overwrite(target, data)
            finally:
                target.close()
    finally:
        access.close()
    await discard(top, redo)


async def _opened(folder: Any, name: str, *, create: bool = False) -> Any:
    """A sync access handle, or None where there is no such file."""
    try:
        file = await folder.getFileHandle(name, options(create=create))
    except JsException as error:
        if kind(error) == "NotFoundError":
            return None
        raise
    return await file.createSyncAccessHandle()


async def _write_redo(top: Any, redo: str, body: bytes) -> None:
    access = await _opened(top, redo, create=True)
    try:
        _overwrite(access, hashlib.sha256(body).digest() + body)
    finally:
        access.close()


def _overwrite(access: Any, data: bytes) -> None:
    write_all(access, data, 0)
    access.truncate(len(data))
    access.flush()


def _overwrite_old(access: Any, data: bytes) -> None:
    before = read_all(access, 0, access.getSize())
    try:
        _overwrite(access, data)
    except (JsException, DiskFull):
        _overwrite(access, before)
        raise


async def _overwrite_new(folder: Any, name: str, access: Any, data: bytes) -> None:
    try:
        _overwrite(access, data)
    except (JsException, DiskFull):
        access.close()
        await discard(folder, name)
        raise
