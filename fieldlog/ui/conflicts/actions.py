"""What one window sees and settles of what was changed on two devices at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from fieldlog.model.errors import FieldLogError
from fieldlog.model.records import StoredPerson
from fieldlog.services.conflicts import open_fields, settle
from fieldlog.services.conflicts.open_fields import Conflict
from fieldlog.ui.conflicts.state import Joining
from fieldlog.ui.conflicts.views import ConflictView, conflict_view, route_of
from fieldlog.ui.field.kept_field import HalfForm
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

LIST = "/archive/conflicts"


class ConflictsJourney(Journey):
    """The list, and one conflict. `saves` keeps what is put together, while that is open."""

    def __init__(self, window: Window, rows: RowsJourney, register: RegisterJourney) -> None:
        super().__init__(window)
        self.rows, self.register = rows, register
        self.joining = Joining()
        self.saves: Callable[[], Awaitable[None]] | None = None
        self._origin = LIST

    async def key(self, event: ft.KeyboardEvent) -> bool:
        """Whether a key was for the page of a conflict: Esc leaves it, Ctrl or ⌘ with Enter saves what is put
        together. While that is open, Esc does nothing, for what is typed there."""
        if not self.window.page.route.startswith(f"{LIST}/") or self.window.shell.sheet:
            return False
        if event.key == "Escape" and not self.joining.at:
            self.leave()
        elif event.key == "Enter" and (event.ctrl or event.meta) and self.saves:
            await self.saves()
        else:
            return event.key == "Escape"
        return True

    # -- seen

    async def read(self) -> tuple[ConflictView, ...]:
        """Every conflict of the study, in this window's language."""
        work = self.work
        return tuple(
            conflict_view(one, self._called(one), work.zone, self.words, self.register.choices.called)
            for one in await open_fields.read(work)
        )

    def fields_of(self, entry: str) -> list[str]:
        """The fields of an entry that say several things."""
        return open_fields.fields_of(self.work, entry)

    def _called(self, one: Conflict) -> str:
        """What people call the record that a conflict is about."""
        if one.kind == "entry":
            shown = self.rows.reader.entry(one.record)
            return f"{shown.day} {shown.clock}" if shown else ""
        doc = self.work.store.state.get(one.record) or {}
        return self.register.choices.choice(doc).words if one.kind == "person" else self._titled(one.record)

    def _titled(self, record: str) -> str:
        said = self.register.choices.called("", record)
        return "" if said == record else said

    # -- gone to

    def open(self, one: ConflictView) -> None:
        """Go to its page; for what a person agreed to, to theirs."""
        self._origin = LIST
        person = self.work.store.state.read(StoredPerson, one.conflict.record)
        settled_there = not one.conflict.settles and person is not None
        self.window.go(f"/register/people/{person.code}" if settled_there and person else one.route)

    def open_from_entry(self, entry: str, field: str) -> None:
        """Go to a conflict from the page of its entry, and come back there."""
        self._origin = self.rows.page_of(entry)
        self.window.go(route_of(entry, field))

    def leave(self) -> None:
        """Go back to where one came from."""
        self.joining.at = ""
        self.window.go(self._origin)

    # -- settled

    async def keep(self, one: ConflictView, n: int) -> None:
        """Let its `n`th version be what it says."""
        if await self.window.run(settle.keep_one(self.work, one.conflict, n)) is not None:
            self.work.half_written.let_go(self.place_of(one))
            self.leave()

    async def keep_text(self, one: ConflictView, half: HalfForm) -> str:
        """Let it say what was put together; what is wrong with that, "" where nothing is."""
        try:
            done = await settle.keep_text(self.work, one.conflict, half["text"])
        except FieldLogError as refusal:
            return self.words.told(refusal)
        half.let_go()
        self.window.did(done)
        self.leave()
        return ""

    def begin(self, one: ConflictView) -> None:
        """Put its versions together."""
        self.joining.at = one.route

    def cancel(self, one: ConflictView, half: HalfForm) -> None:
        """Put nothing together; for ten seconds what was half written can be had again."""
        self.joining.at = ""
        was = half.let_go()

        async def again() -> None:
            half.take_back(was)
            self.joining.at = one.route
            self.window.go(one.route)

        if was.said:
            self.window.offer_undo(self.words("Cancelled."), again)

    def goes_on(self, one: ConflictView) -> None:
        """Open what is half written of it already."""
        if self.work.half_written.at(self.place_of(one)).said:
            self.joining.at = one.route

    @staticmethod
    def place_of(one: ConflictView) -> str:
        """Where what is half written of it is kept; it goes with the record."""
        return f"conflict-{one.conflict.field}/{one.conflict.record}"
