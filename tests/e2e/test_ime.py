"""Chinese as it is really typed: letters are composed into characters, which must be kept once and whole.

Chromium's own protocol composes, as an input method would: `Input.imeSetComposition`, `Input.insertText`. The
page has no semantics here: with them, Flutter 3's fields end every composition by themselves.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession

from tests.e2e.app import RunningApp, Window, running_app, window

KEY_SECONDS = 0.05
KEPT_SECONDS = 1.0
DRAWN_SECONDS = 2.5
LETTERS = {
    "乔": "qiao", "制": "zhi", "片": "pian", "说": "shuo", "：": ":", "拍": "pai", "完": "wan", "再": "zai",
    "睡": "shui",
}  # fmt: skip
SENTENCE = "".join(LETTERS)


class Hand:
    """An input method on a window's page, in the field that has the focus by itself."""

    def __init__(self, app: RunningApp, win: Window, cdp: CDPSession) -> None:
        self.app, self.win, self._cdp = app, win, cdp

    async def compose(self, letters: str) -> None:
        """Letters underlined in the field, one key after the other."""
        for end in range(1, len(letters) + 1):
            shown = letters[:end]
            await self._cdp.send(
                "Input.imeSetComposition", {"text": shown, "selectionStart": end, "selectionEnd": end}
            )
            await asyncio.sleep(KEY_SECONDS)

    async def commit(self, text: str) -> None:
        await self._cdp.send("Input.insertText", {"text": text})
        await asyncio.sleep(KEY_SECONDS)

    async def abort(self) -> None:
        await self._cdp.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})
        await asyncio.sleep(KEY_SECONDS)

    async def write(self, text: str) -> None:
        for character in text:
            await self.compose(LETTERS[character])
            await self.commit(character)

    async def send(self) -> None:
        await asyncio.sleep(KEPT_SECONDS)
        await self.win.page.keyboard.press("Control+Enter")
        await asyncio.sleep(KEPT_SECONDS)


async def texts(app: RunningApp) -> list[str]:
    """Every entry's text, oldest first, read beside the running app by the terminal."""
    command = [sys.executable, "-m", "fieldlog", "--data", str(app.data)]
    environment = {**os.environ, "PYTHONUTF8": "1", "FIELDLOG_LANG": "en"}
    found: list[dict[str, Any]] = []
    for day in {one["code"] for one in await lines([*command, "days", "--json"], environment) if one["entries"]}:
        found += await lines([*command, "day", day, "--json"], environment)
    return [str(one["text"]) for one in sorted(found, key=lambda one: (one["created_at"], one["id"]))]


async def lines(command: list[str], environment: dict[str, str]) -> list[dict[str, Any]]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, env=environment)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in out.decode().splitlines()]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    async with running_app(tmp_path_factory.mktemp("ime")) as running:
        async with window(running.url) as win:
            await win.tap("welcome-new")
            await win.type("study-title", "竖屏的日子")
            await win.tap("study-begin")
            await win.find("now-field").wait_for(state="attached")
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def hand(app: RunningApp) -> AsyncIterator[Hand]:
    async with window(app.url, spoken=False) as win:
        await win.field_has_focus()
        await asyncio.sleep(DRAWN_SECONDS)
        yield Hand(app, win, await win.page.context.new_cdp_session(win.page))


async def test_composed_characters_are_kept_once_each_and_in_their_order(hand: Hand) -> None:
    await hand.write(SENTENCE)
    await hand.send()
    assert (await texts(hand.app))[-1] == SENTENCE


async def test_a_composition_given_up_leaves_nothing(hand: Hand) -> None:
    await hand.write("拍完")
    await hand.compose("zai")
    await hand.abort()
    await hand.write("睡")
    await hand.send()
    assert (await texts(hand.app))[-1] == "拍完睡"


async def test_leaving_the_field_while_letters_are_underlined_keeps_what_stood_there_once(hand: Hand) -> None:
    await hand.write("乔制片说")
    await hand.compose("pai")
    await hand.win.page.evaluate("document.activeElement.blur()")
    await asyncio.sleep(KEPT_SECONDS)
    await hand.win.page.mouse.click(150, 700)
    await hand.send()
    assert (await texts(hand.app))[-1] in ("乔制片说", "乔制片说pai")


async def test_what_happens_elsewhere_does_not_touch_a_composition(app: RunningApp, hand: Hand) -> None:
    """Another window comes and goes, and starts a session, while letters are underlined."""
    await hand.write("制片")
    await hand.compose("shu")
    async with window(app.url, writes=False) as other:
        await other.tap("nav-days")
        await other.tap("nav-now")
        await hand.compose("shui")
    await hand.commit("睡")
    await hand.write("再睡")
    await hand.send()
    assert (await texts(app))[-1] == "制片睡再睡"


async def test_sending_begins_a_new_text_and_the_next_composition_is_whole(hand: Hand) -> None:
    await hand.write("拍完")
    await hand.send()
    await hand.write("再睡")
    await hand.send()
    assert (await texts(hand.app))[-2:] == ["拍完", "再睡"]


async def test_a_kill_while_letters_are_underlined_loses_no_character_before_them(
    app: RunningApp, hand: Hand, seed: int
) -> None:
    chance = random.Random(seed)
    await hand.write("拍完再睡")
    await asyncio.sleep(KEPT_SECONDS)
    letters = "qiao"[: chance.randint(1, 4)]
    await hand.compose(letters)
    await asyncio.sleep(chance.random() * 0.5)
    await app.kill()
    await app.start()
    last = (await texts(app))[-1]
    assert last.startswith("拍完再睡")
    assert letters.startswith(last.removeprefix("拍完再睡"))
