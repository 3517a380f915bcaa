"""What one window reads and changes of an entry, each change taken back for ten seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flet as ft

from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.entry_form import Form
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.entry.sketches import Drawing, Picture, Sketching, pictures_of
from fieldlog.ui.entry import history_views
from fieldlog.ui.entry.history_views import ChangeView

if TYPE_CHECKING:
    from fieldlog.ui.field.kept_field import HalfForm
    from fieldlog.ui.window.window import Window


@ft.observable
@dataclass
class Changing:
    """Which entry is being changed in a window, by its id; "" none."""

    entry: str = ""


class Entries:
    """Without a study everything is empty."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.changing = Changing()

    def open(self, entry: str) -> None:
        """Go to an entry's page."""
        self._window.landing.opens(entry)
        self._window.go(self._page(entry))

    def _page(self, entry: str) -> str:
        return f"/days/{self.day_of(entry)}/e/{entry}"

    def day_of(self, entry: str) -> str:
        """The day an entry is shown in, by its code; today where it is not here."""
        shown = self._window.reader.entry(entry)
        return shown.day if shown else self._window.stream.code

    async def remove(self, entry: str, day: str) -> None:
        """Take an entry out of sight; for ten seconds it can be taken back at once, later in its history."""
        window = self._window
        if window.desk.work is None:
            return
        editing = Editing(window.desk.work)
        await window.attempt(editing.remove(entry))
        self.changing.entry = ""
        window.landing.leave(entry, day)
        window.offer_undo(window.words("Removed. It stays in the log."), lambda: editing.bring_back(entry))

    async def unmake(self, entry: str) -> None:
        """An entry just made was none."""
        if self._window.desk.work is not None:
            await self._window.attempt(Editing(self._window.desk.work).remove(entry))

    async def bring_back(self, entry: str, revision: str) -> None:
        """Let an entry say what it once said; for ten seconds it can say again what it said until now."""
        window = self._window
        if window.desk.work is None:
            return
        editing = Editing(window.desk.work)
        now = (await editing.history(entry))[-1].u
        await window.attempt(editing.bring_back(entry, revision))
        window.offer_undo(window.words("Brought back."), lambda: editing.bring_back(entry, now))

    def form(self, entry: str) -> Form | None:
        """What an entry says of itself, to be changed; None where it is not here any more."""
        work = self._window.desk.work
        try:
            return entry_form.form_of(work, entry) if work else None
        except NotFound:
            return None

    async def keep(self, entry: str, was: Form, now: Form) -> str:
        """Keep a form; what is wrong with it, "" where nothing is."""
        window = self._window
        work = window.desk.work
        if work is None:
            return ""
        try:
            before = await entry_form.keep(work, entry, was, now)
        except FieldLogError as refusal:
            return window.words.told(refusal)
        if before:
            window.offer_undo(window.words("Changed."), lambda: Editing(work).change(entry, before))
        return ""

    def leave(self, entry: str, form: HalfForm) -> None:
        """Leave an entry as it was; for ten seconds what was half written can be had again."""
        window = self._window
        self.changing.entry = ""
        half = form.let_go()

        async def again() -> None:
            form.take_back(half)
            self.changing.entry = entry
            if window.page.route != self._page(entry):
                self.open(entry)

        if half.said:
            window.offer_undo(window.words("Left as it was."), again)

    async def history(self, entry: str) -> tuple[ChangeView, ...]:
        """What was done to an entry, newest first."""
        work = self._window.desk.work
        if work is None:
            return ()
        past = await Editing(work).history(entry)
        return history_views.change_views(past, work.zone, self._window.words, self._named)

    def pictures(self, entry: str) -> list[Picture]:
        work = self._window.desk.work
        return pictures_of(work, entry) if work else []

    async def drawings(self, entry: str) -> list[Drawing]:
        """Strokes that no picture shows."""
        work = self._window.desk.work
        try:
            return await Sketching(work).drawings(entry) if work else []
        except NotFound:
            return []

    def _named(self, name: str, value: Any) -> str:
        """A person, place, scene or code by its code, a file by its name."""
        work = self._window.desk.work
        doc = work.store.state.get(value) if work and isinstance(value, str) else None
        if doc is None:
            return str(value)
        if name == "place":
            return self._window.pick.choice(doc).words
        names = ("code", "title", "name", "kind")
        return next((str(doc[one]) for one in names if doc.get(one)), str(value))
