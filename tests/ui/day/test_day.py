"""Sessions, the plan and the day, as a window shows them and as taps change them."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from fieldlog.model.register import Person, Place
from fieldlog.model.session import PlannedSession
from fieldlog.services.desk import Desk
from fieldlog.services.register.people import quick_add
from fieldlog.ui.day import day_views
from fieldlog.ui.words.words import Words
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.services.day.test_callsheet import CHINESE


async def in_plan(desk: Desk, title: str, at: str, day: str = "2025-03-16", **said: Any) -> str:
    assert desk.work
    made = PlannedSession(id=desk.work.machine.new_id(), date=day, title=title, at=at, type="shoot", **said)
    await desk.work.save([desk.work.op(made)])
    return made.id


async def place(desk: Desk) -> str:
    assert desk.work
    made = Place(id=desk.work.machine.new_id(), code="L05", name="Car park", name_zh="停车场")
    await desk.work.save([desk.work.op(made)])
    return made.id


def session(desk: Desk) -> dict[str, Any]:
    assert desk.work
    return max(desk.work.store.state.docs("sessions"), key=lambda doc: doc["_t"])


async def test_a_session_of_the_plan_is_two_taps_away_and_shows_its_place_and_permission(desk: Desk) -> None:
    plan = await in_plan(desk, "Office", "16:00", place=await place(desk))
    async with a_window(desk) as seen:
        await seen.tap("now-session")
        await seen.tap(f"plan-sheet-{plan}")
        assert (session(desk)["title"], session(desk)["planned_as"]) == ("Office", plan)
        assert "Car park" in seen.words()
        assert "notes only" in seen.words()
        await seen.tap("undo")
        assert "No session. Start?" in seen.words()
        assert not seen.crashed


async def test_an_empty_now_shows_the_first_three_of_the_plan_and_they_start_in_one_tap(desk: Desk) -> None:
    plans = [await in_plan(desk, f"Session {n}", f"{10 + n}:00") for n in range(4)]
    async with a_window(desk) as seen:
        rows = [name for name in seen.tags() if name.startswith("plan-now-")]
        assert rows == [f"plan-now-{plan}" for plan in plans[:3]]
        await seen.tap(rows[1])
        assert session(desk)["title"] == "Session 1"
        assert not [name for name in seen.tags() if name.startswith("plan-now-")]


async def test_what_has_been_started_is_marked_and_the_next_planned_day_stands_below_after_the_wrap(
    desk: Desk,
) -> None:
    today = await in_plan(desk, "Office", "16:00")
    tomorrow = await in_plan(desk, "Early call", "05:30", "2025-03-17")
    async with a_window(desk) as seen:
        await seen.journeys.day.start_planned(today)
        await seen.tap("now-day")
        await seen.tap("day-wrap")
        await seen.tap("now-session")
        assert "started already" in str(seen.tags()[f"plan-sheet-{today}"].label)
        assert "Plan of PD15" in seen.words()
        await seen.tap(f"plan-sheet-{tomorrow}")
        assert seen.journeys.rows.stream.code == "PD15"


async def test_who_is_here_and_what_may_be_recorded_change_in_one_sheet(desk: Desk) -> None:
    assert desk.work
    lei = (await quick_add(desk.work, pseudonym="Lei", pseudonym_zh="雷师傅", answer="declined")).made
    child = Person(
        id=desk.work.machine.new_id(), code="P20", pseudonym="Doudou", minor=True,
        consent={"state": "granted", "scopes": {"notes": "yes"}},
    )  # fmt: skip
    await desk.work.save([desk.work.op(child)])
    where = await place(desk)
    async with a_window(desk) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        await seen.tap("now-may")
        await seen.tap("may-audio")
        await seen.tap("may-photo")
        assert seen.journeys.day.today.may == "all"
        await seen.tap("may-notes")
        assert session(desk)["may_record"] == ["audio", "photo"]
        await seen.tap("here-add-P01")
        await seen.tap("here-add-P20")
        assert set(session(desk)["people"]) == {lei.id, child.id}
        assert "under 18" in seen.words()
        assert str(seen.tags()["here-P01"].label).startswith("P01 Lei, notes: no, sound: no")
        await seen.tap("here-drop-P01")
        assert session(desk)["people"] == [child.id]
        await seen.window.undo()
        await seen.drawn()
        assert set(session(desk)["people"]) == {lei.id, child.id}
        await seen.tap("here-place-L05")
        assert session(desk)["place"] == where
        await seen.tap("here-place-L05")
        assert session(desk).get("place") is None


async def test_past_its_boundary_the_day_is_asked_about_once_and_silently(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        await seen.journeys.day.start("shoot", "Office")
        clock.advance(hours=13, minutes=59)
        seen.window.refresh()
        await seen.drawn()
        assert "Still PD14?" not in seen.words()
        assert "29:59\n05:59 +1" in seen.words()
        clock.advance(minutes=1)
        seen.window.refresh()
        await seen.drawn()
        assert "Still PD14?" in seen.words()
        assert seen.window.shell.sheet == ""
        await seen.tap("now-day")
        assert "Still PD14? It is 06:00 and nobody has wrapped." in seen.words()
        await seen.tap("day-goes-on")
        assert "Still PD14?" not in seen.words()
        clock.advance(hours=4)
        seen.window.refresh()
        await seen.drawn()
        assert "Still PD14?" not in seen.words()


async def test_past_midnight_the_wrap_is_one_tap_and_is_taken_back_as_easily(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        await seen.journeys.day.start("shoot", "Office")
        await seen.drawn()
        assert "now-wrap" not in seen.tags()
        clock.advance(hours=9, minutes=10)
        seen.window.refresh()
        await seen.drawn()
        await seen.tap("now-wrap")
        assert "PD14 wrapped" in seen.words()
        assert "now-wrap" not in seen.tags()
        await seen.tap("undo")
        assert "PD14 wrapped" not in seen.words()
        assert session(desk).get("ends") is None


async def test_a_day_is_wrapped_in_hindsight_and_what_is_wrong_with_the_time_is_said(
    desk: Desk, clock: FakeClock
) -> None:
    async with a_window(desk) as seen:
        await seen.journeys.day.start("shoot", "Office")
        clock.advance(hours=17)
        seen.window.refresh()
        await seen.drawn()
        await seen.tap("now-day")
        await seen.type("day-wrap-at", "noon or so")
        await seen.tap("day-wrap-set")
        assert seen.inside("day-wrap-at", ft.TextField).error
        await seen.type("day-wrap-at", "27:10")
        await seen.tap("day-wrap-set")
        assert session(desk)["ends"] == "2025-03-17T03:10:00+08:00"
        assert seen.journeys.rows.stream.code == "PD15"
        await seen.tap("undo")
        assert session(desk).get("ends") is None
        assert seen.journeys.rows.stream.code == "PD14"


async def test_another_day_is_started_numbered_and_called_what_it_is(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.journeys.day.start("shoot", "Office")
        await seen.drawn()
        await seen.tap("now-day")
        await seen.tap("day-named")
        await seen.tap("day-type-shoot")
        assert "Shoot day" in seen.journeys.rows.stream.type_words
        await seen.type("day-number", "x")
        await seen.tap("day-number-set")
        assert seen.inside("day-number", ft.TextField).error
        await seen.type("day-number", "20")
        await seen.tap("day-number-set")
        assert seen.journeys.rows.stream.code == "PD20"
        await seen.tap("day-next")
        assert (seen.journeys.rows.stream.code, session(desk).get("ends") is not None) == ("PD21", True)
        await seen.tap("undo")
        assert (seen.journeys.rows.stream.code, session(desk).get("ends")) == ("PD20", None)


async def read(seen: Seen, text: str) -> None:
    await seen.journeys.day.read("通告单.csv", text.encode("gb18030"))
    await seen.drawn()


async def test_a_call_sheet_is_shown_before_it_is_taken_in_and_can_be_taken_back(desk: Desk) -> None:
    assert desk.work
    async with a_window(desk) as seen:
        await read(seen, CHINESE)
        assert "2 days · 3 sessions · 6 new scenes · 1 new place" in seen.words()
        assert "nobody in the register is called “张三”" in seen.words()
        assert not list(desk.work.store.state.docs("planned"))
        await seen.tap("plan-take")
        assert len(list(desk.work.store.state.docs("planned"))) == 3
        await seen.tap("now-session")
        assert "办公室" in seen.words()
        await seen.window.undo()
        await seen.drawn()
        assert not list(desk.work.store.state.docs("planned"))
        await read(seen, "no plan at all")
        assert "There is no plan in this file." in seen.words()
        assert not seen.crashed


@pytest.mark.parametrize(
    ("media", "english", "chinese"),
    [
        ((), "nothing", "都不记"), (("notes",), "notes only", "仅笔记"),
        (("notes", "photo"), "notes + photo", "笔记 + 照片"), (("notes", "audio", "photo"), "all", "都可记"),
    ],
)  # fmt: skip
def test_the_badge_says_in_a_word_what_may_be_recorded(media: tuple[str, ...], english: str, chinese: str) -> None:
    assert day_views.may_words(media, Words("en")) == english
    assert day_views.may_words(media, Words("zh")) == chinese


async def test_beside_a_struck_microphone_the_badge_says_who_objects(desk: Desk) -> None:
    assert desk.work
    await quick_add(desk.work, pseudonym="Lei", pseudonym_zh="雷师傅", answer="declined")
    await quick_add(desk.work, pseudonym="An", pseudonym_zh="安", answer="by-word")
    async with a_window(desk) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        await seen.tap("now-may")
        await seen.tap("may-photo")
        await seen.tap("here-add-P01")
        assert seen.journeys.day.today.may == "P01: no photo"
        await seen.tap("may-audio")
        assert seen.journeys.day.today.may == "P01: no sound"
        await seen.tap("here-add-P02")
        assert seen.journeys.day.today.may == "P01 +1: no sound"
        await seen.tap("here-drop-P01")
        await seen.tap("here-drop-P02")
        assert seen.journeys.day.today.may == "all"
