"""Imports killed, or with something erased in between, at any call of the disk: nothing that was erased comes
back, and the next one goes on."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import Cancelled
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.elsewhere import Elsewhere
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.services.imports.imports import import_csv, import_folder, import_month, month_of
from fieldlog.services.machine.long_work import STOPPED
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.study.erase_promise import named_files
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.erased import World, everything, hits, photograph
from tests.fakes.phone import Phone
from tests.services.test_stopped_anywhere import Before, Run, What, places

VAN = "what was said in the van 车上说的"
ANEW = "what was said in the van, put better 说得更好"


@dataclass
class Coming:
    """Inputs of every kind, a study into which earlier ones of them came, and what of that is to go."""

    disk: MemoryDisk
    folder: Path
    words: list[str | bytes]

    async def month(self, work: Workspace) -> object:
        return await import_month(work.machine, self.folder / "month.json", here=work)

    async def photos(self, work: Workspace) -> object:
        return await import_folder(work, self.folder / "photos")

    async def table(self, work: Workspace) -> object:
        return await import_csv(work, self.folder / "notes.csv")

    async def bundle(self, work: Workspace) -> object:
        return await import_bundle(work.machine, self.folder / "theirs.zip", here=work)


@pytest.fixture(scope="module")
def coming(tmp_path_factory: pytest.TempPathFactory) -> Coming:
    """All of it came in before; since then the month, the table and another device say something else."""
    folder = tmp_path_factory.mktemp("coming")
    (folder / "photos").mkdir()
    photo = photograph(11)
    for name, data in (("a.jpg", photo), ("b.jpg", photograph(12)), ("c.jpg", photograph(13))):
        (folder / f"photos/{name}").write_bytes(data)

    def write(text: str) -> None:
        entry = {"id": "e-1", "kind": "jotting", "text": text}
        when = {"occurred_at": "2025-03-16T21:00:00+08:00", "created_at": "2025-03-16T21:05:00+08:00"}
        entries = [{**entry, **when}, {**entry, **when, "id": "e-2", "text": "it rained"}]
        study = {"id": "st-9", "title": "Small month", "default_tz": "UTC"}
        month = {"format": "fieldlog-sample/1", "study": study, "entries": entries}
        (folder / "month.json").write_text(json.dumps(month), encoding="utf-8")
        (folder / "notes.csv").write_text(f"id,text\nr-1,{text}\nr-2,it rained\n", encoding="utf-8")

    async def made() -> MemoryDisk:
        phone = Phone(FakeClock())
        write(VAN)
        done = await import_month(phone.machine, folder / "month.json")
        work = await open_study(phone.machine, done.study, write=True)
        comings = Coming(phone.disk, folder, [])
        await comings.table(work)
        for row in list(work.store.state.entries()):
            assert row["text"] in (VAN, "it rained")
        await comings.photos(work)
        await make_bundle(work, folder / "ours.zip")
        await work.close()
        other = Phone(FakeClock(), number=7)
        await import_bundle(other.machine, folder / "ours.zip")
        theirs = await open_study(other.machine, write=True)
        for doc in [doc for doc in theirs.store.state.entries() if doc["text"] == VAN]:
            await Editing(theirs).reword(doc["id"], ANEW)
        await make_bundle(theirs, folder / "theirs.zip")
        await theirs.close()
        write(ANEW)
        return phone.disk.crash()

    return Coming(asyncio.run(made()), folder, [VAN, ANEW, photo[5000:5064]])


IMPORTS = ["month", "photos", "table", "bundle"]


def doomed(work: Workspace) -> list[str]:
    """The entries that are to go: what was said in the van, and the first photo."""
    state = work.store.state
    first = {doc["id"] for doc in state.docs("attachments") if doc.get("name") == "a.jpg"}
    docs = state.entries()
    return [doc["id"] for doc in docs if "van" in doc["text"] or first & set(doc.get("attachments", ()))]


@dataclass
class ImportRun(Run):
    async def erase(self) -> tuple[Erased, Elsewhere]:
        assert self.work
        erased = await Erasing(self.work).erase(doomed(self.work), reason="asked-to")
        return erased, Elsewhere()


def told(work: Workspace) -> list[tuple[str, Any]]:
    """What a person sees: every entry and file that is left, and what was erased."""
    tables = work.store.state.tables.values()
    names = ("id", "text", "attachments", "sha256")
    plain = [{name: doc.get(name) for name in names} for table in tables for doc in table.values()]
    return sorted((str(doc["id"]), json.dumps(doc, sort_keys=True)) for doc in plain)


@pytest.mark.parametrize("what", ["kill", "erase"])
@pytest.mark.parametrize("name", IMPORTS)
async def test_wherever_an_import_ends_nothing_that_was_erased_comes_back_and_the_next_one_goes_on(
    coming: Coming, seed: int, count: Callable[[int, int], int], name: str, what: What
) -> None:
    async def verb(work: Workspace, _: Callable[[], bool]) -> object:
        return await getattr(coming, name)(work)

    plain = ImportRun(Before(coming.disk, World()))
    await plain.go(verb)
    calls = plain.calls.count
    await plain.erased()
    assert plain.work
    undisturbed = told(plain.work)
    await plain.end()
    for at, after in places(calls, Random(f"{seed} {name} {what}"), 8, count(0, 1) == 1):
        run = ImportRun(Before(coming.disk, World()))
        await run.go(verb, what, at, after=after)
        await run.erased()
        assert run.work
        called = f"{what} {'after' if after else 'before'} call {at} of {calls}"
        assert hits(await everything(run.disk), *coming.words) == {}, called
        await verb(run.work, bool)
        assert hits(await everything(run.disk), *coming.words) == {}, called
        assert told(run.work) == undisturbed, called
        await run.end()


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month with three photos; what is said of the last is said twice, with another file."""
    folder = tmp_path_factory.mktemp("pictured")
    files = {f"{n}.jpg": photograph(20 + n) for n in range(4)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    at = {"occurred_at": "2025-03-16T21:00:00+08:00", "created_at": "2025-03-16T21:05:00+08:00"}
    named = [("a-0", "0.jpg"), ("a-1", "1.jpg"), ("a-2", "2.jpg"), ("a-2", "3.jpg")]
    month = {
        "format": "fieldlog-sample/1",
        "study": {"id": "st-9", "title": "Small month", "default_tz": "UTC"},
        "entries": [
            {"id": f"e-{n}", "kind": "photo", "text": "", "attachments": [f"a-{n}"], **at} for n in range(3)
        ],
        "attachments": [{"id": one, "kind": "photo", "file": name} for one, name in named],
    }
    (folder / "month.json").write_text(json.dumps(month), encoding="utf-8")
    return folder / "month.json"


async def test_wherever_a_month_is_killed_every_original_here_is_named_by_a_line(
    pictured: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    async def empty() -> MemoryDisk:
        phone = Phone(FakeClock())
        await (await begun(phone.machine, pictured)).close()
        return phone.disk.crash()

    async def verb(work: Workspace, _: Callable[[], bool]) -> object:
        return await import_month(work.machine, pictured, here=work)

    before = Before(await empty(), World())
    plain = ImportRun(before)
    await plain.go(verb)
    calls = plain.calls.count
    assert plain.work
    undisturbed = told(plain.work)
    assert await unnamed_originals(plain.work) == set()
    assert len(await plain.work.vault.all()) == 3
    await plain.end()
    for at, after in places(calls, Random(f"{seed} pictured"), 12, count(0, 1) == 1):
        run = ImportRun(before)
        await run.go(verb, "kill", at, after=after)
        run.calls.at = None
        assert run.work
        called = f"{'after' if after else 'before'} call {at} of {calls}: {run.calls.names[at]}"
        assert await unnamed_originals(run.work) == set(), called
        await verb(run.work, bool)
        assert told(run.work) == undisturbed, called
        await run.end()


async def test_a_month_that_ends_before_its_end_leaves_no_original_without_a_line(
    pictured: Path, tmp_path: Path
) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if what == "attachment" and done:
            raise Cancelled(STOPPED)

    folder = tmp_path / "many"
    shutil.copytree(pictured.parent, folder)
    month = json.loads((folder / "month.json").read_text(encoding="utf-8"))
    month["attachments"] += [{"id": f"b-{n}", "kind": "photo"} for n in range(400)]
    (folder / "month.json").write_text(json.dumps(month), encoding="utf-8")
    machine = Phone(FakeClock()).machine
    work = await begun(machine, folder / "month.json")
    with pytest.raises(Cancelled):
        await import_month(machine, folder / "month.json", stop, here=work)
    assert await unnamed_originals(work) == set()
    await work.close()


async def test_the_same_month_again_makes_a_damaged_original_whole(pictured: Path) -> None:
    work = await begun(Phone(FakeClock()).machine, pictured)
    await import_month(work.machine, pictured, here=work)
    one, two, _ = await work.vault.all()
    for found, damaged in ((one, b"?" * one.bytes), (two, b"?")):
        await work.vault.disk.replace(found.path, damaged)
    lines = dict(work.store.ends)
    await import_month(work.machine, pictured, here=work)
    assert [await work.vault.verify(found.sha256) for found in (one, two)] == [None, None]
    assert work.store.ends == lines
    await work.close()


async def begun(machine: Machine, month: Path) -> Workspace:
    """The study of a month, with nothing in it."""
    study = (await month_of(machine, FileSource(path=month))).study
    return await open_study(machine, study.id, write=True)


async def unnamed_originals(work: Workspace) -> set[str]:
    return {one.sha256 for one in await work.vault.all()} - named_files(work)
