"""This laptop lets one's own devices in, and another is paired with it: two desks, a real hub on the loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import flet as ft
import pytest

from fieldlog.server.hub.carrying import carried
from fieldlog.services.desk import Desk
from fieldlog.services.hub import switch
from fieldlog.services.machine.machine import laptop
from fieldlog.services.sync.places.places import read_places
from tests.fakes.headless import Seen, a_window
from tests.fakes.hubs import HOST, Ring
from tests.fakes.meeting import note, over
from tests.fakes.phone import Phone, texts
from tests.fakes.scanned import scanned

WAITS_SECONDS = 20.0
CODE = f"p1.192.0.2.9:47315,%5Bfd00::2%5D:47315.{'f' * 43}.{'t' * 22}"


async def opened(data: Path, title: str = "") -> Desk:
    """A laptop's desk; with a `title` a study is begun."""
    machine = replace(laptop(data), keyring=Ring(), marks=None)
    desk = await Desk.open(machine, carry=partial(carried, host=HOST))
    if title:
        await desk.begin_study(title=title, researcher="R1", zone="UTC", first_day="2025-03-03", days=3)
    return desk


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await opened(tmp_path / "here", "The Long Take")
    yield desk
    await desk.close()


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await opened(tmp_path / "there")
    yield desk
    await desk.close()


async def until(seen: Seen, so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAITS_SECONDS):
        while not so():
            await seen.drawn()


async def turned(seen: Seen, on: bool) -> None:
    face = seen.inside("hub-switch", ft.Switch)
    seen.session.apply_patch(face._i, {"value": on})
    await seen.session.dispatch_event(face._i, "change", on)
    await until(seen, lambda: seen.window.desk.hub.stands == ("on" if on else "off"))
    await seen.drawn(0.3)


async def code_shown(seen: Seen) -> str:
    """The hub is on, and this is the code on its screen."""
    if seen.window.desk.hub.stands != "on":
        await seen.go("/sync")
        await turned(seen, True)
    await seen.tap("hub-show")
    await until(seen, lambda: "hub-text" in seen.tags())
    return code_in(seen)


def code_in(seen: Seen) -> str:
    return str(seen.inside("hub-text", ft.Text).value)


async def asked(seen: Seen, code: str) -> None:
    """Paste a code and ask for it."""
    if "pair-code" not in seen.tags():
        await seen.tap("sync-pair")
    await seen.type("pair-code", code)
    await seen.tap("pair-ask")
    await seen.drawn(0.3)


async def paired(seen: Seen, code: str) -> None:
    await asked(seen, code)
    await seen.tap("pair-go")
    await over(seen.window.desk)
    await seen.drawn(0.5)


async def test_it_is_off_until_it_is_switched_on_and_says_where_it_is_reached(here: Desk) -> None:
    async with a_window(here) as seen:
        await seen.go("/sync")
        assert not seen.inside("hub-switch", ft.Switch).value
        assert "hub-show" not in seen.tags()
        assert not seen.journeys.sync.hub.state.told
        await turned(seen, True)
        assert {"hub-show", "hub-told-0"} <= seen.tags().keys()
        await turned(seen, False)
        assert "hub-show" not in seen.tags()
        assert here.hub.hub is None
        assert not seen.crashed


@pytest.mark.parametrize("width", [412, 1280])
async def test_a_code_is_shown_with_its_minutes_and_three_steps_and_is_void_once_closed(
    here: Desk, width: int
) -> None:
    async with a_window(here, width=width, height=800) as seen:
        code = await code_shown(seen)
        assert code.startswith("p1.127.0.0.1:")
        assert scanned(seen, "hub-code") == code
        assert {"hub-code", "hub-copy", "hub-again"} <= seen.tags().keys()
        assert seen.tags()["hub-left"].label == "good for 10 min, for one device"
        assert "paste it." in seen.words()
        await seen.tap("hub-again")
        assert code_in(seen) != code
        await seen.tap("hub-close")
        assert here.hub.hub
        assert not here.hub.hub.pairs
        assert "hub-code" not in seen.tags()
        assert not seen.crashed


