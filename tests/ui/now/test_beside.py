"""Who is here, and the scene with its takes, beside the stream on a laptop."""

from __future__ import annotations

import pytest

from fieldlog.services.desk import Desk
from fieldlog.services.register import people
from fieldlog.services.study.workspace import Workspace
from tests.fakes.headless import a_window

LAPTOP = {"width": 1280, "height": 800}


async def test_who_is_here_stands_beside_the_stream_with_what_they_agreed_to(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An", answer="by-word")
    async with a_window(desk, **LAPTOP) as seen:
        assert "Nobody named yet." in seen.words()
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        await seen.tap("beside-more")
        await seen.tap("here-add-P01")
        seen.window.close_sheet()
        await seen.drawn()
        assert seen.tags()["beside-P01"].label == "P01 An. notes: yes, sound: to ask, photos: to ask"


async def test_the_next_take_is_one_tap_and_the_takes_stand_below_it(desk: Desk, work: Workspace) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        assert "pad-scene" not in seen.tags()
        seen.journeys.take.scene("34-2")
        await seen.drawn()
        assert "No take yet." in seen.words()
        await seen.tap("pad-take-NG")
        await seen.tap("pad-take-OK")
        assert [take["result"] for take in seen.journeys.take.slate.takes("34-2")] == ["NG", "OK"]
        assert "take 2" in seen.words()


@pytest.mark.parametrize(("width", "scale"), [(412, 1.0), (1100, 1.0), (1280, 2.0)])
async def test_where_there_is_no_room_the_stream_has_it(desk: Desk, width: int, scale: float) -> None:
    async with a_window(desk, width=width) as seen:
        seen.window.shell.scale = scale
        seen.journeys.take.scene("34-2")
        await seen.drawn()
        assert "pad-scene" not in seen.tags()
        assert "now-field" in seen.tags()
