"""What is typed into a form outlives the app, is nobody's copy, and goes with the entry it is about."""

from __future__ import annotations

import asyncio
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from fieldlog.services.archive.write import write_archive
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.machine.reserve import RESERVE
from fieldlog.services.study.half_written import FILE, KEEP_SECONDS, Half, HalfWritten
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.erased import World, a_world, everything, hits, left_of
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.phone import Below, Phone, texts

WORDS = "他们说灯是借来的 they say the lamp is borrowed"
LONGER = "他们后来又说不是借的 and later that it is not"


def open_(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work


def forms(desk: Desk) -> HalfWritten:
    return open_(desk).half_written


@pytest.fixture
async def desk(phones_desk: Desk) -> Desk:
    return phones_desk


async def test_a_quarter_of_a_second_after_a_key_it_outlives_a_kill(phone: Phone, desk: Desk) -> None:
    forms(desk).say("person/new", "name", WORDS, "An")
    await asyncio.sleep(KEEP_SECONDS + 0.1)
    desk = await phone.killed(desk)
    assert forms(desk).at("person/new") == Half(said={"name": WORDS}, was={"name": "An"})
    await desk.close()


@dataclass(frozen=True)
class Slow(Below):
    """A disk that replaces a file once it may."""

    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def replace(self, path: str, data: bytes, *, named: bool = True) -> None:
        await self.may.wait()
        await super().replace(path, data, named=named)


async def test_keys_while_it_is_being_written_are_kept_too(phone: Phone) -> None:
    disk = Slow(phone.disk, "")
    kept = HalfWritten(disk, phone.machine.room)
    kept.say("person/new", "name", WORDS, "")
    writing = asyncio.ensure_future(kept.keep())
    await asyncio.sleep(0)
    kept.say("person/new", "name", LONGER, "")
    disk.may.set()
    await writing
    assert await left_of(phone, LONGER)
    await kept.rest()


async def test_a_desk_that_closes_keeps_what_was_just_typed(phone: Phone, desk: Desk) -> None:
    forms(desk).say("figure/new", "of", WORDS, "")
    desk.half_written.say("study/new", "title", LONGER, "")
    await desk.close()
    desk = await Desk.open(phone.machine)
    assert forms(desk).at("figure/new").said == {"of": WORDS}
    assert desk.half_written.at("study/new").said == {"title": LONGER}
    await desk.close()


async def test_what_stands_there_anyway_is_not_kept(phone: Phone, desk: Desk) -> None:
    kept = forms(desk)
    kept.say("entry/x", "text", WORDS, "the lamp")
    kept.say("entry/x", "people", ["p1", "p2"], ["p1"])
    kept.say("entry/x", "text", "the lamp", "the lamp")
    kept.say("entry/x", "people", ["p1"], ["p1"])
    kept.say("entry/y", "text", "", "a caption")
    await kept.keep()
    assert kept.at("entry/x") == Half()
    assert kept.at("entry/y").said == {"text": ""}, "words taken away are a change"
    assert await left_of(phone, WORDS) == {}


async def test_what_was_there_when_one_began_stays_beside_it(desk: Desk) -> None:
    kept = forms(desk)
    kept.say("entry/x", "text", WORDS, "the lamp")
    kept.say("entry/x", "text", LONGER, "the lamp, changed elsewhere")
    assert kept.at("entry/x") == Half(said={"text": LONGER}, was={"text": "the lamp"})


async def test_what_was_let_go_does_not_come_again_but_by_undo(phone: Phone, desk: Desk) -> None:
    kept = forms(desk)
    kept.say("person/new", "name", WORDS, "")
    await kept.keep()
    half = kept.let_go("person/new")
    await kept.keep()
    assert await left_of(phone, WORDS) == {}
    kept.put("person/new", half)
    await kept.keep()
    desk = await phone.killed(desk)
    assert forms(desk).at("person/new").said == {"name": WORDS}
    await desk.close()


async def test_a_full_disk_still_keeps_it(phone: Phone, desk: Desk) -> None:
    desk.room.reserve, desk.room.enough = 300_000, 1
    assert await desk.room.keep()
    await phone.room_for(64)
    forms(desk).say("entry/x", "text", WORDS * 20, "")
    await forms(desk).keep()
    assert await phone.disk.size(RESERVE) is None
    assert await left_of(phone, WORDS)


async def test_a_refusal_is_told_and_keeping_tried_again_unasked(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldlog.services.study.half_written.AGAIN_SECONDS", 0.05)
    await phone.room_for(0)
    forms(desk).say("entry/x", "text", WORDS, "")
    await asyncio.sleep(KEEP_SECONDS + 0.1)
    assert desk.trouble
    phone.disk.capacity = None
    await asyncio.sleep(2 * KEEP_SECONDS + 0.1)
    assert desk.trouble == ""
    assert await left_of(phone, WORDS)


async def test_a_damaged_file_stops_nothing_and_stays_beside(phone: Phone, desk: Desk) -> None:
    await desk.close()
    (folder,) = [f"studies/{one.name}" for one in await phone.disk.list("studies")]
    damaged = b'{"places":{"entry/x":{"said":{"text":5},"was":{}},"person/new":{"said":{"name":"An"},"was":{}}}}'
    await phone.disk.replace(f"{folder}/{FILE}", damaged)
    desk = await Desk.open(phone.machine)
    assert forms(desk).at("entry/x") == Half()
    assert forms(desk).at("person/new").said == {"name": "An"}
    forms(desk).say("figure/new", "of", WORDS, "")
    await forms(desk).keep()
    aside = [path for path in await everything(phone.disk) if f"{FILE}.damaged-" in path]
    assert [await phone.disk.read(path) for path in aside] == [damaged]
    await desk.close()


async def half_written_of(desk: Desk, world: World) -> None:
    """A change of the note and one of another entry, half written."""
    forms(desk).say(f"entry/{world.note}", "text", WORDS, "")
    forms(desk).say(f"entry/{world.sent}", "text", LONGER, "")
    await forms(desk).keep()


async def test_an_erased_entry_takes_its_half_written_words_along(phone: Phone, desk: Desk) -> None:
    world = await a_world(desk)
    await half_written_of(desk, world)
    assert await left_of(phone, WORDS)
    half = forms(desk).at(f"entry/{world.note}")
    await Erasing(open_(desk)).erase([world.note], reason="asked-to")
    assert await left_of(phone, WORDS) == {}
    assert await left_of(phone, LONGER), "those of another entry stay"
    forms(desk).say(f"entry/{world.note}", "text", WORDS, "")
    forms(desk).put(f"entry/{world.note}", half)
    await forms(desk).keep()
    assert await left_of(phone, WORDS) == {}, "a late key or an undo brings nothing back"


async def test_a_key_of_just_before_goes_too(phone: Phone, desk: Desk) -> None:
    world = await a_world(desk)
    forms(desk).say(f"entry/{world.note}", "text", WORDS, "")
    await Erasing(open_(desk)).erase([world.note], reason="asked-to")
    await asyncio.sleep(KEEP_SECONDS + 0.1)
    assert await left_of(phone, WORDS) == {}


@pytest.mark.parametrize("how", ["can't be", "laid aside", "unreadable"])
async def test_what_of_it_is_damaged_goes_too(phone: Phone, desk: Desk, how: str) -> None:
    world = await a_world(desk)
    await half_written_of(desk, world)
    disk = open_(desk).store.disk
    whole = await disk.read(FILE)
    await desk.close()
    await disk.replace(f"{FILE}.damaged-0" if how == "laid aside" else FILE, {
        "can't be": whole.replace(b'"was":{"text":""}', b'"was":{"text":5}'),
        "laid aside": whole, "unreadable": whole[:-20],
    }[how])  # fmt: skip
    desk = await Desk.open(phone.machine)
    await Erasing(open_(desk)).erase([world.note], reason="asked-to")
    assert await left_of(phone, WORDS) == {}
    await desk.close()


async def test_killed_at_any_step_of_erasing_nothing_is_left_of_what_is_erased(phone: Phone, desk: Desk) -> None:
    world = await a_world(desk)
    await half_written_of(desk, world)
    torn = f"studies/{open_(desk).store.project}/{FILE}.part~"
    await phone.disk.replace(torn, f'{{"places":{{"entry/{world.note}":{{"said":{{"text":"{WORDS}'.encode())
    before, step, done, erased = phone.disk, 0, False, 0
    while not done:
        dying = DyingDisk(before.crash())
        machine = replace(phone.machine, disk_at=partial(Below, dying))
        work = await open_study(machine, write=True)
        dying.dies_at = dying.steps + step
        with suppress(Killed):
            await Erasing(work).erase([world.note], reason="asked-to")
            done = True
        phone.disk = dying.inner.crash()
        again = await Desk.open(phone.machine)
        assert bool(await left_of(phone, WORDS)) == (reading_of(again, world.note) is not None), step
        assert forms(again).at(f"entry/{world.sent}").said == {"text": LONGER}
        erased += reading_of(again, world.note) is None
        await again.close()
        step += 1
    assert step > erased >= 5


def reading_of(desk: Desk, entry: str) -> object:
    """The entry, None where it was erased."""
    doc = open_(desk).store.state.raw(entry)
    return None if doc is None or "_erased" in doc else doc


async def test_no_bundle_and_no_archive_holds_it(desk: Desk, tmp_path: Path) -> None:
    await half_written_of(desk, await a_world(desk))
    await write_archive(open_(desk), tmp_path / "archive")
    await make_bundle(open_(desk), tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as bundle:
        packed = {name: bundle.read(name) for name in bundle.namelist()}
    written = {str(path): path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file()}
    assert len(written) > 3
    assert len(packed) > 3
    assert hits(written | packed, WORDS, LONGER) == {}
    assert not [path for path in [*written, *packed] if FILE in path]


async def test_the_entries_stay_what_they_are(desk: Desk) -> None:
    world = await a_world(desk)
    before = texts(desk)
    await half_written_of(desk, world)
    assert texts(desk) == before