async def test_with_the_phones_address_the_code_is_a_link_to_there(here: Desk) -> None:
    async with a_window(here) as seen:
        await code_shown(seen)
        await seen.type("hub-app", "notes")
        await seen.tap("hub-app-keep")
        assert "That is no web address." in str(seen.inside("hub-app", ft.TextField).error)
        await seen.type("hub-app", "https://notes.example.org/")
        await seen.tap("hub-app-keep")
        await seen.drawn(0.3)
        assert code_in(seen).startswith("https://notes.example.org/#/p1.")
        assert "It opens in FieldLog." in seen.words()


async def test_another_laptop_joins_by_the_code_and_both_hold_the_same(here: Desk, there: Desk) -> None:
    await note(here, "from here")
    async with a_window(here) as first, a_window(there) as second:
        code = await code_shown(first)
        await second.go("/welcome/join")
        await asked(second, code)
        assert second.tags()["pair-question"].label == f"Pair with {here.hub.hub.addresses[0]}?"  # type: ignore[union-attr]
        assert here.hub.hub
        assert not here.hub.hub.record.devices, "a question changes nothing"
        await second.tap("pair-go")
        await until(second, lambda: there.work is not None)
        await second.drawn(0.5)
        assert texts(there) == ["from here"]
        await until(first, lambda: "hub-device-0" in first.tags())
        assert "is paired now." in first.words()
        assert "hub-code" not in first.tags(), "a code pairs one device"
        await note(there, "from there")
        await second.go("/sync")
        await second.tap("sync-meet-place-0")
        await over(there)
        await until(first, lambda: sorted(texts(here)) == ["from here", "from there"])
        assert not first.crashed
        assert not second.crashed


async def test_a_key_is_taken_back_once_one_says_yes_and_the_device_is_told_to_pair_again(
    here: Desk, there: Desk
) -> None:
    async with a_window(here) as first, a_window(there) as second:
        code = await code_shown(first)
        await second.go("/welcome/join")
        await paired(second, code)
        await until(first, lambda: "hub-revoke-0" in first.tags())
        await first.tap("hub-revoke-0")
        assert "It is let in no more until it is paired anew." in first.words()
        await first.tap("hub-revoke-no")
        assert here.hub.hub
        assert here.hub.hub.record.paired
        await first.tap("hub-revoke-0")
        await first.tap("hub-revoke-yes")
        await until(first, lambda: "its key was taken back" in first.words())
        assert not here.hub.hub.record.paired
        await second.go("/sync")
        await second.tap("sync-meet-place-0")
        await over(there)
        await second.drawn(0.5)
        assert "does not know this device any more" in second.words()
        await second.tap("sync-pair-place-0")
        await paired(second, await code_shown(first))
        assert "Nothing was new on either side." in second.words()


async def test_what_lies_on_a_laptop_with_another_study_stays_apart_until_one_says_so(
    here: Desk, tmp_path: Path
) -> None:
    await note(here, "from here")
    other = await opened(tmp_path / "other", "Another")
    async with a_window(here) as first, a_window(other) as second:
        await second.go("/sync")
        await paired(second, await code_shown(first))
        assert "pair-another" in second.tags()
        assert other.work
        assert await read_places(other.work.store.disk) == []
        assert texts(here) == ["from here"]
        await second.tap("pair-take")
        await until(second, lambda: texts(other) == ["from here"])
    await other.close()


async def test_once_it_is_off_the_other_says_so_and_a_file_is_the_way(here: Desk, there: Desk) -> None:
    async with a_window(here) as first, a_window(there) as second:
        code = await code_shown(first)
        await second.go("/welcome/join")
        await paired(second, code)
        await first.go("/sync")
        await turned(first, False)
        await second.go("/sync")
        await second.tap("sync-meet-place-0")
        await over(there)
        await second.drawn(0.5)
        assert "answers and lets nobody in. Is it switched on there?" in second.words()
        await second.tap("sync-file-place-0")
        assert second.journeys.rows.landing._asked == "/archive/copies"


