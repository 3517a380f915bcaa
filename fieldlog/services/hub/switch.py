"""The hub of the open study, switched on and off in the app; it ends with the app.

Where it was on when the app was closed it goes on a moment after the same study is opened again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Literal

from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.sentence import sentence
from fieldlog.services.study.workspace import Workspace

if TYPE_CHECKING:
    from fieldlog.services.hub.hub import Hub
    from fieldlog.services.hub.keeping import Keeping
    from fieldlog.services.hub.record import HubRecord, PairedDevice

WISH = "hub"
"""Of what is liked on this device: the study whose hub is on, "" for none."""

AGAIN_SECONDS = 5.0
"""From the opening of a study: nobody waits for it."""

NO_APP = sentence("That is no web address. It begins with https:// and is what the phone’s browser shows.")
_WEB = re.compile(r"https://[^\s#]{1,120}|http://(localhost|127\.0\.0\.1)[^\s#]{0,100}")

Carry = Callable[["Hub"], AbstractAsyncContextManager[None]]
"""Lets devices reach a hub while the block lasts."""

Stands = Literal["off", "begins", "on", "ends"]


class HubSwitch:
    """`carry` is None where this machine can't be a hub. `hub` and `keeping` are there while it is on. `why` is
    what it was refused for, `moved` says that it is reached at another port than last time. Whoever is in `told`
    hears of all of it."""

    def __init__(self, carry: Carry | None = None) -> None:
        self._carry = carry
        self.stands: Stands = "off"
        self.hub: Hub | None = None
        self.keeping: Keeping | None = None
        self.why: FieldLogError | OSError | None = None
        self.code, self.moved = "", False
        self.told: list[Callable[[], None]] = []
        self._work: Workspace | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def here(self) -> bool:
        """Whether this machine can be a hub."""
        return self._carry is not None

    def sit(self, work: Workspace) -> None:
        """A study is open."""
        self._work, self.why = work, None
        if self.here and work.device.preferences.get(WISH) == work.store.project:
            self._timer = asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._begin)

    async def leave(self) -> None:
        """The study is closed: nobody is let in any more."""
        if self._timer:
            self._timer.cancel()
        await self._end()
        self._work = None

    async def turn(self, *, on: bool) -> None:
        """Let one's own devices reach this one, or no more. What it is refused for stands in `why`."""
        if self._work is None:
            return
        if self._timer:
            self._timer.cancel()
        await self._work.device.prefer(WISH, self._work.store.project if on else "")
        if on:
            self._begin()
        else:
            await self._end()

    def new_code(self) -> None:
        """Show a code that pairs one device; the one before is void."""
        if self.hub is not None:
            self.code = self.hub.new_code()
            self._tell()

    def close_code(self) -> None:
        """Nobody can be paired any more, until a new code is shown."""
        self.code = ""
        if self.hub is not None:
            self.hub.close_code()
        self._tell()

    # -- devices

    async def devices(self) -> list[PairedDevice]:
        """Those ever paired with this study's hub, on or off."""
        if self._work is None:
            return []
        return (await self._record(self._work)).devices

    async def revoke(self, device: str) -> None:
        """Let a device, by its id, in no more. Raises as the disk does; then it still is."""
        if self.hub is not None:
            await self.hub.revoke(device)
        elif self._work is not None:
            await (await self._record(self._work)).revoke(device, self._work.machine.clock().at)
        self._tell()

    async def app_at(self) -> str:
        """The web address of the app on the phone; "" where nobody said it."""
        return (await self._record(self._work)).app if self._work else ""

    async def let_app_be_at(self, address: str) -> None:
        """From now on a code is a link to there; "" takes that back. Raises `NotUnderstood` for what is none, and
        as the disk does."""
        plain = address.strip().partition("#")[0]
        if plain and not _WEB.fullmatch(plain):
            raise NotUnderstood(NO_APP)
        if self._work is not None:
            record = await self._record(self._work)
            record.app = plain
            await record.keep()

    def renamed(self) -> None:
        """This device has another name."""
        if self.hub is not None and self._work is not None:
            from fieldlog.services.sync.hubs.own_name import own_name

            self.hub.name = own_name(self._work.device)

    async def _record(self, work: Workspace) -> HubRecord:
        from fieldlog.services.hub.record import HubRecord

        return self.hub.record if self.hub else await HubRecord.of(work.store.disk, work.machine.new_id)

    # -- on and off

    def _begin(self) -> None:
        if self._work is None or self._carry is None or (self._task is not None and not self._task.done()):
            return
        self._stop = asyncio.Event()
        self.why = None
        self._at("begins")
        self._task = asyncio.ensure_future(self._run(self._work, self._carry, self._stop))

    async def _end(self) -> None:
        self._stop.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self, work: Workspace, carry: Carry, stop: asyncio.Event) -> None:
        from fieldlog.services.hub.hub import hub_of  # not before somebody wants it
        from fieldlog.services.hub.keeping import kept
        from fieldlog.services.sync.hubs.own_name import own_name

        try:
            hub = await hub_of(work, own_name(work.device))
            before = hub.record.port
            async with kept(hub) as keeping, carry(hub):
                self.hub, self.keeping = hub, keeping
                self.moved = before not in (0, hub.record.port)
                hub.heard.append(self._heard)
                self._at("on")
                await stop.wait()
                self._at("ends")
        except (FieldLogError, OSError) as why:
            self.why = why
        finally:
            self.hub = self.keeping = None
            self.code, self.moved = "", False
            self._at("off")

    def _heard(self) -> None:
        if self.hub is not None and not self.hub.pairs:
            self.code = ""
        self._tell()

    def _at(self, stands: Stands) -> None:
        self.stands = stands
        self._tell()

    def _tell(self) -> None:
        for tell in list(self.told):
            tell()
