"""The archive of a browser: as one ZIP that leaves through the page, and in a folder that a person chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldlog.services.pocket.doorway import Folder, path_from_root
from fieldlog.services.study.erase_promise import OUTBOX
from fieldlog.ui.archive.by_day.archive_words import problem_words, tell_archived
from fieldlog.ui.archive.outbox import Outbox
from fieldlog.ui.archive.state import LyingZip
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.words.times import bytes_words

if TYPE_CHECKING:
    from fieldlog.services.archive.write import Archived
    from fieldlog.services.archive.zipped import Zipped


class BrowserArchive(Journey):
    """`lying` is the ZIP that was made and still lies here."""

    def __init__(self, outbox: Outbox) -> None:
        super().__init__(outbox.window)
        self._outbox, self._long = outbox, outbox.long
        self.lying = LyingZip()

    @property
    def folders(self) -> bool:
        """Whether this browser lets a person choose a folder to write into."""
        return self._outbox.doorway is not None and self._outbox.doorway.folders

    async def look(self) -> None:
        """Which ZIP lies here."""
        from fieldlog.services.archive import zipped  # not before the first screen

        row = await zipped.leaving(self.work)
        self.lying.name, self.lying.bytes = (row.path, row.bytes) if row else ("", 0)

    async def save_zip(self) -> None:
        """Write the archive as one ZIP, and offer it at once."""
        from fieldlog.services.archive import zipped

        work, long = self.work, self._long
        made: Zipped | None = await long.run(
            "archive", lambda: zipped.make_leaving(work, long.tell, cancelled=long.asked)
        )
        await self.look()
        if made is None:
            return
        days = len(made.written.days_written)
        said = self.words.many(
            "{n} day in one ZIP, read back whole: {size}, {files} files.",
            "{n} days in one ZIP, read back whole: {size}, {files} files.",
            days, size=bytes_words(made.bytes), files=made.files,
        )  # fmt: skip
        await long.noted()
        long.say(said, problem_words(self.words, made.written))
        await self.hand_over()

    async def hand_over(self) -> None:
        """Have the page offer the ZIP."""
        from fieldlog.services.copies.outbox import MIME

        name, doorway = self.lying.name, self._outbox.doorway
        if doorway is None or not name:
            return
        said = self.words("{name}, {size}", name=name, size=bytes_words(self.lying.bytes))
        path = path_from_root(self.work, f"{OUTBOX}/{name}")
        await self.window.attempt(doorway.hand_over(path, name, MIME, self._outbox.bar(said)))

    async def remove(self) -> None:
        """Free the space that the ZIP takes here."""
        from fieldlog.services.archive import zipped

        await self.window.attempt(zipped.remove_leaving(self.work))
        await self.look()

    async def into_folder(self) -> None:
        """Write or refresh the archive in a folder that a person chooses."""
        from fieldlog.services.archive.write import write_into  # not before the first screen

        window, work, long, doorway = self.window, self.work, self._long, self._outbox.doorway
        if doorway is None or long.state.what:
            return
        words = self.words
        bar = {
            "said": words("Where the archive is to lie: an empty folder, or the one it lies in."),
            "choose": words("Choose a folder"), "again": words("Write into {folder}", folder="{folder}"),
            "later": words("Later"),
        }  # fmt: skip
        chosen: Folder | None = await window.attempt(doorway.choose_folder(work.store.project, bar))
        if chosen is None:
            return
        folder = chosen
        written: Archived | None = await long.run(
            "archive",
            lambda: write_into(work, folder, folder.name, long.tell, bring=folder.bring, cancelled=long.asked),
        )
        if written is not None:
            await tell_archived(long, self.words, written, folder.name)
