"""Erasing for good: not a byte is left, whatever stops the app, and everything else stays as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.media.derived import read_derived
from fieldlog.media.reading import Held
from fieldlog.media.sound.wav import read_plan
from fieldlog.model.errors import NotFound, NotSaved, NotUnderstood
from fieldlog.model.moment import iso
from fieldlog.services.archive.verify import verify_archive, verify_store
from fieldlog.services.archive.write import write_archive
from fieldlog.services.archive.zipped import write_zip
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.ledger import remember_archive
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.erase.elsewhere import elsewhere
from fieldlog.services.erase.erase import Erased, Erasing
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import Bytes
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.serving import Serving
from fieldlog.services.study.erase_promise import FILE, NotErased
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.erased import (
    CHINESE,
    EARLIER,
    ENGLISH,
    RATE,
    SECOND,
    SENT,
    SOUND_SECONDS,
    STAYS,
    World,
    a_world,
    everything,
    hits,
    left_of,
    photograph,
)
from tests.fakes.failing import DyingDisk, Killed
from tests.fakes.phone import Below, Phone

Verb = Callable[[Erasing, World], Awaitable[Erased]]


def open_(desk: Desk) -> Workspace:
    assert desk.work
    return desk.work


async def test_what_is_to_be_erased_is_there_before_in_many_places(phone: Phone, world: World) -> None:
    found = await left_of(phone, ENGLISH, CHINESE, *EARLIER, world.block(1), world.picture[5000:5064])
    assert any("journals/" in path for path in found)
    assert any("views/" in path for path in found)
    assert any("media/" in path for path in found)


async def test_a_note_with_a_history_goes_from_journal_views_and_search(
    phone: Phone, desk: Desk, world: World
) -> None:
    work = open_(desk)
    assert list(work.store.search.find([CHINESE])) == [world.note]
    erased = await Erasing(work).erase([world.note], reason="asked-to")
    assert await left_of(phone, ENGLISH, CHINESE, *EARLIER) == {}
    assert (erased.days, erased.kinds, erased.files) == (("2025-03-16",), ("jotting",), 0)
    assert list(work.store.search.find([CHINESE])) == []
    assert list(work.store.search.find([STAYS[:4]])) != []
    assert await verify_store(work) == []
    with pytest.raises(NotFound, match="not here any more"):
        entry_rows.entry(work.store, world.note)
    assert not list(work.store.state.docs("links"))


async def test_what_stays_is_the_day_the_kind_why_and_when(desk: Desk, world: World) -> None:
    work = open_(desk)
    erased = await Erasing(work).erase([world.note], reason="not-agreed")
    doc = work.store.state.get(world.note)
    assert doc is not None
    mark = {name: value for name, value in doc["_erased"].items() if name not in ("u", "t")}
    at = iso(erased.at)
    assert doc.keys() == {"id", "_erased"}
    assert mark == {"kind": "jotting", "reason": "not-agreed", "day_choice": "2025-03-16", "at": at}
    assert work.store.state.date(world.note) == "2025-03-16"
    (revision,) = await Editing(work).history(world.note)
    assert revision.kind == "erase"


async def test_a_note_just_sent_does_not_stay_in_the_open_text(phone: Phone, desk: Desk, world: World) -> None:
    await Erasing(open_(desk)).erase([world.sent], reason="by-mistake")
    assert await left_of(phone, SENT) == {}
    assert STAYS in [row["text"] for row in entry_rows.day(open_(desk).store, "2025-03-16")]


async def test_a_memo_goes_with_every_segment_and_waveform_and_its_marks_stay(
    phone: Phone, desk: Desk, world: World
) -> None:
    work = open_(desk)
    served = await Serving(lambda: work).open(f"sound/{world.memo}")
    served.close()
    erased = await Erasing(work).erase([world.memo], reason="asked-to")
    assert erased.files == SOUND_SECONDS // 2
    assert erased.bytes == SOUND_SECONDS * SECOND + erased.files * 44
    blocks = [world.block(second) for second in range(SOUND_SECONDS)]
    assert await left_of(phone, *blocks) == {}
    files = await everything(phone.disk)
    assert not [path for path in files if path.endswith((".wav", "peaks.bin"))]
    mark = work.store.state.get(world.mark)
    assert mark is not None
    assert mark["during"] == {"memo": world.memo, "at": 5.0}
    assert await verify_store(work) == []


async def test_a_photo_goes_with_thumb_and_preview_and_another_stays(
    phone: Phone, desk: Desk, world: World
) -> None:
    work = open_(desk)
    (sha256,) = [one["sha256"] for one in entry_rows.entry(work.store, world.photo)["attachments"]]
    thumb = await read_derived(work.vault, sha256, "thumb.jpg")
    preview = await read_derived(work.vault, sha256, "preview.jpg")
    await Erasing(work).erase([world.photo], reason="not-agreed")
    blocks = [data[-400:-336] for data in (world.picture, thumb, preview)]
    assert await left_of(phone, *blocks) == {}
    assert sha256 not in " ".join(await everything(phone.disk))
    with pytest.raises(NotFound):
        await Serving(lambda: work).open(f"file/{sha256}")
    assert await left_of(phone, world.other[5000:5064]) != {}


async def test_a_file_that_another_entry_names_stays(desk: Desk, world: World) -> None:
    work, capture = open_(desk), desk.capture
    assert capture
    again = await filed_again(desk, world.picture)
    erased = await Erasing(work).erase([world.photo], reason="by-mistake")
    assert erased.files == 0
    (one,) = entry_rows.entry(work.store, again)["attachments"]
    assert await work.vault.has(one["sha256"])
    await Erasing(work).erase([again], reason="by-mistake")
    assert not await work.vault.has(one["sha256"])


async def filed_again(desk: Desk, data: bytes) -> str:
    assert desk.capture
    entry, _ = await desk.capture.file(Bytes(name="again.jpg", data=data))
    assert entry
    return entry.id


# -- a part of it


async def test_a_stretch_of_sound_is_silent_and_the_rest_is_where_it_was(
    phone: Phone, desk: Desk, world: World
) -> None:
    work = open_(desk)
    before = entry_rows.entry(work.store, world.memo)["attachments"]
    erased = await Erasing(work).erase_span(world.memo, 1.5, 2.5, reason="asked-to")
    assert (erased.files, erased.seconds) == (2, (1.5, 2.5))
    gone = [world.block(second) for second in (1.5, 1.75, 2.0, 2.25, 2.49)]
    assert await left_of(phone, *gone) == {}
    assert await left_of(phone, world.block(1.25)) != {}
    served = await Serving(lambda: work).open(f"sound/{world.memo}")
    data = served.read(0, served.size)
    served.close()
    plan = read_plan(Held(data))
    assert (plan.faults, plan.frames) == ((), SOUND_SECONDS * RATE)
    first, end = int(1.5 * SECOND), int(2.5 * SECOND)
    assert data[44:] == world.sound[:first] + bytes(end - first) + world.sound[end:]
    after = entry_rows.entry(work.store, world.memo)["attachments"]
    assert [one["sha256"] for one in after][2:] == [one["sha256"] for one in before][2:]
    peaks = [await read_derived(work.vault, one["sha256"], "peaks.bin") for one in after]
    assert [byte == 0 for byte in b"".join(peaks)] == [15 <= tenth < 25 for tenth in range(60)]
    docs = [work.store.state.get(one) or {} for one in (work.store.state.get(world.memo) or {})["attachments"]]
    assert [gap for doc in docs for gap in doc.get("gaps", ())] == [{"at": 1.5, "kind": "erased", "missing": 1.0}]
    assert await verify_store(work) == []


async def test_two_stretches_of_one_memo_one_after_the_other(phone: Phone, desk: Desk, world: World) -> None:
    work = open_(desk)
    await Erasing(work).erase_span(world.memo, 0, 0.5, reason="asked-to")
    await Erasing(work).erase_span(world.memo, 5.5, 60, reason="asked-to")
    assert await left_of(phone, world.block(0.1), world.block(5.9)) == {}
    assert await left_of(phone, world.block(0.6), world.block(3)) != {}
    await Erasing(work).erase([world.memo], reason="asked-to")
    assert await left_of(phone, *(world.block(n / 4) for n in range(24))) == {}


@pytest.mark.parametrize(
    ("start", "end", "told"), [(2, 1, "a later one"), (-1, 1, "a later one"), (9, 10, "no sound there")]
)
async def test_a_stretch_that_is_none_is_refused_and_nothing_is_touched(
    phone: Phone, desk: Desk, world: World, start: float, end: float, told: str
) -> None:
    before = await everything(phone.disk)
    with pytest.raises(NotUnderstood, match=told):
        await Erasing(open_(desk)).erase_span(world.memo, start, end, reason="asked-to")
    with pytest.raises(NotUnderstood, match="no sound there"):
        await Erasing(open_(desk)).erase_span(world.photo, 0, 1, reason="asked-to")
    assert await everything(phone.disk) == before


async def test_one_photo_of_several_goes_and_an_entry_that_held_nothing_else_goes_whole(
    phone: Phone, desk: Desk, world: World
) -> None:
    work = open_(desk)
    more = photograph(3)
    other = await filed_again(desk, more)
    doc, both = work.store.state.get(world.photo) or {}, [*(work.store.state.get(other) or {})["attachments"]]
    await Editing(work).change(world.photo, {"attachments": [*doc["attachments"], *both]})
    await Erasing(work).erase_file(world.photo, both[0], reason="not-agreed")
    assert await left_of(phone, more[5000:5064]) == {}
    assert await left_of(phone, world.picture[5000:5064]) != {}
    assert len(entry_rows.entry(work.store, world.photo)["attachments"]) == 1
    await Erasing(work).erase_file(world.photo, doc["attachments"][0], reason="not-agreed")
    assert await left_of(phone, world.picture[5000:5064]) == {}
    with pytest.raises(NotFound):
        entry_rows.entry(work.store, world.photo)
    assert await verify_store(work) == []


# -- whatever stops it

EVERYTHING: dict[str, Verb] = {
    "note": lambda erasing, world: erasing.erase([world.note], reason="asked-to"),
    "sent": lambda erasing, world: erasing.erase([world.sent], reason="asked-to"),
    "memo": lambda erasing, world: erasing.erase([world.memo], reason="asked-to"),
    "photo": lambda erasing, world: erasing.erase([world.photo], reason="asked-to"),
    "span": lambda erasing, world: erasing.erase_span(world.memo, 2.5, 3.5, reason="asked-to"),
}


def goes(what: str, world: World) -> list[str | bytes]:
    found: dict[str, list[str | bytes]] = {
        "note": [ENGLISH, CHINESE, *EARLIER], "sent": [SENT], "photo": [world.picture[5000:5064]],
        "memo": [world.block(second) for second in range(SOUND_SECONDS)],
        "span": [world.block(second) for second in (2.5, 3.0, 3.4)],
    }  # fmt: skip
    return found[what]


@pytest.mark.parametrize("what", EVERYTHING)
async def test_killed_at_any_step_it_is_untouched_or_finished_at_the_next_start(
    phone: Phone, world: World, what: str
) -> None:
    before = phone.disk
    study = next(entry.name for entry in await before.list("studies"))
    await leave_leftovers(phone, study, goes(what, world))
    finished = untouched = step = 0
    done = False
    while not done:
        dying = DyingDisk(before.crash())
        work = await open_study(on(phone, dying), write=True)
        dying.dies_at = dying.steps + step
        try:
            await EVERYTHING[what](Erasing(work), world)
            done = True
        except Killed:
            pass
        phone.disk = dying.inner.crash()
        again = await Desk.open(phone.machine)
        found, works = await left_of(phone, *goes(what, world)), open_(again)
        if found:
            untouched += 1
            assert not done
            assert entry_rows.entry(works.store, world.memo if what == "span" else getattr(world, what))
        else:
            finished += 1
        assert await verify_store(works) == [], f"step {step}"
        assert await works.store.disk.size(FILE) is None
        assert STAYS in [row["text"] for row in entry_rows.day(works.store, "2025-03-16")]
        await again.close()
        step += 1
    assert untouched >= 1
    assert finished >= 5


async def leave_leftovers(phone: Phone, study: str, wanted: list[str | bytes]) -> None:
    """What kills before may have left beside the files: half a view, a torn line."""
    words = [one for one in wanted if isinstance(one, str)]
    if words:
        writer = (await phone.disk.list(f"studies/{study}/journals"))[0].name
        half = f'{{"text":"{words[0]}'.encode()
        await phone.disk.replace(f"studies/{study}/views/entries-2025-03-16.json.part~", half)
        await phone.disk.replace(f"studies/{study}/journals/{writer}/000001.jsonl.torn99", half)


def on(phone: Phone, disk: DyingDisk) -> Machine:
    return replace(phone.machine, disk_at=lambda folder: Below(disk, folder))


async def test_a_full_disk_erases_nothing_or_says_what_is_left_to_do(
    phone: Phone, desk: Desk, world: World
) -> None:
    await phone.room_for(10)
    with pytest.raises(NotSaved):
        await Erasing(open_(desk)).erase([world.note], reason="asked-to")
    assert entry_rows.entry(open_(desk).store, world.note)
    assert await open_(desk).store.disk.size(FILE) is None
    await phone.room_for(2600)
    with pytest.raises(NotErased, match="Free some space"):
        await Erasing(open_(desk)).erase([world.note], reason="asked-to")
    again = await phone.killed(desk)
    assert open_(again).store.state.get(world.note)
    phone.disk.capacity = None
    again = await phone.killed(again)
    assert await left_of(phone, ENGLISH, CHINESE, *EARLIER) == {}


async def test_the_reserve_is_given_up_before_erasing_is_left_unfinished(
    phone: Phone, desk: Desk, world: World
) -> None:
    await phone.disk.replace("reserve.bin", bytes(1_000_000))
    await phone.room_for(2600)
    await Erasing(open_(desk)).erase([world.note], reason="asked-to")
    assert await left_of(phone, ENGLISH, CHINESE, *EARLIER) == {}
    assert await phone.disk.size("reserve.bin") is None


async def test_nothing_brings_it_back(desk: Desk, world: World) -> None:
    editing, work = Editing(open_(desk)), open_(desk)
    await editing.remove(world.note)
    await Erasing(work).erase([world.note], reason="asked-to")
    for verb in (editing.bring_back(world.note), editing.reword(world.note, "again"), editing.remove(world.note)):
        with pytest.raises(NotFound):
            await verb
    with pytest.raises(NotFound):
        await Erasing(work).erase([world.note], reason="asked-to")


async def test_a_reason_that_is_in_no_list_is_refused(desk: Desk, world: World) -> None:
    with pytest.raises(NotUnderstood, match="asked-to"):
        await Erasing(open_(desk)).erase([world.note], reason="bored")


async def test_what_is_written_while_something_is_erased_is_kept(phone: Phone, desk: Desk, world: World) -> None:
    assert desk.capture
    erasing = asyncio.ensure_future(Erasing(open_(desk)).erase([world.note], reason="asked-to"))
    notes = list[str]()
    while not erasing.done():
        await asyncio.sleep(0)
        notes.append((await desk.capture.note(f"meanwhile {len(notes)}", Chips())).id)
    await erasing
    assert len(notes) >= 3
    again = await phone.killed(desk)
    assert all(open_(again).store.state.get(note) for note in notes)
    assert await verify_store(open_(again)) == []
    assert await left_of(phone, ENGLISH, CHINESE) == {}


# -- elsewhere


async def test_what_is_erased_here_goes_where_the_lines_are_taken_to_and_does_not_come_back(
    tmp_path: Path,
) -> None:
    phone, other = Phone(), Phone(number=1)
    desk = await phone.begun()
    world = await a_world(desk)
    blocks = [world.picture[5000:5064], world.block(1)]
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    await make_bundle(open_(desk), before)
    await import_bundle(other.machine, before)
    assert await left_of(other, CHINESE) != {}
    assert await left_of(other, blocks[0]) != {}
    erasing = Erasing(open_(desk))
    await erasing.erase([world.note, world.photo, world.memo], reason="asked-to")
    await make_bundle(open_(desk), after)
    await import_bundle(other.machine, after)
    assert await left_of(other, ENGLISH, CHINESE, *EARLIER, *blocks) == {}
    await desk.close()
    for again in (other, phone):
        await import_bundle(again.machine, before)
        assert await left_of(again, ENGLISH, CHINESE, *EARLIER, *blocks) == {}
        work = await open_study(again.machine, write=True)
        assert await verify_store(work) == []
        await work.close()


async def test_the_archive_loses_it_at_the_next_writing_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    phone, folder = Phone(), tmp_path / "archive"
    desk = await phone.begun()
    world, work = await a_world(desk), open_(desk)
    await write_archive(work, folder)
    (folder / "days" / "mine.txt").write_text(CHINESE, encoding="utf-8")
    gone: list[str | bytes] = [ENGLISH, CHINESE, *EARLIER, world.picture[5000:5064], world.block(1.2)]
    stays: list[str | bytes] = [STAYS, world.block(0.5), world.block(5), world.other[5000:5064]]
    assert len(hits(files_in(folder), *gone)) > 3
    erasing = Erasing(work)
    await erasing.erase([world.note, world.photo], reason="asked-to")
    await erasing.erase_span(world.memo, 1, 2, reason="asked-to")
    written = await write_archive(work, folder)
    assert (written.missing, written.damaged, written.foreign) == ((), (), ("days/mine.txt",))
    assert list(hits(files_in(folder), *gone)) == ["days/mine.txt"]
    assert all(hits(files_in(folder), one) for one in stays)
    assert len(await verify_archive(folder)) == 1
    notes = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*_notes.md"))
    assert "removed_on_request: 2" in notes


def files_in(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


async def test_the_copies_and_the_archive_that_may_still_hold_it_are_named(tmp_path: Path) -> None:
    phone = Phone()
    clock = phone.clock
    assert isinstance(clock, FakeClock)
    desk = await phone.begun()
    work, capture = open_(desk), desk.capture
    assert capture
    await make_bundle(work, tmp_path / "before.zip")
    clock.advance(minutes=5)
    note = await capture.note(CHINESE)
    private = await capture.note(ENGLISH, Chips(note_type="PN"))
    clock.advance(minutes=5)
    await make_bundle(work, tmp_path / "after.zip", team_only=True)
    await remember_archive(work, str(tmp_path / "archive"), at=work.machine.clock().at)
    await write_zip(work, tmp_path / "archive.zip")
    for record, copies in ((note, ["after.zip"]), (private, [])):
        erased = await Erasing(work).erase([record.id], reason="asked-to")
        found = await elsewhere(work, erased)
        assert [Path(one.path).name for one in found.copies] == copies
        assert found.archives == (str(tmp_path / "archive"), str(tmp_path / "archive.zip"))
    clock.advance(minutes=5)
    later = await capture.note(SENT)
    found = await elsewhere(work, await Erasing(work).erase([later.id], reason="asked-to"))
    assert (found.copies, found.archives) == ((), ())
