"""The way back from an entry, without a browser: where it leads, and that its row is there and marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.entry.revisions import Editing
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.rows.landing import entry_of, row_key
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window

MANY = 200


async def notes(work: Workspace, clock: FakeClock, count: int) -> list[str]:
    """Ids of so many notes, ten seconds apart."""
    made = []
    for n in range(count):
        made.append((await Capture(work).note(f"note {n}")).id)
        clock.advance(seconds=10)
    return made


async def follow(seen: Seen) -> str:
    """The browser goes where the window asked it to; where that is."""
    route = str(seen.journeys.rows.landing._asked)
    await seen.go(route)
    return route


def marked(seen: Seen) -> list[str]:
    """The entries whose row is marked."""
    return [name for name, one in seen.tags().items() if name.startswith("entry-") and one.selected]


@pytest.mark.parametrize("width", [412, 1280])
async def test_the_day_comes_back_around_the_entry_and_marks_it(
    desk: Desk, work: Workspace, clock: FakeClock, width: int
) -> None:
    made = await notes(work, clock, MANY)
    middle = made[MANY // 2]
    async with a_window(desk, width=width) as seen:
        await seen.go("/days/PD14")
        assert f"entry-{middle}" not in seen.tags()
        seen.journeys.rows.open(middle)
        await follow(seen)
        await seen.tap("entry-back")
        assert await follow(seen) == "/days/PD14"
        assert marked(seen) == [f"entry-{middle}"]
        assert row_key(middle) in [one.key for one in seen.controls()]
        await seen.drawn(0.5)
        scrolls = [message.body.args for message, _ in seen.client.sent if getattr(message.body, "args", None)]
        assert str(row_key(middle)) in [args.get("scroll_key") for args in scrolls]


async def test_what_stands_before_and_after_it_is_read_in_parts(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    made = await notes(work, clock, MANY)
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{made[100]}")
        await seen.tap("entry-back")
        await follow(seen)
        assert f"entry-{made[60]}" not in seen.tags()
        await seen.tap("day-earlier")
        assert {f"entry-{made[60]}", f"entry-{made[100]}"} <= set(seen.tags())
        await seen.tap("day-earlier")
        assert f"entry-{made[0]}" in seen.tags()
        assert "day-earlier" not in seen.tags()
        assert f"entry-{made[-1]}" not in seen.tags()
        for _ in range(2):
            await seen.tap("day-more")
        assert f"entry-{made[-1]}" in seen.tags()
        assert "day-more" not in seen.tags()


async def test_an_entry_opened_from_now_leads_back_to_now(desk: Desk, work: Workspace, clock: FakeClock) -> None:
    made = await notes(work, clock, 3)
    async with a_window(desk) as seen:
        await seen.go("/now")
        await seen.tap(f"entry-{made[1]}")
        await follow(seen)
        await seen.tap("entry-back")
        assert await follow(seen) == "/now"
        assert marked(seen) == [f"entry-{made[1]}"]
        await notes(work, clock, 1)
        seen.window.refresh()
        await seen.drawn()
        assert marked(seen) == []


async def test_a_destination_is_no_way_back(desk: Desk, work: Workspace, clock: FakeClock) -> None:
    made = await notes(work, clock, 3)
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{made[1]}")
        await seen.tap("nav-now")
        await follow(seen)
        assert marked(seen) == []


async def test_the_browsers_own_way_back_lands_on_the_row_too(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    made = await notes(work, clock, 3)
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{made[1]}")
        await seen.go("/days/PD14")
        assert marked(seen) == [f"entry-{made[1]}"]
        await seen.go("/days")
        await seen.go("/days/PD14")
        assert marked(seen) == []


async def test_esc_goes_back_but_never_from_a_form(desk: Desk, work: Workspace, clock: FakeClock) -> None:
    made = await notes(work, clock, 3)
    async with a_window(desk) as seen:
        await seen.go(f"/days/PD14/e/{made[1]}")
        await seen.tap("entry-edit")
        await press(seen, "Escape")
        assert "entry-keep" in seen.tags()
        assert seen.journeys.rows.landing._asked == ""
        await seen.tap("entry-cancel")
        await press(seen, "Escape")
        assert await follow(seen) == "/days/PD14"
        assert marked(seen) == [f"entry-{made[1]}"]


async def press(seen: Seen, key: str) -> None:
    event = type("Key", (), {"key": key, "ctrl": False, "meta": False, "shift": False, "alt": False})()
    await seen.journeys.key(event)
    await seen.drawn()


async def test_an_entry_that_was_given_another_time_is_found_on_its_new_day(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    made = await notes(work, clock, 3)
    async with a_window(desk) as seen:
        await seen.go("/days/PD14")
        await seen.tap(f"entry-{made[1]}")
        await follow(seen)
        earlier = (clock().at - timedelta(days=2)).isoformat()
        await Editing(work).change(made[1], {"occurred_at": earlier})
        seen.window.refresh()
        await seen.drawn()
        await seen.tap("entry-back")
        assert await follow(seen) == "/days/PD12"
        assert marked(seen) == [f"entry-{made[1]}"]


def test_only_an_entrys_address_names_an_entry() -> None:
    assert entry_of("/days/PD14/e/abc") == "abc"
    assert entry_of("/days/PD14") == entry_of("/register/people/P08") == ""
