"""What a person wrote while practising, and keeping it when the store for practice goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_parts import Made
from fieldlog.services.copies.only_here import proposed_path
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.half_written import HALF_WRITTEN
from fieldlog.services.study.kept import read_kept
from fieldlog.services.study.studies import begun, open_study
from fieldlog.services.study.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Stands:
    """How a study stands: the number of the last line of each writer, and which entries there are."""

    ends: Mapping[str, int] = field(default_factory=dict)
    entries: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Written:
    """A study in which something was written: how many entries are new in it, 0 where others were changed. A copy
    of it is proposed at `path`."""

    study: str
    entries: int
    path: Path


async def how_it_stands(machine: Machine) -> dict[str, Stands]:
    """How every study of a store stands."""
    found = {}
    for study in await begun(machine):
        work = await open_study(machine, study, write=False)
        found[study] = _stands(work)
        await work.close()
    return found


async def written_since(machine: Machine, before: Mapping[str, Stands], home: Path) -> list[Written]:
    """The studies that do not stand as they did `before`. Copies are proposed below `home`."""
    found = []
    for study in await begun(machine):
        work = await open_study(machine, study, write=False)
        was, now = before.get(study, Stands()), _stands(work)
        if now.ends != was.ends:
            path = proposed_path(work, home)
            found.append(Written(study=study, entries=len(now.entries - was.entries), path=path))
        await work.close()
    return found


async def forms_left(machine: Machine) -> bool:
    """Whether something stands half written in a form, which no copy holds."""
    folders = ["", *(f"studies/{study}" for study in await begun(machine))]
    kept = [await read_kept(machine.disk_at(folder), HALF_WRITTEN) for folder in folders]
    return any(one.get("places") for one in kept)


async def keep_written(machine: Machine, one: Written, path: Path) -> Made:
    """Make a copy of a study, read back whole. Its folder is made where it is the proposed one.

    Raises as `make_bundle` does.
    """
    if path.parent == one.path.parent:
        path.parent.mkdir(parents=True, exist_ok=True)
    work = await open_study(machine, one.study, write=True)
    try:
        return await make_bundle(work, path)
    finally:
        await work.close()


def _stands(work: Workspace) -> Stands:
    ends = {writer: end.n for writer, end in work.store.ends.items() if end.n}
    return Stands(ends=ends, entries=frozenset(str(doc["id"]) for doc in work.store.state.entries()))
