"""A new version comes in while a study is open: it is offered between memos, and nothing is lost by it."""

from __future__ import annotations

import shutil
from pathlib import Path

from sealing import seal
from tests.e2e.pocket_app import pocket

PROJECT = Path(__file__).parents[2]
LOOK = "navigator.serviceWorker.ready.then((there) => there.update()).then(() => true)"
WAITS = """async () => {
  const there = await navigator.serviceWorker.ready;
  while (!there.waiting) await new Promise((resolve) => { setTimeout(resolve, 50); });
  return true;
}"""
NOTE = "灯还没好 the light is not ready"


def next_version(site: Path, folder: Path) -> Path:
    """The same app, of other bytes."""
    shutil.copytree(site, folder)
    for name, more in (("boot.js", " "), ("index.html", "\n")):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(more)
    seal(folder, PROJECT / "assets" / "pocket" / "service_worker.js")
    return folder


async def test_a_new_version_is_used_when_asked_for_and_keeps_the_study(
    pocket_site: Path, tmp_path: Path, shots: Path
) -> None:
    new = next_version(pocket_site, tmp_path / "new")
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.begin_a_study()
        await win.type("now-field", NOTE)
        await win.tap("now-send")
        await win.see(NOTE)

        await win.record()
        phone.site.folder = new
        phone.site.asked.clear()
        assert await win.page.evaluate(LOOK)
        assert await win.page.evaluate(WAITS)
        assert sorted(phone.site.asked) == ["/boot.js", "/flutter_service_worker.js", "/index.html"]
        assert not await win.has("update-ready")
        await win.tap("rec-stop")
        await win.see("Voice memo")
        await win.find("update-ready").wait_for(state="attached")
        await win.shot(shots / "update-ready.png")

        async with win.page.expect_navigation(wait_until="commit"):
            await win.tap("update-use")
        await win.up()
        for words in (NOTE, "Voice memo"):
            await win.see(words)
        assert not await win.has("update-ready")
        assert (await win.page.evaluate("fetch('boot.js').then((answer) => answer.text())")).endswith(" ")

        phone.close_site()
        await phone.kill()
        win = await phone.open()
        await win.see(NOTE)
        assert win.errors == []
