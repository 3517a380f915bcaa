"""What one window reads and changes of an entry, each change taken back for ten seconds."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.services.entry import entry_form
from fieldlog.services.entry.entry_form import Form
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.entry.sketches import Drawing, Picture, Sketching, pictures_of
from fieldlog.services.held.freed import fetch_again, freed_words
from fieldlog.ui.alone.actions import AloneJourney
from fieldlog.ui.conflicts.actions import ConflictsJourney
from fieldlog.ui.entry import history_views
from fieldlog.ui.entry.history_views import ChangeView
from fieldlog.ui.erase.actions import EraseJourney
from fieldlog.ui.field.kept_field import HalfForm
from fieldlog.ui.photo.actions import PhotoJourney
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window


@ft.observable
@dataclass
class Changing:
    """Which entry is being changed in a window, by its id; "" none."""

    entry: str = ""


class EntryJourney(Journey):
    """What is read and done on an entry's page."""

    def __init__(
        self,
        window: Window,
        rows: RowsJourney,
        register: RegisterJourney,
        photo: PhotoJourney,
        alone: AloneJourney,
        erase: EraseJourney,
        conflicts: ConflictsJourney,
    ) -> None:
        super().__init__(window)
        self.rows, self.register, self.photo, self.alone, self.erase = rows, register, photo, alone, erase
        self.conflicts, self.changing = conflicts, Changing()

    def leave_open(self) -> None:
        """Go back from whichever entry is shown, unless it is being changed."""
        entry = self.rows.landing.shown
        if entry and entry != self.changing.entry:
            self.rows.landing.leave(entry, self.rows.day_of(entry))

    async def remove(self, entry: str, day: str) -> None:
        """Take an entry out of sight; for ten seconds it can be taken back at once, later in its history."""
        if await self.window.run(Editing(self.work).remove(entry)) is not None:
            self.changing.entry = ""
            self.rows.landing.leave(entry, day)

    async def bring_back(self, entry: str, revision: str) -> None:
        """Let an entry say what it once said; for ten seconds it can say again what it said until now."""
        await self.window.run(Editing(self.work).bring_back(entry, revision))

    def form(self, entry: str) -> Form | None:
        """What an entry says of itself, to be changed; None where it is not here any more."""
        work = self.work
        try:
            return entry_form.form_of(work, entry)
        except NotFound:
            return None

    async def keep(self, entry: str, was: Form, now: Form) -> str:
        """Keep a form; what is wrong with it, "" where nothing is."""
        try:
            done = await entry_form.keep(self.work, entry, was, now)
        except FieldLogError as refusal:
            return self.words.told(refusal)
        self.window.did(done)
        return ""

    def leave(self, entry: str, form: HalfForm) -> None:
        """Leave an entry as it was; for ten seconds what was half written can be had again."""
        window = self.window
        self.changing.entry = ""
        half = form.let_go()

        async def again() -> None:
            form.take_back(half)
            self.changing.entry = entry
            if window.page.route != self.rows.page_of(entry):
                self.rows.open(entry)

        if half.said:
            window.offer_undo(window.words("Cancelled."), again)

    async def history(self, entry: str) -> tuple[ChangeView, ...]:
        """What was done to an entry, newest first."""
        work = self.work
        past = await Editing(work).history(entry)
        return history_views.change_views(past, work.zone, self.window.words, self.register.choices.called)

    async def let_go(self, entry: str) -> str:
        """Where originals of an entry lie that were let go here; "" where none was."""
        said = await freed_words(self.work, entry)
        return self.words.told(said) if said else ""

    async def fetch_again(self, entry: str) -> str:
        """Have them fetched with the next exchange; what is to be said of them then."""
        await fetch_again(self.work, entry)
        return await self.let_go(entry)

    def pictures(self, entry: str) -> list[Picture]:
        return pictures_of(self.work, entry)

    async def drawings(self, entry: str) -> list[Drawing]:
        """Strokes that no picture shows."""
        work = self.work
        try:
            return await Sketching(work).drawings(entry)
        except NotFound:
            return []
