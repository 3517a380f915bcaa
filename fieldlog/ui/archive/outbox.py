"""Copies of one window in the pocket: out through the page, back through it to be proven, and in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldlog.services.copies.only_here import Copy
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.sources import Readable
from fieldlog.services.pocket.doorway import Doorway, find_doorway, path_from_root
from fieldlog.services.study.erase_promise import OUTBOX
from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.archive.passphrase import Opening
from fieldlog.ui.archive.state import Leaving
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.times import bytes_words, moment_words
from fieldlog.ui.words.words import Words

if TYPE_CHECKING:
    from fieldlog.services.copies.ledger import Row

COPIES = ".zip,.sealed,application/zip,application/octet-stream"
COMES_IN = f"{COPIES},.json,application/json"
NEVER_BROKEN = "\u00a0"
"""A space at which no line ends: digits are typed from a screen."""


class Outbox(Journey):
    """`doorway` is None where there are folders; `leaving` is what was made to leave and is not proven.
    `passphrase` and `digits` stand in fields, and are kept nowhere.
    """

    def __init__(self, window: Window, long: LongWork, opening: Opening) -> None:
        super().__init__(window)
        self.long, self.opening = long, opening
        self.doorway: Doorway | None = find_doorway()
        self.leaving = Leaving()
        self.passphrase = self.digits = ""

    async def look(self) -> None:
        """What is not proven yet, and whether it can go out again."""
        from fieldlog.services.copies import outbox

        work = self.work
        waiting, here = await outbox.outgoing(work), await outbox.in_outbox(work)
        one = here or next(iter(waiting), None)
        self.leaving.name, self.leaving.bytes = (one.name, one.bytes) if one else ("", 0)
        self.leaving.here = here is not None

    async def make(self) -> None:
        """Make one as it is chosen, and offer it at once."""
        from fieldlog.services.copies import outbox
        from fieldlog.services.copies.sealed.seal import seal_of

        work, leaving = self.work, self.leaving

        async def made() -> Row:
            seal = seal_of(work.machine, self.passphrase) if leaving.sealed else None
            self.passphrase = ""
            return await outbox.make_outgoing(
                work, since_last=leaving.since_last, seal=seal, tell=self.long.tell, cancelled=self.long.asked
            )

        one: Row | None = await self.long.run("copy", made)
        await self.look()
        if one is not None:
            await self.hand_over()

    async def hand_over(self) -> None:
        """Have the page offer what lies in the outbox."""
        from fieldlog.services.copies.outbox import mime_of

        window, work, doorway = self.window, self.work, self.doorway
        if doorway is None or not self.leaving.here:
            return
        words, name = window.words, self.leaving.name
        said = words("{name}, {size}", name=name, size=bytes_words(self.leaving.bytes))
        path = path_from_root(work, f"{OUTBOX}/{name}")
        self.long.say("")
        offered = doorway.hand_over(path, name, mime_of(name), self.bar(said))
        if await window.attempt(offered) in ("shared", "saved"):
            self.long.say(
                words(
                    "Sent. FieldLog can't see where the file went. Bring it in on the laptop and type the eight "
                    "digits that it shows, or choose the saved file once: then it counts as backed up."
                )
            )

    async def prove(self) -> None:
        """Have what left picked again and hashed."""
        from fieldlog.services.copies import outbox

        window, work = self.window, self.work
        source = await self.picked(COPIES, window.words("Choose the saved file."))
        if source is None:
            return
        copy: Copy | None = await self.long.run(
            "prove", lambda: outbox.prove(work, source, tell=self.long.tell, cancelled=self.long.asked)
        )
        await self._proven(copy)

    async def confirm(self) -> None:
        """Take the digits that another device shows for what left."""
        from fieldlog.services.copies import outbox

        work, typed = self.work, self.digits
        await self._proven(await self.long.run("prove", lambda: outbox.prove_by_digits(work, typed)))

    async def _proven(self, copy: Copy | None) -> None:
        await self.look()
        if copy is not None:
            self.digits = ""
            await self.long.noted()
            when = moment_words(copy.at, self.window.zone, self.words)
            self.long.say(self.words("Whole: everything up to {when} is backed up.", when=when))

    async def bring_in(self) -> None:
        """A bundle, sealed or not, or a month file is picked and comes in; its study is opened."""
        source = await self.picked(COMES_IN, self.window.words("Pick a bundle or a month file."))
        if source is not None:
            await self.take(source)

    async def take(self, source: Readable) -> bool:
        """A bundle, sealed or not, or a month file comes in; its study is opened. Whether all of it could be read.

        Of a sealed one the passphrase is asked for until it opens, or nobody wants it to.
        """
        desk, state = self.window.desk, self.long.state

        def count(_: str, done: int, total: int) -> None:
            state.done, state.total = 0, 0

        done: Imported | None = await self.opening.opened(
            "import", source, lambda passphrase: desk.take_in(source, count, passphrase=passphrase)
        )
        if done is not None:
            self.long.say(came_words(done, self.words), done.problems)
            await self.look()
        return done is not None and not done.problems

    async def picked(self, accept: str, said: str) -> Readable | None:
        """Have a person pick a file through the page; None where they don't, or there is no such page."""
        if self.doorway is None:
            return None
        found: Readable | None = await self.window.attempt(self.doorway.pick(accept, self.bar(said)))
        return found

    def bar(self, said: str) -> dict[str, str]:
        """What the page puts on its bar."""
        words = self.window.words
        return {
            "said": said, "share": words("Share"), "save": words("Save"), "pick": words("Pick the file"),
            "later": words("Later"),
        }  # fmt: skip


def came_words(done: Imported, words: Words) -> str:
    """How much came in; and where all of it was read back the eight digits that prove it, for the device that made
    it."""
    n = done.new["line"] or sum(done.new.values())
    said = words.many("{n} record came in.", "{n} records came in.", n) if n else ""
    said = said or words("All of it was here already.")
    return f"{said}\n{digits_words(done.digits, words)}" if done.digits else said


def digits_words(digits: str, words: Words) -> str:
    """The eight digits that prove a bundle, for the device that made it."""
    from fieldlog.services.copies.sealed.digits import spaced

    return words(
        "All of it was read back. Type these eight digits on the device it came from: {digits}",
        digits=spaced(digits).replace(" ", NEVER_BROKEN),
    )
