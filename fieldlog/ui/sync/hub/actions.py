"""This laptop is switched on for one's own devices: a code is shown, devices come, a key is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fieldlog.model.errors import FieldLogError
from fieldlog.services.hub.switch import HubSwitch
from fieldlog.ui.sync.hub import views
from fieldlog.ui.sync.hub.naming import NamingThis
from fieldlog.ui.sync.hub.state import HubState
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

if TYPE_CHECKING:
    from fieldlog.services.hub.keeping import Keeping
    from fieldlog.services.sync.run import Exchanged


class HubJourney(Journey):
    """`looked` is what looks at everything anew, once something came in."""

    def __init__(self, window: Window, looked: Callable[[], Awaitable[None]]) -> None:
        super().__init__(window)
        self.state, self.naming = HubState(), NamingThis(window)
        self._looked = looked
        self._done: Exchanged | None = None
        self._keys = dict[str, str]()
        window.on_refresh.append(self._listen)
        window.on_minute.append(self._minute)
        window.on_left.append(self._left)

    @property
    def switch(self) -> HubSwitch:
        return self.window.desk.hub

    @property
    def here(self) -> bool:
        """Whether this machine can let others come."""
        return self.switch.here

    async def look(self) -> None:
        """Find out who is paired: when the screen is shown, and whenever the hub tells of something."""
        if not self.here or self.window.desk.work is None:
            return
        switch, state, words = self.switch, self.state, self.words
        now, devices = self.work.machine.clock().at, await switch.devices()
        rows = views.paired_rows(devices, now, self.work.zone, words)
        if self._keys:
            fresh = [one.name for one in devices if one.key and self._keys.get(one.id, "") != one.key]
            state.used = words("{name} is paired now.", name=fresh[0] or rows[0].name) if fresh else state.used
        self._keys = {"": "", **{one.id: one.key for one in devices}}
        if state.devices != rows:
            state.devices = rows
        if state.asked and state.asked not in {one.id for one in rows if not one.revoked}:
            state.asked = ""
        self._show(met=any(one.met for one in devices))
        await self.naming.look()

    def _show(self, *, met: bool) -> None:
        switch, state, hub = self.switch, self.state, self.switch.hub
        state.stands = switch.stands
        state.problem = self._trouble(switch.keeping)
        state.told = views.reached_words(hub.addresses, self.words, moved=switch.moved, met=met) if hub else ()
        state.code, state.app = switch.code, hub.record.app if hub else state.app
        state.left = views.left_words(hub.pairs_until, self.work.machine.clock().at, self.words) if hub else ""

    def _trouble(self, keeping: Keeping | None) -> str:
        why = self.switch.why or (keeping.trouble if keeping else None)
        return self.words.told(why) if why else ""

    # -- what a person does

    async def turn(self, *, on: bool) -> None:
        """Let one's own devices reach this one, or nobody."""
        self.state.used = ""
        await self.window.attempt(self.switch.turn(on=on))
        await self.look()

    def show_code(self) -> None:
        """A code for one more device; the one before is void."""
        self.state.used = ""
        self.switch.new_code()

    def close_code(self) -> None:
        self.switch.close_code()

    async def let_app_be_at(self, address: str) -> None:
        """Where the app for the phone is: the code that is shown is a link to it."""
        state = self.state
        try:
            await self.switch.let_app_be_at(address)
        except FieldLogError as why:
            state.app_problem = self.words.told(why)
            return
        state.app_problem, state.app = "", address.strip()
        if state.code:
            self.switch.new_code()

    def ask_back(self, device: str) -> None:
        """Whether a device's key is really to be taken back."""
        self.state.asked = device

    def leave_asking(self) -> None:
        self.state.asked = ""

    async def take_back(self) -> None:
        """A person agreed: the device that was asked about is let in no more."""
        device, self.state.asked = self.state.asked, ""
        await self.window.attempt(self.switch.revoke(device))
        await self.look()

    # -- hearing of it

    def _listen(self) -> None:
        if self.here and self._heard not in self.switch.told:
            self.switch.told.append(self._heard)

    async def _left(self) -> None:
        if self._heard in self.switch.told:
            self.switch.told.remove(self._heard)

    def _heard(self) -> None:
        """Whoever tells it, it is looked at as this window's own."""
        asyncio.get_running_loop().call_soon(self._moved, context=self.window.context.copy())

    def _moved(self) -> None:
        if self.window.desk.work is None:
            return
        self.window.page.run_task(self.look)
        keeping = self.switch.keeping
        if keeping is not None and keeping.done is not self._done:
            came, self._done = not keeping.done.idle, keeping.done
            if came:
                self.window.page.run_task(self._looked)

    def _minute(self) -> None:
        hub = self.switch.hub
        if hub is None or self.window.desk.work is None:
            return
        hub.look_around()
        if self.switch.code and not hub.pairs:
            self.switch.close_code()
        self.window.page.run_task(self.look)
