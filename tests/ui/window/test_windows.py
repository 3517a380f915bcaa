"""Several windows on one desk: each hears of what the others do, and shows it on its own connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.controls.base_control import BaseControl
from flet.messaging.protocol import MessageAction

from fieldlog.services.capture.open_text import writing
from fieldlog.services.desk import Desk
from fieldlog.ui.parts.theme import BLACKOUT, DAYLIGHT
from fieldlog.ui.rows.landing import FIRST_PART
from fieldlog.ui.rows.state import FIRST_ROWS, WINDOW_ROWS
from tests.fakes.clock import FakeClock
from tests.fakes.headless import Seen, _walk, a_window, encode
from tests.fakes.phone import PLAIN, Phone

LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture
async def desk(phone: Phone) -> AsyncIterator[Desk]:
    opened = await phone.begun(days=28)
    yield opened
    phone.disk.capacity = None
    await opened.close()


def patches(seen: Seen, since: int = 0) -> bytes:
    """What this window's client was told to draw, from its message of this number on."""
    sent = [message for message, _ in seen.client.sent[since:] if message.action == MessageAction.PATCH_CONTROL]
    return b"".join(msgpack.packb(message.body, default=encode) for message in sent)


async def test_what_a_window_shows_goes_to_its_own_client_and_to_no_other(desk: Desk) -> None:
    async with a_window(desk) as one, a_window(desk, **LAPTOP) as other:
        before = len(one.client.sent), len(other.client.sent)
        await one.type("now-field", "from one window")
        await one.tap("now-send")
        await other.drawn()
        assert b"from one window" in patches(one, before[0])
        assert b"from one window" in patches(other, before[1])
        before = len(one.client.sent), len(other.client.sent)
        await other.go("/archive")
        assert len(one.client.sent) == before[0]
        await other.journeys.look.speak("zh")
        await other.drawn()
        assert len(one.client.sent) == before[0]
        assert "归档".encode() in patches(other, before[1]) or "存档".encode() in patches(other, before[1])
        assert not one.crashed
        assert not other.crashed


async def test_the_field_is_emptied_by_a_value_its_client_is_told(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.type("now-field", "first")
        box = seen.inside("now-field", ft.TextField)._i
        before = len(seen.client.sent)
        await seen.tap("now-send")
        told = [
            message.body
            for message, _ in seen.client.sent[before:]
            if message.action == MessageAction.PATCH_CONTROL
        ]
        assert any("" in set(strings(body.patch)) and "value" in set(strings(body.patch)) for body in told)
        assert seen.inside("now-field", ft.TextField)._i == box


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in strings(one)]
    return [text for one in value for text in strings(one)] if isinstance(value, list | tuple) else []


async def test_a_text_closed_while_its_writer_was_away_is_not_in_the_field_any_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AWAY_SECONDS", 0.05)
    async with a_window(desk) as seen:
        await seen.type("now-field", "left alone")
        await seen.drawn(0.2)
        assert [row.text for row in seen.journeys.rows.stream.rows] == ["left alone"]
        assert seen.inside("now-field", ft.TextField).value == ""
        await seen.type("now-field", "back again")
        await seen.tap("now-send")
        assert [row.text for row in seen.journeys.rows.stream.rows] == ["back again", "left alone"]


async def test_a_session_begun_in_another_window_closes_the_text_and_empties_the_field(desk: Desk) -> None:
    async with a_window(desk) as writing, a_window(desk, **LAPTOP) as other:
        await writing.type("now-field", "before the meeting")
        await other.tap("now-session")
        await other.tap("session-start-meeting")
        await writing.drawn()
        assert [row.text for row in writing.journeys.rows.stream.rows] == ["before the meeting"]
        assert writing.journeys.rows.stream.session == "Meeting"
        assert writing.inside("now-field", ft.TextField).value == ""


