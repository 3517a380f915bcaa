"""What comes in: what is new since a copy only where all before it is, and eight digits only for what is there.

Stopped on its way no line of it is here, and the study used last is as before.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.media.vault import Vault
from fieldlog.model.chain import Behind
from fieldlog.model.errors import Cancelled, NotUnderstood
from fieldlog.model.line import erased, lost
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.bundle import pack
from fieldlog.services.copies.bundle_in import _holds, import_bundle
from fieldlog.services.copies.bundle_parts import Made
from fieldlog.services.copies.outbox import make_outgoing, prove_by_digits
from fieldlog.services.copies.sealed.digits import digits_of
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.incoming.look_first import look_into
from fieldlog.services.machine.sources import Bytes, DiskFile
from fieldlog.services.study.studies import begun, list_studies, open_study, studies, study_to_fill
from fieldlog.services.study.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone, texts

STUDY = "01950000-0000-7000-8000-000000000001"


def laptop() -> Phone:
    """Another device, on which nothing is."""
    return Phone(FakeClock(boot="other"), number=2)


async def packed(work: Workspace, *, since_last: bool = False, team_only: bool = False) -> tuple[Bytes, Made]:
    disk = MemoryDisk()
    target = DiskFile(disk=disk, path="b.zip")
    made = await pack(work, target, since_last=since_last, team_only=team_only)
    return Bytes(name="b.zip", data=await disk.read("b.zip")), made


async def proven(work: Workspace) -> Bytes:
    """All there is, handed over, brought in elsewhere, and proven by the digits that were shown there."""
    one = await make_outgoing(work)
    await prove_by_digits(work, one.digits)
    return (await packed(work))[0]


async def test_what_is_new_since_a_copy_says_where_it_goes_on_and_changes_nothing_without_it(
    work: Workspace,
) -> None:
    await Capture(work).note("one")
    everything = await proven(work)
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    new, made = await packed(work, since_last=True)
    assert (made.lines, made.files) == (1, 1)
    machine = laptop().machine
    with pytest.raises(Behind, match="Import the bundle before this one first, or a whole bundle"):
        await import_bundle(machine, new)
    assert await studies(machine) == []
    await import_bundle(machine, everything)
    done = await import_bundle(machine, new)
    assert (done.new["line"], done.digits) == (1, made.digits)
    there = await open_study(machine, work.store.project, write=False)
    assert there.store.state.tables == work.store.state.tables


async def test_where_the_study_is_but_lacks_what_came_before_not_even_a_photo_comes_in(work: Workspace) -> None:
    machine = laptop().machine
    await import_bundle(machine, (await packed(work))[0])
    await Capture(work).note("one")
    await proven(work)
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    new, _ = await packed(work, since_last=True)
    with pytest.raises(Behind):
        await import_bundle(machine, new)
    there = await open_study(machine, work.store.project, write=True)
    assert (await there.vault.all(), list(there.store.state.entries())) == ([], [])
    await there.close()


async def test_one_for_the_team_asks_for_no_personal_lane(work: Workspace) -> None:
    await Capture(work).note("I was afraid", Chips(note_type="PN"))
    machine = laptop().machine
    await import_bundle(machine, (await packed(work, team_only=True))[0])
    await proven(work)
    await Capture(work).note("for all")
    new, _ = await packed(work, since_last=True, team_only=True)
    assert (await import_bundle(machine, new)).new["line"] == 1


async def test_the_digits_are_the_same_on_both_sides_and_others_for_another_bundle(work: Workspace) -> None:
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    found = []
    for _ in range(2):
        await Capture(work).note("and one more")
        bundle, made = await packed(work)
        assert (await import_bundle(laptop().machine, bundle)).digits == made.digits
        found.append(made.digits)
    assert len(set(found)) == 2


@pytest.mark.parametrize("damaged", [b"Scene,34-3\n", b"Scene"])
async def test_an_original_that_is_damaged_here_is_whole_again_after_a_bundle_that_has_it(
    work: Workspace, damaged: bytes
) -> None:
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    bundle, made = await packed(work)
    machine = laptop().machine
    assert (await import_bundle(machine, bundle)).digits == made.digits
    there = await open_study(machine, work.store.project, write=True)
    (one,) = await there.vault.all()
    await there.vault.disk.replace(one.path, damaged)
    looked = await look_into(machine, bundle, here=there)
    assert (looked.brings, looked.digits) == (True, "")
    done = await import_bundle(machine, bundle, here=there)
    assert (done.digits, done.problems) == (made.digits, [])
    assert await there.vault.verify(one.sha256) is None
    await there.close()


async def test_a_photo_that_is_not_whole_anywhere_shows_no_digits_and_is_named(
    work: Workspace,
) -> None:
    await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    bundle, _ = await packed(work)
    torn = Bytes(name="b.zip", data=bundle.data.replace(b"Scene,34-2\n", b"Scene,34-9\n"))
    machine = laptop().machine
    await import_bundle(machine, bundle)
    there = await open_study(machine, work.store.project, write=True)
    (one,) = await there.vault.all()
    await there.vault.disk.replace(one.path, b"Scene,34-3\n")
    done = await import_bundle(machine, torn, here=there)
    assert done.digits == ""
    assert any("call-sheet.csv" in said for said in done.problems)
    await there.close()


async def test_a_store_that_goes_shows_no_digits(work: Workspace) -> None:
    await Capture(work).note("only on the phone")
    bundle, _ = await packed(work)
    machine = replace(laptop().machine, practice="where one's own data lie")
    done = await import_bundle(machine, bundle)
    assert (done.damaged, done.digits) == (False, "")


async def test_the_device_it_left_from_proves_nothing_to_itself(work: Workspace) -> None:
    await Capture(work).note("only here")
    one = await make_outgoing(work)
    source = Bytes(name=one.name, data=await work.store.disk.read(f"outbox/{one.name}"))
    done = await import_bundle(work.machine, source, here=work)
    assert (done.damaged, done.digits) == (False, "")
    assert (await import_bundle(laptop().machine, source)).digits == one.digits


async def test_what_was_erased_here_is_no_reason_to_show_none(work: Workspace) -> None:
    entry, _ = await Capture(work).file(Bytes(name="call-sheet.csv", data=b"Scene,34-2\n"))
    assert entry
    bundle, made = await packed(work)
    machine = laptop().machine
    await import_bundle(machine, bundle)
    there = await open_study(machine, work.store.project, write=True)
    await Erasing(there).erase([entry.id], reason="asked-to")
    assert await there.vault.all() == []
    await there.close()
    assert (await import_bundle(machine, bundle)).digits == made.digits


async def test_a_line_that_is_not_in_the_journals_files_is_missed_and_one_erased_there_is_not(
    work: Workspace,
) -> None:
    for words in ("one", "two"):
        await Capture(work).note(words)
    disk, writer = work.store.disk, work.store.own_writers["team"]
    path = f"journals/{writer}/000001.jsonl"
    data = await disk.read(path)
    raws = [raw for raw in data.split(b"\n") if raw]
    there = MemoryDisk()
    for held, is_there in (
        (data, True),
        (data.replace(raws[-1] + b"\n", b""), False),
        (data.replace(b"two", b"too"), False),
        (data.replace(raws[-1] + b"\n", erased(raws[-1], by="u", at="2025-03-16T08:00:00+00:00")), True),
        (data.replace(raws[-1] + b"\n", lost(raws[-1])), False),
    ):
        await there.replace(path, held)
        assert await _holds(there, writer, raws) is is_there


async def test_a_damaged_bundle_shows_no_digits(work: Workspace) -> None:
    await Capture(work).note("one")
    bundle, _ = await packed(work)
    hurt = Bytes(name="b.zip", data=bundle.data[:-1])
    done = await import_bundle(laptop().machine, hurt)
    assert (done.damaged, done.digits) == (True, "")


async def test_of_another_study_nothing_comes_in_where_one_was_chosen(work: Workspace) -> None:
    bundle, _ = await packed(work)
    machine = laptop().machine
    with pytest.raises(NotUnderstood, match=r"b\.zip is of another study"):
        await import_bundle(machine, bundle, only="another")
    assert await studies(machine) == []
    assert (await import_bundle(machine, bundle, only=work.store.project)).problems == []


def test_the_digits_are_made_as_the_page_about_them_says() -> None:
    names = ["log/w/1-2-90-0123456789abcdef.jsonl", "media/ab/abc.jpg"]
    inside = hashlib.sha256(b'{"format":1}' + b"".join(b"\n" + name.encode() for name in names)).digest()
    number = int(hashlib.sha256(b"fieldlog-proof" + inside).hexdigest(), 16)
    assert digits_of(b'{"format":1}', reversed(names)) == str(number)[:8]


# -- stopped on its way


@pytest.fixture
async def theirs() -> AsyncIterator[Workspace]:
    """A study on another device, with three files."""
    work = await open_study(Phone(FakeClock(), number=2).machine, STUDY, write=True)
    capture = Capture(work)
    await capture.begin(title="Rain")
    for n in range(3):
        await capture.file(Bytes(name=f"{n}.bin", data=bytes([n]) * 1000), text=f"file {n}")
    yield work
    await work.close()


async def copy_of(work: Workspace) -> Bytes:
    disk = MemoryDisk()
    await pack(work, DiskFile(disk=disk, path="theirs.zip"))
    return Bytes(name="theirs.zip", data=await disk.read("theirs.zip"))


async def test_its_photos_and_sounds_are_told_in_bytes(theirs: Workspace, phone: Phone) -> None:
    told = list[tuple[str, int, int]]()
    await import_bundle(phone.machine, await copy_of(theirs), lambda *at: told.append(at))
    assert {total for what, _, total in told if what == "media"} == {3000}
    assert told[-1] == ("media", 3000, 3000)


async def test_stopped_half_way_nothing_of_it_is_in_the_study_and_the_next_start_is_as_before(
    theirs: Workspace, phone: Phone
) -> None:
    desk = await phone.begun("Mine")
    assert desk.work
    mine = desk.work.store.project
    asked = iter([False] * 3)
    with pytest.raises(Cancelled):
        await desk.take_in(await copy_of(theirs), cancelled=lambda: next(asked, True))
    assert desk.work.store.project == mine
    assert await begun(phone.machine) == [mine]
    assert await list_studies(phone.machine, but=mine) == []
    await desk.close()
    again = await Desk.open(phone.machine)
    assert again.work
    assert again.work.store.project == mine
    done = await again.take_in(await copy_of(theirs))
    assert done.problems == []
    assert texts(again) == ["file 0", "file 1", "file 2"]
    assert await begun(phone.machine) == sorted([mine, STUDY])
    await again.close()


async def test_of_several_studies_the_one_used_last_is_opened_after_a_stop(
    theirs: Workspace, phone: Phone
) -> None:
    desk = await phone.begun("First")
    assert desk.work
    first = desk.work.store.project
    await desk.begin_study(title="Second", researcher="R1", zone="UTC", first_day="2025-03-16", days=3)
    await desk.switch(first)
    with pytest.raises(Cancelled):
        await desk.take_in(await copy_of(theirs), cancelled=lambda: True)
    await desk.close()
    again = await Desk.open(phone.machine)
    assert again.work
    assert again.work.store.project == first
    await again.close()


async def test_stopped_on_an_empty_device_welcome_is_shown_at_the_next_start(
    theirs: Workspace, phone: Phone
) -> None:
    with pytest.raises(Cancelled):
        await import_bundle(phone.machine, await copy_of(theirs), cancelled=lambda: True)
    desk = await Desk.open(phone.machine)
    assert desk.work is None
    await desk.close()


async def test_refused_or_stopped_the_open_study_is_as_it_was(theirs: Workspace, phone: Phone) -> None:
    desk = await phone.begun("Mine")
    await desk.take_in(await copy_of(theirs))
    await Capture(theirs).file(Bytes(name="3.bin", data=b"3" * 1000), text="file 3")
    assert desk.work
    before = dict(desk.work.store.ends)
    with pytest.raises(Cancelled):
        await desk.take_in(await copy_of(theirs), cancelled=lambda: True)
    with pytest.raises(NotUnderstood):
        await desk.take_in(Bytes(name="cut.zip", data=b"PK"))
    assert desk.work.store.ends == before
    await desk.close()


async def originals(phone: Phone) -> list[str]:
    """What lies in the vault of the study that comes in, whether or not anything names it."""
    return [one.sha256 for one in await Vault(phone.machine.disk_at(f"studies/{STUDY}")).all()]


def after_two() -> Callable[[], bool]:
    """Asks for a stop once two originals are in."""
    asked = iter([False] * 4)
    return lambda: next(asked, True)


async def test_stopped_on_a_device_without_the_study_nothing_of_it_stays(theirs: Workspace, phone: Phone) -> None:
    with pytest.raises(Cancelled):
        await import_bundle(phone.machine, await copy_of(theirs), cancelled=after_two())
    assert (await originals(phone), await studies(phone.machine)) == ([], [])
    assert await phone.disk.list("studies") == []


async def test_what_was_erased_elsewhere_after_a_stop_does_not_stay_here(theirs: Workspace, phone: Phone) -> None:
    await import_bundle(phone.machine, await copy_of(theirs))
    secret, taken = await Capture(theirs).file(Bytes(name="face.bin", data=b"a face" * 200))
    for n in range(3, 7):
        await Capture(theirs).file(Bytes(name=f"{n}.bin", data=bytes([n]) * 1000))
    assert secret
    assert taken.kept
    face = taken.kept.sha256

    def is_here() -> bool:
        return any(face in path for path in phone.disk._medium.files)

    with pytest.raises(Cancelled):
        await import_bundle(phone.machine, await copy_of(theirs), cancelled=is_here)
    await Erasing(theirs).erase([secret.id], reason="asked-to")
    done = await import_bundle(phone.machine, await copy_of(theirs))
    assert (is_here(), len(await originals(phone)), done.digits != "") == (False, 7, True)


async def test_killed_while_it_came_in_what_no_line_names_goes_at_the_next_start(
    theirs: Workspace, phone: Phone
) -> None:
    await import_bundle(phone.machine, await copy_of(theirs))
    here = sorted(await originals(phone))
    for n in range(3, 6):
        await Capture(theirs).file(Bytes(name=f"{n}.bin", data=bytes([n]) * 1000))
    found = await killed_at(phone, await copy_of(theirs), 5000)
    assert len(await originals(found)) > len(here)
    desk = await Desk.open(found.machine)
    assert (sorted(await originals(found)), len(texts(desk))) == (here, 3)
    await desk.close()


async def test_killed_on_a_device_without_the_study_nothing_of_it_stays_after_the_next_start(
    theirs: Workspace, phone: Phone
) -> None:
    found = await killed_at(phone, await copy_of(theirs), 2000)
    assert await originals(found)
    desk = await Desk.open(found.machine)
    assert (desk.work, await found.disk.list("studies")) == (None, [])
    await desk.close()


async def test_what_comes_in_right_now_is_left_alone(theirs: Workspace, phone: Phone) -> None:
    async with study_to_fill(phone.machine, STUDY) as work:
        await work.vault.keep(Bytes(name="1.bin", data=b"1" * 1000))
        desk = await Desk.open(phone.machine)
        assert (desk.work, len(await originals(phone))) == (None, 1)
        await desk.close()


async def killed_at(phone: Phone, bundle: Bytes, count: int) -> Phone:
    """The phone as it is found when it was killed once so many bytes of the originals were in."""
    found = Phone(phone.clock)

    def moved(what: str, done: int, _: int) -> None:
        if what == "media" and done <= count:
            found.disk = phone.disk.crash()

    await import_bundle(phone.machine, bundle, moved)
    return found
