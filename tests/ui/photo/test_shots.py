"""What was pressed for is kept: the camera put away meanwhile, the disk full, another study open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import flet as ft
import pytest

from fieldlog.services.desk import Desk
from fieldlog.ui.photo import shots
from fieldlog.ui.photo.camera import SHOWN_SECONDS
from tests.fakes.headless import Seen, a_window
from tests.fakes.made import photo
from tests.fakes.phone import Phone

SOON, AT_MOST = 0.1, 5.0
CAMERA = {"name": "back", "lens_direction": "back", "sensor_orientation": 90, "lens_type": "wide"}


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shots, "AGAIN_SECONDS", SOON)


@pytest.fixture
def desk(phones_desk: Desk) -> Desk:
    return phones_desk


async def wake(seen: Seen) -> None:
    seen.client.answers |= {"get_available_cameras": [CAMERA], "take_picture": photo()}
    await seen.tap("now-camera")
    await seen.drawn(SHOWN_SECONDS + SOON)


async def press(seen: Seen, key: str) -> None:
    told = SimpleNamespace(key=key, ctrl=False, meta=False, shift=False, alt=False)
    await seen.journeys.key(cast(ft.KeyboardEvent, told))


async def left_with_a_press(seen: Seen) -> tuple[asyncio.Future[None], Callable[[], None]]:
    """The shutter is pressed and the camera put away at once; the press, and what lets the camera deliver."""
    await wake(seen)
    held = seen.journeys.photo._pressed
    await held.acquire()
    pressed = asyncio.ensure_future(seen.journeys.photo.shoot())
    await asyncio.sleep(0)
    await press(seen, "Escape")
    await seen.drawn()
    return pressed, held.release


def kept(desk: Desk) -> list[dict[str, Any]]:
    assert desk.work
    return [doc for doc in desk.work.store.state.entries() if doc["kind"] == "photo"]


async def test_esc_puts_the_camera_away_at_once_and_every_press_before_it_is_a_photo(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        pressed = [asyncio.ensure_future(seen.journeys.photo.shoot()) for _ in range(3)]
        await asyncio.sleep(0)
        await press(seen, "Escape")
        assert (seen.window.shell.sheet, kept(desk)) == ("", [])
        await asyncio.wait_for(asyncio.gather(*pressed), AT_MOST)
        assert len(kept(desk)) == 3
        await seen.drawn()
        assert "camera-shutter" not in seen.tags()
        assert not seen.journeys.photo.taking.ready


async def test_the_camera_stays_on_the_page_out_of_sight_until_it_has_delivered(desk: Desk) -> None:
    async with a_window(desk) as seen:
        pressed, deliver = await left_with_a_press(seen)
        assert seen.journeys.photo.taking.ready
        (layer,) = [one for one in seen.controls() if isinstance(one, ft.Container) and one.offset]
        assert isinstance(layer.offset, ft.Offset)
        assert layer.offset.x == 1
        deliver()
        await asyncio.wait_for(pressed, AT_MOST)
        assert len(kept(desk)) == 1


async def test_opened_again_while_it_delivers_the_camera_is_awake(desk: Desk) -> None:
    async with a_window(desk) as seen:
        pressed, deliver = await left_with_a_press(seen)
        await seen.tap("now-camera")
        assert (seen.journeys.photo.taking.ready, seen.journeys.photo.taking.leaving) == (True, False)
        deliver()
        await asyncio.wait_for(pressed, AT_MOST)
        assert "camera-shutter" in seen.tags()
        assert len(kept(desk)) == 1


async def test_photos_that_find_no_room_are_told_of_everywhere_and_saved_as_soon_as_there_is_some(
    phone: Phone, desk: Desk
) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        await phone.room_for(200)
        await seen.tap("camera-shutter")
        await seen.tap("camera-shutter")
        assert seen.journeys.photo.taking.held == 2
        assert "camera-held" in seen.tags()
        assert "2 are not kept yet" in seen.words()
        await press(seen, "Escape")
        await seen.drawn()
        said = "2 photos are held in this window only. Leave it open: saving is tried again and again."
        assert said in seen.words()
        assert "no space left" in seen.words()
        for route in ("/days", "/archive"):
            await seen.go(route)
            assert said in seen.words()
        await seen.tap("photos-again")
        assert (kept(desk), seen.journeys.photo.taking.held) == ([], 2)
        phone.disk.capacity = None
        await seen.drawn(4 * SOON)
        assert len(kept(desk)) == 2
        assert "photos-held" not in seen.tags()
        assert (seen.journeys.photo.taking.waiting, seen.journeys.photo.taking.taken) == (0, 2)


async def test_they_are_tried_again_also_while_nobody_looks(phone: Phone, desk: Desk) -> None:
    async with a_window(desk) as seen:
        await wake(seen)
        await phone.room_for(200)
        await seen.tap("camera-shutter")
        await seen.window.disconnect()
        phone.disk.capacity = None
        await seen.drawn(4 * SOON)
        assert len(kept(desk)) == 1


async def test_what_is_kept_for_text_is_given_up_but_not_all_of_it(phone: Phone, desk: Desk) -> None:
    desk.room.reserve, desk.room.enough = 8_000_000, 1
    assert await desk.room.keep()
    async with a_window(desk) as seen:
        await wake(seen)
        await phone.room_for(0)
        await seen.tap("camera-shutter")
        assert (len(kept(desk)), desk.room.given_up) == (1, True)
        await phone.room_for(3_000_000)
        await seen.tap("camera-shutter")
        assert (len(kept(desk)), seen.journeys.photo.taking.held) == (1, 1)
        await seen.journeys.field.send()
        seen.journeys.field.typed("the lamp is moved")
        await seen.journeys.field.send()
        assert desk.work
        assert "the lamp is moved" in [doc["text"] for doc in desk.work.store.state.entries()]


async def test_a_photo_that_waits_is_never_saved_into_another_study(phone: Phone, desk: Desk) -> None:
    assert desk.work
    first = desk.work.store.project
    async with a_window(desk) as seen:
        await wake(seen)
        await phone.room_for(200)
        await seen.tap("camera-shutter")
        phone.disk.capacity = None
        await desk.begin_study(title="Snow", researcher="R1", zone="UTC", first_day="2025-03-16", days=1)
        await seen.drawn(4 * SOON)
        assert kept(desk) == []
        assert "It belongs to another study: open that one again." in seen.words()
        await desk.switch(first)
        await seen.drawn(4 * SOON)
        assert len(kept(desk)) == 1


async def test_a_photo_is_kept_even_where_what_its_chips_name_is_gone(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.journeys.field.chose(people=("nobody-here",))
        await wake(seen)
        await seen.tap("camera-shutter")
        assert len(kept(desk)) == 1
