"""The other side: a code that was pasted, or came by a link, pairs this device with a laptop of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fieldlog.model.errors import FieldLogError
from fieldlog.services.sync.hubs.known import known_hub
from fieldlog.services.sync.places.places import keep_place
from fieldlog.ui.sync.hub.state import Pairing
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What pairing leads to: an address is exchanged with, or the study that is there comes here."""

    meet: Callable[[str], Awaitable[None]]
    join: Callable[[str], Awaitable[None]]


class PairJourney(Journey):
    """`typed` is the code; nothing of it is kept."""

    def __init__(self, window: Window, ways: Ways) -> None:
        super().__init__(window)
        self.state, self.typed, self._ways = Pairing(), "", ways

    def open(self) -> None:
        self._begin(open_=True)

    def leave(self) -> None:
        self._begin(open_=False)

    def type(self, text: str) -> None:
        self.typed = text
        self.state.asked = self.state.problem = self.state.another = ""

    async def came(self, code: str) -> None:
        """A link with a code was opened in this app."""
        self._begin(open_=True)
        self.type(code)
        await self.ask()

    async def ask(self) -> None:
        """Say with whom the code pairs, before it does."""
        from fieldlog.services.sync.hubs.reach import whose_code  # not before the first screen

        state = self.state
        state.problem = state.another = ""
        try:
            state.asked = await whose_code(self.window.desk.machine, self.typed)
        except (FieldLogError, OSError) as why:
            state.asked, state.problem = "", self.words.told(why)

    async def go(self) -> None:
        """A person agreed: pair, and exchange."""
        from fieldlog.services.sync.places.paired import paired_place  # not before the first screen

        state, desk = self.state, self.window.desk
        if state.looks:
            return
        state.looks, state.problem = True, ""
        try:
            place = await paired_place(desk.machine, self.typed, desk.meetings.secrets)
            hub = await known_hub(desk.machine, place.address)
        except (FieldLogError, OSError) as why:
            state.problem = self.words.told(why)
            return
        finally:
            state.looks, state.asked = False, ""
        if desk.work is None:
            await self._ways.join(place.address)
        elif hub is None or hub.study != self.work.store.project:
            state.another = place.address
        else:
            await self.window.attempt(keep_place(self.work.store.disk, place))
            self._begin(open_=False)
            await self._ways.meet(place.address)

    async def take_study(self) -> None:
        """That laptop's study comes here, beside the one that is open now."""
        address, self.state.another = self.state.another, ""
        await self._ways.join(address)

    def _begin(self, *, open_: bool) -> None:
        state, self.typed = self.state, ""
        state.asked = state.problem = state.another = ""
        state.open, state.turn = open_, state.turn + 1
