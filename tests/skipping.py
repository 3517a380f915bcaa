"""An event loop whose clock nobody has to wait for: what happens a second later happens next.

A test that waits for a timer neither takes that long nor depends on how busy the machine is: everything that can
be done before is done first, and then it is that time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Frozen = TypeVarTuple("Frozen")

OWN_FILES = 1
"""What a loop that talks to nobody listens to: what its threads have to say."""


class Skipping(asyncio.SelectorEventLoop):
    """Its time stands still while there is anything to do, and goes on to the next timer where there is nothing.

    For a thread, or somebody at the other end of a socket, it waits as other loops do.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._in_threads = 0
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return self._now

    def go_on(self, seconds: float) -> None:
        self._now += seconds

    @property
    def waits_for_somebody(self) -> bool:
        return self._in_threads > 0

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Frozen]], T], *args: *Frozen
    ) -> asyncio.Future[T]:
        running = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        running.add_done_callback(self._ended)
        return running

    def _ended(self, _: asyncio.Future[Any]) -> None:
        self._in_threads -= 1


class _Impatient(selectors.DefaultSelector):
    """Asked to wait for a while, it says that the while is over."""

    def __init__(self, loop: Skipping) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        waits = self._loop.waits_for_somebody or len(self.get_map()) > OWN_FILES
        found = super().select(timeout if waits else 0)
        if not found:
            self._loop.go_on(timeout)
        return found
