"""Long work of one window: writing and checking the archive, making a copy, bringing in the sample."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldlog.model.errors import FieldLogError
from fieldlog.services.archive import verify, write
from fieldlog.services.copies import bundle
from fieldlog.services.copies.bundle import made_words
from fieldlog.services.copies.bundle_parts import Made
from fieldlog.services.copies.ledger import remember_archive
from fieldlog.services.copies.only_here import proposed_archive, proposed_path
from fieldlog.ui.rows.views import bytes_words

if TYPE_CHECKING:
    from fieldlog.ui.window.window import Window

SHOWN_A_SECOND = 10


class Keeper:
    """One long piece of work at a time; its progress and its end are on `window.work`."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._shown = 0.0

    def proposed_copy(self) -> str:
        work = self._window.desk.work
        return str(proposed_path(work, Path.home())) if work else ""

    def proposed_archive(self) -> str:
        """Where the archive lies, or would."""
        desk = self._window.desk
        if desk.work is None or desk.copies is None:
            return ""
        known = desk.copies.archive
        return known.path if known else str(proposed_archive(desk.work, Path.home()))

    def stop(self) -> None:
        """Ask the work under way to stop; what is done by then stays."""
        self._window.work.stopping = True

    async def write_archive(self, folder: str) -> None:
        window = self._window
        desk = window.desk
        if desk.work is None:
            return
        path, work = Path(folder.strip()).expanduser(), desk.work
        written = await self.long(
            "archive", lambda: write.write_archive(work, path, self.tell, cancelled=self.asked)
        )
        if written is None:
            return
        if not written.finished:
            self.say(window.words("Stopped. What was written stays; writing again goes on from there."))
            return
        said = window.words.many(
            "{n} day written, {kept} unchanged. It lies in {folder}",
            "{n} days written, {kept} unchanged. It lies in {folder}",
            len(written.days_written),
            kept=len(written.kept_days),
            folder=str(path),
        )
        problems = [window.words("Not ours, left alone: {path}", path=one) for one in written.foreign]
        problems += [
            window.words("Its bytes are not whole in this store: {path}", path=one)
            for one in (*written.missing, *written.damaged)
        ]
        problems += written.problems
        await self.noted()
        self.say(said, problems)

    async def verify_archive(self, folder: str) -> None:
        window = self._window
        work = window.desk.work
        if work is None:
            return
        path = Path(folder.strip()).expanduser()
        faults = await self.long("verify", lambda: verify.verify_archive(path, self.tell, cancelled=self.asked))
        if faults is None:
            return
        at = work.machine.clock().at
        await remember_archive(work, str(path.absolute()), verified_at=at, faults=len(faults))
        await self.noted()
        none = window.words("No faults: every file is as it was written.")
        some = window.words.many("{n} fault", "{n} faults", len(faults))
        self.say(some if faults else none, faults)

    async def make_copy(self, file: str) -> None:
        window = self._window
        work = window.desk.work
        if work is None:
            return
        path = Path(file.strip()).expanduser()

        async def make() -> Made:
            if path.parent == proposed_path(work, Path.home()).parent:
                path.parent.mkdir(parents=True, exist_ok=True)
            return await bundle.make_bundle(work, path, tell=self.tell, cancelled=self.asked)

        made = await self.long("copy", make)
        if made is None:
            return
        await self.noted()
        size, files = bytes_words(made.bytes), made.files
        whole = window.words(
            "Copied and read back whole: {size}, {files} files. It lies in {path}",
            size=size, files=files, path=made.path,
        )  # fmt: skip
        lacking = window.words(
            "Copied as far as it is whole: {size}, {files} files. It lies in {path}",
            size=size, files=files, path=made.path,
        )  # fmt: skip
        self.say(whole if made.whole else lacking, made_words(work.store.state, made))

    async def long(self, what: str, verb: Callable[[], Awaitable[Any]]) -> Any:
        """Do long work with its progress shown; None where it was refused, and why is said."""
        window = self._window
        if window.work.what:
            return None
        state = window.work
        state.done, state.total, state.stopping, state.said, state.faults = 0, 0, False, "", ()
        state.what = what
        try:
            return await verb()
        except (FieldLogError, OSError) as refusal:
            self.say(window.words.told(refusal))
            return None
        finally:
            state.what = ""

    async def noted(self) -> None:
        """The ledger changed: what it says is read again."""
        if self._window.desk.copies is not None:
            await self._window.desk.copies.reload()
        self._window.desk.tell()

    def say(self, said: str, faults: list[str] | tuple[str, ...] = ()) -> None:
        """What came of it, under the buttons."""
        self._window.work.said, self._window.work.faults = said, tuple(faults)

    def asked(self) -> bool:
        """Whether a person asked for a stop."""
        return self._window.work.stopping

    def tell(self, done: int, total: int) -> None:
        """How far it is, shown a few times a second."""
        now = asyncio.get_running_loop().time()
        if now - self._shown >= 1 / SHOWN_A_SECOND or done == total:
            self._shown = now
            self._window.work.done, self._window.work.total = done, total
