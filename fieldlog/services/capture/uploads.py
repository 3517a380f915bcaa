"""Files on their way in from a browser: too large for the line on which screens are drawn, so each by itself.

Whoever wants a file gives out a ticket; whoever has the ticket may bring one file, once. What is dropped on a
window comes without one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.model.ports import Source


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A file as it comes in; its chunks can be read once."""

    name: str
    arriving: AsyncIterator[bytes]

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self.arriving:
            yield chunk


class Expected:
    """A file that is waited for. `ticket` names it; `take` is what is done with it when it comes."""

    def __init__(self, ticket: str, name: str, take: Callable[[Source], Awaitable[Any]]) -> None:
        self.ticket, self.name, self.take = ticket, name, take
        self.begun = asyncio.Event()
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class Arrivals:
    """The tickets of one process. `listening` says that somebody can bring files at all. `dropped` takes what is
    dropped on a window; what it refuses it tells there."""

    def __init__(self, new_ticket: Callable[[], str]) -> None:
        self._new_ticket = new_ticket
        self._expected: dict[str, Expected] = {}
        self.listening = False
        self.dropped: Callable[[Source], Awaitable[None]] | None = None

    def expect(self, name: str, take: Callable[[Source], Awaitable[Any]]) -> Expected:
        """Give out a ticket for a file of this name."""
        made = Expected(self._new_ticket(), name, take)
        self._expected[made.ticket] = made
        return made

    def forget(self, expected: Expected) -> None:
        """The file is not waited for any more."""
        self._expected.pop(expected.ticket, None)

    async def drop(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Take in what was dropped on a window. Raises `NotFound` where nobody takes it."""
        if self.dropped is None:
            raise NotFound("Nobody waits for this file.")
        await self.dropped(Stream(name=name, arriving=chunks))

    async def arrive(self, ticket: str, chunks: AsyncIterator[bytes]) -> None:
        """Take in what was brought. Raises `NotFound` for a ticket nobody gave out, or used already.

        What becomes of it, a refusal too, is told to whoever waits in `Expected.done`.
        """
        expected = self._expected.pop(ticket, None)
        if expected is None:
            raise NotFound("Nobody waits for this file.")
        expected.begun.set()
        done = expected.done
        try:
            kept = await expected.take(Stream(name=expected.name, arriving=chunks))
            if not done.done():
                done.set_result(kept)
        except (FieldLogError, OSError) as why:
            _tell(done, why)
        finally:
            _tell(done, OSError("the file was not taken in"))


def _tell(done: asyncio.Future[Any], why: Exception) -> None:
    if not done.done():
        done.set_exception(why)
        # Whoever gave up waiting does not look at it any more.
        done.exception()
