"""The living archive, written from a study."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from fieldlog.archive.day.content import Survey
from fieldlog.archive.living.write import Written, write
from fieldlog.media.reading import pieces
from fieldlog.media.sound.wav import WavPlan, joined_header, read_plan
from fieldlog.media.vault import Vault
from fieldlog.model.entry import Attachment
from fieldlog.model.errors import NotSaved, WrongPlace
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.log import StoreJournals
from fieldlog.services.archive.verify import steps_of
from fieldlog.services.copies.ledger import forget_begun, remember_archive, remember_begun
from fieldlog.services.machine.long_work import Asked, Tell, Word, beside, driven, never, tell_nobody
from fieldlog.services.machine.machine import folder_disk
from fieldlog.services.rows.losses import lost_words
from fieldlog.services.study.erase_promise import dead_records
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.journal import Position

NO_LEDGER = sentence("This store could not take note of the archive: {why}")
Archived = Written
"""What writing did, for who asks for it from outside."""


@dataclass(frozen=True, kw_only=True)
class VaultMedia:
    """The vault as the archive reads it: several pieces are a memo's segments, joined into one WAV."""

    vault: Vault

    async def chunks(self, pieces_: tuple[Attachment, ...]) -> AsyncIterator[bytes]:
        if len(pieces_) > 1:
            yield joined_header([await self._plan(piece) for piece in pieces_])
        for piece in pieces_:
            handle = await self.vault.open(piece.sha256 or "")
            try:
                plan = read_plan(handle) if len(pieces_) > 1 else None
                start, count = (plan.data_at, plan.data_bytes) if plan else (0, handle.size())
                for data in pieces(handle, start, count):
                    yield data
            finally:
                handle.close()

    async def _plan(self, piece: Attachment) -> WavPlan:
        handle = await self.vault.open(piece.sha256 or "")
        try:
            return read_plan(handle)
        finally:
            handle.close()


async def write_archive(
    work: Workspace, folder: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never
) -> Written:  # fmt: skip
    """Write or refresh the archive in a folder, telling bytes. Raises `WrongPlace` where another thing lies there.

    The archive is of the moment this is called: what is saved meanwhile comes with the next writing. Stopped,
    the result is not `finished`, and the next writing goes on from there. Where something is erased meanwhile it
    begins anew, without it. The ledger says that it was begun, and when it was finished. What is lost of the
    journals is among the `problems`.
    """
    from fieldlog.services.machine.threads import beginning_at_once

    place = str(folder.absolute())
    ends: dict[str, Position] = {}

    async def written_as_it_is(asked: Asked) -> Written:
        store = work.store
        if store.writable:
            with suppress(NotSaved):
                await store.keep_reached()
        survey, target = Survey(store.state), folder_disk(folder)
        ends.clear()
        ends.update({writer: end for writer, end in store.ends.items() if end.n})
        lines, media = StoreJournals(
            disk=store.disk, project=store.project, ends=dict(ends), reached=await store.come(), before=target,
            dead=dead_records(work),
        ), VaultMedia(vault=work.vault)  # fmt: skip

        def write_it(word: Word) -> Written:
            with beginning_at_once() as offload:
                driven(lines.look())
                return driven(write(
                    target, survey, lines, media, offload=offload, progress=steps_of(word), cancelled=lambda:
                    word.stop,
                ))  # fmt: skip

        written = await beside(work.machine.offload, write_it, tell, asked)
        lost = [one for found in lines.lost.values() for one in found]
        return replace(written, problems=(*lost_words(store.state, lost), *lines.only_there.values()))

    async def stays(_: Written | None) -> None:
        """Writing anew takes out of it what is to go."""

    refused: list[str] = []

    async def kept(said: Awaitable[None]) -> None:
        """A ledger that takes nothing stops no archive: its disk may be one that is only read."""
        try:
            await said
        except NotSaved as why:
            refused[:] = [Sentence(NO_LEDGER, why=why.why)]

    async def remember(written: Written) -> None:
        if written.finished:
            whole = not (written.missing or written.damaged or written.problems)
            at = work.machine.clock().at
            await kept(remember_archive(work, place, at=at, whole=whole, covered=dict(ends) if whole else {}))

    await kept(remember_begun(work, "archive", place))
    try:
        written = await work.under_way.write(written_as_it_is, cancelled=cancelled, undo=stays, done=remember
        )  # fmt: skip
        return replace(written, problems=(*written.problems, *refused))
    except WrongPlace:
        await kept(forget_begun(work, "archive", place))
        raise
