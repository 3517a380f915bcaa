"""What is being written to lie elsewhere, and what becomes of it where something is erased for good meanwhile.

A bundle or an archive is of one moment. What is erased after it would still go into what is being written. So
erasing has everything under way stop, waits for that, and what was stopped begins anew, of what is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from fieldlog.model.errors import Cancelled, FieldLogError
from fieldlog.services.machine.long_work import STOPPED, Asked
from fieldlog.services.machine.sources import DiskFile

T = TypeVar("T")


@dataclass(eq=False)
class _Run:
    """One attempt. `anew` says that something is erased, so that what it makes is not to stay."""

    cancelled: Asked
    anew: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def asked(self) -> bool:
        """Whether it is to stop."""
        return self.anew or self.cancelled()


class UnderWay:
    """The writings of an open study; `erasing` is held while something of it is erased for good."""

    def __init__(self, erasing: asyncio.Lock) -> None:
        self._erasing = erasing
        self._runs: set[_Run] = set()

    async def halted(self) -> None:
        """Have everything that is under way begin anew, once erasing is over; when this returns it has stopped."""
        runs = list(self._runs)
        for run in runs:
            run.anew = True
        for run in runs:
            await run.over.wait()

    async def write(
        self, verb: Callable[[Asked], Awaitable[T]], *, cancelled: Asked,
        undo: Callable[[T | None], Awaitable[None]], done: Callable[[T], Awaitable[None]],
    ) -> T:  # fmt: skip
        """Do what writes a study as it is when `verb` is called, and is told when to stop.

        It is done again where something was erased meanwhile: `undo` takes out of the way what it had made by
        then, None where it stopped in between. Of what stays, `done` keeps account before anything more can be
        erased. Raises what `verb` raises, and `Cancelled` where a person stopped it.
        """
        while True:
            async with self._erasing:
                run = _Run(cancelled)
                self._runs.add(run)
            try:
                made = await _stopped(verb, run)
                if made is not None and not run.anew:
                    await done(made)
                    return made
                await undo(made)
            finally:
                self._runs.discard(run)
                run.over.set()
            if cancelled():
                raise Cancelled(STOPPED)

    async def write_file(
        self, file: DiskFile, verb: Callable[[Asked], Awaitable[T]], *, cancelled: Asked,
        is_named: Callable[[], bool], done: Callable[[T], Awaitable[None]], gone: Callable[[], Awaitable[None]],
    ) -> T:  # fmt: skip
        """Do what makes one file, as `write` does. What nobody is told of does not lie there: what is erased later
        would still be in it.

        `is_named` says whether anything made so far got the file's name, whatever came after; `gone` is called
        once nothing lies there that nobody is told of.
        """

        async def undo(made: T | None) -> None:
            if made is not None:
                await file.disk.remove(file.path)
            await gone()

        try:
            made = await self.write(verb, cancelled=cancelled, undo=undo, done=done)
        except BaseException:
            if is_named():
                with suppress(FieldLogError):
                    await file.disk.remove(file.path)
                if await file.disk.size(file.path) is not None:
                    raise
            await gone()
            raise
        await gone()
        return made


async def _stopped(verb: Callable[[Asked], Awaitable[T]], run: _Run) -> T | None:
    """What was made; None where it was stopped because something is erased."""
    try:
        return await verb(run.asked)
    except Cancelled:
        if not run.anew:
            raise
        return None
