"""Reading what was written: the month as a picture, and day by day."""

from __future__ import annotations

from bisect import bisect_left

import flet as ft

from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.rows.entries import part_of_day
from fieldlog.services.rows.sieve import Kept
from fieldlog.services.rows.strips import Strip, month, strip_of
from fieldlog.services.rows.together import Together, together
from fieldlog.ui.entry.actions import EntryJourney
from fieldlog.ui.review.state import CALENDAR, PEOPLE, SCORE, MonthShown
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

STEPS = {"Arrow Up": -1, "Arrow Down": 1}


class ReviewJourney(Journey):
    """The month and its days, and on each its rows; an entry is read beside them."""

    def __init__(self, window: Window, rows: RowsJourney, entry: EntryJourney) -> None:
        super().__init__(window)
        self.rows, self.entry = rows, entry
        self.shown = MonthShown()
        self._picker = ft.FilePicker()
        self._made: tuple[object, list[Strip]] | None = None

    # -- what is read

    @property
    def kept(self) -> Kept:
        """What alone is looked at."""
        shown = self.shown
        return Kept(person=shown.person, group=shown.group, kind=shown.kind, place=shown.place)

    def month(self) -> list[Strip]:
        """Every production day, in order. It is made anew only when something in the study, or what is looked at,
        is another."""
        store = self.work.store
        stand = (store, sum(store.versions.values()), self.kept)
        if self._made is None or self._made[0] != stand:
            self._made = stand, month(store.state, self.kept)
        return self._made[1]

    def strip(self, date: str) -> Strip:
        """One day, with the minute of each of its entries."""
        return strip_of(self.work.store.state, date, self.kept)

    def whole_strip(self, date: str) -> Strip:
        """The same, whatever alone is looked at in the month."""
        return strip_of(self.work.store.state, date)

    def at(self, date: str, minute: int) -> tuple[int, str]:
        """How many entries of a day stand before this minute of it, and the id of the one there; "" in an empty
        day, the last one after its end."""
        ticks = self.whole_strip(date).ticks
        place = min(bisect_left(ticks, minute), len(ticks) - 1)
        rows, _ = part_of_day(self.work.store, date, max(0, place), 1)
        return (place, str(rows[0]["id"])) if rows else (0, "")

    def together(self) -> Together:
        work = self.work
        return together(work.store.state, work.store.project, self.month(), self.kept)

    def now(self, date: str) -> int | None:
        """The minute that it is now, on the clock of the day being worked; None on any other day."""
        if date != self.today:
            return None
        return ProductionClock(date, self.window.zone).minutes(self.capture.now().at)

    @property
    def today(self) -> str:
        """The date of the day being worked."""
        return self.rows.stream.date

    # -- what is looked at

    def view(self, *, laptop: bool) -> str:
        return self.shown.view or (SCORE if laptop else CALENDAR)

    def chosen(self, strips: list[Strip]) -> Strip | None:
        """The day that is looked at: the one that was chosen, else today, else the last that holds anything."""
        by_date = {one.date: one for one in strips}
        held = [one for one in strips if one.entries]
        usual = by_date.get(self.today) or next(reversed(held or strips), None)
        return by_date.get(self.shown.chosen) or usual

    def choose(self, date: str, who: str = "") -> None:
        self.shown.chosen, self.shown.who = date, who

    def step(self, by: int) -> None:
        """Look at the day before or after."""
        strips = self.month()
        one = self.chosen(strips)
        if one is not None:
            at = min(max(strips.index(one) + by, 0), len(strips) - 1)
            self.choose(strips[at].date, self.shown.who)

    async def key(self, event: ft.KeyboardEvent) -> bool:
        """Whether a key was for the month: on the score the arrows step from day to day, and Enter opens one."""
        window = self.window
        laptop = window.shell.laptop
        if window.page.route != "/days" or window.shell.sheet or self.view(laptop=laptop) not in (SCORE, PEOPLE):
            return False
        one = self.chosen(self.month())
        if event.key in STEPS:
            self.step(STEPS[event.key])
        elif event.key == "Enter" and one is not None and not (event.ctrl or event.meta):
            self.open(one.code)
        else:
            return False
        return True

    def open(self, code: str) -> None:
        self.window.go(f"/days/{code}")

    # -- what alone is looked at

    def keep(self, **said: str) -> None:
        """Look at what has to do with this alone; the same again lets go of it."""
        for name, value in said.items():
            before = getattr(self.shown, name)
            setattr(self.shown, name, "" if before == value else value)

    def keep_everything(self) -> None:
        self.shown.person = self.shown.group = self.shown.kind = self.shown.place = ""

    # -- out as a file

    async def save(self, name: str, data: bytes) -> None:
        """Hand a file out: a browser puts it where it puts what one saves, an app asks where."""
        await self._picker.save_file(file_name=f"fieldlog-{name}", src_bytes=data)
