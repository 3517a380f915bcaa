"""Originals on their way in, before the lines that name them: whatever stops that, none stays that no line names.
What is erased elsewhere could never reach it here.

Each import under way has its list in `Workspace.expected`, all of them together lie on the disk.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

from fieldlog.model import gate
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Disk
from fieldlog.services.machine.long_work import breath
from fieldlog.services.study.erase_promise import let_go, named_files
from fieldlog.services.study.kept import Form, read_kept, write_kept
from fieldlog.services.study.workspace import Workspace
from fieldlog.store import journal as journals
from fieldlog.store import merging

COMING = Form(path="coming.json", whole={}, each={"files": (list, gate.sha256)})


class Expected:
    """The originals of one import whose lines are still to come, by their hashes."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self.files = set[str]()

    async def add(self, files: Collection[str]) -> None:
        """Remember, durably, those of these that are not here yet. Raises `NotSaved`."""
        new = {one for one in files if one not in self.files and not await self._work.vault.has(one)}
        if new:
            self.files |= new
            await _write(self._work)

    async def named(self) -> None:
        """All their lines are here."""
        if self.files:
            self.files.clear()
            await _write(self._work)

    async def settle(self) -> None:
        """All their lines are here, and what none of them names goes."""
        if self.files:
            async with self._work.erasing:
                await _leave_out(self._work, self.files)


@asynccontextmanager
async def expecting(work: Workspace) -> AsyncIterator[Expected]:
    """An import, which says when the lines are here; what it has brought goes where it is stopped, but for what a
    line names."""
    expected = Expected(work)
    work.expected.append(expected.files)
    try:
        yield expected
    except BaseException:
        async with work.erasing:
            await _leave_out(work, expected.files)
        raise
    finally:
        # What could not go stays on the list.
        work.expected[:] = [some for some in work.expected if some is not expected.files or some]


async def sweep_expected(work: Workspace) -> None:
    """Erase what came in for an import that was killed and is named by no line. To be called when a study is
    opened. What the disk refuses is done by the next opening."""
    with suppress(FieldLogError):
        if await work.store.disk.size(COMING.path) is not None:
            files = set((await read_kept(work.store.disk, COMING)).get("files", ()))
            work.expected.append(files)
            await _leave_out(work, files)


async def _leave_out(work: Workspace, files: set[str]) -> None:
    disk = work.store.disk
    with suppress(FieldLogError):
        if await disk.size(merging.FILE) is not None:
            return  # Their lines are still to come.
        others = {one for some in work.expected if some is not files for one in some}
        going = files - named_files(work) - others
        # A line that can't be read here, of a later version or a damaged one, may name some.
        await let_go(work, going - await _spoken_of(disk, going))
        files.clear()
        await _write(work)


async def _spoken_of(disk: Disk, files: Collection[str]) -> set[str]:
    """Those of these hashes that stand anywhere in the journals."""
    found = set[str]()
    for writer in await journals.writers(disk) if files else ():
        for segment in await journals.segments(disk, writer):
            data = await disk.read(journals.path(writer, segment))
            found |= {one for one in files if one.encode() in data}
            await breath()
    return found


async def _write(work: Workspace) -> None:
    disk, files = work.store.disk, sorted({one for some in work.expected for one in some})
    if files:
        await work.room.needed(lambda: write_kept(disk, COMING, {"files": files}))
    else:
        await disk.remove(COMING.path)
