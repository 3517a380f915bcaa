"""Stopped, killed, or with something erased in between, at any call of any disk: no file that may hold what was
erased lies anywhere unnamed, and the next run comes to what an undisturbed one comes to."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeVar

import pytest

from fieldlog.archive.living.write import write as whole_archive
from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import Cancelled, FieldLogError, WrongPlace
from fieldlog.model.ports import Disk
from fieldlog.services.archive import write as archiving
from fieldlog.services.archive import zip_folder, zipped
from fieldlog.services.archive.restore import restore
from fieldlog.services.archive.write import write_archive
from fieldlog.services.archive.zipped import write_zip
from fieldlog.services.copies import bundle, bundle_parts
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.desk import Desk
from fieldlog.services.erase.elsewhere import Elsewhere, elsewhere
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.services.machine.long_work import Word
from fieldlog.services.machine.threads import in_thread
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.erased import CHINESE, EARLIER, ENGLISH, World, a_world, everything, hits
from tests.fakes.failing import Killed
from tests.fakes.phone import Below, Phone
from tests.fakes.stopping import Calls, StoppingDisk

T = TypeVar("T")
What = Literal["stop", "kill", "erase"]
WHATS: list[What] = ["stop", "kill", "erase"]
Verb = Callable[[Workspace, Callable[[], bool]], Awaitable[object]]
HERE = Path(__file__).parent
"""Where bundles and archives go by name; a memory disk stands in for it, and the folder is there."""


@dataclass
class Before:
    """A study on a disk, and what of it is to go."""

    disk: MemoryDisk
    world: World

    def words(self) -> list[str | bytes]:
        world = self.world
        return [ENGLISH, CHINESE, *EARLIER, world.picture[5000:5064], world.block(1.2)]


@pytest.fixture(scope="module")
def before() -> Before:
    async def made() -> Before:
        phone = Phone(FakeClock())
        desk: Desk = await phone.begun()
        world = await a_world(desk)
        await desk.close()
        return Before(phone.disk.crash(), world)

    return asyncio.run(made())


@dataclass
class Run:
    """One run of a verb on a copy of the study. `out` is where bundles and archives go."""

    before: Before
    calls: Calls = field(default_factory=Calls)
    out: MemoryDisk = field(default_factory=MemoryDisk)
    number: int = 1
    stopped: bool = False
    words: list[Word] = field(default_factory=list)
    erasing: asyncio.Task[tuple[Erased, Elsewhere]] | None = None
    work: Workspace | None = None

    def __post_init__(self) -> None:
        self.disk = self.before.disk.crash()
        self.clock = FakeClock()
        self.clock.advance(hours=1)

    async def open(self) -> Workspace:
        """The study, on a disk that is counted from now on."""
        self.number += 1
        phone = Phone(self.clock, self.disk, self.number)
        disk = self.disk
        machine = replace(
            phone.machine, offload=self.offload,
            disk_at=lambda folder: StoppingDisk(Below(disk, folder), self.calls),
        )  # fmt: skip
        self.work = await open_study(machine, write=True)
        return self.work

    async def offload(self, verb: Callable[..., T], /, *frozen: object) -> T:
        self.words += [one for one in frozen if isinstance(one, Word)]
        return await in_thread(verb, *frozen)

    def folder_disk(self, folder: Path) -> Disk:
        name = "" if folder == HERE else folder.relative_to(HERE).as_posix()
        return StoppingDisk(Below(self.out, name), self.calls)

    async def erase(self) -> tuple[Erased, Elsewhere]:
        assert self.work
        world = self.before.world
        erased = await Erasing(self.work).erase([world.note, world.photo, world.memo], reason="asked-to")
        return erased, await elsewhere(self.work, erased)

    def stop(self) -> None:
        """A person presses Stop."""
        self.stopped = True
        for word in self.words:
            word.stop = True

    def begin_erasing(self) -> None:
        """Erase beside it; work in a thread of its own goes on once it was told of that."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self.loop.call_soon_threadsafe(self._erase_now)
            assert self.work
            # An import is no such work: what it holds open is waited for, but not for long.
            for _ in range(2000 if self.work.under_way._runs else 200):
                if any(run.anew for run in self.work.under_way._runs):
                    return
                time.sleep(0.001)
            return
        self._erase_now()

    def _erase_now(self) -> None:
        self.erasing = self.loop.create_task(self.erase())

    async def go(
        self, verb: Verb, what: What | None = None, at: int | None = None, *, after: bool = False
    ) -> None:
        """Do the verb, with something happening at one of its calls; the study is open afterwards."""
        self.loop = asyncio.get_running_loop()
        work = await self.open()
        happens = {"stop": self.stop, "kill": self.calls.kill, "erase": self.begin_erasing}
        self.calls.at, self.calls.after, self.calls.count = at, after, 0
        if what:
            self.calls.happens = happens[what]
        try:
            await verb(work, lambda: self.stopped)
        except (Cancelled, FieldLogError):
            assert what == "stop"
        except Killed:
            assert what == "kill"
        if self.calls.dead:
            self.calls.dead, self.calls.at = False, None
            self.disk, self.out = self.disk.crash(), self.out.crash()
            await self.open()

    async def erased(self) -> Elsewhere:
        """What is named once it is erased, if it was not erased meanwhile."""
        self.calls.at = None
        if self.erasing is None:
            self.clock.advance(minutes=1)
            self._erase_now()
        assert self.erasing
        return (await self.erasing)[1]

    async def end(self) -> None:
        assert self.work
        await self.work.close()


