"""What is typed is on the disk within a quarter of a second, and no kill takes it away."""

from __future__ import annotations

import asyncio

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import DiskFull
from fieldlog.services.capture.chips import Chips
from fieldlog.services.capture.open_text import writing
from fieldlog.services.capture.open_text.writing import KEEP_SECONDS
from fieldlog.services.desk import Desk
from tests.fakes.clock import FakeClock
from tests.fakes.phone import PLAIN, Phone, texts

A_PAUSE = 0.1


async def a_quarter_of_a_second() -> None:
    await asyncio.sleep(KEEP_SECONDS + A_PAUSE)


async def test_what_is_typed_is_on_the_disk_within_a_quarter_of_a_second(phone: Phone, desk: Desk) -> None:
    desk.typed("Fang’s board: 15 sched", PLAIN)
    assert (desk.text, desk.kept) == ("Fang’s board: 15 sched", None)
    await a_quarter_of_a_second()
    assert desk.kept is not None
    assert "Fang’s board: 15 sched".encode() in everything(phone.disk.crash())


async def test_typing_without_a_pause_does_not_put_off_the_keeping(phone: Phone, desk: Desk) -> None:
    for n in range(1, 20):
        desk.typed("灯" * n, PLAIN)
        await asyncio.sleep(0.02)
    assert ("灯" * 5).encode() in everything(phone.disk.crash())


def everything(disk: MemoryDisk) -> bytes:
    return b"".join(bytes(file.present) for file in disk._medium.files.values())


async def test_a_text_that_was_never_sent_is_an_entry_after_the_app_was_killed_and_only_once(
    phone: Phone, desk: Desk, clock: FakeClock
) -> None:
    began = clock.wall
    desk.typed("15 scheduled, 8 d", Chips(note_type="TN"))
    await a_quarter_of_a_second()
    clock.advance(minutes=30)
    for turn in range(3):
        desk = await phone.killed(desk)
        assert texts(desk) == ["15 scheduled, 8 d"]
        assert desk.text == ""
        assert (desk.found is not None) == (turn == 0)
        if desk.found:
            assert (desk.found.when, desk.found.note_type) == (began, "TN")
    await desk.close()


async def test_send_closes_the_text_and_the_next_one_begins(phone: Phone, desk: Desk) -> None:
    desk.typed("first", PLAIN)
    entry = await desk.send()
    assert entry is not None
    assert (entry.text, desk.text, desk.kept) == ("first", "", None)
    assert entry.id.encode() in everything(phone.disk.crash())
    assert await desk.send() is None
    desk.typed("second", PLAIN)
    await desk.send()
    assert sorted(texts(desk)) == ["first", "second"]


async def test_a_text_that_was_sent_is_not_there_a_second_time_after_a_kill(phone: Phone, desk: Desk) -> None:
    desk.typed("once", PLAIN)
    await a_quarter_of_a_second()
    await desk.send()
    desk = await phone.killed(desk)
    assert texts(desk) == ["once"]
    assert desk.found is None
    await desk.close()


async def test_a_text_taken_away_is_no_entry(phone: Phone, desk: Desk) -> None:
    desk.typed("no", PLAIN)
    await a_quarter_of_a_second()
    desk.typed("", PLAIN)
    await a_quarter_of_a_second()
    assert desk.kept is None
    desk = await phone.killed(desk)
    assert texts(desk) == []
    await desk.close()


async def test_a_text_left_alone_for_two_minutes_is_closed(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert writing.AWAY_SECONDS == 120
    monkeypatch.setattr(writing, "AWAY_SECONDS", 0.05)
    desk.typed("left alone", PLAIN)
    await asyncio.sleep(0.15)
    assert texts(desk) == ["left alone"]
    assert desk.text == ""


async def test_as_long_as_one_types_the_text_stays_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AWAY_SECONDS", 0.2)
    for n in range(1, 9):
        desk.typed("字" * n, PLAIN)
        await asyncio.sleep(0.05)
    assert texts(desk) == []
    await asyncio.sleep(0.3)
    assert texts(desk) == ["字" * 8]


async def test_on_a_full_disk_the_reason_is_told_and_the_text_stays_open(phone: Phone, desk: Desk) -> None:
    desk.typed("before", PLAIN)
    await a_quarter_of_a_second()
    told: list[str] = []
    desk.told.append(lambda: told.append(desk.trouble))
    phone.disk.capacity = 0
    desk.typed("before and after " * 99, PLAIN)
    await a_quarter_of_a_second()
    assert desk.trouble == str(DiskFull())
    assert str(DiskFull()) in told
    assert desk.text.startswith("before and after")
    with pytest.raises(DiskFull):
        await desk.send()
    assert desk.text.startswith("before and after")
    phone.disk.capacity = None
    desk.typed("before and after " * 99 + ".", PLAIN)
    await a_quarter_of_a_second()
    assert desk.trouble == ""
    await desk.send()
    assert texts(desk) == ["before and after " * 99 + "."]


async def test_a_text_that_could_not_be_kept_is_tried_again_without_another_key(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AGAIN_SECONDS", 0.05)
    phone.disk.capacity = 0
    desk.typed("the last words before the tea break", PLAIN)
    await a_quarter_of_a_second()
    assert desk.trouble
    phone.disk.capacity = None
    await a_quarter_of_a_second()
    assert desk.trouble == ""
    desk = await phone.killed(desk)
    assert texts(desk) == ["the last words before the tea break"]
    await desk.close()


async def test_a_chip_that_fits_nothing_is_told_where_it_was_sent_in_the_background(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AWAY_SECONDS", 0.05)
    desk.typed("kept", Chips(session="nowhere"))
    await asyncio.sleep(0.15)
    assert "nowhere" in desk.trouble
    assert desk.text == "kept"
    desk.typed("kept", PLAIN)
