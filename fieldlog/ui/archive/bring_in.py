"""What comes into one window from elsewhere: chosen, dropped or seen in Downloads; looked at first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flet as ft

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.ports import Source
from fieldlog.services.machine.sources import Bytes, FileSource, Readable
from fieldlog.services.rows.days import newest_day
from fieldlog.ui.archive.long_work import LongWork
from fieldlog.ui.archive.outbox import COMES_IN, Outbox, came_words, digits_words
from fieldlog.ui.archive.passphrase import Opening
from fieldlog.ui.archive.state import Coming
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

if TYPE_CHECKING:
    from fieldlog.services.imports.report import Imported
    from fieldlog.services.incoming.look_first import Look
    from fieldlog.services.incoming.waiting import Waiting

BEGUN_SECONDS = 60.0
"""Until a browser has begun to bring the file that was chosen in it."""

ARCHIVE, BEFORE_ANY = "/archive", "/welcome/bring-in"
"""Where it is shown: while a study is open, and before one is."""


class BringIn(Journey):
    """`coming` is what waits for a word. One file waits at a time: another takes its place."""

    def __init__(
        self, window: Window, field: FieldJourney, long: LongWork, opening: Opening, outbox: Outbox
    ) -> None:  # fmt: skip
        super().__init__(window)
        self.field, self.long, self.opening, self.coming = field, long, opening, Coming()
        self.outbox = outbox
        self._picker = ft.FilePicker()
        self._one: Readable | None = None
        self._passphrase = self._study = ""
        self._arrived: Path | None = None
        self._tasks = set[asyncio.Task[Any]]()
        window.dropped = self.dropped
        if window.desk.machine.downloads is not None:
            window.on_minute.append(self._minute_begins)

    # -- the ways in

    async def pick(self) -> None:
        """Have a person choose a file, and look at it."""
        said = self.words("Choose a backup or a month file")
        if self.outbox.doorway is not None:
            picked = await self.outbox.picked(COMES_IN, said)
            if picked is not None:
                await self._come(lambda: _there(picked))
            return
        streams = self.window.desk.arrivals.listening
        files = await self._picker.pick_files(
            dialog_title=said, file_type=ft.FilePickerFileType.CUSTOM, with_data=not streams,
            allowed_extensions=["zip", "sealed", "json"],
        )  # fmt: skip
        if files:
            await self._come(lambda: self._fetched(files[0]) if streams else _held(files[0]))

    async def dropped(self, source: Source) -> None:
        """A file was dropped on the window: keep it, and look at it."""
        if self.long.state.what:
            self.window.warn(self.words("Something else is under way. Try again when it is done."))
            return
        self.window.go(ARCHIVE if self.window.desk.work is not None else BEFORE_ANY)
        await self._come(lambda: self._kept(source))

    async def look_at_arrived(self) -> None:
        """Look at the copy that was seen in Downloads."""
        path = self._arrived
        if path is not None:
            self.window.go(ARCHIVE)
            await self._come(lambda: _there(FileSource(path=path)))

    async def look_around(self) -> None:
        """See whether a copy of this study has come to Downloads."""
        from fieldlog.services.incoming.downloads import arrived  # not before the first screen

        desk = self.window.desk
        machine, work = desk.machine, desk.work
        if machine.downloads is None or machine.practice or work is None:
            return
        device = await desk.device()
        found = await arrived(device, machine.downloads, work.store.project, machine.offload)
        made_here = {one.path for one in desk.copies.copies} if desk.copies else set[str]()
        self._arrived = found if found is not None and str(found) not in made_here else None
        name = self._arrived.name if self._arrived else ""
        if name != self.coming.arrived:
            self.coming.arrived = name

    # -- what is done with it

    async def bring_in(self) -> None:
        """Let it come in, and open its newest day. What could not be read of it is told where one is."""
        one, passphrase, study, desk = self._one, self._passphrase, self._study, self.window.desk
        if one is None or self.records():
            return
        done: Imported | None = await self.long.run(
            "import",
            lambda: desk.take_in(one, self._far, passphrase=passphrase, only=study, cancelled=self.long.asked),
        )
        if done is None:
            return
        await self._let_go()
        said = came_words(done, self.words)
        self.opened(said, done.problems)
        if done.digits:
            # They stay on Archive: whoever types them on the phone may have said OK to the strip by then.
            self.long.say(said, done.problems)

    def records(self) -> bool:
        """Whether a memo is being recorded, which says so: another study may be opened only after it."""
        if self.window.desk.tape.memo is None:
            return False
        self.window.warn(self.words("A memo is being recorded. Stop it first, then try again."))
        return True

    def opened(self, said: str, problems: list[str]) -> None:
        """A study came in and is open: its newest day is shown, unless there is something to be read first."""
        self.field.put(self.window.desk.text)
        self.window.connect()
        self.long.say(said if problems else "", problems)
        if not problems:
            day = newest_day(self.work.store.state)
            self.window.go(f"/days/{day}" if day else self.window.home)
            self.window.shell.notice = said

    async def leave(self) -> None:
        """It is not wanted. What lies in Downloads stays there, and is not offered again."""
        await self._let_go()
        self.long.say("")

    async def leave_arrived(self) -> None:
        """What was seen in Downloads is not wanted."""
        path, self._arrived, self.coming.arrived = self._arrived, None, ""
        if path is not None:
            await self.window.attempt(self._left(path))

    # -- inside

    async def _come(self, fetch: Callable[[], Awaitable[Readable]]) -> None:
        """Fetch a file and look at it. Nobody waits here for the passphrase of a sealed one."""
        from fieldlog.services.copies.sealed.unseal import is_sealed  # not before the first screen

        await self._let_go()
        one: Readable | None = await self.long.run("arrive", fetch)
        if one is None:
            return
        self._one = one
        if await is_sealed(one):
            self._do(self._look_at(one))
        else:
            await self._look_at(one)

    async def _look_at(self, one: Readable) -> None:
        """Show what a file would bring; what is refused is said, and it is let go."""
        found = await self.opening.opened("look", one, lambda passphrase: self._looked(one, passphrase))
        if self._one is not one:
            return
        if found is None:
            await self._let_go()
            return
        coming, words = self.coming, self.words
        coming.title, coming.told, coming.brings = found.title, tuple(look_words(found, self)), found.brings
        coming.faults = tuple(words.told(one) for one in found.faults)
        coming.name, self._study = one.name, found.study

    async def _looked(self, one: Readable, passphrase: str) -> Look:
        from fieldlog.services.incoming.look_first import look_into  # not before the first screen

        desk = self.window.desk
        found = await look_into(
            desk.machine, one, passphrase=passphrase, here=desk.work, tell=self.long.tell,
            cancelled=self.long.asked,
        )  # fmt: skip
        self._passphrase = passphrase
        return found

    async def _kept(self, source: Source) -> Waiting:
        from fieldlog.services.incoming.waiting import keep_waiting  # not before the first screen

        return await keep_waiting(self.window.desk.machine, source, self.long.asked)

    async def _fetched(self, file: ft.FilePickerFile) -> Waiting:
        """Let the browser bring a file that was chosen in it."""
        arrivals = self.window.desk.arrivals
        expected = arrivals.expect(file.name, self._kept)
        there = ft.FilePickerUploadFile(upload_url=self.window.address(f"in/{expected.ticket}"), id=file.id)
        try:
            await self._picker.upload([there])
            await asyncio.wait_for(expected.begun.wait(), BEGUN_SECONDS)
            found: Waiting = await expected.done
        except (RuntimeError, TimeoutError, OSError, ft.FletUnsupportedPlatformException) as why:
            raise NotUnderstood("Its bytes did not arrive. Choose it again.") from why
        finally:
            arrivals.forget(expected)
        return found

    def _far(self, what: str, done: int, total: int) -> None:
        """What is opened, photos and sounds are told in bytes; of the lines behind them is only said that it goes
        on."""
        if what in ("unsealed", "media"):
            self.long.tell(done, total)
        else:
            self.long.state.done, self.long.state.total = 0, 0

    async def _let_go(self) -> None:
        """Nothing waits any longer: what a browser brought is removed, what lies in Downloads is not offered."""
        one, self._one, self._passphrase, self.coming.name = self._one, None, "", ""
        self.opening.leave()
        if isinstance(one, FileSource):
            await self.window.attempt(self._left(one.path))
            self._arrived, self.coming.arrived = None, ""
        elif one is not None:
            await self.window.attempt(_removed(one))

    async def _left(self, path: Path) -> None:
        from fieldlog.services.incoming.downloads import leave  # not before the first screen

        await leave(await self.window.desk.device(), path)

    def _minute_begins(self) -> None:
        if self.window.shell.writes and not self.long.state.what and not self.coming.name:
            self._do(self.window.attempt(self.look_around()))

    def _do(self, verb: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(verb, context=self.window.context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def look_words(found: Look, journey: Journey) -> list[str]:
    """What a file would bring, a sentence each."""
    words = journey.words
    study = words("This study is on this device.")
    if not found.here:
        study = words("This study is not on this device yet. It comes in beside those that are.")
    if not found.brings:
        proof = [digits_words(found.digits, words)] if found.digits else []
        return [study, words("All of it is here already."), *proof]
    photos, sounds = found.files.get("photo", 0), found.files.get("audio", 0)
    others, more = sum(found.files.values()) - photos - sounds, found.others
    counts = (
        (found.entries, words.many("{n} new entry", "{n} new entries", found.entries)),
        (found.changed, words.many("{n} entry changed", "{n} entries changed", found.changed)),
        (found.known, words.many("{n} entry is here already", "{n} entries are here already", found.known)),
        (found.erased, _erased(found.erased, journey)),
        (photos, words.many("{n} new photo", "{n} new photos", photos)),
        (sounds, words.many("{n} new recording", "{n} new recordings", sounds)),
        (others, words.many("{n} other new file", "{n} other new files", others)),
        (more, words.many("{n} change of people, days or scenes", "{n} changes of people, days or scenes", more)),
    )
    said = [one for n, one in counts if n]
    if not sum(n for n, _ in counts) - found.known:
        said.append(words("Some of it is not here yet, or is damaged here."))
    return [study, *said]


def _erased(n: int, journey: Journey) -> str:
    return journey.words.many(
        "{n} record was erased elsewhere and goes here, too",
        "{n} records were erased elsewhere and go here, too",
        n,
    )


async def _held(file: ft.FilePickerFile) -> Readable:
    """A chosen file whose bytes came with it."""
    if file.bytes is None:
        raise NotUnderstood("Its bytes did not arrive. Choose it again.")
    return Bytes(name=file.name, data=file.bytes)


async def _there(one: Readable) -> Readable:
    return one


async def _removed(one: Readable) -> None:
    """What a browser brought and was kept goes; what a person picked stays where it is."""
    from fieldlog.services.incoming.waiting import Waiting, let_go  # not before the first screen

    if isinstance(one, Waiting):
        await let_go(one)
