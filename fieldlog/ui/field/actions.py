"""What one window writes: the text in its field and the chips beside it."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import flet as ft

from fieldlog.model.entry import Entry
from fieldlog.model.errors import FieldLogError
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.capture import quick_buttons
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.slate import last_scene
from fieldlog.ui.field.field_text import Typing
from fieldlog.ui.field.state import PLAIN, Field, Kept
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.flet_insides import ask
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

SETTLED_SECONDS = 0.5
"""What was put into the field has arrived by then."""

FOCUS_SECONDS = 2.0
"""Until a field that does not answer is not there any more."""

DRAWN_SECONDS = 0.1
"""A field can take the focus once it is drawn."""


class FieldJourney(Journey):
    """One field a window. `box` is the control, `typing` what is known to stand in it.

    `sent` hears of each entry that was written in it.
    """

    def __init__(self, window: Window, rows: RowsJourney) -> None:
        super().__init__(window)
        self.rows = rows
        self.state, self.kept = Field(), Kept()
        self.sent: list[Callable[[Entry], None]] = []
        self.box: ft.TextField | None = None
        self.typing = Typing(window.desk.text)
        self._context = contextvars.copy_context()
        self._settling: asyncio.TimerHandle | None = None
        self._session: str | None = None
        self._turns = 0
        self.meeting = False
        window.refocus = self.focus
        window.on_refresh.append(self.refresh)
        window.on_sheet.append(self._sheet_turned)
        window.on_go.append(lambda _: self._went())

    # -- the text

    def refresh(self) -> None:
        """What stands at the desk stands here, where this window has just become the one to write in.

        What was closed elsewhere is gone from its field.
        """
        window, text = self.window, self.window.desk.text
        if window.turns != self._turns or (window.shell.writes and self.typing.text.strip() and not text):
            self._turns = window.turns
            self.put(text)
        self._tell_kept()

    def _sheet_turned(self, was: str, now: str) -> None:
        if now:
            self.state.strip = ""
        elif was:
            self.window.page.run_task(self.focus_again)

    def _went(self) -> None:
        self.meeting = False

    def typed(self, value: str) -> None:
        """The field says that it holds this."""
        again = self.typing.hear(value)
        self.window.desk.typed(self.typing.text, self.chips)
        if again:
            self._draw()
        elif self._settling is not None:
            self._settle_later()

    def put(self, text: str) -> None:
        """Give the field another text; what is typed until that arrives is not lost."""
        self.typing.put(text)
        self._draw()

    async def send(self) -> None:
        """Close the text and begin the next. Scene and take stay; all else begins anew."""
        self.put("")
        try:
            entry = await self.window.desk.send()
        except FieldLogError as refusal:
            self.window.refused(refusal)
            entry = None
        if entry is not None:
            for sent in self.sent:
                sent(entry)
            self.used()
        elif self.window.desk.text and not self.typing.text:
            self.put(self.window.desk.text)
        await self.window.touch.light()
        await self.focus()

    async def focus(self) -> None:
        """Let the keys go into the field, where it is seen and nothing lies over it."""
        shell, page, box = self.window.shell, self.window.page, self.box
        if box is not None and not shell.sheet and not shell.alone and page.route.startswith("/now"):
            await quietly(lambda: ask(page, box, "focus", seconds=FOCUS_SECONDS))

    async def focus_again(self) -> None:
        """As `focus`, once what lay over the field is gone: a screen, a sheet, the camera."""
        await asyncio.sleep(DRAWN_SECONDS)
        await self.focus()

    async def insert(self, text: str) -> None:
        """A text of another place behind what stands in the field: a template, what was pasted."""
        now = self.typing.text
        whole = f"{now}{'' if not now or now.endswith((' ', chr(10))) else ' '}{text}"
        self.put(whole)
        self.window.desk.typed(whole, self.chips)
        self.state.strip = ""
        await self.focus()

    def _draw(self) -> None:
        self.state.n += 1
        self._settle_later()

    def _settle_later(self) -> None:
        if self._settling:
            self._settling.cancel()
        loop = asyncio.get_running_loop()
        self._settling = loop.call_later(SETTLED_SECONDS, self._settle, context=self._context.copy())

    def _settle(self) -> None:
        self._settling = None
        if self.typing.settle():
            self._draw()
        self.window.desk.typed(self.typing.text, self.chips)

    # -- the chips

    @property
    def chips(self) -> Chips:
        return self.state.chips

    def chose(self, **said: Any) -> None:
        """Other chips beside the text; they hold for the text that is open, and until it is sent."""
        self.state.strip = ""
        self.state.chips = replace(self.chips, **said)
        if self.window.desk.text:
            self.window.desk.typed(self.window.desk.text, self.chips)

    async def choose(self, **said: Any) -> None:
        """Choose a chip and go on writing."""
        self.chose(**said)
        await self.focus()

    async def as_kind(self, kind: str) -> None:
        """The text is of another kind; of the same again, it is a jotting. Words quoted were heard: verbatim."""
        if kind == self.chips.kind:
            await self.choose(kind="jotting", speech=None, count=None)
            return
        await self.choose(
            kind=kind, speech="verbatim" if kind == "quote" else None, count=1 if kind == "count" else None
        )

    def at(self, at: datetime, precision: str, day: str | None = None) -> None:
        """It was at this time; `day` is an ISO date where that is all that is known."""
        self.chose(at=at, day=day, back=timedelta(), precision=precision)
        self.window.close_sheet()

    async def earlier(self, back: timedelta) -> None:
        """It was so much earlier than its first character; nothing is now."""
        about = self.chips.precision if self.chips.precision == "about" and back else None
        await self.choose(back=back, at=None, day=None, precision=about)

    async def about(self) -> None:
        """The time is known about, or well again."""
        self.chose(precision=None if self.chips.precision == "about" else "about")
        self.state.strip = "time"

    def chips_for_file(self) -> Chips:
        """The chips of a memo, a photo or a paper: all that do not speak of words."""
        return replace(self.chips, kind="jotting", speech=None, count=None, figure={})

    def _tell_kept(self) -> None:
        """Since when what is open is on the disk."""
        desk, kept = self.window.desk, self.kept
        kept.writing, kept.words = bool(desk.text), ""
        if desk.kept is not None and desk.text:
            at = desk.kept.at.astimezone(ZoneInfo(self.work.zone))
            clock = ProductionClock(self.rows.stream.date or f"{at:%Y-%m-%d}", self.work.zone)
            kept.words = self.words("Kept · {time}", time=clock.said(at, seconds=True))

    def used_by_file(self) -> None:
        """The chips have gone with a memo or a photo, unless they belong to words."""
        if not self.typing.text:
            self.used()

    def used(self) -> None:
        """The chips have gone with an entry."""
        self.state.chips = replace(PLAIN, scene=self.chips.scene, take=self.chips.take)
        self.state.strip = ""

    def toggled(self, name: str, one: str) -> None:
        """A person or a code is named, or not any more."""
        strip, named = self.state.strip, getattr(self.chips, name)
        self.chose(**{name: tuple(x for x in named if x != one) if one in named else (*named, one)})
        self.state.strip = strip

    def meet(self) -> None:
        """Somebody new is to be named beside this text: into the register, and back."""
        self.window.open_sheet("person")
        self.meeting = True

    def met(self, person: str) -> None:
        """Somebody new is in the register; named at once where that is what it was for."""
        if self.meeting:
            self.toggled("people", person)
            self.window.open_sheet("people")
        self.meeting = False

    def unnamed(self, person: str) -> None:
        """Somebody is not in the register after all, so the text names them no longer."""
        if person in self.chips.people:
            self.toggled("people", person)

    def look(self, session: str | None) -> None:
        """The session one writes in. Another one begins with the scene last named in it."""
        if session == self._session:
            return
        self._session = session
        scene = last_scene(self.work.store.state, session) if session else None
        self.state.chips = replace(self.chips, scene=scene, take=None)

    # -- what is liked here

    @property
    def templates(self) -> tuple[str, ...]:
        return quick_buttons.templates(self.work)

    @property
    def buttons(self) -> tuple[str, ...]:
        """The kinds of the quick buttons."""
        return quick_buttons.quick(self.work)

    # -- from elsewhere

    async def done(self) -> None:
        """Close a sheet of choices and go on writing."""
        self.window.close_sheet()
        await self.focus()

    async def paste(self) -> None:
        """What was copied elsewhere, behind what stands in the field."""
        try:
            text = await ft.Clipboard().get()
        except (RuntimeError, TimeoutError):
            text = None
        if text:
            await self.insert(text)
        else:
            self.state.strip = ""
            self.window.shell.notice = self.window.words(
                "There is no text to paste here. Hold the field and choose Paste."
            )
