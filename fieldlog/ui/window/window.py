"""One window on the desk: what it shows, and the wishes it reports."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from fieldlog.model.errors import FieldLogError
from fieldlog.model.filing import BOUNDARY_HOUR
from fieldlog.services.capture import quick_buttons
from fieldlog.services.desk import Desk
from fieldlog.ui.alone.actions import StandAlone
from fieldlog.ui.archive.actions import Keeper
from fieldlog.ui.archive.outbox import Handing
from fieldlog.ui.day.actions import Sitting
from fieldlog.ui.device.studies import Host
from fieldlog.ui.entry.actions import Entries
from fieldlog.ui.erase.actions import Erase
from fieldlog.ui.field.compose import Composing
from fieldlog.ui.memo.actions import Memos
from fieldlog.ui.memo.battery import Charge
from fieldlog.ui.now.today import Showing
from fieldlog.ui.photo.actions import Pictures
from fieldlog.ui.pocket.installed import Carrying
from fieldlog.ui.pocket.shared import Sharing
from fieldlog.ui.register.actions import Registering
from fieldlog.ui.register.choices import Picking
from fieldlog.ui.rows.landing import Landing
from fieldlog.ui.rows.reader import Reader
from fieldlog.ui.window.device import Player, Touch
from fieldlog.ui.window.look import Dressing
from fieldlog.ui.window.state import Field, Kept, Live, Playing, Shell, Stream, Work
from fieldlog.ui.words.words import Words, language

log = logging.getLogger(__name__)
SOON_SECONDS = 1.0
MINUTE = 60.0
KEYS = {"1": "/now", "2": "/days", "3": "/register/people", "4": "/archive"}


class Window:
    """A browser tab, or the app on a phone. Made once a session; components get it and watch its parts."""

    def __init__(self, page: ft.Page, desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.shell = Shell(language=language(), width=page.width or 412, height=page.height or 892)
        self.stream, self.field, self.kept = Stream(), Field(), Kept()
        self.live, self.playing, self.work = Live(), Playing(), Work()
        self.words = Words(self.shell.language)
        self.memos, self.player, self.touch = Memos(self), Player(self), Touch()
        self.reader, self.keeper, self.eye = Reader(self), Keeper(self), Pictures(self)
        self.entries, self.showing, self.landing = Entries(self), Showing(self), Landing(self)
        self.host, self.compose, self.pick = Host(self), Composing(self), Picking(self)
        self.register, self.sitting = Registering(self), Sitting(self)
        self.dressing, self.alone, self.charge = Dressing(self), StandAlone(self), Charge(self)
        self.changes: list[Callable[[], None]] = []
        self.erase, self.handing, self.carry = Erase(self), Handing(self), Carrying(self)
        self.sharing = Sharing(self)
        self._context = contextvars.copy_context()
        self.seen, self._due = False, False
        self._undo: Callable[[], Awaitable[Any]] | None = None
        self._undo_timer: asyncio.TimerHandle | None = None
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
        asyncio.get_running_loop().call_later(SOON_SECONDS, self.showing.fill, context=self._context.copy())

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
        if self.live.on:
            await self.memos.stop()

    def hear(self) -> None:
        """Something changed at the desk; whoever says so, it is looked at as this window's own."""
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self.refresh, context=self._context.copy())

    def refresh(self) -> None:
        """Take from the desk what is shown."""
        self._due = False
        self.showing.refresh()

    def _tick(self) -> None:
        """As each minute begins: what the clocks say."""
        at = self.desk.machine.clock().at
        rest = MINUTE - at.second - at.microsecond / 1e6
        if self._minute:
            self._minute.cancel()
        self._minute = asyncio.get_running_loop().call_later(rest, self._tick, context=self._context.copy())
        self.refresh()
        self.alone.tell_time()
        self.charge.look_soon()

    def resized(self, width: float, height: float) -> None:
        self.shell.width, self.shell.height = width, height

    async def speak(self, wanted: str) -> None:
        """Show everything in another language, here and at the next start."""
        self.speak_now(wanted)
        await self.attempt((await self.desk.device()).prefer("language", wanted))

    def speak_now(self, wanted: str) -> None:
        """Show everything in another language until the window is closed."""
        self.words = Words(wanted)
        self.shell.language = wanted
        self.refresh()

    def go(self, route: str) -> None:
        self.close_sheet()
        self.compose.meeting = False
        self.landing.asked(route)
        self.page.navigate(route)

    def open_sheet(self, name: str) -> None:
        self.field.strip, self.shell.sheet = "", name

    def close_sheet(self) -> None:
        if self.shell.sheet == "camera":
            self.eye.leave()
        if self.shell.sheet:
            self.page.run_task(self.compose.focus_again)
        self.shell.sheet = ""

    async def attempt(self, verb: Awaitable[Any]) -> Any:
        """Do something that may be refused; the refusal's sentence stands under the top bar. None then."""
        try:
            done = await verb
        except FieldLogError as refusal:
            self.warn(self.words.told(refusal))
            return None
        return done

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

    def offer_undo(self, words: str, undo: Callable[[], Awaitable[Any]]) -> None:
        """Show for ten seconds that something can be taken back."""
        if self._undo_timer:
            self._undo_timer.cancel()
        self._undo, self.shell.undo = undo, words
        self._undo_timer = asyncio.get_running_loop().call_later(
            10, self.forget_undo, context=self._context.copy()
        )

    async def undo(self) -> None:
        undo = self._undo
        self.forget_undo()
        if undo:
            await self.attempt(undo())
        await self.compose.focus()

    def forget_undo(self) -> None:
        self._undo, self.shell.undo = None, ""

    @property
    def templates(self) -> tuple[str, ...]:
        return quick_buttons.templates(self.desk.work) if self.desk.work else ()

    @property
    def quick(self) -> tuple[str, ...]:
        return quick_buttons.quick(self.desk.work) if self.desk.work else quick_buttons.USUAL

    @property
    def zone(self) -> str:
        return self.desk.work.zone if self.desk.work else "UTC"

    @property
    def boundary_hour(self) -> int:
        return self.desk.work.store.state.calendar.boundary_hour if self.desk.work else BOUNDARY_HOUR

    # -- writing

    def write_here(self) -> None:
        """Let this window be the one in which one writes."""
        self.desk.writer = self
        self.compose.put(self.desk.text)
        self.desk.tell()

    # -- places

    @property
    def home(self) -> str:
        return "/now" if self.desk.work is not None else "/welcome"

    @property
    def data_folder(self) -> str:
        return self.desk.place

    # -- keys

    async def key(self, event: ft.KeyboardEvent) -> None:
        """Ctrl or ⌘ with Enter sends, with a number goes to a destination; Esc closes what lies on top.

        On an entry's page it goes back; while the entry is being changed it does nothing, for what is typed there.
        """
        held = event.ctrl or event.meta
        if await self.alone.key(event):
            return
        if event.key == "Escape" and not self.shell.sheet:
            self.landing.leave_open()
        elif event.key == "Escape":
            self.close_sheet()
        elif held and event.key == "Enter" and self.shell.writes:
            await self.compose.send()
        elif held and event.key in KEYS:
            self.go(KEYS[event.key])

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

        window.changes.append(changed)
        return lambda: window.changes.remove(changed)

    ft.use_effect(watch, [])
