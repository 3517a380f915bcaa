"""What is worked out from originals can be thrown away and made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.media.derived import derived_path, made_of, make_for, read_derived
from fieldlog.media.intake import take_in
from fieldlog.media.photo.eye import Eye
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.vault import Vault
from fieldlog.media.verdict import examine
from fieldlog.model.errors import MissingFile
from tests.fakes.made import Bytes, photo, riff, tone

T = TypeVar("T")
EYE = find_eye()


def seeing() -> Eye:
    assert EYE is not None
    return EYE


async def test_a_photo_gets_a_thumb_and_a_preview_and_they_can_be_made_again() -> None:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes("a.jpg", photo(size=(2400, 1800))), eye=seeing())
    assert taken.kept is not None
    sha256 = taken.kept.sha256
    assert taken.derived == ("thumb.jpg", "preview.jpg")
    thumb = await read_derived(vault, sha256, "thumb.jpg")
    await vault.disk.remove(derived_path(vault, sha256, "thumb.jpg"))
    assert await made_of(vault, sha256) == {"preview.jpg"}
    assert await make_for(vault, sha256, taken.examined, eye=seeing()) == ("thumb.jpg", "preview.jpg")
    assert await read_derived(vault, sha256, "thumb.jpg") == thumb
    assert await vault.verify(sha256) is None


async def test_where_there_is_no_eye_a_photo_has_no_preview_until_there_is_one() -> None:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes("a.jpg", photo()))
    assert taken.kept is not None
    assert taken.derived == ()
    with pytest.raises(MissingFile):
        await read_derived(vault, taken.kept.sha256, "thumb.jpg")
    assert await make_for(vault, taken.kept.sha256, taken.examined, eye=seeing()) == ("thumb.jpg", "preview.jpg")


async def test_decoding_goes_where_it_is_told_to_go() -> None:
    asked = []

    async def offload(work: Callable[..., T], /, *frozen: object) -> T:
        asked.append(work)
        return work(*frozen)

    await take_in(Vault(MemoryDisk()), Bytes("a.jpg", photo()), eye=seeing(), offload=offload)
    examining, decoding, deriving = asked
    assert examining.func is examine  # type: ignore[attr-defined]
    assert (decoding, deriving) == (seeing().fault_of, seeing().previews)


async def test_a_photo_can_be_kept_now_and_made_small_later() -> None:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes("a.jpg", photo()), eye=seeing(), derive=False)
    assert taken.kept is not None
    assert (taken.examined.verdict, taken.derived) == ("ok", ())
    assert await made_of(vault, taken.kept.sha256) == frozenset()
    assert await make_for(vault, taken.kept.sha256, taken.examined, eye=seeing()) == ("thumb.jpg", "preview.jpg")


async def test_a_good_recording_gets_its_waveform_and_nothing_else() -> None:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes("a.wav", riff(tone(16_000))))
    assert taken.kept is not None
    assert taken.derived == ("peaks.bin",)
    assert len(await read_derived(vault, taken.kept.sha256, "peaks.bin")) == 10


async def test_a_second_taking_in_changes_nothing() -> None:
    vault, data = Vault(MemoryDisk()), photo()
    first = await take_in(vault, Bytes("a.jpg", data), eye=seeing())
    before = {entry.path: await vault.disk.read(entry.path) for entry in await vault.all()}
    second = await take_in(vault, Bytes("a.jpg", data), eye=seeing())
    assert (first.examined.verdict, second.examined.verdict) == ("ok", "duplicate")
    assert second.derived == first.derived
    assert {entry.path: await vault.disk.read(entry.path) for entry in await vault.all()} == before


async def test_erasing_takes_what_was_derived_along() -> None:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes("a.jpg", photo()), eye=seeing())
    assert taken.kept is not None
    await vault.erase(taken.kept.sha256)
    assert await made_of(vault, taken.kept.sha256) == frozenset()


async def test_a_photo_that_is_erased_while_it_is_made_small_leaves_nothing() -> None:
    vault = Vault(MemoryDisk())
    taken = await take_in(vault, Bytes("a.jpg", photo()), eye=seeing(), derive=False)
    assert taken.kept is not None
    sha256 = taken.kept.sha256

    async def erased_meanwhile(work: Callable[..., T], /, *frozen: object) -> T:
        await vault.erase(sha256)
        return work(*frozen)

    with pytest.raises(MissingFile):
        await make_for(vault, sha256, taken.examined, eye=seeing(), offload=erased_meanwhile)
    assert await made_of(vault, sha256) == frozenset()
