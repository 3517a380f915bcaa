"""What other apps share with one window in the pocket comes in by itself and is told of; a bundle is offered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from fieldlog.model.errors import FieldLogError
from fieldlog.ui.archive.outbox import Outbox
from fieldlog.ui.pocket.state import Offered
from fieldlog.ui.window.window import Window

if TYPE_CHECKING:
    from fieldlog.model.ports import Disk
    from fieldlog.services.pocket.share_inbox import TakenIn, Waiting

log = logging.getLogger(__name__)
LEAVES_SECONDS = 3.0
"""Sharing usually loads the page anew: so long the page that was there before leaves it to the one that comes,
since nobody would read what it says of it."""


class Sharing:
    """`offered` is the bundle that waits for a word. On a laptop nothing is shared, and there is no disk."""

    def __init__(self, window: Window, outbox: Outbox) -> None:
        self._window, self._outbox = window, outbox
        self.offered = Offered()
        self._disks: list[Disk] = []
        self._line: object = None
        self._first: Waiting | None = None
        self._taking = asyncio.Lock()
        self._tasks = set[asyncio.Task[Any]]()
        self._study: object = None

    def begin(self, disk: Disk, line: object = None, earlier: Disk | None = None) -> None:
        """Take in what lies on the disk, and where an earlier version put it; and again whenever another study is
        open. `line` is kept open."""
        self._disks, self._line = [*([earlier] if earlier else []), disk], line
        self._window.desk.told.append(self._changed)
        self._changed()

    def heard(self, told: dict[str, Any]) -> None:
        """The page says that something was shared."""
        if told.get("shared"):
            self._do(self._take_later())

    async def _take_later(self) -> None:
        await asyncio.sleep(LEAVES_SECONDS)
        await self.take()

    async def take(self) -> None:
        """Take in what was shared and say what that was. Without an open study it waits."""
        window, desk = self._window, self._window.desk
        async with self._taking:
            disks = [one for one in self._disks if desk.work is not None and await one.list("")]
            if not disks or desk.work is None or desk.capture is None:
                return
            from fieldlog.services.pocket.share_inbox import TakenIn, take_in  # not before the first screen

            done = TakenIn()
            for disk in disks:
                done.add(await take_in(desk.work, desk.capture, disk))
        self._offer(done.bundles)
        said = [self._came(done)]
        for name, problem in done.problems:
            sentence = window.words.told(FieldLogError(problem))
            said.append(f"{name}: {sentence}" if name else sentence)
        if any(said):
            window.shell.notice = " ".join(one for one in said if one)

    async def bring_in(self) -> None:
        """Import what is offered, where its progress is shown; once it is in, it is not kept beside it."""
        one = self._first
        if one is not None:
            self._window.go("/archive/copies")
            if await self._outbox.take(one):
                await self._let_go(one)

    async def leave(self) -> None:
        """What is offered is not wanted."""
        if self._first is not None:
            await self._let_go(self._first)

    async def _let_go(self, one: Waiting) -> None:
        from fieldlog.services.pocket.share_inbox import drop

        async with self._taking:
            await self._window.attempt(drop(one))
        self._offer([])
        await self.take()

    def _offer(self, bundles: list[Waiting]) -> None:
        self._first = next(iter(bundles), None)
        self.offered.name = self._first.name if self._first else ""

    def _came(self, done: TakenIn) -> str:
        """What came in, in one sentence; "" where nothing did."""
        words, new = self._window.words, done.new
        others = done.new.total() - new["jotting"] - new["photo"] - new["voice"]
        counts = [
            words.many("{n} note", "{n} notes", new["jotting"]) if new["jotting"] else "",
            words.many("{n} photo", "{n} photos", new["photo"]) if new["photo"] else "",
            words.many("{n} recording", "{n} recordings", new["voice"]) if new["voice"] else "",
            words.many("{n} document", "{n} documents", others) if others else "",
        ]
        came = ("，" if words.chinese else ", ").join(one for one in counts if one)
        return words("From another app: {what}.", what=came) if came else ""

    def _changed(self) -> None:
        if self._window.desk.work is not self._study:
            self._study = self._window.desk.work
            self._do(self.take())

    def _do(self, verb: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await self._window.attempt(verb)
            except Exception:
                log.exception("what another app shared could not be taken in")

        task = asyncio.get_running_loop().create_task(guarded(), context=self._window.context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
