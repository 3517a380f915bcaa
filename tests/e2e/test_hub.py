"""Two laptops’ apps, a phone’s and a hub: paired by a code or its link, written on both, settled, revoked."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from fieldlog.services.capture.capture import Capture
from fieldlog.sync.pairing import read_code
from tests.e2e.app import RunningApp, Window, running_app, window
from tests.e2e.pocket_app import pocket
from tests.e2e.test_journey import begin_a_study
from tests.e2e.test_sync import SECOND, until, write
from tests.fakes.hubs import hub_open
from tests.fakes.serving import with_keyring

FIRST, HERE, THERE = "灯还没好 first walk-through", "first walk-through, in fog", "first walk-through, in rain"
SCREEN = "#/sync"
CODE = re.compile(r"p1\.\S+")
WIDTH, HEIGHT = 1280, 800
AGAIN_SECONDS = 4.0
MOST_SECONDS = 600.0


@dataclass(frozen=True)
class One:
    """An app, its window, and where its data lie."""

    app: RunningApp
    win: Window

    async def to_devices(self) -> None:
        await self.win.page.evaluate(f"location.hash = '{SCREEN}'")
        await self.win.find("hub-switch").wait_for(state="attached")

    async def exchanged(self, says: str) -> None:
        """Exchange once more, until the screen says so."""
        await self.to_devices()
        end = time.monotonic() + MOST_SECONDS / 3
        while says not in await self.win.text():
            assert time.monotonic() < end, await self.win.text()
            await self.win.tap("sync-meet-place-0")
            await asyncio.sleep(AGAIN_SECONDS)

    def lies(self, words: str) -> bool:
        found = self.app.data.glob("studies/*/journals/*/*.jsonl")
        return any(words in file.read_text("utf-8") for file in found)

    async def reword(self, was: str, now: str) -> None:
        await self.win.tap("nav-now")
        await self.win.see(was)
        row = self.win.page.get_by_role("button", name=was).first
        name = await row.get_attribute("flt-semantics-identifier")
        assert name
        await self.win.tap(name)
        await self.win.tap("entry-edit")
        await self.win.type("entry-field", now, anew=True)
        await self.win.tap("entry-keep")
        await self.win.see(now)


async def code_of(one: One) -> str:
    """The hub is switched on, and shows a code."""
    await one.to_devices()
    await one.win.tap("hub-switch")
    await one.win.find("hub-show").wait_for(state="attached")
    await one.win.tap("hub-show")
    await one.win.find("hub-text").wait_for(state="attached")
    await one.win.see(CODE)
    return str(CODE.findall(await one.win.text())[0])


async def joined(other: One, code: str) -> None:
    await other.win.tap("welcome-join")
    await other.win.type("pair-code", code)
    await other.win.tap("pair-ask")
    await other.win.see("Pair with ")
    await other.win.tap("pair-go")
    await other.win.see(FIRST)


async def settled(one: One) -> None:
    await one.to_devices()
    await one.win.tap("sync-conflicts")
    await one.win.tap("conflict-0")
    await one.win.see("Underlined is what only that version has.")
    await one.win.tap("conflict-keep-0")
    await one.win.see("Nothing to settle")


def key_in(ring: Path) -> str:
    """The key with which the one paired device comes to its hub."""
    kept = json.loads(ring.read_text("utf-8"))
    [key] = [secret for address, secret in kept.items() if address.startswith("hub://")]
    return str(key)


async def status(code: str, key: str) -> int:
    """What the hub of a code answers, over HTTPS, to whoever lists its heads with a key."""
    async with httpx.AsyncClient(verify=False, headers={"Authorization": f"Bearer {key}"}) as client:
        return (await client.get(f"https://{read_code(code).addresses[0]}/files?under=head")).status_code


def revoked(data: Path) -> bool:
    """Whether no device of the hub has a key any more."""
    [record] = data.glob("studies/*/hub.json")
    return not any(one["key"] for one in json.loads(record.read_text("utf-8"))["devices"])


@pytest.mark.parametrize("size", [pytest.param((WIDTH, HEIGHT), id="laptop")])
async def test_paired_by_code_both_hold_the_same_until_one_is_revoked(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    ring = with_keyring(tmp_path / "ring.json")
    at_home = ({"HOME": str(tmp_path / name), **ring} for name in ("one", "other"))
    width, height = size
    async with (
        running_app(tmp_path / "a", environment=next(at_home)) as a,
        running_app(tmp_path / "b", environment=next(at_home)) as b,
        window(a.url, width=width, height=height, most_seconds=MOST_SECONDS) as here_window,
        window(b.url, width=width, height=height, most_seconds=MOST_SECONDS) as there_window,
    ):
        here, there = One(a, here_window), One(b, there_window)
        await begin_a_study(here.win)
        await write(here.win, FIRST)
        await joined(there, code := await code_of(here))
        await here.to_devices()
        await here.win.see("is paired now.")

        await here.reword(FIRST, HERE)
        await there.reword(FIRST, THERE)
        await there.exchanged("has two versions")
        await settled(there)
        await there.exchanged("Nothing was new on either side.")
        await until(lambda: here.lies(THERE) and there.lies(HERE), "what each wrote, at the other")
        await here.to_devices()
        await here.win.gone("has two versions")

        key = key_in(tmp_path / "ring.json")
        assert await status(code, key) == 200
        await here.win.tap("hub-revoke-0")
        await here.win.tap("hub-revoke-yes")
        await here.win.see("its key was taken back")
        assert revoked(a.data)
        assert await status(code, key) == 401
        await there.exchanged("does not know this device any more")
        await there.win.find("sync-pair-place-0").wait_for(state="attached")
        await there.win.see("Pair it again")
        assert here.win.errors == there.win.errors == []


async def test_a_phone_that_opens_the_link_is_asked_and_then_has_what_the_laptop_has(
    pocket_site: Path, tmp_path: Path
) -> None:
    async with hub_open(tmp_path / "laptop") as served:
        await Capture(served.work).note(FIRST)
        port = int(served.hub.addresses[0].rpartition(":")[2])
        async with pocket(pocket_site, tmp_path / "profile", local=[port]) as phone:
            phone.granted = [*phone.granted, "local-network-access"]
            served.hub.record.app = phone.site.address
            win = await phone.open(up="welcome-new")
            await win.page.goto("about:blank")
            await win.page.goto(served.hub.new_code(), wait_until="commit")
            await win.up("pair-go")
            await win.see("Pair with 127.0.0.1:")
            await win.tap("pair-go")
            await win.see(FIRST)
            assert served.hub.record.paired
            await write(win, SECOND)
            await win.tap("nav-archive")
            await win.tap("archive-sync")
            await win.tap("sync-meet-place-0")
            found = served.work.store.state.entries
            await until(lambda: SECOND in {one.get("text") for one in found()}, "the phone's note")
