"""The spine of the day, left of the stream on a laptop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import flet as ft
import flet.canvas as cv
import pytest
from flet.messaging.protocol import InvokeMethodRequestBody

from fieldlog.model.records import StoredDay
from fieldlog.services.desk import Desk
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.now.spine.views import SpineView
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.ui.day.test_day import in_plan, session

LAPTOP: dict[str, Any] = {"width": 1280, "height": 800}
TODAY = "2025-03-16"


def placed(seen: Seen, name: str) -> ft.Container:
    """The box in which a block stands."""
    tag = seen.tags()[name]
    return next(one for one in seen.controls() if isinstance(one, ft.Container) and one.content is tag)


def blocks(seen: Seen) -> list[str]:
    return [name for name in seen.tags() if name.startswith(("session-", "plan-now-"))]


def top(box: ft.Container) -> float:
    assert isinstance(box.top, int | float)
    return box.top


def high(box: ft.Container) -> float:
    assert isinstance(box.height, int | float)
    return box.height


def counted(found: list[str], read: Callable[..., SpineView], *given: Any) -> SpineView:
    found.append("read")
    return read(*given)


def marks(seen: Seen) -> list[ft.Container]:
    """Where it is now: the one canvas with a line and a triangle."""
    boxes = [
        one for one in seen.controls() if isinstance(one, ft.Container) and isinstance(one.content, cv.Canvas)
    ]
    return [one for one in boxes if isinstance(one.content, cv.Canvas) and len(one.content.shapes) == 2]


async def of_day(work: Workspace, **said: Any) -> None:
    day = next(one for one in work.store.state.each(StoredDay) if one.date == TODAY)
    await work.save([work.setting(day, said)])


async def test_a_day_without_sessions_is_its_axis_alone(desk: Desk) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        assert blocks(seen) == []
        assert "None yet." in seen.words()
        assert "Sessions of the day" in seen.words()
        assert seen.tags()["spine-axis"].label == "PD14, 0 sessions, 0 entries"
        assert len(marks(seen)) == 1


async def test_the_head_says_what_is_known_of_the_day(desk: Desk, work: Workspace) -> None:
    await of_day(work, shoot_day=5, call="16:00", scenes_scheduled=15, scenes_done=9)
    async with a_window(desk, **LAPTOP) as seen:
        assert "SD5 · call 16:00 · 15 scenes, 9 done" in seen.words()
        seen.window.speak("zh")
        await seen.drawn()
        assert "拍摄第 5 天 · 通告 16:00 · 15 场，完成 9 场" in seen.words()


async def test_each_session_stands_at_its_hours_with_what_was_made_in_it(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        await seen.journeys.day.start("shoot", "Office")
        await seen.type("now-field", "one")
        await seen.tap("now-send")
        office = session(desk)["id"]
        clock.advance(hours=4)
        await seen.journeys.day.start("meeting", "Stand-up")
        clock.advance(hours=1)
        await seen.type("now-field", "two")
        await seen.tap("now-send")
        clock.advance(hours=1)
        for minute in seen.window.on_minute:
            minute()
        await seen.drawn()
        meeting = session(desk)["id"]
        assert blocks(seen) == [f"session-{office}", f"session-{meeting}"]
        assert seen.tags()[f"session-{office}"].label == "Office, 16:00–20:00, 1 note"
        assert seen.tags()[f"session-{meeting}"].label == "Stand-up, since 20:00, 1 note"
        assert all(seen.tags()[name].button for name in blocks(seen))
        first, second = placed(seen, f"session-{office}"), placed(seen, f"session-{meeting}")
        assert top(first) + high(first) + 4 == top(second)
        assert high(second) < high(first)
        (mark,) = marks(seen)
        assert top(mark) + high(mark) / 2 == pytest.approx(top(second) + high(second) + 4, abs=1)
        assert seen.tags()["spine-axis"].label == "PD14, 16:00 to 21:00, 2 sessions, 2 entries"
        assert not seen.crashed


async def test_one_that_goes_on_opens_its_sheet_and_one_that_ended_the_day_at_it(
    desk: Desk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        gone = list[str]()
        monkeypatch.setattr(seen.window, "go", gone.append)
        await seen.journeys.day.start("shoot", "Office")
        await seen.drawn()
        office = session(desk)["id"]
        await seen.tap(f"session-{office}")
        assert seen.window.shell.sheet == "may"
        seen.window.close_sheet()
        await seen.type("now-field", "one")
        await seen.tap("now-send")
        clock.advance(minutes=30)
        await seen.journeys.day.start("meeting", "Stand-up")
        clock.advance(minutes=30)
        await seen.journeys.day.start("meeting", "Second")
        await seen.drawn()
        await seen.tap(f"session-{office}")
        assert desk.work
        (entry,) = desk.work.store.state.docs(f"entries-{TODAY}")
        await seen.tap(next(name for name in blocks(seen) if "Stand-up" in str(seen.tags()[name].label)))
        assert gone == [f"/days/PD14/e/{entry['id']}", "/days/PD14"]


async def test_what_is_planned_is_started_by_a_tap_wherever_it_stands(desk: Desk) -> None:
    timed = await in_plan(desk, "Car park", "26:15", people=("P01", "P02"))
    untimed = await in_plan(desk, "Press", "")
    async with a_window(desk, **LAPTOP) as seen:
        assert seen.tags()[f"plan-now-{timed}"].label == "Car park, planned 26:15, 2 people"
        assert "In the plan" in seen.words()
        assert top(placed(seen, f"plan-now-{timed}")) > top(marks(seen)[0])
        await seen.tap(f"plan-now-{untimed}")
        assert session(desk)["title"] == "Press"
        assert "In the plan" not in seen.words()
        await seen.tap(f"plan-now-{timed}")
        assert (session(desk)["title"], session(desk)["planned_as"]) == ("Car park", timed)
        assert f"plan-now-{timed}" not in seen.tags()
        await seen.tap("undo")
        assert seen.tags()[f"plan-now-{timed}"].label == "Car park, planned 26:15, 2 people"
        assert not seen.crashed


async def test_after_the_wrap_nothing_says_now_and_the_next_days_plan_can_be_started(desk: Desk) -> None:
    tomorrow = await in_plan(desk, "Early call", "05:30", "2025-03-17")
    async with a_window(desk, **LAPTOP) as seen:
        await seen.journeys.day.wrap(TODAY, back=False)
        await seen.drawn()
        assert marks(seen) == []
        assert "Plan of PD15" in seen.words()
        assert f"plan-now-{tomorrow}" in seen.tags()


async def test_in_dark_set_and_with_large_letters_what_one_taps_grows(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        for name in ("one", "two", "three"):
            await seen.journeys.day.start("meeting", name)
            clock.advance(minutes=1)
        await seen.drawn()
        for look, scale, least in (("day", 1.0, 48), ("blackout", 1.0, 56), ("day", 2.0, 52)):
            seen.window.shell.look_name, seen.window.shell.scale = look, scale
            await seen.drawn()
            boxes = [placed(seen, name) for name in blocks(seen)]
            assert [high(box) for box in boxes] == [least] * 3
            assert all(top(below) >= top(box) + least for box, below in pairwise(boxes))


async def test_writing_leaves_the_spine_as_it_is_and_a_minute_moves_only_the_mark(
    desk: Desk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        await seen.journeys.day.start("meeting", "Stand-up")
        await seen.type("now-field", "a")
        await seen.drawn(1)
        read = list[str]()
        spine = seen.journeys.now.spine
        monkeypatch.setattr(spine, "read", partial(counted, read, spine.read))
        for text in ("ab", "abc", "abcd"):
            await seen.type("now-field", text)
            await seen.drawn(1)
        assert desk.writing
        assert desk.writing.text == "abcd"
        seen.window.open_sheet("may")
        await seen.drawn()
        assert read == []
        before, sent = top(marks(seen)[0]), len(seen.client.sent)
        clock.advance(minutes=30)
        for minute in seen.window.on_minute:
            minute()
        await seen.drawn()
        assert read == ["read"]
        assert top(marks(seen)[0]) > before
        assert [size < 200 for _, size in seen.client.sent[sent:]] == [True]


async def test_where_the_day_takes_more_than_there_is_it_is_scrolled_to_now(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk, **LAPTOP) as seen:
        await seen.journeys.day.start("shoot", "Office")
        clock.advance(hours=14)
        await seen.drawn()
    for height, scrolled in ((800, 0), (320, 1)):
        async with a_window(desk, width=1280, height=height) as seen:
            await seen.drawn(1)
            asked = [
                message.body
                for message, _ in seen.client.sent
                if isinstance(message.body, InvokeMethodRequestBody)
            ]
            found = [body.args["offset"] for body in asked if body.name == "scroll_to"]
            assert len(found) == scrolled
            assert all(offset > 0 for offset in found)


@pytest.mark.parametrize("width", [412, 900])
async def test_there_is_none_where_there_is_no_room(desk: Desk, width: int) -> None:
    async with a_window(desk, width=width) as seen:
        assert "spine-axis" not in seen.tags()