async def copied(work: Workspace, cancelled: Callable[[], bool]) -> object:
    return await make_bundle(work, HERE / "copy.zip", cancelled=cancelled)


async def archived(work: Workspace, cancelled: Callable[[], bool]) -> object:
    return await write_archive(work, HERE / "archive", cancelled=cancelled)


async def packed(work: Workspace, cancelled: Callable[[], bool]) -> object:
    return await write_zip(work, HERE / "archive.zip", cancelled=cancelled)


VERBS: list[tuple[str, Verb]] = [("bundle", copied), ("archive", archived), ("zip", packed)]


def spread(files: dict[str, bytes]) -> dict[str, bytes]:
    """Every file, a ZIP member by member; one that is half there may hold anything."""
    found = dict(files)
    for path, data in files.items():
        if path.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(data)) as bag:
                found |= {f"{path}/{name}": bag.read(name) for name in bag.namelist()}
    return found


def unnamed(files: dict[str, bytes], words: list[str | bytes], found: Elsewhere) -> list[str]:
    """Files that hold what was erased, or may, and lie nowhere that was named."""
    held = {
        path.partition(".zip/")[0] + (".zip" if ".zip/" in path else "") for path in hits(spread(files), *words)
    }
    held |= {path for path in files if path.endswith(".part")}
    named = [str(one.path) for one in found.copies] + [*found.archives]
    return [path for path in held if not any(f"{HERE / path}/".startswith(f"{one}/") for one in named)]


def places(count: int, dice: Random, some: int, every: bool) -> Iterator[tuple[int, bool]]:
    """Calls at which something happens, before or after them: all, or some that are drawn."""
    both = [(at, after) for at in range(count) for after in (False, True)]
    return iter(both if every else sorted(dice.sample(both, min(some, len(both)))))


@pytest.fixture
def into_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    def put(run: Run) -> None:
        for room in (bundle, archiving, zipped):
            monkeypatch.setattr(room, "folder_disk", run.folder_disk)

    return put


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize(("name", "verb"), VERBS, ids=[name for name, _ in VERBS])
async def test_wherever_it_ends_no_file_holds_what_was_erased_unless_it_is_named(
    before: Before, into_memory: Callable[[Run], None], seed: int, count: Callable[[int, int], int],
    name: str, verb: Verb, what: What,
) -> None:  # fmt: skip
    plain = Run(before)
    into_memory(plain)
    await plain.go(verb)
    await plain.end()
    assert hits(spread(await everything(plain.out)), *before.words()), "undisturbed, it is there"
    calls = plain.calls.count
    for at, after in places(calls, Random(f"{seed} {name} {what}"), 10, count(0, 1) == 1):
        run = Run(before)
        into_memory(run)
        await run.go(verb, what, at, after=after)
        found = await run.erased()
        files, told = await everything(run.out), f"{what} {'after' if after else 'before'} call {at} of {calls}"
        told += f", {run.calls.names[at] if at < len(run.calls.names) else ''}"
        assert unnamed(files, before.words(), found) == [], told
        assert hits(await everything(run.disk), *before.words()) == {}, told
        run.stopped, run.words = False, []
        await verb(run.work, run.stopped.__bool__)  # type: ignore[arg-type]
        fresh, again = MemoryDisk(), run.out
        run.out = fresh
        await verb(run.work, run.stopped.__bool__)  # type: ignore[arg-type]
        assert spread_members(await everything(again)) == spread_members(await everything(fresh)), told
        await run.end()


