"""Where what was erased may still lie, as far as this device knows."""

from __future__ import annotations

from dataclasses import dataclass

from fieldlog.services.copies.ledger import Row, read_ledger
from fieldlog.services.copies.only_here import Copy, delivered
from fieldlog.services.erase.erase import Erased
from fieldlog.services.study.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Where it may still lie, out of this device's reach: copies, and archives.

    Writing an archive again takes it out of there.
    """

    copies: tuple[Copy, ...] = ()
    archives: tuple[str, ...] = ()


async def elsewhere(work: Workspace, erased: Erased) -> Elsewhere:
    """The copies and the archive that were made while it was here, as far as this device knows.

    What was begun before and not finished may hold it, too.
    """
    ledger = await read_ledger(work)
    left = {path: at for path, at in ledger.unfinished.items() if at <= erased.at}
    written = [*ledger.newest("archive"), *ledger.newest("zip")]
    archives = [row.path for row in written if row.path in left or _since(row, erased)]
    copies = [one for one in delivered(ledger) if one.at >= erased.oldest]
    copies += [Copy(at=at, path=path, lines=0, bytes=0, team_only=False) for path, at in left.items()]
    return Elsewhere(
        copies=tuple(one for one in copies if not (one.team_only and erased.private) and one.path not in archives),
        archives=tuple(archives),
    )


def _since(row: Row, erased: Erased) -> bool:
    return row.at is not None and row.at >= erased.oldest
