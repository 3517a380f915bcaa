"""Long work of one window, one piece at a time: how far it is, what came of it, and the wish to stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from fieldlog.model.errors import FieldLogError
from fieldlog.ui.archive.state import Work
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.words import Words

SHOWN_A_SECOND = 10


class Works(Protocol):
    """A journey with long work."""

    long: LongWork

    @property
    def words(self) -> Words: ...


class LongWork:
    """`state` is what the screens show of it."""

    def __init__(self, window: Window) -> None:
        self._window, self.state = window, Work()
        self._shown = 0.0

    async def run(self, what: str, verb: Callable[[], Awaitable[Any]]) -> Any:
        """Do long work with its progress shown; None where it was refused, and why is said."""
        state = self.state
        if state.what:
            return None
        state.done, state.total, state.stopping, state.said, state.faults = 0, 0, False, "", ()
        state.what = what
        try:
            return await verb()
        except (FieldLogError, OSError) as refusal:
            self.say(self._window.words.told(refusal))
            return None
        finally:
            state.what = ""

    def stop(self) -> None:
        """Ask the work under way to stop; what is done by then stays."""
        self.state.stopping = True

    async def noted(self) -> None:
        """The ledger changed: what it says is read again."""
        if self._window.desk.copies is not None:
            await self._window.desk.copies.reload()
        self._window.desk.tell()

    def say(self, said: str, faults: list[str] | tuple[str, ...] = ()) -> None:
        """What came of it, under the buttons; faults in the language of the window."""
        self.state.said, self.state.faults = said, tuple(self._window.words.told(one) for one in faults)

    def asked(self) -> bool:
        """Whether a person asked for a stop."""
        return self.state.stopping

    def tell(self, done: int, total: int) -> None:
        """How far it is, shown a few times a second."""
        now = asyncio.get_running_loop().time()
        if now - self._shown >= 1 / SHOWN_A_SECOND or done == total:
            self._shown = now
            self.state.done, self.state.total = done, total
