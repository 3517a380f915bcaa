"""How the phone carries FieldLog: on the home screen or in a tab, for how long, and in which version.

The page is asked over the BroadcastChannel "fieldlog-update" of this app; what it says is told at the top of
assets/pocket/register.js.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from fieldlog.services.machine.machine import addressed
from fieldlog.ui.memo.state import Live
from fieldlog.ui.pocket.state import Carried
from fieldlog.ui.window.window import Window

if TYPE_CHECKING:
    from fieldlog.ui.pocket.channel import Channel


class Carrying:
    """One window's. On a laptop there is no page to ask, and `carried.here` stays False."""

    def __init__(self, window: Window, live: Live) -> None:
        self._window, self._live = window, live
        self._line: Channel | None = None
        self.carried = Carried(here=sys.platform == "emscripten")
        self.then = "/welcome/new"
        self._go_beside: Callable[[], Awaitable[None]] | None = None

    def begin(self, *, beside: str = "", go_beside: Callable[[], Awaitable[None]] | None = None) -> None:
        """Ask how things stand, once the window is drawn; and that what is kept here stays.

        `beside` names the store that is not opened, "" none; `go_beside` has it opened from the next start on.
        """
        self.carried.beside, self._go_beside = beside, go_beside
        from fieldlog.ui.pocket.channel import Channel

        self._line = Channel(addressed("fieldlog-update"), self.heard, context=self._window.context)
        self._line.tell({"ask": "state"})
        if self._window.desk.work is not None:
            self._line.tell({"ask": "persist"})

    def heard(self, told: dict[str, Any]) -> None:
        """What the page says of itself, all of it or what changed."""
        carried, state = self.carried, told.get("state")
        if isinstance(state, dict):
            carried.home = bool(state.get("standalone", carried.home))
            carried.offers = bool(state.get("installable", carried.offers))
            carried.apple = bool(state.get("apple", carried.apple))
            carried.ready = bool(state.get("update", carried.ready))
            carried.neighbours = tuple(map(str, state.get("neighbours", carried.neighbours)))
            carried.offline = str(state.get("offline", carried.offline))
            carried.fetched = int(state.get("fetched", carried.fetched))
            carried.files = int(state.get("files", carried.files))
            if state.get("persisted") is not None:
                carried.lasts = bool(state["persisted"])

    def keep(self) -> None:
        """There is something to keep now: ask the browser never to clear it."""
        self._tell({"ask": "persist"})

    def put_home(self) -> None:
        """Let the browser put FieldLog on the home screen, where it offers to."""
        self._tell({"ask": "install"})

    def take_new(self) -> None:
        """Go over to the new version. Not while a memo is being recorded."""
        if not self._live.on:
            self._tell({"apply": True})

    async def open_beside(self) -> None:
        """Load the page anew with the other store. Not while a memo is being recorded."""
        if self._go_beside is not None and not self._live.on:
            await self._window.attempt(self._go_beside())
            self._tell({"reload": True})

    @property
    def first_home(self) -> bool:
        """Whether a study is better begun on the home screen than here: in a tab on a phone."""
        return self.carried.here and not self.carried.home and self._window.shell.phone

    def before(self, route: str) -> str:
        """Where one is led who wants to begin at a route: to the home screen first, where that is better. From
        there it goes on to the route, which is `then`."""
        self.then = route
        return "/welcome/home" if self.first_home else route

    def _tell(self, message: dict[str, Any]) -> None:
        if self._line is not None:
            self._line.tell(message)
