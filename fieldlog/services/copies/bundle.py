"""Bundles: a study, or what is new in it, as one file to carry to another device.

A bundle is read back from the disk and every member hashed before it is called made. It takes the place of no file
but a bundle of the same study that it holds all of.
"""

from __future__ import annotations

import zipfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fieldlog.model.errors import FieldLogError, NotSaved, WrongPlace
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.state import State
from fieldlog.model.strict_json import read_json
from fieldlog.services.copies.bundle_parts import HOLDS_MORE, PART, Bag, Made
from fieldlog.services.copies.bundle_zip import TORN
from fieldlog.services.copies.ledger import Kind, Row, forget_begun, read_ledger, remember_begun, remember_copy
from fieldlog.services.held.freed import LET_GO, freed_here
from fieldlog.services.held.look_here import no_longer
from fieldlog.services.machine.long_work import Asked, Tell, beside, in_turns, never, tell_nobody
from fieldlog.services.machine.machine import folder_disk
from fieldlog.services.machine.sources import DiskFile
from fieldlog.services.rows.losses import SPOILT, lost_words, missing_words
from fieldlog.services.study.erase_promise import OUTBOX
from fieldlog.services.study.workspace import Workspace

if TYPE_CHECKING:
    from fieldlog.services.copies.sealed.seal import Seal, SealedBag

NOT_OURS = sentence(
    "{path} is there already and is no bundle of this study. Choose another name; nothing was written."
)
THERE = sentence(
    "{path} is there already, and a sealed bundle takes the place of no file. Choose another name; nothing was "
    "written."
)
NO_FOLDER = sentence("There is no folder {path}. Make it first, or choose another; nothing was written.")


async def make_bundle(
    work: Workspace, path: Path, *, since_last: bool = False, team_only: bool = False, seal: Seal | None = None,
    tell: Tell = tell_nobody, cancelled: Asked = never,
) -> Made:  # fmt: skip
    """Write a bundle beside `path` and give it that name once it is proven, telling bytes.

    It holds what was saved until this is called, and is then written into the ledger of copies. `team_only`
    leaves out the personal lane and the media that only it names; with a `seal` nobody reads it without the
    passphrase. Raises what the disk raises, `Cancelled`, and `WrongPlace` where the folder is not there, or a file
    that this one may not replace; then nothing is written.
    """
    replaces = _replaceable(path, work.store.project, part=since_last, team_only=team_only, sealed=bool(seal))
    target = DiskFile(disk=folder_disk(path.parent), path=path.name)

    async def remember(made: Made) -> None:
        at, whole = work.machine.clock().at, made.whole and not since_last and not team_only
        row = Row(
            kind="bundle", at=at, path=str(path.absolute()), lines=made.lines, bytes=made.bytes,
            team_only=team_only, whole=whole, covered=made.covered if whole else {},
        )  # fmt: skip
        await remember_copy(work, row, made.covered)

    return await pack(
        work, target, since_last=since_last, team_only=team_only, seal=seal, tell=tell, cancelled=cancelled,
        path=str(path), replaces=replaces, done=remember,
    )  # fmt: skip


def _replaceable(path: Path, project: str, *, part: bool, team_only: bool, sealed: bool) -> bool:
    """Whether there is a bundle that this one is to take the place of. Raises `WrongPlace` where it may not: a
    whole one takes the place of any, one for the team of another such, a part and a sealed one of none."""
    if not path.absolute().parent.is_dir():
        raise WrongPlace(Sentence(NO_FOLDER, path=str(path.parent)))
    if not path.exists():
        return False
    if sealed:
        raise WrongPlace(Sentence(THERE, path=str(path)))
    before = told_of(path)
    if before is None or before.get("project") != project:
        raise WrongPlace(Sentence(NOT_OURS, path=str(path)))
    if part or (team_only and not before.get("team_only")):
        raise WrongPlace(Sentence(HOLDS_MORE, path=str(path)))
    return True


