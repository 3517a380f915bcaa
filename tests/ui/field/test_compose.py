"""The composer's chips, without a browser: what is tapped is what is kept with the words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fieldlog.model.moment import parse
from fieldlog.model.register import Person
from fieldlog.services.desk import Desk
from tests.fakes.headless import Seen, a_window


def entries(desk: Desk) -> list[dict[str, Any]]:
    assert desk.work
    return sorted(desk.work.store.state.entries(), key=lambda doc: doc["_t"])


def records(desk: Desk, table: str) -> list[dict[str, Any]]:
    assert desk.work
    return list(desk.work.store.state.docs(table))


async def strip(seen: Seen, *taps: str) -> None:
    for tap in taps:
        await seen.tap(tap)


async def test_five_minutes_back_move_when_it_happened_and_not_when_it_was_written(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await strip(seen, "now-time", "now-time-300")
        await seen.type("now-field", "she left")
        await seen.tap("now-send")
        doc = entries(desk)[0]
        assert parse(doc["created_at"]) - parse(doc["occurred_at"]) >= timedelta(minutes=5)
        assert doc["precision"] == "minute"
        assert seen.journeys.field.chips.back == timedelta()


async def test_yesterday_about_four_takes_three_taps(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await strip(seen, "now-time", "now-time-yesterday", "time-hour-16")
        await seen.type("now-field", "the quarrel")
        await seen.tap("now-send")
        doc = entries(desk)[0]
        assert doc["occurred_at"].startswith("2025-03-15T16:00") or "T16:00" in doc["occurred_at"]
        assert (doc["precision"], doc["occurred"]["source"]) == ("about", "manual")


async def test_a_quote_is_one_tap_and_verbatim_until_told_otherwise(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", "拍完再睡")
        await strip(seen, "now-quick-2", "now-speech", "now-speech-recalled")
        await strip(seen, "now-certainty", "now-certainty-unsure")
        await seen.tap("now-send")
        doc = entries(desk)[0]
        assert (doc["kind"], doc["speech"], doc["certainty"]) == ("quote", "recalled", "unsure")
        assert seen.journeys.field.chips.kind == "jotting"


async def test_counting_is_one_tap_each_and_one_is_taken_back(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await strip(seen, "now-quick-1", "now-quick-1", "now-quick-1", "undo")
        doc = entries(desk)[0]
        assert (len(entries(desk)), doc["kind"], doc["count"]) == (1, "count", 2)
        await seen.type("now-field", "phone looked at")
        await strip(seen, "now-quick-1", "now-quick-1", "now-send", "now-quick-1")
        assert [(doc["text"], doc["count"]) for doc in entries(desk)] == [("", 2), ("phone looked at", 3)]


async def test_the_scene_is_typed_as_three_keys_and_stays_and_takes_are_one_tap(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await strip(seen, "now-session", "session-start-shoot")
        await strip(seen, "now-scene", "scene-key-3", "scene-key-4", "scene-key-2", "sheet-close")
        await strip(seen, "now-take", "now-take-NG", "now-take")
        await seen.type("now-field", "the lamp again")
        await seen.tap("now-send")
        doc = entries(desk)[0]
        scenes = {one["id"]: one["code"] for one in records(desk, "scenes")}
        assert (scenes[doc["scene"]], doc["take"]) == ("34-2", "2")
        assert [(one["take"], one.get("result")) for one in records(desk, "takes")] == [("1", "NG"), ("2", None)]
        assert seen.journeys.field.chips.scene == "34-2"
        await seen.tap("now-scene-next")
        assert seen.journeys.field.chips.scene == "34-3"


async def test_a_declined_person_is_not_named_but_someone_is(desk: Desk) -> None:
    assert desk.work
    declined = Person(id=desk.work.machine.new_id(), code="P19", pseudonym="Yan", consent={"state": "declined"})
    await desk.work.save([desk.work.op(declined)])
    async with a_window(desk) as seen:
        await seen.type("now-field", "left the room")
        await strip(seen, "now-people", "pick-P19")
        assert "P19 Yan has declined" in seen.words()
        await strip(seen, "pick-someone", "people-done", "now-send")
        named = [desk.work.store.state.get(one) for one in entries(desk)[0]["people"]]
        assert [one["code"] for one in named if one] == ["P00"]


async def test_a_figure_is_kept_with_its_parts_in_six_taps(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await strip(seen, "now-more", "now-figure", "figure-name-完播率")
        await seen.type("figure-value", "61")
        await strip(seen, "figure-unit-%", "figure-shown", "figure-keep")
        doc = entries(desk)[0]
        assert doc["figure"] == {"name": "完播率", "value": "61", "unit": "%", "mode": "shown"}
        assert (doc["kind"], doc["text"]) == ("figure", "完播率 61 % · shown")
        await seen.tap("undo")
        assert "_deleted" in (desk.work.store.state.get(doc["id"]) or {})  # type: ignore[union-attr]


async def test_quick_buttons_and_templates_are_the_studys_own(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await strip(seen, "now-more", "now-quick", "quick-question")
        await seen.type("template-new", "Call sheet says: ")
        await strip(seen, "template-keep", "sheet-close", "now-quick-1")
        assert seen.journeys.field.chips.kind == "question"
        await strip(seen, "now-more", "now-template-0")
        assert seen.journeys.field.typing.text == "Call sheet says:"
        assert desk.text == "Call sheet says:"


async def test_a_new_code_is_made_by_naming_it(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", "hours as currency")
        await seen.tap("now-codes")
        await seen.type("codes-find", "work.hours")
        await strip(seen, "code-new", "codes-done", "now-send")
        assert [one["code"] for one in records(desk, "codes")] == ["work.hours"]
        await seen.tap("now-codes")
        assert "code-work.hours" in seen.tags()
        assert not seen.crashed


async def test_somebody_new_is_named_as_soon_as_they_are_in_the_register(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", "a new runner")
        await strip(seen, "now-people", "pick-new", "person-answer-by-word", "person-done")
        assert "people-done" in seen.tags()
        await strip(seen, "people-done", "now-send")
        person = next(one for one in records(desk, "people") if one["code"] == "P01")
        assert entries(desk)[0]["people"] == [person["id"]]
