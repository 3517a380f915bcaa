"""The passphrase of a sealed file that comes in: asked for before anything of it is looked at, until it opens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from fieldlog.services.machine.sources import Readable
from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.archive.state import Asking
from fieldlog.ui.window.window import Window

T = TypeVar("T")


class Opening:
    """`asking` is the file that waits for its passphrase; `typed` stands in a field, and is kept nowhere."""

    def __init__(self, window: Window, long: LongWork) -> None:
        self._window, self._long = window, long
        self.asking, self.typed = Asking(), ""
        self._answer: asyncio.Future[str] | None = None
        self._wrong = False

    async def opened(self, what: str, source: Readable, verb: Callable[[str], Awaitable[T]]) -> T | None:
        """What long work makes of a file, given its passphrase: "" where it is not sealed, else asked for until it
        opens. None where that was refused, and why is said, or where nobody wants it to open."""
        from fieldlog.services.copies.sealed.unseal import is_sealed, look  # not before the first screen

        if not await is_sealed(source):
            found: T | None = await self._long.run(what, lambda: verb(""))
            return found
        if await self._window.attempt(look(source)) is None:
            return None
        while passphrase := await self._asked(source.name):
            found = await self._long.run(what, partial(self._with, passphrase, verb))
            if not self._wrong:
                return found
        return None

    def open(self) -> None:
        """The passphrase is typed."""
        if self.typed:
            self._answered(self.typed)

    def leave(self) -> None:
        """The sealed file that waits is not wanted now."""
        self._answered("")

    async def _with(self, passphrase: str, verb: Callable[[str], Awaitable[T]]) -> T:
        from fieldlog.services.copies.sealed.first_line import WrongPassphrase

        self._wrong = False
        try:
            return await verb(passphrase)
        except WrongPassphrase:
            self._wrong = True
            raise

    async def _asked(self, name: str) -> str:
        """Show that a sealed file waits for its passphrase; "" where none is given."""
        self.leave()
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self.typed, self.asking.name = "", name
        return await answer

    def _answered(self, passphrase: str) -> None:
        self.typed, self.asking.name = "", ""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(passphrase)
