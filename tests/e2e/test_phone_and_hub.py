"""A phone and a laptop's hub: paired by the code, exchanged both ways over WebTransport, in a phone's Python."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from fieldlog.services.capture.capture import Capture
from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import PyodidePage, pyodide_page
from tests.fakes.hubs import Served, hub_open

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
ON_THE_PHONE = """
import json
from fieldlog.model.errors import FieldLogError
from fieldlog.services.capture.capture import Capture
from fieldlog.services.machine.machine import browser
from fieldlog.services.pocket.browser.browser_keyring import BrowserKeyring
from fieldlog.services.pocket.browser.hub_http import HubHttp
from fieldlog.services.pocket.targets_in_use import targets_in_use
from fieldlog.services.study.studies import open_study
from fieldlog.services.sync.addresses import reached
from fieldlog.services.sync.exchange import exchange, join
from fieldlog.services.sync.hubs.reach import pair
from fieldlog.services.sync.secrets import Secrets

machine = browser(to_hub=HubHttp, keyring=BrowserKeyring())
secrets = Secrets(machine.offload, ring=machine.keyring)

async def told(doing):
    try:
        return await doing
    except FieldLogError as why:
        return [type(why).__name__, str(why)]

async def met():
    async with reached(machine, hub.address, secrets) as target:
        return (await exchange(work, target, hub.address)).lines_out

async def joined():
    async with reached(machine, hub.address, secrets) as target:
        return await join(machine, target, hub.address)

def texts():
    return sorted(one["text"] for one in work.store.state.entries() if one.get("text"))
"""
DEVICE = "0195bbbb-0000-7000-8000-00000000000b"


async def on_the_phone(page: PyodidePage, source: str) -> Any:
    """What a line of Python is there."""
    return json.loads(await page.run(f"json.dumps({source})"))


async def test_a_phone_is_paired_by_a_code_joins_and_exchanges(tmp_path: Path) -> None:
    async with hub_open(tmp_path / "laptop") as served:
        port = int(served.hub.addresses[0].rpartition(":")[2])
        await Capture(served.work).note("on the laptop")
        packages = ("tinydb", "tzdata", "charset_normalizer", "openpyxl")
        async with pyodide_page(tmp_path / "profile", local=[port], packages=packages) as page:
            await page.grant("local-network-access")
            await page.run(f"{ON_THE_PHONE}\nDEVICE = {DEVICE!r}")
            code = served.hub.new_code()
            paired = "pair(machine, code, secrets, device=DEVICE, name='phone')"
            await page.run(f"code = {code!r}\nhub = await {paired}\nstudy = await joined()")
            await page.run("work = await open_study(machine, write=True)")
            assert await on_the_phone(page, "texts()") == ["on the laptop"]
            assert await on_the_phone(page, "sorted(await targets_in_use(machine))") == [
                f"https://127.0.0.1:{port}"
            ]
            assert (await on_the_phone(page, f"await told({paired})"))[0] == "TargetRefused"

            await page.run("await Capture(work).note('on the phone')\nNone")
            assert await on_the_phone(page, "await met()") > 0
            async with asyncio.timeout(60):
                while texts(served) != ["on the laptop", "on the phone"]:  # noqa: ASYNC110 (a moment after it came)
                    await asyncio.sleep(0.1)

            (device,) = served.hub.record.paired
            await served.hub.revoke(device.id)
            kind, why = await on_the_phone(page, "await told(met())")
            assert (kind, "Pair it again" in why) == ("NotPaired", True)


def texts(served: Served) -> list[str]:
    return sorted(str(one["text"]) for one in served.work.store.state.entries() if one.get("text"))
