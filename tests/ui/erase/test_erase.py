"""Erasing for good on the screen: three taps, a proof to be shown, and nothing that brings it back."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft
import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.capture.chips import Chips
from fieldlog.services.copies.only_here import Copy
from fieldlog.services.desk import Desk
from fieldlog.services.erase.elsewhere import Elsewhere
from fieldlog.services.erase.erase import Erased
from fieldlog.ui.erase.proof import proof_of
from fieldlog.ui.words.times import seconds_of
from fieldlog.ui.words.words import Words
from tests.fakes.erased import (
    CHINESE,
    ENGLISH,
    SOUND_SECONDS,
    World,
    left_of,
    photograph,
)
from tests.fakes.headless import Seen, a_window
from tests.fakes.phone import Phone


@pytest.fixture
def desk(phones_desk: Desk) -> Desk:
    return phones_desk


async def erase(seen: Seen, entry: str, reason: str = "asked-to") -> None:
    """From the entry's page in three taps."""
    await seen.go(f"/days/2025-03-16/e/{entry}")
    for name in ("entry-erase", f"erase-{reason}", "erase-do"):
        await seen.tap(name)
    await seen.drawn(0.3)


def entries(desk: Desk) -> set[str]:
    assert desk.work
    return {doc["id"] for doc in desk.work.store.state.entries()}


async def test_a_note_is_erased_in_three_taps_and_the_proof_speaks_both_languages(
    phone: Phone, desk: Desk, world: World
) -> None:
    async with a_window(desk) as seen:
        await erase(seen, world.note)
        said = seen.words()
        assert "Erased at 08:00, as asked. Nothing of it is left on this device." in said
        assert "已按对方要求于 08:00 彻底删除。本机不再留存任何内容。" in said
        assert "no backup and no archive" in said
        await seen.tap("erased-close")
        assert CHINESE not in seen.words()
        assert not seen.crashed
    assert await left_of(phone, ENGLISH, CHINESE) == {}


async def test_without_a_reason_nothing_can_be_done(desk: Desk, world: World) -> None:
    async with a_window(desk) as seen:
        await seen.go(f"/days/2025-03-16/e/{world.note}")
        await seen.tap("entry-erase")
        assert seen.inside("erase-do", ft.Container).on_click is None
        assert world.note in entries(desk)


async def test_a_memo_and_a_photo_go_in_three_taps_too(phone: Phone, desk: Desk, world: World) -> None:
    async with a_window(desk) as seen:
        await erase(seen, world.memo, "by-mistake")
        assert "it was there by mistake" in seen.words()
        await erase(seen, world.photo, "not-agreed")
        assert "it was not agreed to" in seen.words()
    assert entries(desk).isdisjoint({world.memo, world.photo})
    assert await left_of(phone, world.block(1), world.picture[5000:5064]) == {}


async def test_a_part_of_a_memo_is_erased_and_its_times_are_said(phone: Phone, desk: Desk, world: World) -> None:
    async with a_window(desk) as seen:
        await seen.go(f"/days/2025-03-16/e/{world.memo}")
        for name in ("entry-erase", "erase-asked-to", "erase-part"):
            await seen.tap(name)
        await seen.type("erase-from", "soon")
        await seen.tap("erase-do")
        assert "like 1:05 to 1:20" in seen.words()
        await seen.type("erase-from", "0:02")
        await seen.type("erase-to", "00:03")
        await seen.tap("erase-do")
        await seen.drawn(0.3)
        assert "From 0:02 to 0:03 there is silence" in seen.words()
    assert world.memo in entries(desk)
    assert await left_of(phone, world.block(2.5)) == {}
    assert await left_of(phone, world.block(SOUND_SECONDS - 1)) != {}