async def test_a_code_that_is_none_or_used_is_said_and_asks_nothing(here: Desk, there: Desk) -> None:
    async with a_window(here) as first, a_window(there) as second:
        code = await code_shown(first)
        await second.go("/welcome/join")
        await asked(second, "p1.nothing")
        assert "can’t be read" in second.words()
        await paired(second, code)
        await second.go("/sync")
        await paired(second, code)
        assert "used, too old or wrong" in second.words()
        assert "pair-as-file" in second.tags()


async def test_a_link_with_a_code_leads_to_the_question_and_no_is_no(here: Desk) -> None:
    async with a_window(here) as seen:
        await seen.go(f"/{CODE}")
        assert seen.journeys.rows.landing._asked == "/sync"
        await seen.go("/sync")
        assert seen.tags()["pair-question"].label == "Pair with 192.0.2.9:47315?"
        assert "private notes too" in seen.words()
        await seen.tap("pair-leave")
        assert "pair-question" not in seen.tags()
        assert here.work
        assert await read_places(here.work.store.disk) == []


async def test_forgotten_it_is_no_place_and_taken_back_it_is_met_again(here: Desk, there: Desk) -> None:
    async with a_window(here) as first, a_window(there) as second:
        code = await code_shown(first)
        await second.go("/welcome/join")
        await paired(second, code)
        await second.go("/sync")
        await second.tap("sync-forget-place-0")
        await second.drawn(0.5)
        assert "sync-meet-place-0" not in second.tags()
        await second.window.undo()
        await second.drawn(0.5)
        await second.tap("sync-meet-place-0")
        await over(there)
        await second.drawn(0.5)
        assert "Nothing was new on either side." in second.words()


async def test_what_was_on_goes_on_when_the_app_is_opened_again(
    here: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switch, "AGAIN_SECONDS", 0.0)
    async with a_window(here) as seen:
        await seen.go("/sync")
        await turned(seen, True)
    await here.close()
    assert here.hub.stands == "off"
    again = await opened(tmp_path / "here")
    async with a_window(again) as seen:
        await until(seen, lambda: again.hub.stands == "on")
        await seen.go("/sync")
        await turned(seen, False)
    await again.close()
    once_more = await opened(tmp_path / "here")
    await asyncio.sleep(0.1)
    assert once_more.hub.stands == "off"
    await once_more.close()


async def test_this_device_is_called_as_one_likes_and_others_see_it(here: Desk, there: Desk) -> None:
    async with a_window(here) as first, a_window(there) as second:
        await first.go("/sync")
        await first.type("device-name", "x" * 61)
        await first.tap("device-name-keep")
        assert "at most 60 characters" in str(first.inside("device-name", ft.TextField).error)
        await first.type("device-name", " Desk  in the office ")
        await first.tap("device-name-keep")
        assert here.work
        assert here.work.device.label == "Desk in the office"
        code = await code_shown(first)
        await second.go("/welcome/join")
        await paired(second, code)
        await second.go("/sync")
        assert "Desk in the office" in second.words()


async def test_a_device_that_is_gone_counts_no_more_until_it_is_taken_back(here: Desk, there: Desk) -> None:
    await note(here, "seen by two")
    async with a_window(here) as first, a_window(there) as second:
        code = await code_shown(first)
        await second.go("/welcome/join")
        await paired(second, code)
        await second.go("/sync")
        await second.tap("sync-meet-place-0")
        await over(there)
        await until(first, lambda: "sync-gone-device-1" in first.tags())
        assert "of 1 are proven on 2 devices." in first.words()
        await until(first, lambda: first.journeys.sync.state.head.number == "1")  # type: ignore[union-attr]
        await first.tap("sync-gone-device-1")
        await first.tap("sync-gone-yes")
        await until(first, lambda: first.journeys.sync.state.head.number == "0")  # type: ignore[union-attr]
        assert "sync-gone-device-1" not in first.tags()
        await first.window.undo()
        await until(first, lambda: first.journeys.sync.state.head.number == "1")  # type: ignore[union-attr]


async def test_a_phone_is_no_hub_and_has_the_field_for_a_code() -> None:
    async with a_window(await Phone(number=11).begun("Rain")) as seen:
        await seen.go("/sync")
        assert "hub-switch" not in seen.tags()
        await asked(seen, "nothing")
        assert "can’t be read" in seen.words()
        assert not seen.crashed
