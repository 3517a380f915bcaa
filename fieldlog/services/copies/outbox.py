"""Copies that leave a phone: made in its outbox, handed to the page, and a copy once they are proven.

Nobody here can read a file back after it left by the share sheet or as a download. So a bundle is hashed before
it leaves, and counts as a copy when the eight digits are typed that a device shows which has all of it in its
store, or when a person has picked the file again and it hashes the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.model.ports import Source
from fieldlog.model.sentence import Counted, Sentence, sentence
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.bundle_parts import Made
from fieldlog.services.copies.ledger import Ledger, Row, change_ledger, read_ledger, remember_copy
from fieldlog.services.copies.only_here import Copy, proposed_name
from fieldlog.services.copies.sealed import digits
from fieldlog.services.machine.long_work import Asked, Tell, breath, never, tell_nobody
from fieldlog.services.machine.sources import DiskFile
from fieldlog.services.study.erase_promise import OUTBOX, empty_outbox
from fieldlog.services.study.workspace import Workspace

if TYPE_CHECKING:
    from fieldlog.services.copies.sealed.seal import Seal

KEPT_OUTGOING = 5
MIME = "application/zip"
TRIES = 5
"""So often digits may be wrong; then only the file itself proves a copy."""

TOO_FEW = sentence("Type all eight digits as the other device shows them.")
USED_UP = sentence(
    "These digits can't be checked any more. Choose the saved file, or back up again: then there are new digits."
)


async def make_outgoing(
    work: Workspace, *, since_last: bool = False, team_only: bool = False, seal: Seal | None = None,
    tell: Tell = tell_nobody, cancelled: Asked = never,
) -> Row:  # fmt: skip
    """Make a bundle in the outbox, read back and hashed; what lay there before goes. Raises as `pack` does.

    It holds what was saved until this is called, or what of that is new since the last proven copy. It is
    remembered, and no copy yet.
    """
    await empty_outbox(work)
    at = work.machine.clock().at
    # What is sealed does not tell the study's title, either.
    name = f"FieldLog-{at:%Y-%m-%d-%H%M}.sealed" if seal else proposed_name(work)

    def one(made: Made) -> Row:
        return Row(
            kind="outgoing", at=at, path=name, sha256=made.sha256, bytes=made.bytes, lines=made.lines,
            team_only=team_only, covered=made.covered, whole=made.whole and not since_last and not team_only,
            digits=made.digits,
        )  # fmt: skip

    async def remember(made: Made) -> None:
        await change_ledger(work, lambda ledger: ledger.put(one(made)))

    target = DiskFile(disk=work.store.disk, path=f"{OUTBOX}/{name}")
    return one(await pack(
        work, target, since_last=since_last, team_only=team_only, seal=seal, tell=tell, cancelled=cancelled,
        done=remember,
    ))  # fmt: skip


def mime_of(name: str) -> str:
    """What the page says a bundle is that leaves."""
    return MIME if name.endswith(".zip") else "application/octet-stream"


async def outgoing(work: Workspace) -> list[Row]:
    """The newest bundles that were made to leave and are not proven, newest first."""
    return (await read_ledger(work)).newest("outgoing")[:KEPT_OUTGOING]


async def in_outbox(work: Workspace) -> Row | None:
    """The newest of them, while it still lies here and can be handed over."""
    names = {found.name for found in await work.store.disk.list(OUTBOX)}
    return next((one for one in await outgoing(work) if one.path in names), None)


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
                "{name} is not a bundle made here, or did not arrive whole. It is no backup; hand it over again.",
                name=source.name,
            )
        )
    return await _is_a_copy(work, found, source.name)


async def prove_by_digits(work: Workspace, text: str) -> Copy:
    """The digits that a device shows which took in a bundle of ours: it is a copy from now on, and the outbox is
    emptied of it.

    Raises `NotUnderstood` where no bundle that waits has these digits, or too often others were typed.
    """
    said = digits.typed(text)
    if len(said) != digits.COUNT:
        raise NotUnderstood(TOO_FEW)
    waiting = [one for one in await outgoing(work) if one.digits and (one.tries or 0) < TRIES]
    if not waiting:
        raise NotUnderstood(USED_UP)
    found = next((one for one in waiting if one.digits == said), None)
    if found is not None:
        return await _is_a_copy(work, found, found.path)

    def count(ledger: Ledger) -> None:
        ledger.rows = [replace(row, tries=(row.tries or 0) + 1) if row in waiting else row for row in ledger.rows]

    await change_ledger(work, count)
    left = TRIES - 1 - (waiting[0].tries or 0)
    raise NotUnderstood(
        Counted(
            "These are not the digits of a backup made here. {n} more try is left.",
            "These are not the digits of a backup made here. {n} more tries are left.",
            left,
        )
        if left
        else USED_UP
    )


async def _is_a_copy(work: Workspace, found: Row, path: str) -> Copy:
    """Write into the ledger that what left is a copy."""
    assert found.at
    copy = Copy(at=found.at, path=path, lines=found.lines, bytes=found.bytes, team_only=found.team_only)
    proven = replace(
        copy.row(), sha256=found.sha256, whole=found.whole, covered=found.covered if found.whole else {}
    )
    await remember_copy(work, proven, found.covered, instead=found)
    await work.store.disk.remove(f"{OUTBOX}/{found.path}")
    return copy
