"""The desk: the one open study of a process, with the one text and the one memo that are under way.

Every window shares it. Whoever is in `told` hears of every change.

Longer than other files: what opens, leaves or removes a study takes turns at the same few fields.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldlog.model.entry import Entry
from fieldlog.model.errors import FieldLogError, NotSaved, NotUnderstood
from fieldlog.model.moment import Moment
from fieldlog.model.state import Change
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text.writing import Keeping, Writing
from fieldlog.services.capture.uploads import Arrivals
from fieldlog.services.copies.only_here import Copies
from fieldlog.services.hub.switch import Carry, HubSwitch
from fieldlog.services.imports.report import Imported, Progress, no_progress
from fieldlog.services.machine.bundled import PRACTICE_DAY
from fieldlog.services.machine.long_work import Asked, Tell, never, tell_nobody
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import Readable
from fieldlog.services.machine.zone import ZoneUnknown
from fieldlog.services.memo import filing
from fieldlog.services.memo.filing import Filed
from fieldlog.services.memo.tape import Tape
from fieldlog.services.study.device import Device
from fieldlog.services.study.erase_promise import empty_arrived
from fieldlog.services.study.half_written import HalfWritten
from fieldlog.services.study.studies import (
    leave_out_unfilled,
    must_be_here,
    new_study,
    open_study,
    studies,
    sweep_unsealed,
)
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.places.meetings import Meetings

if TYPE_CHECKING:
    from fieldlog.services.archive.restore import Restored
    from fieldlog.services.sync.run import Exchanged

RESERVE_SECONDS = 5.0
"""From the opening of a study until room is kept for text: nobody waits for it."""

ROOM_SECONDS = 60.0
"""While that room is missing, until it is looked for again."""


class Desk:
    """What the windows of one process share. Only the event loop's thread touches it.

    `work` and what belongs to it are None until a study is open. `recovered` are memos the app was killed
    over, filed at this start; `trouble` is the sentence of the last thing that was refused in the background.
    `writer` is the window one writes in; `version` goes up whenever the study changes; `empty` says that the last
    study was removed; `tape` has the memo, `room` keeps room for text, `meetings` are those with other places,
    `hub` lets other devices come here.
    `half_written` is what stands in the form of a study that is none yet. `opens_on` is the code of the day that a
    new window shows first, "" where that is today.
    """

    def __init__(self, machine: Machine, carry: Carry | None = None) -> None:
        self.machine, self.hub = machine, HubSwitch(carry)
        self.work: Workspace | None = None
        self.capture: Capture | None = None
        self.writing: Writing | None = None
        self.copies: Copies | None = None
        self.recovered: list[Filed] = []
        self.found: Entry | None = None
        self.trouble: str = ""
        self.told: list[Callable[[], None]] = []
        self.writer: object | None = None
        self.version, self.empty, self.opens_on = 0, False, ""
        self.place, self.arrivals = machine.place, Arrivals(machine.new_salt)
        self.room = machine.room
        self.tape = Tape(self.room, tell=self.tell, refused=self.refused, settled=self._settled, do=self.do)
        self.keeping = Keeping(tell=self.tell, refused=self.refused, settled=self._settled, do=self.do)
        self.meetings = Meetings(machine, busy=self._is_busy)
        self.room.missed = lambda: self._reserve_in(ROOM_SECONDS)
        self.half_written = HalfWritten(machine.disk_at(""), machine.room)
        self.half_written.told = self._half_written_told
        self._reserving: asyncio.TimerHandle | None = None
        self._jobs: set[asyncio.Task[Any]] = set()

    @classmethod
    async def open(cls, machine: Machine, study: str | None = None, *, carry: Carry | None = None) -> Desk:
        """Open the study used last, or the one named. On an empty data root no study is open. `carry` is what can
        let other devices come here.

        Raises `StoreBusy` where another process writes, `NotFound` for a study that is not here.
        """
        desk, here = cls(machine, carry), await leave_out_unfilled(machine)
        if study is not None:
            await must_be_here(machine, study)
        await desk.half_written.read()
        if here or study is not None:
            await desk._sit(await open_study(machine, study, write=True))
        else:
            await sweep_unsealed(machine)
        # Not before: where another process has the study open, what waits is waiting there.
        await empty_arrived(machine)
        desk.opens_on = PRACTICE_DAY if machine.practice and here else ""
        return desk

    async def begin_study(self, *, title: str, researcher: str, zone: str, first_day: str, days: int) -> None:
        """Make a study, plan its days and open it. Raises `NotUnderstood` with nothing made."""
        work = await new_study(
            self.machine, title=title, researcher=researcher, zone=zone, first_day=first_day, days=days
        )
        await self._change(work)

    async def take_practice(self, progress: Progress = no_progress) -> Imported:
        """Import the month to practise on into its own study and open that."""
        from fieldlog.services.practice.practice_month import bring_practice  # not before the first screen

        done = await bring_practice(self.machine, progress, here=self.work)
        await self.switch(done.study)
        return done

    async def take_in(
        self, source: Readable, progress: Progress = no_progress, *, passphrase: str = "", only: str | None = None,
        cancelled: Asked = never,
    ) -> Imported:  # fmt: skip
        """Import a bundle, a sealed one with its passphrase, or a month file and open its study; the open one
        takes its own in as it stands.

        Raises `NotUnderstood` for anything else, or where it is of another study than the `only` one wanted,
        `WrongPassphrase` for a sealed one that does not open, `Cancelled` for a bundle.
        """
        from fieldlog.services.copies.bundle_in import import_bundle  # not before the first screen
        from fieldlog.services.copies.sealed.unseal import import_sealed, is_sealed

        machine, here = self.machine, self.work
        if await is_sealed(source):
            done = await import_sealed(
                machine, source, passphrase, progress, here=here, only=only, cancelled=cancelled
            )
        elif source.name.lower().endswith(".zip"):
            done = await import_bundle(machine, source, progress, here=here, only=only, cancelled=cancelled)
        else:
            from fieldlog.services.imports.imports import import_month

            done = await import_month(machine, source, progress, here=here, only=only)
        await self.switch(done.study)
        return done

    async def restore(self, folder: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> Restored:
        """Restore a study from its archive and open it. Raises as `archive.restore` does."""
        from fieldlog.services.archive.restore import restore  # not before the first screen

        done = await restore(self.machine, folder, tell=tell, cancelled=cancelled)
        await self.switch(done.study)
        return done

    async def join(self, address: str, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> Exchanged:
        """Take the study in that lies at a place, and open it. Raises as `join_there` does."""
        from fieldlog.services.sync.places.meeting import join_there  # not before the first screen

        done = await join_there(self.machine, address, self.meetings.secrets, tell=tell, cancelled=cancelled)
        await self._change(await open_study(self.machine, write=True))
        return done

    async def switch(self, study: str) -> None:
        """Leave the open study in order and open another."""
        if self.work is None or self.work.store.project != study:
            await self._change(await open_study(self.machine, study, write=True))

    async def remove_study(self, typed: str = "") -> None:
        """Take the open study off this device, what is under way filed first, and open another where there is one.

        Raises `NotUnderstood` where it is not proven elsewhere and `typed` is not its title, or where somebody is
        writing in it, and what `removal.remove_study` raises; then it is open.
        """
        from fieldlog.services.archive import removal  # not before the first screen

        if (work := self.work) is None or (writing := self.writing) is None:
            return
        await self.tape.stop()
        await self.send()
        await work.half_written.keep()
        before = self.version, work.half_written.changes

        def still() -> None:
            if (self.version, work.half_written.changes) != before or writing.text or self.tape.memo:
                raise NotUnderstood("Something was written just now. Nothing was removed; try again.")

        await removal.must_be_agreed(work, typed)
        still()
        study: str | None = work.store.project
        try:
            await self.close()
            still()
            await removal.remove_study(self.machine, work.store.project, typed)
            study = None
        finally:
            self.empty = not await studies(self.machine)
            if not self.empty:
                await self._sit(await open_study(self.machine, study, write=True))
            self.version += 1
            self.tell()

    async def close(self) -> None:
        """File what is under way and let go of the store. Nothing depends on it: machines are killed."""
        self.keeping.rest()
        for task in self._jobs:
            task.cancel()
        if self._reserving:
            self._reserving.cancel()
        self._reserving = None
        await self.half_written.rest()
        if self.work is None:
            return
        await self.hub.leave()
        await self.meetings.leave()
        with suppress(NotSaved):
            await self.tape.stop()
        with suppress(FieldLogError):
            if self.writing:
                await self.writing.leave()
        await self.work.close()
        gc.unfreeze()
        self.work = self.capture = self.writing = self.copies = None
        self.tape.leave()
        self.keeping.leave()

    async def _change(self, work: Workspace) -> None:
        try:
            await self.close()
        finally:
            await self._sit(work)
        self.opens_on = ""
        self.version += 1
        self.tell()

    async def _sit(self, work: Workspace) -> None:
        self.work, self.capture, self.empty = work, Capture(work), False
        self.tape.sit(work, self.capture)
        with suppress(ZoneUnknown):
            await self.capture.begin()
        self.recovered = await filing.adopt_orphans(work)
        self.writing = await Writing.open(work, self.capture)
        self.keeping.sit(self.writing, self.capture)
        self.found = self.writing.found
        self.copies = await Copies.open(work)
        work.half_written.told = self._half_written_told
        self.trouble = work.noticed[-1] if work.noticed else ""
        work.store.listeners.append(self._heard)
        self.meetings.sit(work)
        self.hub.sit(work)
        self._reserve_in(RESERVE_SECONDS)
        gc.freeze()  # A month of records is not garbage; looking through it again and again holds up the screen.

    def _heard(self, _: Change) -> None:
        self.version += 1
        self.tell()

    async def device(self) -> Device:
        """This device, whether or not a study is open."""
        return self.work.device if self.work else await Device.load(self.machine)

    def tell(self) -> None:
        """Let everybody know that something changed."""
        for tell in list(self.told):
            tell()

    # -- the open text

    @property
    def text(self) -> str:
        return self.writing.text if self.writing else ""

    @property
    def kept(self) -> Moment | None:
        """When what stands open was kept last; None where nothing is."""
        return self.keeping.kept

    def typed(self, text: str, chips: Chips) -> None:
        """The whole text as it now stands; it is kept within a quarter of a second."""
        self.keeping.typed(text, chips)

    async def send(self) -> Entry | None:
        """Close the open text: it is an entry, on the disk, when this returns. Raises as `Writing.close` does."""
        return await self.keeping.send()

    # -- room

    def _reserve_in(self, seconds: float) -> None:
        if self._reserving is None:
            loop = asyncio.get_running_loop()
            self._reserving = loop.call_later(seconds, lambda: self.do(self._reserve()))

    async def _reserve(self) -> None:
        self._reserving = None
        if not await self.room.keep():
            self._reserve_in(ROOM_SECONDS)

    def refused(self, refusal: FieldLogError) -> None:
        """Something was refused in the background: its sentence is told."""
        self.trouble = str(refusal)
        self.tell()

    def _is_busy(self) -> bool:
        """Whether somebody types or speaks just now."""
        return self.tape.memo is not None or self.keeping.is_typed()

    def _settled(self) -> None:
        self.trouble = ""

    def _half_written_told(self, refusal: FieldLogError | None) -> None:
        """What stands in a form could not be kept, or can again."""
        self.trouble = str(refusal or "")
        self.tell()

    def do(self, work: Coroutine[Any, Any, Any]) -> None:
        """Something to be done in the background; what it refuses is told, not lost."""

        async def run() -> None:
            with suppress(FieldLogError):
                await work

        task = asyncio.ensure_future(run())
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
