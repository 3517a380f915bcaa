"""A phone whose browser keeps no more: the text under way is saved, the memo keeps its sound, text goes on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.e2e.kept_browser import browser_path
from tests.e2e.pyodide_page import pyodide_page

pytestmark = pytest.mark.skipif(
    browser_path() is None and not os.environ.get("CI"), reason="needs Chromium or Chrome"
)
CHUNK_SECONDS = 2048 / 48_000
BEGIN = """
import asyncio, hashlib, js, json
from random import Random
from fieldlog.media.sound.wav import read_plan
from fieldlog.services.capture.chips import Chips
from fieldlog.services.desk import Desk
from fieldlog.services.memo.listening import CHUNK_FRAMES
from fieldlog.services.machine.machine import browser
from fieldlog.services.machine.reserve import RESERVE
from fieldlog.services.memo.watch import Limits
RATE, CHUNK_BYTES, PLAIN = 48_000, 2 * CHUNK_FRAMES, Chips()
NOISE = Random(1).randbytes(1500 * CHUNK_BYTES)
NOTE = "灯还没好，等。Nobody answers, and the lamp is moved anyway. "

def texts():
    return sorted(doc["text"] for doc in desk.work.store.state.entries())

async def sound_of(filed):
    heard = b""
    for attachment in filed.entry.attachments:
        handle = await desk.work.vault.open((desk.work.store.state.get(attachment) or {})["sha256"])
        plan = read_plan(handle)
        heard += handle.read(plan.data_at, plan.data_bytes)
        handle.close()
    return heard
"""
RECORD = (
    BEGIN
    + """
desk = await Desk.open(browser())
await desk.begin_study(title="Rain", researcher="R1", zone="UTC", first_day="2025-03-03", days=3)
desk.room.reserve, desk.room.enough = RESERVED, 1
assert await desk.room.keep()
desk.tape.limits = Limits(least_bytes=0)
desk.tape.start(PLAIN, rate=RATE, channels_in=1)
for n in range(20):
    desk.tape.hear(NOISE[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES], n)
    desk.typed(NOTE * (1 + n), PLAIN)
    await asyncio.sleep(0.01)
int((await js.navigator.storage.estimate()).usage)
"""
)
FULL = """
from fieldlog.disk.opfs import OpfsDisk
from fieldlog.model.errors import NotSaved
filler = await OpfsDisk("elsewhere").open("filler", create=True)
for size in (65536, 4096, 512, 1):
    try:
        while True:
            filler.append(b"x" * size)
            filler.flush()
    except NotSaved:
        pass
for n in range(20, 1500):
    desk.tape.hear(NOISE[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES], n)
    desk.typed(NOTE * (1 + n % 30), PLAIN)
    await asyncio.sleep(0.002)
    if desk.tape.memo is None:
        break
async with asyncio.timeout(10):
    while desk.tape.ended is None or desk.tape.ended.filed is None:
        await asyncio.sleep(0.05)
sent = await desk.send()
for n in range(40):
    desk.typed(f"{n} {NOTE * 600}", PLAIN)
    assert await desk.send() is not None
filed = desk.tape.ended.filed
json.dumps({
    "sent": sent.text, "texts": len(texts()), "seconds": filed.seconds,
    "reserve": await browser().disk_at("").size(RESERVE),
})
"""
AGAIN = (
    BEGIN
    + """
desk = await Desk.open(browser())
doc = next(doc for doc in desk.work.store.state.entries() if doc["kind"] == "voice")
from types import SimpleNamespace
heard = await sound_of(SimpleNamespace(entry=SimpleNamespace(attachments=doc["attachments"])))
json.dumps({
    "texts": texts(), "heard": len(heard), "as_it_came": heard == NOISE[: len(heard)],
    "faults": [fault.sentence for fault in await desk.work.store.verify()],
})
"""
)


async def test_what_was_under_way_is_kept_and_text_can_still_be_written(tmp_path: Path) -> None:
    async with pyodide_page(tmp_path / "profile") as page:
        used = await page.run(RECORD.replace("RESERVED", "6_000_000"))
        await page.allow(used + 1_500_000)
        found = json.loads(await page.run(FULL))
        assert 20 * CHUNK_SECONDS < found["seconds"] < 1400 * CHUNK_SECONDS, "the memo went on with no room for it"
        assert found["reserve"] is None, "what was kept for text was not given up"
        assert found["texts"] == 42
        await page.kill()
        again = json.loads(await page.run(AGAIN))
        assert len(again["texts"]) == 42
        assert found["sent"] in again["texts"]
        assert again["faults"] == []
        assert again["as_it_came"]
        assert again["heard"] == round(found["seconds"] * 48_000) * 2
