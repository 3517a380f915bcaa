"""A study comes back from an archive's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.ui.archive.bring_in import BringIn
from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

if TYPE_CHECKING:
    from fieldlog.services.archive.restore import Restored

NO_FOLDER = sentence("There is no folder “{path}”. Nothing was changed.")
PROPOSED = "FieldLog"
"""The folder of a home below which archives are proposed to lie."""


class Restoring(Journey):
    """`long` is what goes on; `found` are archives that lie where FieldLog proposes to write them."""

    def __init__(self, window: Window, incoming: BringIn) -> None:
        super().__init__(window)
        self.incoming, self.long = incoming, LongWork(window)
        self.found: list[Path] = []

    async def look_around(self) -> None:
        """See which archives lie where they are proposed to."""
        from fieldlog.services.archive.restore import archives_near  # not before the first screen

        self.found = await archives_near(Path.home() / PROPOSED)

    async def restore(self, folder: str) -> None:
        """Bring a study back, and open its newest day; where something of it is lost, that is told first."""
        desk, words = self.window.desk, self.words
        path = Path(folder.strip()).expanduser()
        if self.incoming.records():
            return

        async def bring_back() -> Restored:
            if not folder.strip() or not path.is_dir():
                raise NotUnderstood(Sentence(NO_FOLDER, path=folder.strip()))
            return await desk.restore(path, self.long.tell, cancelled=self.long.asked)

        done: Restored | None = await self.long.run("restore", bring_back)
        if done is None:
            return
        said = words.many(
            "Restored: {n} record, {files} files.", "Restored: {n} records, {files} files.", done.lines,
            files=done.files,
        )  # fmt: skip
        self.long.say(said if done.problems else "", done.problems)
        self.incoming.opened(said, list(done.problems))
