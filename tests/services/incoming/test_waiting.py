"""A file that a browser brought waits until a word is said, and no longer than to the next start."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fieldlog.model.errors import Cancelled, NotUnderstood, StoreBusy
from fieldlog.services.desk import Desk
from fieldlog.services.erase.erase import Erasing
from fieldlog.services.incoming.waiting import keep_waiting, let_go
from fieldlog.services.machine.sources import Bytes
from tests.fakes.made import BreaksOff
from tests.fakes.phone import Phone


@pytest.fixture
async def desk(phone: Phone) -> AsyncIterator[Desk]:
    opened = await phone.begun()
    yield opened
    await opened.close()


async def kept(phone: Phone) -> int:
    return len(await phone.disk.list("arrived"))


async def test_it_is_there_as_it_came_until_it_is_let_go(phone: Phone) -> None:
    waiting = await keep_waiting(phone.machine, Bytes(name="竖屏.zip", data=b"abc" * 1000))
    assert waiting.name == "竖屏.zip"
    assert b"".join([piece async for piece in waiting.chunks()]) == b"abc" * 1000
    with await waiting.opened() as file:
        file.seek(2997)
        assert file.read() == b"abc"
    assert await kept(phone) == 1
    await let_go(waiting)
    assert await kept(phone) == 0


async def test_of_one_that_breaks_off_or_is_stopped_nothing_is_left(phone: Phone) -> None:
    with pytest.raises(NotUnderstood, match="did not arrive"):
        await keep_waiting(phone.machine, BreaksOff("half.zip", b"x" * 5000))
    with pytest.raises(Cancelled):
        await keep_waiting(phone.machine, Bytes(name="a.zip", data=b"x"), lambda: True)
    assert await kept(phone) == 0


async def test_the_next_start_and_an_erasing_let_go_of_it(phone: Phone, desk: Desk) -> None:
    assert desk.work
    assert desk.capture
    entry = await desk.capture.note("车上说的那些别用了")
    await keep_waiting(phone.machine, Bytes(name="theirs.zip", data=b"x"))
    await Erasing(desk.work).erase([entry.id], reason="asked-to")
    assert await kept(phone) == 0
    await keep_waiting(phone.machine, Bytes(name="theirs.zip", data=b"x"))
    await desk.close()
    again = await Desk.open(phone.machine)
    assert await kept(phone) == 0
    await again.close()


async def test_a_second_start_that_finds_the_study_open_leaves_what_waits_there(phone: Phone, desk: Desk) -> None:
    await keep_waiting(phone.machine, Bytes(name="theirs.zip", data=b"x"))
    with pytest.raises(StoreBusy):
        await Desk.open(phone.machine)
    assert await kept(phone) == 1
