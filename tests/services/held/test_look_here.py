"""This device reads its own disk back: each thing once, and everything again where it can't rely on that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fieldlog.model.errors import Cancelled
from fieldlog.services.archive.verify import verify_store
from fieldlog.services.held.look_here import look_here, no_longer, take_down
from fieldlog.services.held.read_here import READ_BACK, change_read_here, read_here
from fieldlog.store import journal as journals
from fieldlog.sync.receipt import stretches_of
from tests.fakes.exchange import Device


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    found = await Device.new(1, marks=True)
    yield found
    await found.work.close()


@pytest.fixture
def opened(device: Device, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths below journals and media that were read."""
    paths, read, open_read = list[str](), device.disk.read, device.disk.open_read

    async def reading(path: str) -> bytes:
        paths.append(path)
        return await read(path)

    async def opening(path: str):  # type: ignore[no-untyped-def]
        paths.append(path)
        return await open_read(path)

    monkeypatch.setattr(device.disk, "read", reading)
    monkeypatch.setattr(device.disk, "open_read", opening)
    return paths


def of(paths: list[str], folder: str) -> list[str]:
    found = [path for path in paths if path.startswith(folder)]
    paths.clear()
    return found


async def test_what_was_read_back_is_not_read_again(device: Device, opened: list[str]) -> None:
    await device.note("one")
    await device.photo(b"a photo")
    first = await look_here(device.work)
    assert (len(first.originals), [one.last for one in first.own().stretches]) == (1, [3])
    opened.clear()
    assert await look_here(device.work) == first
    assert [path for path in opened if path.startswith(("journals", "media"))] == []
    await device.note("two")
    second = await look_here(device.work)
    assert [(one.first, one.last) for one in second.own().stretches] == [(1, 4)]
    assert of(opened, "media") == []


async def test_a_journal_that_was_rewritten_is_read_from_its_beginning(device: Device) -> None:
    await device.note("before")
    gone = await device.note("gone")
    await device.note("after")
    await look_here(device.work)
    await device.erase(gone)
    await device.note("more")
    found = (await look_here(device.work)).own().stretches
    assert [(one.first, one.last) for one in found] == [(1, 2), (4, 6)]


async def test_a_journal_of_several_files_is_read_on_in_the_last(
    device: Device, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 600)
    monkeypatch.setattr("fieldlog.store.appending.SEGMENT_BYTES", 600, raising=False)
    for n in range(8):
        await device.note(f"note {n}")
    await look_here(device.work)
    await device.note("one more")
    await look_here(device.work)
    (one,) = (await read_here(device.work)).own().stretches
    assert (one.first, one.last) == (1, 10)


@pytest.mark.parametrize("left", [b"", b"a phot"])
async def test_an_original_that_is_gone_or_shorter_counts_no_more(device: Device, left: bytes) -> None:
    await device.photo(b"a photo")
    await look_here(device.work)
    (stored,) = await device.work.vault.all()
    await device.disk.remove(stored.path)
    if left:
        await device.disk.replace(stored.path, left)
    assert (await look_here(device.work)).originals == {}


async def test_one_that_was_found_damaged_is_read_again_before_it_counts(device: Device) -> None:
    await device.photo(b"a photo")
    (sha256,) = (await look_here(device.work)).originals
    await no_longer(device.work, [sha256])
    assert (await read_here(device.work)).originals == {}
    assert (await look_here(device.work)).originals.keys() == {sha256}


async def test_what_its_sender_has_hashed_is_not_read_twice(device: Device, opened: list[str]) -> None:
    await device.photo(b"a photo")
    (stored,) = await device.work.vault.all()
    opened.clear()
    found = await look_here(device.work, hashed={stored.sha256: stored.bytes})
    assert found.originals.keys() == {stored.sha256}
    assert of(opened, "media") == []


async def test_stopped_it_goes_on_where_it_was(device: Device) -> None:
    await device.photo(b"a photo")
    with pytest.raises(Cancelled):
        await look_here(device.work, cancelled=lambda: True)
    assert (await read_here(device.work)).originals == {}
    assert len((await look_here(device.work)).originals) == 1


async def test_checking_the_store_reads_everything_back(device: Device) -> None:
    await device.photo(b"a photo")
    assert await verify_store(device.work) == []
    looked = await read_here(device.work)
    assert (len(looked.originals), len(looked.own().stretches)) == (1, 1)
    device.clock.advance(days=3)
    await verify_store(device.work)
    assert {on for _, on in (await read_here(device.work)).originals.values()} == {"2025-03-19"}


# -- whose it is


async def test_another_device_has_read_nothing(device: Device) -> None:
    await device.photo(b"a photo")
    await look_here(device.work)
    await device.work.device.renew(device.work.store.project)
    assert (await read_here(device.work)).originals == {}


async def test_what_was_read_is_bound_to_the_computer(device: Device) -> None:
    await device.photo(b"a photo")
    await look_here(device.work)
    before = await device.disk.read(READ_BACK.path)
    await device.note("more")
    await look_here(device.work)
    await device.disk.replace(READ_BACK.path, before)
    assert (await read_here(device.work)).originals == {}, "it was put back"


async def test_where_the_computer_keeps_no_marks_it_counts_all_the_same(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(work: object, here: object) -> bool:
        return False

    monkeypatch.setattr("fieldlog.services.held.read_here._keep_mark", refused)
    await device.photo(b"a photo")
    await look_here(device.work)
    assert len((await read_here(device.work)).originals) == 1


@pytest.mark.parametrize("data", [b"", b"{torn", b"[]", b'{"version":1}', b'{"device":7,"nonce":"x"}'])
async def test_what_cannot_be_read_was_never_said(device: Device, data: bytes) -> None:
    await device.photo(b"a photo")
    await look_here(device.work)
    await device.disk.replace(READ_BACK.path, data)
    assert (await read_here(device.work)).originals == {}
    assert len((await look_here(device.work)).originals) == 1


async def test_nothing_is_written_where_nothing_changes(device: Device) -> None:
    await device.photo(b"a photo")
    await look_here(device.work)
    before = await device.disk.read(READ_BACK.path)
    await change_read_here(device.work, lambda here: None)
    await look_here(device.work)
    assert await device.disk.read(READ_BACK.path) == before


async def test_a_journal_read_by_a_glance_makes_the_stretches_that_its_lines_make(device: Device) -> None:
    gone = await device.note("gone")
    for n in range(6):
        await device.note(f"note {n}")
    await device.erase(gone)
    await device.note("after")
    store = device.work.store
    (name,) = [one for one in store.ends if store.ends[one].n > 6]
    found = await journals.read(device.disk, name, store.project)
    assert [line.form for line in found.lines].count("erased") == 1
    whole = await device.disk.read(journals.path(name, 1))
    damaged = whole.replace(b"note 3", b"note x")
    for data, parts in ((whole, 2), (damaged, 3)):
        await take_down(device.work, {name: [(1, data)]}, {})
        kept = (await read_here(device.work)).journals[name].stretches
        lines = [line for line in found.lines if line.raw in data]
        assert list(kept) == stretches_of(name, lines)
        assert len(kept) == parts
