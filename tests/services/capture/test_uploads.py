"""Files a browser brings: one for each ticket, told to whoever waits, whatever becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest

from fieldlog.model.errors import NotFound
from fieldlog.model.ports import Source
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.uploads import Arrivals
from fieldlog.services.study.workspace import Workspace
from tests.fakes.made import photo


def arrivals() -> Arrivals:
    numbers = count()
    return Arrivals(lambda: f"ticket-{next(numbers)}")


async def pieces(data: bytes, breaks_off: bool = False) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 1000):
        yield data[at : at + 1000]
        if breaks_off:
            raise OSError("the browser went away")


async def test_a_file_that_comes_in_is_an_entry_and_its_ticket_is_used_up(work: Workspace) -> None:
    coming = arrivals()
    expected = coming.expect("IMG_1.jpg", Capture(work).file)
    await coming.arrive(expected.ticket, pieces(photo()))
    entry, _ = await expected.done
    assert entry is not None
    assert entry.kind == "photo"
    with pytest.raises(NotFound):
        await coming.arrive(expected.ticket, pieces(photo()))


async def test_a_browser_that_goes_away_leaves_nothing_behind(work: Workspace) -> None:
    coming = arrivals()
    expected = coming.expect("IMG_1.jpg", Capture(work).file)
    await coming.arrive(expected.ticket, pieces(photo(), breaks_off=True))
    with pytest.raises(OSError, match="went away"):
        await expected.done
    assert list(work.store.state.entries()) == []
    assert await work.vault.all() == []
    assert await work.store.disk.list("media/incoming") == []


async def test_a_file_nobody_waits_for_is_refused() -> None:
    coming = arrivals()

    async def take(_: Source) -> str:
        raise AssertionError

    expected = coming.expect("late.jpg", take)
    coming.forget(expected)
    for ticket in (expected.ticket, "guessed"):
        with pytest.raises(NotFound):
            await coming.arrive(ticket, pieces(b"x"))
