"""What one window writes: the text in its field, the chips beside it, and the taps that need no text."""

from __future__ import annotations

import asyncio
import contextvars
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import flet as ft

from fieldlog.model.called import TAKE_RESULTS
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.slate import Slate, last_scene
from fieldlog.services.capture.tally import Tally
from fieldlog.services.study.undo import put_back
from fieldlog.ui.field.field_text import Typing
from fieldlog.ui.window.device import quietly
from fieldlog.ui.window.flet_insides import ask

if TYPE_CHECKING:
    from fieldlog.ui.window.window import Window

SETTLED_SECONDS = 0.5
"""What was put into the field has arrived by then."""

FOCUS_SECONDS = 2.0
"""Until a field that does not answer is not there any more."""

DRAWN_SECONDS = 0.1
"""A field can take the focus once it is drawn."""

PLAIN = Chips()


class Composing:
    """One field a window. `box` is the control, `typing` what is known to stand in it."""

    def __init__(self, window: Window) -> None:
        self._window, self._field = window, window.field
        self.box: ft.TextField | None = None
        self.typing = Typing(window.desk.text)
        self._context = contextvars.copy_context()
        self._settling: asyncio.TimerHandle | None = None
        self._session: str | None = None
        self._tally: Tally | None = None
        self.meeting = False

    # -- the text

    def typed(self, value: str) -> None:
        """The field says that it holds this."""
        again = self.typing.hear(value)
        self._window.desk.typed(self.typing.text, self.chips)
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
        entry = await self._window.attempt(self._window.desk.send())
        if entry is not None:
            if entry.kind == "count" and self.tally is not None:
                self.tally.entry = entry.id
            self.used()
        elif self._window.desk.text and not self.typing.text:
            self.put(self._window.desk.text)
        await self._window.touch.light()
        await self.focus()

    async def focus(self) -> None:
        """Let the keys go into the field, where it is seen and nothing lies over it."""
        shell, page, box = self._window.shell, self._window.page, self.box
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
        self._window.desk.typed(whole, self.chips)
        self._field.strip = ""
        await self.focus()

    def _draw(self) -> None:
        self._field.n += 1
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
        self._window.desk.typed(self.typing.text, self.chips)

    # -- the chips

    @property
    def chips(self) -> Chips:
        return self._field.chips

    def chose(self, **said: Any) -> None:
        """Other chips beside the text; they hold for the text that is open, and until it is sent."""
        self._field.strip = ""
        self._field.chips = replace(self.chips, **said)
        if self._window.desk.text:
            self._window.desk.typed(self._window.desk.text, self.chips)

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

    async def quick(self, kind: str) -> None:
        """A quick button."""
        if kind == "count":
            await self.count()
        elif kind == "figure":
            self._window.open_sheet("figure")
        else:
            await self.as_kind(kind)

    async def figure(self, figure: dict[str, str], said: str) -> bool:
        """A number people live by, saved at once; `said` is how it reads. Whether it was."""
        window = self._window
        if window.desk.capture is None:
            return False
        chips = replace(self.chips_for_file(), kind="figure", figure=figure)
        entry = await window.attempt(window.desk.capture.note(said, chips))
        if entry is not None:
            window.close_sheet()
            self.used_by_file()
            window.offer_undo(
                window.words("Figure kept: {words}", words=said), lambda: window.entries.unmake(entry.id)
            )
        await self.focus()
        return entry is not None

    def at(self, at: datetime, precision: str, day: str | None = None) -> None:
        """It was at this time; `day` is an ISO date where that is all that is known."""
        self.chose(at=at, day=day, back=timedelta(), precision=precision)
        self._window.close_sheet()

    async def earlier(self, back: timedelta) -> None:
        """It was so much earlier than its first character; nothing is now."""
        about = self.chips.precision if self.chips.precision == "about" and back else None
        await self.choose(back=back, at=None, day=None, precision=about)

    async def about(self) -> None:
        """The time is known about, or well again."""
        self.chose(precision=None if self.chips.precision == "about" else "about")
        self._field.strip = "time"

    def chips_for_file(self) -> Chips:
        """The chips of a memo, a photo or a paper: all that do not speak of words."""
        return replace(self.chips, kind="jotting", speech=None, count=None, figure={})

    def used_by_file(self) -> None:
        """The chips have gone with a memo or a photo, unless they belong to words."""
        if not self.typing.text:
            self.used()

    def used(self) -> None:
        """The chips have gone with an entry."""
        self._field.chips = replace(PLAIN, scene=self.chips.scene, take=self.chips.take)
        self._field.strip = ""

    def toggled(self, name: str, one: str) -> None:
        """A person or a code is named, or not any more."""
        strip, named = self._field.strip, getattr(self.chips, name)
        self.chose(**{name: tuple(x for x in named if x != one) if one in named else (*named, one)})
        self._field.strip = strip

    def meet(self) -> None:
        """Somebody new is to be named beside this text: into the register, and back."""
        self._window.open_sheet("person")
        self.meeting = True

    def met(self, person: str) -> None:
        """Somebody new is in the register; named at once where that is what it was for."""
        if self.meeting:
            self.toggled("people", person)
            self._window.open_sheet("people")
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
        work = self._window.desk.work
        scene = last_scene(work.store.state, session) if work and session else None
        self._field.chips = replace(self.chips, scene=scene, take=None)

    # -- one tap

    @property
    def tally(self) -> Tally | None:
        desk = self._window.desk
        if desk.work is None or desk.capture is None:
            return None
        if self._tally is None or self._tally.work is not desk.work:
            self._tally = Tally(desk.work, desk.capture)
        return self._tally

    @property
    def slate(self) -> Slate | None:
        desk = self._window.desk
        return Slate(desk.work, desk.capture) if desk.work and desk.capture else None

    async def count(self) -> None:
        """One more: of what stands in the field, else of what is being counted."""
        window, tally = self._window, self.tally
        if tally is None:
            return
        await window.touch.light()
        if self.typing.text.strip():
            already = self.chips.count or 0 if self.chips.kind == "count" else 0
            await self.choose(kind="count", count=already + 1)
            return
        entry = await window.attempt(tally.one_more("", self.chips_for_file()))
        if entry is not None:
            said = window.words("Counted: {n} {what}", n=entry.count or 0, what=entry.text).rstrip()
            window.offer_undo(said, tally.one_less)
        await self.focus()

    def scene(self, typed: str) -> None:
        """The scene one writes of; its takes begin anew."""
        strip = self._field.strip
        self.chose(scene=typed or None, take=None)
        self._field.strip = strip

    async def take(self, result: str | None = None) -> None:
        """Slate the next take of the scene."""
        window, slate = self._window, self.slate
        if slate is None or not self.chips.scene:
            window.open_sheet("scene")
            return
        await window.touch.light()
        take = await window.attempt(slate.add(self.chips.scene, result))
        if take is None:
            return
        self.chose(take=take.take)
        self._field.take, self._field.strip = take.id, "take"

        async def back() -> None:
            await slate.take_back(take.id)
            self.chose(take=None)

        window.offer_undo(window.words("Scene {scene}, take {take}", scene=self.chips.scene, take=take.take), back)

    async def mark_take(self, result: str) -> None:
        """How the take just slated went."""
        window, slate, work = self._window, self.slate, self._window.desk.work
        self._field.strip = ""
        if slate and work and self._field.take:
            before = await window.attempt(slate.mark(self._field.take, result))
            if before:
                went = f"{self.chips.scene} · {self.chips.take} · {window.words(TAKE_RESULTS[result])}"
                window.offer_undo(went, lambda: put_back(work, before))
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
            self._field.strip = ""
            self._window.shell.notice = self._window.words(
                "There is no text to paste here. Hold the field and choose Paste."
            )
