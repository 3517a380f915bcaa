"""A study is opened, something is done in it, and the store is left in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from fieldlog.cli.speaking import _, complain
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.zone import ZoneUnknown
from fieldlog.services.study.studies import must_be_here, open_study
from fieldlog.services.study.studies import studies as known_studies
from fieldlog.services.study.workspace import Workspace

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def in_study(
    ctx: click.Context, verb: Callable[[Workspace], Coroutine[Any, Any, T]], *, write: bool, create: bool = False,
    zone: str | None = None,
) -> T:  # fmt: skip
    """Open the study, do the verb, leave the store in order. `create` makes a first study, in a `zone`."""
    machine, study = ctx.obj
    if study is not None:
        await must_be_here(machine, study)
    elif create:
        study = await _first_study(machine, zone)
    work = await open_study(machine, study, write=write)
    try:
        if write:
            await _file_orphans(work)
        return await verb(work)
    finally:
        await work.close()


async def _file_orphans(work: Workspace) -> None:
    from fieldlog.services.memo import filing

    for filed in await filing.adopt_orphans(work):
        line = _("A memo that was never stopped was filed: {seconds} s.")
        complain(line.format(seconds=round(filed.seconds, 1)))


async def _first_study(machine: Machine, zone: str | None) -> str | None:
    """A new study's id on an empty root, None where there is a study already.

    Raises `ZoneUnknown` before anything is made where nobody says in which zone it is.
    """
    if await known_studies(machine):
        return None
    if zone is None and machine.clock().zone is None:
        raise ZoneUnknown()
    return machine.new_id()
