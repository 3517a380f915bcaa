"""The built site by the browser's own judgement: it can be put on the home screen, whole, and asks nobody else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from PIL import Image

from tests.e2e.pocket_app import pocket

READY = "navigator.serviceWorker.ready.then(() => true)"
HEADLESS = {"in-incognito", "not-from-secure-origin-in-headless"}
"""What a browser that nobody sees says of itself."""

KEPT = """async () => {
  const found = {};
  for (const name of (await caches.keys()).filter((one) => one.startsWith("fieldlog-files"))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const bytes = await (await cache.match(request)).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const hash = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
      found[request.url.slice(document.baseURI.length)] = hash;
    }
  }
  delete found["?whole"];
  return found;
}"""
SAFE = 0.4
"""A maskable icon may be cut to a circle of this radius, of its side."""


async def test_the_browser_would_put_it_on_the_home_screen(pocket_site: Path, tmp_path: Path) -> None:
    async with pocket(pocket_site, tmp_path / "profile") as phone:
        win = await phone.open(up="welcome-new")
        assert await win.page.evaluate(READY)
        session = await win.page.context.new_cdp_session(win.page)
        manifest: dict[str, Any] = await session.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert manifest["url"] == f"{phone.site.address}manifest.json"
        told: dict[str, Any] = await session.send("Page.getInstallabilityErrors")
        assert {one["errorId"] for one in told["installabilityErrors"]} <= HEADLESS

        listed = json.loads((pocket_site / "files.json").read_text(encoding="utf-8"))["files"]
        kept = await win.page.evaluate(KEPT)
        assert kept == {name: one["sha256"] for name, one in listed.items()}

        far = dict[str, str | None]()
        win.page.on("requestfailed", lambda request: far.update({request.url: request.failure}))
        phone.close_site()
        start = json.loads(manifest["data"])["start_url"]
        answer = await win.page.goto(f"{phone.site.address}{start}", wait_until="commit")
        assert answer
        assert (answer.status, answer.from_service_worker) == (200, True)
        await win.up("welcome-new")
        near = (phone.site.address, "data:", "blob:")
        assert [url for url in win.answered if not url.startswith(near)] == []
        # Flutter's client wants one script from far away; the page's own policy forbids it, and nothing goes out.
        assert {why for url, why in far.items() if not url.startswith(near)} <= {"csp"}
        assert [url for url in win.asked if not url.startswith(near) and url not in far] == []


def test_the_list_names_every_file_with_its_hash(pocket_site: Path) -> None:
    listed = json.loads((pocket_site / "files.json").read_text(encoding="utf-8"))["files"]
    there = {path.relative_to(pocket_site).as_posix() for path in pocket_site.rglob("*") if path.is_file()}
    assert set(listed) == there - {"files.json", "flutter_service_worker.js"}
    for name, one in listed.items():
        data = (pocket_site / name).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_icons_have_their_sizes_and_a_cut_one_keeps_its_drawing(pocket_site: Path) -> None:
    manifest = json.loads((pocket_site / "manifest.json").read_text(encoding="utf-8"))
    assert {(one["sizes"], one["purpose"]) for one in manifest["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for one in manifest["icons"]:
        with Image.open(pocket_site / one["src"]) as opened:
            icon = opened.convert("RGBA")
        assert f"{icon.width}x{icon.height}" == one["sizes"]
        if one["purpose"] == "maskable":
            assert outside_the_circle(icon) == {icon.getpixel((0, 0))}
            assert all(pixel[3] == 255 for pixel in outside_the_circle(icon))


def outside_the_circle(icon: Image.Image) -> set[Any]:
    """The colours of what a phone's shape may cut away."""
    side = icon.width
    middle, radius = (side - 1) / 2, SAFE * side
    return {
        icon.getpixel((x, y))
        for x in range(side)
        for y in range(side)
        if (x - middle) ** 2 + (y - middle) ** 2 > radius**2
    }
