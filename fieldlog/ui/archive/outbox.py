"""Copies of one window in the pocket: out through the page, back through it to be proven, and in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldlog.services.copies.only_here import Copy
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.sources import Readable
from fieldlog.services.pocket.doorway import Doorway, find_doorway, path_from_root
from fieldlog.services.study.erase_promise import OUTBOX
from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.archive.state import Leaving
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.times import bytes_words, moment_words

if TYPE_CHECKING:
    from fieldlog.services.copies.ledger import Row

COMES_IN = ".zip,.json,application/zip,application/json"


class Outbox(Journey):
    """`doorway` is None where there are folders; `leaving` is what was made to leave and is not proven."""

    def __init__(self, window: Window, long: LongWork) -> None:
        super().__init__(window)
        self.long = long
        self.doorway: Doorway | None = find_doorway()
        self.leaving = Leaving()

    async def look(self) -> None:
        """What is not proven yet, and whether it can go out again."""
        from fieldlog.services.copies import outbox

        work = self.work
        waiting, here = await outbox.outgoing(work), await outbox.in_outbox(work)
        one = here or next(iter(waiting), None)
        self.leaving.name, self.leaving.bytes = (one.name, one.bytes) if one else ("", 0)
        self.leaving.here = here is not None

    async def make(self) -> None:
        """Make one, and offer it at once."""
        from fieldlog.services.copies import outbox

        work = self.work
        one: Row | None = await self.long.run(
            "copy", lambda: outbox.make_outgoing(work, tell=self.long.tell, cancelled=self.long.asked)
        )
        await self.look()
        if one is not None:
            await self.hand_over()

    async def hand_over(self) -> None:
        """Have the page offer what lies in the outbox."""
        from fieldlog.services.copies.outbox import MIME

        window, work, doorway = self.window, self.work, self.doorway
        if doorway is None or not self.leaving.here:
            return
        words, name = window.words, self.leaving.name
        said = words("{name}, {size}", name=name, size=bytes_words(self.leaving.bytes))
        path = path_from_root(work, f"{OUTBOX}/{name}")
        self.long.say("")
        offered = doorway.hand_over(path, name, MIME, self._bar(said))
        if await window.attempt(offered) in ("shared", "saved"):
            self.long.say(
                words(
                    "Sent. FieldLog can't see where the file went. Choose the saved file once, and it counts as a "
                    "backup."
                )
            )

    async def prove(self) -> None:
        """Have what left picked again and hashed."""
        from fieldlog.services.copies import outbox

        window, work = self.window, self.work
        source = await self._picked(".zip,application/zip", window.words("Choose the saved file."))
        if source is None:
            return
        copy: Copy | None = await self.long.run(
            "prove", lambda: outbox.prove(work, source, tell=self.long.tell, cancelled=self.long.asked)
        )
        await self.look()
        if copy is not None:
            await self.long.noted()
            when = moment_words(copy.at, window.zone, window.words)
            self.long.say(window.words("Whole: it is a backup of everything up to {when}.", when=when))

    async def bring_in(self) -> None:
        """A bundle or a month file is picked and comes in; its study is opened."""
        source = await self._picked(COMES_IN, self.window.words("Pick a bundle or a month file."))
        if source is not None:
            await self.take(source)

    async def take(self, source: Readable) -> bool:
        """A bundle or a month file comes in; its study is opened. Whether all of it could be read."""
        window = self.window

        def count(_: str, done: int, total: int) -> None:
            self.long.state.done, self.long.state.total = 0, 0

        done: Imported | None = await self.long.run("import", lambda: window.desk.take_in(source, count))
        if done is not None:
            n = done.new["line"] or sum(done.new.values())
            said = window.words.many("{n} record came in.", "{n} records came in.", n)
            self.long.say(said if n else window.words("All of it was here already."), done.problems)
        return done is not None and not done.problems

    async def _picked(self, accept: str, said: str) -> Readable | None:
        if self.doorway is None:
            return None
        found: Readable | None = await self.window.attempt(self.doorway.pick(accept, self._bar(said)))
        return found

    def _bar(self, said: str) -> dict[str, str]:
        words = self.window.words
        return {
            "said": said, "share": words("Share"), "save": words("Save"), "pick": words("Pick the file"),
            "later": words("Later"),
        }  # fmt: skip
