"""The address of the phone's app can be scanned off *This device* by another phone."""

from __future__ import annotations

from fieldlog.services.desk import Desk
from tests.fakes.headless import Seen, a_window
from tests.fakes.scanned import scanned

ADDRESS = "https://our-film-notes.github.io/field/"


async def at_this_device(seen: Seen) -> None:
    seen.client.page_url = ADDRESS
    seen.journeys.pocket.installed.carried.here = True
    await seen.go("/device")


async def test_what_a_camera_reads_is_the_address_and_it_is_there_only_while_it_is_wanted(desk: Desk) -> None:
    async with a_window(desk) as seen:
        await at_this_device(seen)
        assert "address-code" not in seen.tags(), "it is white, and somebody may be in the dark"
        await seen.tap("address-show")
        assert ADDRESS in seen.words()
        assert scanned(seen, "address-code") == ADDRESS
        await seen.tap("sheet-close")
        assert "address-code" not in seen.tags()
        assert not seen.crashed


async def test_it_is_said_in_chinese(desk: Desk) -> None:
    async with a_window(desk) as seen:
        seen.window.speak("zh")
        await at_this_device(seen)
        assert "显示二维码" in seen.words()
        await seen.tap("address-show")
        assert "请用相机或浏览器扫描，不要用微信。" in seen.words()


async def test_on_a_laptop_it_is_said_where_the_code_is(desk: Desk) -> None:
    async with a_window(desk, width=1280, height=800) as seen:
        await seen.go("/device")
        assert "Open its address in a browser of this laptop" in seen.words()
        assert "address-show" not in seen.tags()
        assert "127.0.0.1" not in seen.words()