def spread_members(files: dict[str, bytes]) -> dict[str, Any]:
    """Files as they are, ZIPs by what they hold."""
    return {path: data for path, data in spread(files).items() if not path.endswith(".zip")}


@pytest.mark.parametrize(("name", "verb"), VERBS, ids=[name for name, _ in VERBS])
async def test_stopped_by_a_person_at_any_breath_it_leaves_nothing_unnamed(
    before: Before, into_memory: Callable[[Run], None], monkeypatch: pytest.MonkeyPatch, seed: int,
    count: Callable[[int, int], int], name: str, verb: Verb,
) -> None:  # fmt: skip
    """A ZIP breathes, an archive asks between its steps whether it is to stop."""
    breaths, at = 0, -1
    run = Run(before)

    def breathe() -> bool:
        nonlocal breaths
        breaths += 1
        if breaths == at:
            run.stop()
        return run.stopped

    async def breath() -> None:
        breathe()

    async def write(*args: Any, **more: Any) -> Any:
        return await whole_archive(*args, **{**more, "cancelled": breathe})

    for room in (bundle_parts, zip_folder, zipped):
        monkeypatch.setattr(room, "breath", breath)
    monkeypatch.setattr(archiving, "write", write)
    into_memory(run)
    await run.go(verb)
    await run.end()
    calls = breaths
    assert calls > 10
    for chosen, _ in places(calls, Random(f"{seed} {name}"), 8, count(0, 1) == 1):
        run, breaths, at = Run(before), 0, chosen
        into_memory(run)
        await run.go(verb, "stop")
        at = -1
        assert unnamed(await everything(run.out), before.words(), await run.erased()) == [], f"breath {chosen}"
        await run.end()


async def test_killed_at_any_call_a_restore_goes_on_to_what_an_undisturbed_one_comes_to(
    before: Before, into_memory: Callable[[Run], None], seed: int, count: Callable[[int, int], int]
) -> None:
    source = Run(before)
    into_memory(source)
    await source.go(archived)
    await source.end()

    async def restored(disk: MemoryDisk, calls: Calls) -> None:
        machine = replace(
            Phone(FakeClock(), disk, 9).machine,
            disk_at=lambda folder: StoppingDisk(Below(disk, folder), calls),
        )  # fmt: skip
        await restore(machine, StoppingDisk(Below(source.out.crash(), "archive"), calls))

    async def there(disk: MemoryDisk) -> dict[str, bytes]:
        found = await everything(disk, "studies")
        return {path: data for path, data in found.items() if "/journals/" in path or "/media/" in path}

    plain, calls = MemoryDisk(), Calls()
    await restored(plain, calls)
    lines = {path: data for path, data in (await there(plain)).items() if data}
    assert hits(lines, *before.words())
    for at, after in places(calls.count, Random(f"{seed} restore"), 8, count(0, 1) == 1):
        disk, dying = MemoryDisk(), Calls(at=at, after=after)
        dying.happens = dying.kill
        with suppress(Killed):
            await restored(disk, dying)
        disk = disk.crash()
        with suppress(WrongPlace):
            # Killed after its last word, it is finished.
            await restored(disk, Calls())
        found = {path: data for path, data in (await there(disk)).items() if data}
        assert found == lines, f"kill {'after' if after else 'before'} call {at} of {calls.count}"
