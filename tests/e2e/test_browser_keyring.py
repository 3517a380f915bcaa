"""In a phone's browser a password outlives the app, and lies nowhere in the clear."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import pyodide_page

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
ADDRESS = "webdavs://ana@cloud.example.org/dav/FieldLog"
SECRET = "nobody guesses 灯还没好"
RING = """
from fieldlog.services.machine.machine import browser
from fieldlog.services.pocket.browser import browser_keyring
from fieldlog.services.pocket.browser.browser_keyring import BrowserKeyring
from fieldlog.services.sync.secrets import Secrets
machine = browser(keyring=BrowserKeyring())
ring = Secrets(machine.offload, ring=machine.keyring)
"""


async def test_a_password_is_found_at_the_next_start_and_forgotten_when_it_is_refused(tmp_path: Path) -> None:
    async with pyodide_page(tmp_path / "profile") as page:
        await page.run(RING)
        assert await page.run(f"await ring.keep({ADDRESS!r}, {SECRET!r})") is True
        await page.reload()
        await page.run(RING)
        assert await page.run(f"await ring.find({ADDRESS!r})") == [SECRET, False]
        assert await page.run("(await browser_keyring._key()).extractable") is False
        assert await page.run(f"await machine.keyring.find({ADDRESS[:-1]!r})") == ""
        await page.run(f"await ring.forget({ADDRESS!r})")
        assert await page.run(f"await machine.keyring.find({ADDRESS!r})") == ""
    kept = [file.read_bytes() for file in (tmp_path / "profile").rglob("*") if file.is_file()]
    assert not any(SECRET.encode() in one or SECRET.encode("utf-16-le") in one for one in kept)
