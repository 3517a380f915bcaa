"""The month, without a browser: its views, the day that is looked at, what alone is shown, and the way out."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import flet as ft
import flet.canvas as cv
import pytest

from fieldlog.model.register import Person
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.day.plan import Plan
from fieldlog.services.day.sessions import Sessions
from fieldlog.services.desk import Desk
from fieldlog.services.rows.strips import month
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.review.month.month_screen import FIRST
from fieldlog.ui.review.month.save_sheet import picture_of
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window

CLOSED = "2025-03-10"
"""PD08; today, 16 March, is PD14."""


UNPLANNED = "01950000-0000-7000-8000-000000000002"


async def a_study(work: Workspace, clock: FakeClock) -> None:
    """28 planned days, of which PD14 has two sessions, three entries and two people; one outside the plan."""
    people = [
        Person(id=work.machine.new_id(), code=code, pseudonym=name, dept=dept)
        for code, name, dept in (("P01", "Qiao", "production"), ("P02", "Lan", "direction"))
    ]
    await work.save([work.op(one) for one in people])
    capture = Capture(work)
    sessions = Sessions(work, capture)
    await sessions.start("Office", kind="shoot", people=[people[0].id])
    await capture.note("first", Chips(people=(people[0].id,)))
    clock.advance(hours=17)
    await capture.note("past midnight")
    await sessions.start("Stand-up", kind="meeting", people=[people[1].id])
    clock.advance(minutes=30)
    await capture.note("last")
    await sessions.stop()


@pytest.fixture
async def studied(desk: Desk, work: Workspace, clock: FakeClock) -> AsyncIterator[Desk]:
    await a_study(work, clock)
    yield desk


def cells(seen: Seen) -> dict[str, ft.Semantics]:
    return {name: one for name, one in seen.tags().items() if name.startswith("cell-")}


async def test_the_calendar_says_of_each_day_what_it_holds(studied: Desk, work: Workspace) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        found = cells(seen)
        assert len(found) == 28
        day = found["cell-2025-03-16"]
        assert "PD14, 16:00 to 33:30, 2 sessions, 3 entries" in str(day.label)
        assert "today" in str(day.label)
        assert day.selected
        assert "0 entries" in str(found[f"cell-{CLOSED}"].label)
        assert "3 entries" in seen.words()
        assert "17 h 30 observed" in seen.words()
        assert "2 people" in seen.words()
        assert "1 past midnight" in seen.words()


async def test_a_tap_on_a_cell_looks_at_that_day_and_a_tap_on_its_card_opens_it(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        await seen.tap(f"cell-{CLOSED}")
        assert [name for name, one in cells(seen).items() if one.selected] == [f"cell-{CLOSED}"]
        assert "PD08" in seen.words()
        await seen.tap("chosen-open")
        assert seen.journeys.rows.landing._asked == "/days/PD08"


async def test_the_list_has_a_row_a_day_with_its_end(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        await seen.tap("month-rows")
        assert len(days_in(seen)) == FIRST
        assert "to 33:30" in seen.words()
        assert "3 notes" in seen.words()
        listed = next(one for one in seen.controls() if isinstance(one, ft.ListView))
        for _ in range(2):
            await seen.session.dispatch_event(listed._i, "scroll", near_the_end())
            await seen.drawn()
        assert days_in(seen) == [f"day-PD{n:02d}" for n in range(1, 29)]


def days_in(seen: Seen) -> list[str]:
    return [name for name in seen.tags() if name.startswith("day-PD")]


def near_the_end() -> dict[str, object]:
    """What a list tells that was scrolled nearly to its end."""
    return {
        "event_type": "update", "pixels": 900.0, "min_scroll_extent": 0.0, "max_scroll_extent": 1000.0,
        "viewport_dimension": 700.0,
    }  # fmt: skip


async def test_the_score_reads_each_day_aloud_and_steps_from_one_to_the_next(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        await seen.tap("month-score")
        lines = {name: str(one.label) for name, one in seen.tags().items() if name.startswith("line-")}
        assert len(lines) == 28
        assert "16:00 to 33:30, 2 sessions, 3 entries" in lines["line-2025-03-16"]
        await seen.tap("days-before")
        assert seen.journeys.review.shown.chosen == "2025-03-15"
        await seen.tap("days-after")
        await seen.tap("days-after")
        await seen.tap("days-open")
        assert seen.journeys.rows.landing._asked == "/days/PD15"


async def test_arrows_step_through_the_score_and_enter_opens_the_day(studied: Desk) -> None:
    async with a_window(studied, width=1280, height=800) as seen:
        await seen.go("/days")
        for key, date in (("Arrow Up", "2025-03-15"), ("Arrow Up", "2025-03-14"), ("Arrow Down", "2025-03-15")):
            await press(seen, key)
            assert seen.journeys.review.shown.chosen == date
        await press(seen, "Enter")
        assert seen.journeys.rows.landing._asked == "/days/PD13"
        await seen.go("/days/PD13")
        await press(seen, "Arrow Up")
        assert seen.journeys.review.shown.chosen == "2025-03-15", "beside a day arrows are the page's"


async def test_a_tap_on_the_score_looks_at_a_day_and_at_a_person(studied: Desk) -> None:
    async with a_window(studied, width=1280, height=800) as seen:
        await seen.go("/days")
        review = seen.journeys.review
        picture = seen.inside("month-picture", cv.Canvas)
        names = {one.value: one for one in picture.shapes if isinstance(one, cv.Text)}
        await tapped(seen, "month-picture", names["Lan"].x, names["PD14"].y)
        assert review.shown.chosen == "2025-03-16"
        assert "P02 Lan: 30 min together" in seen.words()
        await tapped(seen, "month-picture", names["Lan"].x, names["PD08"].y)
        assert "P02 Lan: not observed" in seen.words()
        await tapped(seen, "month-picture", names["24"].x, names["PD13"].y)
        assert review.shown.chosen == "2025-03-15"
        assert "not observed" not in str(seen.tags()["days-chosen"].label)
        await tapped(seen, "month-picture", names["24"].x, names["PD01"].y, kind="unknown")
        assert review.shown.chosen == "2025-03-15", "a reader's tap has no place"


async def test_a_tap_on_a_days_strip_leads_to_that_hour(studied: Desk, work: Workspace, clock: FakeClock) -> None:
    for _ in range(150):
        clock.advance(seconds=20)
        await Capture(work).note("more")
    async with a_window(studied) as seen:
        await seen.go("/days/PD14")
        first = [name for name in seen.tags() if name.startswith("entry-")]
        width = seen.inside("day-strip", cv.Canvas).width
        await tapped(seen, "day-strip", width - 2, 10)
        await seen.drawn(0.5)
        last = work.store.state.docs("entries-2025-03-16")
        newest = max((doc["occurred_at"], doc["id"]) for doc in last)[1]
        there = [name for name in seen.tags() if name.startswith("entry-")]
        assert f"entry-{newest}" not in first
        assert f"entry-{newest}" in there
        assert "day-earlier" in seen.tags()
        await tapped(seen, "day-strip", 1, 10)
        assert "day-earlier" not in seen.tags()


async def tapped(seen: Seen, name: str, x: float, y: float, *, kind: str = "touch") -> None:
    """A tap at a place of a picture."""
    target = seen.inside(name, ft.GestureDetector)
    event = {"k": kind, "l": {"x": x, "y": y}, "g": {"x": x, "y": y}}
    await seen.session.dispatch_event(target._i, "tap_up", event)
    await seen.drawn()


async def press(seen: Seen, key: str) -> None:
    event: ft.KeyboardEvent = ft.KeyboardEvent(
        name="keyboard_event", control=seen.session.page, key=key, shift=False, ctrl=False, alt=False, meta=False
    )
    await seen.journeys.key(event)
    await seen.drawn()


async def test_people_by_days_are_read_aloud_with_their_hours(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        await seen.tap("month-people")
        line = str(seen.tags()["line-2025-03-16"].label)
        assert "P01 Qiao 17 h" in line
        assert "P02 Lan 30 min" in line
        assert "not observed" in seen.words()


async def test_on_a_laptop_the_score_and_the_people_stand_on_the_same_rows(studied: Desk) -> None:
    async with a_window(studied, width=1280, height=800) as seen:
        await seen.go("/days")
        assert "month-picture" in seen.tags()
        assert "month-people" not in seen.tags()
        assert "P01 Qiao 17 h" in str(seen.tags()["line-2025-03-16"].label)
        await seen.tap("month-calendar")
        assert {"cell-2025-03-16", "day-PD01"} <= set(seen.tags())
        assert "past midnight" in seen.words(), "the day stands beside the calendar"


async def test_what_alone_is_shown_holds_for_every_view_until_it_is_let_go(studied: Desk) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        await seen.tap("month-filter")
        await seen.tap("keep-kind-meeting")
        seen.window.close_sheet()
        await seen.drawn()
        assert "1 session, 1 entry" in str(cells(seen)["cell-2025-03-16"].label)
        assert "Shown: Meeting" in seen.words()
        await seen.tap("month-score")
        assert "1 session, 1 entry" in str(seen.tags()["line-2025-03-16"].label)
        await seen.tap("month-everything")
        assert "2 sessions, 3 entries" in str(seen.tags()["line-2025-03-16"].label)


@pytest.mark.parametrize("kept", ["keep-group-direction", "keep-person-"])
async def test_a_department_and_a_person_can_be_all_that_is_shown(studied: Desk, kept: str) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        await seen.tap("month-filter")
        name = [one for one in seen.tags() if one.startswith(kept)][-1]
        await seen.tap(name)
        assert "1 session, 1 entry" in str(cells(seen)["cell-2025-03-16"].label)
        await seen.tap(name)
        assert "2 sessions, 3 entries" in str(cells(seen)["cell-2025-03-16"].label)


async def test_the_numbers_and_the_picture_leave_as_files(studied: Desk, work: Workspace) -> None:
    async with a_window(studied) as seen:
        await seen.go("/days")
        for name, file in (("days", "days.csv"), ("times", "sessions.csv"), ("people", "people-by-days.csv")):
            await seen.tap("month-save")
            await seen.tap(f"save-{name}")
            rows = list(csv.DictReader(io.StringIO(saved(seen, f"fieldlog-{file}").decode("utf-8-sig"))))
            if name == "days":
                (day,) = [row for row in rows if row["day"] == "PD14"]
                names = ("entries", "minutes_observed", "minutes_past_midnight")
                assert [day[name] for name in names] == ["3", "1050", "570"]
            elif name == "times":
                sessions = [row for row in rows if row["what"] == "session"]
                assert [(row["title"], row["begins"], row["ends"]) for row in sessions] == [
                    ("Office", "16:00", "33:00"), ("Stand-up", "33:00", "33:30"),
                ]  # fmt: skip
            else:
                together = {(row["person"], row["day"]): row["minutes_together"] for row in rows}
                assert together["P01", "PD14"] == "1020"
                assert {row["observed"] for row in rows if row["day"] == "PD08"} == {"no"}
        await seen.tap("month-save")
        await seen.tap("save-day")
        rows = list(csv.DictReader(io.StringIO(saved(seen, "fieldlog-PD14.csv").decode("utf-8-sig"))))
        assert [row["begins"] for row in rows if row["what"] == "entry"] == ["16:00", "33:00", "33:30"]
        await seen.tap("month-save")
        await seen.tap("save-strip")
        read = ElementTree.fromstring(saved(seen, "fieldlog-PD14.svg"))
        said = read.findtext("{http://www.w3.org/2000/svg}title", "")
        assert said == "PD14, 16:00 to 33:30, 2 sessions, 3 entries"
        await seen.tap("month-save")
        await seen.tap("save-picture")
        read = ElementTree.fromstring(saved(seen, "fieldlog-calendar.svg"))
        assert "28 days" in read.findtext("{http://www.w3.org/2000/svg}title", "")
        assert picture_of(seen.journeys.review, seen.window.shell.look, "people").width >= 600


def saved(seen: Seen, name: str) -> bytes:
    """What was handed out last, under this name."""
    calls = [message.body for message, _ in seen.client.sent if getattr(message.body, "name", "") == "save_file"]
    assert calls[-1].args["file_name"] == name
    return bytes(calls[-1].args["src_bytes"])


async def test_the_first_look_says_why_a_day_ends_at_wrap(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/days")
        assert len(cells(seen)) == 28
        assert "A day here ends when the crew wraps" in seen.words()
        await seen.tap("days-begin")
        assert seen.journeys.rows.landing._asked == "/now"


async def test_a_study_without_a_plan_and_days_outside_of_one(empty: Desk) -> None:
    opened = await open_study(empty.machine, UNPLANNED, write=True)
    await Capture(opened).begin(title="Rain", zone="Asia/Shanghai")
    await opened.close()
    await empty.switch(UNPLANNED)
    work = empty.work
    assert work
    async with a_window(empty) as seen:
        await seen.go("/days")
        assert "No day yet. Write the first note." in seen.words()
        await Capture(work).note("unplanned")
        await seen.go("/now")
        await seen.go("/days")
        assert list(cells(seen)) == ["cell-2025-03-16"]
        await Plan(work).days("2025-03-20", 3)
        await seen.go("/now")
        await seen.go("/days")
        assert list(cells(seen)) == [f"cell-2025-03-{n}" for n in (20, 21, 22)]
        assert "Outside the plan" in seen.words()
        assert "day-2025-03-16" in seen.tags()


async def test_sixty_days_are_all_in_the_score(desk: Desk, work: Workspace) -> None:
    await Plan(work).days("2025-03-03", 60)
    async with a_window(desk) as seen:
        await seen.go("/days")
        assert len(cells(seen)) == 60
        await seen.tap("month-score")
        assert len([name for name in seen.tags() if name.startswith("line-")]) == 60
        assert len(month(work.store.state)) == 60
        assert seen.largest_message < 120_000
