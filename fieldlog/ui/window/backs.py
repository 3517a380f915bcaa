"""What can be taken back in one window, the newest first: the words of the strip, and for how long."""

from __future__ import annotations

import asyncio
import contextvars

from fieldlog.services.study.done import Back
from fieldlog.ui.window.state import Shell

UNDO_SECONDS, UNDO_STEPS = 10.0, 2
"""How long, and how many things, can be taken back."""

TWICE_SECONDS = 0.5
"""Two taps within this time are one: a finger that taps twice takes back one thing."""


class Backs:
    """Each can be taken back for ten seconds from when it was done; the strip has the words of the newest."""

    def __init__(self, shell: Shell, context: contextvars.Context) -> None:
        self._shell, self._context = shell, context
        self._known: list[tuple[float, str, Back]] = []
        self._taken = -TWICE_SECONDS
        self._timer: asyncio.TimerHandle | None = None

    def offer(self, words: str, back: Back) -> None:
        """Something was done, which these words say and `back` takes back."""
        self._known.append((asyncio.get_running_loop().time() + UNDO_SECONDS, words, back))
        del self._known[:-UNDO_STEPS]
        self._taken = -TWICE_SECONDS
        self._show()

    def take(self) -> Back | None:
        """What takes back what was done last; None where nothing can be. The one before stands there then."""
        now = asyncio.get_running_loop().time()
        if not self._known or now - self._taken < TWICE_SECONDS:
            return None
        self._taken = now
        _, _, back = self._known.pop()
        self._show()
        return back

    def forget(self) -> None:
        self._known.clear()
        self._show()

    def _show(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._known and self._known[-1][0] <= loop.time():
            self._known.clear()  # what was done before it is longer ago
        self._shell.undo = self._known[-1][1] if self._known else ""
        if self._known:
            self._timer = loop.call_at(self._known[-1][0], self._show, context=self._context.copy())
