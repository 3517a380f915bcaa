"""The bar at the top of each screen: today's on Now, else the screen's own, and the ways back and on."""

from __future__ import annotations

import flet as ft
import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.services.desk import Desk
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.parts.theme import TITLE
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, a_window

SCREENS = {
    "/days": "28 days",
    "/register/people": "Register",
    "/archive": "Archive",
    "/sync": "Archive",
    "/device": "This device",
}


def way(seen: Seen) -> str:
    """Where the window asked the browser to go."""
    return str(seen.journeys.rows.landing._asked)


def title(seen: Seen) -> str:
    return "\n".join(str(one.value) for one in seen.all_inside("screen-title", ft.Text))


def _size(one: ft.Text) -> float:
    return (one.style.size if one.style else 0) or 0


async def test_todays_bar_is_on_now_alone(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/now")
        assert "now-day" in seen.tags()
        assert "screen-title" not in seen.tags()
        for route, said in SCREENS.items():
            await seen.go(route)
            assert "now-day" not in seen.tags(), route
            assert title(seen).split("\n")[0] == said
            large = [one for one in seen.controls() if isinstance(one, ft.Text) and one.value == said]
            assert sum(_size(one) >= TITLE.size for one in large) == 1, f"{said} stands twice on {route}"


async def test_a_day_leads_to_the_month_and_to_the_days_beside_it(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.go("/days/PD14")
        assert title(seen).split("\n")[0] == "PD14"
        for name, route in (("day-before", "/days/PD13"), ("day-after", "/days/PD15"), ("day-back", "/days")):
            await seen.tap(name)
            assert way(seen) == route
        await seen.go("/days/PD01")
        assert {"day-before", "day-after"} & set(seen.tags()) == {"day-after"}
        await seen.go("/days/PD28")
        assert {"day-before", "day-after"} & set(seen.tags()) == {"day-before"}


async def test_a_day_outside_the_plan_is_called_by_its_date(desk: Desk, work: Workspace, clock: FakeClock) -> None:
    clock.advance(days=20)
    await Capture(work).note("on no day of the plan")
    async with a_window(desk) as seen:
        await seen.go("/days/2025-04-05")
        assert title(seen).split("\n")[0] == "Sat 5 Apr"


@pytest.mark.parametrize(("width", "arrows"), [(412, {"entry-back"}), (1280, {"entry-back", "day-back"})])
async def test_beside_an_entry_that_is_read_alone_there_is_one_way_back(
    desk: Desk, work: Workspace, width: int, arrows: set[str]
) -> None:
    note = await Capture(work).note("read alone on a phone, beside its day on a laptop")
    async with a_window(desk, width=width) as seen:
        await seen.go(f"/days/PD14/e/{note.id}")
        assert {name for name in seen.tags() if name.endswith("-back")} == arrows
        assert title(seen).split("\n")[0] == "PD14"


@pytest.mark.parametrize("route", ["/days/PD03", "/register/people", "/archive"])
async def test_this_device_leads_back_to_where_it_was_opened(desk: Desk, route: str) -> None:
    async with a_window(desk) as seen:
        await seen.go(route)
        await seen.tap("more")
        await seen.go(way(seen))
        await seen.tap("screen-back")
        assert way(seen) == route
