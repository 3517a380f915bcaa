"""An archive and a store, checked: every fault as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fieldlog.archive.living.tree import Progress as Step
from fieldlog.archive.living.verify import verify
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Disk
from fieldlog.model.records import StoredFile
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.log import log_checks, log_faults
from fieldlog.services.held.freed import let_be
from fieldlog.services.held.look_here import take_down
from fieldlog.services.machine.long_work import (
    Asked,
    Tell,
    Word,
    beside,
    breath,
    driven,
    in_turns,
    never,
    tell_nobody,
)
from fieldlog.services.machine.machine import folder_disk, laptop_offload
from fieldlog.services.study.studies import RESTORING
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.checking import checked

UNFINISHED = sentence("A restore was begun here and is not finished: restore the same archive again.")


async def verify_archive(folder: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> list[str]:
    """Every fault of an archive as a sentence, by its manifests and by its log's own checksums. Raises
    `Cancelled`: half a check says nothing."""

    return await beside(
        laptop_offload(), lambda word: driven(archive_faults(folder_disk(folder), word)), tell, cancelled
    )


async def archive_faults(disk: Disk, word: Word) -> list[str]:
    """The same of an archive on any disk, which is read once."""
    checks = await log_checks(disk)
    takes = {path: check.take for path, check in checks.items()}
    found = await verify(disk, steps_of(word), cancelled=lambda: word.stop, also=takes)
    return [*(fault.sentence for fault in found), *log_faults(checks)]


async def verify_store(work: Workspace, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> list[str]:
    """Every fault of journals, views and media as a sentence. Raises `Cancelled`: half a check says nothing.

    What was found right counts as read back now. Originals that were let go here are no fault.
    """
    store = await work.store.held_still()
    named = {file.sha256 for file in work.store.state.each(StoredFile) if file.sha256} - await let_be(work)
    right = dict[str, int]()

    async def verify_it(word: Word) -> list[str]:
        there = {one.sha256: one.bytes for one in await work.vault.all()}
        word.total = store.bytes + sum(there.values())
        faults = [fault.sentence for fault in checked(store)]
        faults += [Sentence(UNFINISHED)] if await work.store.disk.size(RESTORING) is not None else []
        word.moved(store.bytes)
        for sha256 in sorted(named | there.keys()):
            fault = await work.vault.verify(sha256, word.moved)
            if fault:
                faults.append(fault.sentence)
            elif sha256 in there:
                right[sha256] = there[sha256]
            await breath()
        return faults

    faults = await beside(work.machine.offload, in_turns(verify_it), tell, cancelled)
    with suppress(FieldLogError):
        # It may be a disk that is only read.
        await take_down(work, store.files, right)
    return faults


def steps_of(word: Word) -> Callable[[Step], None]:
    """What an archive tells of its steps, as a word of long work."""

    def step(at: Step) -> None:
        word.done, word.total = at.done, at.total

    return step
