"""A day on the phone: the site is fetched once, then there is neither a server nor a network."""

from __future__ import annotations

import asyncio
import base64
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.machine.machine import laptop
from fieldlog.services.study.studies import open_study
from tests.e2e.pocket_app import PocketWindow, pocket
from tests.e2e.sound import Heard, write_beeps

NOTE = "灯还没好 “the light”, 先走一遍位置"
BYTES = """async path => {
  const answer = await fetch(path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let said = '';
  for (let at = 0; at < bytes.length; at += 32768) said += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return answer.ok ? btoa(said) : '';
}"""


async def write(win: PocketWindow, words: str) -> None:
    await win.type("now-field", words)
    await win.tap("now-send")
    await win.see(words)


async def bytes_of(win: PocketWindow, path: str) -> bytes:
    """What the app's own page gets from the worker."""
    return base64.b64decode(str(await win.page.evaluate(BYTES, path)))


async def players(win: PocketWindow) -> list[str]:
    """The identifiers of what plays the memos of the stream, the newest last."""
    await win.find("now-field").wait_for(state="attached")
    names = "nodes => nodes.map(node => node.getAttribute('flt-semantics-identifier'))"
    return list(await win.page.locator('[flt-semantics-identifier^="play-"]').evaluate_all(names))


async def sound_of(win: PocketWindow, name: str, into: Path) -> Heard:
    """What a memo's player plays."""
    into.write_bytes(await bytes_of(win, f"media/sound/{name.removeprefix('play-')}"))
    return Heard(into)


async def all_entries(win: PocketWindow, folder: Path) -> list[dict[str, Any]]:
    """What a copy that the phone makes brings to a laptop; a stream shows its last rows alone."""
    await win.tap("now-copies")
    await win.tap("sync-as-file")
    await win.tap("copies-sealed")  # off: here it is the entries that matter
    await win.tap("copies-make")
    async with win.page.expect_download() as coming:
        await win.page.click("#handover-save")
    await (await coming.value).save_as(folder / "phone.zip")
    there = laptop(folder / "laptop")
    assert (await import_bundle(there, folder / "phone.zip")).problems == []
    work = await open_study(there, write=False)
    try:
        return list(work.store.state.entries())
    finally:
        await work.close()


NEIGHBOUR = "async () => (await navigator.storage.getDirectory()).getDirectoryHandle('diary', { create: true })"


async def test_what_another_page_of_the_host_name_keeps_is_warned_of(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        assert not await win.has("neighbours")
        await win.page.evaluate(f"() => ({NEIGHBOUR})().then(() => true)")
        await phone.kill()
        win = await phone.open()
        await win.find("neighbours").wait_for(state="attached")


async def test_a_day_without_a_server_or_a_network(pocket_site: Path, tmp_path: Path, shots: Path) -> None:
    beeps = write_beeps(tmp_path / "beeps.wav")
    async with pocket(pocket_site, tmp_path / "profile", f"--use-file-for-fake-audio-capture={beeps}") as phone:
        await phone.begin_a_study()
        await phone.kill()
        phone.close_site()
        win = await phone.open()
        await write(win, NOTE)
        asked = time.monotonic()
        await win.record()
        began = time.monotonic()
        await asyncio.sleep(5)
        at_least = time.monotonic() - began
        await win.tap("rec-stop")
        await win.find("rec-bar").wait_for(state="detached")
        at_most = time.monotonic() - asked
        await win.see("Voice memo")
        await win.tap("now-camera")
        await win.see("Nothing is taken yet")
        await win.tap("camera-shutter")
        await win.see("1 photo kept")
        await win.tap("camera-close")
        assert win.errors == []
        await phone.kill()

        win = await phone.open()
        for words in (NOTE, "Voice memo", "Photo"):
            await win.see(words)
        (name,) = await players(win)
        heard = await sound_of(win, name, tmp_path / "memo.wav")
        assert at_least - 1 < heard.seconds < at_most, (heard.seconds, at_least, at_most)
        assert heard.at_true_pace, heard.beeps
        async with win.page.expect_response(lambda answer: "/media/sound/" in answer.url) as played:
            await win.tap(name)
        assert (await played.value).ok
        await win.page.wait_for_function(
            "performance.getEntriesByType('resource').some(one => /media.(thumb|preview)/.test(one.name))"
        )
        await win.shot(shots / "pocket-now.png")
        assert win.errors == []


async def test_a_phone_that_dies_anywhere_keeps_what_was_saved(
    pocket_site: Path, tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    draw, last = random.Random(seed), count(2, 50) - 1
    beeps = write_beeps(tmp_path / "beeps.wav")
    saved, memos, entries = list[str](), set[str](), list[dict[str, Any]]()
    async with pocket(pocket_site, tmp_path / "profile", f"--use-file-for-fake-audio-capture={beeps}") as phone:
        win = await phone.begin_a_study()
        phone.close_site()
        for n in range(last + 1):
            if n:
                win = await phone.open()
            await win.record()
            began = time.monotonic()
            words = f"note {n} 第{n}条"
            await write(win, words)
            saved.append(words)
            await win.page.keyboard.type(f"half {n}", delay=30)
            await asyncio.sleep(draw.uniform(0, 2))
            recorded = time.monotonic() - began
            await phone.kill()
            win = await phone.open()
            await win.see(words)
            memo = (await players(win))[-1]
            assert memo not in memos
            memos.add(memo)
            heard = await sound_of(win, memo, tmp_path / "memo.wav")
            assert heard.seconds >= recorded - 1, (n, heard.seconds, recorded)
            if n == last:
                entries = await all_entries(win, tmp_path)
            await phone.kill()
    assert [words for words in saved if sum(words in one.get("text", "") for one in entries) != 1] == []
    there = {f"play-{one['id']}" for one in entries if one["kind"] == "voice"}
    assert there == memos


@pytest.mark.alone
async def test_every_return_takes_the_first_key_within_half_a_second(
    pocket_site: Path, tmp_path: Path, shots: Path, count: Callable[[int, int], int]
) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study(shots=shots)
        await win.tap("now-session")
        await win.type("session-title", "回看样片")
        await win.tap("session-start-creative")
        await win.see("回看样片")
        await write(win, "before 之前")
        await asyncio.sleep(2)
        phone.close_site()
        for n in range(count(3, 20)):
            await win.page.close()
            win = await phone.open(up=None)
            await win.page.wait_for_function("performance.getEntriesByName('quick-up').length")
            took = float(await win.page.evaluate("performance.getEntriesByName('quick-up')[0].startTime"))
            words = f"return {n} 回来"
            await win.page.keyboard.type(words)
            assert "回看样片" in str(await win.page.text_content("#quick-session"))
            if n == 0:
                await win.page.screenshot(path=shots / "pocket-first-page.png")
            await win.page.click("#quick-send")
            await win.up()
            await win.see(words)
            assert took < 500, took
        said = [one["text"] for one in await all_entries(win, tmp_path)]
        assert sorted(said) == sorted(["before 之前", *(f"return {n} 回来" for n in range(count(3, 20)))])


async def test_a_second_tab_is_told_and_opens_by_itself_when_the_first_is_gone(
    pocket_site: Path, tmp_path: Path
) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        first = await phone.begin_a_study()
        await write(first, "in the first")
        second = await phone.beside(up=None)
        await second.page.wait_for_function(
            "document.body.innerText.includes('another window') || document.body.innerText.includes('another tab')"
        )
        await first.page.close()
        await second.up()
        await second.see("in the first")
