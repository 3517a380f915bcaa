"""For ten seconds everything can be taken back, but for erasing for good: what the strip says and what it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import flet as ft
import pytest

from fieldlog.model.register import Place
from fieldlog.services.desk import Desk
from fieldlog.services.register import consent, people
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.window.backs import TWICE_SECONDS, UNDO_SECONDS
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, _walk, a_window
from tests.fakes.phone import Phone


@pytest.fixture
async def seen_two(desk: Desk) -> AsyncIterator[Seen]:
    """A window in which two things were just done, two seconds apart: a session started, sound allowed in it."""
    async with a_window(desk) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn(2)
        await seen.tap("now-may")
        await seen.tap("may-audio")
        await seen.drawn()
        yield seen


def session(work: Workspace) -> dict[str, Any]:
    (found,) = work.store.state.docs("sessions")
    return found


async def back(seen: Seen, said: str) -> None:
    """The strip says this, and is tapped, no sooner than a finger that means it."""
    await seen.drawn(TWICE_SECONDS)
    assert seen.window.shell.undo == said
    await seen.tap("undo")
    assert seen.window.shell.undo != said


async def test_two_things_are_taken_back_one_after_the_other(seen_two: Seen, work: Workspace) -> None:
    assert seen_two.window.shell.undo == "May be recorded: notes + sound"
    await back(seen_two, "May be recorded: notes + sound")
    assert seen_two.window.shell.undo == "Started: Meeting"
    await back(seen_two, "Started: Meeting")
    assert list(work.store.state.docs("sessions")) == []
    assert seen_two.window.shell.undo == ""


async def test_two_taps_at_once_take_back_one_thing(seen_two: Seen, work: Workspace) -> None:
    await seen_two.tap("undo")
    await seen_two.tap("undo")
    assert session(work)["title"] == "Meeting"


async def test_each_can_be_taken_back_for_ten_seconds_from_when_it_was_done(seen_two: Seen) -> None:
    await seen_two.drawn(UNDO_SECONDS - 1)
    assert seen_two.window.shell.undo == "May be recorded: notes + sound"
    await back(seen_two, "May be recorded: notes + sound")
    assert seen_two.window.shell.undo == "", "the start is longer ago"


async def test_of_three_things_the_first_stays_done(seen_two: Seen, work: Workspace) -> None:
    await seen_two.tap("may-photo")
    await back(seen_two, "May be recorded: all")
    await back(seen_two, "May be recorded: notes + sound")
    assert seen_two.window.shell.undo == ""
    assert session(work)["title"] == "Meeting"


async def test_who_is_here_and_where_and_what_may_be_recorded_is_taken_back(desk: Desk, work: Workspace) -> None:
    lei = (await people.quick_add(work, pseudonym="Lei", pseudonym_zh="雷")).made
    await work.save([work.op(Place(id=work.machine.new_id(), code="L05", name="Car park"))])
    async with a_window(desk) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        await seen.tap("now-may")
        await seen.tap("here-add-P01")
        assert session(work)["people"] == [lei.id]
        await back(seen, "P01 Lei is here")
        assert session(work)["people"] == []
        await seen.tap("here-place-L05")
        await back(seen, "Place: L05 Car park")
        assert "place" not in session(work)
        await seen.tap("may-audio")
        await back(seen, "May be recorded: notes + sound")
        assert seen.journeys.day.today.media == ("notes",)
        assert not seen.crashed


async def test_on_now_a_window_that_only_reads_takes_nothing_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        assert "undo-strip" in seen.tags()
        desk.writer = object()
        desk.tell()
        await seen.drawn()
        assert {"now-reading", "undo-strip"} & set(seen.tags()) == {"now-reading"}


async def test_a_place_that_is_said_no_longer_is_said_again(desk: Desk, work: Workspace) -> None:
    place = Place(id=work.machine.new_id(), code="L05", name="Car park")
    await work.save([work.op(place)])
    async with a_window(desk) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        await seen.journeys.day.move(place.id)
        await seen.drawn()
        await seen.tap("now-may")
        await seen.tap("here-place-L05")
        await back(seen, "No place is said")
        assert session(work)["place"] == place.id


async def test_a_day_that_goes_on_its_type_and_its_number_are_taken_back(desk: Desk, clock: FakeClock) -> None:
    async with a_window(desk) as seen:
        await seen.journeys.day.start("shoot", "Office")
        await seen.drawn()
        await seen.tap("now-day")
        await seen.tap("day-named")
        before = seen.journeys.rows.stream.type_words
        await seen.tap("day-type-move")
        await back(seen, "PD14: Move")
        assert seen.journeys.rows.stream.type_words == before
        await seen.type("day-number", "20")
        await seen.tap("day-number-set")
        await back(seen, "PD14 is PD20 now.")
        assert seen.journeys.rows.stream.code == "PD14"
        clock.advance(hours=14)
        seen.window.refresh()
        await seen.drawn()
        await seen.tap("day-goes-on")
        assert "Still PD14?" not in seen.words()
        await back(seen, "PD14 goes on")
        assert "Still PD14?" in seen.words()


async def test_somebody_added_by_mistake_is_not_in_the_register_and_the_text_names_them_no_longer(
    desk: Desk, work: Workspace
) -> None:
    async with a_window(desk) as seen:
        seen.journeys.field.meet()
        await seen.drawn()
        await seen.tap("person-done")
        assert len(seen.journeys.field.chips.people) == 1
        await back(seen, "P01 is in the register")
        assert people.people(work) == []
        assert list(seen.journeys.field.chips.people) == []
        seen.journeys.register.open("unknown")
        await seen.drawn()
        await seen.type("unknown-field", "tall man, blue cap")
        await seen.tap("unknown-done")
        await back(seen, "U1 is in the register")
        assert people.people(work) == []


async def test_a_persons_names_and_age_are_as_they_were(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An", pseudonym_zh="安")
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        await seen.tap("person-edit")
        await seen.type("person-name", "Bo")
        await seen.tap("person-keep")
        await back(seen, "Changed.")
        assert people.people(work)[0].pseudonym == "An"
        await seen.tap("person-minor")
        await back(seen, "P01 An · under 18")
        assert not people.people(work)[0].minor


async def test_an_answer_given_by_mistake_is_corrected_and_the_history_shows_both(
    desk: Desk, work: Workspace
) -> None:
    who = (await people.quick_add(work, pseudonym="An", answer="in-writing", scopes={"audio": "yes"})).made
    before = (work.store.state.get(who.id) or {})["consent"]
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        await seen.tap("consent-audio-no")
        assert people.people(work)[0].state == "partly-withdrawn"
        await back(seen, "P01 An · sound: no")
        assert (work.store.state.get(who.id) or {})["consent"] == before
        assert "Corrected: written by mistake · sound: no → yes" in seen.words()
        assert "Narrowed · sound: yes → no" in seen.words()
        await seen.tap("consent-mode-oral-noted")
        await back(seen, "P01 An · Agreed verbally")
        assert people.people(work)[0].mode == "written"
        assert len(consent.history(work, who.id)) == 4


async def test_an_answer_that_is_there_already_offers_nothing(desk: Desk, work: Workspace) -> None:
    await people.quick_add(work, pseudonym="An", answer="in-writing")
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        await seen.tap("consent-notes-yes")
        assert "undo" not in seen.tags()


async def test_what_is_added_to_a_list_or_called_otherwise_is_taken_back(desk: Desk, work: Workspace) -> None:
    async with a_window(desk) as seen:
        await seen.go("/register/places")
        await seen.tap("register-add")
        await seen.type("item-name", "Rooftop")
        await seen.tap("item-keep")
        await back(seen, "L01 is in the register")
        assert "register-row-L01" not in seen.tags()
        await seen.tap("register-add")
        await seen.type("item-name", "Car park")
        await seen.tap("item-keep")
        await seen.tap("register-row-L02")
        await seen.type("item-name", "Garage")
        await seen.tap("item-keep")
        await back(seen, "Changed.")
        assert "Car park" in seen.words()


async def test_a_takes_result_is_taken_back_and_the_take_stays(desk: Desk, work: Workspace) -> None:
    async with a_window(desk) as seen:
        seen.journeys.take.scene("34-2")
        await seen.journeys.take.take()
        await seen.drawn()
        await seen.tap("now-take-NG")
        (take,) = work.store.state.docs("takes")
        assert take["result"] == "NG"
        await back(seen, "34-2 · 1 · NG")
        (take,) = work.store.state.docs("takes")
        assert "result" not in take


async def test_the_quick_buttons_and_a_template_are_taken_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.window.open_sheet("quick")
        await seen.drawn()
        await seen.tap("quick-question")
        assert seen.journeys.field.buttons == ("question", "count")
        await back(seen, "Question · Count")
        assert seen.journeys.field.buttons == ("count", "quote")
        await seen.type("template-new", "On the wall: ")
        await seen.tap("template-keep")
        await back(seen, "Kept: On the wall:")
        assert seen.journeys.field.templates == ()


async def test_from_the_sample_month_one_goes_back_to_the_study_one_came_from() -> None:
    desk = await Phone().begun("Rain")
    async with a_window(desk) as seen:
        await seen.journeys.device.studies.bring_sample()
        await seen.drawn()
        assert seen.window.shell.study != "Rain"
        await seen.go("/device")
        await seen.tap("study-0")
        assert seen.window.shell.study == "Rain"
    await desk.close()


@pytest.mark.parametrize("width", [412, 1280])
async def test_over_a_sheet_the_strip_is_in_reach_and_there_is_only_one(desk: Desk, width: int) -> None:
    async with a_window(desk, width=width) as seen:
        await seen.journeys.day.start("meeting", "")
        await seen.drawn()
        named = [one.identifier for one in seen.controls() if isinstance(one, ft.Semantics)]
        assert named.count("undo") == 1
        await seen.tap("now-may")
        await seen.tap("may-audio")
        named = [one.identifier for one in seen.controls() if isinstance(one, ft.Semantics)]
        assert named.count("undo") == 1
        inside = [one.identifier for one in _walk(seen.tags()["sheet"].content) if isinstance(one, ft.Semantics)]
        assert "undo" in inside
        await back(seen, "May be recorded: notes + sound")
        assert seen.journeys.day.today.media == ("notes",)
