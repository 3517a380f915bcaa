"""How the phone carries FieldLog is said where it matters, and never in the middle of a memo."""

from __future__ import annotations

from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from tests.fakes.headless import Seen, a_window


def told(seen: Seen, **state: bool | str | int) -> None:
    seen.journeys.pocket.installed.carried.here = True
    seen.journeys.pocket.installed.heard({"state": state})


async def test_in_a_tab_on_a_phone_the_home_screen_comes_before_a_new_study(empty: Desk) -> None:
    async with a_window(empty) as seen:
        told(seen, standalone=False, installable=True)
        assert seen.journeys.pocket.installed.first_home
        await seen.go("/welcome/home")
        assert {"install", "install-later"} <= set(seen.tags())


async def test_who_came_to_bring_in_a_backup_goes_on_to_that(empty: Desk) -> None:
    async with a_window(empty) as seen:
        told(seen, standalone=False)
        for choice, goal in (("welcome-bring-in", "/welcome/bring-in"), ("welcome-new", "/welcome/new")):
            await seen.go("/welcome")
            await seen.tap(choice)
            assert seen.journeys.rows.landing._asked == "/welcome/home"
            await seen.go("/welcome/home")
            await seen.tap("install-later")
            assert seen.journeys.rows.landing._asked == goal


async def test_an_iphone_is_told_how_since_its_browser_offers_nothing(empty: Desk) -> None:
    async with a_window(empty) as seen:
        told(seen, standalone=False, apple=True)
        await seen.go("/welcome/home")
        assert "install" not in seen.tags()
        assert "Tap Share in Safari" in seen.words()


async def test_from_the_home_screen_a_study_is_begun_at_once(empty: Desk) -> None:
    async with a_window(empty) as seen:
        told(seen, standalone=True)
        assert not seen.journeys.pocket.installed.first_home


async def test_whether_it_works_without_a_network_is_said_as_far_as_it_is_known(empty: Desk) -> None:
    async with a_window(empty) as seen:
        for route in ("/device", "/welcome/home"):
            told(seen, standalone=False, offline="")
            await seen.go(route)
            assert "a network from now on" not in seen.words()
            assert "eing fetched" not in seen.words()
            told(seen, offline="coming", fetched=12, files=180)
            await seen.drawn()
            assert "Still being fetched: 12 of 180 files." in seen.words()
            told(seen, offline="broken")
            await seen.drawn()
            assert "Not all of it could be fetched." in seen.words()
            told(seen, offline="whole")
            await seen.drawn()
            assert "It works without a network from now on." in seen.words()


async def test_a_tab_of_an_iphone_does_not_speak_for_its_home_screen(empty: Desk) -> None:
    async with a_window(empty) as seen:
        told(seen, standalone=False, apple=True, offline="whole")
        await seen.go("/welcome/home")
        assert "a network from now on" not in seen.words()


async def test_what_may_be_cleared_is_said_until_there_is_a_copy(desk: Desk) -> None:
    assert desk.capture
    async with a_window(desk) as seen:
        told(seen, persisted=False)
        await seen.drawn()
        assert "may-clear" not in seen.tags()
        await desk.capture.note("only here", Chips())
        await seen.drawn()
        assert "may-clear" in seen.tags()
        assert "clear-copy" in seen.tags()


async def test_a_new_version_is_offered_and_not_while_a_memo_is_recorded(desk: Desk) -> None:
    async with a_window(desk) as seen:
        told(seen, update=True)
        await seen.drawn()
        assert "update-use" in seen.tags()
        seen.journeys.memo.live.on = True
        await seen.drawn()
        assert "update-use" not in seen.tags()


async def test_what_other_pages_of_the_host_name_keep_is_warned_of_until_it_was_read(desk: Desk) -> None:
    async with a_window(desk) as seen:
        told(seen, standalone=True)
        await seen.drawn()
        assert "neighbours" not in seen.tags()
        for _ in range(2):
            seen.journeys.pocket.installed.heard({"state": {"neighbours": ["a", "b", "c", "d"]}})
            await seen.drawn()
        assert "can read your notes (found: a, b, c)" in seen.words()
        await seen.tap("neighbours-ok")
        seen.journeys.pocket.installed.heard({"state": {"neighbours": ["a", "b", "c", "d"]}})
        await seen.drawn()
        assert "neighbours" not in seen.tags()


async def test_on_a_laptop_nothing_of_it_is_said(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.pocket.installed.heard({"state": {"update": True, "persisted": False}})
        await seen.drawn()
        assert not {"update-ready", "may-clear"} & set(seen.tags())


async def test_that_the_notes_of_an_earlier_version_are_anothers_is_said_on_this_device(desk: Desk) -> None:
    async with a_window(desk) as seen:
        told(seen)
        seen.journeys.pocket.installed.carried.beside = "anothers"
        await seen.go("/device")
        assert "Notes of an earlier FieldLog belong to another FieldLog" in seen.words()
        assert "beside-open" not in seen.tags()
