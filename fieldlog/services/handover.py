"""Copies that leave a phone: made in its outbox, handed to the page, and a copy once they come back whole.

Nobody here can read a file back after it left by the share sheet or as a download. So a bundle is hashed before
it leaves, and counts as a copy when a person has picked it again and it hashes the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.model.moment import parse
from fieldlog.model.ports import Source
from fieldlog.model.sentence import Sentence
from fieldlog.services.bagging import Made
from fieldlog.services.beside import Asked, Tell, breath, never, tell_nobody
from fieldlog.services.bundle import pack
from fieldlog.services.copies import Copy, keep_settings, proposed_name, read_settings, remember_copy
from fieldlog.services.kept import made_of
from fieldlog.services.open import Workspace
from fieldlog.services.promise import OUTBOX, empty_outbox
from fieldlog.services.sources import DiskFile
from fieldlog.store.journal import Position

KEPT_OUTGOING = 5
MIME = "application/zip"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A bundle that was made to leave and is not proven yet. `covered` is how far it holds each journal."""

    at: datetime
    name: str
    sha256: str
    bytes: int
    lines: int
    team_only: bool
    covered: Mapping[str, Position] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Outgoing:
        covered = {writer: made_of(Position, at) for writer, at in kept["covered"].items()}
        return made_of(cls, {**kept, "at": parse(kept["at"]), "covered": covered})

    def as_json(self) -> dict[str, Any]:
        return {
            **vars(self), "at": self.at.isoformat(),
            "covered": {writer: vars(at) for writer, at in self.covered.items()},
        }  # fmt: skip


async def make_outgoing(
    work: Workspace, *, since_last: bool = False, team_only: bool = False, tell: Tell = tell_nobody,
    cancelled: Asked = never,
) -> Outgoing:  # fmt: skip
    """Make a bundle in the outbox, read back and hashed; what lay there before goes. Raises as `pack` does.

    It holds what was saved until this is called. It is remembered, and no copy yet.
    """
    await empty_outbox(work)
    at = work.machine.clock().at
    name = proposed_name(work)
    made: Made = await pack(
        work, DiskFile(disk=work.store.disk, path=f"{OUTBOX}/{name}"), since_last=since_last, team_only=team_only,
        tell=tell, cancelled=cancelled,
    )  # fmt: skip
    one = Outgoing(
        at=at, name=name, sha256=made.sha256, bytes=made.bytes, lines=made.lines, team_only=team_only,
        covered=made.covered,
    )  # fmt: skip
    await _remember(work, [one, *await outgoing(work)][:KEPT_OUTGOING])
    return one


async def outgoing(work: Workspace) -> list[Outgoing]:
    """The bundles that were made to leave and are not proven, newest first."""
    return [Outgoing.of(one) for one in (await read_settings(work)).get("outgoing", ())]


async def in_outbox(work: Workspace) -> Outgoing | None:
    """The newest of them, while it still lies here and can be handed over."""
    names = {found.name for found in await work.store.disk.list(OUTBOX)}
    return next((one for one in await outgoing(work) if one.name in names), None)


async def prove(
    work: Workspace, source: Source, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> Copy:  # fmt: skip
    """Hash a file that was picked again. Where it is a bundle that left this device it is a copy from now on, and
    the outbox is emptied of it.

    Raises `NotUnderstood` where it is none of these, or not whole any more; `Cancelled`.
    """
    waiting = await outgoing(work)
    total = max((one.bytes for one in waiting), default=0)
    hashing, done = hashlib.sha256(), 0
    async for piece in source.chunks():
        hashing.update(piece)
        done += len(piece)
        tell(min(done, total), total)
        await breath()
        if cancelled():
            raise Cancelled("This was stopped before its end. What was there before is as it was.")
    found = next((one for one in waiting if one.sha256 == hashing.hexdigest()), None)
    if found is None:
        raise NotUnderstood(
            Sentence(
                "{name} is not a bundle made here, or did not arrive whole. It is no copy; hand it over again.",
                name=source.name,
            )
        )
    copy = Copy(at=found.at, path=source.name, lines=found.lines, bytes=found.bytes, team_only=found.team_only)
    await remember_copy(work, copy, found.covered)
    await _remember(work, [one for one in await outgoing(work) if one.sha256 != found.sha256])
    await work.store.disk.remove(f"{OUTBOX}/{found.name}")
    return copy


async def _remember(work: Workspace, waiting: list[Outgoing]) -> None:
    settings = await read_settings(work)
    settings["outgoing"] = [one.as_json() for one in waiting]
    await keep_settings(work, settings)
