"""Looking for words, names and codes, in one window."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import flet as ft

from fieldlog.services.register.people import people
from fieldlog.services.review.find import Found, counts, find, rows
from fieldlog.services.rows.days import code_of
from fieldlog.services.rows.strips import Strip
from fieldlog.ui.entry.actions import EntryJourney
from fieldlog.ui.find import views
from fieldlog.ui.find.state import FIRST_ROWS, NOTHING, Finding, Result
from fieldlog.ui.review.actions import ReviewJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

ROUTE = "/find"
SOON_SECONDS = 0.12
"""After a key the query is answered so much later, unless another follows."""


class FindJourney(Journey):
    """What is typed is answered at once; what was found is read beside it on a laptop, else on its page."""

    def __init__(self, window: Window, rows: RowsJourney, entry: EntryJourney, review: ReviewJourney) -> None:
        super().__init__(window)
        self.rows, self.entry, self.review = rows, entry, review
        self.finding = Finding()
        self._due: asyncio.TimerHandle | None = None
        self._begun = ""
        window.on_change.append(self._changed)

    # -- asking

    def typed(self, text: str) -> None:
        """The field says that it holds this."""
        self.finding.typed = text
        if self._due:
            self._due.cancel()
        loop, context = asyncio.get_running_loop(), self.window.context.copy()
        self._due = loop.call_later(SOON_SECONDS, self.answer, context=context)

    def ask(self, text: str) -> None:
        """Look for this; the field is given it."""
        finding = self.finding
        finding.typed, finding.given = text, finding.given + 1
        self.answer()

    def answer(self) -> None:
        """Answer what stands in the field, from the top."""
        self._due = None
        self.finding.shown = FIRST_ROWS
        self.again()

    def _changed(self) -> None:
        """Something in the study is another. What nobody looks at is asked again when it is; until then nothing is
        kept of it, least of all words that were erased."""
        if self.window.page.route.startswith(ROUTE):
            self.again()
        else:
            self.finding.result = NOTHING

    def again(self) -> None:
        """Answer it anew, as far as it is shown."""
        finding = self.finding
        if not finding.typed.strip():
            finding.result = NOTHING
            return
        finding.result = self._answered(finding.typed)

    def _answered(self, typed: str) -> Result:
        work, finding, words = self.work, self.finding, self.words
        found = find(work, typed, fold=finding.fold)
        if finding.oldest:
            found = _turned(found)
        how = counts(work, found)
        known, shown = self.rows.reader.known(), rows(work, found, 0, finding.shown)
        if finding.oldest:
            shown = shown[::-1]
        return Result(
            total=len(found.ids),
            rows=tuple(views.found_row(row, found, work.zone, words, known) for row in shown),
            days=tuple(sorted(how.days.items())),
            people=views.people_of(how, people(work), chinese=words.chinese),
            kinds=views.kinds_of(how, words),
            chips=views.chips_of(typed, found),
            said=tuple(words.told(one) for one in found.said),
        )

    def begin(self, typed: str) -> None:
        """Find is shown; a query in its address, such as that of a day, is asked once."""
        if typed and typed != self._begun:
            self._begun = typed
            self.ask(typed)
        else:
            self.again()

    def narrow(self, more: str) -> None:
        """Look only for what is of this, too."""
        typed = self.finding.typed
        if more not in typed.split():
            self.ask(f"{typed.strip()} {more}".strip())

    def of_day(self, date: str) -> None:
        self.narrow(f"day:{code_of(self.work.store.state, date)}")

    def turn(self) -> None:
        """The oldest day first, or the newest."""
        self.finding.oldest = not self.finding.oldest
        self.answer()

    def fold(self) -> None:
        """Take traditional and simplified characters as one, or apart again."""
        self.finding.fold = not self.finding.fold
        self.answer()

    def more(self) -> None:
        """Show more of what was found."""
        if self.finding.shown < self.finding.result.total:
            self.finding.shown += FIRST_ROWS
            self.again()

    # -- reading

    def open(self, entry: str) -> None:
        """Read an entry: beside the rows on a laptop, else on its page."""
        self.finding.chosen = entry
        if self.window.shell.laptop:
            self.finding.opened = entry
        else:
            self.rows.open(entry)

    def days(self) -> Sequence[Strip]:
        return self.review.month()

    # -- keys

    async def key(self, event: ft.KeyboardEvent) -> bool:
        """Whether a key was for Find: Ctrl or ⌘ with K opens it from anywhere; on it Esc closes what is read, then
        leaves."""
        window = self.window
        if event.key.upper() == "K" and (event.ctrl or event.meta):
            window.go(ROUTE)
            return True
        if not window.page.route.startswith(ROUTE) or window.shell.sheet or event.key != "Escape":
            return False
        if self.finding.opened:
            self.finding.opened = ""
        else:
            window.go("/days")
        return True


def _turned(found: Found) -> Found:
    """The same, the oldest first."""
    return replace(found, ids=list(found.ids)[::-1])
