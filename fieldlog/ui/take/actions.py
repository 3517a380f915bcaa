"""What one tap keeps without a text: one more of what is counted, a take, a figure."""

from __future__ import annotations

from dataclasses import replace

from fieldlog.model.entry import Entry
from fieldlog.model.sentence import Sentence
from fieldlog.services.capture.slate import Slate
from fieldlog.services.capture.tally import Tally
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.study.done import Done
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window


class TakeJourney(Journey):
    """The chips beside the field say of what scene, of whom and where."""

    def __init__(self, window: Window, field: FieldJourney, register: RegisterJourney) -> None:
        super().__init__(window)
        self.field, self.register = field, register
        self._tally: Tally | None = None
        field.sent.append(self._sent)

    async def quick(self, kind: str) -> None:
        """A quick button."""
        if kind == "count":
            await self.count()
        elif kind == "figure":
            self.window.open_sheet("figure")
        else:
            await self.field.as_kind(kind)

    async def figure(self, figure: dict[str, str], said: str) -> bool:
        """A number people live by, saved at once; `said` is how it reads. Whether it was."""
        window, work = self.window, self.work
        chips = replace(self.field.chips_for_file(), kind="figure", figure=figure)
        entry = await window.attempt(self.capture.note(said, chips))
        if entry is not None:
            window.close_sheet()
            self.field.used_by_file()
            kept = Sentence("Number kept: {words}", words=said)
            window.did(Done(made=entry, said=kept, back=lambda: Editing(work).remove(entry.id)))
        await self.field.focus()
        return entry is not None

    # -- counts

    @property
    def tally(self) -> Tally:
        if self._tally is None or self._tally.work is not self.work:
            self._tally = Tally(self.work, self.capture)
        return self._tally

    def _sent(self, entry: Entry) -> None:
        """What was written as a count is what is counted on."""
        if entry.kind == "count":
            self.tally.entry = entry.id

    async def count(self) -> None:
        """One more: of what stands in the field, else of what is being counted."""
        window, field, tally = self.window, self.field, self.tally
        await window.touch.light()
        if field.typing.text.strip():
            already = field.chips.count or 0 if field.chips.kind == "count" else 0
            await field.choose(kind="count", count=already + 1)
            return
        await window.run(tally.one_more("", field.chips_for_file()))
        await field.focus()

    # -- the slate

    @property
    def slate(self) -> Slate:
        return Slate(self.work, self.capture)

    def scene(self, typed: str) -> None:
        """The scene one writes of; its takes begin anew."""
        state = self.field.state
        strip = state.strip
        self.field.chose(scene=typed or None, take=None)
        state.strip = strip

    async def take(self, result: str | None = None) -> None:
        """Slate the next take of the scene."""
        window, field, slate = self.window, self.field, self.slate
        scene = field.chips.scene
        if not scene:
            window.open_sheet("scene")
            return
        await window.touch.light()
        done = await window.attempt(slate.add(scene, result))
        if done is None:
            return
        take = done.made
        field.chose(take=take.take)
        field.state.take, field.state.strip = take.id, "take"
        window.did(done.with_back(lambda: field.chose(take=None)))

    async def mark_take(self, result: str) -> None:
        """How the take just slated went."""
        window, field = self.window, self.field
        field.state.strip = ""
        if field.state.take:
            await window.run(self.slate.mark(field.state.take, result))
        await field.focus()
