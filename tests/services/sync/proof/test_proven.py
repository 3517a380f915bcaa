"""An entry is proven where a device has read back its words and its files, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldlog.model.ids import ms_of_id
from fieldlog.model.moment import from_ms
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.imports.imports import import_csv
from fieldlog.services.sync.proof.proven import Proof, missing, proof_of
from fieldlog.services.sync.readback import prove
from fieldlog.sync.receipt import proof_name
from tests.fakes.exchange import Device, Stick

PLACE = "webdavs://ana@cloud.example.org/dav"


async def meet(stick: Stick, *devices: Device) -> None:
    """Each twice: what the last one brings, and says to have read, reaches the first."""
    for device in (*devices, *devices):
        await device.sync(stick.target)


def counts(proof: Proof) -> list[tuple[bool, int, int]]:
    return [(one.own, one.n, one.total) for one in proof.standings]


async def test_what_both_have_read_back_is_proven_on_two_devices(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("the lamp is not ready")
    await phone.photo(b"a photo")
    await laptop.note("they wait", private=True)
    await meet(stick, phone, laptop)
    for device in (phone, laptop):
        proof = await proof_of(device.work)
        assert (proof.proven, proof.total, proof.unproven, proof.only_here) == (3, 3, (), 0)
        assert counts(proof) == [(True, 3, 3), (False, 3, 3)]
        assert proof.sentence == "3 of 3 proven on 2 devices."
        assert [cell.state for one in proof.standings for cell in one.cells] == ["full", "full"]
    (own, other) = (await proof_of(phone.work)).standings
    assert (own.form, other.form, other.id) == ("phone", "laptop", laptop.work.device.id)


async def test_what_is_only_here_is_named_by_its_day(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.note("before")
    await meet(stick, phone, laptop)
    after = await phone.note("after")
    proof = await proof_of(phone.work)
    assert (proof.proven, proof.total, proof.only_here) == (1, 2, 1)
    assert [(one.day, one.entries) for one in proof.unproven] == [("2025-03-16", (after,))]
    assert proof.oldest is not None
    other = proof.standings[1]
    assert [cell.state for cell in other.cells] == ["part"]
    (lacks,) = await missing(phone.work, other.id, "2025-03-16")
    assert (lacks.entry, lacks.words, lacks.files) == (after, True, ())
    assert [one.partition("“")[2] for one in lacks.told] == ["after” says is not proven there."]


async def test_since_when_something_is_only_here_no_imported_entry_tells(phone: Device, tmp_path: Path) -> None:
    notes = tmp_path / "notes.csv"
    notes.write_text("id,at,text\nn1,2025-03-16 10:00,from elsewhere\n", "utf-8")
    await import_csv(phone.work, notes)
    proof = await proof_of(phone.work)
    assert (proof.only_here, proof.oldest) == (1, None)
    after = await phone.note("after")
    proof = await proof_of(phone.work)
    assert (proof.only_here, proof.oldest) == (2, from_ms(ms_of_id(after), phone.work.zone))


async def test_one_device_alone_proves_nothing(phone: Device, stick: Stick) -> None:
    proof = await proof_of(phone.work)
    assert (proof.total, proof.safe, proof.sentence) == (0, False, "There is nothing to prove yet.")
    await phone.note("one")
    await phone.sync(stick.target)
    proof = await proof_of(phone.work)
    assert (proof.proven, proof.only_here, counts(proof)) == (0, 1, [(True, 1, 1)])


async def test_a_note_that_was_changed_is_proven_when_its_newest_words_are(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    entry = await phone.note("the lamp")
    await meet(stick, phone, laptop)
    await phone.reword(entry, "the lamp is red")
    assert (await proof_of(phone.work)).proven == 0
    await meet(stick, phone, laptop)
    assert (await proof_of(phone.work)).proven == 1


async def test_an_original_that_is_still_on_its_way_is_missing_by_name(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    entry = await phone.photo(b"a photo")
    await phone.sync(stick.target)
    (medium,) = [name for name in await stick.files() if name.startswith("media/")]
    await stick.disk.remove(medium)
    await laptop.sync(stick.target)
    await phone.sync(stick.target, whole=False)
    proof = await proof_of(phone.work)
    assert proof.proven == 0
    (lacks,) = await missing(phone.work, laptop.work.device.id, "2025-03-16")
    assert (lacks.entry, lacks.words, lacks.files) == (entry.id, False, ("a.bin",))


async def test_what_a_device_finds_damaged_is_proven_there_no_more(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    (stored,) = await laptop.work.vault.all()
    await laptop.disk.replace(stored.path, b"A photo")
    assert len(await verify_store(laptop.work)) == 1
    assert (await proof_of(laptop.work)).proven == 0
    await laptop.sync(stick.target)
    await phone.sync(stick.target)
    assert (await proof_of(phone.work)).proven == 0


async def test_what_is_not_what_it_was_when_it_is_to_be_sent_is_proven_no_more(
    phone: Device, stick: Stick
) -> None:
    await phone.photo(b"a photo")
    await verify_store(phone.work)
    assert (await proof_of(phone.work)).standings[0].n == 1
    (stored,) = await phone.work.vault.all()
    await phone.disk.replace(stored.path, b"A photo")
    await phone.sync(stick.target)
    assert (await proof_of(phone.work)).standings[0].n == 0


async def test_what_is_erased_on_one_device_is_proven_nowhere_else_by_its_old_receipt(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    kept, gone = await phone.note("kept"), await phone.note("gone")
    await meet(stick, phone, laptop)
    await phone.erase(gone)
    await meet(stick, phone, laptop)
    for device in (phone, laptop):
        proof = await proof_of(device.work)
        assert (proof.proven, proof.total) == (1, 1)
    assert kept in {str(doc["id"]) for doc in laptop.work.store.state.entries()}


# -- whose receipts count


async def test_a_restored_devices_receipts_count_for_nothing(phone: Device, stick: Stick) -> None:
    laptop = await Device.new(2, marks=True)
    empty = await laptop.data()
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    assert (await proof_of(phone.work)).proven == 1
    former = laptop.work.device.id
    await laptop.put_back(empty)
    await laptop.sync(stick.target)
    assert laptop.work.device.id != former
    await phone.sync(stick.target)
    others = (await proof_of(phone.work)).standings[1:]
    # It has read everything back anew, under its new name.
    assert [(one.id, one.n) for one in others] == [(laptop.work.device.id, 1)]
    await laptop.work.close()


async def test_a_device_that_was_put_back_with_what_it_had_read_says_nothing_before_it_has_read_it_anew(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    before = await laptop.data()
    await phone.note("more")
    await meet(stick, phone, laptop)
    former = laptop.work.device.id
    await laptop.put_back(before)
    (stored,) = await laptop.work.vault.all()
    await laptop.disk.replace(stored.path, b"A photo")
    await laptop.sync(stick.target)
    await laptop.sync(stick.target)
    await phone.sync(stick.target)
    others = (await proof_of(phone.work)).standings[1:]
    assert [one.id for one in others] == [laptop.work.device.id] != [former]
    assert others[0].n == 1, "the note; its photo is damaged there"


async def test_a_device_that_was_put_back_to_before_it_had_its_name_leaves_no_ghost(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await meet(stick, phone, laptop)
    first = await laptop.data()
    await phone.note("two")
    await meet(stick, phone, laptop)
    await laptop.put_back(first)
    await meet(stick, laptop, phone)
    in_between = laptop.work.device.id
    await phone.photo(b"a photo")
    await meet(stick, phone, laptop)
    assert (await proof_of(phone.work)).proven == 3
    await laptop.put_back(first)
    await meet(stick, laptop, phone)
    assert laptop.work.device.id not in (in_between, *laptop.work.device.former)
    assert [one.id for one in (await proof_of(phone.work)).standings[1:]] == [laptop.work.device.id]


async def test_a_place_that_was_not_visited_for_long_holds_an_old_receipt_of_our_own(
    laptop: Device, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldlog.services.held.read_here.MOST_SENT", 2)
    drawer, name = Stick(), laptop.work.device.id
    await laptop.sync(drawer.target, place="/media/drawer")
    for n in range(5):
        await laptop.note(f"note {n}")
        await laptop.sync(stick.target)
    assert (await laptop.sync(drawer.target, place="/media/drawer")).told == []
    assert laptop.work.device.id == name


async def test_a_clone_that_was_never_written_in_takes_another_name(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await meet(stick, phone, laptop)
    clone = await laptop.cloned(9)
    await phone.note("two")
    await meet(stick, phone, laptop)
    await clone.sync(stick.target)
    await meet(stick, laptop, clone, phone)
    names = {laptop.work.device.id, clone.work.device.id}
    assert len(names) == 2
    others = {one.id for one in (await proof_of(phone.work)).standings[1:]}
    assert others < names, "a copy, or the same put back: nobody can tell, so one counts"
    assert len(others) == 1
    assert (await clone.sync(stick.target)).idle
    assert (await laptop.sync(stick.target)).idle
    await clone.work.close()


async def test_data_that_were_copied_to_another_computer_have_read_nothing(stick: Stick) -> None:
    laptop = await Device.new(2, marks=True)
    await laptop.note("one")
    await laptop.photo(b"a photo")
    await laptop.sync(stick.target)
    assert (await proof_of(laptop.work)).standings[0].n == 2
    clone = await laptop.cloned(9)
    assert (await proof_of(clone.work)).standings[0].n == 2, "its machine keeps no marks"
    other = await laptop.cloned(8, marks=True)
    assert (await proof_of(other.work)).standings[0].n == 0
    for device in (laptop, clone, other):
        await device.work.close()


async def test_a_receipt_that_is_damaged_there_counts_for_nothing_and_is_put_again(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await phone.sync(stick.target)
    name = proof_name(phone.work.device.id)
    data = bytearray(await stick.disk.read(name))
    data[len(data) // 2] ^= 1
    await stick.disk.replace(name, bytes(data))
    await laptop.sync(stick.target)
    assert len((await proof_of(laptop.work)).standings) == 1
    phone.clock.advance(hours=2)
    await phone.sync(stick.target)
    await laptop.sync(stick.target)
    assert len((await proof_of(laptop.work)).standings) == 2


async def test_a_device_that_was_not_heard_of_for_days_is_overdue(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.note("one")
    await meet(stick, phone, laptop)
    phone.clock.advance(days=4)
    assert [cell.state for cell in (await proof_of(phone.work)).standings[1].cells] == ["full"]
    await phone.note("two")
    assert [cell.state for cell in (await proof_of(phone.work)).standings[1].cells] == ["full", "overdue"]


# -- places


async def test_a_place_that_was_read_back_counts_for_one_and_lasts_until_it_is_emptied(
    phone: Device, stick: Stick
) -> None:
    await phone.photo(b"a photo")
    await phone.sync(stick.target, place=PLACE)
    assert await prove(phone.work, stick.target, PLACE) == []
    proof = await proof_of(phone.work)
    (_, place) = proof.standings
    assert (place.kind, place.name, place.n, proof.proven, proof.safe) == (
        "place",
        "cloud.example.org",
        1,
        1,
        False,
    )
    for name in [*await stick.files()]:
        await stick.disk.remove(name)
    with pytest.raises(Exception, match="not there any more"):
        await phone.sync(stick.target, place=PLACE)
    assert (await proof_of(phone.work)).proven == 0


async def test_a_folder_on_the_disk_that_the_data_are_on_is_no_copy_of_its_own(
    laptop: Device, stick: Stick
) -> None:
    await laptop.photo(b"a photo")
    await laptop.sync(stick.target)
    laptop.work.machine = replace(laptop.work.machine, place="/")
    assert await prove(laptop.work, stick.target, "/tmp") == []
    assert len((await proof_of(laptop.work)).standings) == 1
