"""Room is made on a phone: an original goes only where two others that keep everything have read it back."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from fieldlog.media.derived import derived_path
from fieldlog.model.errors import Cancelled
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.copies.bundle import made_words, make_bundle
from fieldlog.services.held.freed import fetch_again, freed_here, freed_words
from fieldlog.services.sync.proof.holders import Holder, on_two
from fieldlog.services.sync.proof.proven import proof_of
from fieldlog.services.sync.proof.space import can_free, free_space
from fieldlog.services.sync.readback import prove
from tests.fakes.clock import FakeClock
from tests.fakes.exchange import Device, Stick

CLOUD = "webdavs://ana@cloud.example.org/dav"
PHOTO = b"a photo"
SHA = hashlib.sha256(PHOTO).hexdigest()


async def meet(stick: Stick, *devices: Device) -> None:
    for device in (*devices, *devices):
        await device.sync(stick.target)


async def test_with_two_laptops_the_phone_lets_go_and_asks_first(
    phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    entry = await phone.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    agreed = await can_free(phone.work)
    assert (agreed.originals, agreed.bytes, agreed.on, agreed.kept) == ((SHA,), 7, ("laptop",), 0)
    assert await phone.originals() == {SHA: True}, "asking changes nothing"
    assert (await proof_of(phone.work)).sentence == "1 of 1 proven on 2 devices: safe to free space."
    told = list[tuple[int, int]]()
    freed = await free_space(phone.work, agreed, tell=lambda *at: told.append(at))
    assert (freed.count, freed.bytes, freed.kept, told) == (1, 7, 0, [(7, 7)])
    assert await phone.originals() == {}
    assert await freed_words(phone.work, entry.id) == (
        "The original was let go here to make room. It lies on the laptop."
    )


async def test_one_laptop_is_not_enough(phone: Device, laptop: Device, stick: Stick) -> None:
    await phone.photo(PHOTO)
    await meet(stick, phone, laptop)
    proof = await proof_of(phone.work)
    assert (proof.proven, proof.safe) == (1, False)
    found = await can_free(phone.work)
    assert (found.originals, found.kept) == ((), 1)
    assert found.why == ("1 file stays: fewer than two others that keep everything have read it back this week.",)


async def test_a_laptop_and_a_place_that_it_read_back_are_enough(
    phone: Device, laptop: Device, stick: Stick
) -> None:
    await phone.photo(PHOTO)
    await meet(stick, phone, laptop)
    await laptop.sync(stick.target, place=CLOUD)
    assert await prove(laptop.work, stick.target, CLOUD) == []
    await phone.sync(stick.target)
    assert (await can_free(phone.work)).on == ("laptop", "cloud.example.org")
    assert (await proof_of(phone.work)).safe
    assert (await proof_of(laptop.work)).safe, "the laptop says the same of the phone"


async def test_two_phones_are_no_ground_to_let_go(stick: Stick) -> None:
    phones = [await Device.new(n, keeps=False) for n in (1, 2, 3)]
    await phones[0].photo(PHOTO)
    await meet(stick, *phones)
    for phone in phones:
        assert (await proof_of(phone.work)).proven == 1
        assert (await can_free(phone.work)).originals == ()
        await phone.work.close()


async def test_a_laptop_keeps_everything(phone: Device, laptop: Device, desk: Device, stick: Stick) -> None:
    await laptop.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    found = await can_free(laptop.work)
    assert (found.originals, found.why) == (
        (), ("A laptop keeps every original: other devices rely on it. Room is made on the phone.",)
    )  # fmt: skip


async def test_what_was_read_back_long_ago_lets_nothing_go(
    phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    await phone.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    phone.clock.advance(days=8)
    assert (await can_free(phone.work)).originals == ()
    for device in (laptop, desk):
        device.clock.advance(days=8)
        await device.note("they are here")
    await meet(stick, phone, laptop, desk)
    assert (await can_free(phone.work)).originals == (), "its bytes were not read again"
    for device in (laptop, desk):
        await verify_store(device.work)
    await meet(stick, phone, laptop, desk)
    assert (await can_free(phone.work)).originals == (SHA,)


async def test_what_was_proven_when_a_person_agreed_and_is_not_now_stays(
    phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    await phone.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    agreed = await can_free(phone.work)
    (stored,) = await desk.work.vault.all()
    await desk.disk.replace(stored.path, b"A photo")
    await verify_store(desk.work)
    await meet(stick, desk, phone)
    freed = await free_space(phone.work, agreed)
    assert (freed.count, freed.kept) == (0, 1)
    assert await phone.originals() == {SHA: True}


async def test_nothing_goes_to_which_nobody_agreed(
    phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    await phone.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    agreed = await can_free(phone.work)
    await phone.photo(b"another")
    await meet(stick, phone, laptop, desk)
    assert len((await can_free(phone.work)).originals) == 2
    assert (await free_space(phone.work, agreed)).count == 1
    assert await phone.originals() == {hashlib.sha256(b"another").hexdigest(): True}


async def test_a_device_that_was_not_heard_of_for_long_lets_nothing_go_whatever_its_clock_says(
    phone: Device, stick: Stick
) -> None:
    ahead = [await Device.new(n, timedelta(days=9)) for n in (2, 3)]
    await phone.photo(PHOTO)
    await meet(stick, phone, *ahead)
    assert (await can_free(phone.work)).originals == (), "nine days from now it was not read"
    phone.clock.advance(days=9)
    assert (await can_free(phone.work)).originals == ()
    for device in ahead:
        await device.work.close()


def test_places_count_for_one_in_all() -> None:
    def holder(kind: Literal["device", "place"]) -> Holder:
        return Holder(
            id=kind, kind=kind, form="", name="", own=False, keeps=True, at=None, heard=FakeClock().wall,
            heads=frozenset(), originals={},
        )  # fmt: skip

    device, place = holder("device"), holder("place")
    assert on_two([device, device])
    assert on_two([device, place])
    assert not on_two([device])
    assert not on_two([place, place])


async def test_stopped_what_is_left_is_whole(phone: Device, laptop: Device, desk: Device, stick: Stick) -> None:
    await phone.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    with pytest.raises(Cancelled):
        await free_space(phone.work, await can_free(phone.work), cancelled=lambda: True)
    assert await phone.originals() == {SHA: True}


async def test_small_pictures_and_waveforms_stay_and_a_photo_without_one_does(
    phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(40) + b"\xff\xd9"
    await phone.photo(jpeg)
    await meet(stick, phone, laptop, desk)
    found = await can_free(phone.work)
    assert (found.originals, found.kept) == ((), 1)
    assert found.why == ("1 photo stays: it has no small picture yet. Look at it once.",)
    sha256 = hashlib.sha256(jpeg).hexdigest()
    for name in ("thumb.jpg", "peaks.bin", "repaired.wav"):
        await phone.disk.replace(derived_path(phone.work.vault, sha256, name), b"small")
    assert (await free_space(phone.work, await can_free(phone.work))).count == 1
    assert {one.name for one in await phone.disk.list(phone.work.vault.derived_folder(sha256))} == {
        "thumb.jpg", "peaks.bin"
    }  # fmt: skip


# -- what was let go


@pytest.fixture
async def freed(phone: Device, laptop: Device, desk: Device, stick: Stick) -> str:
    """The entry whose photo the phone let go."""
    entry = await phone.photo(PHOTO)
    await meet(stick, phone, laptop, desk)
    await free_space(phone.work, await can_free(phone.work))
    return entry.id


async def test_what_was_let_go_does_not_come_back_by_itself_and_is_not_called_lost(
    freed: str, phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    await meet(stick, phone, laptop, desk)
    done = await phone.sync(stick.target, whole=True)
    assert (await phone.originals(), done.waiting, done.problems) == ({}, 0, [])
    assert await verify_store(phone.work) == []
    assert await laptop.originals() == await desk.originals() == {SHA: True}
    proof = await proof_of(laptop.work)
    assert (proof.proven, sorted(one.n for one in proof.standings)) == (1, [0, 1, 1])
    await phone.sync(stick.target)
    assert (await phone.sync(stick.target)).idle


async def test_a_person_has_it_fetched_again(freed: str, phone: Device, stick: Stick) -> None:
    assert await fetch_again(phone.work, freed) == 1
    assert await freed_words(phone.work, freed) == (
        "The original was let go here. It is fetched with the next exchange."
    )
    assert (await phone.sync(stick.target)).media_in == 1
    assert await phone.originals() == {SHA: True}
    assert await freed_words(phone.work, freed) is None
    assert (await phone.sync(stick.target)).idle


async def test_where_it_is_forgotten_what_was_let_go_it_is_fetched_again(
    freed: str, phone: Device, stick: Stick
) -> None:
    await phone.disk.remove("freed.json")
    assert (await phone.sync(stick.target, whole=True)).media_in == 1
    assert await phone.originals() == {SHA: True}


async def test_a_bundle_says_what_is_not_in_it(freed: str, phone: Device, tmp_path: Path) -> None:
    made = await make_bundle(phone.work, tmp_path / "month.zip")
    assert not made.whole
    (words,) = made_words(phone.work.store.state, made)
    assert words.startswith("The file a.bin was let go here, so it is not in it; others have it.")


async def test_it_is_erased_everywhere_all_the_same(
    freed: str, phone: Device, laptop: Device, desk: Device, stick: Stick
) -> None:
    await laptop.erase(freed)
    await meet(stick, laptop, phone, desk)
    assert await phone.originals() == await laptop.originals() == await desk.originals() == {}
    assert [name for name in await stick.files() if name.startswith("media/")] == []
    assert (await freed_here(phone.work)).originals == {}
