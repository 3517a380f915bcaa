"""An address at which the phone's app is handed out: what a home screen, a long press and other apps find there.

With FIELDLOG_AT=https://… it judges what is served there instead.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageColor, ImageDraw
from playwright.async_api import Page, Request

from tests.e2e.pocket_app import Phone, pocket

AT = os.environ.get("FIELDLOG_AT", "")
KEPT = "navigator.serviceWorker?.controller?.state === 'activated'"
HEAD = """() => ({
  lang: document.documentElement.lang,
  metas: Object.fromEntries([...document.querySelectorAll("meta[name]")].map((one) => [one.name, one.content])),
  links: Object.fromEntries([...document.querySelectorAll("link[rel]")].map((one) => [one.rel, one.href])),
})"""
SHORT = 12
"""Characters that stand below an icon on every home screen."""

SAFE_SHARE = 0.4
"""Every shape a phone gives an icon shows the circle of this radius, in sides of the icon."""


@dataclass(kw_only=True)
class Judged:
    """An app after its first visit, and what its browser says of it. `url` is that of the manifest."""

    phone: Phone
    page: Page
    address: str
    url: str
    manifest: dict[str, Any]
    reasons: list[Any]
    mistakes: list[Any]
    app_id: str
    asked: list[str]

    async def answer(self, path: str) -> tuple[int, bytes]:
        found = await self.page.request.get(urljoin(self.url, path))
        return found.status, await found.body()

    async def icons(self, purpose: str) -> dict[str, Image.Image]:
        """By the size that the manifest gives."""
        found: dict[str, Image.Image] = {}
        for icon in self.manifest["icons"]:
            if purpose in icon.get("purpose", "any").split():
                status, data = await self.answer(icon["src"])
                assert status == 200, icon
                found[icon["sizes"]] = Image.open(io.BytesIO(data))
        return found


def listen(page: Page, asked: list[str]) -> None:
    """Write down what the page asks for. What its own policy forbids never leaves it."""

    def forget(one: Request) -> None:
        if one.failure == "csp":
            asked.remove(one.url)

    page.on("request", lambda one: asked.append(one.url))
    page.on("requestfailed", forget)


async def judge(phone: Phone, path: str) -> Judged:
    """Visit it until its worker has everything; then ask the browser."""
    page = (await phone.open(up=None)).page
    asked: list[str] = []
    listen(page, asked)
    address = urljoin(phone.site.address, path)
    await page.goto(address, wait_until="load")
    await page.wait_for_function(KEPT, timeout=90_000)
    session = await page.context.new_cdp_session(page)
    found = await session.send("Page.getAppManifest")
    return Judged(
        phone=phone, page=page, address=address, url=found["url"], manifest=json.loads(found["data"]),
        mistakes=found["errors"], asked=asked, app_id=(await session.send("Page.getAppId"))["appId"],
        reasons=(await session.send("Page.getInstallabilityErrors"))["installabilityErrors"],
    )  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(pocket_site: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Judged]:
    """The built app below a folder, as on many a web space."""
    space = tmp_path_factory.mktemp("space")
    (space / "field").symlink_to(pocket_site)
    reach = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE {urlsplit(AT).hostname}"
    async with pocket(space, tmp_path_factory.mktemp("profile"), *([reach] if AT else []), whole=True) as phone:
        yield await judge(phone, AT or "field/")


async def test_the_browser_finds_nothing_that_keeps_it_from_being_installed(app: Judged) -> None:
    assert app.reasons == []
    assert app.mistakes == []


async def test_the_manifest_says_what_a_home_screen_needs(app: Judged) -> None:
    told = app.manifest
    assert told["name"]
    assert 0 < len(told["short_name"]) <= SHORT
    assert told["display"] == "standalone"
    for name in ("start_url", "scope"):
        assert urljoin(app.url, told[name]) == app.address
    assert told["lang"]
    assert told["description"]
    for name in ("theme_color", "background_color"):
        assert len(ImageColor.getrgb(told[name])) == 3


async def test_two_of_them_on_one_web_space_are_two_apps(app: Judged) -> None:
    """Where the folder is not part of what an app is known by, the second one takes the first one's place."""
    assert app.app_id.startswith(app.address)


