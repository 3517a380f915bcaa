"""From the register to every entry that names a person, a place, a scene or a code."""

from __future__ import annotations

import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.register import people, places_scenes_codes
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.rows.landing import BEFORE_ROWS, FIRST_PART
from fieldlog.ui.rows.state import WINDOW_ROWS
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window
from tests.ui.rows.test_landing import follow, marked


async def notes(work: Workspace, clock: FakeClock, count: int, chips: Chips) -> list[str]:
    """Ids of so many notes, the newest first."""
    made = []
    for n in range(count):
        made.append((await Capture(work).note(f"note {n}", chips)).id)
        clock.advance(seconds=10)
    return made[::-1]


def shown(seen: Seen) -> list[str]:
    """Ids of the entries on the screen, from the top."""
    return [name.removeprefix("entry-") for name in seen.tags() if name.startswith("entry-")]


async def test_a_persons_page_leads_to_all_their_entries_the_newest_first(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    await people.quick_add(work, pseudonym="An")
    made = await notes(work, clock, 11, Chips(people=("P01",)))
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        assert "Appears in 11 entries." in seen.words()
        assert "Show all 11 entries" in seen.words()
        assert "person-entry-4" in seen.tags()
        assert "person-entry-5" not in seen.tags()
        await seen.tap("person-entries")
        assert await follow(seen) == "/register/people/P01/entries"
        assert shown(seen) == made
        assert "P01 An" in seen.words()
        await seen.tap(f"entry-{made[7]}")
        assert await follow(seen) == f"/days/PD14/e/{made[7]}"
        await seen.tap("entry-back")
        assert await follow(seen) == "/register/people/P01/entries"
        assert marked(seen) == [f"entry-{made[7]}"]
        await seen.tap("naming-back")
        assert await follow(seen) == "/register/people/P01"
        assert not seen.crashed


async def test_a_long_list_is_read_in_parts_and_come_back_to(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    await people.quick_add(work, pseudonym="An")
    made = await notes(work, clock, 130, Chips(people=("P01",)))
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01/entries")
        assert shown(seen) == made[:FIRST_PART]
        await seen.tap("naming-more")
        left = 130 - FIRST_PART - WINDOW_ROWS
        assert f"Show {left} more" in seen.words()
        await seen.tap(f"entry-{made[84]}")
        await follow(seen)
        await seen.tap("entry-back")
        await follow(seen)
        first, last = 84 - BEFORE_ROWS, 84 - BEFORE_ROWS + FIRST_PART
        assert shown(seen) == made[first:last]
        assert marked(seen) == [f"entry-{made[84]}"]
        await seen.tap("naming-newer")
        assert shown(seen) == made[first - WINDOW_ROWS : last]


async def test_a_persons_page_is_come_back_to_with_the_entry_marked(
    desk: Desk, work: Workspace, clock: FakeClock
) -> None:
    await people.quick_add(work, pseudonym="An")
    await notes(work, clock, 3, Chips(people=("P01",)))
    async with a_window(desk) as seen:
        await seen.go("/register/people/P01")
        assert "person-entries" not in seen.tags()
        await seen.tap("person-entry-1")
        await follow(seen)
        await seen.tap("entry-back")
        assert await follow(seen) == "/register/people/P01"
        assert [name for name, one in seen.tags().items() if one.selected and name.startswith("person-entry")] == [
            "person-entry-1"
        ]


@pytest.mark.parametrize("table", ["places", "scenes", "codes"])
async def test_a_place_a_scene_and_a_code_lead_to_their_entries(
    desk: Desk, work: Workspace, clock: FakeClock, table: places_scenes_codes.Table
) -> None:
    await places_scenes_codes.add_place(work, "Rooftop", "天台")
    await places_scenes_codes.add_scene(work, "342")
    await places_scenes_codes.add_code(work, "hook")
    made = await notes(work, clock, 2, Chips(place="L01", scene="34-2", codes=("hook",)))
    made += await notes(work, clock, 1, Chips())
    (row,) = places_scenes_codes.rows(work, table)
    async with a_window(desk) as seen:
        await seen.journeys.look.speak("zh")
        await seen.go(f"/register/{table}")
        await seen.tap(f"register-row-{row.code}")
        assert "查看全部 2 条" in seen.words()
        await seen.tap("item-entries")
        assert await follow(seen) == f"/register/{table}/{row.id}/entries"
        assert shown(seen) == made[:2]
        await seen.tap("naming-back")
        assert await follow(seen) == f"/register/{table}"
        await seen.go(f"/register/{table}/nothing/entries")
        assert not seen.crashed
        assert shown(seen) == []
