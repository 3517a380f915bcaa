"""A phone's browser asks a server: what comes back, what is cut, and who lets no page in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fieldlog.model.ports import Login
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, pyodide_page
from tests.sync.hostile import Asked, Dav, answer, hostile, said

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
LETS_IN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, DELETE, MKCOL, MOVE, PROPFIND",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Depth, Destination, Overwrite, Range",
}
IN_THE_BROWSER = """
import json
from fieldlog.model.errors import FieldLogError
from fieldlog.model.ports import Login
from fieldlog.services.pocket.browser.browser_http import BrowserHttp
from fieldlog.sync.targets.webdav import WebDav

async def told(doing):
    try:
        return await doing
    except FieldLogError as why:
        return [type(why).__name__, str(why)]

async def read(target, name):
    return sum([len(piece) async for piece in target.read(name)])

async def longest(target, name):
    return max([len(piece) async for piece in target.read(name)])
"""


def letting_in(asked: Asked, server: Dav) -> bytes:
    """What the server says, with what a browser wants to hear."""
    if asked.method == "OPTIONS":
        return answer(204, b"", LETS_IN)
    head, _, body = server(asked).partition(b"\r\n\r\n")
    return head + b"".join(f"\r\n{name}: {value}".encode() for name, value in LETS_IN.items()) + b"\r\n\r\n" + body


async def test_a_phone_keeps_and_reads_files_by_webdav(tmp_path: Path) -> None:
    dav = Dav()
    async with (
        hostile(lambda asked: letting_in(asked, dav)) as server,
        pyodide_page(tmp_path / "profile") as page,
    ):
        await page.run(f"""{IN_THE_BROWSER}
target = WebDav(BrowserHttp(Login(user="ana", secret="灯")), "{server.url}")
await target.put("head/a.json", b"{{}}")
await target.put("media/ab/x.jpg", bytes(3_000_000))
""")
        assert set(dav.files) == {"/dav/head/a.json", "/dav/media/ab/x.jpg"}
        assert dav.files["/dav/media/ab/x.jpg"] == bytes(3_000_000)
        given = {one.headers.get("authorization") for one in server.asked if one.method != "OPTIONS"}
        assert given == {Login(user="ana", secret="灯").header}
        assert await asked(page, "await read(target, 'media/ab/x.jpg')") == 3_000_000
        assert await asked(page, "await longest(target, 'media/ab/x.jpg')") <= 2**20
        assert await asked(page, "[one.name for one in await target.list('head')]") == ["head/a.json"]
        assert await asked(page, "await told(read(target, 'media/ab/y.jpg'))") == [
            "NotThere",
            "media/ab/y.jpg is not there.",
        ]

        dav.odd["GET"] = lambda _: said(200, b"half", length=8)
        assert await asked(page, "await told(read(target, 'media/ab/x.jpg'))") == [
            "Unreachable",
            f"{server.host} stopped in the middle of an answer.",
        ]
        dav.odd["PROPFIND"] = lambda _: said(302, Location="http://127.0.0.1:1/")
        kind, why = await asked(page, "await told(target.list('head'))")
        assert (kind, "sends us on" in why) == ("TargetRefused", True)


async def test_a_server_that_lets_no_page_in_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    async with hostile(Dav()) as server, pyodide_page(tmp_path / "profile") as page:
        await page.run(IN_THE_BROWSER)
        closed = f"await told(WebDav(BrowserHttp(), '{server.url}').list('head'))"
        kind, why = await asked(page, closed)
        assert (kind, "lets no web page in (CORS)" in why) == ("TargetRefused", True)
        gone = "await told(WebDav(BrowserHttp(), 'http://127.0.0.1:1/dav').list('head'))"
        assert await asked(page, gone) == ["Unreachable", "127.0.0.1:1 does not answer."]


async def asked(page: PyodidePage, source: str) -> Any:
    """What a line of Python is there."""
    return json.loads(await page.run(f"json.dumps({source})"))