async def test_every_icon_is_there_in_the_size_that_is_told(app: Judged) -> None:
    for purpose in ("any", "maskable"):
        icons = await app.icons(purpose)
        assert {"192x192", "512x512"} <= set(icons)
        for sizes, icon in icons.items():
            assert (icon.format, f"{icon.width}x{icon.height}") == ("PNG", sizes)


async def test_no_shape_of_a_phone_cuts_a_maskable_icon(app: Judged) -> None:
    for icon in (await app.icons("maskable")).values():
        opaque = icon.convert("RGBA")
        assert opaque.getchannel("A").getextrema() == (255, 255)
        assert drawn_outside_the_safe_circle(opaque.convert("RGB")) == 0


def drawn_outside_the_safe_circle(icon: Image.Image) -> int:
    """By how much anything there differs from the corner's colour, of 255."""
    middle, radius = icon.width / 2, icon.width * SAFE_SHARE
    inside = Image.new("L", icon.size, 0)
    ImageDraw.Draw(inside).ellipse((middle - radius, middle - radius, middle + radius, middle + radius), fill=255)
    blank = Image.new("RGB", icon.size, icon.getpixel((0, 0)))
    difference = ImageChops.difference(icon, blank).convert("L")
    drawn = ImageChops.multiply(difference, ImageChops.invert(inside)).tobytes()
    return max(drawn)


async def test_the_page_says_the_same_to_an_iphone(app: Judged) -> None:
    head = await app.page.evaluate(HEAD)
    assert head["lang"]
    assert "width=device-width" in head["metas"]["viewport"]
    assert head["metas"]["theme-color"]
    assert head["metas"]["apple-mobile-web-app-title"] == app.manifest["short_name"]
    status, data = await app.answer(head["links"]["apple-touch-icon"])
    assert status == 200
    icon = Image.open(io.BytesIO(data))
    assert min(icon.size) >= 180
    # Where it is clear, an iphone paints it black.
    assert icon.convert("RGBA").getchannel("A").getextrema() == (255, 255)


async def test_other_apps_can_share_words_and_files_with_it(app: Judged) -> None:
    target = app.manifest["share_target"]
    assert (target["method"], target["enctype"]) == ("POST", "multipart/form-data")
    assert urljoin(app.url, target["action"]).startswith(app.address)
    accepted = {kind for one in target["params"]["files"] for kind in one["accept"]}
    assert {"image/*", "audio/*", "text/*", "application/pdf", "application/zip"} <= accepted
    assert {"title", "text", "url"} <= set(target["params"])


async def test_a_long_press_leads_to_places_of_the_app(app: Judged) -> None:
    for shortcut in app.manifest["shortcuts"]:
        assert shortcut["name"]
        assert urljoin(app.url, shortcut["url"]).startswith(app.address)
        for icon in shortcut["icons"]:
            assert (await app.answer(icon["src"]))[0] == 200


@asynccontextmanager
async def without_a_network(app: Judged) -> AsyncIterator[None]:
    if not AT:
        app.phone.close_site()
    await app.page.context.set_offline(True)
    try:
        yield
    finally:
        await app.page.context.set_offline(False)
        if not AT:
            app.phone.site.open()


async def test_it_starts_without_a_network_and_asks_nobody_else_ever(app: Judged) -> None:
    async with without_a_network(app):
        for start in (app.manifest["start_url"], *(one["url"] for one in app.manifest["shortcuts"])):
            page = await app.page.context.new_page()
            listen(page, app.asked)
            answer = await page.goto(urljoin(app.url, start), wait_until="load")
            assert answer
            assert (answer.status, answer.from_service_worker) == (200, True)
            assert page.url.startswith(app.address)
            await page.close()
    assert [one for one in app.asked if not one.startswith((app.address, "data:", "blob:"))] == []