def told_of(path: Path) -> dict[str, Any] | None:
    """What the bundle that lies there says of itself; None where there is none that can be read."""
    try:
        with zipfile.ZipFile(path) as bag:
            said = read_json(bag.read("format.json"))
    except TORN:
        return None
    return said if isinstance(said, dict) and "format" in said else None


async def sweep(work: Workspace) -> None:
    """Remove bundles, and archives as one ZIP, that were in the making when the app was killed. To be called while
    none is under way.

    One that may have had its name by then is a copy that nobody proved.
    """
    for row in (await read_ledger(work)).rows:
        place = Path(row.part)
        if row.begun and row.part and place.parent.is_dir():
            with suppress(FieldLogError):
                disk = folder_disk(place.parent)
                await disk.remove(place.name)
                left = await disk.size(Path(row.path).name) is not None
                await forget_begun(work, cast("Kind", row.kind), row.path, row.part, left=left)


async def nothing(made: Made) -> None:
    """Keeps no account."""


async def pack(
    work: Workspace, target: DiskFile, *, since_last: bool = False, team_only: bool = False,
    seal: Seal | None = None, tell: Tell = tell_nobody, cancelled: Asked = never, path: str = "",
    replaces: bool = False, done: Callable[[Made], Awaitable[None]] = nothing,
) -> Made:  # fmt: skip
    """Make a bundle as `make_bundle` does, in no ledger but what `done` writes. Where something is erased
    meanwhile it begins anew, without it. Outside of the store (`path`) the ledger has it for as long as it is in
    the making. One that is not whole `replaces` no other."""
    place = str(Path(path).absolute()) if path else ""
    ending = f".{work.machine.new_salt()[:8]}{PART}"
    plain = DiskFile(disk=work.store.disk, path=f"{OUTBOX}/plain{ending}") if seal else target
    bags: list[Bag | SealedBag] = []

    async def made_of_now(asked: Asked) -> Made:
        if place:
            await remember_begun(work, "bundle", place, place + ending)
        covers = await _bundled(work) if since_last else None
        await work.store.keep_reached()
        held = await work.store.held_still()
        ends = dict(work.store.ends)
        said = path or target.path
        bag = Bag(
            plain, held, work.vault, covers, ending=ending, team_only=team_only, said=said, replaces=replaces
        )  # fmt: skip
        bags.append(_sealed(bag, target, seal, ending) if seal else bag)
        return await beside(work.machine.offload, in_turns(lambda word: bags[-1].make(word, ends)), tell, asked)

    async def gone() -> None:
        """Say that nothing is there any more, if that is so."""
        if place and await target.disk.size(target.path + ending) is None:
            await forget_begun(work, "bundle", place, place + ending)

    made = await work.under_way.write_file(
        target, made_of_now, cancelled=cancelled, is_named=lambda: any(bag.is_named for bag in bags), done=done,
        gone=gone,
    )  # fmt: skip
    with suppress(NotSaved):
        await no_longer(work, made.damaged)
    freed = (await freed_here(work)).originals if made.missing else {}
    return replace(made, let_go=tuple(one for one in made.missing if one in freed))


async def _bundled(work: Workspace) -> dict[str, int]:
    """How far bundles hold each journal; nothing of one that says something else by now than it did then."""
    ledger = await read_ledger(work)
    holds = {journal: await work.store.holds(journal, at) for journal, at in ledger.covered.items()}
    return {journal: n for journal, n in ledger.bundled.items() if holds.get(journal, True)}


def _sealed(bag: Bag, target: DiskFile, seal: Seal, ending: str) -> SealedBag:
    from fieldlog.services.copies.sealed.seal import SealedBag  # not before the first screen

    return SealedBag(bag, target, seal, ending=ending, said=bag.said)


def made_words(state: State, made: Made) -> list[str]:
    """What a bundle could not hold."""
    return [
        *lost_words(state, made.lost),
        *missing_words(state, [one for one in made.missing if one not in made.let_go]),
        *missing_words(state, made.let_go, LET_GO), *missing_words(state, made.damaged, SPOILT),
    ]  # fmt: skip
