"""The living archive, written from a study."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldlog.archive.day.content import Survey
from fieldlog.archive.living.outlet import Bring, Outlet
from fieldlog.archive.living.tree import Progress
from fieldlog.archive.living.write import Written, write
from fieldlog.media.reading import pieces
from fieldlog.media.sound.wav import WavPlan, joined_header, read_plan
from fieldlog.media.vault import Vault
from fieldlog.model.entry import Attachment
from fieldlog.model.errors import NotSaved, WrongPlace
from fieldlog.model.ports import Offload
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.archive.log import StoreJournals
from fieldlog.services.archive.verify import steps_of
from fieldlog.services.copies.ledger import forget_begun, remember_archive, remember_begun
from fieldlog.services.held.freed import not_in_it
from fieldlog.services.held.look_here import doubt_originals
from fieldlog.services.machine.long_work import (
    LOOKS_EVERY_SECONDS,
    Asked,
    Tell,
    Word,
    beside,
    breath,
    in_turns,
    never,
    tell_nobody,
)
from fieldlog.services.machine.machine import folder_disk
from fieldlog.services.rows.losses import lost_words
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
                    await breath()
            finally:
                handle.close()

    async def _plan(self, piece: Attachment) -> WavPlan:
        handle = await self.vault.open(piece.sha256 or "")
        try:
            return read_plan(handle)
        finally:
            handle.close()


@dataclass(frozen=True, kw_only=True)
class AsItIs:
    """A study at one moment, as an archive of it is written. `ends` is how far it holds each journal."""

    work: Workspace
    survey: Survey
    lines: StoreJournals
    ends: Mapping[str, Position]

    async def written(
        self, target: Outlet, word: Word, tell: Callable[[Progress], None], bring: Bring | None = None
    ) -> Written:
        """What `write` did, in a thread of its own or in turns."""
        await self.lines.look()
        with _drawing(self.work) as offload:
            return await write(
                target, self.survey, self.lines, VaultMedia(vault=self.work.vault), offload=offload, progress=tell,
                cancelled=lambda: word.stop, bring=bring,
            )  # fmt: skip

    def with_problems(self, written: Written) -> Written:
        """The same with what is lost of the journals among its `problems`."""
        lost = [one for found in self.lines.lost.values() for one in found]
        words = lost_words(self.work.store.state, lost)
        return replace(written, problems=(*words, *self.lines.only_there.values()))


async def as_it_is(work: Workspace, before: Outlet | None = None) -> AsItIs:
    """The study now. `before` is what lies where the archive is to be."""
    store = work.store
    if store.writable:
        with suppress(NotSaved):
            await store.keep_reached()
    survey, ends = Survey(store.state), {writer: end for writer, end in store.ends.items() if end.n}
    lines = StoreJournals(
        disk=store.disk, project=store.project, ends=ends, reached=await store.come(), before=before,
        dead=work.store.state.dead(), sound=work.sound,
    )  # fmt: skip
    return AsItIs(work=work, survey=survey, lines=lines, ends=ends)


@contextmanager
def _drawing(work: Workspace) -> Iterator[Offload]:
    """Draws days ahead of their writing, where there is another core for it."""
    if sys.platform == "emscripten":
        yield work.machine.offload
        return
    from fieldlog.services.machine.threads import beginning_at_once

    with beginning_at_once() as offload:
        yield offload


@dataclass(frozen=True)
class Noted:
    """What is said of an archive in the ledger. One that takes nothing stops no archive: its disk may be one that
    is only read."""

    refused: list[str] = field(default_factory=list)

    async def say(self, said: Awaitable[None]) -> None:
        try:
            await said
        except NotSaved as why:
            self.refused[:] = [Sentence(NO_LEDGER, why=why.why)]


async def write_archive(
    work: Workspace, folder: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never
) -> Written:  # fmt: skip
    """Write or refresh the archive in a folder of this machine, as `write_into` does."""
    return await write_into(work, folder_disk(folder), str(folder.absolute()), tell, cancelled=cancelled)


async def write_into(
    work: Workspace, target: Outlet, place: str, tell: Tell = tell_nobody, *, bring: Bring | None = None,
    cancelled: Asked = never,
) -> Written:  # fmt: skip
    """Write or refresh the archive in what the ledger calls `place`, telling bytes. Raises `WrongPlace` where
    another thing lies there.

    The archive is of the moment this is called: what is saved meanwhile comes with the next writing. Stopped,
    the result is not `finished`, and the next writing goes on from there. Where something is erased meanwhile it
    begins anew, without it. The ledger says that it was begun, and when it was finished. What is lost of the
    journals is among the `problems`. While another is being written there it waits for its turn.
    """
    async with _its_turn(work, place, cancelled) as come:
        return (
            await _written_into(work, target, place, tell, bring, cancelled) if come else Written(finished=False)
        )


@asynccontextmanager
async def _its_turn(work: Workspace, place: str, cancelled: Asked) -> AsyncIterator[bool]:
    """Whether its turn came before it was stopped."""
    turn = work.archiving.setdefault(place, asyncio.Lock())
    waiting = asyncio.ensure_future(turn.acquire())
    try:
        await asyncio.wait([waiting], timeout=LOOKS_EVERY_SECONDS)
        while not waiting.done() and not cancelled():
            await asyncio.wait([waiting], timeout=LOOKS_EVERY_SECONDS)
        yield waiting.done()
    finally:
        if waiting.cancel():
            await asyncio.wait([waiting])
        else:
            turn.release()


async def _written_into(
    work: Workspace, target: Outlet, place: str, tell: Tell, bring: Bring | None, cancelled: Asked
) -> Written:  # fmt: skip
    ends: dict[str, Position] = {}
    noted = Noted()

    async def written_as_it_is(asked: Asked) -> Written:
        now = await as_it_is(work, target)
        ends.clear()
        ends.update(now.ends)
        writing = in_turns(lambda word: now.written(target, word, steps_of(word), bring))
        return now.with_problems(await beside(work.machine.offload, writing, tell, asked))

    async def stays(_: Written | None) -> None:
        """Writing anew takes out of it what is to go."""

    async def remember(written: Written) -> None:
        if written.damaged:
            await noted.say(doubt_originals(work))
        if written.finished:
            whole = not (written.missing or written.damaged or written.problems)
            at = work.machine.clock().at
            await noted.say(remember_archive(work, place, at=at, whole=whole, covered=dict(ends) if whole else {}))

    await noted.say(remember_begun(work, "archive", place))
    try:
        written = await work.under_way.write(written_as_it_is, cancelled=cancelled, undo=stays, done=remember
        )  # fmt: skip
        lacking = await not_in_it(work) if written.missing else ()
        return replace(written, problems=(*written.problems, *lacking, *noted.refused))
    except WrongPlace:
        await noted.say(forget_begun(work, "archive", place))
        raise
