"""One window on the desk: what it shows, and the wishes it reports."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import flet as ft

from fieldlog.model.errors import FieldLogError
from fieldlog.model.moment import parse
from fieldlog.services import liked, reading
from fieldlog.services.desk import Desk
from fieldlog.services.editing import Editing
from fieldlog.ui import views
from fieldlog.ui.apart import StandAlone
from fieldlog.ui.carrying import Carrying
from fieldlog.ui.charge import Charge
from fieldlog.ui.composing import Composing
from fieldlog.ui.dressing import Dressing
from fieldlog.ui.entries import Entries
from fieldlog.ui.erasing import Erase
from fieldlog.ui.handing import Handing
from fieldlog.ui.hardware import Player, Touch
from fieldlog.ui.host import Host
from fieldlog.ui.keeper import Keeper
from fieldlog.ui.memos import Memos
from fieldlog.ui.picking import Picking
from fieldlog.ui.pictures import Pictures
from fieldlog.ui.reader import Reader
from fieldlog.ui.registering import Registering
from fieldlog.ui.sharing import Sharing
from fieldlog.ui.sitting import Sitting
from fieldlog.ui.state import Field, Kept, Live, Playing, Shell, Stream, Work
from fieldlog.ui.words import Words, language

log = logging.getLogger(__name__)
FIRST_ROWS, WINDOW_ROWS = 10, 60
"""Rows that are there when the window opens, so that one can write at once; and soon after."""

SOON_SECONDS = 1.0
MINUTE = 60.0
KEYS = {"1": "/now", "2": "/days", "3": "/register/people", "4": "/archive"}
OLD = timedelta(hours=24)
"""What lies only here for longer than this is shown in amber."""


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
        self.entries = Entries(self)
        self.host, self.compose, self.pick = Host(self), Composing(self), Picking(self)
        self.register, self.sitting = Registering(self), Sitting(self)
        self.dressing, self.alone, self.charge = Dressing(self), StandAlone(self), Charge(self)
        self.changes: list[Callable[[], None]] = []
        self.erase, self.handing, self.carry = Erase(self), Handing(self), Carrying(self)
        self.sharing = Sharing(self)
        self._context = contextvars.copy_context()
        self._due, self._seen, self._version = False, False, 0
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
        self._seen = True
        self._tick()
        self.refresh()
        asyncio.get_running_loop().call_later(SOON_SECONDS, self.fill, context=self._context.copy())

    async def disconnect(self) -> None:
        """The window is gone, perhaps for a moment. Its microphone stops; the open text stays open."""
        self._seen = False
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

    # -- today

    def refresh(self) -> None:
        """Take from the desk what today's screen shows; only what differs is drawn."""
        self._due = False
        desk, stream = self.desk, self.stream
        if desk.writer is None and self._seen:
            desk.writer = self
            self.put(desk.text)
        self.shell.writes = desk.writer is self
        if self.shell.writes and self.compose.typing.text.strip() and not desk.text:
            self.put("")
        if desk.trouble:
            self.warn(desk.trouble)
        if desk.version != self._version:
            self._version = desk.version
            for changed in list(self.changes):
                changed()
        if desk.work is None or desk.capture is None:
            return
        self._tell_kept()
        work, store = desk.work, desk.work.store
        self.shell.study = str((store.state.study() or {}).get("title") or "")
        now = desk.capture.now()
        session = store.state.get(desk.capture.session_at(now.at) or "") or {}
        date = store.state.calendar.sessions.get(session.get("id", "")) or store.state.calendar.date_at(now.at)
        self._show_day(date, now.at)
        self._show_session(session, date)
        self.sitting.look(session, date, now.at)
        rows, stream.total = reading.part_of_day(store, date, -stream.window, stream.window)
        stream.rows = views.stream_rows(rows, work.zone, self.words)[::-1]
        if desk.copies:
            stream.only_here = desk.copies.count
            oldest = desk.copies.oldest
            stream.old = oldest is not None and now.at - oldest > OLD
            stream.oldest_days = (now.at - oldest).days if oldest else 0
            stream.copies = len(desk.copies.copies)

    def _show_day(self, date: str, at: Any) -> None:
        assert self.desk.work
        stream, zone, state = self.stream, self.desk.work.zone, self.desk.work.store.state
        doc = reading.day_doc(state, date)
        if stream.date != date:
            stream.window = WINDOW_ROWS if stream.date else FIRST_ROWS
        stream.date, stream.code = date, reading.code_of(state, date)
        stream.when = views.date_words(date, self.words)
        stream.clock, stream.wall = views.production_clock(at, date, zone), views.wall_clock(at, date, zone)
        stream.wrapped, stream.planned = bool(doc.get("ends")), bool(doc.get("code"))
        kind = str(doc.get("type", "unplanned"))
        stream.type_words = self.words(views.DAY_TYPES.get(kind, kind))

    def _show_session(self, session: Any, date: str) -> None:
        assert self.desk.work
        self.compose.look(session.get("id"))
        self.memos.look(session.get("id"))
        self.stream.session = str(session.get("title") or "")
        if session and not self.stream.session:
            self.stream.session = self.words(views.SESSION_TYPES.get(session.get("type", ""), "Other"))
        self.stream.session_since = (
            views.production_clock(parse(session["starts"]), date, self.desk.work.zone) if session else ""
        )
        self.stream.shooting = session.get("type") == "shoot"
        place = self.desk.work.store.state.get(session.get("place") or "")
        self.stream.place = self.pick.choice(place).words if place else ""

    def _tell_kept(self) -> None:
        desk = self.desk
        self.kept.writing = bool(desk.text)
        if desk.kept is not None and desk.text and desk.work:
            at = desk.kept.at.astimezone(ZoneInfo(desk.work.zone))
            clock = views.production_clock(at, self.stream.date or f"{at:%Y-%m-%d}", desk.work.zone)
            self.kept.words = self.words("Kept · {time}", time=f"{clock}:{at:%S}")
        else:
            self.kept.words = ""

    def fill(self) -> None:
        """Show as much of today as a window holds."""
        if self._seen and self.stream.window < WINDOW_ROWS:
            self.stream.window = WINDOW_ROWS
            self.refresh()

    def earlier(self) -> None:
        """Show more of today."""
        self.stream.window += WINDOW_ROWS
        self.refresh()

    @property
    def templates(self) -> tuple[str, ...]:
        return liked.templates(self.desk.work) if self.desk.work else ()

    @property
    def quick(self) -> tuple[str, ...]:
        return liked.quick(self.desk.work) if self.desk.work else liked.USUAL

    @property
    def zone(self) -> str:
        return self.desk.work.zone if self.desk.work else "UTC"

    # -- writing

    def typed(self, value: str) -> None:
        """The field says that it holds this."""
        self.compose.typed(value)

    def put(self, text: str) -> None:
        """Give the field another text; what is typed until that arrives is not lost."""
        self.compose.put(text)

    async def send(self) -> None:
        """Close the text and begin the next."""
        await self.compose.send()

    def write_here(self) -> None:
        """Let this window be the one in which one writes."""
        self.desk.writer = self
        self.put(self.desk.text)
        self.desk.tell()

    # -- pictures and files

    def open_camera(self) -> None:
        """The camera over the whole screen; where there is none, pictures are chosen."""
        self.eye.open()

    async def pick_files(self) -> None:
        await self.eye.pick()

    # -- entries

    def open_entry(self, entry: str) -> None:
        self.go(f"/days/{self._day_of(entry)}/e/{entry}")

    def _day_of(self, entry: str) -> str:
        shown = self.reader.entry(entry)
        return shown.day if shown else self.stream.code

    async def reword(self, entry: str, text: str) -> bool:
        """Let an entry say this; whether it was kept."""
        if self.desk.work is None:
            return False
        before = self.shell.notice
        await self.attempt(Editing(self.desk.work).reword(entry, text))
        return self.shell.notice == before

    async def remove(self, entry: str, day: str) -> None:
        """Take an entry out of sight; for ten seconds it can be taken back at once, later in its history."""
        if self.desk.work is None:
            return
        editing = Editing(self.desk.work)
        await self.attempt(editing.remove(entry))
        self.go(f"/days/{day}")
        self.offer_undo(self.words("Removed. It stays in the log."), lambda: editing.bring_back(entry))

    async def undo_entry(self, entry: str) -> None:
        """An entry just made was none."""
        if self.desk.work is not None:
            await self.attempt(Editing(self.desk.work).remove(entry))

    async def bring_back(self, entry: str, revision: str) -> None:
        """Let an entry say what it once said; for ten seconds it can say again what it said until now."""
        if self.desk.work is None:
            return
        editing = Editing(self.desk.work)
        now = (await editing.history(entry))[-1].u
        await self.attempt(editing.bring_back(entry, revision))
        self.offer_undo(self.words("Brought back."), lambda: editing.bring_back(entry, now))

    # -- places

    @property
    def home(self) -> str:
        return "/now" if self.desk.work is not None else "/welcome"

    @property
    def data_folder(self) -> str:
        return self.desk.place

    # -- keys

    async def key(self, event: ft.KeyboardEvent) -> None:
        """Ctrl or ⌘ with Enter sends, with a number goes to a destination; Esc closes what lies on top."""
        held = event.ctrl or event.meta
        if await self.alone.key(event):
            return
        if event.key == "Escape":
            self.close_sheet()
        elif held and event.key == "Enter" and self.shell.writes:
            await self.send()
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