async def test_of_several_photos_one_is_chosen(phone: Phone, desk: Desk, world: World) -> None:
    assert desk.work
    state, more = desk.work.store.state, photograph(3)
    other = await add_photo(desk, more)
    both = [*(state.get(world.photo) or {})["attachments"], *(state.get(other) or {})["attachments"]]
    base = [desk.work.change("add", "entry", world.photo, {"attachments": both[1:]})]
    await desk.work.save(base)
    async with a_window(desk) as seen:
        await seen.go(f"/days/2025-03-16/e/{world.photo}")
        for name in ("entry-erase", "erase-not-agreed", "erase-photo-2", "erase-do"):
            await seen.tap(name)
        await seen.drawn(0.3)
        assert "it was not agreed to" in seen.words()
    assert world.photo in entries(desk)
    assert await left_of(phone, more[5000:5064]) == {}
    assert await left_of(phone, world.picture[5000:5064]) != {}


async def add_photo(desk: Desk, data: bytes) -> str:
    from fieldlog.services.machine.sources import Bytes

    assert desk.capture
    entry, _ = await desk.capture.file(Bytes(name="b.jpg", data=data), Chips())
    assert entry
    return entry.id


async def test_what_could_be_taken_back_cannot_any_more_in_any_window(desk: Desk, world: World) -> None:
    async with a_window(desk) as one, a_window(desk, width=1280, height=800) as other:
        await other.go(f"/days/2025-03-16/e/{world.sent}")
        await other.tap("entry-remove")
        assert "undo" in other.tags()
        one.window.offer_undo(CHINESE, lambda: one.journeys.entry.bring_back(world.note, ""))
        await erase(one, world.note)
        await other.drawn()
        assert "undo" not in other.tags()
        await one.tap("erased-close")
        assert CHINESE not in one.words()
        await one.window.undo()
    assert world.note not in entries(desk)


async def test_the_sheet_is_of_the_entry_it_was_opened_for(desk: Desk, world: World) -> None:
    async with a_window(desk) as seen:
        await seen.go(f"/days/2025-03-16/e/{world.memo}")
        await seen.tap("entry-erase")
        await seen.tap("erase-by-mistake")
        await seen.tap("erase-part")
        await seen.tap("sheet-close")
        await seen.go(f"/days/2025-03-16/e/{world.note}")
        await seen.tap("entry-erase")
        assert "erase-part" not in seen.tags()
        assert seen.inside("erase-do", ft.Container).on_click is None


ERASED = Erased(
    at=datetime(2025, 3, 16, 6, 5, tzinfo=UTC), reason="asked-to", days=("2025-03-16",), kinds=("voice",),
    files=3, bytes=4_200_000, oldest=datetime(2025, 3, 16, tzinfo=UTC), private=False,
)  # fmt: skip


def test_copies_and_an_archive_that_hold_it_are_said_in_both_languages() -> None:
    copy = Copy(at=datetime(2025, 3, 16, 4, tzinfo=UTC), path="/home/r1/a.zip", lines=1, bytes=1, team_only=True)
    found = Elsewhere(copies=(copy,), archives=("/home/r1/archive",))
    proof = proof_of(ERASED, found, "Asia/Shanghai", Words("zh"))
    assert proof.said[0].startswith("已按对方要求于 14:05")
    assert proof.said[1].startswith("Erased at 14:05, as asked.")
    assert "备份" in proof.beyond[0]
    assert "The archive holds it until it is written again." in proof.beyond[1]
    assert proof.places == ("a.zip · 3月16日 周日",)
    assert (proof.archive, proof.counted) == ("/home/r1/archive", "3 个文件，4 MB")


def test_several_archives_that_hold_it_are_counted_and_each_is_named() -> None:
    proof = proof_of(ERASED, Elsewhere(archives=("/a", "/b")), "Asia/Shanghai", Words("zh"))
    assert proof.beyond == (
        "2 份档案里仍有它，重新写入后即消失。",
        "2 archives hold it until they are written again.",
    )
    assert proof.archive == "/a\n/b"


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("1:05", 65), ("01:05.5", 65.5), ("65", 65), ("1:02:08", 3728), (" 0：07 ", 7), ("0:07,5", 7.5)],
)
def test_a_time_is_read_as_people_write_it(typed: str, seconds: float) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize("typed", ["", "soon", "1:", ":5", "1:2:3:4", "-1"])
def test_what_is_no_time_is_said(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="1:05"):
        seconds_of(typed)