async def test_another_study_opened_in_one_window_is_read_anew_in_the_other(desk: Desk) -> None:
    async with a_window(desk) as one, a_window(desk, **LAPTOP) as other:
        await one.type("now-field", "half a sent")
        await other.go("/days")
        assert "PD28" in other.words()
        await desk.begin_study(title="Another film", researcher="R1", zone="UTC", first_day="2025-03-16", days=2)
        await other.drawn()
        assert "PD28" not in other.words()
        assert "PD02" in other.words()
        assert one.window.shell.study == "Another film"
        assert one.inside("now-field", ft.TextField).value == ""
        assert desk.text == ""


async def test_a_full_disk_is_told_in_every_window_and_the_text_stays_in_the_field(
    phone: Phone, desk: Desk
) -> None:
    async with a_window(desk) as one, a_window(desk, **LAPTOP) as other:
        phone.disk.capacity = 0
        await one.type("now-field", "no room for this")
        await one.drawn(0.35)
        assert "no space left" in one.words()
        assert "no space left" in other.words()
        await one.tap("now-send")
        assert one.inside("now-field", ft.TextField).value == "no room for this"
        phone.disk.capacity = None
        await one.tap("now-send")
        assert [row.text for row in other.journeys.rows.stream.rows] == ["no room for this"]


