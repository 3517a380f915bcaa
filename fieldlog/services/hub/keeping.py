"""The hub's own laptop exchanges with the hub's folder, as any device does, while the hub is open.

Before the first device is let in; a moment after one has brought something; before heads are listed, where
something was written here meanwhile; and before anything at all is read, where something was erased.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fieldlog.model.errors import Cancelled, FieldLogError
from fieldlog.model.standing import erased
from fieldlog.model.state import Change
from fieldlog.services.hub.hub import Hub
from fieldlog.services.machine.long_work import Tell, tell_nobody
from fieldlog.services.sync.exchange import Wiped, exchange
from fieldlog.services.sync.places.meeting import follow
from fieldlog.services.sync.run import Exchanged

SETTLES_SECONDS = 2.0
"""After the last file that came, so that what comes in many is taken in at once."""

PATIENT_SECONDS = 10.0
"""Who lists heads waits so long for what was written here."""


class Keeping:
    """`trouble` is why the last exchange with the folder went wrong, None where it did not. `done` is what it
    did."""

    def __init__(self, hub: Hub) -> None:
        self._hub, self._work = hub, hub.work
        self.trouble: FieldLogError | OSError | None = None
        self.done = Exchanged(idle=True)
        self._written, self._erased, self._stops = False, False, False
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    async def begin(self, tell: Tell = tell_nobody) -> None:
        """Exchange, and from now on see to it. Raises as `exchange` does."""
        self._work.store.listeners.append(self._changed)
        await self._hub.shelf.sweep()
        await self._exchange(tell)
        self._hub.came, self._hub.ready, self._hub.fresh = self._came, self._ready, self._fresh

    async def end(self) -> None:
        """What goes on is stopped, and gone on with the next time."""
        self._stops = True
        self._work.store.listeners.remove(self._changed)
        if self._timer:
            self._timer.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    def _changed(self, change: Change) -> None:
        self._written = True
        state = self._work.store.state
        self._erased = self._erased or any(erased(state.raw(one) or {}) for one in change.records)

    def _came(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(SETTLES_SECONDS, self._take_in)

    def _take_in(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._quietly())
        else:
            self._came()

    async def _ready(self) -> None:
        while self._erased:
            async with self._work.erasing:
                """What is erased this moment is erased to its end."""
            await self._exchange(tell_nobody)

    async def _fresh(self) -> None:
        if not self._written:
            return
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._quietly())
        await asyncio.wait([self._task], timeout=PATIENT_SECONDS)

    async def _quietly(self) -> None:
        with suppress(FieldLogError, OSError):
            await self._exchange(tell_nobody)

    async def _exchange(self, tell: Tell) -> None:
        written, was_erased, self._written, self._erased = self._written, self._erased, False, False
        self.trouble = None
        try:
            self.done = await self._once(tell)
        except (FieldLogError, OSError) as why:
            self._written, self._erased = self._written or written, self._erased or was_erased
            self._is_troubled_by(why)
            raise
        finally:
            self._tell()
        if not self.done.idle:
            await self._follow()

    async def _follow(self) -> None:
        """The archive follows; where it can't, whoever is paired is let in all the same."""
        try:
            await follow(self._work, cancelled=self._stopped)
        except (FieldLogError, OSError) as why:
            self._is_troubled_by(why)
            self._tell()

    def _is_troubled_by(self, why: FieldLogError | OSError) -> None:
        self.trouble = None if isinstance(why, Cancelled) else why

    def _tell(self) -> None:
        for heard in list(self._hub.heard):
            heard()

    async def _once(self, tell: Tell) -> Exchanged:
        """Where the folder was emptied it is filled again: it is this device's own."""
        try:
            return await self._met(tell, refill=False)
        except Wiped:
            return await self._met(tell, refill=True)

    async def _met(self, tell: Tell, *, refill: bool) -> Exchanged:
        hub = self._hub
        return await exchange(
            self._work, hub.shelf.target, f"own-hub:{hub.record.id}", tell=tell, cancelled=self._stopped,
            refill=refill,
        )  # fmt: skip

    def _stopped(self) -> bool:
        return self._stops


@asynccontextmanager
async def kept(hub: Hub, tell: Tell = tell_nobody) -> AsyncIterator[Keeping]:
    """The hub's folder holds what this laptop does, and the other way round, while the block lasts. Raises as
    `exchange` does."""
    keeping = Keeping(hub)
    try:
        await keeping.begin(tell)
        yield keeping
    finally:
        await keeping.end()
