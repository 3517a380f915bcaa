"""Devices that will never come again: a person said so, and what they had read back counts no more.

Whoever comes again all the same, and says something new, counts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fieldlog.model import gate
from fieldlog.model.moment import iso, parse
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.study.workspace import Workspace

_FORM = Form(path="sync/gone.json", whole={}, each={"gone": (dict, gate.instant)})


async def gone(work: Workspace) -> Mapping[str, datetime]:
    """By the id of a device, since when it is gone."""
    said = (await read_kept(work.store.disk, _FORM)).get("gone", {})
    return {device: parse(at) for device, at in said.items()}


async def let_go(work: Workspace, device: str) -> None:
    """This device is gone. Raises as the disk does."""
    await _write(work, {**await gone(work), device: work.machine.clock().at})


async def take_back(work: Workspace, device: str) -> None:
    """It was not gone after all. Raises as the disk does."""
    await _write(work, {one: at for one, at in (await gone(work)).items() if one != device})


async def _write(work: Workspace, said: Mapping[str, datetime]) -> None:
    disk = work.store.disk
    before = await read_kept(disk, _FORM)
    await write_kept(disk, _FORM, {**before, "gone": {device: iso(at) for device, at in said.items()}})
