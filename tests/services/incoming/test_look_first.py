"""What a file would bring is told before anything comes in, and looking changes nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.chain import Behind
from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle, pack
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.first_line import WrongPassphrase
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.imports.imports import import_month
from fieldlog.services.incoming.look_first import look_into
from fieldlog.services.machine.bundled import sample_month
from fieldlog.services.machine.sources import Bytes, DiskFile, FileSource
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.made import photo
from tests.fakes.phone import Phone

STUDY = "01950000-0000-7000-8000-000000000001"


@pytest.fixture
async def theirs() -> AsyncIterator[Workspace]:
    """A study on another device: a note and a photo."""
    work = await open_study(Phone(FakeClock(), number=2).machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin(title="Rain")
    await capture.note("灯还没好")
    await capture.file(Bytes(name="IMG_1.jpg", data=photo()))
    yield work
    await work.close()


@pytest.fixture
def here() -> Phone:
    return Phone(FakeClock())


async def copy_of(work: Workspace) -> Bytes:
    disk = MemoryDisk()
    await pack(work, DiskFile(disk=disk, path="theirs.zip"))
    return Bytes(name="theirs.zip", data=await disk.read("theirs.zip"))


async def test_where_all_of_it_is_here_the_digits_that_prove_it_are_told_at_once(
    theirs: Workspace, here: Phone
) -> None:
    copy = await copy_of(theirs)
    assert (await look_into(here.machine, copy)).digits == ""
    done = await import_bundle(here.machine, copy)
    look = await look_into(here.machine, copy)
    assert (look.brings, look.digits) == (False, done.digits)
    damaged = Bytes(name="theirs.zip", data=copy.data[:-1])
    assert (await look_into(here.machine, damaged)).digits == ""
    (one,) = await theirs.vault.all()
    await here.disk.replace(f"studies/{STUDY}/{one.path}", b"not what it was")
    look = await look_into(here.machine, copy)
    assert (look.brings, look.digits) == (True, "")


async def test_a_line_that_is_damaged_here_and_whole_there_is_something_that_comes(
    theirs: Workspace, here: Phone
) -> None:
    first = next(doc for doc in theirs.store.state.entries() if doc["text"])
    await Editing(theirs).reword(first["id"], "the corrected words")
    await Capture(theirs).note("after it")
    copy = await copy_of(theirs)
    await import_bundle(here.machine, copy)
    path = f"studies/{STUDY}/journals/{theirs.store.own_writers['team']}/000001.jsonl"
    whole = await here.disk.read(path)
    await here.disk.replace(path, whole.replace(b"the corrected words", b"the cXrrected words"))
    look = await look_into(here.machine, copy)
    assert (look.brings, look.entries, look.changed, look.known, look.digits) == (True, 0, 0, 3, "")
    await import_bundle(here.machine, copy)
    assert await here.disk.read(path) == whole
    assert not (await look_into(here.machine, copy)).brings


async def test_what_was_erased_there_is_told_as_what_goes_here(theirs: Workspace, here: Phone) -> None:
    await import_bundle(here.machine, await copy_of(theirs))
    first = next(doc for doc in theirs.store.state.entries() if doc["text"])
    await Editing(theirs).reword(first["id"], "changed before it went")
    await Erasing(theirs).erase([first["id"]], reason="asked-to")
    look = await look_into(here.machine, await copy_of(theirs))
    assert (look.brings, look.erased, look.entries, look.changed, look.known) == (True, 1, 0, 0, 1)
    await import_bundle(here.machine, await copy_of(theirs))
    look = await look_into(here.machine, await copy_of(theirs))
    assert (look.brings, look.erased) == (False, 0)


def month_file(shape: dict[str, Any]) -> Bytes:
    return Bytes(name="month.json", data=json.dumps(shape).encode())


async def everything(phone: Phone) -> dict[str, bytes]:
    return {path: await phone.disk.read(path) for path in sorted(phone.disk._medium.files)}


async def test_of_a_study_that_is_not_here_all_is_new(theirs: Workspace, here: Phone) -> None:
    look = await look_into(here.machine, await copy_of(theirs))
    assert (look.study, look.title, look.here, look.brings) == (STUDY, "Rain", False, True)
    assert (look.entries, look.changed, look.known, look.others) == (2, 0, 0, 1)
    assert dict(look.files) == {"photo": 1}
    assert look.faults == ()
    assert await everything(here) == {}, "looking makes nothing"


async def test_what_is_here_already_is_told_apart_from_what_is_new(theirs: Workspace, here: Phone) -> None:
    await import_bundle(here.machine, await copy_of(theirs))
    before = await everything(here)
    again = await look_into(here.machine, await copy_of(theirs))
    assert (again.here, again.brings, again.entries, again.known) == (True, False, 0, 2)
    assert dict(again.files) == {}
    await Capture(theirs).note("another one")
    first = next(doc for doc in theirs.store.state.entries() if doc["text"] == "灯还没好")
    await Editing(theirs).reword(first["id"], "灯好了")
    more = await look_into(here.machine, await copy_of(theirs))
    assert (more.entries, more.changed, more.known, more.others) == (1, 1, 1, 0)
    assert await everything(here) == before


async def test_the_study_that_is_open_is_looked_at_as_it_stands(theirs: Workspace, here: Phone) -> None:
    copy = await copy_of(theirs)
    await import_bundle(here.machine, copy)
    work = await open_study(here.machine, STUDY, write=True)
    look = await look_into(here.machine, copy, here=work)
    assert (look.here, look.entries, look.known) == (True, 0, 2)
    await work.close()


async def test_a_copy_of_what_is_new_needs_what_came_before_it(
    theirs: Workspace, here: Phone, tmp_path: Path
) -> None:
    await make_bundle(theirs, tmp_path / "first.zip")
    await Capture(theirs).note("since then")
    await make_bundle(theirs, tmp_path / "next.zip", since_last=True)
    following = FileSource(path=tmp_path / "next.zip")
    with pytest.raises(Behind):
        await look_into(here.machine, following)
    assert await everything(here) == {}
    await import_bundle(here.machine, tmp_path / "first.zip")
    assert (await look_into(here.machine, following)).entries == 1


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("holiday.zip", b"no ZIP at all", "not a whole bundle"),
        ("notes.json", b'{"format": "other"}', "not a month file"),
        ("notes.json", b"{", "can't be read as JSON"),
        ("IMG_1.jpg", b"\xff\xd8", "neither a backup"),
        ("archive", b"", "neither a backup"),
    ],
)
async def test_what_is_neither_is_refused_and_makes_nothing(
    here: Phone, name: str, data: bytes, says: str
) -> None:
    with pytest.raises(NotUnderstood, match=says):
        await look_into(here.machine, Bytes(name=name, data=data))
    assert await everything(here) == {}


async def test_of_a_copy_that_was_cut_is_told_what_is_whole(theirs: Workspace, here: Phone) -> None:
    whole = await copy_of(theirs)
    with pytest.raises(NotUnderstood):
        await look_into(here.machine, Bytes(name="cut.zip", data=whole.data[:40]))
    look = await look_into(here.machine, Bytes(name="cut.zip", data=whole.data[:-60]))
    assert any("The end of cut.zip" in one for one in look.faults)
    assert await everything(here) == {}


async def test_looking_can_be_stopped(theirs: Workspace, here: Phone) -> None:
    with pytest.raises(Cancelled):
        await look_into(here.machine, await copy_of(theirs), cancelled=lambda: True)


async def test_a_month_file_is_looked_at_too(here: Phone) -> None:
    month = FileSource(path=sample_month())
    look = await look_into(here.machine, month)
    assert (look.here, look.entries, look.known) == (False, 45, 0)
    assert look.title.startswith("Vertical days")
    assert look.brings
    assert look.others > 20, "people, days, sessions"
    await import_month(here.machine, Bytes(name="month.json", data=sample_month().read_bytes()))
    before = await everything(here)
    again = await look_into(here.machine, month)
    assert (again.here, again.brings, again.entries, again.known, again.others) == (True, False, 0, 45, 0)
    assert await everything(here) == before


async def test_of_a_month_file_is_told_what_it_would_write(here: Phone) -> None:
    """A withdrawal and a reworded entry are new, where each of its entries is here."""
    after = json.loads(sample_month().read_text("utf-8"))
    before = json.loads(json.dumps(after))
    for person in before["people"]:
        person.pop("withdrawal", None)
    await import_month(here.machine, month_file(before))
    look = await look_into(here.machine, month_file(after))
    assert (look.brings, look.entries, look.changed, look.known, look.others) == (True, 0, 0, 45, 2)
    after["entries"][0]["text"] = "said better"
    look = await look_into(here.machine, month_file(after))
    assert (look.brings, look.entries, look.changed, look.known, look.others) == (True, 0, 1, 44, 2)
    done = await import_month(here.machine, month_file(after))
    assert (done.new["consent-event"], done.changed) == (1, 2)
    assert not (await look_into(here.machine, month_file(after))).brings


async def test_a_sealed_one_is_looked_at_with_its_passphrase_and_nothing_opened_is_left(
    theirs: Workspace, here: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_line, "ITERATIONS", 2)
    disk = MemoryDisk()
    seal = seal_of(theirs.machine, "four words nobody guesses")
    await pack(theirs, DiskFile(disk=disk, path="theirs.sealed"), seal=seal)
    sealed = Bytes(name="theirs.sealed", data=await disk.read("theirs.sealed"))
    before = await everything(here)
    with pytest.raises(WrongPassphrase):
        await look_into(here.machine, sealed, passphrase="something else")
    with pytest.raises(Cancelled):
        await look_into(here.machine, sealed, passphrase=seal.passphrase, cancelled=lambda: True)
    look = await look_into(here.machine, sealed, passphrase=seal.passphrase)
    assert (look.study, look.title, look.entries, look.files["photo"]) == (STUDY, "Rain", 2, 1)
    assert {path: data for path, data in (await everything(here)).items() if data} == before
