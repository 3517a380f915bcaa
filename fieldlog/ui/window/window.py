"""One window on the desk: what it shows, and the wishes it reports."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar

import flet as ft

from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.model.ports import Source
from fieldlog.model.production_day import BOUNDARY_HOUR
from fieldlog.services.capture.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.study.done import Back, Done
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.window.backs import Backs
from fieldlog.ui.window.device import Touch
from fieldlog.ui.window.state import Shell
from fieldlog.ui.words.words import Words, language

log = logging.getLogger(__name__)
MINUTE = 60.0
T = TypeVar("T")


class Window:
    """A browser tab, or the app on a phone. Made once a session.

    It knows no journey: what one does in it lies in the folders beside this one. A journey joins these lists:

    - `on_refresh`: the desk is looked at anew; not called while no study is open
    - `on_change`: something in the study is another, or another study is open
    - `on_minute`: a minute of the clock begins
    - `on_sheet`: another sheet lies over the screen; the names of the one before and this one, "" none
    - `on_go`: this window itself goes to an address
    - `on_left`: the window is gone, perhaps for a moment; awaited one after the other

    `refocus` puts the keys back to where one writes, once nothing lies over it. `dropped` takes a file that was
    dropped on the window. `turns` counts how often this window became the one in which one writes.
    """

    def __init__(self, page: ft.Page, desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.shell = Shell(language=language(), width=page.width or 412, height=page.height or 892)
        self.words, self.touch = Words(self.shell.language), Touch()
        self.on_refresh: list[Callable[[], None]] = []
        self.on_change: list[Callable[[], None]] = []
        self.on_minute: list[Callable[[], None]] = []
        self.on_sheet: list[Callable[[str, str], None]] = []
        self.on_go: list[Callable[[str], None]] = []
        self.on_left: list[Callable[[], Awaitable[None]]] = []
        self.refocus: Callable[[], Awaitable[None]] = nothing
        self.dropped: Callable[[Source], Awaitable[None]] | None = None
        self._context = contextvars.copy_context()
        self.seen, self._due, self._version, self.turns = False, False, 0, 0
        self._work: Workspace | None = None
        self._backs = Backs(self.shell, self._context)
        self._minute: asyncio.TimerHandle | None = None

    # -- the frame

    @property
    def context(self) -> contextvars.Context:
        """What is done with a copy of it is drawn in this window, whoever asked for it."""
        return self._context

    def connect(self) -> None:
        """The window is seen: hear of changes, and write where nobody else does."""
        if self.hear not in self.desk.told:
            self.desk.told.append(self.hear)
        self.seen = True
        self._tick()

    async def disconnect(self) -> None:
        """The window is gone, perhaps for a moment. Its microphone stops; the open text stays open."""
        self.seen = False
        if self.hear in self.desk.told:
            self.desk.told.remove(self.hear)
        if self._minute:
            self._minute.cancel()
        if self.desk.writer is self:
            # First: a microphone that is gone takes long to stop, and nobody is to wait for it to write.
            self.desk.writer = None
            self.desk.tell()
        for left in self.on_left:
            await left()

    def hear(self) -> None:
        """Something changed at the desk; whoever says so, it is looked at as this window's own."""
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self.refresh, context=self._context.copy())

    def refresh(self) -> None:
        """Take from the desk what is shown."""
        self._due = False
        if self.desk.writer is None and self.seen:
            self._take_turn()
        self.shell.writes = self.desk.writer is self
        if self.desk.trouble:
            self.warn(self.desk.trouble)
        if self.desk.work is None or self.desk.capture is None:
            if self.desk.empty and self._work is not None:
                self._work = None
                self.go(self.home)
            return
        if self.desk.version != self._version:
            self._version = self.desk.version
            for changed in list(self.on_change):
                changed()
        self.shell.study = self.work.store.state.about.title
        for look in self.on_refresh:
            look()

    def _tick(self) -> None:
        """As each minute begins: what the clocks say."""
        at = self.desk.machine.clock().at
        rest = MINUTE - at.second - at.microsecond / 1e6
        if self._minute:
            self._minute.cancel()
        self._minute = asyncio.get_running_loop().call_later(rest, self._tick, context=self._context.copy())
        self.refresh()
        for minute in self.on_minute:
            minute()

    def resized(self, width: float, height: float) -> None:
        self.shell.width, self.shell.height = width, height

    def speak(self, wanted: str) -> None:
        """Show everything in another language until the window is closed."""
        self.words = Words(wanted)
        self.shell.language = wanted
        self.refresh()

    def go(self, route: str) -> None:
        self.close_sheet()
        for gone in self.on_go:
            gone(route)
        self.page.navigate(route)

    def open_sheet(self, name: str) -> None:
        for turn in self.on_sheet:
            turn(self.shell.sheet, name)
        self.shell.sheet = name

    def close_sheet(self) -> None:
        if self.shell.sheet:
            self.open_sheet("")

    async def attempt(self, verb: Awaitable[Any]) -> Any:
        """Do something that may be refused; the refusal's sentence stands under the top bar. None then."""
        try:
            done = await verb
        except FieldLogError as refusal:
            self.refused(refusal)
            return None
        return done

    def refused(self, refusal: FieldLogError) -> None:
        """Something was refused: its sentence, in the language of this window."""
        self.warn(self.words.told(refusal))

    def warn(self, words: str) -> None:
        """Something needs looking at: a sentence under the top bar, and a double tick the first time."""
        if self.shell.notice != words:
            self.shell.notice = words
            self.page.run_task(self.touch.double)

    def failed(self, words: str) -> None:
        """Something of ours broke. Said plainly; what is written is safe."""
        log.error("a handler failed: %s", words)
        self.shell.notice = self.words(
            "Something here went wrong; your notes are safe. It was written to the log."
        )

    async def run(self, verb: Awaitable[Done[T]]) -> Done[T] | None:
        """Do something that can be taken back, and say so; what was done, None where it was refused."""
        done: Done[T] | None = await self.attempt(verb)
        if done is not None:
            self.did(done)
        return done

    def did(self, done: Done[Any]) -> None:
        """Something was done: it is said, and for ten seconds it can be taken back."""
        if done.said and done.back:
            self.offer_undo(self.words.told(done.said).rstrip(), done.back)

    def offer_undo(self, words: str, back: Back) -> None:
        """Show for ten seconds that something can be taken back."""
        self._backs.offer(words, back)

    async def drop(self, source: Source) -> None:
        """A file was dropped on this window, or on another; whoever tells it, it is looked at as this one's."""
        if self.dropped is not None:
            taking = self.dropped(source)
            await asyncio.get_running_loop().create_task(_taken(taking), context=self._context.copy())

    async def undo(self) -> None:
        """Take back what was done last."""
        back = self._backs.take()
        if back:
            await self.attempt(back())
        await self.refocus()

    def forget_undo(self) -> None:
        """Nothing can be taken back any more."""
        self._backs.forget()

    # -- the study

    @property
    def work(self) -> Workspace:
        """The open study; while another one is being opened, the one before. Raises `NotFound` before any."""
        self._work = self.desk.work or self._work
        if self._work is None:
            raise NotFound("There is no study open.")
        return self._work

    @property
    def capture(self) -> Capture:
        """What writes in the open study. Raises `NotFound` without one."""
        if self.desk.capture is None:
            raise NotFound("There is no study open.")
        return self.desk.capture

    @property
    def zone(self) -> str:
        return self.desk.work.zone if self.desk.work else "UTC"

    @property
    def boundary_hour(self) -> int:
        return self.desk.work.store.state.calendar.boundary_hour if self.desk.work else BOUNDARY_HOUR

    def write_here(self) -> None:
        """Let this window be the one in which one writes."""
        self._take_turn()
        self.desk.tell()

    def _take_turn(self) -> None:
        self.desk.writer = self
        self.turns += 1

    def today(self) -> date:
        """The date on the wall here."""
        return self.desk.machine.clock().at.date()

    # -- places

    @property
    def home(self) -> str:
        return "/now" if self.desk.work is not None else "/welcome"

    @property
    def first(self) -> str:
        """What a new window shows: the home, or the day on which the study is to open."""
        return f"/days/{self.desk.opens_on}" if self.desk.opens_on and self.desk.work is not None else self.home

    @property
    def data_folder(self) -> str:
        return self.desk.place

    # -- addresses of what is seen and heard

    def media(self, path: str) -> str:
        """The address of a picture or a sound under the secret path."""
        return self.address(f"media/{path}")

    def address(self, path: str) -> str:
        """An address under the secret path; in the pocket, beside the page."""
        return f"{(self.page.url or '').replace('ws', 'http', 1).rstrip('/')}/{path}"


def use_changes(window: Window, tell: Callable[[Callable[[int], int]], None]) -> None:
    """A hook: count up whenever the study changes, for as long as the component is shown."""

    def watch() -> Callable[[], None]:
        def changed() -> None:
            tell(lambda version: version + 1)

        window.on_change.append(changed)
        return lambda: window.on_change.remove(changed)

    ft.use_effect(watch, [])


async def nothing() -> None:
    """Nothing to be done."""


async def _taken(taking: Awaitable[None]) -> None:
    await taking
