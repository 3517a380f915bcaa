"""What one window does with studies, people and the day."""

from __future__ import annotations

from collections.abc import Mapping

from fieldlog.model.errors import FieldLogError
from fieldlog.services.machine.bundled import PRACTICE_DAY
from fieldlog.services.study.studies import StudyRow, list_studies
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.window.window import Window


class OnThisDevice:
    """`studies` are those on this device, but for the one that is open."""

    def __init__(self, window: Window, field: FieldJourney) -> None:
        self._window, self._field = window, field
        self.studies: list[StudyRow] = []

    async def look_around(self) -> None:
        """See which other studies are on this device. Each is opened for it, so nobody is to wait for it."""
        open_now = self._window.desk.work.store.project if self._window.desk.work else ""
        self.studies = await list_studies(self._window.desk.machine, but=open_now)

    def proposed_zone(self) -> str:
        """The zone of this machine; "" where it does not tell: then a person says it."""
        return self._window.desk.machine.clock().zone or ""

    async def begin_study(self, said: Mapping[str, str]) -> str:
        """Make a study and write in it; what is wrong with what was said, "" where nothing is."""
        days = said["days"].strip()
        try:
            await self._window.desk.begin_study(
                title=said["title"],
                researcher=said["researcher"],
                zone=said["zone"].strip(),
                first_day=said["first"].strip(),
                days=int(days) if days.isdigit() else 0,
            )
        except FieldLogError as refusal:
            return self._window.words.told(refusal)
        self.arrive()
        return ""

    async def bring_sample(self) -> None:
        """The practice month, opened on its best day, with a word on how to write in it."""
        window = self._window
        if await window.attempt(window.desk.take_practice()) is None:
            return
        self.arrive(f"/days/{PRACTICE_DAY}")
        window.shell.notice = window.words(
            "This is the practice month: fiction, in a study of its own. To try writing, open Now and type. Your "
            "own study begins under More, Another study."
        )

    async def open_study(self, study: str) -> None:
        await self._window.attempt(self._window.desk.switch(study))
        self.arrive()

    def arrive(self, route: str = "") -> None:
        """Show the study that is open now, on a `route` of its own where one is told; or Welcome."""
        self._field.put(self._window.desk.text)
        self._window.connect()
        self._window.go(route if route and self._window.desk.work else self._window.home)
