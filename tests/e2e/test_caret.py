"""The caret blinks while one writes and rests, shown, when nothing was typed for a while."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.e2e.app import Window, running_app, window
from tests.e2e.pocket_app import pocket
from tests.e2e.test_journey import begin_a_study

RESTS_SECONDS = 10


async def pictures(win: Window) -> list[bytes]:
    """The field, over two blinks and a half."""
    box = await win.find("now-field").bounding_box()
    assert box
    clip = {name: box[name] for name in ("x", "y", "width", "height")}
    found = []
    for _ in range(14):
        found.append(await win.page.screenshot(clip=clip))  # type: ignore[arg-type]
        await asyncio.sleep(0.15)
    return found


def ink(picture: bytes) -> int:
    """Pixels that are darker than half of light."""
    with Image.open(BytesIO(picture)) as opened:
        return sum(opened.convert("L").histogram()[:128])


async def blinks_and_rests(win: Window) -> None:
    for words in ("he waits", " and waits"):
        await win.type("now-field", words)
        hidden, shown = sorted(set(await pictures(win)), key=ink)
        assert ink(hidden) < ink(shown)
        await asyncio.sleep(RESTS_SECONDS)
        assert set(await pictures(win)) == {shown}


async def test_on_a_laptop_it_rests_after_ten_seconds(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app, window(app.url) as win:
        await begin_a_study(win)
        await blinks_and_rests(win)


async def test_on_a_phone_it_rests_after_ten_seconds(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        await blinks_and_rests(await phone.begin_a_study())