async def test_one_tap_on_now_draws_everything_dark_at_once(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await seen.tap("now-look")
        assert seen.session.page.theme_mode == ft.ThemeMode.DARK
        assert seen.session.page.dark_theme.scaffold_bgcolor == BLACKOUT.surface
        words = {one.style.color for one in seen.controls() if isinstance(one, ft.Text) and one.style}
        assert BLACKOUT.words in words
        assert DAYLIGHT.words not in words


async def test_scrolling_near_the_end_of_a_day_shows_sixty_more(desk: Desk) -> None:
    assert desk.capture
    for n in range(150):
        await desk.capture.note(f"note {n}", PLAIN)
    async with a_window(desk) as seen:
        await seen.go(f"/days/{seen.journeys.rows.stream.code}")
        assert rows(seen) == FIRST_PART
        for shown, pixels in (
            (FIRST_PART, 0.0),
            (FIRST_PART + WINDOW_ROWS, 4000.0),
            (FIRST_PART + 2 * WINDOW_ROWS, 9000.0),
        ):
            await scrolled(seen, pixels)
            assert rows(seen) == shown


async def test_earlier_today_is_shown_when_asked_for(desk: Desk) -> None:
    assert desk.capture
    for n in range(70):
        await desk.capture.note(f"note {n}", PLAIN)
    async with a_window(desk) as seen:
        assert rows(seen) == FIRST_ROWS
        seen.journeys.now.fill()
        await seen.drawn()
        assert rows(seen) == 60
        assert "note 9" not in seen.words().split("\n")
        await seen.tap("now-earlier")
        assert rows(seen) == 70


def rows(seen: Seen) -> int:
    return sum(name.startswith("entry-") for name in seen.tags())


async def scrolled(seen: Seen, pixels: float) -> None:
    """The list says that it stands here, 800 and a little before its end only where `pixels` is 0."""
    (view,) = [one for one in seen.controls() if isinstance(one, ft.ListView) and one.on_scroll]
    end = pixels + (5000.0 if pixels == 0 else 100.0)
    told = {
        "event_type": "update",
        "pixels": pixels,
        "min_scroll_extent": 0.0,
        "max_scroll_extent": end,
        "viewport_dimension": 600.0,
        "scroll_delta": 10.0,
    }
    await seen.session.dispatch_event(view._i, "scroll", told)
    await seen.drawn()


SHEETS = ("session", "day", "person", "")


@pytest.mark.parametrize("size", [{"width": 412, "height": 892}, LAPTOP, {"width": 412, "height": 400}])
async def test_on_every_sheet_and_page_each_target_has_a_name_of_its_own_and_each_icon_a_label(
    desk: Desk, size: dict[str, int]
) -> None:
    async with a_window(desk, **size) as seen:
        await seen.type("now-field", "one")
        await seen.tap("now-send")
        (row,) = seen.journeys.rows.stream.rows
        code = seen.journeys.rows.stream.code
        for route in ("/now", f"/days/{code}", f"/days/{code}/e/{row.id}", "/register/people"):
            await seen.go(route)
            for sheet in SHEETS:
                seen.window.open_sheet(sheet)
                await seen.drawn()
                assert unnamed(seen) == [], (route, sheet)
                assert doubled(seen) == set(), (route, sheet)
        await seen.tap("nav-days" if "nav-days" in seen.tags() else "now-look")
        seen.window.offer_undo("Removed.", nothing)
        seen.window.shell.notice = "A sentence."
        await seen.drawn()
        assert {"undo", "notice-ok"} <= seen.tags().keys()
        assert unnamed(seen) == []


async def nothing() -> None:
    """What is taken back, where nothing is."""


def unnamed(seen: Seen) -> list[str]:
    """Targets that no semantics with an identifier holds, and icons that none with a label holds.

    A sheet names itself and the shade behind it, not what lies on it.
    """
    named = [one for one in seen.controls() if isinstance(one, ft.Semantics) and one.identifier]
    held = {id(one) for tag in named if tag.identifier != "sheet" for one in _walk(tag.content)}
    labelled = {id(one) for tag in named if tag.label for one in _walk(tag.content)}
    targets = [one for one in seen.controls() if getattr(one, "on_click", None)]
    without = [one for one in targets if id(one) not in held and not _around(seen, one)]
    icons = [one for one in targets if isinstance(one, ft.IconButton) and id(one) not in labelled]
    return [repr(one)[:200] for one in (*without, *icons)]


def _around(seen: Seen, target: BaseControl) -> bool:
    """Whether this is the sheet itself, which holds named things, or the shade, which holds nothing."""
    inside = list(_walk(target))[1:]
    return "sheet" in seen.tags() and (not inside or any(isinstance(one, ft.Semantics) for one in inside))


def doubled(seen: Seen) -> set[str]:
    """Identifiers that two controls bear."""
    names = [one.identifier for one in seen.controls() if isinstance(one, ft.Semantics) and one.identifier]
    return {name for name in names if names.count(name) > 1}


async def test_a_window_that_is_gone_is_told_nothing_more(desk: Desk) -> None:
    async with a_window(desk) as staying:
        async with a_window(desk, **LAPTOP) as gone:
            await gone.window.disconnect()
            before = len(gone.client.sent)
            await staying.type("now-field", "after it left")
            await staying.tap("now-send")
            await asyncio.sleep(0.05)
            assert len(gone.client.sent) == before
        assert [row.text for row in staying.journeys.rows.stream.rows] == ["after it left"]


async def test_a_minute_is_silent_by_day_and_one_short_message_past_midnight(phone: Phone, desk: Desk) -> None:
    clock = phone.clock
    assert isinstance(clock, FakeClock)
    async with a_window(desk) as seen:
        await seen.type("now-field", "in daylight")
        await seen.tap("now-send")
        assert seen.journeys.rows.stream.clock == ""
        for hours, told in ((0, 0), (17, 1)):
            clock.advance(hours=hours)
            seen.window.connect()
            await seen.drawn(0.3)
            ticking = seen.window._minute
            for minutes in (1, 0):
                sent = len(seen.client.sent)
                clock.advance(minutes=minutes)
                seen.window.connect()
                await seen.drawn()
                sizes = [size for _, size in seen.client.sent[sent:]]
                assert len(sizes) == minutes * told
                assert sum(sizes) < 200
        assert seen.journeys.rows.stream.clock == "25:02"
        assert ticking
        assert ticking.cancelled(), "a window that is seen again has one clock, not two"
