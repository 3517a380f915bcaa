"""The small files in which this device remembers: `device.json`, `settings.json`, `erasing.json`. One place reads
them, brings what an earlier version wrote to its present form, and writes them.

None of them ever stops anything. What can't be read of one counts as never said; before such a file is replaced,
it is laid aside as it was, beside it. Keys that are not known here are kept: a later version wrote them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from fieldlog.model.errors import MissingFile
from fieldlog.model.gate import Check
from fieldlog.model.line import compact
from fieldlog.model.ports import Disk
from fieldlog.model.strict_json import read_json

VERSION = 1
"""Of a file, under `version`, where its form says no other; what has none is older, and says the same as 1."""

Kept = dict[str, Any]
Migration = Callable[[Kept], Kept]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a file may say: each key with what its value is, `each` of a list or mapping looked at by itself.

    Without what it `must` say it is damaged. `earlier` brings what version n wrote to version n + 1, the first of
    them being that from 1 to 2.
    """

    path: str
    whole: Mapping[str, Check]
    each: Mapping[str, tuple[type[list[Any]] | type[dict[str, Any]], Check]]
    must: tuple[str, ...] = ()
    earlier: tuple[Migration, ...] = ()
    version: int = VERSION


async def read_kept(disk: Disk, form: Form) -> Kept:
    """What a file says, as far as it can be read; nothing where there is none."""
    try:
        return _read(await disk.read(form.path), form)[0]
    except MissingFile:
        return {}


async def change_kept(disk: Disk, form: Form, change: Callable[[Kept], Mapping[str, Any] | None]) -> None:
    """Let a file say what `change` makes of what it says, as far as it can be read; nothing is written for None.
    Raises as the disk does; then it says what it said."""
    before = await _bytes(disk, form)
    kept, whole = _read(before, form) if before else ({}, True)
    said = change(kept)
    if said is not None:
        await _write(disk, form, said, before=b"" if whole else before)


async def write_kept(disk: Disk, form: Form, said: Mapping[str, Any]) -> None:
    """Let a file say this. Raises as the disk does; then it says what it said."""
    before = await _bytes(disk, form)
    await _write(disk, form, said, before=b"" if not before or _read(before, form)[1] else before)


async def _bytes(disk: Disk, form: Form) -> bytes:
    try:
        return await disk.read(form.path)
    except MissingFile:
        return b""


async def _write(disk: Disk, form: Form, said: Mapping[str, Any], *, before: bytes) -> None:
    """Write it; the bytes `before`, of which not all could be read, are kept beside it."""
    if before:
        await disk.replace(f"{form.path}.damaged-{hashlib.sha256(before).hexdigest()[:8]}", before)
    version = max(form.version, _version(said))
    await disk.replace(form.path, compact({**said, "version": version}) + b"\n")


def _read(data: bytes, form: Form) -> tuple[Kept, bool]:
    """What the bytes say, and whether that is all they say."""
    try:
        said = read_json(data)
    except ValueError:
        return {}, False
    if not isinstance(said, dict):
        return {}, False
    for step in form.earlier[_version(said) - 1 :]:
        said = step(said)
    kept = {name: _readable(name, value, form) for name, value in said.items()}
    told = {name: value for name, value in kept.items() if value is not None}
    return told, all(said[name] == value for name, value in kept.items()) and told.keys() >= set(form.must)


def _readable(name: str, value: Any, form: Form) -> Any:
    """The value, less what of it can't be read; None for nothing."""
    if value is None:
        return None
    if name in form.whole:
        return value if form.whole[name](value) is None else None
    if name not in form.each:
        return value
    kind, look = form.each[name]
    if not isinstance(value, kind):
        return None
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if look(one) is None}
    return [one for one in value if look(one) is None]


def _version(said: Mapping[str, Any]) -> int:
    version = said.get("version")
    return version if type(version) is int and version > 0 else VERSION


def made_of(cls: type[T], said: Mapping[str, Any]) -> T:
    """A value of this dataclass from what a file says of it, less what only a later version knows."""
    known = {one.name for one in fields(cls)}  # type: ignore[arg-type]
    return cls(**{name: value for name, value in said.items() if name in known})
