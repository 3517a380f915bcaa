"""Long work of one window: writing and checking the archive, making a copy, bringing in the sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldlog.services.archive.proposed import proposed_archive
from fieldlog.services.copies.ledger import remember_archive
from fieldlog.services.copies.only_here import proposed_path
from fieldlog.ui.archive.bring_in import BringIn
from fieldlog.ui.archive.by_day.archive_words import tell_archived
from fieldlog.ui.archive.by_day.browser_archive import BrowserArchive
from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.archive.outbox import Outbox
from fieldlog.ui.archive.passphrase import Opening
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.rows.actions import RowsJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.times import bytes_words

if TYPE_CHECKING:
    from fieldlog.services.copies.bundle_parts import Made


class ArchiveJourney(Journey):
    """Writing, checking and copying; `long` is the work that goes on, `outbox` the copies of a phone, `in_browser`
    its archive, `incoming` what comes from elsewhere, `opening` asks for the passphrase of what is sealed."""

    def __init__(self, window: Window, rows: RowsJourney, field: FieldJourney) -> None:
        super().__init__(window)
        self.rows, self.long = rows, LongWork(window)
        self.under_way = self.long.state
        self.opening = Opening(window, self.long)
        self.outbox = Outbox(window, self.long, self.opening)
        self.in_browser = BrowserArchive(self.outbox)
        self.incoming = BringIn(window, field, self.long, self.opening, self.outbox)

    def proposed_copy(self) -> str:
        return str(proposed_path(self.work, Path.home()))

    def proposed_archive(self) -> str:
        """Where the archive lies, or would."""
        copies = self.window.desk.copies
        known = copies.archive if copies else None
        return known.path if known else str(proposed_archive(self.work, Path.home()))

    async def write_archive(self, folder: str) -> None:
        from fieldlog.services.archive.write import write_archive  # not before the first screen

        path, work = Path(folder.strip()).expanduser(), self.work
        written = await self.long.run(
            "archive", lambda: write_archive(work, path, self.long.tell, cancelled=self.long.asked)
        )
        if written is not None:
            await tell_archived(self.long, self.words, written, str(path))

    async def verify_archive(self, folder: str) -> None:
        from fieldlog.services.archive.verify import verify_archive  # not before the first screen

        window = self.window
        work = self.work
        path = Path(folder.strip()).expanduser()
        faults = await self.long.run(
            "verify", lambda: verify_archive(path, self.long.tell, cancelled=self.long.asked)
        )
        if faults is None:
            return
        at = work.machine.clock().at
        await remember_archive(work, str(path.absolute()), verified_at=at, faults=len(faults))
        await self.long.noted()
        none = window.words("No faults: every file is as it was written.")
        some = window.words.many("{n} fault", "{n} faults", len(faults))
        self.long.say(some if faults else none, faults)

    async def make_copy(self, file: str) -> None:
        from fieldlog.services.copies import bundle  # not before the first screen

        window = self.window
        work = self.work
        path = Path(file.strip()).expanduser()

        async def make() -> Made:
            if path.parent == proposed_path(work, Path.home()).parent:
                path.parent.mkdir(parents=True, exist_ok=True)
            return await bundle.make_bundle(work, path, tell=self.long.tell, cancelled=self.long.asked)

        made = await self.long.run("copy", make)
        if made is None:
            return
        await self.long.noted()
        size, files = bytes_words(made.bytes), made.files
        whole = window.words(
            "Backed up and read back whole: {size}, {files} files. It lies in {path}",
            size=size, files=files, path=made.path,
        )  # fmt: skip
        lacking = window.words(
            "Backed up as far as it is whole: {size}, {files} files. It lies in {path}",
            size=size, files=files, path=made.path,
        )  # fmt: skip
        self.long.say(whole if made.whole else lacking, bundle.made_words(work.store.state, made))
