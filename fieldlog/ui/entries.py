"""What one window reads and changes of an entry, each change taken back for ten seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.services import revising
from fieldlog.services.editing import Editing
from fieldlog.services.revising import Form
from fieldlog.services.sketching import Drawing, Picture, Sketching, pictures_of
from fieldlog.ui import changes
from fieldlog.ui.changes import ChangeView

if TYPE_CHECKING:
    from fieldlog.ui.window import Window


class Entries:
    """Without a study everything is empty."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def form(self, entry: str) -> Form | None:
        """What an entry says of itself, to be changed; None where it is not here any more."""
        work = self._window.desk.work
        try:
            return revising.form_of(work, entry) if work else None
        except NotFound:
            return None

    async def keep(self, entry: str, was: Form, now: Form) -> str:
        """Keep a form; what is wrong with it, "" where nothing is."""
        window = self._window
        work = window.desk.work
        if work is None:
            return ""
        try:
            before = await revising.keep(work, entry, was, now)
        except FieldLogError as refusal:
            return window.words.told(refusal)
        if before:
            window.offer_undo(window.words("Changed."), lambda: Editing(work).change(entry, before))
        return ""

    async def history(self, entry: str) -> tuple[ChangeView, ...]:
        """What was done to an entry, newest first."""
        work = self._window.desk.work
        if work is None:
            return ()
        past = await Editing(work).history(entry)
        return changes.change_views(past, work.zone, self._window.words, self._named)

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
