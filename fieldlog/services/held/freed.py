"""Originals that a person let go from this device, since others have them. Small pictures and waveforms stay.

freed.json    below the study's folder: this device's own, in no copy. Lost, they are fetched again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from fieldlog.media.vault import patiently
from fieldlog.model import gate
from fieldlog.model.called import FORMS, Called
from fieldlog.model.records import StoredEntry, StoredFile
from fieldlog.model.sentence import Counted, Sentence, joined, sentence
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.study.workspace import Workspace

FREED = Form(
    path="freed.json", whole={},
    each={"originals": (dict, gate.complete(at=gate.instant, on=gate.texts)), "again": (list, gate.sha256)},
)  # fmt: skip


LOCK = "freed.lock"
LET_GO = sentence("The file {name} was let go here, so it is not in it; others have it. {entry} names it.")
COMES = sentence("The original was let go here. It is fetched with the next exchange.")
LIES_ON = sentence("The original was let go here to make room. It lies on {devices}.")


@dataclass
class FreedHere:
    """`originals` leads from a sha256 to when it went (ISO text) and the names of those who have it; `again` are
    those that are wanted back and have not come yet."""

    originals: dict[str, dict[str, Any]] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)

    def told(self) -> dict[str, Any]:
        return {"originals": dict(sorted(self.originals.items())), "again": sorted(self.again)}


async def freed_here(work: Workspace) -> FreedHere:
    """What was let go, as far as it is known. It may be here all the same: look in the vault first."""
    kept = await read_kept(work.store.disk, FREED)
    return FreedHere(dict(kept.get("originals", {})), set(kept.get("again", [])))


async def change_freed(work: Workspace, change: Callable[[FreedHere], None]) -> None:
    """Let `change` alter what is known, and keep that. Raises `NotSaved`; then it says what it said."""

    async def changed() -> None:
        lock = await patiently(lambda: work.store.disk.lock(LOCK))
        try:
            freed = await freed_here(work)
            before = freed.told()
            change(freed)
            if freed.told() != before:
                await write_kept(work.store.disk, FREED, freed.told())
        finally:
            lock.release()

    await work.room.needed(changed)


async def let_be(work: Workspace) -> set[str]:
    """The originals that are not here and not wanted here."""
    freed = await freed_here(work)
    return freed.originals.keys() - freed.again


async def wanted_again(work: Workspace) -> bool:
    """Whether originals are to be fetched that were let go."""
    return bool((await freed_here(work)).again)


async def settle_freed(work: Workspace, here: Collection[str], named: Collection[str]) -> None:
    """What is in the vault, or not named any more, is freed no more. Raises `NotSaved`."""

    def change(freed: FreedHere) -> None:
        for sha256 in freed.originals.keys() & here | freed.originals.keys() - named:
            del freed.originals[sha256]
        freed.again &= freed.originals.keys()

    await change_freed(work, change)


async def not_in_it(work: Workspace) -> tuple[Sentence, ...]:
    """What is said of a copy of what is here; nothing where nothing was let go."""
    freed = (await freed_here(work)).originals
    words = Counted(
        "{n} original was let go on this device, so it is not in it. Others have it.",
        "{n} originals were let go on this device, so they are not in it. Others have them.", len(freed),
    )  # fmt: skip
    return (words,) if freed else ()


async def fetch_again(work: Workspace, entry: str) -> int:
    """Say that this entry's originals are wanted here again: the next exchange fetches them. Returns how many were
    let go. Raises `NotSaved`."""
    wanted = set(await _let_go_of(work, entry)) & await let_be(work)
    if wanted:
        await change_freed(work, lambda freed: freed.again.update(wanted))
    return len(wanted)


async def _let_go_of(work: Workspace, entry: str) -> list[str]:
    """The originals of an entry that are not here since they were let go."""
    freed, stored = (await freed_here(work)).originals, work.store.state.read(StoredEntry, entry)
    files = [work.store.state.read(StoredFile, one) for one in stored.attachments] if stored and freed else []
    return [
        file.sha256 for file in files
        if file and file.sha256 and file.sha256 in freed and not await work.vault.has(file.sha256)
    ]  # fmt: skip


async def freed_words(work: Workspace, entry: str) -> Sentence | None:
    """Where the originals of an entry lie that were let go here, or that they come; None where none was."""
    gone, freed = await _let_go_of(work, entry), await freed_here(work)
    if not gone:
        return None
    if freed.again >= set(gone):
        return Sentence(COMES)
    on = dict.fromkeys(name for one in gone for name in freed.originals[one]["on"])
    return Sentence(LIES_ON, devices=joined(*map(_called, on), by=", "))


def _called(name: str) -> str | Called:
    return FORMS.get(name, name)
