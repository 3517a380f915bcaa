"""Room is made on this device: originals go that two others have read back. Small pictures, waveforms and every
word stay.

*Proven on two devices* counts this one, too; for an original to go, two others must have it, of which one at
least is a device, each having read it back within a week. Places (sticks, servers) count for one in all: two
addresses may lead to one disk. Only who lets nothing go counts, a laptop, or a place: phones that relied on each
other could all let go at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from fieldlog.media.derived import made_of
from fieldlog.model.errors import Cancelled
from fieldlog.model.records import kind_of
from fieldlog.model.sentence import Counted, Sentence, sentence
from fieldlog.services.held.freed import FreedHere, change_freed
from fieldlog.services.held.look_here import no_longer
from fieldlog.services.machine.long_work import STOPPED, Asked, Tell, breath, never, tell_nobody
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.originals.named import named_originals
from fieldlog.services.sync.proof.holders import holders, lines_here
from fieldlog.services.sync.proof.proven import is_safe

AT_ONCE = 50
"""So many are written down together before they go."""

KEEPS = sentence("A laptop keeps every original: other devices rely on it. Room is made on the phone.")


@dataclass(frozen=True, kw_only=True)
class Freeable:
    """What could go: the originals by their sha256, and how many bytes they are. `on` are the names of the
    devices and places that have them, `laptop` where one has none. `kept` counts originals that stay because they
    are not proven twice elsewhere, and `why` says so in sentences, with what to do."""

    originals: tuple[str, ...]
    bytes: int
    on: tuple[str, ...]
    kept: int
    why: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class Freed:
    """What went: how many originals, of how many bytes. `kept` counts those that were agreed to and stayed, since
    they were not proven twice any more when their turn came."""

    count: int
    bytes: int
    kept: int


async def can_free(work: Workspace) -> Freeable:
    """What could be freed here now. Changes nothing; a person is shown this and asked."""
    if work.machine.keeps:
        return Freeable(originals=(), bytes=0, on=(), kept=0, why=(Sentence(KEEPS),))
    named, there = named_originals(work), {one.sha256: one for one in await work.vault.all()}
    lines, now = await lines_here(work), work.machine.clock().at
    found, going, on, alone, unseen = await holders(work, lines), list[str](), dict[str, None](), 0, 0
    for sha256 in sorted(named.keys() & there.keys()):
        needs = lines.of(named[sha256].records, [sha256])
        if not is_safe(found, needs, now):
            alone += 1
        elif await _has_no_picture(work, sha256, named[sha256].records):
            unseen += 1
        else:
            going.append(sha256)
            on.update(dict.fromkeys(one.called for one in found if one.has_lately(needs, now)))
        await breath()
    why = [_alone(alone)] if alone else []
    why += [_unseen(unseen)] if unseen else []
    return Freeable(
        originals=tuple(going), bytes=sum(there[one].bytes for one in going), on=tuple(on), kept=alone + unseen,
        why=tuple(why),
    )  # fmt: skip


def _alone(n: int) -> Sentence:
    return Counted(
        "{n} file stays: fewer than two others that keep everything have read it back this week.",
        "{n} files stay: fewer than two others that keep everything have read them back this week.", n,
    )  # fmt: skip


def _unseen(n: int) -> Sentence:
    return Counted(
        "{n} photo stays: it has no small picture yet. Look at it once.",
        "{n} photos stay: they have no small picture yet. Look at them once.", n,
    )  # fmt: skip


async def free_space(
    work: Workspace, agreed: Freeable, *, tell: Tell = tell_nobody, cancelled: Asked = never
) -> Freed:
    """Let originals go to which a person agreed, telling bytes. Each is looked at once more; none goes that was
    not in `agreed`, and none that has no small picture where it should have one.

    Stopped anywhere, what went is written down as let go and what is left is whole; `Cancelled` is raised. Raises
    `NotSaved` where that can't be written down: then nothing more goes.
    """
    now = await can_free(work)
    going = [one for one in now.originals if one in set(agreed.originals)]
    sizes = {one.sha256: one.bytes for one in await work.vault.all()}
    total, done, count = sum(sizes.get(one, 0) for one in going), 0, 0
    for start in range(0, len(going), AT_ONCE):
        if cancelled():
            raise Cancelled(STOPPED)
        some, at = going[start : start + AT_ONCE], work.machine.clock().text()
        await change_freed(work, partial(_write_down, some, at, now.on))
        # What we say to have read must never be more than what is here.
        await no_longer(work, some)
        for sha256 in some:
            done += await work.vault.let_go(sha256)
            count += 1
            tell(done, total)
    return Freed(count=count, bytes=done, kept=len(agreed.originals) - count)


def _write_down(some: Collection[str], at: str, on: Collection[str], freed: FreedHere) -> None:
    freed.originals |= {sha256: {"at": at, "on": list(on)} for sha256 in some}
    freed.again -= set(some)


async def _has_no_picture(work: Workspace, sha256: str, records: Collection[str]) -> bool:
    """Whether it is a photo of which no small picture would stay."""
    kinds = {kind_of(work.store.state.raw(one) or {}) for one in records}
    return "photo" in kinds and "thumb.jpg" not in await made_of(work.vault, sha256)
