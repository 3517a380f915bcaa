"""A store for practice says so on every screen; the practice month opens on its best day and says how to write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldlog.services.desk import Desk
from fieldlog.services.machine.bundled import PRACTICE_DAY
from tests.fakes.headless import a_window
from tests.fakes.phone import Phone

SCREENS = ("/now", "/days", "/register/people", "/archive", "/archive/copies", "/sync", "/device", "/welcome")
OWN = "/home/notes/FieldLog/data"


@pytest.mark.parametrize("width", [412, 1280])
async def test_a_strip_stands_on_every_screen_and_leads_to_how_ones_own_study_begins(
    desk: Desk, width: int
) -> None:
    desk.machine = replace(desk.machine, practice=OWN)
    async with a_window(desk, width=width) as seen:
        for screen in SCREENS:
            await seen.go(screen)
            assert "practice" in seen.tags(), screen
            assert "nothing you write here is kept" in seen.words()
        await seen.go("/days")
        assert "To try writing, open Now and type." in seen.words()
        await seen.tap("practice-own")
        assert seen.journeys.rows.landing._asked == "/welcome/own"
        await seen.go("/welcome/own")
        assert OWN in seen.words()
        assert "Ctrl+C" in seen.words()
        assert not seen.crashed


async def test_it_is_said_in_chinese(desk: Desk) -> None:
    desk.machine = replace(desk.machine, practice=OWN)
    async with a_window(desk) as seen:
        seen.window.speak("zh")
        await seen.drawn()
        assert "练习月份：这里写的内容不会保留。" in seen.words()
        assert "开始自己的研究" in seen.words()


async def test_in_ones_own_store_there_is_no_such_strip(desk: Desk) -> None:
    async with a_window(desk) as seen:
        for screen in SCREENS:
            await seen.go(screen)
            assert "practice" not in seen.tags(), screen


async def test_a_new_window_of_a_practice_store_opens_on_its_best_day() -> None:
    phone = Phone()
    desk = await Desk.open(phone.machine)
    await desk.take_practice()
    await desk.close()
    desk = await Desk.open(replace(phone.machine, practice=OWN))
    async with a_window(desk) as seen:
        assert seen.window.first == f"/days/{PRACTICE_DAY}"
        await seen.go(seen.window.first)
        assert "Stairs to the roof" in seen.words()
        await desk.begin_study(title="Mine", researcher="", zone="UTC", first_day="2025-03-16", days=3)
        assert seen.window.first == "/now"
    await desk.close()


async def test_from_welcome_the_practice_month_opens_on_its_best_day_and_says_how_to_write() -> None:
    desk = await Desk.open(Phone().machine)
    async with a_window(desk) as seen:
        assert "welcome-sample" in seen.tags()
        await seen.journeys.device.studies.bring_sample()
        await seen.drawn()
        assert seen.journeys.rows.landing._asked == f"/days/{PRACTICE_DAY}"
        await seen.go(f"/days/{PRACTICE_DAY}")
        assert "To try writing, open Now and type." in seen.words()
        assert "practice" not in seen.tags(), "here it is kept"
        assert not seen.crashed
    await desk.close()
