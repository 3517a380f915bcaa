"""What one window does with sessions, the plan and the day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import flet as ft

from fieldlog.model.called import SESSION_TYPES
from fieldlog.model.errors import FieldLogError
from fieldlog.model.records import StoredSession
from fieldlog.model.session import Session
from fieldlog.services.capture.permission import Medium, allowed, objections
from fieldlog.services.day.callsheet import Sheet, read_plan
from fieldlog.services.day.callsheet_taking import foresee, take_plan, year_of
from fieldlog.services.day.plan import Plan, outlived
from fieldlog.services.day.sessions import MEDIA, Sessions, dates_to_start, planned
from fieldlog.services.register import people
from fieldlog.services.rows import days as production_days
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.day import day_views
from fieldlog.ui.day.day_views import Here, PlanDay, Preview
from fieldlog.ui.day.state import Today
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.register.actions import RegisterJourney
from fieldlog.ui.register.choices import Choice
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

PLAN_FILES = ["xlsx", "csv", "tsv", "txt"]
SHORT_PLAN = 3
"""So many sessions of the plan still fit on a sheet of the usual height."""


class DayJourney(Journey):
    """`today` is what the screens show of it."""

    def __init__(self, window: Window, rows: RowsJourney, field: FieldJourney, register: RegisterJourney) -> None:
        super().__init__(window)
        self.rows, self.field, self.register = rows, field, register
        self.today = Today()
        self._picker = ft.FilePicker()
        self._sheet: Sheet | None = None

    # -- what is shown

    def look(self, session: StoredSession | None, day: str, now: datetime) -> None:
        """Take from the study what today's screen shows of the session, the plan and the day."""
        state, today = self.work.store.state, self.today
        today.session = session.id if session else ""
        today.media = allowed(session.doc) if session else ()
        today.may = self._may(session) if session else ""
        today.told = (session.may_record_words if session else "") or ""
        today.place = (session.place if session else "") or ""
        today.here = tuple(self._present(session)) if session else ()
        today.outlived = outlived(state, now) == day
        ended = today.outlived or bool(production_days.stored_day(state, day).ends)
        today.plan = tuple(self._plan_day(self.work, one) for one in dates_to_start(state, day, ended))
        today.next_day = (date.fromisoformat(day) + timedelta(days=1)).isoformat()

    def _may(self, session: StoredSession) -> str:
        """What may be recorded; where somebody present has not agreed to sound or photos, who that is."""
        media = allowed(session.doc)
        asked: tuple[Medium, ...] = ("audio", "photo")
        for medium in asked:
            found = objections(self.work, medium, session.id) if medium in media else ()
            if found:
                return day_views.may_words(media, self.words, [one.name.split()[0] for one in found], medium)
        return day_views.may_words(media, self.words)

    def _plan_day(self, work: Workspace, day: str) -> PlanDay:
        state, words = work.store.state, self.window.words
        rows = tuple(
            day_views.plan_row(one, day_views.place_words(state.get(one.place or ""), words), words)
            for one in planned(state, day)
        )
        return PlanDay(code=production_days.code_of(state, day), rows=rows)

    def code(self, day: str) -> str:
        work = self.work
        return production_days.code_of(work.store.state, day) if day else ""

    def _present(self, session: StoredSession) -> list[Here]:
        """The people of a session, in the order of their codes."""
        wanted = {self.work.store.state.real(one) for one in session.people}
        rows = [row for row in people.people(self.work) if row.id in wanted] if wanted else []
        return [day_views.here(row, self.words) for row in rows]

    def places(self, typed: str) -> list[Choice]:
        """Where the session may be: its place first, then those that what was typed may mean."""
        found = {one.id: one for one in self.register.choices.named(filter(None, [self.today.place]))}
        return list((found | {one.id: one for one in self.register.choices.places(typed)}).values())

    # -- sessions

    def open(self) -> None:
        """The sheet in which a session is started or ended."""
        many = sum(len(one.rows) for one in self.today.plan) > SHORT_PLAN
        self.window.open_sheet("session-long" if many else "session")

    async def start(self, kind: str, title: str) -> bool:
        """Start a session of this kind; whether it was."""
        name = title.strip() or self.window.words(SESSION_TYPES[kind])
        return await self._begin(lambda sessions: sessions.start(name, kind=kind))

    async def start_planned(self, record: str) -> None:
        await self._begin(lambda sessions: sessions.start_planned(record))

    async def _begin(self, start: Callable[[Sessions], Awaitable[Done[Session]]]) -> bool:
        self.window.close_sheet()
        await self.field.send()
        return await self.window.run(start(self._sessions)) is not None

    async def stop(self) -> None:
        self.window.close_sheet()
        await self.field.send()
        await self.window.run(self._sessions.stop())

    async def bring(self, person: str) -> None:
        if self.today.session:
            await self.window.run(self._sessions.bring(self.today.session, person))

    async def let_go(self, person: str) -> None:
        if self.today.session:
            await self.window.run(self._sessions.let_go(self.today.session, person))

    async def move(self, place: str | None) -> None:
        if self.today.session:
            await self.window.run(self._sessions.move(self.today.session, place))

    async def allow(self, medium: str) -> None:
        """Let a medium be recorded in this session, or no longer."""
        media = {*self.today.media} ^ {medium}
        if self.today.session:
            await self.window.run(self._sessions.allow(self.today.session, media & {*MEDIA}))

    @property
    def _sessions(self) -> Sessions:
        return Sessions(self.work, self.capture)

    # -- the day

    async def wrap(self, day: str, *, back: bool) -> None:
        """Wrap a day now, or take its wrap back."""
        self.window.close_sheet()
        await self.field.send()
        now = self.capture.now().text()
        await self.window.run(Plan(self.work).wrap(day, None if back else now))

    async def wrap_at(self, day: str, typed: str) -> str:
        """Wrap a day at the time that was typed; what is wrong with it, "" where nothing is."""
        await self.field.send()
        try:
            done = await Plan(self.work).wrap_typed(day, typed, self.capture.now().at)
        except FieldLogError as refusal:
            return self.words.told(refusal)
        self.window.close_sheet()
        self.window.did(done)
        return ""

    async def goes_on(self, day: str) -> None:
        """The day is not over yet."""
        self.window.close_sheet()
        await self.window.run(Plan(self.work).goes_on(day, self.capture.now().text()))

    async def start_day(self, day: str) -> None:
        """Let a day begin now; the one before ends."""
        self.window.close_sheet()
        await self.field.send()
        await self.window.run(Plan(self.work).start(day, self.capture.now().text()))

    async def day_type(self, day: str, kind: str) -> None:
        await self.window.run(Plan(self.work).type_of(day, kind))

    async def number(self, day: str, typed: str) -> str:
        """Give a day this number, and let the later ones follow; what is wrong with it, "" where nothing is."""
        digits = typed.strip().lstrip("PDpd第").rstrip("天")
        if not digits.isdecimal() or not 0 < int(digits) < 1000:
            return self.words("A day's number is written 14.")
        await self.window.run(Plan(self.work).renumber(day, int(digits)))
        return ""

    # -- a plan from a file

    async def choose(self) -> None:
        """Let the person choose a call sheet."""
        files = await self._picker.pick_files(
            file_type=ft.FilePickerFileType.CUSTOM, allowed_extensions=PLAN_FILES, with_data=True
        )
        for file in files or ():
            if file.bytes is not None:
                await self.read(file.name, file.bytes)

    async def read(self, name: str, data: bytes) -> None:
        """Read a call sheet and show what it would bring. Nothing is taken yet."""
        work = self.work
        self._sheet = await work.machine.offload(read_plan, data, name, year_of(work))
        self.today.preview = self._foreseen(work, name, self._sheet)
        self.window.open_sheet("plan")

    def _foreseen(self, work: Workspace, name: str, sheet: Sheet) -> Preview:
        return day_views.preview(name, foresee(work, sheet), self.window.words)

    async def take(self) -> None:
        """Take in the plan that was read."""
        work, sheet, self._sheet = self.work, self._sheet, None
        self.today.preview = None
        self.window.close_sheet()
        if sheet is None:
            return
        await self.window.run(take_plan(work, sheet))
