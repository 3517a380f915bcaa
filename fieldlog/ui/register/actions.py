"""The register as one window works in it: whom a sheet is about, what is added, joined, and taken in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldlog.model.errors import FieldLogError, NotUnderstood
from fieldlog.model.register import Person
from fieldlog.services.register import consent, crew_list, departments, people, places_scenes_codes
from fieldlog.services.register.consent import ScopeRow, Step
from fieldlog.services.register.crew_list import Crew
from fieldlog.services.register.people import PersonRow
from fieldlog.services.register.places_scenes_codes import RegisterRow, Table
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.register.choices import Picking
from fieldlog.ui.rows import views
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.rows.views import StreamRow
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

LATEST = 5
TABLES: tuple[Table, ...] = ("places", "scenes", "codes")
CREW_FILES = ["xlsx", "csv", "tsv", "txt"]
NOBODY: tuple[StreamRow, ...] = ()


@dataclass
class Wanted:
    """Whom the list of people shows: what was typed, one of its filters or "", whether the filters stand there."""

    typed: str = ""
    only: str = ""
    filters: bool = False


class RegisterJourney(Journey):
    """`about` is the id of what the open sheet is about, "" for something new; `crew` a list not taken in yet."""

    def __init__(self, window: Window, rows: RowsJourney, field: FieldJourney) -> None:
        super().__init__(window)
        self.rows, self.field, self.choices = rows, field, Picking(window)
        self._picker = ft.FilePicker()
        self.about = ""
        self.table: Table = "places"
        self.crew = Crew()
        self.wanted = Wanted()

    @property
    def _work(self) -> Workspace | None:
        return self.work

    # -- what is there

    def people(self, typed: str = "") -> list[PersonRow]:
        """Everybody, or those whom what was typed may mean, the likeliest first."""
        return people.people_found(self.work, typed)

    def person(self, code: str) -> PersonRow | None:
        return people.person(self.work, code)

    def groups(self) -> Mapping[str, str]:
        """Each person's group of departments, "" where nobody knows, by their code."""
        return departments.groups_of_people(self.work)

    def present(self) -> set[str]:
        """Ids of the people of the session that goes on."""
        session = self.session
        return {self.work.store.state.real(one) for one in session.people} if session else set()

    async def someone(self) -> str:
        """The record that stands for whoever is not to be named; its id, "" where it could not be made."""
        return str(await self.window.attempt(people.someone(self.work)) or "")

    def grid(self, person: str) -> list[ScopeRow]:
        return consent.grid(self.work, person)

    def history(self, person: str) -> list[Step]:
        return consent.history(self.work, person)

    def naming(
        self, table: str, record: str, start: int = 0, count: int = LATEST
    ) -> tuple[int, tuple[StreamRow, ...]]:
        """In how many entries a record of the register is named, and `count` of them from the `start`th on.

        The latest come first.
        """
        work = self.work
        latest = places_scenes_codes.entries_naming(work, table, record, start + count)[start:]
        rows = [entry_rows.entry(work.store, one) for one in latest]
        number = places_scenes_codes.number_naming(work, table, record)
        return number, views.stream_rows(rows, work.zone, self.window.words, self.rows.reader.known())

    def place_naming(self, table: str, record: str, entry: str) -> int:
        """How many of the entries that name a record come before this one; 0 where it is not among them."""
        if not entry:
            return 0
        number = places_scenes_codes.number_naming(self.work, table, record)
        found = places_scenes_codes.entries_naming(self.work, table, record, number)
        return found.index(entry) if entry in found else 0

    def id_of(self, table: str, record: str) -> str:
        """The id of a record: a person is named by their code."""
        one = self.person(record) if table == "people" else None
        return one.id if one else record

    def named(self, table: str, record: str) -> str:
        """What a person, place, scene or code is called, with its code; "" where it is not in the register."""
        chinese = self.window.words.chinese
        if table == "people":
            one = self.person(record)
            return one.named(chinese=chinese) if one else ""
        row = self.row(table, record) if table in TABLES else None
        return f"{row.code} {row.named(chinese=chinese)}".strip() if row else ""

    def listed(self, table: Table, typed: str = "") -> list[RegisterRow]:
        return places_scenes_codes.found_rows(self.work, table, typed)

    def row(self, table: Table, record: str) -> RegisterRow | None:
        return next((row for row in self.listed(table) if row.id == record), None) if record else None

    # -- sheets

    def open(self, sheet: str, about: str = "", table: Table | None = None) -> None:
        """Open a sheet of the register about a record, or for a new one."""
        self.about, self.table = about, table or self.table
        self.window.open_sheet(sheet)

    # -- people

    def proposed(self) -> list[str]:
        """A pseudonym nobody bears, in both scripts."""
        return list(people.proposed_pseudonym(self.work))

    async def add_person(self, names: list[str], role: str, answer: str, scopes: Mapping[str, str]) -> str:
        """Add a person; what is wrong with what was said, "" where nothing is."""
        return await self._kept(lambda work: people.quick_add(
            work, pseudonym=names[0], pseudonym_zh=names[1], role=role, answer=answer, scopes=scopes
        ))  # fmt: skip

    async def add_unknown(self, description: str) -> str:
        return await self._kept(lambda work: people.add_unknown(work, description))

    async def rename_person(self, names: list[str], roles: list[str], dept: str) -> str:
        person = self.about
        return await self._kept(lambda work: people.rename(
            work, person, pseudonym=names[0], pseudonym_zh=names[1], role=roles[0], role_zh=roles[1], dept=dept,
        ))  # fmt: skip

    async def set_group(self, dept: str, group: str) -> None:
        """Say to which group a department belongs."""
        await self.window.run(departments.set_group(self.work, dept, group))

    async def answer(self, person: str, scope: str, said: str) -> None:
        """Change one answer of a person's consent; taken back, it was a mistake, and the history keeps both."""
        await self.window.run(consent.answer(self.work, person, {scope: said}))

    async def agreed_how(self, person: str, mode: str) -> None:
        await self.window.run(consent.agreed_how(self.work, person, mode))

    async def set_minor(self, person: str, minor: bool) -> None:
        await self.window.run(people.set_minor(self.work, person, minor))

    async def join(self, into: PersonRow) -> None:
        """Say that the unknown one the sheet is about is this person; for ten seconds it can be taken back."""
        unknown = self.about
        if self.person(unknown) is None:
            return
        if await self._kept(lambda work: people.merge(work, unknown, into.id)):
            return
        self.window.go(f"/register/people/{into.code}")

    # -- places, scenes, codes

    async def keep_item(self, said: Mapping[str, str]) -> str:
        """Add what the sheet says, or call what it is about so; what is wrong, "" where nothing is."""
        about, table = self.about, self.table
        name, name_zh, more = said.get("name", ""), said.get("name_zh", ""), said.get("about", "")
        if about:
            return await self._kept(
                lambda work: places_scenes_codes.rename(work, about, name=name, name_zh=name_zh, about=more)
            )
        code = said.get("code", "")
        verbs: Mapping[str, Callable[[Workspace], Awaitable[Done[Any]]]] = {
            "places": lambda work: places_scenes_codes.add_place(work, name, name_zh),
            "scenes": lambda work: places_scenes_codes.add_scene(work, code, more),
            "codes": lambda work: places_scenes_codes.add_code(work, code, name, name_zh),
        }
        return await self._kept(verbs[table])

    # -- a crew list

    async def pick_crew(self) -> None:
        """Let a crew list be chosen, and show what is in it before anything is taken."""
        files = await self._picker.pick_files(
            dialog_title=self.window.words("Crew list (XLSX, CSV)"),
            file_type=ft.FilePickerFileType.CUSTOM, allowed_extensions=CREW_FILES, with_data=True,
        )  # fmt: skip
        for file in files or ():
            if file.bytes is not None:
                self.show_crew(file.bytes)

    def show_crew(self, data: bytes) -> None:
        """Read a crew list and show what would be taken in."""
        try:
            self.crew = crew_list.read_crew(data)
        except NotUnderstood as refusal:
            self.window.shell.notice = self.window.words.told(refusal)
            return
        self.open("crew")

    async def take_crew(self) -> None:
        """Take the list in; for ten seconds it can be taken back."""
        window, work = self.window, self.work
        done = await window.run(crew_list.take_crew(work, self.crew.rows))
        window.close_sheet()
        if done is None:
            return
        taken = done.made
        if taken.problems:
            window.shell.notice = " ".join(self.problem(one) for one in taken.problems)
        if not taken.people:
            window.shell.notice = window.shell.notice or window.words("Everybody on this list is here already.")

    def problem(self, one: crew_list.Problem) -> str:
        return self.window.words(one.said, line=one.line, name=one.name)

    async def _kept(self, verb: Callable[[Workspace], Awaitable[Done[Any]]]) -> str:
        """Do what a sheet is for and close it; what is wrong with what was said, "" where nothing is."""
        try:
            done = await verb(self.work)
        except FieldLogError as refusal:
            return self.window.words.told(refusal)
        self.window.close_sheet()
        made = done.made
        if isinstance(made, Person):
            self.field.met(made.id)
            done = done.with_back(lambda: self.field.unnamed(made.id))
        self.window.did(done)
        return ""
